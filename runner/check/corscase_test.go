package check_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// What a case says of a method that the API does not have.
func TestCORSOfAMethodThatIsNotThere(t *testing.T) {
	t.Parallel()
	const before = "cors:\n  api: shop\n  stage: PROD\n  path: /v2/pets\n  origin: https://shop.example\n  cases: ["
	readable := func(m *market) {
		_, err := m.apis.PutGatewayResponse(m.t.Context(), &apigateway.PutGatewayResponseInput{
			RestApiId: &m.api, ResponseType: types.GatewayResponseTypeDefault4xx, ResponseParameters: map[string]string{"gatewayresponse.header." + acao: "'*'"},
		})
		m.done(err)
		m.redeploy()
	}
	for _, tt := range []struct {
		name, list string
		change     func(m *market)
		want       string
	}{
		{"its preflight blocks it", "{method: DELETE, allowed: false}", func(*market) {}, "passed"},
		{"and nothing answers the preflight", "{method: DELETE, allowed: false}", func(m *market) { m.remove("OPTIONS"); m.redeploy() }, "failed cors.path-near-miss"},
		{"the error that says so can be read", "{method: POST}", readable, "failed cors.path-near-miss"},
		{"and is expected", "{method: POST, status: 403}", readable, "passed"},
		{"and is not expected", "{method: POST, status: {between: [200, 299]}}", readable, "failed cors.status"},
		{"and cannot be read", "{method: POST, status: 403}", func(*market) {}, "failed cors.gateway-error"},
		{"another status is there", "{method: GET, status: 403}", readable, "failed cors.status"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t)
			tt.change(m)
			r := m.run(before + tt.list + "]\n")
			got := outcome(r)
			if len(r.Findings) == 1 && r.Findings[0].Variant != "" {
				got = codes(r)
			}
			if got != tt.want {
				t.Errorf("got %s, want %s\n%+v\n%+v", got, tt.want, r.Findings, r.Seen)
			}
		})
	}
}
