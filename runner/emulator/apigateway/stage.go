package apigateway

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// noCache is what operations about stages lack.
const noCache = "settings of caches are kept, nothing is cached"

func (s *Service) stageOperations() []awsproto.Operation {
	const lacks = noCache + "; documentation versions and client certificates are refused"
	return []awsproto.Operation{
		awsproto.REST("CreateStage", "POST "+stagesPath, 201, s.createStage).Lacking(lacks),
		awsproto.REST("DeleteStage", "DELETE "+stagePath, 202, s.deleteStage),
		awsproto.REST("FlushStageAuthorizersCache", "DELETE "+stagePath+"/cache/authorizers", 202, s.flushStageAuthorizersCache),
		awsproto.REST("FlushStageCache", "DELETE "+stagePath+"/cache/data", 202, s.flushStageCache).Lacking(noCache),
		awsproto.REST("GetStage", "GET "+stagePath, 200, s.getStage),
		awsproto.REST("GetStages", "GET "+stagesPath, 200, s.getStages),
		awsproto.REST("UpdateStage", "PATCH "+stagePath, 200, s.updateStage).Lacking(lacks),
	}
}

const maxStageName = 128 // Developer Guide, "Set up a stage"

var (
	stageName     = regexp.MustCompile(`^[a-zA-Z0-9_]+$`)
	variableName  = regexp.MustCompile(`^\w+$`)
	variableValue = regexp.MustCompile(`^[a-zA-Z0-9 \-._~:/?#&=,]*$`)
)

// checkStageName checks a new stage's name (bench, pf-apigw-stage-name-charset).
func checkStageName(name *string) error {
	if n := aws.ToString(name); !stageName.MatchString(n) || len(n) > maxStageName {
		return badRequest("Stage name only allows a-zA-Z0-9_")
	}
	return nil
}

// checkVariables checks stage variables and a canary's (bench,
// pf-apigw-stage-variable-name, -value).
func checkVariables(variables map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if !variableName.MatchString(name) {
			return badRequest("Invalid stage variable name: %s. Please use names with only word characters.", name)
		}
		if !variableValue.MatchString(variables[name]) {
			return badRequest("Invalid stage variable value of key %s.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.", name)
		}
	}
	return nil
}

func checkCacheSize(size types.CacheClusterSize, input string) error {
	if size == "" || slices.Contains(size.Values(), size) {
		return nil
	}
	var v violations
	v.enum(string(size), input+".cacheClusterSize", join(size.Values())) // no record was found
	return v.err()
}

// settleCache says what becomes of a stage's cache cluster. On AWS it takes
// minutes to be made.
func settleCache(stage *types.Stage) {
	if stage.CacheClusterStatus = types.CacheClusterStatusNotAvailable; stage.CacheClusterEnabled {
		if stage.CacheClusterStatus = types.CacheClusterStatusAvailable; stage.CacheClusterSize == "" {
			stage.CacheClusterSize = types.CacheClusterSizeSize0Point5Gb
		}
	}
}

// checkStage checks what a stage was made or changed to.
func (a *api) checkStage(stage *types.Stage) error {
	deployments := []*string{stage.DeploymentId}
	if c := stage.CanarySettings; c != nil {
		if !(c.PercentTraffic >= 0 && c.PercentTraffic <= 100) {
			return badPercentage()
		}
		if err := checkVariables(c.StageVariableOverrides); err != nil {
			return err
		}
		deployments = append(deployments, c.DeploymentId)
	}
	for _, id := range deployments {
		if _, ok := a.deployments[aws.ToString(id)]; !ok {
			return badRequest("Deployment id does not exist")
		}
	}
	return checkVariables(stage.Variables)
}

// badPercentage is the error of a canary's percentage. No record was found.
func badPercentage() error {
	return badRequest("Invalid canary setting percentTraffic, must be a number between 0.0 and 100.0")
}

func (s *Service) createStage(ctx context.Context, in *apigateway.CreateStageInput) (*apigateway.CreateStageOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	if err := checkCacheSize(in.CacheClusterSize, "createStageInput"); err != nil {
		return nil, err
	}
	if err := checkStageName(in.StageName); err != nil {
		return nil, err
	}
	if in.DocumentationVersion != nil {
		return nil, awsproto.UnsupportedWith(call, "DocumentationVersion")
	}
	stage := types.Stage{
		StageName: in.StageName, DeploymentId: in.DeploymentId, Description: given(in.Description), Variables: in.Variables, Tags: in.Tags, TracingEnabled: in.TracingEnabled,
		CacheClusterEnabled: in.CacheClusterEnabled, CacheClusterSize: in.CacheClusterSize, MethodSettings: map[string]types.MethodSetting{},
		CreatedDate: awsproto.Seconds(call.Time), LastUpdatedDate: awsproto.Seconds(call.Time),
	}
	if in.CanarySettings != nil {
		canary := *in.CanarySettings
		if canary.DeploymentId == nil {
			canary.DeploymentId = in.DeploymentId
		}
		stage.CanarySettings = &canary
	}
	if len(stage.Variables) == 0 {
		stage.Variables = nil
	}
	settleCache(&stage)
	if err := a.checkStage(&stage); err != nil {
		return nil, err
	}
	if _, exists := a.stages[*stage.StageName]; exists {
		return nil, conflict("Stage already exists") // terraform-provider-aws#30256
	}
	a.stages[*stage.StageName] = &stage
	s.put(a)
	return awsproto.As[apigateway.CreateStageOutput](stage), nil
}

func (a *api) stage(name *string) (*types.Stage, error) {
	if stage, ok := a.stages[aws.ToString(name)]; ok {
		return stage, nil
	}
	return nil, noSuchStage()
}

func (s *Service) getStage(ctx context.Context, in *apigateway.GetStageInput) (*apigateway.GetStageOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	stage, err := a.stage(in.StageName)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetStageOutput](stage), nil
}

// getStages lists stages, which are never paged, or those of a deployment
// (LocalStack, test_get_stages_filters_by_deployment_id).
func (s *Service) getStages(ctx context.Context, in *apigateway.GetStagesInput) (*apigateway.GetStagesOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	items := []types.Stage{}
	for _, stage := range sorted(a.stages) {
		if in.DeploymentId == nil || *in.DeploymentId == *stage.DeploymentId {
			items = append(items, *stage)
		}
	}
	return &apigateway.GetStagesOutput{Item: items}, nil
}

func (s *Service) deleteStage(ctx context.Context, in *apigateway.DeleteStageInput) (*apigateway.DeleteStageOutput, error) {
	a, err := s.edit(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.stage(in.StageName); err != nil {
		return nil, err
	}
	delete(a.stages, *in.StageName)
	s.put(a)
	s.flushAuthorizers(*a.Id, *in.StageName)
	return &apigateway.DeleteStageOutput{}, nil
}

// exists finds an API and one of its stages.
func (s *Service) exists(call *awsproto.Call, apiID, name *string) error {
	a, err := s.find(call, apiID)
	if err == nil {
		_, err = a.stage(name)
	}
	return err
}

func (s *Service) flushAuthorizers(apiID, stage string) {
	if s.cfg.Caches != nil {
		s.cfg.Caches.FlushAuthorizers(apiID, stage)
	}
}

// flushStageAuthorizersCache flushes at once; on AWS old results were seen for a
// minute after it (AWS-BEHAVIOUR §1.1).
func (s *Service) flushStageAuthorizersCache(ctx context.Context, in *apigateway.FlushStageAuthorizersCacheInput) (*apigateway.FlushStageAuthorizersCacheOutput, error) {
	if err := s.exists(awsproto.CallFrom(ctx), in.RestApiId, in.StageName); err != nil {
		return nil, err
	}
	s.flushAuthorizers(*in.RestApiId, *in.StageName)
	return &apigateway.FlushStageAuthorizersCacheOutput{}, nil
}

func (s *Service) flushStageCache(ctx context.Context, in *apigateway.FlushStageCacheInput) (*apigateway.FlushStageCacheOutput, error) {
	return &apigateway.FlushStageCacheOutput{}, s.exists(awsproto.CallFrom(ctx), in.RestApiId, in.StageName)
}
