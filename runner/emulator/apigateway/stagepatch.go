package apigateway

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// The patch operations of a stage are unlike all others: what they do not know they
// take for settings of methods, and say so; and they copy, to promote a canary. The
// texts are LocalStack's, test_apigateway_canary and test_create_update_stages.

// stagePatching is a stage that patch operations change.
type stagePatching struct {
	types.Stage
	call           *awsproto.Call
	cloudWatchRole *string
}

func (s *Service) updateStage(ctx context.Context, in *apigateway.UpdateStageInput) (*apigateway.UpdateStageOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.stage(in.StageName)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	role := s.cloudWatchRole
	s.mu.RUnlock()
	stage := stagePatching{*found, call, role}
	for _, op := range in.PatchOperations {
		if err := stage.patch(op); err != nil {
			return nil, err
		}
	}
	stage.LastUpdatedDate = awsproto.Seconds(call.Time)
	settleCache(&stage.Stage)
	if err := a.checkStage(&stage.Stage); err != nil {
		return nil, err
	}
	if err := checkAccessLog(call, stage.AccessLogSettings); err != nil {
		return nil, err
	}
	a.stages[*in.StageName] = &stage.Stage
	s.put(a)
	return awsproto.As[apigateway.UpdateStageOutput](stage.Stage), nil
}

func (s *stagePatching) patch(op types.PatchOperation) error {
	path := aws.ToString(op.Path)
	if op.Op == types.OpCopy {
		return s.promote(path, aws.ToString(op.From))
	}
	if row, names := stagePatches.find(path); row != nil {
		if do := row.do(op.Op); do != nil {
			return do(s, patch{op, names, aws.ToString(op.Value)})
		}
	}
	switch op.Op {
	case types.OpReplace:
		return s.setMethod(path, aws.ToString(op.Value))
	case types.OpRemove:
		return s.removeMethod(path)
	}
	return badRequest("Invalid %s operation with path: %s", op.Op, path)
}

// What can be copied, and where to.
const (
	canaryDeployment = "/canarySettings/deploymentId"
	canaryVariables  = "/canarySettings/stageVariableOverrides"
)

// promote copies from the canary to the stage. The canary stays as it is, and its
// variables are put over the stage's.
func (s *stagePatching) promote(path, from string) error {
	deployment, variables := path == "/deploymentId" && from == canaryDeployment, path == "/variables" && from == canaryVariables
	switch {
	case !deployment && !variables:
		return badRequest("Invalid copy operation with path: %s and from %s. Valid copy:path are [/deploymentId, /variables] and valid copy:from are [%s, %s]", path, from, canaryDeployment, canaryVariables)
	case s.CanarySettings == nil:
		return badRequest("Promotion not available. Canary does not exist.")
	case deployment:
		s.DeploymentId = s.CanarySettings.DeploymentId
	default:
		for name, value := range s.CanarySettings.StageVariableOverrides {
			s.Variables = with(s.Variables, name, value)
		}
	}
	return nil
}

// canary gives the canary to change. A stage without one gets that of its own
// deployment, to which no request goes yet.
func (s *stagePatching) canary() *types.CanarySettings {
	c := types.CanarySettings{DeploymentId: s.DeploymentId}
	if s.CanarySettings != nil {
		c = *s.CanarySettings
	}
	s.CanarySettings = &c
	return &c
}

func (s *stagePatching) accessLog() *types.AccessLogSettings {
	var c types.AccessLogSettings
	if s.AccessLogSettings != nil {
		c = *s.AccessLogSettings
	}
	s.AccessLogSettings = &c
	return &c
}

// stagePatches are the paths beside those of methods' settings.
var stagePatches = patches[stagePatching]{paths: []patchPath[stagePatching]{
	{path: "/deploymentId", replace: setText(func(s *stagePatching) **string { return &s.DeploymentId })},
	{path: "/description", replace: setText(func(s *stagePatching) **string { return &s.Description })},
	{path: "/cacheClusterEnabled", replace: setFlag(func(s *stagePatching) *bool { return &s.CacheClusterEnabled })},
	{path: "/cacheClusterSize", replace: func(s *stagePatching, p patch) error {
		s.CacheClusterSize = types.CacheClusterSize(p.value)
		if !slices.Contains(s.CacheClusterSize.Values(), s.CacheClusterSize) {
			return badRequest("Invalid cache cluster size specified. Valid options are %s", strings.ReplaceAll(join(s.CacheClusterSize.Values()), ", ", ",")) // no record was found
		}
		return nil
	}},
	{path: "/clientCertificateId", replace: func(s *stagePatching, p patch) error {
		if p.value != "" {
			return awsproto.UnsupportedWith(s.call, "/clientCertificateId")
		}
		return nil
	}},
	{path: "/tracingEnabled", replace: setFlag(func(s *stagePatching) *bool { return &s.TracingEnabled })},
	variablesAt("/variables/{}", func(s *stagePatching) *map[string]string { return &s.Variables }),
	{path: "/accessLogSettings", remove: func(s *stagePatching, _ patch) error {
		s.AccessLogSettings = nil
		return nil
	}},
	accessLogAt("/accessLogSettings/destinationArn", func(l *types.AccessLogSettings) **string { return &l.DestinationArn }),
	accessLogAt("/accessLogSettings/format", func(l *types.AccessLogSettings) **string { return &l.Format }),
	{path: "/canarySettings", remove: func(s *stagePatching, _ patch) error {
		s.CanarySettings = nil
		return nil
	}},
	{path: "/canarySettings/percentTraffic", replace: func(s *stagePatching, p patch) error {
		percent, err := strconv.ParseFloat(p.value, 64)
		if err != nil {
			return badPercentage()
		}
		s.canary().PercentTraffic = percent
		return nil
	}},
	{path: canaryDeployment, replace: func(s *stagePatching, p patch) error {
		s.canary().DeploymentId = &p.value
		return nil
	}},
	{path: "/canarySettings/useStageCache", replace: func(s *stagePatching, p patch) error {
		s.canary().UseStageCache = flag(p.value)
		return nil
	}},
	variablesAt(canaryVariables+"/{}", func(s *stagePatching) *map[string]string { return &s.canary().StageVariableOverrides }),
}}

// variablesAt is the path of variables, which need not be there to be replaced.
func variablesAt(path string, member func(*stagePatching) *map[string]string) patchPath[stagePatching] {
	return patchPath[stagePatching]{path: path, replace: func(s *stagePatching, p patch) error {
		m := member(s)
		*m = with(*m, p.names[0], p.value)
		return nil
	}, remove: func(s *stagePatching, p patch) error {
		m := member(s)
		*m = without(*m, p.names[0])
		return nil
	}}
}

// accessLogAt is the path of a member of the access log's settings. Both add and
// replace are AWS's (API Reference, patch operations, UpdateStage).
func accessLogAt(path string, member func(*types.AccessLogSettings) **string) patchPath[stagePatching] {
	set := func(s *stagePatching, p patch) error {
		if s.cloudWatchRole == nil {
			return noRole()
		}
		*member(s.accessLog()) = &p.value
		return nil
	}
	return patchPath[stagePatching]{path: path, add: set, replace: set, remove: func(s *stagePatching, _ patch) error {
		log := s.accessLog()
		if *member(log) = nil; *log == (types.AccessLogSettings{}) {
			s.AccessLogSettings = nil
		}
		return nil
	}}
}

// noRole is the error of logging in an account whose role for it was not set
// (dynamic-image-transformation-for-amazon-cloudfront#172).
func noRole() error {
	return badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging")
}

var logDestination = regexp.MustCompile(`^arn:aws[a-z-]*:(?:logs:[a-z0-9-]+:\d{12}:log-group:[^:*]+(?::\*)?|firehose:[a-z0-9-]+:\d{12}:deliverystream/amazon-apigateway-.+)$`)

// checkAccessLog checks where access logs go, and in what form (bench,
// pf-apigw-stage-access-log-destination-arn, pf-apigw-access-log-format-request-id).
func checkAccessLog(call *awsproto.Call, l *types.AccessLogSettings) error {
	if l == nil {
		return nil
	}
	if l.DestinationArn != nil && !logDestination.MatchString(*l.DestinationArn) {
		return badRequest("Invalid ARN specified in the request. The ARN must be a valid CloudWatch Logs log group or Kinesis Data Firehose delivery stream ARN.")
	}
	if strings.Contains(aws.ToString(l.DestinationArn), ":firehose:") {
		return awsproto.UnsupportedWith(call, "access logs to Firehose")
	}
	if format := aws.ToString(l.Format); l.Format != nil && !strings.Contains(format, "$context.requestId") && !strings.Contains(format, "$context.extendedRequestId") {
		return badRequest("Access Log format must include either $context.requestId or $context.extendedRequestId : '%s'", format)
	}
	return nil
}
