package emulator_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
	"awslab/runner/emulator/python"
)

// world is an emulator of a test's own and clients of it.
type world struct {
	*emulator.Emulator
	cfg    aws.Config
	iam    *iam.Client
	lambda *lambda.Client
	logs   *cloudwatchlogs.Client
}

func open(t testing.TB, dir string) *world {
	t.Helper()
	e, err := emulator.New(emulator.Config{
		Dir: dir, Account: emulatortest.Account, Region: emulatortest.Region,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
		Python: installation(t),
		Notice: func(err error) { t.Log("notice:", err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return newWorld(e)
}

// installation is the Python that all tests share.
func installation(t testing.TB) *python.Installation {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	return python.New(python.Config{Dir: filepath.Join(cache, "awslab", "python")})
}

func newWorld(e *emulator.Emulator) *world {
	cfg := emulatortest.AWS(e)
	return &world{e, cfg, iam.NewFromConfig(cfg), lambda.NewFromConfig(cfg), cloudwatchlogs.NewFromConfig(cfg)}
}

func detachBasicExecution() *iam.DetachRolePolicyInput {
	return &iam.DetachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")}
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// role makes a role that Lambda may assume and that may write logs.
func (w *world) role(t testing.TB) string {
	t.Helper()
	out, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trust)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.iam.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")}); err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Role.Arn)
}

func zipped(t testing.TB, name, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// function makes a Python function of a text.
func (w *world) function(t testing.TB, text string, change func(*lambda.CreateFunctionInput)) {
	t.Helper()
	in := &lambda.CreateFunctionInput{
		FunctionName: aws.String("f"), Role: aws.String(w.role(t)), Runtime: types.RuntimePython314,
		Handler: aws.String("lambda_function.lambda_handler"), Code: &types.FunctionCode{ZipFile: zipped(t, "lambda_function.py", text)},
		Timeout: aws.Int32(10),
	}
	if change != nil {
		change(in)
	}
	if _, err := w.lambda.CreateFunction(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// invoke invokes it and gives the payload, the error's kind and the log.
func (w *world) invoke(t testing.TB, payload string) (answer, failed, log string) {
	t.Helper()
	out, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(payload), LogType: types.LogTypeTail})
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(aws.ToString(out.LogResult))
	if err != nil {
		t.Fatal(err)
	}
	return string(out.Payload), aws.ToString(out.FunctionError), string(text)
}

const hello = `import json

def lambda_handler(event, context):
    print("key1 =", event["key1"])
    return {"statusCode": 200, "body": json.dumps("Hello from Lambda!")}
`

func TestAFunctionFromRoleToLog(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	answer, failed, log := w.invoke(t, `{"key1":"value1"}`)
	if answer != `{"statusCode": 200, "body": "\"Hello from Lambda!\""}` || failed != "" {
		t.Errorf("answer %s, error %q, log:\n%s", answer, failed, log)
	}
	if want := regexp.MustCompile(`^START RequestId: [0-9a-f-]{36} Version: \$LATEST\nkey1 = value1\nEND RequestId: [0-9a-f-]{36}\nREPORT RequestId: [0-9a-f-]{36}\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t\n$`); !want.MatchString(log) {
		t.Errorf("the log tail is %q", log)
	}
	streams, err := w.logs.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String("/aws/lambda/f")})
	if err != nil || len(streams.LogStreams) != 1 {
		t.Fatalf("streams %+v, %v", streams, err)
	}
	if name := aws.ToString(streams.LogStreams[0].LogStreamName); !regexp.MustCompile(`^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`).MatchString(name) {
		t.Errorf("the stream is %s", name)
	}
	events, err := w.logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/f")})
	if err != nil {
		t.Fatal(err)
	}
	var starts []string
	for _, e := range events.Events {
		starts = append(starts, strings.Fields(aws.ToString(e.Message))[0])
	}
	if got := strings.Join(starts, " "); got != "INIT_START START key1 END REPORT" {
		t.Errorf("the log has %s", got)
	}
	if _, _, log := w.invoke(t, `{"key1":"again"}`); strings.Contains(log, "Init Duration") {
		t.Errorf("the second invocation was cold:\n%s", log)
	}
}

func TestWhatLambdaAnswersWhenAHandlerFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		code   string
		change func(*lambda.CreateFunctionInput)
		answer string // regexp
		log    string // contained
	}{
		"raises": {
			code:   "def lambda_handler(event, context):\n    raise ValueError('boom')\n",
			answer: `^\{"errorMessage": "boom", "errorType": "ValueError", "requestId": "[0-9a-f-]{36}", "stackTrace": \["  File \\"/var/task/lambda_function.py\\", line 2, in lambda_handler\\n    raise ValueError\('boom'\)\\n"\]\}$`,
			log:    "[ERROR] ValueError: boom\nTraceback (most recent call last):\n\u00a0\u00a0File \"/var/task/lambda_function.py\", line 2, in lambda_handler\n\u00a0\u00a0\u00a0\u00a0raise ValueError('boom')\nEND ",
		},
		"syntax error": {
			code:   "def lambda_handler(event, context)\n    return 1\n",
			answer: `^\{"errorMessage": "Syntax error in module 'lambda_function': expected ':' \(lambda_function.py, line 1\)", "errorType": "Runtime.UserCodeSyntaxError", "requestId": "", "stackTrace": \["  File \\"/var/task/lambda_function.py\\" Line 1\\n    def lambda_handler`,
			log:    "[ERROR] Runtime.UserCodeSyntaxError: Syntax error",
		},
		"missing module": {
			code:   "import no_such_module\n",
			answer: `^\{"errorMessage": "Unable to import module 'lambda_function': No module named 'no_such_module'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": \[\]\}$`,
			log:    "[ERROR] Runtime.ImportModuleError: Unable to import module",
		},
		"missing handler": {
			code:   "def handler(event, context): pass\n",
			answer: `^\{"errorMessage": "Handler 'lambda_handler' missing on module 'lambda_function'", "errorType": "Runtime.HandlerNotFound"`,
		},
		"a zip without the module": {
			code:   "def handler(event, context): pass\n",
			change: func(in *lambda.CreateFunctionInput) { in.Handler = aws.String("index.handler") },
			answer: `"Unable to import module 'index': No module named 'index'"`,
		},
		"a bad handler": {
			code:   "",
			change: func(in *lambda.CreateFunctionInput) { in.Handler = aws.String("nothing") },
			answer: `"Bad handler 'nothing': not enough values to unpack \(expected 2, got 1\)", "errorType": "Runtime.MalformedHandlerName"`,
		},
		"not serialisable": {
			code:   "def lambda_handler(event, context):\n    return {1, 2}\n",
			answer: `"Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError"`,
		},
		"times out": {
			code:   "def lambda_handler(event, context):\n    while True: pass\n",
			change: func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(1) },
			answer: `^\{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds"\}$`,
			log:    "Task timed out after 1.00 seconds",
		},
		"exits": {
			code:   "import sys\ndef lambda_handler(event, context):\n    sys.exit(1)\n",
			answer: `^\{"errorType":"Runtime.ExitError","errorMessage":"RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 1"\}$`,
		},
		"too large an answer": {
			code:   "def lambda_handler(event, context):\n    return 'x' * 7000000\n",
			answer: `^\{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size \(6291556 bytes\)."\}$`,
		},
		"too much memory": {
			code:   "def lambda_handler(event, context):\n    b = []\n    while True: b.append(bytearray(b'x') * (1 << 20))\n",
			answer: `"errorType":"Runtime.OutOfMemory"`,
		},
		"prints 100 MB": {
			code:   "def lambda_handler(event, context):\n    for i in range(100): print('x' * (1 << 20))\n    return 'done'\n",
			change: func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(60) }, // a busy machine takes more than ten seconds
			answer: `^"done"$`,
			log:    "printed more than 1 MiB",
		},
		"forks without end": {
			code:   "import os, time\ndef lambda_handler(event, context):\n    while True:\n        if os.fork() == 0: time.sleep(60)\n",
			answer: `"errorType":"Runtime\.(ExitError|OutOfMemory)"|Sandbox.Timedout|BlockingIOError`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t, "")
			w.function(t, tt.code, tt.change)
			answer, _, log := w.invoke(t, "{}")
			if !regexp.MustCompile(tt.answer).MatchString(answer) {
				t.Errorf("answer %.400s\nlog %s", answer, log)
			}
			if !strings.Contains(log, tt.log) {
				t.Errorf("log %q", log)
			}
			// The emulator is as well as before.
			if _, err := w.lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("f")}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestTheContextAndTheEnvironment(t *testing.T) {
	t.Setenv("AWSLAB_STUDENTS_SECRET", "x")
	w := open(t, "")
	w.function(t, `import os
def lambda_handler(event, context):
    return {"name": context.function_name, "version": context.function_version, "arn": context.invoked_function_arn,
            "memory": context.memory_limit_in_mb, "left": 0 < context.get_remaining_time_in_millis() <= 10000,
            "group": context.log_group_name, "id": len(context.aws_request_id), "env": sorted(os.environ)}
`, func(in *lambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"GREETING": "hi"}}
	})
	answer, _, _ := w.invoke(t, "{}")
	var got struct {
		Name, Version, Arn, Memory, Group string
		Left                              bool
		ID                                int
		Env                               []string
	}
	if err := json.Unmarshal([]byte(answer), &got); err != nil {
		t.Fatal(err)
	}
	if got.Name != "f" || got.Version != "$LATEST" || got.Arn != "arn:aws:lambda:ap-northeast-2:123456789012:function:f" || got.Memory != "128" || !got.Left || got.Group != "/aws/lambda/f" || got.ID != 36 {
		t.Errorf("the context is %s", answer)
	}
	want := "AWS_DEFAULT_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_LAMBDA_RUNTIME_API AWS_REGION GREETING LAMBDA_RUNTIME_DIR LAMBDA_TASK_ROOT LANG LC_CTYPE PATH PYTHONDONTWRITEBYTECODE PYTHONHOME TMPDIR TZ _HANDLER _X_AMZN_TRACE_ID"
	if env := strings.Join(got.Env, " "); env != want {
		t.Errorf("the environment is %s", env)
	}
}

func TestRefusedInvocations(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	_, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("g")})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) || missing.ErrorMessage() != "Function not found: arn:aws:lambda:ap-northeast-2:123456789012:function:g:$LATEST" {
		t.Errorf("a missing function: %v", err)
	}
	_, err = w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte("{")})
	var content *types.InvalidRequestContentException
	if !errors.As(err, &content) {
		t.Errorf("bad JSON: %v", err)
	}
	_, err = w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`"` + strings.Repeat("x", 10<<20) + `"`)})
	if err == nil || !strings.Contains(err.Error(), "RequestEntityTooLargeException") || !strings.Contains(err.Error(), "413") {
		t.Errorf("a 10 MB event: %.200v", err)
	}
	_, err = w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{FunctionName: aws.String("h"), Role: aws.String("arn:aws:iam::123456789012:role/none"), Runtime: types.RuntimePython314, Handler: aws.String("a.b"), Code: &types.FunctionCode{ZipFile: zipped(t, "a.py", "")}})
	if err == nil || !strings.Contains(err.Error(), "The role defined for the function cannot be assumed by Lambda.") {
		t.Errorf("a role that is not there: %v", err)
	}
}
