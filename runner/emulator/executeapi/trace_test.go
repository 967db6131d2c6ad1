package executeapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/executeapi"
)

// asked makes the request a browser's, by headers in the order name, value.
func asked(r *http.Request, headers ...string) *http.Request {
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func TestTracesOfCORSInRESTAPIs(t *testing.T) {
	t.Parallel()
	m := options(`{"statusCode": 200}`, "200", map[string]string{"Access-Control-Allow-Methods": "'GET,OPTIONS'", "Access-Control-Allow-Origin": "'*'"}, "")
	w := restWorld(t, map[string]rest.Method{"OPTIONS /pets": m, "GET /pets": lambdaProxy(), "GET /moved": lambdaProxy()})
	w.function(hello, `{"statusCode":302,"headers":{"Location":"https://user:pass@other.example/a?token=1#b","Set-Cookie":"id=1","X-Secret":"s","Cross-Origin-Resource-Policy":"same-site"},"multiValueHeaders":{"Vary":["Origin","Accept"]},"body":"x"}`)
	for name, tt := range map[string]struct {
		request *http.Request
		want    *executeapi.CORSTrace
	}{
		"a preflight": {
			asked(request(http.MethodOptions, "/PROD/pets", ""), "Origin", "https://a.example", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization,x-a"),
			&executeapi.CORSTrace{
				Origin: "https://a.example", RequestMethod: "GET", RequestHeaders: "authorization,x-a",
				Answer: map[string][]string{"access-control-allow-methods": {"GET,OPTIONS"}, "access-control-allow-origin": {"*"}},
				Names:  []string{"access-control-allow-methods", "access-control-allow-origin", "content-length", "content-type", "date", "x-amz-apigw-id", "x-amzn-requestid"},
			},
		},
		"a preflight for which there is no method": {
			asked(request(http.MethodOptions, "/PROD/moved", ""), "Origin", "null", "Access-Control-Request-Method", "GET"),
			&executeapi.CORSTrace{Origin: "null", RequestMethod: "GET", Names: []string{"content-length", "content-type", "date", "x-amz-apigw-id", "x-amzn-errortype", "x-amzn-requestid"}},
		},
		// A location keeps neither query nor who logs in; other headers keep their names.
		"a redirect": {
			asked(request(http.MethodGet, "/PROD/moved", ""), "Origin", "https://a.example"),
			&executeapi.CORSTrace{
				Origin: "https://a.example",
				Answer: map[string][]string{"cross-origin-resource-policy": {"same-site"}, "location": {"https://hidden@other.example/a"}, "vary": {"Origin", "Accept"}},
				Names:  []string{"content-length", "content-type", "cross-origin-resource-policy", "date", "location", "set-cookie", "vary", "x-amz-apigw-id", "x-amzn-requestid", "x-amzn-trace-id", "x-secret"},
			},
		},
		"no page": {request(http.MethodGet, "/PROD/pets", ""), nil},
		"mode no-cors": {
			asked(request(http.MethodGet, "/PROD/moved", ""), "Sec-Fetch-Mode", "no-cors"),
			&executeapi.CORSTrace{
				Answer: map[string][]string{"cross-origin-resource-policy": {"same-site"}, "location": {"https://hidden@other.example/a"}, "vary": {"Origin", "Accept"}},
				Names:  []string{"content-length", "content-type", "cross-origin-resource-policy", "date", "location", "set-cookie", "vary", "x-amz-apigw-id", "x-amzn-requestid", "x-amzn-trace-id", "x-secret"},
			},
		},
	} {
		w.do(tt.request)
		if d := cmp.Diff(tt.want, w.trace().CORS); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

func TestTracesOfCORSInHTTPAPIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	configured(w, &types.Cors{AllowOrigins: []string{"https://a.example"}, AllowMethods: []string{"GET"}, MaxAge: aws.Int32(60)}, "GET /a")
	w.do(preflight("https://a.example"))
	want := &executeapi.CORSTrace{
		Origin: "https://a.example", RequestMethod: "POST",
		Answer: map[string][]string{"access-control-allow-methods": {"GET"}, "access-control-allow-origin": {"https://a.example"}, "access-control-max-age": {"60"}, "vary": {"origin"}},
		Names:  []string{"access-control-allow-methods", "access-control-allow-origin", "access-control-max-age", "apigw-requestid", "date", "vary"},
	}
	if d := cmp.Diff(want, w.trace().CORS); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	w.do(asked(request(http.MethodGet, "/missing", ""), "Origin", "https://a.example"))
	if got := w.trace(); got.Status != 404 || got.CORS == nil || len(got.CORS.Answer["access-control-allow-origin"]) != 1 {
		t.Errorf("a refusal of the gateway's: %+v", got)
	}
}

// A trace is bounded as a request is, and says when it is not whole.
func TestTracesOfCORSAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	answer, err := json.Marshal(map[string]any{"statusCode": 200, "headers": map[string]string{"access-control-expose-headers": strings.Repeat("a,", 8000), "vary": "origin"}})
	if err != nil {
		t.Fatal(err)
	}
	w.function(hello, string(answer))
	w.deploy(deployment("$default", "GET /a"))
	w.do(asked(request(http.MethodGet, "/a", ""), "Origin", "https://a.example"))
	if got := w.trace().CORS; got == nil || !got.Cut || len(got.Answer["access-control-expose-headers"]) != 0 {
		t.Errorf("%+v", got)
	}
}
