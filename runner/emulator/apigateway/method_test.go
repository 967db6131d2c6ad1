package apigateway_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"
)

func TestAMethodsLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	get := aws.String("GET")
	put, err := w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get, AuthorizationType: aws.String("NONE"), AuthorizerId: aws.String("passed over")})
	must(t, put, err)
	if *put.HttpMethod != "GET" || *put.AuthorizationType != "NONE" || *put.ApiKeyRequired || put.AuthorizerId != nil || put.RequestParameters != nil {
		t.Errorf("got %+v", put)
	}
	update := func(ops ...types.PatchOperation) *sdk.UpdateMethodOutput {
		t.Helper()
		out, err := w.UpdateMethod(t.Context(), &sdk.UpdateMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get, PatchOperations: ops})
		return must(t, out, err)
	}
	out := update(patch("add", "/requestParameters/method.request.querystring.optional", "true"), patch("add", "/requestModels/application~1json", "Empty"))
	if !out.RequestParameters["method.request.querystring.optional"] || out.RequestModels["application/json"] != "Empty" {
		t.Errorf("got %+v", out)
	}
	out = update(
		patch("replace", "/requestParameters/method.request.querystring.optional", "false"), patch("replace", "/requestModels/application~1json", "Error"), patch("replace", "/apiKeyRequired", "true"),
		patch("replace", "/operationName", "Op"), patch("replace", "/authorizationType", "AWS_IAM"), patch("replace", "/requestValidatorId", ""), patch("replace", "/authorizerId", "passed over"),
	)
	if *out.AuthorizationType != "AWS_IAM" || *out.OperationName != "Op" || !*out.ApiKeyRequired || out.RequestParameters["method.request.querystring.optional"] || out.RequestModels["application/json"] != "Error" || out.AuthorizerId != nil {
		t.Errorf("got %+v", out)
	}
	out = update(patch("remove", "/requestParameters/method.request.querystring.optional", ""), patch("remove", "/requestModels/application~1json", ""), patch("replace", "/apiKeyRequired", "whatever"))
	if out.RequestParameters != nil || out.RequestModels != nil || *out.ApiKeyRequired {
		t.Errorf("got %+v", out)
	}
	got, err := w.GetMethod(t.Context(), &sdk.GetMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get})
	if must(t, got, err); *got.OperationName != "Op" {
		t.Errorf("got %+v", got)
	}
	must(t, 0, second(w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get})))
	resource, err := w.GetResource(t.Context(), &sdk.GetResourceInput{RestApiId: id, ResourceId: root})
	if must(t, resource, err); resource.ResourceMethods != nil {
		t.Errorf("got %+v", resource)
	}
}

func TestWhatAMethodMayNotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "ANY")
	put := func(change func(*sdk.PutMethodInput)) func() error {
		in := &sdk.PutMethodInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE")}
		change(in)
		return func() error { return second(w.PutMethod(t.Context(), in)) }
	}
	update := func(ops ...types.PatchOperation) func() error {
		return func() error {
			return second(w.UpdateMethod(t.Context(), &sdk.UpdateMethodInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("ANY"), PatchOperations: ops}))
		}
	}
	const (
		authorizer = "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer."
		resource   = "Invalid Resource identifier specified"
		validator  = "Invalid Request Validator identifier specified"
		mapping    = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: %s]"
		scopes     = "Invalid Method authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS authorization type"
	)
	w.wantFailures([]failure{
		{"API", put(func(in *sdk.PutMethodInput) { in.RestApiId = aws.String("a") }), notFound, resource},
		{"resource", put(func(in *sdk.PutMethodInput) { in.ResourceId = aws.String("a") }), notFound, resource},
		{"verb", put(func(in *sdk.PutMethodInput) { in.HttpMethod = aws.String("get") }), badRequest, "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"},
		{"no authorizer", put(func(in *sdk.PutMethodInput) { in.AuthorizationType = aws.String("CUSTOM") }), badRequest, authorizer},
		{"no such authorizer", put(func(in *sdk.PutMethodInput) {
			in.AuthorizationType, in.AuthorizerId = aws.String("COGNITO_USER_POOLS"), aws.String("abcdef")
		}), badRequest, authorizer},
		{"authorization", put(func(in *sdk.PutMethodInput) { in.AuthorizationType = aws.String("none") }), badRequest, "Invalid Method authorization type specified."},
		{"scopes", put(func(in *sdk.PutMethodInput) { in.AuthorizationScopes = []string{"a"} }), badRequest, scopes},
		{"validator", put(func(in *sdk.PutMethodInput) { in.RequestValidatorId = aws.String("abcdef") }), badRequest, validator},
		{"model", put(func(in *sdk.PutMethodInput) { in.RequestModels = map[string]string{"application/json": "petModel"} }), badRequest, "Invalid model identifier specified: petModel"},
		{"parameter", put(func(in *sdk.PutMethodInput) { in.RequestParameters = map[string]bool{"method.request.foo.bar": true} }), badRequest, fmt.Sprintf(mapping, "method.request.foo.bar")},
		{"parameter's name", put(func(in *sdk.PutMethodInput) {
			in.RequestParameters = map[string]bool{"method.request.querystring.filter[a]": true}
		}), badRequest, parameterName},
		{"parameters", put(func(in *sdk.PutMethodInput) {
			in.RequestParameters = map[string]bool{"method.request.path.a": true, "method.request.header.a": false}
		}), badRequest, "Parameter names must be unique across querystring, header and path"},
		{"twice", put(func(in *sdk.PutMethodInput) { in.HttpMethod = aws.String("ANY") }), conflict, "Method already exists for this resource"},
		{"get", func() error {
			return second(w.GetMethod(t.Context(), &sdk.GetMethodInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET")}))
		}, notFound, "Invalid Method identifier specified"},
		{"delete", func() error {
			return second(w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET")}))
		}, notFound, "Invalid Method identifier specified"},
		{"patch add", update(patch("add", "/apiKeyRequired", "true")), badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
		{"patch remove", update(patch("remove", "/apiKeyRequired", "")), badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
		{"patch path", update(patch("replace", "/httpMethod", "GET")), badRequest, "Invalid patch path /httpMethod"},
		{"patch parameters", update(patch("replace", "/requestParameters", "true")), badRequest, "Invalid patch path /requestParameters"},
		{"patch models unescaped", update(patch("replace", "/requestModels/application/json", "Empty")), badRequest, "Invalid patch path /requestModels/application/json"},
		{"patch no name", update(patch("add", "/requestModels/", "Empty")), badRequest, "Invalid patch path /requestModels/"},
		{"patch authorization", update(patch("replace", "/authorizationType", "CUSTOM")), badRequest, authorizer},
		{"patch authorizer", update(patch("replace", "/authorizationType", "CUSTOM"), patch("replace", "/authorizerId", "abcdef")), badRequest, authorizer},
		{"patch validator", update(patch("replace", "/requestValidatorId", "abcdef")), badRequest, validator},
		{"patch model", update(patch("add", "/requestModels/application~1json", "petModel")), badRequest, "Invalid model identifier specified: petModel"},
		{"patch parameter", update(patch("add", "/requestParameters/a~0b~1c", "true")), badRequest, fmt.Sprintf(mapping, "a~b/c")},
		{"patch no parameter", update(patch("remove", "/requestParameters/method.request.path.a", "")), notFound, "Invalid parameter name specified"},
		{"patch no model", update(patch("remove", "/requestModels/text~1html", "")), notFound, "Content-Type specified was not found"},
		{"patch scopes", update(patch("add", "/authorizationScopes", "a")), badRequest, scopes},
	})
}

// parameterName is what AWS says of a name that it does not take.
const parameterName = "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9:._$-]+$]"

func TestMethodResponses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	get := aws.String("GET")
	put := func(status string) error {
		return second(w.PutMethodResponse(t.Context(), &sdk.PutMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: &status, ResponseModels: map[string]string{}, ResponseParameters: map[string]bool{}}))
	}
	must(t, 0, put("200"))
	got, err := w.GetMethodResponse(t.Context(), &sdk.GetMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("200")})
	if must(t, got, err); got.ResponseModels == nil || got.ResponseParameters == nil || *got.StatusCode != "200" {
		t.Errorf("what was given empty stays: %+v", got)
	}
	update := func(status string, ops ...types.PatchOperation) (*sdk.UpdateMethodResponseOutput, error) {
		return w.UpdateMethodResponse(t.Context(), &sdk.UpdateMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: &status, PatchOperations: ops})
	}
	out, err := update("200", patch("add", "/responseParameters/method.response.header.my-header", "true"), patch("add", "/responseModels/application~1json", "Empty"))
	must(t, out, err)
	if !out.ResponseParameters["method.response.header.my-header"] || out.ResponseModels["application/json"] != "Empty" {
		t.Errorf("got %+v", out)
	}
	out, err = update("200", patch("remove", "/responseParameters/method.response.header.my-header", ""), patch("remove", "/responseModels/application~1json", ""))
	if must(t, out, err); out.ResponseParameters != nil || out.ResponseModels != nil {
		t.Errorf("got %+v", out)
	}
	const status = `Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d`
	op := func(n int) string {
		return fmt.Sprintf("Value 'wrong_op' at 'updateMethodResponseInput.patchOperations.%d.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]", n)
	}
	wrong := func(status string, ops ...types.PatchOperation) func() error {
		return func() error { return second(update(status, ops...)) }
	}
	w.wantFailures([]failure{
		{"twice", func() error { return put("200") }, conflict, "Response already exists for this resource"},
		{"status", func() error { return put("wrong") }, validation, "1 validation error detected: " + status},
		{"get", func() error {
			return second(w.GetMethodResponse(t.Context(), &sdk.GetMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("300")}))
		}, notFound, "Invalid Response status code specified"},
		{"delete", func() error {
			return second(w.DeleteMethodResponse(t.Context(), &sdk.DeleteMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("300")}))
		}, notFound, "Invalid Response status code specified"},
		{"op", wrong("200", patch("wrong_op", "/a", ""), patch("add", "/a", ""), patch("wrong_op", "/a", "")), validation, "2 validation errors detected: " + op(1) + "; " + op(3)},
		{"op and status", wrong("wrong", patch("wrong_op", "/a", "")), validation, "2 validation errors detected: " + op(1) + "; " + status},
		{"no such", wrong("300", patch("add", "/responseModels/a~1b", "Empty")), notFound, "Invalid Response status code specified"},
		{"parameter", wrong("200", patch("remove", "/responseParameters/method.response.header.x", "")), notFound, "Invalid parameter name specified"},
		{"replace parameter", wrong("200", patch("replace", "/responseParameters/method.response.header.x", "true")), notFound, "Invalid parameter name specified"},
		{"model", wrong("200", patch("remove", "/responseModels/application~1json", "")), notFound, "Content-Type specified was not found"},
		{"path", wrong("200", patch("add", "/wrong/method.response.header.my-header", "")), badRequest, "Invalid patch path /wrong/method.response.header.my-header"},
		{"header's name", wrong("200", patch("add", "/responseParameters/method.response.header.Access Control", "true")), badRequest, parameterName},
		{"header's name with a line", wrong("200", patch("add", "/responseParameters/method.response.header.a\nb", "true")), badRequest, parameterName},
		{"header's name in Korean", wrong("200", patch("add", "/responseParameters/method.response.header.이름", "true")), badRequest, parameterName},
		{"no header's name", wrong("200", patch("add", "/responseParameters/method.response.header.", "true")), badRequest, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.response.header.]"},
		{"name", wrong("200", patch("add", "/responseParameters/x", "true")), badRequest, "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: x]"},
	})
	must(t, 0, second(w.DeleteMethodResponse(t.Context(), &sdk.DeleteMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("200")})))
	m, err := w.GetMethod(t.Context(), &sdk.GetMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get})
	if must(t, m, err); m.MethodResponses != nil {
		t.Errorf("got %+v", m.MethodResponses)
	}
}

func TestIntegrationsAreCompleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	get := aws.String("GET")
	for _, tt := range []struct {
		kind           types.IntegrationType
		uri            string
		connectionType types.ConnectionType
	}{
		{"MOCK", "", ""},
		{"HTTP", "http://petstore-demo-endpoint.execute-api.com/petstore/pets", "INTERNET"},
		{"HTTP", "https://${stageVariables.host}:8443/pets/{petId}", "INTERNET"},
		{"HTTP_PROXY", "https://petstore.swagger.io/v2/pet/findByStatus?status=available", "INTERNET"},
		{"HTTP_PROXY", "http://127.0.0.1:8080", "INTERNET"},
		{"AWS", invocation, ""},
		{"AWS_PROXY", invocation, ""},
		{"AWS_PROXY", strings.Replace(invocation, "path/", "path//", 1), ""},
		{"AWS_PROXY", strings.Replace(invocation, "function:hello", "function:${stageVariables.function}", 1), ""},
	} {
		in := &sdk.PutIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get, Type: tt.kind}
		if tt.kind != types.IntegrationTypeMock {
			in.Uri, in.IntegrationHttpMethod = &tt.uri, aws.String("POST")
		}
		out, err := w.PutIntegration(t.Context(), in)
		must(t, out, err)
		if out.TimeoutInMillis != 29000 || *out.CacheNamespace != *root || out.CacheKeyParameters == nil || *out.PassthroughBehavior != "WHEN_NO_MATCH" || out.ConnectionType != tt.connectionType || out.ResponseTransferMode != "BUFFERED" || out.IntegrationResponses != nil {
			t.Errorf("%s: got %+v", tt.kind, out)
		}
		if tt.kind != types.IntegrationTypeMock && (*out.Uri != tt.uri || *out.HttpMethod != "POST") {
			t.Errorf("%s: got %+v", tt.kind, out)
		}
		got, err := w.GetIntegration(t.Context(), &sdk.GetIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get})
		must(t, got, err)
		if got.Type != tt.kind {
			t.Errorf("got %+v", got)
		}
	}
}

func TestIntegrationsArePatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	get := aws.String("GET")
	must(t, 0, second(w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get, AuthorizationType: aws.String("NONE"), RequestParameters: map[string]bool{"method.request.querystring.page": false, "method.request.header.x": true}})))
	must(t, 0, second(w.PutIntegration(t.Context(), &sdk.PutIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get, Type: "HTTP", Uri: aws.String("http://a"), IntegrationHttpMethod: get})))
	update := func(ops ...types.PatchOperation) *sdk.UpdateIntegrationOutput {
		t.Helper()
		out, err := w.UpdateIntegration(t.Context(), &sdk.UpdateIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get, PatchOperations: ops})
		return must(t, out, err)
	}
	out := update(
		patch("replace", "/uri", "http://b"), patch("replace", "/httpMethod", "ANY"), patch("replace", "/timeoutInMillis", "50"), patch("replace", "/passthroughBehavior", "NEVER"),
		patch("replace", "/contentHandling", "CONVERT_TO_TEXT"), patch("replace", "/credentials", "arn:aws:iam::123456789012:role/a"), patch("replace", "/cacheNamespace", "n"),
		patch("add", "/cacheKeyParameters/method.request.querystring.page", ""), patch("add", "/requestParameters/integration.request.querystring.page", "method.request.multivaluequerystring.page"),
		patch("add", "/requestParameters/integration.request.header.y", "'static'"), patch("add", "/requestTemplates/application~1json", ""), patch("replace", "/tlsConfig/insecureSkipVerification", "true"),
		patch("replace", "/connectionType", "INTERNET"), patch("replace", "/connectionId", ""), patch("replace", "/responseTransferMode", "BUFFERED"),
	)
	want := &sdk.UpdateIntegrationOutput{
		Type: "HTTP", Uri: aws.String("http://b"), HttpMethod: aws.String("ANY"), TimeoutInMillis: 50, PassthroughBehavior: aws.String("NEVER"), ContentHandling: "CONVERT_TO_TEXT",
		Credentials: aws.String("arn:aws:iam::123456789012:role/a"), CacheNamespace: aws.String("n"), CacheKeyParameters: []string{"method.request.querystring.page"},
		RequestParameters: map[string]string{"integration.request.querystring.page": "method.request.multivaluequerystring.page", "integration.request.header.y": "'static'"},
		RequestTemplates:  map[string]string{"application/json": ""}, ConnectionType: "INTERNET", ResponseTransferMode: "BUFFERED",
	}
	if diff := cmp.Diff(fmt.Sprintf("%+v", *want.Uri)+fmt.Sprint(want.RequestParameters, want.RequestTemplates, want.CacheKeyParameters, *want.CacheNamespace, *want.Credentials, want.ContentHandling, *want.PassthroughBehavior, want.TimeoutInMillis, *want.HttpMethod, true),
		fmt.Sprintf("%+v", *out.Uri)+fmt.Sprint(out.RequestParameters, out.RequestTemplates, out.CacheKeyParameters, *out.CacheNamespace, *out.Credentials, out.ContentHandling, *out.PassthroughBehavior, out.TimeoutInMillis, *out.HttpMethod, out.TlsConfig.InsecureSkipVerification)); diff != "" {
		t.Error(diff)
	}
	out = update(
		patch("remove", "/requestTemplates/application~1json", ""), patch("remove", "/requestParameters/integration.request.header.y", ""), patch("replace", "/requestParameters/integration.request.querystring.page", "stageVariables.page"),
		patch("remove", "/cacheKeyParameters/method.request.querystring.page", ""), patch("replace", "/contentHandling", ""), patch("replace", "/credentials", ""), patch("replace", "/cacheNamespace", ""),
	)
	if out.RequestTemplates != nil || len(out.RequestParameters) != 1 || out.CacheKeyParameters == nil || len(out.CacheKeyParameters) != 0 || out.ContentHandling != "" || out.Credentials != nil || *out.CacheNamespace != *root {
		t.Errorf("got %+v", out)
	}
	must(t, 0, second(w.DeleteIntegration(t.Context(), &sdk.DeleteIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get})))
	wantError(t, second(w.GetIntegration(t.Context(), &sdk.GetIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get})), notFound, "Invalid Integration identifier specified")
}

func TestWhatAnIntegrationMayNotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	w.method(id, root, "PUT")
	must(t, 0, second(w.DeleteIntegration(t.Context(), &sdk.DeleteIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("PUT")})))
	put := func(kind types.IntegrationType, uri string, changes ...func(*sdk.PutIntegrationInput)) func() error {
		in := &sdk.PutIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET"), Type: kind, Uri: &uri, IntegrationHttpMethod: aws.String("POST")}
		for _, change := range changes {
			change(in)
		}
		return func() error { return second(w.PutIntegration(t.Context(), in)) }
	}
	update := func(op types.Op, path, value string) func() error {
		return func() error {
			return second(w.UpdateIntegration(t.Context(), &sdk.UpdateIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET"), PatchOperations: []types.PatchOperation{patch(op, path, value)}}))
		}
	}
	mapping := func(text string) string {
		return "Invalid mapping expression specified: Validation Result: warnings : [], errors : [" + text + "]"
	}
	const (
		verb     = "Enumeration value for HttpMethod must be non-empty"
		endpoint = "Invalid HTTP endpoint specified for URI"
		arn      = "Invalid ARN specified in the request"
		path     = "AWS ARN for integration must contain path or action"
		proxies  = "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations."
		timeout  = "Timeout should be between 50 ms and 29000 ms"
		bucket   = "arn:aws:apigateway:ap-northeast-2:s3:path/b/k"
		refused  = "awslab does not emulate apigateway:PutIntegration with "
	)
	none := func(in *sdk.PutIntegrationInput) { in.IntegrationHttpMethod = nil }
	parameter := func(target, source string) func(*sdk.PutIntegrationInput) {
		return func(in *sdk.PutIntegrationInput) { in.RequestParameters = map[string]string{target: source} }
	}
	w.wantFailures([]failure{
		{"type", put("wrong", ""), validation, "1 validation error detected: Value 'wrong' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]"},
		{"method", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.HttpMethod = aws.String("POST") }), notFound, "Invalid Method identifier specified"},
		{"resource", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.ResourceId = aws.String("a") }), notFound, "Invalid Resource identifier specified"},
		{"API", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.RestApiId = aws.String("a") }), notFound, "Invalid Resource identifier specified"},
		{"HTTP without a method", put("HTTP", "http://a", none), badRequest, verb},
		{"HTTP_PROXY without a method", put("HTTP_PROXY", "http://a", none), badRequest, verb},
		{"AWS without a method", put("AWS", invocation, none), badRequest, verb},
		{"AWS_PROXY without a method", put("AWS_PROXY", invocation, none), badRequest, verb},
		{"another method", put("HTTP", "http://a", func(in *sdk.PutIntegrationInput) { in.IntegrationHttpMethod = aws.String("FOO") }), badRequest, "Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY"},
		{"HTTP", put("HTTP", "ftp://a"), badRequest, endpoint},
		{"HTTP without a URI", put("HTTP", ""), badRequest, endpoint},
		{"HTTP_PROXY", put("HTTP_PROXY", "a"), badRequest, endpoint},
		{"HTTP_PROXY without a host", put("HTTP_PROXY", "https:///a"), badRequest, endpoint},
		{"no ARN", put("AWS", "http://a"), badRequest, arn},
		{"no ARN for a proxy", put("AWS_PROXY", ""), badRequest, arn},
		{"a function's ARN", put("AWS_PROXY", "arn:aws:lambda:ap-northeast-2:123456789012:function:hello"), badRequest, path},
		{"neither path nor action", put("AWS", "arn:aws:apigateway:ap-northeast-2:lambda:x/y"), badRequest, path},
		{"a bucket", put("AWS_PROXY", bucket), badRequest, proxies},
		{"a bucket, not emulated", put("AWS", bucket), absent, refused + "an integration with s3:path"},
		{"credentials", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.Credentials = aws.String("a") }), badRequest, arn},
		{"too long", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.TimeoutInMillis = aws.Int32(29001) }), badRequest, timeout},
		{"too short", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.TimeoutInMillis = aws.Int32(49) }), badRequest, timeout},
		{"zero", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.TimeoutInMillis = aws.Int32(0) }), badRequest, timeout},
		{"passthrough", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.PassthroughBehavior = aws.String("a") }), badRequest, "Invalid passthrough behavior specified. Valid options are WHEN_NO_MATCH,WHEN_NO_TEMPLATES,NEVER"},
		{"VPC link", put("HTTP", "http://a", func(in *sdk.PutIntegrationInput) { in.ConnectionType = "VPC_LINK" }), absent, refused + "connectionType VPC_LINK"},
		{"stream", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.ResponseTransferMode = "STREAM" }), absent, refused + "responseTransferMode STREAM"},
		{"source", put("MOCK", "", parameter("integration.request.header.a", "notquoted")), badRequest, mapping("Invalid mapping expression specified: notquoted")},
		{"target", put("MOCK", "", parameter("header.a", "'a'")), badRequest, mapping("Invalid mapping expression specified: header.a")},
		{"undeclared", put("MOCK", "", parameter("integration.request.path.a", "method.request.path.a")), badRequest, mapping("Invalid mapping expression parameter specified: method.request.path.a")},
		{"cache key", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.CacheKeyParameters = []string{"method.request.path.a"} }), badRequest, "Invalid cache key parameter specified"},
		{"template", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.RequestTemplates = map[string]string{"123": ""} }), badRequest, "Validation Result: warnings : [], errors : [Invalid content type specified: 123]"},
		{"enumerations", put("MOCK", "", func(in *sdk.PutIntegrationInput) { in.ConnectionType, in.ContentHandling = "a", "b" }), validation, "2 validation errors detected: Value 'a' at 'putIntegrationInput.connectionType' failed to satisfy constraint: Member must satisfy enum value set: [INTERNET, VPC_LINK]; Value 'b' at 'putIntegrationInput.contentHandling' failed to satisfy constraint: Member must satisfy enum value set: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]"},
		{"patch path", update("replace", "/type", "HTTP"), badRequest, "Invalid patch path /type"},
		{"patch op", update("add", "/uri", "http://a"), badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
		{"patch key op", update("replace", "/cacheKeyParameters/a", ""), badRequest, "Invalid patch operation specified. Must be one of: [add, remove]"},
		{"patch timeout", update("replace", "/timeoutInMillis", "fifty"), badRequest, timeout},
		{"patch link", update("replace", "/connectionType", "VPC_LINK"), absent, "awslab does not emulate apigateway:UpdateIntegration with connectionType VPC_LINK"},
		{"patch connection", update("replace", "/connectionType", "a"), badRequest, "Invalid connection type specified. Valid options are INTERNET,VPC_LINK"},
		{"patch content", update("replace", "/contentHandling", "a"), badRequest, "Invalid content handling specified. Valid options are CONVERT_TO_BINARY,CONVERT_TO_TEXT"},
		{"patch mode", update("replace", "/responseTransferMode", "a"), badRequest, "Invalid response transfer mode specified. Valid options are BUFFERED,STREAM"},
		{"patch no template", update("remove", "/requestTemplates/a~1b", ""), notFound, "Content-Type specified was not found"},
		{"patch no parameter", update("replace", "/requestParameters/a", ""), notFound, "Invalid parameter name specified"},
		{"get", func() error {
			return second(w.GetIntegration(t.Context(), &sdk.GetIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("PUT")}))
		}, notFound, "Invalid Integration identifier specified"},
		{"update", func() error {
			return second(w.UpdateIntegration(t.Context(), &sdk.UpdateIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("PUT")}))
		}, notFound, "Invalid Integration identifier specified"},
	})
}

func TestIntegrationResponses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	get := aws.String("GET")
	must(t, 0, second(w.PutMethodResponse(t.Context(), &sdk.PutMethodResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("200"), ResponseParameters: map[string]bool{"method.response.header.a": false}})))
	put := func(status string, changes ...func(*sdk.PutIntegrationResponseInput)) error {
		in := &sdk.PutIntegrationResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: &status}
		for _, change := range changes {
			change(in)
		}
		return second(w.PutIntegrationResponse(t.Context(), in))
	}
	must(t, 0, put("200", func(in *sdk.PutIntegrationResponseInput) {
		in.SelectionPattern, in.ResponseTemplates = aws.String(""), map[string]string{"application/json": `"created"`}
	}))
	must(t, 0, put("404", func(in *sdk.PutIntegrationResponseInput) { in.SelectionPattern = aws.String("(?=4)4\\d\\d") }))
	got, err := w.GetIntegrationResponse(t.Context(), &sdk.GetIntegrationResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("200")})
	if must(t, got, err); *got.SelectionPattern != "" || got.ResponseTemplates["application/json"] != `"created"` || got.ResponseParameters != nil {
		t.Errorf("got %+v", got)
	}
	update := func(ops ...types.PatchOperation) (*sdk.UpdateIntegrationResponseOutput, error) {
		return w.UpdateIntegrationResponse(t.Context(), &sdk.UpdateIntegrationResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("200"), PatchOperations: ops})
	}
	out, err := update(
		patch("replace", "/selectionPattern", "updated-pattern"), patch("add", "/responseParameters/method.response.header.a", "integration.response.header.b"),
		patch("add", "/responseTemplates/text~1html", "x"), patch("replace", "/contentHandling", "CONVERT_TO_BINARY"),
	)
	if must(t, out, err); *out.SelectionPattern != "updated-pattern" || out.ResponseParameters["method.response.header.a"] != "integration.response.header.b" || len(out.ResponseTemplates) != 2 || out.ContentHandling != "CONVERT_TO_BINARY" {
		t.Errorf("got %+v", out)
	}
	out, err = update(patch("replace", "/responseParameters/method.response.header.a", "'*'"), patch("remove", "/responseTemplates/text~1html", ""))
	if must(t, out, err); out.ResponseParameters["method.response.header.a"] != "'*'" || len(out.ResponseTemplates) != 1 {
		t.Errorf("got %+v", out)
	}
	mapping := func(text string) string {
		return "Invalid mapping expression specified: Validation Result: warnings : [], errors : [" + text + "]"
	}
	parameter := func(target, source string) func(*sdk.PutIntegrationResponseInput) {
		return func(in *sdk.PutIntegrationResponseInput) { in.ResponseParameters = map[string]string{target: source} }
	}
	remove := func(verb, status string) func() error {
		return func() error {
			return second(w.DeleteIntegrationResponse(t.Context(), &sdk.DeleteIntegrationResponseInput{RestApiId: id, ResourceId: root, HttpMethod: &verb, StatusCode: &status}))
		}
	}
	w.wantFailures([]failure{
		{"status", func() error { return put("wrong") }, validation, `1 validation error detected: Value 'wrong' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d`},
		{"pattern", func() error {
			return put("500", func(in *sdk.PutIntegrationResponseInput) { in.SelectionPattern = aws.String("(") })
		}, badRequest, "Invalid regex pattern specified"},
		{"taken pattern", func() error {
			return put("500", func(in *sdk.PutIntegrationResponseInput) { in.SelectionPattern = aws.String("updated-pattern") })
		}, conflict, "Integration response with selection pattern updated-pattern already exists"},
		{"template", func() error {
			return put("200", func(in *sdk.PutIntegrationResponseInput) { in.ResponseTemplates = map[string]string{"123": ""} })
		}, badRequest, "Validation Result: warnings : [], errors : [Invalid content type specified: 123]"},
		{"undeclared", func() error { return put("200", parameter("method.response.header.x", "'*'")) }, badRequest, mapping("Invalid mapping expression parameter specified: method.response.header.x")},
		{"no method response", func() error { return put("404", parameter("method.response.header.a", "'*'")) }, badRequest, mapping("No method response exists for method.")},
		{"source", func() error { return put("200", parameter("method.response.header.a", `"*"`)) }, badRequest, mapping(`Invalid mapping expression specified: "*"`)},
		{"half a source", func() error { return put("200", parameter("method.response.header.a", `'Content-Type',Authorization`)) }, badRequest, mapping(`Invalid mapping expression specified: 'Content-Type',Authorization`)},
		{"another case", func() error { return put("200", parameter("method.response.header.A", "'*'")) }, badRequest, mapping("Invalid mapping expression parameter specified: method.response.header.A")},
		{"target", func() error { return put("200", parameter("header.a", "'*'")) }, badRequest, mapping("Invalid mapping expression specified: header.a")},
		{"content", func() error {
			return put("200", func(in *sdk.PutIntegrationResponseInput) { in.ContentHandling = "a" })
		}, validation, "1 validation error detected: Value 'a' at 'putIntegrationResponseInput.contentHandling' failed to satisfy constraint: Member must satisfy enum value set: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]"},
		{"patch path", func() error { return second(update(patch("replace", "/statusCode", "300"))) }, badRequest, "Invalid patch path /statusCode"},
		{"patch op", func() error { return second(update(patch("add", "/selectionPattern", "300"))) }, badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
		{"patch pattern", func() error { return second(update(patch("replace", "/selectionPattern", "*"))) }, badRequest, "Invalid regex pattern specified"},
		{"delete of no method", remove("POST", "200"), notFound, "Invalid Integration identifier specified"},
		{"delete of no verb", remove("bad", "200"), notFound, "Invalid Integration identifier specified"},
		{"delete of no status", remove("GET", "201"), notFound, "Invalid Response status code specified"},
		{"get of no status", func() error {
			return second(w.GetIntegrationResponse(t.Context(), &sdk.GetIntegrationResponseInput{RestApiId: id, ResourceId: root, HttpMethod: get, StatusCode: aws.String("201")}))
		}, notFound, "Invalid Response status code specified"},
	})
	must(t, 0, put("200")) // overwritten whole
	must(t, 0, remove("GET", "404")())
	must(t, 0, remove("GET", "200")())
	m, err := w.GetMethod(t.Context(), &sdk.GetMethodInput{RestApiId: id, ResourceId: root, HttpMethod: get})
	if must(t, m, err); m.MethodIntegration.IntegrationResponses != nil {
		t.Errorf("got %+v", m.MethodIntegration)
	}
	must(t, 0, second(w.DeleteIntegration(t.Context(), &sdk.DeleteIntegrationInput{RestApiId: id, ResourceId: root, HttpMethod: get})))
	wantError(t, put("200"), notFound, "Invalid Integration identifier specified")
}
