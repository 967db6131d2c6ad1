package emulator_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
)

const functionARN = "arn:aws:lambda:ap-northeast-2:123456789012:function:f"

// sayVersion answers with the version that runs.
const sayVersion = `def lambda_handler(event, context):
    return context.function_version + " " + context.invoked_function_arn
`

// change gives the function another description, so that there is something to
// publish.
func (w *world) change(t testing.TB, description string) {
	t.Helper()
	if _, err := w.lambda.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), Description: &description}); err != nil {
		t.Fatal(err)
	}
}

func (w *world) publish(t testing.TB) *lambda.PublishVersionOutput {
	t.Helper()
	out, err := w.lambda.PublishVersion(t.Context(), &lambda.PublishVersionInput{FunctionName: aws.String("f")})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// twoVersions makes a function and publishes it twice.
func (w *world) twoVersions(t testing.TB, code string) {
	t.Helper()
	w.function(t, code, nil)
	w.publish(t)
	w.change(t, "second")
	if v := w.publish(t); aws.ToString(v.Version) != "2" {
		t.Fatalf("the second version is %s", aws.ToString(v.Version))
	}
}

func TestPublishingFreezesAVersion(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, sayVersion, nil)
	before, err := w.lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("f")})
	if err != nil {
		t.Fatal(err)
	}
	var precondition *types.PreconditionFailedException
	if _, err := w.lambda.PublishVersion(t.Context(), &lambda.PublishVersionInput{FunctionName: aws.String("f"), RevisionId: aws.String("old")}); !errors.As(err, &precondition) {
		t.Errorf("publishing an old revision: %v", err)
	}
	var value *types.InvalidParameterValueException
	want := "CodeSHA256 (x) is different from current CodeSHA256 in $LATEST (" + aws.ToString(before.CodeSha256) + "). Please try again with the CodeSHA256 in $LATEST."
	if _, err := w.lambda.PublishVersion(t.Context(), &lambda.PublishVersionInput{FunctionName: aws.String("f"), CodeSha256: aws.String("x")}); !errors.As(err, &value) || value.ErrorMessage() != want {
		t.Errorf("publishing other code: %v", err)
	}
	first, err := w.lambda.PublishVersion(t.Context(), &lambda.PublishVersionInput{FunctionName: aws.String("f"), Description: aws.String("the first"), CodeSha256: before.CodeSha256, RevisionId: before.RevisionId})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(first.Version) != "1" || aws.ToString(first.FunctionArn) != functionARN+":1" || aws.ToString(first.Description) != "the first" || first.State != types.StateActive {
		t.Errorf("the first version: %+v", first)
	}
	// Nothing has changed: the same version again, its description too.
	again, err := w.lambda.PublishVersion(t.Context(), &lambda.PublishVersionInput{FunctionName: aws.String("f"), Description: aws.String("another")})
	if err != nil || aws.ToString(again.Version) != "1" || aws.ToString(again.Description) != "the first" {
		t.Errorf("publishing what was published: %+v, %v", again, err)
	}
	code, err := w.lambda.UpdateFunctionCode(t.Context(), &lambda.UpdateFunctionCodeInput{FunctionName: aws.String("f"), ZipFile: zipped(t, "lambda_function.py", hello), Publish: true})
	if err != nil || aws.ToString(code.Version) != "2" || aws.ToString(code.FunctionArn) != functionARN+":2" {
		t.Errorf("updating and publishing: %+v, %v", code, err)
	}
	old, err := w.lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("f"), Qualifier: aws.String("1")})
	if err != nil || aws.ToString(old.Configuration.CodeSha256) != aws.ToString(before.CodeSha256) || aws.ToString(old.Configuration.FunctionArn) != functionARN+":1" {
		t.Errorf("version 1 afterwards: %+v, %v", old.Configuration, err)
	}
	list, err := w.lambda.ListVersionsByFunction(t.Context(), &lambda.ListVersionsByFunctionInput{FunctionName: aws.String("f")})
	if err != nil {
		t.Fatal(err)
	}
	var arns []string
	for _, v := range list.Versions {
		arns = append(arns, aws.ToString(v.FunctionArn)+" "+string(v.State))
	}
	if diff := cmp.Diff([]string{functionARN + ":$LATEST ", functionARN + ":1 ", functionARN + ":2 "}, arns); diff != "" {
		t.Error(diff)
	}
	all, err := w.lambda.ListFunctions(t.Context(), &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll})
	if err != nil || len(all.Functions) != 3 {
		t.Errorf("all versions: %+v, %v", all, err)
	}
}

func TestVersionsComeInPagesInTheirOrder(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, sayVersion, nil)
	want := []string{"$LATEST"}
	for i := range 11 {
		w.change(t, fmt.Sprint(i))
		want = append(want, aws.ToString(w.publish(t).Version))
	}
	var got []string
	pages := lambda.NewListVersionsByFunctionPaginator(w.lambda, &lambda.ListVersionsByFunctionInput{FunctionName: aws.String("f"), MaxItems: aws.Int32(5)})
	for pages.HasMorePages() {
		p, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range p.Versions {
			got = append(got, aws.ToString(v.Version))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestVersionsAndAliasesAreInvoked(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.twoVersions(t, sayVersion)
	w.alias(t, "prod", "1", nil)
	for given, want := range map[[2]string]string{ // name and qualifier
		{"f", ""}:                         "$LATEST " + functionARN,
		{"f", "$LATEST"}:                  "$LATEST " + functionARN + ":$LATEST",
		{"f", "1"}:                        "1 " + functionARN + ":1",
		{"f:2", ""}:                       "2 " + functionARN + ":2",
		{"f", "prod"}:                     "1 " + functionARN + ":prod",
		{functionARN + ":prod", ""}:       "1 " + functionARN + ":prod",
		{functionARN + ":2", "2"}:         "2 " + functionARN + ":2",
		{"function:f:prod", "prod"}:       "1 " + functionARN + ":prod",
		{"123456789012:function:f:1", ""}: "1 " + functionARN + ":1",
	} {
		in := &lambda.InvokeInput{FunctionName: aws.String(given[0]), LogType: types.LogTypeTail}
		if given[1] != "" {
			in.Qualifier = aws.String(given[1])
		}
		out, err := w.lambda.Invoke(t.Context(), in)
		if err != nil || string(out.Payload) != `"`+want+`"` || aws.ToString(out.ExecutedVersion) != strings.Fields(want)[0] {
			t.Errorf("%q: %+v, %v, want %s", given, out, err, want)
		}
	}
	streams, err := w.logs.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String("/aws/lambda/f")})
	if err != nil {
		t.Fatal(err)
	}
	of := map[string]int{}
	for _, stream := range streams.LogStreams {
		name := aws.ToString(stream.LogStreamName)
		of[name[strings.Index(name, "["):strings.Index(name, "]")+1]]++
	}
	if of["[$LATEST]"] == 0 || of["[1]"] == 0 || of["[2]"] == 0 {
		t.Errorf("the streams are of %v", of)
	}
	for given, want := range map[[2]string]string{
		{"f", "3"}:    "Function not found: " + functionARN + ":3",
		{"f", "none"}: "Function not found: " + functionARN + ":none",
		{"g", "1"}:    "Function not found: arn:aws:lambda:ap-northeast-2:123456789012:function:g:1",
	} {
		_, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(given[0]), Qualifier: aws.String(given[1])})
		var missing *types.ResourceNotFoundException
		if !errors.As(err, &missing) || missing.ErrorMessage() != want {
			t.Errorf("%q: %v", given, err)
		}
	}
	_, err = w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f:1"), Qualifier: aws.String("2")})
	var value *types.InvalidParameterValueException
	if !errors.As(err, &value) || value.ErrorMessage() != "The derived qualifier from the function name does not match the specified qualifier." {
		t.Errorf("two qualifiers: %v", err)
	}
}

func (w *world) alias(t testing.TB, name, number string, weights map[string]float64) {
	t.Helper()
	in := &lambda.CreateAliasInput{FunctionName: aws.String("f"), Name: &name, FunctionVersion: &number}
	if weights != nil {
		in.RoutingConfig = &types.AliasRoutingConfiguration{AdditionalVersionWeights: weights}
	}
	if _, err := w.lambda.CreateAlias(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func TestAnAliasSharesOutItsInvocations(t *testing.T) {
	t.Parallel()
	e, err := emulator.New(emulator.Config{
		Account: emulatortest.Account, Region: emulatortest.Region, Python: installation(t),
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
		NewRand: seeded(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	w := newWorld(e)
	w.twoVersions(t, sayVersion)
	w.alias(t, "live", "1", map[string]float64{"2": 0.25})
	const n = 200
	count := map[string]int{}
	for range n {
		out, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Qualifier: aws.String("live")})
		if err != nil {
			t.Fatal(err)
		}
		if version := aws.ToString(out.ExecutedVersion); string(out.Payload) != `"`+version+" "+functionARN+`:live"` {
			t.Fatalf("version %s answers %s", version, out.Payload)
		}
		count[aws.ToString(out.ExecutedVersion)]++
	}
	// The seed is fixed, and with it the numbers; an honest coin would do so too.
	if count["1"]+count["2"] != n || count["2"] < n*15/100 || count["2"] > n*35/100 {
		t.Errorf("of %d invocations: %v", n, count)
	}
	if _, err := w.lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), FunctionVersion: aws.String("2"), RoutingConfig: &types.AliasRoutingConfiguration{}}); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		out, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Qualifier: aws.String("live")})
		if err != nil || aws.ToString(out.ExecutedVersion) != "2" {
			t.Fatalf("after the shift: %+v, %v", out, err)
		}
	}
}

// seeded gives each call randomness of its own, the same in every run.
func seeded() func() *rand.Rand {
	next := rand.New(rand.NewPCG(1, 2))
	return func() *rand.Rand { return rand.New(rand.NewPCG(next.Uint64(), next.Uint64())) }
}

func TestAliases(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.twoVersions(t, sayVersion)
	made, err := w.lambda.CreateAlias(t.Context(), &lambda.CreateAliasInput{
		FunctionName: aws.String("f"), Name: aws.String("live"), FunctionVersion: aws.String("1"), Description: aws.String("d"),
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 0.2}},
	})
	if err != nil || aws.ToString(made.AliasArn) != functionARN+":live" || made.RoutingConfig.AdditionalVersionWeights["2"] != 0.2 {
		t.Fatalf("%+v, %v", made, err)
	}
	w.alias(t, "head", "$LATEST", nil)
	got, err := w.lambda.GetAlias(t.Context(), &lambda.GetAliasInput{FunctionName: aws.String("f"), Name: aws.String("live")})
	if err != nil || aws.ToString(got.RevisionId) != aws.ToString(made.RevisionId) || aws.ToString(got.Description) != "d" {
		t.Errorf("%+v, %v", got, err)
	}
	var precondition *types.PreconditionFailedException
	if _, err := w.lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), RevisionId: aws.String("old")}); !errors.As(err, &precondition) {
		t.Errorf("an old revision: %v", err)
	}
	updated, err := w.lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), RevisionId: made.RevisionId, Description: aws.String("e")})
	if err != nil || aws.ToString(updated.Description) != "e" || updated.RoutingConfig == nil || aws.ToString(updated.RevisionId) == aws.ToString(made.RevisionId) {
		t.Errorf("%+v, %v", updated, err)
	}
	config, err := w.lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("f"), Qualifier: aws.String("live")})
	if err != nil || aws.ToString(config.FunctionArn) != functionARN+":live" || aws.ToString(config.Version) != "1" {
		t.Errorf("%+v, %v", config, err)
	}
	names := func(in *lambda.ListAliasesInput) string {
		in.FunctionName = aws.String("f")
		list, err := w.lambda.ListAliases(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, a := range list.Aliases {
			names = append(names, aws.ToString(a.Name))
		}
		return strings.Join(names, " ")
	}
	if all, one := names(&lambda.ListAliasesInput{}), names(&lambda.ListAliasesInput{FunctionVersion: aws.String("1")}); all != "head live" || one != "live" {
		t.Errorf("aliases %q, of version 1 %q", all, one)
	}
	// What an alias uses stays.
	for _, number := range []string{"1", "2"} {
		var conflict *types.ResourceConflictException
		_, err := w.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f"), Qualifier: &number})
		if !errors.As(err, &conflict) || conflict.ErrorMessage() != "Unable to delete version because the following aliases reference it: [live]" {
			t.Errorf("deleting version %s: %v", number, err)
		}
	}
	if _, err := w.lambda.DeleteAlias(t.Context(), &lambda.DeleteAliasInput{FunctionName: aws.String("f"), Name: aws.String("live")}); err != nil {
		t.Fatal(err)
	}
	var missing *types.ResourceNotFoundException
	if _, err := w.lambda.GetAlias(t.Context(), &lambda.GetAliasInput{FunctionName: aws.String("f"), Name: aws.String("live")}); !errors.As(err, &missing) || missing.ErrorMessage() != "Cannot find alias arn: "+functionARN+":live" {
		t.Errorf("a deleted alias: %v", err)
	}
	if _, err := w.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f"), Qualifier: aws.String("2")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("f:2")}); !errors.As(err, &missing) {
		t.Errorf("a deleted version: %v", err)
	}
	// A deleted version's number is not given again.
	if v := w.publish(t); aws.ToString(v.Version) != "3" {
		t.Errorf("the next version is %s", aws.ToString(v.Version))
	}
	var value *types.InvalidParameterValueException
	for qualifier, want := range map[string]string{
		"$LATEST": "$LATEST version cannot be deleted without deleting the function.",
		"head":    "Deletion of aliases is not currently supported.",
	} {
		if _, err := w.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f"), Qualifier: &qualifier}); !errors.As(err, &value) || value.ErrorMessage() != want {
			t.Errorf("deleting %s: %v", qualifier, err)
		}
	}
}

func TestAliasesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.twoVersions(t, sayVersion)
	w.alias(t, "taken", "1", nil)
	const routing = "1 validation error detected: Value '{%s}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: "
	for _, tt := range []struct {
		function, name, number string
		weights                map[string]float64
		code, want             string
	}{
		{"f", "7", "1", nil, "ValidationException", "1 validation error detected: Value '7' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"},
		{"f", "a b", "1", nil, "ValidationException", "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)"},
		{"f", "a", "x", nil, "ValidationException", `1 validation error detected: Value 'x' at 'functionVersion' failed to satisfy constraint: Member must satisfy regular expression pattern: (\$LATEST|[0-9]+)`},
		{"f", "a", "10", nil, "ResourceNotFoundException", "Function not found: " + functionARN + ":10"},
		{"g", "a", "1", nil, "ResourceNotFoundException", "Function not found: arn:aws:lambda:ap-northeast-2:123456789012:function:g:1"},
		{"f", "taken", "1", nil, "ResourceConflictException", "Alias already exists: " + functionARN + ":taken"},
		{"f", "a", "1", map[string]float64{"2": 0.1, "3": 0.1}, "InvalidParameterValueException", "Number of items in AdditionalVersionWeights cannot be greater than 1"},
		{"f", "a", "1", map[string]float64{"2": 2}, "ValidationException", fmt.Sprintf(routing, "2=2.0") + "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]"},
		{"f", "a", "1", map[string]float64{"2": -1}, "ValidationException", fmt.Sprintf(routing, "2=-1.0") + "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]"},
		{"f", "a", "1", map[string]float64{"1": 0.5}, "InvalidParameterValueException", "Invalid function version 1. Function version 1 is already included in routing configuration."},
		{"f", "a", "1", map[string]float64{"10": 0.5}, "ResourceNotFoundException", "Function not found: " + functionARN + ":10"},
		{"f", "a", "$LATEST", map[string]float64{"1": 0.5}, "InvalidParameterValueException", "$LATEST is not supported for an alias pointing to more than 1 version"},
		{"f", "a", "1", map[string]float64{"$LATEST": 0.5}, "ValidationException", fmt.Sprintf(routing, "$LATEST=0.5") + "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]"},
	} {
		in := &lambda.CreateAliasInput{FunctionName: &tt.function, Name: &tt.name, FunctionVersion: &tt.number}
		if tt.weights != nil {
			in.RoutingConfig = &types.AliasRoutingConfiguration{AdditionalVersionWeights: tt.weights}
		}
		_, err := w.lambda.CreateAlias(t.Context(), in)
		wantError(t, err, tt.code, tt.want)
	}
	// UpdateAlias has the same rules, for the two versions together.
	w.alias(t, "live", "1", map[string]float64{"2": 0.5})
	_, err := w.lambda.UpdateAlias(t.Context(), &lambda.UpdateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), FunctionVersion: aws.String("2")})
	wantError(t, err, "InvalidParameterValueException", "Invalid function version 2. Function version 2 is already included in routing configuration.")
}

// wantError compares an error of AWS's with its code and message.
func wantError(t testing.TB, err error, code, message string) {
	t.Helper()
	var typed smithy.APIError
	if !errors.As(err, &typed) || typed.ErrorCode() != code || typed.ErrorMessage() != message {
		t.Errorf("got %v\nwant %s: %s", err, code, message)
	}
}
