package apigatewayv2

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) createStage(ctx context.Context, in *apigatewayv2.CreateStageInput) (*apigatewayv2.CreateStageOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	if err := checkStageName(in.StageName); err != nil {
		return nil, err
	}
	stage := types.Stage{
		StageName: in.StageName, Description: in.Description, AccessLogSettings: in.AccessLogSettings, DeploymentId: in.DeploymentId, DefaultRouteSettings: in.DefaultRouteSettings,
		RouteSettings: in.RouteSettings, StageVariables: in.StageVariables, Tags: in.Tags, CreatedDate: awsproto.Seconds(call.Time), LastUpdatedDate: awsproto.Seconds(call.Time),
	}
	if aws.ToBool(in.AutoDeploy) {
		stage.AutoDeploy = in.AutoDeploy
		if in.DeploymentId != nil {
			return nil, deploymentOfAuto(call, a.ApiId)
		}
	}
	if in.ClientCertificateId != nil {
		return nil, awsproto.UnsupportedWith(call, "ClientCertificateId")
	}
	stage.DefaultRouteSettings = withMetrics(stage.DefaultRouteSettings)
	if stage.RouteSettings == nil {
		stage.RouteSettings = map[string]types.RouteSettings{}
	}
	if stage.StageVariables == nil {
		stage.StageVariables = map[string]string{}
	}
	if stage.Tags == nil {
		stage.Tags = map[string]string{}
	}
	if err := a.checkStage(&stage); err != nil {
		return nil, err
	}
	if err := checkTags(stage.Tags); err != nil {
		return nil, err
	}
	if _, exists := a.stages[*stage.StageName]; exists {
		return nil, conflict("Stage already exists") // REST's (terraform-provider-aws#30256)
	}
	if len(a.stages) >= maxStages {
		return nil, tooMany("Stages", "this API")
	}
	a.stages[*stage.StageName] = &stage
	if aws.ToBool(stage.AutoDeploy) {
		a.deployAutomatically(call)
	}
	s.put(a)
	return awsproto.As[apigatewayv2.CreateStageOutput](a.stages[*stage.StageName]), nil
}

// withMetrics gives the settings of a stage, in which detailed metrics are always
// said (AWS CLI, examples create-stage).
func withMetrics(given *types.RouteSettings) *types.RouteSettings {
	if given == nil {
		given = &types.RouteSettings{}
	}
	c := *given
	if c.DetailedMetricsEnabled == nil {
		c.DetailedMetricsEnabled = aws.Bool(false)
	}
	return &c
}

func (a *api) stage(name *string) (*types.Stage, error) {
	stage, ok := a.stages[aws.ToString(name)]
	if !ok {
		return nil, notFound("Invalid stage identifier specified") // REST's (serverless-domain-manager#92)
	}
	return stage, nil
}

func (s *Service) getStage(ctx context.Context, in *apigatewayv2.GetStageInput) (*apigatewayv2.GetStageOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	stage, err := a.stage(in.StageName)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.GetStageOutput](stage), nil
}

func (s *Service) getStages(ctx context.Context, in *apigatewayv2.GetStagesInput) (*apigatewayv2.GetStagesOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.NextToken, in.MaxResults, values(sorted(a.stages)))
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetStagesOutput{Items: items, NextToken: next}, nil
}

// changeStage replaces a stage by what change makes of it.
func (s *Service) changeStage(call *awsproto.Call, apiID, name *string, change func(*api, *types.Stage) error) (*types.Stage, error) {
	a, err := s.edit(call, apiID)
	if err != nil {
		return nil, err
	}
	found, err := a.stage(name)
	if err != nil {
		return nil, err
	}
	stage := *found
	stage.LastUpdatedDate = awsproto.Seconds(call.Time)
	if err := change(a, &stage); err != nil {
		return nil, err
	}
	a.stages[*stage.StageName] = &stage
	if aws.ToBool(stage.AutoDeploy) && !aws.ToBool(found.AutoDeploy) {
		a.deployAutomatically(call)
	}
	s.put(a)
	return a.stages[*stage.StageName], nil
}

func (s *Service) updateStage(ctx context.Context, in *apigatewayv2.UpdateStageInput) (*apigatewayv2.UpdateStageOutput, error) {
	call := awsproto.CallFrom(ctx)
	stage, err := s.changeStage(call, in.ApiId, in.StageName, func(a *api, stage *types.Stage) error {
		if in.ClientCertificateId != nil {
			return awsproto.UnsupportedWith(call, "ClientCertificateId")
		}
		if in.AutoDeploy != nil {
			if stage.AutoDeploy = in.AutoDeploy; !*in.AutoDeploy {
				stage.AutoDeploy, stage.LastDeploymentStatusMessage = nil, nil
			}
		}
		if in.DeploymentId != nil && aws.ToBool(stage.AutoDeploy) {
			return deploymentOfAuto(call, a.ApiId)
		}
		set(&stage.DeploymentId, in.DeploymentId)
		set(&stage.Description, in.Description)
		set(&stage.AccessLogSettings, in.AccessLogSettings)
		if in.DefaultRouteSettings != nil {
			stage.DefaultRouteSettings = withMetrics(in.DefaultRouteSettings)
		}
		if in.RouteSettings != nil {
			all := maps.Clone(stage.RouteSettings)
			maps.Copy(all, in.RouteSettings)
			stage.RouteSettings = all
		}
		if in.StageVariables != nil {
			stage.StageVariables = in.StageVariables
		}
		return a.checkStage(stage)
	})
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.UpdateStageOutput](stage), nil
}

func (s *Service) deleteAccessLogSettings(ctx context.Context, in *apigatewayv2.DeleteAccessLogSettingsInput) (*apigatewayv2.DeleteAccessLogSettingsOutput, error) {
	_, err := s.changeStage(awsproto.CallFrom(ctx), in.ApiId, in.StageName, func(_ *api, stage *types.Stage) error {
		stage.AccessLogSettings = nil
		return nil
	})
	return &apigatewayv2.DeleteAccessLogSettingsOutput{}, err
}

func (s *Service) deleteRouteSettings(ctx context.Context, in *apigatewayv2.DeleteRouteSettingsInput) (*apigatewayv2.DeleteRouteSettingsOutput, error) {
	_, err := s.changeStage(awsproto.CallFrom(ctx), in.ApiId, in.StageName, func(_ *api, stage *types.Stage) error {
		if _, ok := stage.RouteSettings[aws.ToString(in.RouteKey)]; !ok {
			return noSuchSettings(aws.ToString(in.RouteKey))
		}
		rest := maps.Clone(stage.RouteSettings)
		delete(rest, *in.RouteKey)
		stage.RouteSettings = rest
		return nil
	})
	return &apigatewayv2.DeleteRouteSettingsOutput{}, err
}

func (s *Service) deleteStage(ctx context.Context, in *apigatewayv2.DeleteStageInput) (*apigatewayv2.DeleteStageOutput, error) {
	a, err := s.edit(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.stage(in.StageName); err != nil {
		return nil, err
	}
	delete(a.stages, *in.StageName)
	s.put(a)
	return &apigatewayv2.DeleteStageOutput{}, nil
}

// resetAuthorizersCache puts the stage as it is: what it serves is then a new
// [Deployed], beside which the data plane keeps no answers of authorizers yet.
func (s *Service) resetAuthorizersCache(ctx context.Context, in *apigatewayv2.ResetAuthorizersCacheInput) (*apigatewayv2.ResetAuthorizersCacheOutput, error) {
	a, err := s.edit(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	stage, err := a.stage(in.StageName)
	if err != nil {
		return nil, err
	}
	again := *stage
	a.stages[*in.StageName] = &again
	s.put(a)
	return &apigatewayv2.ResetAuthorizersCacheOutput{}, nil
}
