package check_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/check"
)

// market is a REST API whose GET /v2/pets a page of https://shop.example may ask,
// with an Authorization header too: CORS as the console enables it, whole and right.
// Each test breaks one link.
type market struct {
	*shop
}

const (
	acao, acam, acah, acac = "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Allow-Credentials"

	corsNode = `cors:
  api: shop
  stage: PROD
  path: /v2/pets
  origin: https://shop.example
  cases:
    - {method: GET}
    - {method: GET, headers: [Authorization]}
`
)

func newMarket(t testing.TB) *market {
	t.Helper()
	m := &market{shop: &shop{cloud: newCloud(t, nil), t: t}}
	m.apis = apigateway.NewFromConfig(m.cfg)
	m.api = m.makeAPI("shop")
	m.mock("/v2/pets", "GET", "200", `[]`)
	m.header("GET", acao, "'*'")
	m.enable()
	m.deploy("PROD", nil)
	return m
}

// enable makes the OPTIONS method.
func (m *market) enable() {
	m.t.Helper()
	m.mock("/v2/pets", "OPTIONS", "200", "")
	m.header("OPTIONS", acao, "'*'")
	m.header("OPTIONS", acam, "'GET,OPTIONS'")
	m.header("OPTIONS", acah, "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'")
}

func (m *market) pets() string { return m.resource("/v2/pets") }

// declare declares a header of the answer to a method of /v2/pets, and header gives it a value as well.
func (m *market) declare(method, header string) {
	m.t.Helper()
	id := m.pets()
	_, err := m.apis.UpdateMethodResponse(m.t.Context(), &apigateway.UpdateMethodResponseInput{
		RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200"),
		PatchOperations: []types.PatchOperation{{Op: types.OpAdd, Path: aws.String("/responseParameters/method.response.header." + header), Value: aws.String("false")}},
	})
	m.done(err)
}

func (m *market) header(method, header, value string) {
	m.t.Helper()
	m.declare(method, header)
	m.change(method, types.PatchOperation{Op: types.OpAdd, Path: aws.String("/responseParameters/method.response.header." + header), Value: aws.String(value)})
}

// unset takes a header's value away, and undeclare the header.
func (m *market) unset(method, header string) {
	m.t.Helper()
	m.change(method, types.PatchOperation{Op: types.OpRemove, Path: aws.String("/responseParameters/method.response.header." + header)})
}

func (m *market) undeclare(method, header string) {
	m.t.Helper()
	id := m.pets()
	_, err := m.apis.UpdateMethodResponse(m.t.Context(), &apigateway.UpdateMethodResponseInput{
		RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200"),
		PatchOperations: []types.PatchOperation{{Op: types.OpRemove, Path: aws.String("/responseParameters/method.response.header." + header)}},
	})
	m.done(err)
}

func (m *market) change(method string, o types.PatchOperation) {
	m.t.Helper()
	id := m.pets()
	_, err := m.apis.UpdateIntegrationResponse(m.t.Context(), &apigateway.UpdateIntegrationResponseInput{
		RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200"), PatchOperations: []types.PatchOperation{o},
	})
	m.done(err)
}

func (m *market) update(method string, path, value string) {
	m.t.Helper()
	id := m.pets()
	_, err := m.apis.UpdateMethod(m.t.Context(), &apigateway.UpdateMethodInput{
		RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: &path, Value: &value}},
	})
	m.done(err)
}

func (m *market) remove(method string) {
	m.t.Helper()
	id := m.pets()
	_, err := m.apis.DeleteMethod(m.t.Context(), &apigateway.DeleteMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method})
	m.done(err)
}

// redeploy brings everything to the stage.
func (m *market) redeploy() { m.deploy("PROD", nil) }

func (m *market) run(node string) check.Result {
	return check.Run(m.t.Context(), m.world(), compile(m.t, "cors", strings.ReplaceAll(node, "$ID", m.api)))
}

// outcome is a result's codes, and the variant of a single finding.
func outcome(r check.Result) string {
	got := codes(r)
	if len(r.Findings) == 1 && r.Findings[0].Variant != "" {
		got += " " + r.Findings[0].Variant
	}
	return got
}

func TestCORS(t *testing.T) {
	t.Parallel()
	right := func(*market) {}
	cases := func(list string) string {
		return corsNode[:strings.Index(corsNode, "  cases:")] + "  cases: [" + list + "]\n"
	}
	for _, tt := range []struct {
		name, node string
		change     func(m *market)
		want       string
	}{
		{"right", corsNode, right, "passed"},
		{"one origin instead of *", corsNode, func(m *market) {
			m.header("GET", acao, "'https://shop.example'")
			m.header("OPTIONS", acao, "'https://shop.example'")
			m.redeploy()
		}, "passed"},
		{"no options", corsNode, func(m *market) { m.remove("OPTIONS"); m.redeploy() }, "failed cors.no-options"},
		{"not on GET", corsNode, func(m *market) { m.unset("GET", acao); m.undeclare("GET", acao); m.redeploy() }, "failed cors.no-header"},
		{"not redeployed", corsNode, func(m *market) {
			m.header("OPTIONS", acah, "'X-Api-Key'")
			m.redeploy()
			m.header("OPTIONS", acah, "'Authorization'")
		}, "failed cors.not-deployed"},
		{"trailing slash", corsNode, func(m *market) { m.header("GET", acao, "'https://shop.example/'"); m.redeploy() }, "failed cors.origin slash"},
		{"method", cases("{method: PUT}"), func(m *market) { m.mock("/v2/pets", "PUT", "200", ""); m.header("PUT", acao, "'*'"); m.redeploy() }, "failed cors.method"},
		{"Authorization", corsNode, func(m *market) { m.header("OPTIONS", acah, "'X-Api-Key'"); m.redeploy() }, "failed cors.header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t)
			tt.change(m)
			r := m.run(tt.node)
			if got := outcome(r); got != tt.want {
				t.Errorf("got %s, want %s\n%+v\n%+v", got, tt.want, r.Findings, r.Seen)
			}
		})
	}
}
