package openapi_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"awslab/runner/emulator/apigateway/openapi"
)

func options() openapi.Options {
	return openapi.Options{ModelURL: func(name string) string { return "https://models/" + name }, Rand: rand.New(rand.NewPCG(1, 1))}
}

func read(t testing.TB, document string) *openapi.Definition {
	t.Helper()
	d, err := openapi.Read([]byte(document), options())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func file(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// equal compares values of the SDK's types.
func equal(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.Method{}, types.MethodResponse{}, types.Integration{}, types.IntegrationResponse{}, types.Resource{}, types.Authorizer{},
		types.Model{}, types.GatewayResponse{}, types.RequestValidator{}, types.EndpointConfiguration{}, types.RestApi{}, types.TlsConfig{})); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}

func method(t *testing.T, d *openapi.Definition, path, verb string) types.Method {
	t.Helper()
	for _, r := range d.Resources {
		if *r.Path == path {
			if m, ok := r.ResourceMethods[verb]; ok {
				return m
			}
		}
	}
	t.Fatalf("no %s %s", verb, path)
	return types.Method{}
}

func paths(d *openapi.Definition) []string {
	var all []string
	for _, r := range d.Resources {
		all = append(all, *r.Path)
	}
	return all
}

// minimal is a document with one path whose item is given.
func minimal(item string) string {
	return `{"swagger": "2.0", "info": {"title": "a"}, "paths": {"/a": ` + item + `}}`
}

func minimal3(item string) string {
	return `{"openapi": "3.0.1", "info": {"title": "a", "version": "1"}, "paths": {"/a": ` + item + `}}`
}

// TestPetStore compares the console's example API with what AWS stores of it
// (LocalStack, test_import_swagger_api).
func TestPetStore(t *testing.T) {
	t.Parallel()
	d := read(t, file(t, "petstore.json"))
	if len(d.Warnings) > 0 {
		t.Errorf("warnings: %q", d.Warnings)
	}
	equal(t, paths(d), []string{"/", "/pets", "/pets/{petId}"})
	if *d.API.Name != "PetStore" || d.API.Version != nil {
		t.Errorf("API %+v", d.API)
	}
	cors := map[string]bool{"method.response.header.Access-Control-Allow-Origin": false}
	equal(t, method(t, d, "/pets", "GET"), types.Method{
		HttpMethod: aws.String("GET"), ApiKeyRequired: aws.Bool(false), AuthorizationType: aws.String("NONE"),
		RequestParameters: map[string]bool{"method.request.querystring.page": false, "method.request.querystring.type": false},
		MethodResponses: map[string]types.MethodResponse{"200": {
			StatusCode: aws.String("200"), ResponseModels: map[string]string{"application/json": "Pets"}, ResponseParameters: cors,
		}},
		MethodIntegration: &types.Integration{
			Type: types.IntegrationTypeHttp, HttpMethod: aws.String("GET"), Uri: aws.String("http://petstore-demo-endpoint.execute-api.com/petstore/pets"),
			CacheKeyParameters: []string{}, ConnectionType: types.ConnectionTypeInternet, PassthroughBehavior: aws.String("WHEN_NO_MATCH"), TimeoutInMillis: 29000,
			RequestParameters: map[string]string{
				"integration.request.querystring.page": "method.request.querystring.page",
				"integration.request.querystring.type": "method.request.querystring.type",
			},
			IntegrationResponses: map[string]types.IntegrationResponse{"200": {
				StatusCode: aws.String("200"), ResponseParameters: map[string]string{"method.response.header.Access-Control-Allow-Origin": "'*'"},
			}},
		},
	})
	post := method(t, d, "/pets", "POST")
	equal(t, post.RequestModels, map[string]string{"application/json": "NewPet"})
	equal(t, post.OperationName, aws.String("CreatePet"))
	equal(t, post.RequestParameters, map[string]bool(nil))
	equal(t, method(t, d, "/pets/{petId}", "OPTIONS").RequestParameters, map[string]bool{"method.request.path.petId": true})
	equal(t, method(t, d, "/pets/{petId}", "GET").OperationName, aws.String("GetPet"))
	root := method(t, d, "/", "GET")
	equal(t, root.MethodResponses, map[string]types.MethodResponse{"200": {StatusCode: aws.String("200"), ResponseParameters: map[string]bool{"method.response.header.Content-Type": false}}})
	if i := root.MethodIntegration; i.Type != types.IntegrationTypeMock || i.HttpMethod != nil || i.Uri != nil || i.ConnectionType != "" || i.RequestTemplates["application/json"] != `{"statusCode": 200}` {
		t.Errorf("root's integration %+v", i)
	}
	if page := root.MethodIntegration.IntegrationResponses["200"].ResponseTemplates["text/html"]; !strings.Contains(page, "Welcome to your Pet Store API") || !strings.Contains(page, `"/$context.stage/pets/"`) {
		t.Errorf("page %s", page)
	}
	models := map[string]string{}
	for _, m := range d.Models {
		models[*m.Name] = *m.Schema
		equal(t, *m.ContentType, "application/json")
	}
	equal(t, models, map[string]string{
		"Pets":           "{\n  \"type\" : \"array\",\n  \"items\" : {\n    \"$ref\" : \"https://models/Pet\"\n  }\n}",
		"Empty":          "{\n  \"type\" : \"object\"\n}",
		"NewPetResponse": "{\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"pet\" : {\n      \"$ref\" : \"https://models/Pet\"\n    },\n    \"message\" : {\n      \"type\" : \"string\"\n    }\n  }\n}",
		"Pet":            "{\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"id\" : {\n      \"type\" : \"integer\"\n    },\n    \"type\" : {\n      \"type\" : \"string\"\n    },\n    \"price\" : {\n      \"type\" : \"number\"\n    }\n  }\n}",
		"NewPet":         "{\n  \"type\" : \"object\",\n  \"properties\" : {\n    \"type\" : {\n      \"$ref\" : \"https://models/PetType\"\n    },\n    \"price\" : {\n      \"type\" : \"number\"\n    }\n  }\n}",
		"PetType":        "{\n  \"type\" : \"string\",\n  \"enum\" : [ \"dog\", \"cat\", \"fish\", \"bird\", \"gecko\" ]\n}",
	})
}

func TestLessonFileIsTheOneThatIsTested(t *testing.T) {
	t.Parallel()
	lesson, err := os.ReadFile("../../../../lessons/canary/files/petstore.json")
	if err != nil || string(lesson) != file(t, "petstore.json") {
		t.Errorf("lessons/canary/files/petstore.json is not testdata/petstore.json: %v", err)
	}
}

// TestAuthorizers reads security as AWS does (LocalStack, test_import_swagger_api,
// test_import_with_global_api_key_authorizer, openapi.spec.tf.json).
func TestAuthorizers(t *testing.T) {
	t.Parallel()
	d := read(t, `{"openapi": "3.0.2", "info": {"title": "a", "version": "1"},
		"security": [{"gate": []}],
		"paths": {
			"/pets": {"get": {}, "post": {"security": []}, "put": {"security": [{"token": []}, {"api_key": []}]}, "patch": {"security": [{"sigv4": []}]}, "delete": {"security": [{"cognito": ["email"]}]}},
			"/echo/{data+}": {"x-amazon-apigateway-any-method": {}}},
		"components": {"securitySchemes": {
			"gate": {"type": "apiKey", "name": "X-Api-Key", "in": "header", "x-amazon-apigateway-authtype": "custom", "x-amazon-apigateway-authorizer": {"type": "request", "authorizerUri": "uri", "identitySource": "method.request.header.Custom-Authorization", "authorizerResultTtlInSeconds": 300}},
			"token": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "oauth2", "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": "uri", "authorizerCredentials": "role", "identityValidationExpression": "^x-[a-z]+"}},
			"cognito": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "cognito_user_pools", "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": ["pool"]}},
			"sigv4": {"type": "apiKey", "name": "Authorization", "in": "header", "x-amazon-apigateway-authtype": "awsSigv4"},
			"api_key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
			"basicAuth": {"type": "http", "scheme": "basic"}}}}`)
	equal(t, d.Authorizers, []types.Authorizer{
		{Name: aws.String("gate"), Type: types.AuthorizerTypeRequest, AuthType: aws.String("custom"), AuthorizerUri: aws.String("uri"), IdentitySource: aws.String("method.request.header.Custom-Authorization"), AuthorizerResultTtlInSeconds: aws.Int32(300)},
		{Name: aws.String("token"), Type: types.AuthorizerTypeToken, AuthType: aws.String("oauth2"), AuthorizerUri: aws.String("uri"), AuthorizerCredentials: aws.String("role"), IdentitySource: aws.String("method.request.header.Authorization"), IdentityValidationExpression: aws.String("^x-[a-z]+")},
		{Name: aws.String("cognito"), Type: types.AuthorizerTypeCognitoUserPools, AuthType: aws.String("cognito_user_pools"), IdentitySource: aws.String("method.request.header.Authorization"), ProviderARNs: []string{"pool"}},
	})
	equal(t, d.Warnings, []string{"Unsupported security definition type 'http' for 'basicAuth'. Ignoring."})
	for _, tt := range []struct {
		path, verb, authorization, authorizer string
		key                                   bool
	}{
		{"/pets", "GET", "CUSTOM", "gate", false},
		{"/pets", "POST", "NONE", "", false},
		{"/pets", "PUT", "CUSTOM", "token", true},
		{"/pets", "PATCH", "AWS_IAM", "", false},
		{"/pets", "DELETE", "COGNITO_USER_POOLS", "cognito", false},
		{"/echo/{data+}", "ANY", "CUSTOM", "gate", false},
	} {
		m := method(t, d, tt.path, tt.verb)
		if *m.AuthorizationType != tt.authorization || aws.ToString(m.AuthorizerId) != tt.authorizer || *m.ApiKeyRequired != tt.key {
			t.Errorf("%s %s: %s %s %v", tt.verb, tt.path, *m.AuthorizationType, aws.ToString(m.AuthorizerId), *m.ApiKeyRequired)
		}
	}
	equal(t, method(t, d, "/echo/{data+}", "ANY").RequestParameters, map[string]bool{"method.request.path.data": true})
	equal(t, paths(d), []string{"/", "/pets", "/echo", "/echo/{data+}"})
}

// TestBasePath has the base paths of LocalStack's test_import_rest_api_with_base_path.
func TestBasePath(t *testing.T) {
	t.Parallel()
	swagger := func(base string) string {
		return `{"swagger": "2.0", "info": {"title": "a"}, "basePath": "` + base + `", "paths": {"/test": {"get": {}}}}`
	}
	three := func(server string) string {
		return "openapi: 3.0.1\ninfo: {title: a, version: '2.0'}\nservers:\n- " + server + "\npaths:\n  /test:\n    get: {}\n"
	}
	variable := "url: 'https://x.example/{basePath}'\n  variables: {basePath: {default: base-var}}"
	for _, tt := range []struct {
		document string
		how      openapi.BasePath
		want     string
	}{
		{swagger("/base"), "", "/ /test"},
		{swagger("/base"), openapi.Ignore, "/ /test"},
		{swagger("/base"), openapi.Prepend, "/ /base /base/test"},
		{swagger("/base"), openapi.Split, "/ /test"},
		{swagger("/a/b/c"), openapi.Split, "/ /b /b/c /b/c/test"},
		{swagger("/"), openapi.Prepend, "/ /test"},
		{minimal(`{}`), openapi.Prepend, "/ /a"},
		{three(variable), openapi.Prepend, "/ /base-var /base-var/test"},
		{three(variable), openapi.Split, "/ /test"},
		{three("url: https://testdomain.com/base-url/part/"), openapi.Prepend, "/ /base-url /base-url/part /base-url/part/test"},
		{three("url: https://testdomain.com/base-url/part/"), openapi.Split, "/ /part /part/test"},
		{three("url: https://testdomain.com/base-url/part/"), openapi.Ignore, "/ /test"},
		{three("url: '%zz'"), openapi.Prepend, "/ /test"},
	} {
		o := options()
		o.BasePath = tt.how
		d, err := openapi.Read([]byte(tt.document), o)
		if err != nil {
			t.Errorf("%s %s: %v", tt.how, tt.document, err)
			continue
		}
		if got := strings.Join(paths(d), " "); got != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.how, tt.document, got, tt.want)
		}
	}
}

// TestNumbersAsStatus has LocalStack's test_import_with_integer_http_status_code.
func TestNumbersAsStatus(t *testing.T) {
	t.Parallel()
	d := read(t, `
openapi: 3.0.1
info: {title: test-import-oas-int, version: 2.0}
paths:
  /test:
    get:
      responses:
        200:
          description: 200 response
          content:
            application/json: {schema: {$ref: '#/components/schemas/Empty'}}
      x-amazon-apigateway-integration:
        responses:
          default: {statusCode: 200}
          '4\d{2}': {statusCode: 400, contentHandling: convert_to_text}
        requestTemplates:
          application/json: '{"statusCode": 200}'
        passthroughBehavior: never
        timeoutInMillis: "5000"
        httpMethod: post
        type: mock
components:
  schemas:
    Empty: {title: Empty Schema, type: object}
`)
	m := method(t, d, "/test", "GET")
	equal(t, m.MethodResponses, map[string]types.MethodResponse{"200": {StatusCode: aws.String("200"), ResponseModels: map[string]string{"application/json": "Empty"}}})
	equal(t, m.MethodIntegration, &types.Integration{
		Type: types.IntegrationTypeMock, CacheKeyParameters: []string{}, PassthroughBehavior: aws.String("NEVER"), TimeoutInMillis: 5000, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`},
		IntegrationResponses: map[string]types.IntegrationResponse{
			"200": {StatusCode: aws.String("200")},
			"400": {StatusCode: aws.String("400"), SelectionPattern: aws.String(`4\d{2}`), ContentHandling: types.ContentHandlingStrategyConvertToText},
		},
	})
	equal(t, d.API.Version, aws.String("2.0"))
}

// TestSchemas has the order of a schema's keywords (LocalStack,
// test_import_with_circular_models) and models that refer to each other.
func TestSchemas(t *testing.T) {
	t.Parallel()
	d := read(t, `{"openapi": "3.0.2", "info": {"title": "a", "version": "1"}, "paths": {}, "components": {"schemas": {
		"Person": {"type": "object", "description": "A person.", "properties": {"name": {"type": "string", "description": "d", "format": "byte"}, "b": {"type": "number", "maximum": 1e2}, "house": {"$ref": "#/components/schemas/House"}}, "required": ["name", "b"]},
		"House": {"type": "object", "properties": {"contains": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}, "minItems": 1, "description": "<who>"}}},
		"Any": {"allOf": [{"$ref": "#/components/schemas/House"}, {"not": {"$ref": "https://elsewhere/x"}}], "additionalProperties": false}}}}`)
	equal(t, d.Models[0].Description, aws.String("A person."))
	var schemas []string
	for _, m := range d.Models {
		schemas = append(schemas, strings.Join(strings.Fields(*m.Schema), ""))
	}
	equal(t, schemas, []string{
		`{"required":["name","b"],"type":"object","properties":{"name":{"type":"string","description":"d","format":"byte"},"b":{"maximum":1e2,"type":"number"},"house":{"$ref":"https://models/House"}},"description":"Aperson."}`,
		`{"type":"object","properties":{"contains":{"minItems":1,"type":"array","description":"<who>","items":{"$ref":"https://models/Person"}}}}`,
		`{"additionalProperties":false,"allOf":[{"$ref":"https://models/House"},{"not":{"$ref":"https://elsewhere/x"}}]}`,
	})
}

func TestExtensionsOfTheAPI(t *testing.T) {
	t.Parallel()
	d := read(t, `
openapi: 3.0.1
info: {title: a, version: 1, description: d}
servers:
- url: https://x.example/v1
  x-amazon-apigateway-endpoint-configuration: {types: [regional], disableExecuteApiEndpoint: true}
- url: https://y.example
tags:
- {name: team, x-amazon-apigateway-tag-value: blue}
- {name: pets}
x-amazon-apigateway-api-key-source: AUTHORIZER
x-amazon-apigateway-binary-media-types: [image/png, '*/*']
x-amazon-apigateway-minimum-compression-size: 1024
x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: []}
x-amazon-apigateway-importexport-version: '1.0'
x-amazon-apigateway-documentation: {version: v1}
x-amazon-apigateway-unheard-of: {a: b}
x-amazon-apigateway-request-validators:
  basic: {validateRequestBody: true, validateRequestParameters: false}
x-amazon-apigateway-request-validator: basic
x-amazon-apigateway-gateway-responses:
  DEFAULT_4XX:
    statusCode: 499
    responseParameters: {gatewayresponse.header.Access-Control-Allow-Origin: "'*'"}
    responseTemplates: {application/json: '{}'}
odd: 1
paths:
  x-note: here
  /a:
    get: {}
    post: {x-amazon-apigateway-request-validator: other}
  b: {}
components:
  invalid_key_will_warn: a_value
`)
	equal(t, d.API, types.RestApi{
		Name: aws.String("a"), Version: aws.String("1"), Description: aws.String("d"), ApiKeySource: types.ApiKeySourceTypeAuthorizer, BinaryMediaTypes: []string{"image/png", "*/*"},
		MinimumCompressionSize: aws.Int32(1024), Policy: aws.String("{\n  \"Version\" : \"2012-10-17\",\n  \"Statement\" : [ ]\n}"), Tags: map[string]string{"team": "blue"},
		EndpointConfiguration: &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}},
	})
	equal(t, d.DisableExecuteAPIEndpoint, aws.Bool(true))
	equal(t, d.RequestValidators, []types.RequestValidator{{Name: aws.String("basic"), ValidateRequestBody: true}})
	equal(t, d.GatewayResponses, []types.GatewayResponse{{
		ResponseType: "DEFAULT_4XX", StatusCode: aws.String("499"), ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}, ResponseTemplates: map[string]string{"application/json": "{}"},
	}})
	equal(t, method(t, d, "/a", "GET").RequestValidatorId, aws.String("basic"))
	equal(t, method(t, d, "/a", "POST").RequestValidatorId, aws.String("other"))
	equal(t, d.Warnings, []string{
		"More than one server provided. Ignoring all but the first for defining endpoint configuration",
		"Parse issue: attribute odd is unexpected",
		"Parse issue: attribute components.invalid_key_will_warn is unexpected",
		"Parse issue: attribute paths. Resource b should start with /",
	})
}

func TestReferences(t *testing.T) {
	t.Parallel()
	d := read(t, `{"swagger": "2.0", "info": {"title": "a"}, "consumes": ["text/plain", "application/json"],
		"parameters": {"Page": {"name": "page", "in": "query", "required": true}, "Loop": {"$ref": "#/parameters/Loop"}},
		"responses": {"Gone": {"description": "x", "headers": {"Age": {"type": "string"}}, "schema": {"$ref": "#/definitions/Missing"}}},
		"paths": {"/a": {"parameters": [{"$ref": "#/parameters/Page"}, {"$ref": "#/parameters/Loop"}, {"$ref": "#/parameters/None"}, {"$ref": "other.json#/x"}],
			"get": {"parameters": [{"name": "page", "in": "query"}, {"name": "c", "in": "cookie"}], "responses": {"200": {"$ref": "#/responses/Gone"}, "default": {}, "4XX": {}}},
			"post": {"parameters": [{"in": "body", "name": "b", "schema": {"type": "object"}}], "responses": {"200": {"schema": {"type": "string"}}}},
			"put": {"parameters": [{"in": "body", "name": "b", "schema": {"$ref": "#/definitions/Missing"}}]}}}}`)
	get := method(t, d, "/a", "GET")
	equal(t, get.RequestParameters, map[string]bool{"method.request.querystring.page": false})
	equal(t, get.MethodResponses, map[string]types.MethodResponse{"200": {StatusCode: aws.String("200"), ResponseParameters: map[string]bool{"method.response.header.Age": false}}})
	post := method(t, d, "/a", "POST")
	if len(post.RequestModels) != 2 || !strings.HasPrefix(post.RequestModels["text/plain"], "MODEL") || len(post.RequestModels["text/plain"]) != 11 {
		t.Errorf("request models %v", post.RequestModels)
	}
	equal(t, method(t, d, "/a", "PUT").RequestModels, map[string]string{"application/json": "null"})
	slices.Sort(d.Warnings)
	equal(t, slices.Compact(d.Warnings), []string{"Reference to model 'Missing' not found. Ignoring."})
}

func TestPrimitiveSchemas(t *testing.T) {
	t.Parallel()
	d := read(t, minimal3(`{"post": {
		"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Missing"}}}},
		"responses": {"201": {"content": {"application/json": {"schema": {"type": "string"}}}}, "202": {"content": {"application/json": {"schema": {"type": "string", "format": "date-time"}}, "text/plain": {}}}, "203": {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}}}}}`))
	equal(t, d.Warnings, []string{
		"Reference to model 'Missing' not found. Ignoring.",
		"Invalid format for model application/json for method POST",
		"Unsupported model type 'StringSchema' in 201 response to method 'POST /a'. Ignoring.",
		"Unsupported model type 'DateTimeSchema' in 202 response to method 'POST /a'. Ignoring.",
	})
	if len(d.Models) != 1 {
		t.Errorf("models %+v", d.Models)
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	const malformed = "Unable to parse API definition because of a malformed integration at path /a."
	integration := func(s string) string { return minimal(`{"get": {"x-amazon-apigateway-integration": ` + s + `}}`) }
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	var headers, many strings.Builder
	headers.WriteString(`"h": {}`)
	for i := range 3000 {
		fmt.Fprintf(&headers, `, "h%d": {}`, i)
	}
	many.WriteString(`"/p": {}`)
	for i := range 20000 {
		fmt.Fprintf(&many, `, "/p%d": {"get": {"responses": {"200": {"$ref": "#/responses/R"}}}}`, i)
	}
	for name, tt := range map[string]struct{ document, want string }{
		"nothing":              {"", "Invalid OpenAPI input."},
		"blanks":               {" \n", "Invalid OpenAPI input."},
		"a string":             {`"{\"swagger\": \"2.0\"}"`, "Invalid OpenAPI input."},
		"a list":               {`[]`, "Invalid OpenAPI input."},
		"null":                 {`null`, "Invalid OpenAPI input."},
		"no version":           {`{"paths": {}}`, "Invalid OpenAPI input."},
		"3.1":                  {`{"openapi": "3.1.0", "info": {"title": "a"}, "paths": {}}`, "Invalid OpenAPI input."},
		"swagger 1.2":          {`{"swagger": "1.2"}`, "Invalid OpenAPI input."},
		"version as an object": {`{"swagger": {"a": "2.0"}}`, "Invalid OpenAPI input."},
		"half a document":      {`{"swagger": "2.0", "paths": {`, "Invalid OpenAPI input."},
		"not UTF-8":            {"swagger: '2.0'\nx: \xff", "Invalid OpenAPI input."},
		"too large":            {`{"swagger": "2.0", "x": "` + strings.Repeat("x", openapi.MaxSize) + `"}`, "Invalid OpenAPI input."},
		"deep JSON":            {`{"swagger": "2.0", "x": ` + strings.Repeat("[", 100000) + strings.Repeat("]", 100000) + "}", "Invalid OpenAPI input."},
		"deep YAML":            {"swagger: '2.0'\nx: " + strings.Repeat("[", 100000), "Invalid OpenAPI input."},
		"YAML bomb":            {"swagger: '2.0'\n" + bomb, "Invalid OpenAPI input."},
		"alias in itself":      {"swagger: '2.0'\nx: &x [*x]\n", "Invalid OpenAPI input."},
		"no such alias":        {"swagger: '2.0'\nx: *x\n", "Invalid OpenAPI input."},
		"a key that is a list": {"swagger: '2.0'\n? [a]\n: b\n", "Invalid OpenAPI input."},
		"reference bomb":       {`{"swagger": "2.0", "info": {"title": "a"}, "responses": {"R": {"headers": {` + headers.String() + `}}}, "paths": {` + many.String() + `}}`, "Invalid OpenAPI input."},
		"integration a text":   {integration(`"mock"`), malformed},
		"URI a function":       {integration(`{"type": "aws_proxy", "uri": {"Fn::Sub": "arn"}}`), malformed},
		"template an object":   {integration(`{"type": "mock", "requestTemplates": {"application/json": {"statusCode": 200}}}`), malformed},
		"responses a list":     {integration(`{"type": "mock", "responses": []}`), malformed},
		"response a text":      {integration(`{"type": "mock", "responses": {"default": "200"}}`), malformed},
		"timeout a word":       {integration(`{"type": "mock", "timeoutInMillis": "long"}`), malformed},
		"cache keys a text":    {integration(`{"type": "mock", "cacheKeyParameters": "a"}`), malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			_, err := openapi.Read([]byte(tt.document), options())
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
			if tt.want == "Invalid OpenAPI input." && !errors.Is(err, openapi.ErrInvalid) {
				t.Errorf("%v is not ErrInvalid", err)
			}
			if d := time.Since(start); d > 10*time.Second {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestIntegrationsWithoutAKnownTypeAreLeftOut(t *testing.T) {
	t.Parallel()
	d := read(t, minimal(`{"get": {"x-amazon-apigateway-integration": {"$ref": "#/components/x-amazon-apigateway-integrations/a"}}, "post": {"x-amazon-apigateway-integration": {"type": "lambda"}}, "put": {"x-amazon-apigateway-integration": null}}`))
	equal(t, d.Warnings, []string{"Unknown integration type 'null' for 'GET /a'. Ignoring.", "Unknown integration type 'lambda' for 'POST /a'. Ignoring."})
	if method(t, d, "/a", "GET").MethodIntegration != nil {
		t.Error("there is an integration")
	}
}

func TestYAMLSpeaksAsJSONDoes(t *testing.T) {
	t.Parallel()
	equal(t, read(t, `
swagger: 2.0
info: &info {title: a, version: 010}
x: {<<: *info}
paths:
  /a: &a
    get: {operationId: yes, x-amazon-apigateway-integration: {type: http, uri: 'http://x', requestParameters: {a: ~, b: true}}}
  /b: {<<: *a}
`), read(t, `{"swagger": "2.0", "info": {"title": "a", "version": "010"}, "paths": {
	"/a": {"get": {"operationId": "yes", "x-amazon-apigateway-integration": {"type": "http", "uri": "http://x", "requestParameters": {"a": null, "b": true}}}},
	"/b": {"get": {"operationId": "yes", "x-amazon-apigateway-integration": {"type": "http", "uri": "http://x", "requestParameters": {"b": "true"}}}}}}`))
}

// many is a document with that many paths.
func many(n int) string {
	var s strings.Builder
	s.WriteString("openapi: 3.0.1\ninfo: {title: many, version: 1}\npaths:\n")
	for i := range n {
		fmt.Fprintf(&s, `  /r%d:
    get:
      operationId: Get%d
      parameters:
      - {name: page, in: query, schema: {type: string}}
      responses:
        200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/M%d'}}}}
      x-amazon-apigateway-integration:
        type: http
        httpMethod: GET
        uri: http://example.com/r%d
        responses: {default: {statusCode: 200}}
`, i, i, i, i)
	}
	s.WriteString("components:\n  schemas:\n")
	for i := range n {
		fmt.Fprintf(&s, "    M%d: {type: object, properties: {a: {type: string}}}\n", i)
	}
	return s.String()
}
