package apigateway_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

var plainTemplate = map[string]string{"application/json": `{"message":$context.error.messageString}`}

func (w world) gatewayResponses(api *string) map[string]types.GatewayResponse {
	w.Helper()
	out, err := w.GetGatewayResponses(w.Context(), &sdk.GetGatewayResponsesInput{RestApiId: api})
	if err != nil {
		w.Fatal(err)
	}
	all := map[string]types.GatewayResponse{}
	for _, r := range out.Items {
		all[string(r.ResponseType)] = r
	}
	return all
}

// TestGatewayResponses has LocalStack's test_gateway_response_crud and _put.
func TestGatewayResponses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, _ := w.api()
	all := w.gatewayResponses(api)
	want := "ACCESS_DENIED 403 API_CONFIGURATION_ERROR 500 AUTHORIZER_CONFIGURATION_ERROR 500 AUTHORIZER_FAILURE 500 BAD_REQUEST_BODY 400 BAD_REQUEST_PARAMETERS 400 DEFAULT_4XX - DEFAULT_5XX - " +
		"EXPIRED_TOKEN 403 INTEGRATION_FAILURE 504 INTEGRATION_TIMEOUT 504 INVALID_API_KEY 403 INVALID_SIGNATURE 403 MISSING_AUTHENTICATION_TOKEN 403 QUOTA_EXCEEDED 429 REQUEST_TOO_LARGE 413 " +
		"RESOURCE_NOT_FOUND 404 THROTTLED 429 UNAUTHORIZED 401 UNSUPPORTED_MEDIA_TYPE 415 WAF_FILTERED 403"
	fields := strings.Fields(want)
	if len(all) != 21 || len(fields) != 42 {
		t.Errorf("%d types", len(all))
	}
	for i := 0; i < len(fields); i += 2 {
		r := types.GatewayResponse{ResponseType: types.GatewayResponseType(fields[i]), DefaultResponse: true, ResponseParameters: map[string]string{}, ResponseTemplates: plainTemplate}
		if fields[i+1] != "-" {
			r.StatusCode = &fields[i+1]
		}
		equal(t, r, all[fields[i]])
	}
	put := func(in sdk.PutGatewayResponseInput) types.GatewayResponse {
		t.Helper()
		in.RestApiId = api
		out, err := w.PutGatewayResponse(t.Context(), &in)
		if err != nil {
			t.Fatal(err)
		}
		return types.GatewayResponse{ResponseType: out.ResponseType, StatusCode: out.StatusCode, ResponseParameters: out.ResponseParameters, ResponseTemplates: out.ResponseTemplates, DefaultResponse: out.DefaultResponse}
	}
	equal(t, types.GatewayResponse{ResponseType: "MISSING_AUTHENTICATION_TOKEN", StatusCode: aws.String("404"), ResponseParameters: map[string]string{}, ResponseTemplates: plainTemplate},
		put(sdk.PutGatewayResponseInput{ResponseType: "MISSING_AUTHENTICATION_TOKEN", StatusCode: aws.String("404")}))
	parameters, template := map[string]string{"gatewayresponse.header.x-request-header": "method.request.header.Accept"}, map[string]string{"application/json": "{}"}
	put(sdk.PutGatewayResponseInput{ResponseType: "DEFAULT_5XX", StatusCode: aws.String("599"), ResponseParameters: parameters, ResponseTemplates: template})
	// What is changed has nothing of the default's; the rest has.
	equal(t, types.GatewayResponse{ResponseType: "AUTHORIZER_FAILURE", StatusCode: aws.String("500"), ResponseParameters: map[string]string{"gatewayresponse.header.foo": "'bar'"}, ResponseTemplates: plainTemplate},
		put(sdk.PutGatewayResponseInput{ResponseType: "AUTHORIZER_FAILURE", ResponseParameters: map[string]string{"gatewayresponse.header.foo": "'bar'"}}))
	all = w.gatewayResponses(api)
	equal(t, types.GatewayResponse{ResponseType: "INTEGRATION_TIMEOUT", StatusCode: aws.String("599"), DefaultResponse: true, ResponseParameters: parameters, ResponseTemplates: template}, all["INTEGRATION_TIMEOUT"])
	equal(t, types.GatewayResponse{ResponseType: "THROTTLED", StatusCode: aws.String("429"), DefaultResponse: true, ResponseParameters: map[string]string{}, ResponseTemplates: plainTemplate}, all["THROTTLED"])
	// A default without a status leaves each its own: the console's CORS.
	put(sdk.PutGatewayResponseInput{ResponseType: "DEFAULT_4XX", ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}})
	if r := w.gatewayResponses(api)["UNAUTHORIZED"]; *r.StatusCode != "401" || r.ResponseParameters["gatewayresponse.header.Access-Control-Allow-Origin"] != "'*'" {
		t.Errorf("UNAUTHORIZED %+v", r)
	}
	remove := func(kind types.GatewayResponseType) error {
		_, err := w.DeleteGatewayResponse(t.Context(), &sdk.DeleteGatewayResponseInput{RestApiId: api, ResponseType: kind})
		return err
	}
	if err := remove("MISSING_AUTHENTICATION_TOKEN"); err != nil {
		t.Error(err)
	}
	wantError(t, remove("MISSING_AUTHENTICATION_TOKEN"), "NotFoundException", "Gateway response type not defined on api")
	if out, err := w.GetGatewayResponse(t.Context(), &sdk.GetGatewayResponseInput{RestApiId: api, ResponseType: "MISSING_AUTHENTICATION_TOKEN"}); err != nil || !out.DefaultResponse || *out.StatusCode != "403" {
		t.Errorf("%+v, %v", out, err)
	}
}

// TestGatewayResponsePatches has LocalStack's test_update_gateway_response.
func TestGatewayResponsePatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, _ := w.api()
	update := func(operations ...types.PatchOperation) (*sdk.UpdateGatewayResponseOutput, error) {
		return w.UpdateGatewayResponse(t.Context(), &sdk.UpdateGatewayResponseInput{RestApiId: api, ResponseType: "DEFAULT_4XX", PatchOperations: operations})
	}
	out, err := update(op(types.OpReplace, "/statusCode", "444")...)
	if err != nil || out.DefaultResponse || *out.StatusCode != "444" || out.ResponseParameters == nil || out.ResponseTemplates["application/json"] != plainTemplate["application/json"] {
		t.Errorf("%+v, %v", out, err)
	}
	const origin = "/responseParameters/gatewayresponse.header.Access-Control-Allow-Origin"
	for _, step := range [][]types.PatchOperation{op(types.OpAdd, origin, "'a.b.c'"), op(types.OpReplace, origin, "'example.com'"), op(types.OpAdd, "/responseTemplates/application~1xml", "<m/>"), op(types.OpRemove, "/responseTemplates/application~1json", "")} {
		if out, err = update(step...); err != nil {
			t.Fatal(err)
		}
	}
	equal(t, map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'example.com'"}, out.ResponseParameters)
	equal(t, map[string]string{"application/xml": "<m/>"}, out.ResponseTemplates)
	for _, tt := range []struct {
		operation  types.PatchOperation
		code, want string
	}{
		{op(types.OpAdd, "/statusCode", "400")[0], "BadRequestException", "Invalid patch path /statusCode"},
		{op(types.OpRemove, "/statusCode", "")[0], "BadRequestException", "Invalid patch path /statusCode"},
		{op(types.OpReplace, "/responseParameters/gatewayresponse.header.none", "'x'")[0], "NotFoundException", "Invalid parameter name specified"},
		{types.PatchOperation{Op: types.OpAdd}, "BadRequestException", "Invalid patch path null"},
		{op(types.OpAdd, "/wrongPath", "x")[0], "BadRequestException", "Invalid patch path /wrongPath"},
		{types.PatchOperation{Op: types.OpReplace, Path: aws.String("/responseTemplates/application~1xml")}, "BadRequestException", "Invalid null or empty value in responseTemplates"},
		{types.PatchOperation{Op: types.OpReplace, Path: aws.String(origin)}, "BadRequestException", "Invalid null or empty value in responseParameters"},
		{op("wrong-op", "/statusCode", "x")[0], "ValidationException", "1 validation error detected: Value 'wrong-op' at 'updateGatewayResponseInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]"},
	} {
		_, err := update(tt.operation)
		wantError(t, err, tt.code, tt.want)
	}
	const enum = "1 validation error detected: Value 'FAKE' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN]"
	_, err = w.GetGatewayResponse(t.Context(), &sdk.GetGatewayResponseInput{RestApiId: api, ResponseType: "FAKE"})
	wantError(t, err, "ValidationException", enum)
	_, err = w.DeleteGatewayResponse(t.Context(), &sdk.DeleteGatewayResponseInput{RestApiId: api, ResponseType: "FAKE"})
	wantError(t, err, "ValidationException", enum)
	_, err = w.PutGatewayResponse(t.Context(), &sdk.PutGatewayResponseInput{RestApiId: api, ResponseType: "FAKE"})
	wantError(t, err, "ValidationException", enum)
	_, err = w.PutGatewayResponse(t.Context(), &sdk.PutGatewayResponseInput{RestApiId: api, ResponseType: "THROTTLED", StatusCode: aws.String("999")})
	wantError(t, err, "ValidationException", `1 validation error detected: Value '999' at 'putGatewayResponseInput.statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d`)
	const mapping = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: "
	_, err = w.PutGatewayResponse(t.Context(), &sdk.PutGatewayResponseInput{RestApiId: api, ResponseType: "THROTTLED", ResponseParameters: map[string]string{"method.response.header.Access-Control-Allow-Origin": "'*'"}})
	wantError(t, err, "BadRequestException", mapping+"method.response.header.Access-Control-Allow-Origin]")
	_, err = w.PutGatewayResponse(t.Context(), &sdk.PutGatewayResponseInput{RestApiId: api, ResponseType: "THROTTLED", ResponseParameters: map[string]string{"gatewayresponse.header.a": "test-value"}})
	wantError(t, err, "BadRequestException", mapping+"test-value]")
	_, err = w.PutGatewayResponse(t.Context(), &sdk.PutGatewayResponseInput{RestApiId: api, ResponseType: "THROTTLED", ResponseParameters: map[string]string{"gatewayresponse.header.a b": "'x'"}})
	wantError(t, err, "BadRequestException", parameterName)
	_, err = w.GetGatewayResponses(t.Context(), &sdk.GetGatewayResponsesInput{RestApiId: aws.String("none")})
	wantError(t, err, "NotFoundException", "Invalid API identifier specified 123456789012:none")
}
