package emulator_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
)

func TestWhatCreateFunctionRefuses(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	role := w.role(t)
	for name, tt := range map[string]struct {
		change func(*lambda.CreateFunctionInput)
		want   string // contained
	}{
		"a retired runtime":    {func(in *lambda.CreateFunctionInput) { in.Runtime = types.RuntimePython37 }, "InvalidParameterValueException: The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions."},
		"another language":     {func(in *lambda.CreateFunctionInput) { in.Runtime = types.RuntimeNodejs22x }, "awslab does not emulate the runtime nodejs22.x"},
		"no such runtime":      {func(in *lambda.CreateFunctionInput) { in.Runtime = "python9" }, "Value python9 at 'runtime' failed to satisfy constraint"},
		"a bad name":           {func(in *lambda.CreateFunctionInput) { in.FunctionName = aws.String("my func") }, "Value 'my func' at 'functionName' failed to satisfy constraint"},
		"no time":              {func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(0) }, "Value '0' at 'timeout' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		"too much time":        {func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(901) }, "Member must have value less than or equal to 900"},
		"too little memory":    {func(in *lambda.CreateFunctionInput) { in.MemorySize = aws.Int32(64) }, "Member must have value greater than or equal to 128"},
		"not a zip":            {func(in *lambda.CreateFunctionInput) { in.Code.ZipFile = []byte("no zip") }, "Could not unzip uploaded file. Please check your file, then try to upload again."},
		"a zip that leads out": {func(in *lambda.CreateFunctionInput) { in.Code.ZipFile = zipped(t, "../out.py", "") }, "Could not unzip uploaded file."},
		"a reserved variable": {func(in *lambda.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "x"}}
		}, "Reserved keys used in this request: AWS_REGION"},
		"too many variables": {func(in *lambda.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"LONG": strings.Repeat("x", 5000)}}
		}, "exceeded the 4KB limit"},
		"a role that Lambda may not assume": {func(in *lambda.CreateFunctionInput) { in.Role = aws.String("arn:aws:iam::123456789012:role/other") }, "The role defined for the function cannot be assumed by Lambda."},
		"layers":                            {func(in *lambda.CreateFunctionInput) { in.Layers = []string{"arn"} }, "awslab does not emulate lambda:CreateFunction with Layers"},
	} {
		in := &lambda.CreateFunctionInput{
			FunctionName: aws.String("f"), Role: aws.String(role), Runtime: types.RuntimePython314, Handler: aws.String("a.b"),
			Code: &types.FunctionCode{ZipFile: zipped(t, "a.py", "")},
		}
		tt.change(in)
		if _, err := w.lambda.CreateFunction(t.Context(), in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", name, err, tt.want)
		}
	}
	if list, err := w.lambda.ListFunctions(t.Context(), &lambda.ListFunctionsInput{}); err != nil || len(list.Functions) != 0 {
		t.Errorf("there are functions all the same: %+v, %v", list, err)
	}
}

func TestFunctionsAreFoundByEveryFormOfTheirName(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	for _, name := range []string{"f", "f:$LATEST", "123456789012:function:f", "function:f", "arn:aws:lambda:ap-northeast-2:123456789012:function:f", "arn:aws:lambda:ap-northeast-2:123456789012:function:f:$LATEST"} {
		if _, err := w.lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String(name)}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"F":   "Function not found: arn:aws:lambda:ap-northeast-2:123456789012:function:F",
		"f:1": "Function not found: arn:aws:lambda:ap-northeast-2:123456789012:function:f:1",
		"arn:aws:lambda:us-east-1:123456789012:function:f": "Functions from 'us-east-1' are not reachable in this region ('ap-northeast-2')",
	} {
		_, err := w.lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String(name)})
		var missing *types.ResourceNotFoundException
		if !errors.As(err, &missing) || missing.ErrorMessage() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("f"), Role: aws.String("arn:aws:iam::123456789012:role/r"), Runtime: types.RuntimePython314, Handler: aws.String("a.b"),
		Code: &types.FunctionCode{ZipFile: zipped(t, "a.py", "")},
	})
	var conflict *types.ResourceConflictException
	if !errors.As(err, &conflict) || conflict.ErrorMessage() != "Function already exist: f" {
		t.Errorf("a second function f: %v", err)
	}
	_, err = w.lambda.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), RevisionId: aws.String("old"), Timeout: aws.Int32(4)})
	var precondition *types.PreconditionFailedException
	if !errors.As(err, &precondition) {
		t.Errorf("an old revision: %v", err)
	}
}

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func TestStrictFunctionsTakeTheirTime(t *testing.T) {
	t.Parallel()
	now := &clock{now: time.Now()}
	e, err := emulator.New(emulator.Config{
		Account: emulatortest.Account, Region: emulatortest.Region, Strict: true, Clock: now.time,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	w := newWorld(e)
	w.function(t, hello, nil)
	state := func() string {
		c, err := w.lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("f")})
		if err != nil {
			t.Fatal(err)
		}
		return string(c.State) + " " + string(c.LastUpdateStatus)
	}
	update := func() error {
		_, err := w.lambda.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), Description: aws.String("d")})
		return err
	}
	var conflict *types.ResourceConflictException
	got := []string{state()}
	if err := update(); !errors.As(err, &conflict) {
		t.Errorf("updating a pending function: %v", err)
	}
	if _, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f")}); !errors.As(err, &conflict) {
		t.Errorf("invoking a pending function: %v", err)
	}
	now.pass(10 * time.Second)
	got = append(got, state())
	if err := update(); err != nil {
		t.Fatal(err)
	}
	got = append(got, state())
	if err := update(); !errors.As(err, &conflict) || !strings.Contains(err.Error(), "An update is in progress for resource: arn:aws:lambda") {
		t.Errorf("a second update meanwhile: %v", err)
	}
	now.pass(10 * time.Second)
	got = append(got, state())
	if diff := cmp.Diff([]string{"Pending ", "Active Successful", "Active InProgress", "Active Successful"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDryRunAndEvent(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	dry, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeDryRun})
	if err != nil || dry.StatusCode != http.StatusNoContent {
		t.Errorf("a dry run: %+v, %v", dry, err)
	}
	if groups, err := w.logs.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{}); err != nil || len(groups.LogGroups) != 0 {
		t.Errorf("a dry run wrote to a log: %+v, %v", groups, err)
	}
	event, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeEvent, Payload: []byte(`{"key1":"later"}`)})
	if err != nil || event.StatusCode != http.StatusAccepted || len(event.Payload) != 0 {
		t.Errorf("an event: %+v, %v", event, err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		events, err := w.logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/f"), FilterPattern: aws.String("later")})
		if err == nil && len(events.Events) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the event was not handled: %+v, %v", events, err)
		}
	}
}

// A role that may not write logs: the function runs, silently.
func TestNoLogsWithoutPermission(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	if _, err := w.iam.DetachRolePolicy(t.Context(), detachBasicExecution()); err != nil {
		t.Fatal(err)
	}
	if answer, failed, _ := w.invoke(t, `{"key1":"v"}`); failed != "" || !strings.Contains(answer, "Hello") {
		t.Errorf("it answers %s", answer)
	}
	if groups, err := w.logs.DescribeLogGroups(t.Context(), &cloudwatchlogs.DescribeLogGroupsInput{}); err != nil || len(groups.LogGroups) != 0 {
		t.Errorf("there is a log all the same: %+v, %v", groups, err)
	}
}
