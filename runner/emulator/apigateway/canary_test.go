package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func canaryOf(deployment *string, percent float64, overrides map[string]string) *types.CanarySettings {
	return &types.CanarySettings{DeploymentId: deployment, PercentTraffic: percent, StageVariableOverrides: overrides}
}

// The four ways in which a stage gets a canary (LocalStack,
// test_apigateway_canary.snapshot).
func TestCanariesAreMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	one, two := w.deploy(id, ""), w.deploy(id, "")

	t.Run("with the stage", func(t *testing.T) {
		out, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{
			RestApiId: id, StageName: aws.String("a"), DeploymentId: one, Variables: map[string]string{"testVar": "default"},
			CanarySettings: canaryOf(two, 50, map[string]string{"testVar": "canary"}),
		})
		must(t, out, err)
		equal(t, canaryOf(two, 50, map[string]string{"testVar": "canary"}), out.CanarySettings)
		if *out.DeploymentId != *one {
			t.Errorf("got %+v", out)
		}
		out, err = w.CreateStage(t.Context(), &sdk.CreateStageInput{RestApiId: id, StageName: aws.String("b"), DeploymentId: one, CanarySettings: &types.CanarySettings{PercentTraffic: 40}})
		must(t, out, err)
		equal(t, canaryOf(one, 40, nil), out.CanarySettings) // of the stage's own deployment
	})
	t.Run("by a deployment", func(t *testing.T) {
		must(t, 0, second(w.CreateStage(t.Context(), &sdk.CreateStageInput{RestApiId: id, StageName: aws.String("c"), DeploymentId: one, Variables: map[string]string{"testVar": "default"}})))
		for _, percent := range []float64{0, 50, 100} {
			out, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id, StageName: aws.String("c"), CanarySettings: &types.DeploymentCanarySettings{PercentTraffic: percent, StageVariableOverrides: map[string]string{"testVar": "canary2"}}})
			must(t, out, err)
			stage := w.stage(id, "c")
			equal(t, canaryOf(out.Id, percent, map[string]string{"testVar": "canary2"}), stage.CanarySettings)
			if *stage.DeploymentId != *one || stage.Variables["testVar"] != "default" {
				t.Errorf("got %+v", stage)
			}
		}
	})
	t.Run("by patches", func(t *testing.T) {
		must(t, 0, second(w.CreateStage(t.Context(), &sdk.CreateStageInput{RestApiId: id, StageName: aws.String("d"), DeploymentId: one})))
		for _, tt := range []struct {
			op   types.PatchOperation
			want *types.CanarySettings
		}{
			{patch("replace", "/canarySettings/deploymentId", *two), canaryOf(two, 0, nil)},
			{patch("remove", "/canarySettings", ""), nil},
			{patch("replace", "/canarySettings/percentTraffic", "50"), canaryOf(one, 50, nil)},
			{patch("replace", "/canarySettings/percentTraffic", "0.5"), canaryOf(one, 0.5, nil)},
			{patch("replace", "/canarySettings/percentTraffic", "100.0"), canaryOf(one, 100, nil)},
			{patch("remove", "/canarySettings", ""), nil},
			{patch("replace", "/canarySettings/useStageCache", "true"), &types.CanarySettings{DeploymentId: one, UseStageCache: true}},
			{patch("remove", "/canarySettings", ""), nil},
			{patch("replace", "/canarySettings/stageVariableOverrides/a", "1"), canaryOf(one, 0, map[string]string{"a": "1"})},
			{patch("replace", "/canarySettings/stageVariableOverrides/b", "2"), canaryOf(one, 0, map[string]string{"a": "1", "b": "2"})},
			{patch("replace", "/canarySettings/stageVariableOverrides/a", "3"), canaryOf(one, 0, map[string]string{"a": "3", "b": "2"})},
			{patch("remove", "/canarySettings/stageVariableOverrides/a", ""), canaryOf(one, 0, map[string]string{"b": "2"})},
			{patch("remove", "/canarySettings/stageVariableOverrides/b", ""), canaryOf(one, 0, nil)},
		} {
			out, err := w.patchStage(id, "d", tt.op)
			must(t, out, err)
			equal(t, tt.want, out.CanarySettings)
		}
	})
	t.Run("as the console does", func(t *testing.T) {
		must(t, 0, second(w.CreateStage(t.Context(), &sdk.CreateStageInput{RestApiId: id, StageName: aws.String("e"), DeploymentId: one})))
		out, err := w.patchStage(id, "e", patch("replace", "/canarySettings/percentTraffic", "50"), patch("replace", "/canarySettings/useStageCache", "false"))
		must(t, out, err)
		equal(t, canaryOf(one, 50, nil), out.CanarySettings)
	})
}

// A promotion moves the stage, puts the canary's variables over its own, and
// leaves the canary where it is; what is deployed then goes to the canary still.
func TestACanaryIsPromoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	old := w.deploy(id, "PROD")
	must(t, 0, second(w.patchStage(id, "PROD", patch("replace", "/variables/kept", "k"), patch("replace", "/variables/changed", "old"))))
	out, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id, StageName: aws.String("PROD"), CanarySettings: &types.DeploymentCanarySettings{
		PercentTraffic: 50, StageVariableOverrides: map[string]string{"changed": "new", "added": "a"},
	}})
	newer := must(t, out, err).Id
	_, deployment, canary, found := w.service.Stage(*id, "PROD")
	if !found || deployment.ID != *old || canary.ID != *newer {
		t.Fatalf("the stage serves %v and %v", deployment, canary)
	}
	promoted, err := w.patchStage(id, "PROD",
		patch("replace", "/canarySettings/percentTraffic", "0.0"),
		copying("/variables", "/canarySettings/stageVariableOverrides"),
		copying("/deploymentId", "/canarySettings/deploymentId"),
	)
	must(t, promoted, err)
	overrides := map[string]string{"changed": "new", "added": "a"}
	equal(t, canaryOf(newer, 0, overrides), promoted.CanarySettings)
	equal(t, map[string]string{"kept": "k", "changed": "new", "added": "a"}, promoted.Variables)
	if *promoted.DeploymentId != *newer {
		t.Errorf("got %+v", promoted)
	}
	wantError(t, second(w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id, StageName: aws.String("PROD")})), badRequest,
		"Invalid deployment content specified.Non canary deployment not supported on stage PROD because Canary is enabled. Provide CanarySettings in deploymentInput.")
	out, err = w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id, StageName: aws.String("PROD"), CanarySettings: &types.DeploymentCanarySettings{}})
	must(t, out, err)
	if stage := w.stage(id, "PROD"); *stage.DeploymentId != *newer || *stage.CanarySettings.DeploymentId != *out.Id {
		t.Errorf("got %+v", stage)
	}
	must(t, 0, second(w.patchStage(id, "PROD", patch("remove", "/canarySettings", ""))))
	if _, _, canary, _ := w.service.Stage(*id, "PROD"); canary != nil {
		t.Errorf("the stage has the canary %s still", canary.ID)
	}
	must(t, 0, second(w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id, StageName: aws.String("PROD")})))
}
