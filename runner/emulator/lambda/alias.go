package lambda

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// The errors and answers of this file were recorded on AWS: LocalStack,
// test_lambda_api.snapshot.json, TestLambdaAlias.

// alias is a name for a version, or for two with a share of the invocations.
type alias struct {
	Name            string
	FunctionVersion string
	Description     string
	Weights         map[string]float64 // share of another version, at most one
	Revision        string
}

// uses reports whether invocations of an alias may reach a version.
func (a alias) uses(number string) bool {
	_, additional := a.Weights[number]
	return additional || a.FunctionVersion == number
}

// choose picks the version of one invocation.
func (a alias) choose(r *rand.Rand) string {
	for number, weight := range a.Weights {
		if r.Float64() < weight {
			return number
		}
	}
	return a.FunctionVersion
}

func (s *Service) aliasConfiguration(call *awsproto.Call, f *function, a alias) types.AliasConfiguration {
	c := types.AliasConfiguration{
		AliasArn: aws.String(s.arn(call, f.Name, a.Name)), Name: aws.String(a.Name), Description: aws.String(a.Description),
		FunctionVersion: aws.String(a.FunctionVersion), RevisionId: aws.String(a.Revision),
	}
	if len(a.Weights) > 0 {
		c.RoutingConfig = &types.AliasRoutingConfiguration{AdditionalVersionWeights: maps.Clone(a.Weights)}
	}
	return c
}

func checkAliasName(name *string) error {
	switch text := aws.ToString(name); {
	case name == nil:
		return missing("name")
	case !aliasForm.MatchString(text) || numberForm.MatchString(text):
		return validation(text, "name", aliasConstraint)
	case len(text) > 128:
		return validation(text, "name", "have length less than or equal to 128")
	}
	return nil
}

// checkRouting checks what an alias points at: first what the model says of the
// weights, then whether the versions are there and go together.
func (s *Service) checkRouting(call *awsproto.Call, f *function, a alias) error {
	for _, number := range slices.Sorted(maps.Keys(a.Weights)) {
		weight := a.Weights[number]
		value := "{" + number + "=" + decimal(weight) + "}"
		const member = "routingConfig.additionalVersionWeights"
		if !numberForm.MatchString(number) || len(number) > 1024 {
			return constraint(value, member, "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]")
		}
		if !(weight >= 0 && weight <= 1) {
			return constraint(value, member, "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]")
		}
	}
	if _, ok := f.version(a.FunctionVersion); !ok {
		return notFound(s.arn(call, f.Name, a.FunctionVersion))
	}
	if len(a.Weights) > 1 {
		return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
	}
	for number := range a.Weights {
		switch _, ok := f.version(number); {
		case number == a.FunctionVersion:
			return invalid("Invalid function version %s. Function version %s is already included in routing configuration.", number, number)
		case a.FunctionVersion == latest:
			return &types.InvalidParameterValueException{Message: aws.String("$LATEST is not supported for an alias pointing to more than 1 version")} // without Type, as recorded
		case !ok:
			return notFound(s.arn(call, f.Name, number))
		}
	}
	return nil
}

// decimal writes a number as Java does, which AWS's messages show: 2.0.
func decimal(x float64) string {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

func weights(c *types.AliasRoutingConfiguration) map[string]float64 {
	if c == nil || len(c.AdditionalVersionWeights) == 0 {
		return nil
	}
	return maps.Clone(c.AdditionalVersionWeights)
}

func (s *Service) createAlias(ctx context.Context, in *lambda.CreateAliasInput) (*lambda.CreateAliasOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkAliasName(in.Name); err != nil {
		return nil, err
	}
	number := aws.ToString(in.FunctionVersion)
	if err := checkVersionNumber(in.FunctionVersion, true); err != nil {
		return nil, err
	}
	if err := checkDescription(aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	f, err := s.locateFunction(call, in.FunctionName, ":"+number)
	if err != nil {
		return nil, err
	}
	a := alias{
		Name: *in.Name, FunctionVersion: number, Description: aws.ToString(in.Description), Weights: weights(in.RoutingConfig),
		Revision: awsproto.UUID(call.Rand),
	}
	if err := s.checkRouting(call, f, a); err != nil {
		return nil, err
	}
	if _, exists := f.Aliases[a.Name]; exists {
		return nil, conflict("Alias already exists: " + s.arn(call, f.Name, a.Name))
	}
	c := s.putAlias(call, f, a)
	return &lambda.CreateAliasOutput{
		AliasArn: c.AliasArn, Description: c.Description, FunctionVersion: c.FunctionVersion, Name: c.Name, RevisionId: c.RevisionId, RoutingConfig: c.RoutingConfig,
	}, nil
}

// putAlias stores an alias and describes it.
func (s *Service) putAlias(call *awsproto.Call, f *function, a alias) types.AliasConfiguration {
	f = f.edit()
	if f.Aliases == nil {
		f.Aliases = map[string]alias{}
	}
	f.Aliases[a.Name] = a
	s.put(f)
	return s.aliasConfiguration(call, f, a)
}

// locateAlias finds an alias of a function.
func (s *Service) locateAlias(call *awsproto.Call, functionName, name *string) (*function, alias, error) {
	if err := checkAliasName(name); err != nil {
		return nil, alias{}, err
	}
	f, err := s.locateFunction(call, functionName, "")
	if err != nil {
		return nil, alias{}, err
	}
	a, ok := f.Aliases[*name]
	if !ok {
		return nil, alias{}, resourceNotFound("Cannot find alias arn: " + s.arn(call, f.Name, *name))
	}
	return f, a, nil
}

func (s *Service) getAlias(ctx context.Context, in *lambda.GetAliasInput) (*lambda.GetAliasOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, a, err := s.locateAlias(call, in.FunctionName, in.Name)
	if err != nil {
		return nil, err
	}
	c := s.aliasConfiguration(call, f, a)
	return &lambda.GetAliasOutput{
		AliasArn: c.AliasArn, Description: c.Description, FunctionVersion: c.FunctionVersion, Name: c.Name, RevisionId: c.RevisionId, RoutingConfig: c.RoutingConfig,
	}, nil
}

func (s *Service) updateAlias(ctx context.Context, in *lambda.UpdateAliasInput) (*lambda.UpdateAliasOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkVersionNumber(in.FunctionVersion, false); err != nil {
		return nil, err
	}
	if err := checkDescription(aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	f, a, err := s.locateAlias(call, in.FunctionName, in.Name)
	if err != nil {
		return nil, err
	}
	if err := checkRevision(in.RevisionId, a.Revision); err != nil {
		return nil, err
	}
	set(&a.FunctionVersion, in.FunctionVersion)
	set(&a.Description, in.Description)
	if in.RoutingConfig != nil {
		a.Weights = weights(in.RoutingConfig)
	}
	if err := s.checkRouting(call, f, a); err != nil {
		return nil, err
	}
	a.Revision = awsproto.UUID(call.Rand)
	c := s.putAlias(call, f, a)
	return &lambda.UpdateAliasOutput{
		AliasArn: c.AliasArn, Description: c.Description, FunctionVersion: c.FunctionVersion, Name: c.Name, RevisionId: c.RevisionId, RoutingConfig: c.RoutingConfig,
	}, nil
}

func (s *Service) listAliases(ctx context.Context, in *lambda.ListAliasesInput) (*lambda.ListAliasesOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkVersionNumber(in.FunctionVersion, false); err != nil {
		return nil, err
	}
	f, err := s.locateFunction(call, in.FunctionName, "")
	if err != nil {
		return nil, err
	}
	var all []alias
	for _, name := range slices.Sorted(maps.Keys(f.Aliases)) {
		if a := f.Aliases[name]; in.FunctionVersion == nil || a.FunctionVersion == *in.FunctionVersion {
			all = append(all, a)
		}
	}
	items, next, err := page(in.Marker, in.MaxItems, all, func(a alias) string { return a.Name })
	if err != nil {
		return nil, err
	}
	out := &lambda.ListAliasesOutput{NextMarker: next, Aliases: []types.AliasConfiguration{}}
	for _, a := range items {
		out.Aliases = append(out.Aliases, s.aliasConfiguration(call, f, a))
	}
	return out, nil
}

// deleteAlias deletes an alias with what belongs to it; to delete one that is
// not there is no error (LocalStack, provider.py).
func (s *Service) deleteAlias(ctx context.Context, in *lambda.DeleteAliasInput) (*lambda.DeleteAliasOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkAliasName(in.Name); err != nil {
		return nil, err
	}
	f, err := s.locateFunction(call, in.FunctionName, "")
	if err != nil {
		return nil, err
	}
	f = f.edit()
	delete(f.Aliases, *in.Name)
	delete(f.Policies, *in.Name)
	s.put(f)
	return &lambda.DeleteAliasOutput{}, nil
}
