package executeapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// What a gateway works out by itself ends with its time, and with its client,
// however the API and the body look.
func TestWorkThatTakesLong(t *testing.T) {
	t.Parallel()
	template := func(text string) rest.Method { // of a request: a response's sees no body here
		m := mock("")
		m.MethodIntegration.RequestTemplates = map[string]string{"application/json": text}
		return m
	}
	patterns := map[string]rest.IntegrationResponse{}
	for status := 300; status < 599; status++ {
		patterns[fmt.Sprint(status)] = rest.IntegrationResponse{StatusCode: aws.String(fmt.Sprint(status)), SelectionPattern: aws.String("(?=a)(a+)+b")}
	}
	function := lambdaProxy()
	function.MethodIntegration.Type, function.MethodIntegration.IntegrationResponses = rest.IntegrationTypeAws, patterns
	for name, m := range map[string]rest.Method{
		"an expression with a choice": template(`$input.path('$.s').replaceAll("a*b|a", "x")`),
		"a split":                     template(`$input.path('$.s').split("a*b|a")`),
		"a filter's expression":       template(`$input.path("$.l[?($.s =~ /x*y/)]")`),
		"a filter's list":             template(`$input.path("$.l[?($.l contains 5)]")`),
		"a filter's texts":            template(`$input.path("$.l[?($.s == $.u)]")`),
		"searches":                    template(`#foreach($i in [1..1000])$input.path('$..*').size()#end`),
		"selection patterns":          function,
	} {
		for _, goes := range []bool{false, true} {
			t.Run(fmt.Sprint(name, goes), func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				w := newWorld(t, func(cfg *executeapi.Config) {
					cfg.AfterFunc = func(_ time.Duration, f func()) func() bool { // works as if its time were short
						if goes {
							f = cancel
						}
						return time.AfterFunc(20*time.Millisecond, f).Stop
					}
				})
				w.function(hello, `{"errorMessage":"`+strings.Repeat("a", 60)+`"}`)
				w.deployREST(restDeployment(map[string]rest.Method{"POST /": m}))
				text := strings.Repeat("a", 150_000)
				r := request(http.MethodPost, "/PROD", `{"s":"`+text+`","u":"`+text+`","l":[`+strings.Repeat("1,", 60_000)+`1]}`).WithContext(ctx)
				recorder := httptest.NewRecorder()
				done := make(chan struct{})
				go func() {
					defer close(done)
					w.ServeHTTP(recorder, r)
				}()
				select {
				case <-done:
				case <-time.After(time.Minute):
					t.Fatal("it does not end")
				}
				trace := w.trace()
				if limited := trace.Reason == "bad-template" && recorder.Code == http.StatusInternalServerError; limited { // a limit of its own may come first
					return
				}
				if goes && (trace.Reason != "client-gone" || recorder.Body.Len() > 0) || !goes && (trace.Reason != "timeout" || recorder.Code != http.StatusGatewayTimeout) {
					t.Errorf("%d %+v", recorder.Code, trace)
				}
			})
		}
	}
}

// A trace has neither a body's values nor what an integration's URL may hide,
// however the request ends.
func TestTracesKeepSecrets(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	proxied := httpMethod(rest.IntegrationTypeHttp, "http://me:"+secret+"@upstream.example/path?key="+secret+"&more=${stageVariables.key}", nil)
	proxied.MethodIntegration.RequestTemplates = map[string]string{"application/json": "#if($x"}
	validates := mock("fine")
	validates.RequestValidatorId, validates.RequestModels = aws.String("v1"), map[string]string{"application/json": "Secret"}
	d := restDeployment(map[string]rest.Method{"POST /proxied": proxied, "POST /validated": validates})
	validated(d, false, true)
	d.Models = append(d.Models, rest.Model{Name: aws.String("Secret"), Schema: aws.String(`{"properties":{"password":{"type":"string","pattern":"^x$"},"kind":{"enum":["a"]}}}`)})
	w := newWorld(t, nil)
	w.deployREST(d).settings.Variables = map[string]string{"key": secret}
	for target, reason := range map[string]string{"/PROD/proxied": "bad-template", "/PROD/validated": "invalid-body"} {
		r := request(http.MethodPost, target+"?token="+secret, `{"password":"`+secret+`","kind":"`+secret+`"}`)
		r.Header.Set("Authorization", "Bearer "+secret)
		w.do(r)
		trace, err := json.Marshal(w.trace())
		if err != nil || w.trace().Reason != reason || strings.Contains(string(trace), secret) {
			t.Errorf("%s %v", trace, err)
		}
	}
}
