package apigateway

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) accountOperations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("GetAccount", "GET /account", 200, s.getAccount),
		awsproto.REST("UpdateAccount", "PATCH /account", 200, s.updateAccount),
	}
}

// Roles answers what a role may do: whether the service may assume it, and whether
// its policies allow an action on a resource.
type Roles interface {
	CanAssume(roleARN, service string) bool
	Allows(roleARN, action, resource string) bool
}

// CloudWatchRole is the ARN of the role with which API Gateway writes the execution
// logs of all APIs, "" if the account has none.
func (s *Service) CloudWatchRole() string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return aws.ToString(s.cloudWatchRole)
}

// account is the account's settings, of which one can be changed: the rest is as
// AWS answers in 2026.
func (s *Service) account() *apigateway.GetAccountOutput {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return &apigateway.GetAccountOutput{
		ApiKeyVersion: aws.String("4"), CloudwatchRoleArn: s.cloudWatchRole, Features: []string{"UsagePlans"},
		ThrottleSettings: &types.ThrottleSettings{BurstLimit: 5000, RateLimit: 10000},
	}
}

func (s *Service) getAccount(context.Context, *apigateway.GetAccountInput) (*apigateway.GetAccountOutput, error) {
	return s.account(), nil
}

var accountPatches = patches[apigateway.GetAccountOutput]{paths: []patchPath[apigateway.GetAccountOutput]{
	{path: "/cloudwatchRoleArn", replace: setText(func(a *apigateway.GetAccountOutput) **string { return &a.CloudwatchRoleArn })},
}}

func (s *Service) updateAccount(ctx context.Context, in *apigateway.UpdateAccountInput) (*apigateway.UpdateAccountOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	changed := s.account()
	if err := accountPatches.apply(changed, in.PatchOperations); err != nil {
		return nil, err
	}
	if role := changed.CloudwatchRoleArn; role != nil && !s.maySpeak(*role) {
		return nil, badRequest("The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.") // tmobile/jazz-installer#597
	}
	s.mu.Lock()
	s.cloudWatchRole = changed.CloudwatchRoleArn
	s.mu.Unlock()
	return awsproto.As[apigateway.UpdateAccountOutput](changed), nil
}

// maySpeak says whether API Gateway may write logs with a role. Which permissions
// AWS looks for is not documented: these are what it needs to write the log with
// which it tries the role.
func (s *Service) maySpeak(role string) bool {
	if s.cfg.Roles == nil {
		return true
	}
	if !s.cfg.Roles.CanAssume(role, "apigateway.amazonaws.com") {
		return false
	}
	group := "arn:aws:logs:" + s.cfg.Region + ":" + s.cfg.Account + ":log-group:/aws/apigateway/welcome"
	return s.cfg.Roles.Allows(role, "logs:CreateLogGroup", group+":*") && s.cfg.Roles.Allows(role, "logs:CreateLogStream", group+":*") &&
		s.cfg.Roles.Allows(role, "logs:PutLogEvents", group+":log-stream:x")
}
