package apigateway

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) gatewayResponseOperations() []awsproto.Operation {
	const (
		responses = apiPath + "/gatewayresponses"
		response  = responses + "/{ResponseType}"
	)
	return []awsproto.Operation{
		awsproto.REST("DeleteGatewayResponse", "DELETE "+response, 202, s.deleteGatewayResponse),
		awsproto.REST("GetGatewayResponse", "GET "+response, 200, s.getGatewayResponse),
		awsproto.REST("GetGatewayResponses", "GET "+responses, 200, s.getGatewayResponses),
		awsproto.REST("PutGatewayResponse", "PUT "+response, 201, s.putGatewayResponse),
		awsproto.REST("UpdateGatewayResponse", "PATCH "+response, 200, s.updateGatewayResponse),
	}
}

// defaultStatus are the types of gateway responses with the status that each has
// when nothing was changed (LocalStack, test_gateway_response_crud). Those of which
// others take what they do not have have none.
var defaultStatus = map[types.GatewayResponseType]string{
	types.GatewayResponseTypeAccessDenied:                 "403",
	types.GatewayResponseTypeApiConfigurationError:        "500",
	types.GatewayResponseTypeAuthorizerConfigurationError: "500",
	types.GatewayResponseTypeAuthorizerFailure:            "500",
	types.GatewayResponseTypeBadRequestBody:               "400",
	types.GatewayResponseTypeBadRequestParameters:         "400",
	types.GatewayResponseTypeDefault4xx:                   "",
	types.GatewayResponseTypeDefault5xx:                   "",
	types.GatewayResponseTypeExpiredToken:                 "403",
	types.GatewayResponseTypeIntegrationFailure:           "504",
	types.GatewayResponseTypeIntegrationTimeout:           "504",
	types.GatewayResponseTypeInvalidApiKey:                "403",
	types.GatewayResponseTypeInvalidSignature:             "403",
	types.GatewayResponseTypeMissingAuthenticationToken:   "403",
	types.GatewayResponseTypeQuotaExceeded:                "429",
	types.GatewayResponseTypeRequestTooLarge:              "413",
	types.GatewayResponseTypeResourceNotFound:             "404",
	types.GatewayResponseTypeThrottled:                    "429",
	types.GatewayResponseTypeUnauthorized:                 "401",
	types.GatewayResponseTypeUnsupportedMediaType:         "415",
	"WAF_FILTERED": "403",
}

const defaultTemplate = `{"message":$context.error.messageString}`

func checkResponseType(v *violations, t types.GatewayResponseType) {
	if _, ok := defaultStatus[t]; !ok {
		v.enum(string(t), "responseType", "REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, BAD_REQUEST_BODY, INVALID_SIGNATURE, "+
			"INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, "+
			"QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN") // LocalStack, test_gateway_response_validation
	}
}

// unchanged is a gateway response as every API has it from the start.
func unchanged(t types.GatewayResponseType) types.GatewayResponse {
	r := types.GatewayResponse{ResponseType: t, DefaultResponse: true, ResponseParameters: map[string]string{}, ResponseTemplates: map[string]string{"application/json": defaultTemplate}}
	if status := defaultStatus[t]; status != "" {
		r.StatusCode = &status
	}
	return r
}

// gatewayResponse gives what an API answers with. A type that was not changed has
// what DEFAULT_4XX or DEFAULT_5XX was changed to; one that was changed has nothing
// of theirs (LocalStack, test_gateway_response_put).
func (a *api) gatewayResponse(t types.GatewayResponseType) types.GatewayResponse {
	if r, ok := a.gatewayResponses[string(t)]; ok {
		return *r
	}
	r := unchanged(t)
	if r.StatusCode == nil {
		return r
	}
	general, ok := a.gatewayResponses["DEFAULT_"+(*r.StatusCode)[:1]+"XX"]
	if !ok {
		return r
	}
	r.ResponseParameters, r.ResponseTemplates = general.ResponseParameters, general.ResponseTemplates
	if general.StatusCode != nil {
		r.StatusCode = general.StatusCode
	}
	return r
}

// What a gateway response's parameters may be and be mapped from (Developer Guide,
// "Gateway responses"; aws-cli#2879, aws-cdk#11306, LocalStack).
var (
	gatewayTarget = regexp.MustCompile(`(?s)^gatewayresponse\.(?:header|path|querystring)\.(.+)$`)
	gatewaySource = regexp.MustCompile(`^(?:method\.request\.(?:path|querystring|header|multivaluequerystring|multivalueheader)|context|stageVariables)\.\S+$`)
)

func checkGatewayResponse(r *types.GatewayResponse) error {
	for _, target := range slices.Sorted(maps.Keys(r.ResponseParameters)) {
		source := r.ResponseParameters[target]
		if err := checkParameter(gatewayTarget, target); err != nil {
			return err
		}
		if !staticSource.MatchString(source) && !gatewaySource.MatchString(source) {
			return badMapping("Invalid mapping expression specified: %s", source)
		}
	}
	return checkTemplates(r.ResponseTemplates)
}

// changeGatewayResponse gives a type's response, changed to what is given and
// otherwise as it is from the start.
func changeGatewayResponse(t types.GatewayResponseType, status *string, parameters, templates map[string]string) types.GatewayResponse {
	r := unchanged(t)
	r.DefaultResponse = false
	if status != nil {
		r.StatusCode = status
	}
	if len(parameters) > 0 {
		r.ResponseParameters = parameters
	}
	if len(templates) > 0 {
		r.ResponseTemplates = templates
	}
	return r
}

func (s *Service) putGatewayResponse(ctx context.Context, in *apigateway.PutGatewayResponseInput) (*apigateway.PutGatewayResponseOutput, error) {
	var v violations
	checkResponseType(&v, in.ResponseType)
	if in.StatusCode != nil && !statusCode.MatchString(*in.StatusCode) {
		v.pattern(*in.StatusCode, "putGatewayResponseInput.statusCode", `[1-5]\d\d`) // bench, pf-apigw-gateway-response-status-code
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	a, err := s.edit(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	r := changeGatewayResponse(in.ResponseType, in.StatusCode, in.ResponseParameters, in.ResponseTemplates)
	if err := checkGatewayResponse(&r); err != nil {
		return nil, err
	}
	a.gatewayResponses[string(r.ResponseType)] = &r
	s.put(a)
	return awsproto.As[apigateway.PutGatewayResponseOutput](r), nil
}

func (s *Service) getGatewayResponse(ctx context.Context, in *apigateway.GetGatewayResponseInput) (*apigateway.GetGatewayResponseOutput, error) {
	var v violations
	checkResponseType(&v, in.ResponseType)
	if err := v.err(); err != nil {
		return nil, err
	}
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetGatewayResponseOutput](a.gatewayResponse(in.ResponseType)), nil
}

func (s *Service) getGatewayResponses(ctx context.Context, in *apigateway.GetGatewayResponsesInput) (*apigateway.GetGatewayResponsesOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	var all []types.GatewayResponse
	for _, t := range slices.Sorted(maps.Keys(defaultStatus)) {
		all = append(all, a.gatewayResponse(t))
	}
	items, next, err := page(in.Position, in.Limit, all)
	if err != nil {
		return nil, err
	}
	return &apigateway.GetGatewayResponsesOutput{Items: items, Position: next}, nil
}

// gatewayResponsePatches: the texts are those of LocalStack's
// test_update_gateway_response.
var gatewayResponsePatches = patches[types.GatewayResponse]{paths: []patchPath[types.GatewayResponse]{
	{path: "/statusCode", wrongOp: "Invalid patch path /statusCode", replace: func(r *types.GatewayResponse, p patch) error {
		if err := checkStatus(&p.value); err != nil {
			return err
		}
		r.StatusCode = &p.value
		return nil
	}},
	filled("responseParameters", textsAt("/responseParameters/{}", func(r *types.GatewayResponse) *map[string]string { return &r.ResponseParameters })),
	filled("responseTemplates", templatesAt("/responseTemplates/{}", func(r *types.GatewayResponse) *map[string]string { return &r.ResponseTemplates })),
}}

// filled is a path at which add and replace must give something.
func filled(member string, row patchPath[types.GatewayResponse]) patchPath[types.GatewayResponse] {
	needing := func(do patchFunc[types.GatewayResponse]) patchFunc[types.GatewayResponse] {
		return func(r *types.GatewayResponse, p patch) error {
			if p.value == "" {
				return badRequest("Invalid null or empty value in %s", member)
			}
			return do(r, p)
		}
	}
	row.add, row.replace = needing(row.add), needing(row.replace)
	return row
}

func (s *Service) updateGatewayResponse(ctx context.Context, in *apigateway.UpdateGatewayResponseInput) (*apigateway.UpdateGatewayResponseOutput, error) {
	call := awsproto.CallFrom(ctx)
	var v violations
	v.checkOps(call, in.PatchOperations)
	checkResponseType(&v, in.ResponseType)
	if err := v.err(); err != nil {
		return nil, err
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	changed := changeGatewayResponse(in.ResponseType, nil, nil, nil)
	if r, ok := a.gatewayResponses[string(in.ResponseType)]; ok {
		changed = *r
	}
	for _, op := range in.PatchOperations {
		if op.Path == nil {
			return nil, badRequest("Invalid patch path null")
		}
	}
	if err := gatewayResponsePatches.apply(&changed, in.PatchOperations); err != nil {
		return nil, err
	}
	if changed.ResponseParameters == nil {
		changed.ResponseParameters = map[string]string{}
	}
	if changed.ResponseTemplates == nil {
		changed.ResponseTemplates = map[string]string{}
	}
	if err := checkGatewayResponse(&changed); err != nil {
		return nil, err
	}
	a.gatewayResponses[string(changed.ResponseType)] = &changed
	s.put(a)
	return awsproto.As[apigateway.UpdateGatewayResponseOutput](changed), nil
}

func (s *Service) deleteGatewayResponse(ctx context.Context, in *apigateway.DeleteGatewayResponseInput) (*apigateway.DeleteGatewayResponseOutput, error) {
	var v violations
	checkResponseType(&v, in.ResponseType)
	if err := v.err(); err != nil {
		return nil, err
	}
	a, err := s.edit(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	if _, ok := a.gatewayResponses[string(in.ResponseType)]; !ok {
		return nil, notFound("Gateway response type not defined on api")
	}
	delete(a.gatewayResponses, string(in.ResponseType))
	s.put(a)
	return &apigateway.DeleteGatewayResponseOutput{}, nil
}
