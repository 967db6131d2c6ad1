package apigateway

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"
)

// full makes a service with an API that has every kind of part, deployed twice to
// two stages.
func full(t testing.TB) (*Service, *api) {
	t.Helper()
	s := New(Config{Account: "123456789012", Region: "ap-northeast-2"})
	a := newAPI(&types.RestApi{Id: aws.String("abcdefghij"), Name: aws.String("a"), RootResourceId: aws.String("rootrootro")})
	n := 0
	id := func() *string { n++; return aws.String(fmt.Sprintf("id%04d", n)) }
	integration := &types.Integration{Type: types.IntegrationTypeMock, CacheKeyParameters: []string{}, IntegrationResponses: map[string]types.IntegrationResponse{"200": {StatusCode: aws.String("200"), SelectionPattern: aws.String("")}}}
	pets := &types.Resource{Id: id(), ParentId: a.RootResourceId, PathPart: aws.String("pets"), Path: aws.String("/pets"), ResourceMethods: map[string]types.Method{
		"GET": {HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"), ApiKeyRequired: aws.Bool(false), MethodIntegration: integration, MethodResponses: map[string]types.MethodResponse{"200": {StatusCode: aws.String("200"), ResponseModels: map[string]string{}}}},
	}}
	a.setResource(pets)
	a.models["Pet"] = &types.Model{Id: id(), Name: aws.String("Pet")}
	validator, authorizer := &types.RequestValidator{Id: id(), Name: aws.String("all")}, &types.Authorizer{Id: id(), Name: aws.String("who")}
	a.requestValidators[*validator.Id], a.authorizers[*authorizer.Id] = validator, authorizer
	a.gatewayResponses["DEFAULT_4XX"] = &types.GatewayResponse{ResponseType: types.GatewayResponseTypeDefault4xx}
	for i, stage := range []string{"dev", "PROD"} {
		a.deployed++
		d := newDeployment(types.Deployment{Id: id()}, a.deployed, a.freeze())
		a.deployments[*d.Id] = d
		a.stages[stage] = &types.Stage{StageName: aws.String(stage), DeploymentId: d.Id, MethodSettings: map[string]types.MethodSetting{}, CanarySettings: &types.CanarySettings{DeploymentId: d.Id, PercentTraffic: float64(i)}}
	}
	s.put(a)
	return s, a
}

// Models, validators, authorizers and gateway responses are frozen too.
func TestEveryPartIsFrozen(t *testing.T) {
	t.Parallel()
	s, a := full(t)
	_, deployment, canary, _ := s.Stage(*a.Id, "dev")
	if deployment == nil || deployment != canary {
		t.Fatalf("got %p and %p", deployment, canary)
	}
	before, _ := json.Marshal(deployment)
	for what, change := range map[string]func(*api){
		"models":             func(a *api) { a.models["Pet"] = &types.Model{Name: aws.String("Pet"), Schema: aws.String("{}")} },
		"no models":          func(a *api) { delete(a.models, "Pet") },
		"request validators": func(a *api) { clear(a.requestValidators) },
		"authorizers":        func(a *api) { clear(a.authorizers) },
		"gateway responses":  func(a *api) { clear(a.gatewayResponses) },
	} {
		changed := a.edit()
		change(changed)
		s.put(changed)
		_, same, _, _ := s.Stage(*a.Id, "dev")
		after, _ := json.Marshal(same)
		if same != deployment || string(after) != string(before) {
			t.Errorf("%s: the stage serves %s", what, after)
		}
	}
	if len(deployment.Models) != 1 || len(deployment.RequestValidators) != 1 || len(deployment.Authorizers) != 1 || len(deployment.GatewayResponses) != 1 || len(deployment.Resources) != 2 {
		t.Errorf("got %+v", deployment)
	}
}

func TestSnapshotAndRestore(t *testing.T) {
	t.Parallel()
	s, a := full(t)
	s.cloudWatchRole = aws.String("arn:aws:iam::123456789012:role/logs")
	first, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	other := New(s.cfg)
	if err := other.Restore(first); err != nil {
		t.Fatal(err)
	}
	again, err := other.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(again)); diff != "" {
		t.Error(diff)
	}
	_, want, _, _ := s.Stage(*a.Id, "PROD")
	_, got, canary, _ := other.Stage(*a.Id, "PROD")
	wantText, _ := json.Marshal(want)
	gotText, _ := json.Marshal(got)
	if string(gotText) != string(wantText) || canary != got {
		t.Errorf("got  %s\nwant %s", gotText, wantText)
	}
	// What is the same stands once: two deployments and the API share all.
	if n := strings.Count(string(first), `"/pets"`); n != 1 {
		t.Errorf("the resource is stored %d times", n)
	}
	if r := other.apis[*a.Id]; r.deployed != 2 || r.deployments["id0005"].resources[1] != r.deployments["id0006"].resources[1] {
		t.Error("deployments do not share their values")
	}
	if _, err := other.apis[*a.Id].resource(aws.String("id0001")); err != nil {
		t.Error(err)
	}
	if id, ok := other.apis[*a.Id].names.get("rootrootro/pets"); !ok || id != "id0001" {
		t.Errorf("the name is of %q", id)
	}
	if err := other.Restore(nil); err != nil || len(other.apis) > 0 || other.cloudWatchRole != nil {
		t.Error("nil empties it")
	}
	if err := other.Restore([]byte(`{"Unknown":1}`)); err == nil {
		t.Error("a member that is not known is taken")
	}
}

// A table is a map, and its copies do not see each other.
func TestTable(t *testing.T) {
	t.Parallel()
	var a table[int]
	for i := range 1000 {
		a.set(fmt.Sprint(i), i)
	}
	b := a
	for i := range 500 {
		b.remove(fmt.Sprint(i))
	}
	b.set("x", -1)
	b.set("999", 7)
	b.remove("nothing")
	if a.size != 1000 || b.size != 501 {
		t.Errorf("%d and %d entries", a.size, b.size)
	}
	if v, ok := a.get("999"); v != 999 || !ok {
		t.Errorf("got %d", v)
	}
	if _, ok := a.get("x"); ok {
		t.Error("the original has what the copy got")
	}
	if _, ok := b.get("1"); ok {
		t.Error("the copy has what it lost")
	}
	all := b.sorted(func(x, y int) int { return x - y })
	if len(all) != 501 || all[0] != -1 || !slices.IsSorted(all) {
		t.Errorf("got %v", all)
	}
}
