package sts

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"awslab/runner/emulator/awsproto"
)

// Patterns of the API model 2011-06-15 (botocore 1.29, Debian's awscli).
var (
	sessionText  = regexp.MustCompile(`^[\w+=,.@-]*$`)
	externalText = regexp.MustCompile(`^[\w+=,.@:/-]*$`)
	keyText      = regexp.MustCompile(`^\w*$`)
)

// chained is how long a session is at most that a session of a role made, in
// seconds (IAM User Guide, "Role chaining").
const chained = 3600

func (s *Service) assumeRole(ctx context.Context, in *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	call := awsproto.CallFrom(ctx)
	seconds := int32(3600)
	if in.DurationSeconds != nil {
		seconds = *in.DurationSeconds
	}
	checks := []error{
		checkText("roleArn", in.RoleArn, 20, 2048, nil, ""),
		checkText("roleSessionName", in.RoleSessionName, 2, 64, sessionText, `[\w+=,.@-]*`),
		checkDuration(seconds, 43200),
	}
	if in.ExternalId != nil {
		checks = append(checks, checkText("externalId", in.ExternalId, 2, 1224, externalText, `[\w+=,.@:\/-]*`))
	}
	for _, err := range checks {
		if err != nil {
			return nil, err
		}
	}
	if err := unheard(in); err != nil {
		return nil, err
	}
	if strings.HasSuffix(call.Principal, ":root") {
		return nil, denied("Roles may not be assumed by root accounts.")
	}
	role, ok := s.roles.Assume(call.Principal, *in.RoleArn, map[string][]string{
		"sts:rolesessionname": {*in.RoleSessionName},
		"sts:externalid":      present(in.ExternalId),
		"aws:username":        username(call.Principal),
	}, call.Time)
	if !ok { // a role that does not exist is answered alike
		return nil, denied(fmt.Sprintf("User: %s is not authorized to perform: sts:AssumeRole on resource: %s", call.Principal, *in.RoleArn))
	}
	if roleOf(call.Principal) != "" && seconds > chained {
		return nil, validation("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.")
	}
	if seconds > role.MaxSeconds {
		return nil, validation("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	principal := "arn:aws:sts::" + call.Account + ":assumed-role/" + role.Name + "/" + *in.RoleSessionName
	key, credentials := s.issue(call, principal, role.ID+":"+*in.RoleSessionName, role.ID, seconds)
	return &sts.AssumeRoleOutput{
		AssumedRoleUser: &types.AssumedRoleUser{Arn: aws.String(key.Principal), AssumedRoleId: aws.String(key.UserID)},
		Credentials:     credentials,
	}, nil
}

// unheard refuses what would go unheard: a session that has more rights than was
// asked for must not come of it.
func unheard(in *sts.AssumeRoleInput) error {
	switch {
	case in.Policy != nil || len(in.PolicyArns) > 0:
		return notEmulated("session policies")
	case len(in.Tags) > 0 || len(in.TransitiveTagKeys) > 0:
		return notEmulated("session tags")
	case in.SerialNumber != nil || in.TokenCode != nil:
		return notEmulated("MFA")
	case in.SourceIdentity != nil:
		return notEmulated("source identities")
	case len(in.ProvidedContexts) > 0:
		return notEmulated("provided contexts")
	}
	return nil
}

func present(value *string) []string {
	if value == nil {
		return nil
	}
	return []string{*value}
}

// username is what aws:username holds: users have it, sessions do not.
func username(principal string) []string {
	if _, path, ok := strings.Cut(principal, ":user/"); ok {
		return []string{path[strings.LastIndex(path, "/")+1:]}
	}
	return nil
}

func denied(message string) error {
	return awsproto.Error("AccessDenied", http.StatusForbidden, message)
}

func validation(message string) error {
	return awsproto.Error("ValidationError", http.StatusBadRequest, message)
}

func notEmulated(what string) error {
	return awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate "+what+" in STS")
}

// violation is the sentence of AWS's own framework for one broken constraint.
func violation(value, member, constraint string) error {
	return validation(fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, member, constraint))
}

func checkText(member string, value *string, least, most int, text *regexp.Regexp, pattern string) error {
	switch {
	case value == nil:
		return validation("1 validation error detected: Value null at '" + member + "' failed to satisfy constraint: Member must not be null")
	case len(*value) < least:
		return violation(*value, member, fmt.Sprintf("Member must have length greater than or equal to %d", least))
	case len(*value) > most:
		return violation(*value, member, fmt.Sprintf("Member must have length less than or equal to %d", most))
	case text != nil && !text.MatchString(*value):
		return violation(*value, member, "Member must satisfy regular expression pattern: "+pattern)
	}
	return nil
}

func checkDuration(seconds, most int32) error {
	switch {
	case seconds < 900:
		return violation(fmt.Sprint(seconds), "durationSeconds", "Member must have value greater than or equal to 900")
	case seconds > most:
		return violation(fmt.Sprint(seconds), "durationSeconds", fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
	return nil
}
