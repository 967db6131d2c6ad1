package apigatewayv2

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// What AWS says of automatic deployments (AWS CLI, examples get-deployments and
// get-stages) and of an API that has no routes (mach-composer-cli#42).
const (
	automatic = "Automatic deployment triggered by changes to the Api configuration"
	noRoutes  = "Unable to deploy API because no routes exist in this API"
)

// deploy freezes an API; the stage that is to serve it is the caller's to set.
func (a *api) deploy(call *awsproto.Call, description *string, auto bool) *deployment {
	d := &deployment{
		Deployment: types.Deployment{
			DeploymentId: awsproto.NewID(call.Rand, deploymentIDLength, func(id string) bool { return a.deployment(id) != nil }),
			AutoDeployed: aws.Bool(auto), CreatedDate: awsproto.Seconds(call.Time), DeploymentStatus: types.DeploymentStatusDeployed, Description: description,
		},
		content: &content{api: a.Api, routes: sorted(a.routes), integrations: sorted(a.integrations), authorizers: sorted(a.authorizers)},
	}
	a.deployments = append(a.deployments, d)
	return d
}

// deployAutomatically deploys to the stages that are to have every change: one
// deployment for all. An API without routes cannot be deployed; its stages go on
// serving what they did, and say so.
func (a *api) deployAutomatically(call *awsproto.Call) {
	var d *deployment
	for _, stage := range sorted(a.stages) {
		if !aws.ToBool(stage.AutoDeploy) {
			continue
		}
		changed := *stage
		changed.LastUpdatedDate = awsproto.Seconds(call.Time)
		if len(a.routes) == 0 {
			changed.LastDeploymentStatusMessage = aws.String("Deployment attempt failed: " + noRoutes)
		} else {
			if d == nil {
				d = a.deploy(call, aws.String(automatic), true)
			}
			changed.DeploymentId = d.DeploymentId
			changed.LastDeploymentStatusMessage = aws.String("Successfully deployed stage with deployment ID '" + *d.DeploymentId + "'")
		}
		a.stages[*changed.StageName] = &changed
	}
}

func (s *Service) createDeployment(ctx context.Context, in *apigatewayv2.CreateDeploymentInput) (*apigatewayv2.CreateDeploymentOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	var stage types.Stage
	if in.StageName != nil {
		found, err := a.stage(in.StageName)
		if err != nil {
			return nil, err
		}
		if aws.ToBool(found.AutoDeploy) {
			return nil, badRequest("Deployments cannot be created for stages that have auto deploy enabled") // no record was found
		}
		stage = *found
	}
	if len(a.routes) == 0 {
		return nil, badRequest(noRoutes)
	}
	d := a.deploy(call, in.Description, false)
	if in.StageName != nil {
		stage.DeploymentId, stage.LastUpdatedDate = d.DeploymentId, awsproto.Seconds(call.Time)
		a.stages[*stage.StageName] = &stage
	}
	s.put(a)
	return awsproto.As[apigatewayv2.CreateDeploymentOutput](d.Deployment), nil
}

func (a *api) locateDeployment(id *string) (*deployment, error) {
	d := a.deployment(aws.ToString(id))
	if d == nil {
		return nil, noSuch("Deployment", aws.ToString(id))
	}
	return d, nil
}

func (s *Service) getDeployment(ctx context.Context, in *apigatewayv2.GetDeploymentInput) (*apigatewayv2.GetDeploymentOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	d, err := a.locateDeployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.GetDeploymentOutput](d.Deployment), nil
}

// getDeployments lists deployments, the newest first (AWS CLI, examples).
func (s *Service) getDeployments(ctx context.Context, in *apigatewayv2.GetDeploymentsInput) (*apigatewayv2.GetDeploymentsOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	all := []types.Deployment{}
	for _, d := range slices.Backward(a.deployments) {
		all = append(all, d.Deployment)
	}
	items, next, err := page(in.NextToken, in.MaxResults, all)
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetDeploymentsOutput{Items: items, NextToken: next}, nil
}

func (s *Service) updateDeployment(ctx context.Context, in *apigatewayv2.UpdateDeploymentInput) (*apigatewayv2.UpdateDeploymentOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.locateDeployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	d := *found
	set(&d.Description, in.Description)
	a.deployments[slices.Index(a.deployments, found)] = &d
	s.put(a)
	return awsproto.As[apigatewayv2.UpdateDeploymentOutput](d.Deployment), nil
}

func (s *Service) deleteDeployment(ctx context.Context, in *apigatewayv2.DeleteDeploymentInput) (*apigatewayv2.DeleteDeploymentOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	d, err := a.locateDeployment(in.DeploymentId)
	if err != nil {
		return nil, err
	}
	for _, stage := range a.stages {
		if aws.ToString(stage.DeploymentId) == *d.DeploymentId {
			return nil, badRequest("Active stages pointing to this deployment must be moved or deleted") // REST's (terraform-provider-aws#19805)
		}
	}
	a.deployments = slices.DeleteFunc(a.deployments, func(other *deployment) bool { return other == d })
	s.put(a)
	return &apigatewayv2.DeleteDeploymentOutput{}, nil
}
