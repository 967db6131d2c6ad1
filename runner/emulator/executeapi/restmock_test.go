package executeapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

const executionError = `{"message": "Internal server error"}`

// The preflight that the console's "Enable CORS" makes.
func TestAPreflightByMock(t *testing.T) {
	t.Parallel()
	m := mock("")
	response := m.MethodIntegration.IntegrationResponses["200"]
	response.ResponseParameters = map[string]string{
		"method.response.header.Access-Control-Allow-Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'",
		"method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'",
		"method.response.header.Access-Control-Allow-Origin":  "'*'",
	}
	m.MethodIntegration.IntegrationResponses["200"] = response
	w := restWorld(t, map[string]rest.Method{"OPTIONS /pets": m})
	r := request(http.MethodOptions, "/PROD/pets", "")
	r.Header.Set("Origin", "https://www.example.com")
	r.Header.Set("Access-Control-Request-Method", "GET")
	got := w.do(r)
	if got.status != 200 || got.body != "" || got.header.Get("Access-Control-Allow-Methods") != "GET,OPTIONS" || got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v", got)
	}
}

func TestMocksThatCannotAnswer(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reason string
		change func(*rest.Method)
	}{
		"no statusCode": {"bad-mock-status", func(m *rest.Method) { m.MethodIntegration.RequestTemplates["application/json"] = `{}` }},
		"a text": {"bad-mock-status", func(m *rest.Method) {
			m.MethodIntegration.RequestTemplates["application/json"] = `{"statusCode":"200"}`
		}},
		"no JSON":                 {"bad-mock-status", func(m *rest.Method) { m.MethodIntegration.RequestTemplates["application/json"] = `statusCode: 200` }},
		"no template":             {"bad-mock-status", func(m *rest.Method) { m.MethodIntegration.RequestTemplates = nil }},
		"no method response":      {"no-method-response", func(m *rest.Method) { m.MethodResponses = nil }},
		"no integration response": {"no-integration-response", func(m *rest.Method) { m.MethodIntegration.IntegrationResponses = nil }},
		"no integration":          {"no-integration", func(m *rest.Method) { m.MethodIntegration = nil }},
		"no default": {"no-integration-response", func(m *rest.Method) {
			m.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), SelectionPattern: aws.String(`4\d\d`)}
		}},
		"an unknown type": {"integration-not-emulated", func(m *rest.Method) { m.MethodIntegration.Type = "QUANTUM" }},
		"a VPC link":      {"integration-not-emulated", func(m *rest.Method) { m.MethodIntegration.ConnectionType = rest.ConnectionTypeVpcLink }},
		"binary that is no base64": {"bad-content", func(m *rest.Method) {
			r := m.MethodIntegration.IntegrationResponses["200"]
			r.ContentHandling = rest.ContentHandlingStrategyConvertToBinary
			m.MethodIntegration.IntegrationResponses["200"] = r
			m.MethodIntegration.ContentHandling = rest.ContentHandlingStrategyConvertToBinary
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := mock("body")
			tt.change(&m)
			w := restWorld(t, map[string]rest.Method{"POST /": m})
			got := w.post("/PROD", "application/json", "*** no base64 ***")
			w.wantREST(t, got, 500, "InternalServerErrorException", executionError, tt.reason)
			if id := got.raw("X-Amzn-Trace-Id"); len(id) != 1 || !strings.HasPrefix(id[0], "Root=1-") {
				t.Errorf("X-Amzn-Trace-Id %q", id)
			}
		})
	}
}

// A MOCK chooses by the status that its template gives.
func TestSelectionByStatus(t *testing.T) {
	t.Parallel()
	m := mock("fine")
	m.MethodIntegration.RequestTemplates = map[string]string{"application/json": `{"statusCode": 200}`, "text/bad": `{"statusCode": 404}`, "text/worse": `{"statusCode": 4040}`, "text/look": `{"statusCode": 303}`}
	m.MethodIntegration.IntegrationResponses["400"] = rest.IntegrationResponse{StatusCode: aws.String("400"), SelectionPattern: aws.String(`4\d{2}`), ResponseTemplates: map[string]string{"application/json": "bad"}}
	m.MethodIntegration.IntegrationResponses["300"] = rest.IntegrationResponse{StatusCode: aws.String("300"), SelectionPattern: aws.String(`3(?=0)\d\d`), ResponseTemplates: map[string]string{"application/json": "look"}}
	m.MethodResponses["400"], m.MethodResponses["300"] = rest.MethodResponse{}, rest.MethodResponse{}
	w := restWorld(t, map[string]rest.Method{"POST /": m})
	for kind, want := range map[string]struct {
		status int
		body   string
	}{"application/json": {200, "fine"}, "application/json; charset=UTF-8": {200, "fine"}, "text/bad": {400, "bad"}, "text/worse": {200, "fine"}, "text/look": {300, "look"}} {
		if got := w.post("/PROD", kind, ""); got.status != want.status || got.body != want.body {
			t.Errorf("%s: %+v, want %+v", kind, got, want)
		}
	}
}

func TestPassthroughBehaviour(t *testing.T) {
	t.Parallel()
	const unsupported = `{"message": "Unsupported Media Type"}`
	templates := map[string]string{"application/json": `{"statusCode": 200}`}
	for _, tt := range []struct {
		behaviour string
		templates map[string]string
		kind      string
		ok        bool
	}{
		{"WHEN_NO_MATCH", templates, "application/json", true},
		{"WHEN_NO_MATCH", templates, "", true},
		{"WHEN_NO_MATCH", templates, "text/plain", true}, // the body passes, and is a status
		{"WHEN_NO_MATCH", nil, "text/plain", true},
		{"WHEN_NO_TEMPLATES", templates, "application/json", true},
		{"WHEN_NO_TEMPLATES", templates, "text/plain", false},
		{"WHEN_NO_TEMPLATES", nil, "text/plain", true},
		{"WHEN_NO_TEMPLATES", map[string]string{"application/xml": "x"}, "", false},
		{"NEVER", templates, "", true},
		{"NEVER", templates, "text/plain", false},
		{"NEVER", nil, "application/json", false},
		{"NEVER", map[string]string{"$default": `{"statusCode": 200}`}, "text/plain", true},
	} {
		m := mock("fine")
		m.MethodIntegration.PassthroughBehavior, m.MethodIntegration.RequestTemplates = &tt.behaviour, tt.templates
		w := restWorld(t, map[string]rest.Method{"POST /": m})
		r := request(http.MethodPost, "/PROD", `{"statusCode": 200}`)
		if tt.kind != "" {
			r.Header.Set("Content-Type", tt.kind)
		}
		got := w.do(r)
		if tt.ok && got.body != "fine" {
			t.Errorf("%+v: %+v", tt, got)
		}
		if !tt.ok {
			w.wantREST(t, got, 415, "BadRequestException", unsupported, "unsupported-media-type")
		}
	}
}

// A response's template is chosen by what the client accepts.
func TestTheChoiceOfAResponseTemplate(t *testing.T) {
	t.Parallel()
	m := mock("")
	m.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"application/xml": "<a/>", "application/json": "{}"}}
	only := mock("")
	only.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"text/html": "<p>"}}
	w := restWorld(t, map[string]rest.Method{"GET /": m, "GET /only": only})
	for _, tt := range []struct{ target, accept, want string }{
		{"/PROD", "", "{}"}, {"/PROD", "application/xml", "<a/>"}, {"/PROD", "application/xml;q=0.9, */*", "<a/>"}, {"/PROD", "text/csv", "{}"}, {"/PROD/only", "application/json", "<p>"},
	} {
		r := request(http.MethodGet, tt.target, "")
		if tt.accept != "" {
			r.Header.Set("Accept", tt.accept)
		}
		if got := w.do(r); got.body != tt.want {
			t.Errorf("%s %s: %+v", tt.target, tt.accept, got)
		}
	}
}

func TestRESTResponseParameters(t *testing.T) {
	t.Parallel()
	m := mock("")
	response := m.MethodIntegration.IntegrationResponses["200"]
	response.ResponseParameters = map[string]string{
		"method.response.header.Content-Type": "'text/html'",
		"method.response.header.X-Stage":      "context.stage",
		"method.response.header.X-Source":     "context.identity.sourceIp",
		"method.response.header.x-Variable":   "stageVariables.color",
		"method.response.header.X-None":       "stageVariables.none",
		"method.response.header.X-Empty":      "''",
		"method.response.header.X-Endpoint":   "integration.response.header.x-none",
		"method.response.header.X-Bad":        "'a\nb'",
		"method.response.header.Date":         "'yesterday'",
	}
	m.MethodIntegration.IntegrationResponses["200"] = response
	w := restWorld(t, map[string]rest.Method{"GET /": m})
	w.rest["PROD"].settings.Variables = map[string]string{"color": "blue"}
	got := w.get("/PROD")
	for name, want := range map[string]string{"Content-Type": "text/html", "X-Stage": "PROD", "X-Source": "203.0.113.7", "x-Variable": "blue", "x-amzn-Remapped-Date": "yesterday"} {
		if v := got.raw(name); len(v) != 1 || v[0] != want {
			t.Errorf("%s: %q, want %s", name, v, want)
		}
	}
	for _, name := range []string{"X-None", "X-Empty", "X-Endpoint", "X-Bad", "Date"} {
		if v := got.raw(name); v != nil {
			t.Errorf("%s: %q", name, v)
		}
	}
}

// validated is a method that wants parameters and a body.
func validated(d *executeapi.RESTDeployment, parameters, body bool) {
	d.RequestValidators = []rest.RequestValidator{{Id: aws.String("v1"), ValidateRequestParameters: parameters, ValidateRequestBody: body}}
	base := "https://apigateway.amazonaws.com/restapis/" + apiID + "/models/"
	d.Models = []rest.Model{
		{Name: aws.String("Kind"), ContentType: aws.String("application/json"), Schema: aws.String(`{"$schema":"http://json-schema.org/draft-04/schema#","type":"string","enum":["dog","cat"]}`)},
		{Name: aws.String("NewPet"), ContentType: aws.String("application/json"), Schema: aws.String(`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object","required":["price","kind"],"properties":{"kind":{"$ref":"` + base + `Kind"},"price":{"type":"number","minimum":0,"exclusiveMinimum":true},"name":{"type":"string","minLength":2,"pattern":"^[a-z]+$"}}}`)},
		{Name: aws.String("Outside"), ContentType: aws.String("application/json"), Schema: aws.String(`{"$ref":"file:///etc/passwd"}`)},
		{Name: aws.String("Endless"), ContentType: aws.String("application/json"), Schema: aws.String(`{"$ref":"` + base + `Endless"}`)},
	}
}

func TestRequestValidation(t *testing.T) {
	t.Parallel()
	m := mock("fine")
	m.RequestValidatorId = aws.String("v1")
	m.RequestParameters = map[string]bool{"method.request.querystring.page": true, "method.request.header.X-Key": true, "method.request.querystring.type": false}
	m.RequestModels = map[string]string{"application/json": "NewPet"}
	d := restDeployment(map[string]rest.Method{"POST /": m})
	validated(d, true, true)
	w := newWorld(t, nil)
	s := w.deployREST(d)
	s.settings.MethodSettings = map[string]rest.MethodSetting{"*/*": {LoggingLevel: aws.String("INFO")}}
	w.wantREST(t, w.post("/PROD", "application/json", ""), 400, "BadRequestException", `{"message": "Missing required request parameters: [X-Key, page]"}`, "missing-parameters")
	send := func(kind, body string) result {
		r := request(http.MethodPost, "/PROD?page=1", body)
		r.Header.Set("X-Key", "k")
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		return w.do(r)
	}
	for body, problem := range map[string]string{
		"":                                    "[Unknown error parsing request body]",
		"{":                                   "[Unknown error parsing request body]",
		`{}`:                                  `[object has missing required properties (["kind","price"])]`,
		`[]`:                                  `[instance type (array) does not match any allowed primitive type (allowed: ["object"])]`,
		`{"kind":"cow","price":1}`:            `[instance value ("cow") not found in enum (possible values: ["dog","cat"])]`,
		`{"kind":"dog","price":1,"name":"x"}`: "too short",
		`{"kind":"dog","price":0}`:            "",
		`{"kind":"dog","price":1,"name":"Rex the 1"}`: `ECMA 262 regex "^[a-z]+$" does not match input string "Rex the 1"`,
	} {
		w.logged = map[string][]string{}
		w.wantREST(t, send("application/json", body), 400, "BadRequestException", `{"message": "Invalid request body"}`, "invalid-body")
		if log := strings.Join(w.logged[apiID+"/PROD"], "\n"); !strings.Contains(log, "Request body does not match model schema for content type application/json: [") || !strings.Contains(log, problem) {
			t.Errorf("%s: %s", body, log)
		}
	}
	for kind, body := range map[string]string{"application/json": `{"kind":"dog","price":0.5,"name":"rex"}`, "": `{"kind":"cat","price":1e3}`, "application/x-other": "anything"} {
		if got := send(kind, body); got.status != 200 && kind != "application/x-other" || w.trace().Reason == "invalid-body" {
			t.Errorf("%s %s: %+v, %+v", kind, body, got, w.trace())
		}
	}
}

// Schemas refer to nothing outside, and do not go round for ever.
func TestSchemasThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, model := range []string{"Outside", "Endless", "None"} {
		m := mock("fine")
		m.RequestValidatorId = aws.String("v1")
		m.RequestModels = map[string]string{"application/json": model}
		d := restDeployment(map[string]rest.Method{"POST /": m})
		validated(d, false, true)
		w := newWorld(t, nil)
		w.deployREST(d)
		if got := w.post("/PROD", "application/json", "{}"); got.status != 400 {
			t.Errorf("%s: %+v", model, got)
		}
	}
}

func TestGatewayResponses(t *testing.T) {
	t.Parallel()
	d := restDeployment(map[string]rest.Method{"GET /a": mock("fine"), "GET /broken": {AuthorizationType: aws.String("NONE")}})
	d.GatewayResponses = []rest.GatewayResponse{
		{
			ResponseType: rest.GatewayResponseTypeMissingAuthenticationToken, StatusCode: aws.String("404"),
			ResponseParameters: map[string]string{
				"gatewayresponse.header.Access-Control-Allow-Origin": "'*'", "gatewayresponse.header.x-Path": "context.path", "gatewayresponse.header.X-Query": "method.request.querystring.q",
				"gatewayresponse.header.X-Header": "method.request.header.X-Sent", "gatewayresponse.header.X-Variable": "stageVariables.color", "gatewayresponse.header.X-None": "context.none",
			},
			ResponseTemplates: map[string]string{
				"application/json": `{"message":$context.error.messageString,"type":"$context.error.responseType","stage":"${stageVariables.color}","text":"#if(1)$5 ${x","none":"$context.authorizer.x"}`,
				"application/xml":  `<m>$context.error.message</m>`,
			},
		},
		{ResponseType: rest.GatewayResponseTypeDefault5xx, ResponseParameters: map[string]string{"gatewayresponse.header.X-Five": "'5'"}},
		{ResponseType: rest.GatewayResponseTypeDefault4xx, StatusCode: aws.String("418")},
	}
	w := newWorld(t, nil)
	w.deployREST(d).settings.Variables = map[string]string{"color": "blue"}
	r := request(http.MethodGet, "/PROD/none?q=1", "")
	r.Header.Set("X-Sent", "sent")
	got := w.do(r)
	const body = `{"message":"Missing Authentication Token","type":"MISSING_AUTHENTICATION_TOKEN","stage":"blue","text":"#if(1)$5 ${x","none":""}`
	w.wantREST(t, got, 404, "MissingAuthenticationTokenException", body, "no-resource")
	for name, want := range map[string]string{"Access-Control-Allow-Origin": "*", "x-Path": "/PROD/none", "X-Query": "1", "X-Header": "sent", "X-Variable": "blue", "Content-Type": "application/json"} {
		if v := got.raw(name); len(v) != 1 || v[0] != want {
			t.Errorf("%s: %q, want %s", name, v, want)
		}
	}
	r.Header.Set("Accept", "application/xml")
	if got := w.do(r); got.body != "<m>Missing Authentication Token</m>" || got.header.Get("Content-Type") != "application/xml" {
		t.Errorf("%+v", got)
	}
	if got := w.get("/PROD/broken"); got.status != 500 || got.header.Get("X-Five") != "5" || got.body != executionError {
		t.Errorf("%+v", got)
	}
	// A template that would make an answer of 100 MB out of a path is as none.
	d.GatewayResponses = []rest.GatewayResponse{{ResponseType: rest.GatewayResponseTypeMissingAuthenticationToken, ResponseTemplates: map[string]string{"application/json": strings.Repeat("$context.path", 20_000)}}}
	long := newWorld(t, nil)
	long.deployREST(d)
	if got := long.get("/PROD/" + strings.Repeat("x", 5000)); got.body != `{"message":"Missing Authentication Token"}` {
		t.Errorf("%d bytes", len(got.body))
	}
	// A header that frames the message is the gateway's to say.
	d.GatewayResponses = []rest.GatewayResponse{{ResponseType: rest.GatewayResponseTypeMissingAuthenticationToken, ResponseParameters: map[string]string{
		"gatewayresponse.header.content-length": "'3'", "gatewayresponse.header.transfer-encoding": "'chunked'", "gatewayresponse.header.X-Split": "method.request.querystring.q",
	}}}
	split := newWorld(t, nil)
	split.deployREST(d)
	server := httptest.NewServer(split.Handler)
	defer server.Close()
	response, text := say(t, strings.TrimPrefix(server.URL, "http://"), "GET /PROD/none?q=a%0D%0AX-Evil:1%0D%0A%0D%0Ab HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
	if response.ContentLength != 42 || len(response.TransferEncoding) > 0 || text != `{"message":"Missing Authentication Token"}` || response.Header.Get("X-Evil") != "" || response.Header.Get("X-Split") != "" || response.Header.Get("X-Amzn-Remapped-Content-Length") != "3" {
		t.Errorf("%+v, %q", response, text)
	}
	if got := w.do(request(http.MethodGet, "/PROD/a?"+strings.Repeat("x", 11000), "")); got.status != 418 || got.body != `{"message":"Request Too Long"}` {
		t.Errorf("%+v", got)
	}
}
