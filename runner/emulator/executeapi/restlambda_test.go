package executeapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// The event of a proxy integration, to the letter.
func TestRESTEvents(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		key    string
		change func(*restStage, *http.Request)
		target string
		body   string
	}{
		"rest-event-bare.json": {"GET /echo", func(*restStage, *http.Request) {}, "/PROD/echo", ""},
		"rest-event.json": {"ANY /pets/{id}/{proxy+}", func(s *restStage, r *http.Request) {
			s.settings.Variables = map[string]string{"color": "blue", "a": "b"}
			r.Method = http.MethodPost
			r.Header.Set("Content-Type", "application/json")
			r.Header["X-Many"] = []string{"one", "two"}
			r.Header.Set("Cookie", "a=b; c=d")
			r.Header.Set("Connection", "keep-alive")
			r.Header.Set("X-Awslab-Check", "1")
		}, "/PROD//pets/a%2Bb/x//y%20z/?dup=one&dup=two&empty=&encoded=a%2Bb&plus=a+b", `{"name":"코코 <&>"}`},
		"rest-event-binary.json": {"POST /", func(s *restStage, r *http.Request) {
			s.deployment.API.BinaryMediaTypes = []string{"image/png"}
			r.Method = http.MethodPost
			r.Header.Set("Content-Type", "image/png")
		}, "/PROD/", "\x89PNG"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.function(hello, `{"statusCode":200}`)
			s := w.deployREST(restDeployment(map[string]rest.Method{tt.key: lambdaProxy()}))
			r := request(http.MethodGet, tt.target, tt.body)
			r.Header.Set("User-Agent", "awslab-probe")
			r.Header.Set("Accept-Encoding", "identity")
			tt.change(s, r)
			if got := w.do(r); got.status != 200 {
				t.Fatalf("%+v, %+v", got, w.trace())
			}
			golden(t, name, w.rawEvent(t, hello))
		})
	}
}

func TestAProxyAnswers(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /": lambdaProxy()})
	w.function(hello, `{"statusCode":"201","headers":{"x-Probe":"solo","X-Flag":true,"Date":"yesterday"},"multiValueHeaders":{"X-PROBE":["multi","other"],"Set-Cookie":["a=1","b=2"]},"body":"hi"}`)
	got := w.get("/PROD")
	if got.status != 201 || got.body != "hi" || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v", got)
	}
	if v := got.raw("X-PROBE"); strings.Join(v, ", ") != "multi, other, solo" || got.raw("x-Probe") != nil {
		t.Errorf("%v", got.header)
	}
	if v := got.raw("Set-Cookie"); len(v) != 2 || got.raw("X-Flag")[0] != "true" || got.raw("x-amzn-Remapped-Date")[0] != "yesterday" {
		t.Errorf("%v", got.header)
	}
	id := got.raw("X-Amzn-Trace-Id")
	if len(id) != 1 || !strings.HasPrefix(id[0], "Root=1-") || !strings.Contains(id[0], ";Parent=") || !strings.Contains(id[0], ";Sampled=0;Lineage=1:") || !strings.HasSuffix(id[0], ":0") {
		t.Errorf("%q", id)
	}
	wantIDs(t, got)
}

func TestWhatAProxyMayReturn(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]string{
		`{"statusCode":200}`:                              "200 ",
		`{"statusCode":201,"body":null}`:                  "201 ",
		`{"headers":{"a":"b"}}`:                           "200 ",
		`{"body":"x"}`:                                    "200 x",
		`{"statusCode":null,"headers":null,"body":"x"}`:   "200 x",
		`{"statusCode":"201","body":"x"}`:                 "201 x",
		`{"statusCode":200.0}`:                            "200 ",
		`{"statusCode":200,"isBase64Encoded":false}`:      "200 ",
		`{"statusCode":200,"multiValueHeaders":{"a":[]}}`: "200 ",
		`{"statusCode":200,"body":5}`:                     "200 5",
		`{"statusCode":200,"more":1}`:                     "",
		`{}`:                                              "",
		`"text"`:                                          "",
		`null`:                                            "",
		`[]`:                                              "",
		``:                                                "",
		`{"statusCode":200,"multiValueHeaders":{"a":"b"}}`: "",
		`{"statusCode":200,"headers":{"a":{"b":1}}}`:       "",
		`{"statusCode":200,"headers":{"a":1}}`:             "",
		`{"statusCode":200,"headers":{"a":"b\nc"}}`:        "",
		`{"statusCode":200,"headers":["a"]}`:               "",
		`{"statusCode":"abc"}`:                             "",
		`{"statusCode":[200]}`:                             "",
		`{"statusCode":1}`:                                 "",
		`{"statusCode":1e9}`:                               "",
		`{"statusCode":200,"body":{"a":1}}`:                "",
		`{"statusCode":200,"isBase64Encoded":"maybe"}`:     "",
	} {
		w := restWorld(t, map[string]rest.Method{"GET /": lambdaProxy()})
		w.function(hello, payload)
		got := w.get("/PROD")
		if want == "" {
			t.Log(payload)
			w.wantREST(t, got, 502, "InternalServerErrorException", executionError, "malformed-response")
			continue
		}
		if status, body, _ := strings.Cut(want, " "); got.body != body || status != http.StatusText(got.status) && status != itoa(got.status) {
			t.Errorf("%s: %+v", payload, got)
		}
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestBinaryAnswersOfAProxy(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ types, accept, kind, want string }{
		{"", "image/png", "image/png", "iVBORw=="},
		{"image/png", "image/png", "image/png", "\x89PNG"},
		{"image/png", "text/html, image/png", "image/png", "iVBORw=="},
		{"image/png", "", "image/png", "\x89PNG"},
		{"*/*", "*/*", "text/plain", "\x89PNG"},
	} {
		d := restDeployment(map[string]rest.Method{"GET /": lambdaProxy()})
		if tt.types != "" {
			d.API.BinaryMediaTypes = []string{tt.types}
		}
		w := newWorld(t, nil)
		w.deployREST(d)
		w.function(hello, `{"body":"iVBORw==","isBase64Encoded":true,"headers":{"Content-Type":"`+tt.kind+`"}}`)
		r := request(http.MethodGet, "/PROD", "")
		if tt.accept != "" {
			r.Header.Set("Accept", tt.accept)
		}
		if got := w.do(r); got.body != tt.want {
			t.Errorf("%+v: %q", tt, got.body)
		}
	}
}

// Why a function's answer does not come: the trace tells them apart.
func TestWhyARESTFunctionFails(t *testing.T) {
	t.Parallel()
	answers := func(reply executeapi.Reply, err error) func(*world) {
		return func(w *world) {
			w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) { return reply, err })
		}
	}
	for reason, tt := range map[string]struct {
		status int
		change func(*world, *rest.Method)
	}{
		"no-permission":       {500, func(w *world, _ *rest.Method) { delete(w.permits, hello) }},
		"no-function":         {500, func(w *world, _ *rest.Method) { delete(w.answers, hello) }},
		"integration-method":  {500, func(_ *world, m *rest.Method) { m.MethodIntegration.HttpMethod = aws.String("GET") }},
		"bad-integration-uri": {500, func(_ *world, m *rest.Method) { m.MethodIntegration.Uri = aws.String("arn:aws:apigateway:r:s3:path/x") }},
		"function-error": {502, func(w *world, _ *rest.Method) {
			answers(executeapi.Reply{Payload: []byte(`{"errorMessage":"x"}`), Failed: true}, nil)(w)
		}},
		"throttled":         {500, func(w *world, _ *rest.Method) { answers(executeapi.Reply{}, executeapi.ErrThrottled)(w) }},
		"payload-too-large": {500, func(w *world, _ *rest.Method) { answers(executeapi.Reply{}, executeapi.ErrTooLarge)(w) }},
		"bad-mapping": {500, func(_ *world, m *rest.Method) {
			m.MethodIntegration.RequestParameters = map[string]string{"integration.request.header.Authorization": "'x'"}
		}},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.function(hello, `{"statusCode":200}`)
			m := lambdaProxy()
			tt.change(w, &m)
			w.deployREST(restDeployment(map[string]rest.Method{"GET /": m}))
			w.wantREST(t, w.get("/PROD"), tt.status, "InternalServerErrorException", executionError, reason)
		})
	}
	w := restWorld(t, map[string]rest.Method{"GET /": lambdaProxy()})
	w.handle(hello, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
		go w.expire()
		<-ctx.Done()
		return executeapi.Reply{}, ctx.Err()
	})
	w.wantREST(t, w.get("/PROD"), 504, "InternalServerErrorException", `{"message": "Endpoint request timed out"}`, "timeout")
	w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) { panic("a mistake") })
	w.wantREST(t, w.get("/PROD"), 500, "InternalServerErrorException", executionError, "panic")
}

// The source ARN of an invocation has the method's key and the resource's path.
func TestRESTSourceARNs(t *testing.T) {
	t.Parallel()
	const execute = "arn:aws:execute-api:" + region + ":" + account + ":" + apiID + "/PROD/"
	for key, tt := range map[string]struct{ target, want string }{
		"GET /":           {"/PROD", execute + "GET/"},
		"GET /pets/{id}":  {"/PROD/pets/7", execute + "GET/pets/{id}"},
		"ANY /a/{proxy+}": {"/PROD/a/b/c", execute + "ANY/a/{proxy+}"},
	} {
		w := restWorld(t, map[string]rest.Method{key: lambdaProxy()})
		w.function(hello, `{"statusCode":200}`)
		source := ""
		w.permits[hello] = func(arn string) bool { source = arn; return true }
		if got := w.get(tt.target); got.status != 200 || source != tt.want {
			t.Errorf("%s: %d, %s, want %s", key, got.status, source, tt.want)
		}
	}
}

func awsIntegration() rest.Method {
	return method(&rest.Integration{
		Type: rest.IntegrationTypeAws, HttpMethod: aws.String("POST"), Uri: aws.String(invocation("arn:aws:lambda:" + region + ":" + account + ":function:${stageVariables.function}")), PassthroughBehavior: aws.String("WHEN_NO_MATCH"),
		RequestTemplates: map[string]string{"application/json": `{"name":"$input.params('name')","stage":"$context.stage","agent":"$context.identity.userAgent","header":"$input.params('x-lower')"}`},
		IntegrationResponses: map[string]rest.IntegrationResponse{
			"200": {StatusCode: aws.String("200")},
			"400": {StatusCode: aws.String("400"), SelectionPattern: aws.String("Bad.*"), ResponseTemplates: map[string]string{"application/json": `{"error":"$input.path('$.errorMessage')"}`}},
		},
	})
}

// A function behind templates: what it is told, and how its errors are told apart.
func TestALambdaIntegration(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /hi/{name}": awsIntegration(), "POST /raw": awsIntegration()})
	w.rest["PROD"].settings.Variables = map[string]string{"function": "hello"}
	w.function(hello, `{"greeting":"hi"}`)
	r := request(http.MethodGet, "/PROD/hi/rex", "")
	r.Header.Set("X-Lower", "found")
	r.Header.Set("User-Agent", "probe")
	got := w.do(r)
	if got.status != 200 || got.body != `{"greeting":"hi"}` || !strings.Contains(got.raw("X-Amzn-Trace-Id")[0], ";Lineage=") {
		t.Errorf("%+v, %+v", got, w.trace())
	}
	if event := string(w.rawEvent(t, hello)); event != `{"name":"rex","stage":"PROD","agent":"probe","header":"found"}` {
		t.Errorf("%s", event)
	}
	for payload, want := range map[string]struct {
		status int
		body   string
	}{
		`{"errorMessage":"Bad name","errorType":"E"}`:      {400, `{"error":"Bad name"}`},
		`{"errorMessage":"Not Bad","errorType":"E"}`:       {200, `{"errorMessage":"Not Bad","errorType":"E"}`},
		`{"errorMessage":"Bad\nname","errorType":"E"}`:     {200, `{"errorMessage":"Bad\nname","errorType":"E"}`},
		`{"errorType":"E","errorMessage":["no","string"]}`: {200, `{"errorType":"E","errorMessage":["no","string"]}`},
	} {
		w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
			return executeapi.Reply{Payload: []byte(payload), Failed: true}, nil
		})
		if got := w.get("/PROD/hi/x"); got.status != want.status || got.body != want.body {
			t.Errorf("%s: %+v", payload, got)
		}
	}
	before := w.invocations(hello)
	if got := w.post("/PROD/raw", "text/plain", "no JSON"); got.status != 200 || !strings.Contains(got.body, "Could not parse request body into json") || w.invocations(hello) != before {
		t.Errorf("%+v", got)
	}
	w.function(hello, `"fine"`)
	if got := w.post("/PROD/raw", "text/plain", ""); got.body != `"fine"` || string(w.rawEvent(t, hello)) != "{}" {
		t.Errorf("%+v", got)
	}
}

func TestServicesThatAreNotEmulated(t *testing.T) {
	t.Parallel()
	m := awsIntegration()
	m.MethodIntegration.Uri = aws.String("arn:aws:apigateway:" + region + ":dynamodb:action/PutItem")
	async := awsIntegration()
	async.MethodIntegration.RequestParameters = map[string]string{"integration.request.header.X-Amz-Invocation-Type": "'Event'"}
	w := restWorld(t, map[string]rest.Method{"GET /db": m, "GET /async": async})
	w.rest["PROD"].settings.Variables = map[string]string{"function": "hello"}
	w.function(hello, `{}`)
	for _, target := range []string{"/PROD/db", "/PROD/async"} {
		w.wantREST(t, w.get(target), 500, "InternalServerErrorException", executionError, "integration-not-emulated")
	}
}

// With a role, the role counts and not the function's policy.
func TestARoleOfARESTIntegration(t *testing.T) {
	t.Parallel()
	m := lambdaProxy()
	m.MethodIntegration.Credentials = aws.String("arn:aws:iam::" + account + ":role/${stageVariables.role}")
	w := restWorld(t, map[string]rest.Method{"GET /": m})
	w.rest["PROD"].settings.Variables = map[string]string{"role": "r"}
	w.function(hello, `{"statusCode":200}`)
	delete(w.permits, hello)
	w.wantREST(t, w.get("/PROD"), 500, "InternalServerErrorException", executionError, "no-permission")
	const role = "arn:aws:iam::" + account + ":role/r"
	w.trusted[role+" apigateway.amazonaws.com"], w.allowed[role+" lambda:InvokeFunction "+hello] = true, true
	if got := w.get("/PROD"); got.status != 200 {
		t.Errorf("%+v, %+v", got, w.trace())
	}
}

// A function's answer never breaks the gateway, and what it accepts can be sent.
func FuzzProxyOutput(f *testing.F) {
	for _, seed := range []string{`{"statusCode":200,"headers":{"a":"b"},"multiValueHeaders":{"A":["c"]},"body":"x","isBase64Encoded":true}`, `{}`, `"x"`, `{"statusCode":"2e2"}`, `{"headers":{"a\n":"b"}}`, `{"body":5}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		status, header, _, err := executeapi.ProxyOutput([]byte(payload))
		if err != nil {
			return
		}
		if status < 200 || status > 599 {
			t.Errorf("%s: %d", payload, status)
		}
		for _, field := range header {
			if strings.ContainsAny(field[0]+field[1], "\r\n\x00") || field[0] == "" {
				t.Errorf("%s: %q", payload, field)
			}
		}
	})
}
