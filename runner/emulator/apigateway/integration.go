package apigateway

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) integrationOperations() []awsproto.Operation {
	const lacks = "VPC links, response streaming and AWS services other than Lambda are refused"
	return []awsproto.Operation{
		awsproto.REST("DeleteIntegration", "DELETE "+integrationPath, 204, s.deleteIntegration),
		awsproto.REST("DeleteIntegrationResponse", "DELETE "+integrationResponsePath, 204, s.deleteIntegrationResponse),
		awsproto.REST("GetIntegration", "GET "+integrationPath, 200, s.getIntegration),
		awsproto.REST("GetIntegrationResponse", "GET "+integrationResponsePath, 200, s.getIntegrationResponse),
		awsproto.REST("PutIntegration", "PUT "+integrationPath, 201, s.putIntegration).Lacking(lacks),
		awsproto.REST("PutIntegrationResponse", "PUT "+integrationResponsePath, 201, s.putIntegrationResponse),
		awsproto.REST("UpdateIntegration", "PATCH "+integrationPath, 200, s.updateIntegration).Lacking(lacks),
		awsproto.REST("UpdateIntegrationResponse", "PATCH "+integrationResponsePath, 200, s.updateIntegrationResponse),
	}
}

// Timeouts of integrations in milliseconds (bench,
// pf-apigw-integration-timeout-range).
const (
	minTimeout = 50
	maxTimeout = 29000
)

const whenNoMatch = "WHEN_NO_MATCH"

// integration finds a method's integration.
func (s *Service) integration(call *awsproto.Call, apiID, resourceID, verb *string) (place, types.Method, types.Integration, error) {
	p, m, err := s.method(call, apiID, resourceID, verb)
	if err != nil {
		return place{}, types.Method{}, types.Integration{}, err
	}
	if m.MethodIntegration == nil {
		return place{}, types.Method{}, types.Integration{}, noSuchIntegration()
	}
	return p, m, *m.MethodIntegration, nil
}

func (s *Service) putIntegrationAt(p place, m types.Method, i types.Integration) {
	m.MethodIntegration = &i
	s.putMethodAt(p, m)
}

func (s *Service) putIntegration(ctx context.Context, in *apigateway.PutIntegrationInput) (*apigateway.PutIntegrationOutput, error) {
	call := awsproto.CallFrom(ctx)
	var v violations
	if !slices.Contains(in.Type.Values(), in.Type) {
		v.enum(string(in.Type), "putIntegrationInput.type", "HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS")
	}
	// No record of these three was found: the order of their values is our own.
	if in.ConnectionType != "" && !slices.Contains(in.ConnectionType.Values(), in.ConnectionType) {
		v.enum(string(in.ConnectionType), "putIntegrationInput.connectionType", "INTERNET, VPC_LINK")
	}
	if in.ContentHandling != "" && !slices.Contains(in.ContentHandling.Values(), in.ContentHandling) {
		v.enum(string(in.ContentHandling), "putIntegrationInput.contentHandling", "CONVERT_TO_BINARY, CONVERT_TO_TEXT")
	}
	if in.ResponseTransferMode != "" && !slices.Contains(in.ResponseTransferMode.Values(), in.ResponseTransferMode) {
		v.enum(string(in.ResponseTransferMode), "putIntegrationInput.responseTransferMode", "BUFFERED, STREAM")
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	p, m, err := s.method(call, in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	i := types.Integration{
		Type: in.Type, HttpMethod: in.IntegrationHttpMethod, Uri: in.Uri, Credentials: in.Credentials, ConnectionType: in.ConnectionType, ContentHandling: in.ContentHandling,
		ConnectionId: in.ConnectionId, IntegrationTarget: in.IntegrationTarget,
		PassthroughBehavior: in.PassthroughBehavior, RequestParameters: in.RequestParameters, RequestTemplates: in.RequestTemplates, TimeoutInMillis: maxTimeout,
		CacheNamespace: in.CacheNamespace, CacheKeyParameters: in.CacheKeyParameters, ResponseTransferMode: in.ResponseTransferMode, TlsConfig: in.TlsConfig,
	}
	if in.TimeoutInMillis != nil {
		i.TimeoutInMillis = *in.TimeoutInMillis
	}
	p.complete(&i)
	if err := checkIntegration(call, &m, &i); err != nil {
		return nil, err
	}
	s.putIntegrationAt(p, m, i)
	return awsproto.As[apigateway.PutIntegrationOutput](i), nil
}

// complete gives an integration the values that AWS gives where a call or a
// definition says nothing (LocalStack, test_put_integration_validation; the mode
// is in AWS's answers since 2025).
func (p place) complete(i *types.Integration) {
	if aws.ToString(i.PassthroughBehavior) == "" {
		i.PassthroughBehavior = aws.String(whenNoMatch)
	}
	if aws.ToString(i.CacheNamespace) == "" {
		i.CacheNamespace = p.resource.Id
	}
	if i.CacheKeyParameters == nil {
		i.CacheKeyParameters = []string{}
	}
	if i.ResponseTransferMode == "" {
		i.ResponseTransferMode = types.ResponseTransferModeBuffered
	}
	switch i.Type {
	case types.IntegrationTypeHttp, types.IntegrationTypeHttpProxy:
		if i.ConnectionType == "" {
			i.ConnectionType = types.ConnectionTypeInternet
		}
	case types.IntegrationTypeMock:
		i.Uri = nil
	}
}

// checkIntegration checks what an integration was made or changed to. Of what AWS
// finds first no record was found where several things are wrong.
func checkIntegration(call *awsproto.Call, m *types.Method, i *types.Integration) error {
	switch {
	case i.ConnectionType == types.ConnectionTypeVpcLink || aws.ToString(i.ConnectionId) != "" || i.IntegrationTarget != nil:
		return awsproto.UnsupportedWith(call, "connectionType VPC_LINK")
	case i.ResponseTransferMode == types.ResponseTransferModeStream:
		return awsproto.UnsupportedWith(call, "responseTransferMode STREAM")
	}
	if i.Type != types.IntegrationTypeMock {
		if aws.ToString(i.HttpMethod) == "" {
			return badRequest("Enumeration value for HttpMethod must be non-empty")
		}
		if err := checkVerb(i.HttpMethod); err != nil {
			return err
		}
	}
	switch i.Type {
	case types.IntegrationTypeHttp, types.IntegrationTypeHttpProxy:
		if !isEndpoint(aws.ToString(i.Uri)) {
			return badRequest("Invalid HTTP endpoint specified for URI")
		}
	case types.IntegrationTypeAws, types.IntegrationTypeAwsProxy:
		if err := checkServiceURI(call, i); err != nil {
			return err
		}
	}
	if i.Credentials != nil && !strings.HasPrefix(*i.Credentials, "arn:") {
		return badRequest("Invalid ARN specified in the request") // bench, pf-apigw-integration-credentials-arn
	}
	if i.TimeoutInMillis < minTimeout || i.TimeoutInMillis > maxTimeout {
		return badRequest("Timeout should be between %d ms and %d ms", minTimeout, maxTimeout)
	}
	if !slices.Contains([]string{whenNoMatch, "WHEN_NO_TEMPLATES", "NEVER"}, *i.PassthroughBehavior) {
		return badRequest("Invalid passthrough behavior specified. Valid options are WHEN_NO_MATCH,WHEN_NO_TEMPLATES,NEVER") // no record was found
	}
	if err := checkRequestMappings(m, i.RequestParameters); err != nil {
		return err
	}
	for _, key := range i.CacheKeyParameters {
		_, mapped := i.RequestParameters[key]
		if _, declared := m.RequestParameters[key]; !declared && !mapped {
			return badRequest("Invalid cache key parameter specified") // bench, pf-apigw-integration-cache-key-parameters
		}
	}
	return checkTemplates(i.RequestTemplates)
}

// variable is what stands in a URI for a parameter or a stage variable.
var variable = regexp.MustCompile(`\$?\{[^{}]*\}`)

// isEndpoint says whether a URI is an HTTP endpoint's, whose parts may be
// variables.
func isEndpoint(uri string) bool {
	plain := variable.ReplaceAllString(uri, "x")
	u, err := url.Parse(plain)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// functionPath is the path of a Lambda invocation; people write a second slash in
// front of it, and AWS takes it (LocalStack, test_api_gateway_request_validator).
var functionPath = regexp.MustCompile(`^path//?2015-03-31/functions/.+/invocations$`)

// checkServiceURI checks the ARN of an AWS service (LocalStack,
// test_put_integration_validation): arn:aws:apigateway:REGION:SERVICE:path/….
func checkServiceURI(call *awsproto.Call, i *types.Integration) error {
	parts := strings.SplitN(aws.ToString(i.Uri), ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return badRequest("Invalid ARN specified in the request")
	}
	service, resource := parts[4], parts[5]
	switch {
	case parts[2] != "apigateway" || (!strings.HasPrefix(resource, "path/") && !strings.HasPrefix(resource, "action/")):
		return badRequest("AWS ARN for integration must contain path or action")
	case service == "lambda" && functionPath.MatchString(resource):
		return nil
	case i.Type == types.IntegrationTypeAwsProxy:
		return badRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.")
	}
	return awsproto.UnsupportedWith(call, "an integration with "+service+":"+strings.SplitN(resource, "/", 2)[0])
}

func (s *Service) getIntegration(ctx context.Context, in *apigateway.GetIntegrationInput) (*apigateway.GetIntegrationOutput, error) {
	_, _, i, err := s.integration(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetIntegrationOutput](i), nil
}

var integrationPatches = patches[types.Integration]{paths: []patchPath[types.Integration]{
	{path: "/cacheKeyParameters/{}", add: func(i *types.Integration, p patch) error {
		i.CacheKeyParameters = exchange(i.CacheKeyParameters, "", p.names[0])
		return nil
	}, remove: func(i *types.Integration, p patch) error {
		if i.CacheKeyParameters = exchange(i.CacheKeyParameters, p.names[0], ""); i.CacheKeyParameters == nil {
			i.CacheKeyParameters = []string{}
		}
		return nil
	}},
	{path: "/cacheNamespace", replace: setText(func(i *types.Integration) **string { return &i.CacheNamespace })},
	{path: "/connectionId", replace: setText(func(i *types.Integration) **string { return &i.ConnectionId })},
	{path: "/connectionType", replace: func(i *types.Integration, p patch) error {
		i.ConnectionType = types.ConnectionType(p.value)
		if !slices.Contains(i.ConnectionType.Values(), i.ConnectionType) {
			return badRequest("Invalid connection type specified. Valid options are INTERNET,VPC_LINK") // no record was found
		}
		return nil
	}},
	{path: "/contentHandling", replace: func(i *types.Integration, p patch) error {
		return setContentHandling(&i.ContentHandling, p.value)
	}},
	{path: "/credentials", replace: setText(func(i *types.Integration) **string { return &i.Credentials })},
	{path: "/httpMethod", replace: setText(func(i *types.Integration) **string { return &i.HttpMethod })},
	{path: "/passthroughBehavior", replace: setText(func(i *types.Integration) **string { return &i.PassthroughBehavior })},
	textsAt("/requestParameters/{}", func(i *types.Integration) *map[string]string { return &i.RequestParameters }),
	templatesAt("/requestTemplates/{}", func(i *types.Integration) *map[string]string { return &i.RequestTemplates }),
	{path: "/responseTransferMode", replace: func(i *types.Integration, p patch) error {
		i.ResponseTransferMode = types.ResponseTransferMode(p.value)
		if !slices.Contains(i.ResponseTransferMode.Values(), i.ResponseTransferMode) {
			return badRequest("Invalid response transfer mode specified. Valid options are BUFFERED,STREAM") // no record was found
		}
		return nil
	}},
	{path: "/timeoutInMillis", replace: func(i *types.Integration, p patch) error {
		n, err := strconv.ParseInt(p.value, 10, 32)
		if err != nil {
			n = 0 // is no timeout
		}
		i.TimeoutInMillis = int32(n)
		return nil
	}},
	{path: "/tlsConfig/insecureSkipVerification", replace: func(i *types.Integration, p patch) error {
		i.TlsConfig = &types.TlsConfig{InsecureSkipVerification: flag(p.value)}
		return nil
	}},
	{path: "/uri", replace: setText(func(i *types.Integration) **string { return &i.Uri })},
}}

// textsAt and templatesAt are paths of maps of texts. A template without a value
// is the passthrough of its type (AWS CLI, examples update-integration).
func textsAt[T any](path string, member func(*T) *map[string]string) patchPath[T] {
	return entriesAt(path, member, func(value string) string { return value }, "Invalid parameter name specified")
}

func templatesAt[T any](path string, member func(*T) *map[string]string) patchPath[T] {
	return modelsAt(path, member)
}

func setContentHandling(member *types.ContentHandlingStrategy, value string) error {
	if *member = types.ContentHandlingStrategy(value); value != "" && !slices.Contains(member.Values(), *member) {
		return badRequest("Invalid content handling specified. Valid options are CONVERT_TO_BINARY,CONVERT_TO_TEXT") // no record was found
	}
	return nil
}

func (s *Service) updateIntegration(ctx context.Context, in *apigateway.UpdateIntegrationInput) (*apigateway.UpdateIntegrationOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	p, m, i, err := s.integration(call, in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	if err := integrationPatches.apply(&i, in.PatchOperations); err != nil {
		return nil, err
	}
	p.complete(&i)
	if err := checkIntegration(call, &m, &i); err != nil {
		return nil, err
	}
	s.putIntegrationAt(p, m, i)
	return awsproto.As[apigateway.UpdateIntegrationOutput](i), nil
}

func (s *Service) deleteIntegration(ctx context.Context, in *apigateway.DeleteIntegrationInput) (*apigateway.DeleteIntegrationOutput, error) {
	p, m, _, err := s.integration(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	m.MethodIntegration = nil
	s.putMethodAt(p, m)
	return &apigateway.DeleteIntegrationOutput{}, nil
}
