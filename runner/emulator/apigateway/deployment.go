package apigateway

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) deploymentOperations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("CreateDeployment", "POST "+deploymentsPath, 201, s.createDeployment).Lacking(noCache),
		awsproto.REST("DeleteDeployment", "DELETE "+deploymentPath, 202, s.deleteDeployment),
		awsproto.REST("GetDeployment", "GET "+deploymentPath, 200, s.getDeployment),
		awsproto.REST("GetDeployments", "GET "+deploymentsPath, 200, s.getDeployments),
		awsproto.REST("UpdateDeployment", "PATCH "+deploymentPath, 200, s.updateDeployment),
	}
}

// checkDeployable says why an API cannot be deployed (moto,
// apigateway/exceptions.py; the first with status 400 in Terraform's reports).
func (a *api) checkDeployable() error {
	found := false
	for _, r := range a.allResources() {
		for _, method := range r.ResourceMethods {
			if found = true; method.MethodIntegration == nil {
				return badRequest("No integration defined for method")
			}
		}
	}
	if !found {
		return badRequest("The REST API doesn't contain any methods")
	}
	return nil
}

// deploy freezes an API; the stage that is to serve it is the caller's to set.
func (a *api) deploy(call *awsproto.Call, description *string) *deployment {
	a.deployed++
	d := newDeployment(types.Deployment{Id: a.newPartID(call), CreatedDate: awsproto.Seconds(call.Time), Description: description}, a.deployed, a.freeze())
	a.deployments[*d.Id] = d
	return d
}

// given is a text that "" leaves out: the console sends empty descriptions, and
// AWS's answers do not have them.
func given(text *string) *string {
	if aws.ToString(text) == "" {
		return nil
	}
	return text
}

// badDeployment is the error of deployments whose stage or canary does not fit
// (LocalStack, test_create_canary_deployment_validation; serverless#11518).
func badDeployment(format string, args ...any) error {
	return badRequest("Invalid deployment content specified."+format, args...)
}

// stageOf gives the stage that a deployment is for, as it is to be but for the
// deployment's id; nil where the call names none.
func (a *api) stageOf(call *awsproto.Call, in *apigateway.CreateDeploymentInput) (*types.Stage, error) {
	name := aws.ToString(in.StageName)
	if in.CanarySettings != nil && name == "" {
		given := "null"
		if in.StageName != nil {
			given = ""
		}
		return nil, badDeployment("Non null and non empty stageName must be provided for canary deployment. Provided value is %s", given)
	}
	if name == "" {
		return nil, nil
	}
	found, exists := a.stages[name]
	switch {
	case in.CanarySettings != nil && !exists:
		return nil, badDeployment("Stage %s must already be created before making a canary release deployment", name)
	case in.CanarySettings == nil && exists && found.CanarySettings != nil:
		return nil, badDeployment("Non canary deployment not supported on stage %s because Canary is enabled. Provide CanarySettings in deploymentInput.", name)
	}
	stage := types.Stage{StageName: in.StageName, CacheClusterStatus: types.CacheClusterStatusNotAvailable, MethodSettings: map[string]types.MethodSetting{}, CreatedDate: awsproto.Seconds(call.Time)}
	if exists {
		stage = *found
	} else if err := checkStageName(in.StageName); err != nil {
		return nil, err
	}
	if in.StageDescription != nil {
		stage.Description = given(in.StageDescription)
	}
	if in.Variables != nil && in.CanarySettings == nil {
		stage.Variables = in.Variables
	}
	if in.TracingEnabled != nil {
		stage.TracingEnabled = *in.TracingEnabled
	}
	if in.CacheClusterSize != "" {
		stage.CacheClusterSize = in.CacheClusterSize
	}
	if in.CacheClusterEnabled != nil {
		stage.CacheClusterEnabled = *in.CacheClusterEnabled
	}
	stage.LastUpdatedDate = awsproto.Seconds(call.Time)
	settleCache(&stage)
	return &stage, nil
}

func (s *Service) createDeployment(ctx context.Context, in *apigateway.CreateDeploymentInput) (*apigateway.CreateDeploymentOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	if err := checkCacheSize(in.CacheClusterSize, "createDeploymentInput"); err != nil {
		return nil, err
	}
	stage, err := a.stageOf(call, in)
	if err != nil {
		return nil, err
	}
	if err := a.checkDeployable(); err != nil {
		return nil, err
	}
	d := a.deploy(call, given(in.Description))
	switch {
	case in.CanarySettings != nil:
		c := in.CanarySettings
		stage.CanarySettings = &types.CanarySettings{DeploymentId: d.Id, PercentTraffic: c.PercentTraffic, StageVariableOverrides: c.StageVariableOverrides, UseStageCache: c.UseStageCache}
	case stage != nil:
		stage.DeploymentId = d.Id
	}
	if stage != nil {
		if err := a.checkStage(stage); err != nil {
			return nil, err
		}
		a.stages[*stage.StageName] = stage
	}
	s.put(a)
	return awsproto.As[apigateway.CreateDeploymentOutput](d.Deployment), nil
}

func (a *api) deployment(id *string) (*deployment, error) {
	if d, ok := a.deployments[aws.ToString(id)]; ok {
		return d, nil
	}
	return nil, noSuchDeployment()
}

// summary is what a deployment says of its methods where a call says
// embed=apisummary.
func (d *deployment) summary() map[string]map[string]types.MethodSnapshot {
	all := map[string]map[string]types.MethodSnapshot{}
	for _, r := range d.resources {
		for verb, m := range r.ResourceMethods {
			if all[*r.Path] == nil {
				all[*r.Path] = map[string]types.MethodSnapshot{}
			}
			all[*r.Path][verb] = types.MethodSnapshot{ApiKeyRequired: aws.ToBool(m.ApiKeyRequired), AuthorizationType: m.AuthorizationType}
		}
	}
	return all
}

func (s *Service) getDeployment(ctx context.Context, in *apigateway.GetDeploymentInput) (*apigateway.GetDeploymentOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	d, err := a.deployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	out := awsproto.As[apigateway.GetDeploymentOutput](d.Deployment)
	if slices.Contains(in.Embed, "apisummary") {
		out.ApiSummary = d.summary()
	}
	return out, nil
}

// getDeployments lists deployments, the newest first, as apigatewayv2 does; no
// record of REST's order was found.
func (s *Service) getDeployments(ctx context.Context, in *apigateway.GetDeploymentsInput) (*apigateway.GetDeploymentsOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	all := []types.Deployment{}
	for _, d := range slices.Backward(a.allDeployments()) {
		all = append(all, d.Deployment)
	}
	items, next, err := page(in.Position, in.Limit, all)
	if err != nil {
		return nil, err
	}
	return &apigateway.GetDeploymentsOutput{Items: items, Position: next}, nil
}

var deploymentPatches = patches[types.Deployment]{paths: []patchPath[types.Deployment]{
	{path: "/description", replace: setText(func(d *types.Deployment) **string { return &d.Description })},
}}

func (s *Service) updateDeployment(ctx context.Context, in *apigateway.UpdateDeploymentInput) (*apigateway.UpdateDeploymentOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.deployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	d := *found // goes on serving the same
	if err := deploymentPatches.apply(&d.Deployment, in.PatchOperations); err != nil {
		return nil, err
	}
	a.deployments[*d.Id] = &d
	s.put(a)
	return awsproto.As[apigateway.UpdateDeploymentOutput](d.Deployment), nil
}

func (s *Service) deleteDeployment(ctx context.Context, in *apigateway.DeleteDeploymentInput) (*apigateway.DeleteDeploymentOutput, error) {
	a, err := s.edit(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	d, err := a.deployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	for _, stage := range a.stages {
		if *stage.DeploymentId == *d.Id || (stage.CanarySettings != nil && *stage.CanarySettings.DeploymentId == *d.Id) {
			return nil, badRequest("Active stages pointing to this deployment must be moved or deleted") // terraform-provider-aws#19805
		}
	}
	delete(a.deployments, *d.Id)
	s.put(a)
	return &apigateway.DeleteDeploymentOutput{}, nil
}
