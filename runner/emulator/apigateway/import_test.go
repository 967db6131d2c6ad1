package apigateway_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/apigateway"
	"awslab/runner/emulator/emulatortest"
)

func (w world) imported(document string) *string {
	w.Helper()
	out, err := w.ImportRestApi(w.Context(), &sdk.ImportRestApiInput{Body: []byte(document), FailOnWarnings: true})
	return must(w, out, err).Id
}

// resources gives an API's resources, whole, by path.
func (w world) resources(api *string) map[string]types.Resource {
	w.Helper()
	out, err := w.GetResources(w.Context(), &sdk.GetResourcesInput{RestApiId: api, Embed: []string{"methods"}, Limit: aws.Int32(500)})
	all := map[string]types.Resource{}
	for _, r := range must(w, out, err).Items {
		all[*r.Path] = r
	}
	return all
}

func petStore(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("openapi/testdata/petstore.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestImportOfPetStore compares with what AWS stores of the console's example API
// (LocalStack, test_import_swagger_api).
func TestImportOfPetStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, err := w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(petStore(t)), FailOnWarnings: true, Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}, IpAddressType: types.IpAddressTypeIpv4}, out.EndpointConfiguration)
	if *out.Name != "PetStore" || out.ApiKeySource != types.ApiKeySourceTypeHeader || out.DisableExecuteApiEndpoint || out.Version != nil || out.Tags != nil || out.Warnings != nil ||
		!strings.HasPrefix(*out.Description, "Your first API with Amazon API Gateway.") {
		t.Errorf("API %+v", out)
	}
	all := w.resources(out.Id)
	if len(all) != 3 || *all["/pets"].ParentId != *out.RootResourceId || *all["/pets/{petId}"].PathPart != "{petId}" {
		t.Errorf("resources %+v", all)
	}
	cors := map[string]bool{"method.response.header.Access-Control-Allow-Origin": false}
	equal(t, types.Method{
		HttpMethod: aws.String("GET"), ApiKeyRequired: aws.Bool(false), AuthorizationType: aws.String("NONE"),
		RequestParameters: map[string]bool{"method.request.querystring.page": false, "method.request.querystring.type": false},
		MethodResponses: map[string]types.MethodResponse{"200": {
			StatusCode: aws.String("200"), ResponseModels: map[string]string{"application/json": "Pets"}, ResponseParameters: cors,
		}},
		MethodIntegration: &types.Integration{
			Type: types.IntegrationTypeHttp, HttpMethod: aws.String("GET"), Uri: aws.String("http://petstore-demo-endpoint.execute-api.com/petstore/pets"),
			CacheKeyParameters: []string{}, CacheNamespace: all["/pets"].Id, ConnectionType: types.ConnectionTypeInternet, PassthroughBehavior: aws.String("WHEN_NO_MATCH"),
			ResponseTransferMode: types.ResponseTransferModeBuffered, TimeoutInMillis: 29000,
			RequestParameters: map[string]string{
				"integration.request.querystring.page": "method.request.querystring.page",
				"integration.request.querystring.type": "method.request.querystring.type",
			},
			IntegrationResponses: map[string]types.IntegrationResponse{"200": {
				StatusCode: aws.String("200"), ResponseParameters: map[string]string{"method.response.header.Access-Control-Allow-Origin": "'*'"},
			}},
		},
	}, all["/pets"].ResourceMethods["GET"])
	equal(t, &types.Integration{
		Type: types.IntegrationTypeMock, CacheKeyParameters: []string{}, CacheNamespace: all["/pets/{petId}"].Id, PassthroughBehavior: aws.String("WHEN_NO_MATCH"),
		ResponseTransferMode: types.ResponseTransferModeBuffered, TimeoutInMillis: 29000, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`},
		IntegrationResponses: map[string]types.IntegrationResponse{"200": {StatusCode: aws.String("200"), ResponseParameters: map[string]string{
			"method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
			"method.response.header.Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key'",
			"method.response.header.Access-Control-Allow-Origin":  "'*'",
		}}},
	}, all["/pets/{petId}"].ResourceMethods["OPTIONS"].MethodIntegration)
	models, err := w.GetModels(t.Context(), &sdk.GetModelsInput{RestApiId: out.Id})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range models.Items {
		names = append(names, *m.Name)
	}
	equal(t, []string{"Empty", "NewPet", "NewPetResponse", "Pet", "PetType", "Pets"}, names)
	var schema struct{ Items map[string]string }
	if err := json.Unmarshal([]byte(*models.Items[5].Schema), &schema); err != nil || schema.Items["$ref"] != "https://apigateway.amazonaws.com/restapis/"+*out.Id+"/models/Pet" {
		t.Errorf("schema of Pets: %s", *models.Items[5].Schema)
	}
}

const secured = `{"swagger": "2.0", "info": {"title": "t", "version": "%s"}, "paths": {
	"/kept": {"get": {"security": [{"gate": []}], "x-amazon-apigateway-request-validator": "basic", "x-amazon-apigateway-integration": {"type": "mock"}}},
	"/%s": {"get": {}}},
	"x-amazon-apigateway-request-validators": {"basic": {"validateRequestBody": true}},
	"x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}}},
	"securityDefinitions": {"gate": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authorizer": {"type": "token",
		"authorizerUri": "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:123456789012:function:f/invocations"}}},
	"definitions": {"%s": {"type": "object"}}}`

func TestPutOverwritesOrMerges(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		mode   types.PutMode
		paths  string
		models []string
		text   *string
	}{
		{"", "/ /gone /kept /new", []string{"New", "Old"}, aws.String("said")},
		{types.PutModeMerge, "/ /gone /kept /new", []string{"New", "Old"}, aws.String("said")},
		{types.PutModeOverwrite, "/ /kept /new", []string{"New"}, nil},
	} {
		w := newWorld(t)
		api := w.imported(fmt.Sprintf(secured, "1", "gone", "Old"))
		if _, err := w.UpdateRestApi(t.Context(), &sdk.UpdateRestApiInput{RestApiId: api, PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/description"), Value: aws.String("said")}}}); err != nil {
			t.Fatal(err)
		}
		before := w.resources(api)
		zs, err := w.GetAuthorizers(t.Context(), &sdk.GetAuthorizersInput{RestApiId: api})
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.PutRestApi(t.Context(), &sdk.PutRestApiInput{RestApiId: api, Mode: tt.mode, Body: []byte(fmt.Sprintf(secured, "2", "new", "New"))})
		if err != nil {
			t.Fatal(err)
		}
		if *out.Version != "2" || out.Tags == nil || *out.Id != *api || aws.ToString(out.Description) != aws.ToString(tt.text) {
			t.Errorf("%s: API %+v", tt.mode, out)
		}
		after := w.resources(api)
		var paths []string
		for _, path := range []string{"/", "/gone", "/kept", "/new"} {
			if r, ok := after[path]; ok {
				paths = append(paths, path)
				if was, there := before[path]; there && *was.Id != *r.Id {
					t.Errorf("%s: %s got another id", tt.mode, path)
				}
			}
		}
		if got := strings.Join(paths, " "); got != tt.paths || len(after) != len(paths) {
			t.Errorf("%s: paths %s", tt.mode, got)
		}
		kept := after["/kept"].ResourceMethods["GET"]
		if *kept.AuthorizationType != "CUSTOM" || *kept.AuthorizerId != *zs.Items[0].Id || kept.RequestValidatorId == nil {
			t.Errorf("%s: method %+v", tt.mode, kept)
		}
		models, err := w.GetModels(t.Context(), &sdk.GetModelsInput{RestApiId: api})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, m := range models.Items {
			names = append(names, *m.Name)
		}
		equal(t, tt.models, names)
	}
}

// TestWhatImportsRefuse has errors of AWS's; see the importer for where they were
// learnt.
func TestWhatImportsRefuse(t *testing.T) {
	t.Parallel()
	doc := func(rest string) string { return `{"swagger": "2.0", "info": {"title": "t"}, ` + rest + `}` }
	method := func(m string) string { return doc(`"paths": {"/a": {"get": ` + m + `}}`) }
	for _, tt := range []struct{ document, want string }{
		{"nonsense", "Invalid OpenAPI input."},
		{`{"swagger": "2.0", "paths": {}}`, "Invalid OpenAPI input."},
		{method(`{"x-amazon-apigateway-integration": {"type": "http", "uri": {}}}`), "Unable to parse API definition because of a malformed integration at path /a."},
		{method(`{"x-amazon-apigateway-integration": {"type": "lambda"}}`), "Warnings found during import:\n\tUnknown integration type 'lambda' for 'GET /a'. Ignoring."},
		{method(`{"parameters": [{"in": "query", "name": "a b"}]}`), "Errors found during import:\n\tUnable to put method 'GET' on resource at path '/a': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]"},
		{method(`{"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": "f"}}`), "Errors found during import:\n\tUnable to put integration on 'GET' for resource at path '/a': Invalid ARN specified in the request"},
		{
			method(`{"x-amazon-apigateway-integration": {"type": "http", "httpMethod": "GET", "uri": "http://x", "requestParameters": {"integration.request.header.Authorization": "method.request.header.Authorization"}}}`),
			"Errors found during import:\n\tUnable to put integration on 'GET' for resource at path '/a': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.request.header.Authorization]",
		},
		{
			method(`{"responses": {"302": {}}, "x-amazon-apigateway-integration": {"type": "mock", "responses": {"https://.*": {"statusCode": "302", "responseParameters": {"method.response.header.Location": "integration.response.body.errorMessage"}}}}}`),
			"Errors found during import:\n\tUnable to put integration response on 'GET' for resource at path '/a': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: method.response.header.Location]",
		},
		{
			doc(`"paths": {"/r/{id}": {"get": {}}, "/r/{email}/{event}": {"get": {}}}`),
			"Errors found during import:\n\tUnable to create resource at path '/r/{email}': A sibling ({id}) of this resource already has a variable path part -- only one is allowed",
		},
		{doc(`"paths": {}, "definitions": {"body_1": {"type": "object"}}`), "Errors found during import:\n\tUnable to create model for 'body_1': Model name must be alphanumeric: body_1"},
		{
			doc(`"paths": {"/search": {"post": {"parameters": [{"in": "body", "name": "b", "schema": {"$ref": "#/definitions/SearchQuery"}}]}}}, "definitions": {"SearchQuery": {"type": "object", "properties": {"a": {"type": "string", "example": "x"}}}}`),
			"Errors found during import:\n\tUnable to create model for 'SearchQuery': Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified. Unsupported keyword(s): [\"example\"]]\n" +
				"\tUnable to put method 'POST' on resource at path '/search': Invalid model identifier specified: null\nAdditionally, these warnings were found:\n\tReference to model 'SearchQuery' not found. Ignoring.",
		},
		{
			doc(`"paths": {}, "definitions": {"SomeType": {"$ref": "https://elsewhere.example/x.json"}}`),
			"Errors found during import:\n\tUnable to create model for 'SomeType': Invalid model specified: Validation Result: warnings : [], errors : [Model reference must be in canonical form]",
		},
		{doc(`"paths": {}, "x-amazon-apigateway-minimum-compression-size": -1`), "Invalid minimum compression size, must be between 0 and 10485760"},
		{
			doc(`"paths": {}, "securityDefinitions": {"z": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "x"}}}`),
			"Errors found during import:\n\tUnable to create Authorizer 'z': Invalid Authorizer URI: x. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.",
		},
		{
			doc(`"paths": {}, "x-amazon-apigateway-gateway-responses": {"DEFAULT_4XX": {"responseParameters": {"gatewayresponse.header.a": "b"}}}`),
			"Errors found during import:\n\tUnable to put gateway response 'DEFAULT_4XX': Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: b]",
		},
		{method(`{"x-amazon-apigateway-request-validator": "none"}`), "Errors found during import:\n\tUnable to put method 'GET' on resource at path '/a': Invalid Request Validator identifier specified"},
	} {
		w := newWorld(t)
		_, err := w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(tt.document), FailOnWarnings: true})
		wantError(t, err, "BadRequestException", tt.want)
		if all, err := w.GetRestApis(t.Context(), &sdk.GetRestApisInput{}); err != nil || len(all.Items) > 0 {
			t.Errorf("there is an API all the same: %v, %v", all, err)
		}
		api, _ := w.api()
		before, _ := w.service.Snapshot()
		for _, mode := range []types.PutMode{types.PutModeMerge, types.PutModeOverwrite} {
			_, err := w.PutRestApi(t.Context(), &sdk.PutRestApiInput{RestApiId: api, Mode: mode, Body: []byte(tt.document), FailOnWarnings: true})
			if err == nil && !strings.Contains(tt.document, `"swagger": "2.0", "paths"`) { // an API that is there has a name
				t.Errorf("%s: put", tt.document)
			}
			if after, _ := w.service.Snapshot(); err != nil && string(after) != string(before) {
				t.Errorf("%s: the API was changed", tt.document)
			}
		}
	}
}

func TestWhatImportsDoNotEmulate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for document, what := range map[string]string{
		`"x-amazon-apigateway-policy": {"Statement": []}`: "x-amazon-apigateway-policy",
		`"securityDefinitions": {"c": {"type": "apiKey", "name": "A", "in": "header", "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["p"]}}}`: "type COGNITO_USER_POOLS",
	} {
		_, err := w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(`{"swagger": "2.0", "info": {"title": "t"}, "paths": {}, ` + document + `}`)})
		wantError(t, err, "NotImplementedException", "awslab does not emulate apigateway:ImportRestApi with "+what)
	}
	_, err := w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(petStore(t)), Parameters: map[string]string{"endpointConfigurationTypes": "PRIVATE"}})
	wantError(t, err, "NotImplementedException", "awslab does not emulate apigateway:ImportRestApi with endpoint type PRIVATE")
}

func TestParametersOfImports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	base := `{"swagger": "2.0", "info": {"title": "t"}, "basePath": "/v2", "paths": {"/pets": {"get": {}}}}`
	out, err := w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(base), Parameters: map[string]string{"basepath": "prepend", "ignore": "documentation"}})
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := w.resources(out.Id)["/v2/pets"]; !ok || r.ResourceMethods["GET"].HttpMethod == nil {
		t.Error("no /v2/pets")
	}
	equal(t, []types.EndpointType{types.EndpointTypeEdge}, out.EndpointConfiguration.Types)
	_, err = w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(base), Parameters: map[string]string{"basepath": "cut"}})
	wantError(t, err, "BadRequestException", "Invalid basepath specified. Valid options are ignore,prepend,split")
	_, err = w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(base), Parameters: map[string]string{"endpointConfigurationTypes": "NEAR"}})
	wantError(t, err, "BadRequestException", "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")
	_, err = w.PutRestApi(t.Context(), &sdk.PutRestApiInput{RestApiId: out.Id, Body: []byte(base), Mode: "other"})
	wantError(t, err, "BadRequestException", `Enumeration value of OpenAPI import mode must be "overwrite" or "merge"`)
	_, err = w.PutRestApi(t.Context(), &sdk.PutRestApiInput{RestApiId: aws.String("none"), Body: []byte(base)})
	wantError(t, err, "NotFoundException", "Invalid API identifier specified 123456789012:none")
	// Without failonwarnings, warnings are part of the answer.
	out, err = w.ImportRestApi(t.Context(), &sdk.ImportRestApiInput{Body: []byte(`{"swagger": "2.0", "info": {"title": "t"}, "paths": {"a": {}}}`)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"Parse issue: attribute paths. Resource a should start with /"}, out.Warnings)
}

// TestImportIsRepeatable imports the same twice and stores it: equal to the byte.
func TestImportIsRepeatable(t *testing.T) {
	t.Parallel()
	var dumps []string
	for range 20 {
		w := newWorld(t)
		w.imported(petStore(t))
		w.imported(fmt.Sprintf(secured, "1", "a", "A"))
		dump, err := w.service.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		dumps = append(dumps, string(dump))
		if dumps[0] != string(dump) {
			t.Fatal("another time it is something else")
		}
		again := apigateway.New(apigateway.Config{Account: emulatortest.Account, Region: emulatortest.Region})
		if err := again.Restore(dump); err != nil {
			t.Fatal(err)
		}
		if restored, err := again.Snapshot(); err != nil || string(restored) != string(dump) {
			t.Fatalf("restored it is something else: %v", err)
		}
	}
}

// BenchmarkImport500Resources is the whole call: 200 ms is the aim.
func BenchmarkImport500Resources(b *testing.B) {
	w := newWorld(b)
	paths, models := map[string]any{}, map[string]any{}
	for i := range 500 {
		model := fmt.Sprintf("Model%d", i)
		models[model] = map[string]any{"type": "object", "properties": map[string]any{"id": map[string]any{"type": "integer"}}}
		paths[fmt.Sprintf("/r%d", i)] = map[string]any{"get": map[string]any{
			"parameters": []any{map[string]any{"name": "page", "in": "query", "type": "string"}},
			"responses":  map[string]any{"200": map[string]any{"description": "ok", "schema": map[string]any{"$ref": "#/definitions/" + model}}},
			"x-amazon-apigateway-integration": map[string]any{
				"type": "http", "httpMethod": "GET", "uri": "http://example.com/", "responses": map[string]any{"default": map[string]any{"statusCode": "200"}},
				"requestParameters": map[string]any{"integration.request.querystring.page": "method.request.querystring.page"},
			},
		}}
	}
	body, err := json.Marshal(map[string]any{"swagger": "2.0", "info": map[string]any{"title": "t"}, "paths": paths, "definitions": models})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := w.ImportRestApi(b.Context(), &sdk.ImportRestApiInput{Body: body, FailOnWarnings: true}); err != nil {
			b.Fatal(err)
		}
	}
}
