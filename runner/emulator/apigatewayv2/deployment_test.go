package apigatewayv2_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/apigatewayv2"
	"awslab/runner/emulator/emulatortest"
)

// served are the keys of the routes that a stage serves.
func (w world) served(api *string, stage string) []string {
	d := w.service.Deployed(*api, stage)
	if d == nil {
		return nil
	}
	keys := []string{}
	for _, route := range d.Routes {
		keys = append(keys, *route.RouteKey)
	}
	return keys
}

// A stage without autoDeploy serves what was deployed to it, and nothing newer.
func TestDeployments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("prod")}); err != nil {
		t.Fatal(err)
	}
	_, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{ApiId: api, StageName: aws.String("prod")})
	wantError(t, err, "BadRequestException", "Unable to deploy API because no routes exist in this API")
	route := w.route(api, "GET /a")
	if got := w.served(api, "prod"); got != nil {
		t.Errorf("a stage without a deployment serves %v", got)
	}
	_, err = w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{ApiId: api, StageName: aws.String("none")})
	wantError(t, err, "NotFoundException", "Invalid stage identifier specified")
	out, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{ApiId: api, StageName: aws.String("prod"), Description: aws.String("first")})
	first := must(t, out, err)
	want := &types.Deployment{DeploymentId: first.DeploymentId, AutoDeployed: aws.Bool(false), CreatedDate: aws.Time(*w.now), DeploymentStatus: types.DeploymentStatusDeployed, Description: aws.String("first")}
	got := &types.Deployment{DeploymentId: first.DeploymentId, AutoDeployed: first.AutoDeployed, CreatedDate: first.CreatedDate, DeploymentStatus: first.DeploymentStatus, Description: first.Description}
	if diff := cmp.Diff(want, got, sameValues); diff != "" {
		t.Error(diff)
	}
	before := w.service.Deployed(*api, "prod")
	w.route(api, "GET /b")
	if _, err := w.UpdateRoute(t.Context(), &sdk.UpdateRouteInput{ApiId: api, RouteId: route, RouteKey: aws.String("GET /c")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.UpdateDeployment(t.Context(), &sdk.UpdateDeploymentInput{ApiId: api, DeploymentId: first.DeploymentId, Description: aws.String("the first")}); err != nil {
		t.Fatal(err)
	}
	if after := w.service.Deployed(*api, "prod"); after != before {
		t.Errorf("what is not deployed is served: %+v", after)
	}
	if diff := cmp.Diff([]string{"GET /a"}, w.served(api, "prod")); diff != "" {
		t.Error(diff)
	}
	*w.now = w.now.Add(time.Hour)
	if _, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{ApiId: api, StageName: aws.String("prod")}); err != nil {
		t.Fatal(err)
	}
	if got := w.served(api, "prod"); len(got) != 2 || w.service.Deployed(*api, "prod") == before {
		t.Errorf("what was deployed is not served: %v", got)
	}
	list, err := w.GetDeployments(t.Context(), &sdk.GetDeploymentsInput{ApiId: api})
	if err != nil || len(list.Items) != 2 || *list.Items[1].DeploymentId != *first.DeploymentId || *list.Items[1].Description != "the first" {
		t.Errorf("deployments are %+v, %v", list, err)
	}
	// Back to the first, which then cannot be deleted.
	if _, err := w.UpdateStage(t.Context(), &sdk.UpdateStageInput{ApiId: api, StageName: aws.String("prod"), DeploymentId: first.DeploymentId}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"GET /a"}, w.served(api, "prod")); diff != "" {
		t.Error(diff)
	}
	_, err = w.DeleteDeployment(t.Context(), &sdk.DeleteDeploymentInput{ApiId: api, DeploymentId: first.DeploymentId})
	wantError(t, err, "BadRequestException", "Active stages pointing to this deployment must be moved or deleted")
	if _, err := w.DeleteDeployment(t.Context(), &sdk.DeleteDeploymentInput{ApiId: api, DeploymentId: list.Items[0].DeploymentId}); err != nil {
		t.Error(err)
	}
	if _, err := w.DeleteStage(t.Context(), &sdk.DeleteStageInput{ApiId: api, StageName: aws.String("prod")}); err != nil {
		t.Error(err)
	}
	if w.service.Deployed(*api, "prod") != nil {
		t.Error("a deleted stage is served")
	}
}

// Every change of an API's configuration is deployed to a stage with autoDeploy,
// as one deployment.
func TestAutoDeploy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	stage, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	if err != nil || aws.ToString(stage.LastDeploymentStatusMessage) != "Deployment attempt failed: Unable to deploy API because no routes exist in this API" || stage.DeploymentId != nil {
		t.Errorf("%+v, %v", stage, err)
	}
	if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("also"), AutoDeploy: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	made := 0
	changes := func(what string, changed bool, err error) {
		t.Helper()
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		list, err := w.GetDeployments(t.Context(), &sdk.GetDeploymentsInput{ApiId: api})
		if err != nil {
			t.Fatal(err)
		}
		if changed {
			made++
		}
		if len(list.Items) != made {
			t.Errorf("after %s there are %d deployments, want %d", what, len(list.Items), made)
			made = len(list.Items)
		}
		if made > 0 && (!*list.Items[0].AutoDeployed || *list.Items[0].Description != "Automatic deployment triggered by changes to the Api configuration") {
			t.Errorf("%+v", list.Items[0])
		}
	}
	integration := w.integration(api)
	changes("an integration without routes", false, nil)
	route := w.route(api, "GET /a")
	changes("a route", true, nil)
	if w.service.Deployed(*api, "also") == nil || w.service.Deployed(*api, "$default") == nil {
		t.Error("not every stage was deployed to")
	}
	_, err = w.UpdateRoute(t.Context(), &sdk.UpdateRouteInput{ApiId: api, RouteId: route, Target: aws.String("integrations/" + *integration)})
	changes("a target", true, err)
	_, err = w.UpdateIntegration(t.Context(), &sdk.UpdateIntegrationInput{ApiId: api, IntegrationId: integration, TimeoutInMillis: aws.Int32(1000)})
	changes("a timeout", true, err)
	_, err = w.UpdateApi(t.Context(), &sdk.UpdateApiInput{ApiId: api, CorsConfiguration: &types.Cors{AllowOrigins: []string{"*"}}})
	changes("CORS", true, err)
	if d := w.service.Deployed(*api, "$default"); d.API.CorsConfiguration == nil || *d.Integrations[0].TimeoutInMillis != 1000 || *d.Routes[0].Target != "integrations/"+*integration {
		t.Errorf("%+v", d)
	}
	_, err = w.DeleteCorsConfiguration(t.Context(), &sdk.DeleteCorsConfigurationInput{ApiId: api})
	changes("no CORS", true, err)
	if d := w.service.Deployed(*api, "$default"); d.API.CorsConfiguration != nil {
		t.Errorf("%+v", d.API.CorsConfiguration)
	}
	_, err = w.UpdateStage(t.Context(), &sdk.UpdateStageInput{ApiId: api, StageName: aws.String("$default"), StageVariables: map[string]string{"a": "b"}})
	changes("a stage variable", false, err)
	if d := w.service.Deployed(*api, "$default"); d.Stage.StageVariables["a"] != "b" {
		t.Errorf("%+v", d.Stage)
	}
	_, err = w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: aws.String("arn:aws:apigateway:ap-northeast-2::/apis/" + *api), Tags: map[string]string{"k": "v"}})
	changes("a tag", false, err)
	_, err = w.UpdateStage(t.Context(), &sdk.UpdateStageInput{ApiId: api, StageName: aws.String("also"), DeploymentId: aws.String("x")})
	wantError(t, err, "BadRequestException", "Deployment ID cannot be set on this stage 123456789012:"+*api+" because AutoDeploy is enabled.")
	_, err = w.DeleteRoute(t.Context(), &sdk.DeleteRouteInput{ApiId: api, RouteId: route})
	changes("the last route's deletion", false, err)
	if diff := cmp.Diff([]string{"GET /a"}, w.served(api, "$default")); diff != "" {
		t.Error("an API without routes cannot be deployed: " + diff)
	}
	off, err := w.UpdateStage(t.Context(), &sdk.UpdateStageInput{ApiId: api, StageName: aws.String("also"), AutoDeploy: aws.Bool(false)})
	if err != nil || off.AutoDeploy != nil || off.LastDeploymentStatusMessage != nil {
		t.Errorf("%+v, %v", off, err)
	}
	w.route(api, "GET /b")
	changes("a route again", true, nil)
	if got := append(w.served(api, "$default"), w.served(api, "also")...); cmp.Diff([]string{"GET /b", "GET /a"}, got) != "" {
		t.Errorf("served are %v", got)
	}
	_, err = w.UpdateStage(t.Context(), &sdk.UpdateStageInput{ApiId: api, StageName: aws.String("also"), AutoDeploy: aws.Bool(true)})
	changes("autoDeploy again", true, err)
	if diff := cmp.Diff([]string{"GET /b"}, w.served(api, "also")); diff != "" {
		t.Error(diff)
	}
}

// A stage whose authorizers' answers are to be forgotten is served anew, and is
// the same.
func TestResetAuthorizersCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	w.route(api, "GET /a")
	for _, stage := range []string{"dev", "other"} {
		if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: &stage, AutoDeploy: aws.Bool(true)}); err != nil {
			t.Fatal(err)
		}
	}
	dev, other := w.service.Deployed(*api, "dev"), w.service.Deployed(*api, "other")
	before, err := w.service.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	*w.now = w.now.Add(time.Hour)
	if _, err := w.ResetAuthorizersCache(t.Context(), &sdk.ResetAuthorizersCacheInput{ApiId: api, StageName: aws.String("dev")}); err != nil {
		t.Fatal(err)
	}
	if w.service.Deployed(*api, "dev") == dev || w.service.Deployed(*api, "other") != other {
		t.Error("want dev served anew, and nothing else")
	}
	after, err := w.service.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(before), string(after)); diff != "" {
		t.Error(diff)
	}
}

// Settings of a stage are stored, replaced and deleted one by one.
func TestStageSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, name := w.api(), aws.String("dev")
	w.route(api, "GET /a")
	logs := &types.AccessLogSettings{DestinationArn: aws.String("arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/apigateway/hello:*"), Format: aws.String("$context.requestId")}
	_, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{
		ApiId: api, StageName: name, AccessLogSettings: logs, Tags: map[string]string{"k": "v"}, StageVariables: map[string]string{"f": "hello"},
		DefaultRouteSettings: &types.RouteSettings{ThrottlingBurstLimit: aws.Int32(5), ThrottlingRateLimit: aws.Float64(0.5)},
		RouteSettings:        map[string]types.RouteSettings{"GET /a": {ThrottlingBurstLimit: aws.Int32(1)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	stage := func() *types.Stage {
		list, err := w.GetStages(t.Context(), &sdk.GetStagesInput{ApiId: api})
		if err != nil || len(list.Items) != 1 {
			t.Fatalf("%+v, %v", list, err)
		}
		return &list.Items[0]
	}
	want := &types.Stage{
		StageName: name, AccessLogSettings: logs, Tags: map[string]string{"k": "v"}, StageVariables: map[string]string{"f": "hello"}, CreatedDate: w.now, LastUpdatedDate: w.now,
		DefaultRouteSettings: &types.RouteSettings{ThrottlingBurstLimit: aws.Int32(5), ThrottlingRateLimit: aws.Float64(0.5), DetailedMetricsEnabled: aws.Bool(false)},
		RouteSettings:        map[string]types.RouteSettings{"GET /a": {ThrottlingBurstLimit: aws.Int32(1)}},
	}
	if diff := cmp.Diff(want, stage(), sameValues); diff != "" {
		t.Error(diff)
	}
	if _, err := w.DeleteAccessLogSettings(t.Context(), &sdk.DeleteAccessLogSettingsInput{ApiId: api, StageName: name}); err != nil {
		t.Error(err)
	}
	if _, err := w.DeleteRouteSettings(t.Context(), &sdk.DeleteRouteSettingsInput{ApiId: api, StageName: name, RouteKey: aws.String("GET /a")}); err != nil {
		t.Error(err)
	}
	want.AccessLogSettings, want.RouteSettings = nil, map[string]types.RouteSettings{}
	if diff := cmp.Diff(want, stage(), sameValues); diff != "" {
		t.Error(diff)
	}
	_, err = w.DeleteRouteSettings(t.Context(), &sdk.DeleteRouteSettingsInput{ApiId: api, StageName: name, RouteKey: aws.String("GET /a")})
	wantError(t, err, "NotFoundException", "Unable to find Route by key GET /a within the provided RouteSettings")
}

// A service that is restored from a snapshot has the same state, to the byte, and
// serves the same.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	w.integration(api)
	if _, err := w.CreateAuthorizer(t.Context(), authorizer(api, "a")); err != nil {
		t.Fatal(err)
	}
	for _, stage := range []string{"$default", "other"} {
		if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: &stage, AutoDeploy: aws.Bool(stage == "$default")}); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"GET /a", "GET /b", "GET /c"} {
		w.route(api, key)
	}
	out, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{ApiId: api, StageName: aws.String("other")})
	must(t, out, err)
	w.route(api, "GET /d")
	data, err := w.service.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	again := apigatewayv2.New(apigatewayv2.Config{Account: emulatortest.Account, Region: emulatortest.Region})
	if err := again.Restore(data); err != nil {
		t.Fatal(err)
	}
	same, err := again.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(data), string(same)); diff != "" {
		t.Error(diff)
	}
	for _, stage := range []string{"$default", "other"} {
		if diff := cmp.Diff(w.service.Deployed(*api, stage), again.Deployed(*api, stage), sameValues); diff != "" {
			t.Errorf("%s: %s", stage, diff)
		}
	}
	if err := again.Restore([]byte(`[{"Newer":1}]`)); err == nil {
		t.Error("a snapshot of another awslab is taken")
	}
	if again.Deployed(*api, "other") == nil {
		t.Error("a snapshot that was not taken changed the state")
	}
	if err := again.Restore(nil); err != nil || again.Deployed(*api, "other") != nil {
		t.Errorf("nothing is to be left: %v", err)
	}
}

// A Lambda authorizer from its creation to its deletion, with typed errors.
func TestAnAuthorizersLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	created, err := w.CreateAuthorizer(t.Context(), authorizer(api, "guard"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := w.CreateRoute(t.Context(), &sdk.CreateRouteInput{ApiId: api, RouteKey: aws.String("GET /a"), AuthorizationType: types.AuthorizationTypeCustom, AuthorizerId: created.AuthorizerId})
	route := must(t, out, err)
	if _, err := w.UpdateAuthorizer(t.Context(), &sdk.UpdateAuthorizerInput{ApiId: api, AuthorizerId: created.AuthorizerId, AuthorizerResultTtlInSeconds: aws.Int32(0), EnableSimpleResponses: aws.Bool(false), IdentityValidationExpression: aws.String("^Bearer .+$")}); err != nil {
		t.Fatal(err)
	}
	list, err := w.GetAuthorizers(t.Context(), &sdk.GetAuthorizersInput{ApiId: api})
	if err != nil {
		t.Fatal(err)
	}
	in := authorizer(api, "guard")
	want := []types.Authorizer{{
		AuthorizerId: created.AuthorizerId, Name: in.Name, AuthorizerType: in.AuthorizerType, AuthorizerUri: in.AuthorizerUri, AuthorizerPayloadFormatVersion: in.AuthorizerPayloadFormatVersion,
		IdentitySource: in.IdentitySource, AuthorizerResultTtlInSeconds: aws.Int32(0), EnableSimpleResponses: aws.Bool(false), IdentityValidationExpression: aws.String("^Bearer .+$"),
	}}
	if diff := cmp.Diff(want, list.Items, sameValues); diff != "" {
		t.Error(diff)
	}
	remove := &sdk.DeleteAuthorizerInput{ApiId: api, AuthorizerId: created.AuthorizerId}
	_, err = w.DeleteAuthorizer(t.Context(), remove)
	wantError(t, err, "ConflictException", "Cannot delete authorizer 'guard', is referenced in route: GET /a")
	_, err = w.UpdateRoute(t.Context(), &sdk.UpdateRouteInput{ApiId: api, RouteId: route.RouteId, AuthorizerId: aws.String("other")})
	var bad *types.BadRequestException
	if !errors.As(err, &bad) || bad.ErrorMessage() != "Setting the authorization type to CUSTOM requires a valid authorizer." {
		t.Error(err)
	}
	free, err := w.UpdateRoute(t.Context(), &sdk.UpdateRouteInput{ApiId: api, RouteId: route.RouteId, AuthorizationType: types.AuthorizationTypeNone})
	if err != nil || free.AuthorizerId != nil {
		t.Errorf("%+v, %v", free, err)
	}
	if _, err := w.DeleteAuthorizer(t.Context(), remove); err != nil {
		t.Error(err)
	}
	_, err = w.DeleteAuthorizer(t.Context(), remove)
	var gone *types.NotFoundException
	if !errors.As(err, &gone) {
		t.Error(err)
	}
}
