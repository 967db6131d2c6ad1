package check_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/check"
	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
	"awslab/runner/emulator/python"
)

// cloud is an emulator of a test's own, and what its checks made.
type cloud struct {
	cfg    aws.Config
	lambda *lambda.Client
	logs   *cloudwatchlogs.Client
	role   string

	mu     sync.Mutex
	probes map[string]bool
	tagged int // requests with the checks' header
	other  int

	front func(next http.Handler) http.Handler // what stands before the emulator; nil for nothing
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func newCloud(t testing.TB, change func(*emulator.Config)) *cloud {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	config := emulator.Config{
		Account: emulatortest.Account, Region: emulatortest.Region,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
		Python: python.New(python.Config{Dir: filepath.Join(cache, "awslab", "python")}),
		Notice: func(s error) { t.Log("notice:", s) },
	}
	if change != nil {
		change(&config)
	}
	e, err := emulator.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &cloud{probes: map[string]bool{}}
	c.cfg = emulatortest.AWS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		if r.Header.Get(check.CheckHeader) == "1" {
			c.tagged++
		} else {
			c.other++
		}
		front := c.front
		c.mu.Unlock()
		if front != nil {
			front(e).ServeHTTP(w, r)
			return
		}
		e.ServeHTTP(w, r)
	}))
	c.lambda, c.logs = lambda.NewFromConfig(c.cfg), cloudwatchlogs.NewFromConfig(c.cfg)
	roles := iam.NewFromConfig(c.cfg)
	out, err := roles.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("myFunc1-role"), AssumeRolePolicyDocument: aws.String(trust)})
	if err != nil {
		t.Fatal(err)
	}
	c.role = aws.ToString(out.Role.Arn)
	if _, err := roles.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String("myFunc1-role"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cloud) function(t testing.TB, name, code string) {
	t.Helper()
	c.functionIn(t, name, "lambda_function.py", code)
}

func (c *cloud) functionIn(t testing.TB, name, file, code string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(code)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String(name), Runtime: types.RuntimePython314, Role: aws.String(c.role), Timeout: aws.Int32(60), // on whatever machine this is
		Handler: aws.String("lambda_function.lambda_handler"), Code: &types.FunctionCode{ZipFile: b.Bytes()},
	}); err != nil {
		t.Fatal(err)
	}
}

func (c *cloud) invoke(t *testing.T, name string) {
	t.Helper()
	if _, err := c.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(name), Payload: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
}

func (c *cloud) world() check.World {
	return check.World{
		AWS: c.cfg, Emulator: true, Now: time.Now, Endpoint: "http://localhost:4566",
		IsProbe: func(id string) bool {
			c.mu.Lock()
			defer c.mu.Unlock()
			return c.probes[id]
		},
		Probe: func(id string) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.probes[id] = true
		},
		Mask: func(s string) string { return strings.ReplaceAll(s, "hunter2", "****") },
	}
}

const hello = `import json
def lambda_handler(event, context):
    print("hello hunter2", event)
    return {'statusCode': 200, 'body': json.dumps('Hello from Lambda!')}
`

func TestLambda(t *testing.T) {
	t.Parallel()
	c := newCloud(t, nil)
	c.function(t, "myfunc1", hello)
	for name, code := range map[string]string{
		"hello":   hello,
		"text":    "def lambda_handler(e, c): return {'statusCode': '200', 'body': {'a': 1}}\n",
		"raises":  "def lambda_handler(e, c): return e['name']\n",
		"syntax":  "def lambda_handler(e, c:\n",
		"handler": "def handler(e, c): return 1\n",
		"imports": "import nothing_of_that_name\ndef lambda_handler(e, c): return 1\n",
		"slow":    "import time\ndef lambda_handler(e, c): time.sleep(60)\n",
		"exits":   "import os\ndef lambda_handler(e, c): os._exit(1)\n",
		"echo":    "def lambda_handler(e, c): return e\n",
	} {
		c.function(t, name, code)
	}
	c.functionIn(t, "folder", "src/lambda_function.py", hello)
	if _, err := c.lambda.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("slow"), Timeout: aws.Int32(1)}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, node, want string }{
		{"right", "lambda: {function: hello, event: {k: v}}\nexpect: {status: 200, json: {body: {json: Hello from Lambda!}}, log: [{contains: \"hello\"}, {matches: ^REPORT}]}\n", "passed"},
		{"latest", "lambda: {function: hello, qualifier: $LATEST}\n", "passed"},
		{"missing", "lambda: {function: orders}\n", "failed lambda.missing"},
		{"near miss", "lambda: {function: myFunc1}\n", "failed lambda.near-miss"},
		{"qualifier", "lambda: {function: hello, qualifier: '7'}\n", "failed lambda.qualifier"},
		{"status as text", "lambda: {function: text}\nexpect: {status: 200}\n", "passed"},
		{"another error", "lambda: {function: raises}\nexpect: {error: {matches: .}, json: {errorMessage: Unauthorized}}\n", "failed lambda.payload"},
		{"body is no text", "lambda: {function: text}\nexpect: {json: {body: {json: {a: 1}}}}\n", "failed lambda.payload"},
		{"all that is wrong", "lambda: {function: hello}\nexpect: {status: 201, json: {x: 1}, log: [bye]}\n", "failed lambda.status lambda.payload lambda.log"},
		{"raises", "lambda: {function: raises}\n", "failed lambda.raised"},
		{"raises, rightly", "lambda: {function: raises}\nexpect: {error: Unhandled}\n", "passed"},
		{"raises, named", "lambda: {function: raises}\nexpect: {error: KeyError, json: {errorMessage: \"'name'\"}}\n", "passed"},
		{"raises otherwise", "lambda: {function: raises}\nexpect: {error: ValueError}\n", "failed lambda.error-other"},
		{"does not raise", "lambda: {function: hello}\nexpect: {error: Unhandled}\n", "failed lambda.error-missing"},
		{"syntax", "lambda: {function: syntax}\n", "failed lambda.syntax"},
		{"handler", "lambda: {function: handler}\n", "failed lambda.handler"},
		{"imports", "lambda: {function: imports}\n", "failed lambda.import"},
		{"folder", "lambda: {function: folder}\n", "failed lambda.import"},
		{"slow", "lambda: {function: slow}\n", "failed lambda.timeout"},
		{"exits", "lambda: {function: exits}\n", "failed lambda.exit"},
		{"payload is a number", "lambda: {function: echo, event: 12345678901234567890}\nexpect: {json: 12345678901234567890}\n", "passed"},
		{"payload is null", "lambda: {function: echo, event: {a: [1, ~, x]}}\nexpect: {json: {a: [1, null, x]}}\n", "passed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := check.Run(t.Context(), c.world(), compile(t, "lambda", tt.node))
			if got := codes(r); got != tt.want {
				t.Errorf("got %s, want %s\n%+v", got, tt.want, r)
			}
			for _, e := range r.Evidence {
				if strings.Contains(e.Request+e.Response+e.Reproduce, "hunter2") {
					t.Errorf("a secret in %+v", e)
				}
			}
		})
	}
	t.Run("evidence", func(t *testing.T) {
		t.Parallel()
		r := check.Run(t.Context(), c.world(), compile(t, "lambda", "lambda: {function: hello, event: {k: it's}}\n"))
		if len(r.Evidence) != 2 {
			t.Fatalf("%+v", r.Evidence)
		}
		want := `aws lambda invoke --endpoint-url http://localhost:4566 --region ap-northeast-2 --function-name hello --log-type Tail --payload '{"k":"it'\''s"}' --cli-binary-format raw-in-base64-out /dev/stdout`
		if got := r.Evidence[1].Reproduce; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if got := r.Evidence[1].Request; !strings.Contains(got, `"k": "it's"`) {
			t.Error(got)
		}
		if got := r.Evidence[1].Response; !strings.Contains(got, `"Hello from Lambda!\"`) || !strings.Contains(got, "REPORT RequestId:") {
			t.Error(got)
		}
	})
}

func TestRequestsAreTagged(t *testing.T) {
	t.Parallel()
	c := newCloud(t, nil)
	c.function(t, "f", hello)
	c.mu.Lock()
	before := c.other
	c.mu.Unlock()
	check.Run(t.Context(), c.world(), compile(t, "lambda", "lambda: {function: f}\n"))
	check.Run(t.Context(), c.world(), compile(t, "call", "call: iam.ListRoles\n"))
	if c.tagged != 3 || c.other != before {
		t.Errorf("%d tagged, %d not", c.tagged, c.other-before)
	}
}

// A function that is Pending is waited for, as long as the check may.
func TestPendingIsWaitedFor(t *testing.T) {
	t.Parallel()
	time0 := &clock{now: time.Now()}
	var mu sync.Mutex
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return time0.now
	}
	c := newCloud(t, func(e *emulator.Config) { e.Strict, e.Clock = true, now })
	c.function(t, "f", hello)
	world := c.world()
	world.Now = now
	world.Once = true
	if got := codes(check.Run(t.Context(), world, compile(t, "lambda", "lambda: {function: f}\n"))); got != "failed lambda.pending" {
		t.Fatalf("once: %s", got)
	}
	world.Once = false
	world.Sleep = time0.sleep
	r := check.Run(t.Context(), world, compile(t, "lambda", "lambda: {function: f}\n"))
	if got := codes(r); got != "passed" || len(time0.slept) == 0 {
		t.Errorf("%s after sleeping %v", got, time0.slept)
	}
}

func TestLogs(t *testing.T) {
	t.Parallel()
	c := newCloud(t, nil)
	c.function(t, "f", hello)
	judge := func(t *testing.T, node string, started time.Time) string {
		t.Helper()
		world := c.world()
		world.StepStarted, world.Once = started, true
		return codes(check.Run(t.Context(), world, compile(t, "logs", "logs: "+node)))
	}
	expect := func(node, want string) {
		t.Helper()
		if got := judge(t, node, time.Time{}); got != want {
			t.Errorf("%s: got %s, want %s", node, got, want)
		}
	}
	expect("{group: /aws/lambda/f, filter: REPORT}\n", "failed logs.missing")

	// A check's own call writes lines that prove nothing.
	check.Run(t.Context(), c.world(), compile(t, "lambda", "lambda: {function: f}\n"))
	expect("{group: /aws/lambda/f, filter: REPORT}\n", "failed logs.only-checks")
	expect("{group: /aws/lambda/f, filter: hello}\n", "failed logs.only-checks")
	expect("{group: /aws/lambda/f, filter: INIT_START}\n", "failed logs.only-checks")
	expect("{group: /aws/lambda/f}\n", "failed logs.only-checks")
	expect("{group: /aws/lambda/F}\n", "failed logs.near-miss")
	expect("{group: /aws/lambda/f}\nexpect: {count: 0}\n", "passed")

	c.invoke(t, "f")
	expect("{group: /aws/lambda/f, filter: REPORT}\n", "passed")
	expect("{group: /aws/lambda/f, filter: REPORT}\nexpect: {count: 1}\n", "passed")
	expect("{group: /aws/lambda/f, filter: REPORT}\nexpect: {count: {between: [2, 9]}}\n", "failed logs.count")
	expect("{group: /aws/lambda/f, filter: hello}\nexpect: {lines: [{contains: hello}]}\n", "passed")
	expect("{group: /aws/lambda/f}\nexpect: {lines: [{contains: hello}, {contains: bye}]}\n", "failed logs.line")
	expect("{group: /aws/lambda/f, filter: nothing}\n", "failed logs.none")
	expect("{group: /aws/lambda/f, filter: nothing}\nexpect: {lines: [x]}\n", "failed logs.none")

	// Since the step.
	if got := judge(t, "{group: /aws/lambda/f, since: step, filter: REPORT}\n", time.Now().Add(time.Minute)); got != "failed logs.old" {
		// the events' clock is real: a step that begins later has only old lines
		t.Errorf("since later: %s", got)
	}
	if got := judge(t, "{group: /aws/lambda/f, since: step, filter: REPORT}\n", time.Now().Add(-time.Minute)); got != "passed" {
		t.Errorf("since before: %s", got)
	}
}

// More groups than one answer holds, and more lines than one.
func TestAllPagesAreRead(t *testing.T) {
	t.Parallel()
	c := newCloud(t, nil)
	for i := range 120 {
		name := "/group/" + strings.Repeat("a", i+1)
		if _, err := c.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(name)}); err != nil {
			t.Fatal(err)
		}
	}
	r := check.Run(t.Context(), c.world(), compile(t, "call", "call: logs.DescribeLogGroups\nexpect: {length(logGroups): 120}\n"))
	if got := codes(r); got != "passed" || len(r.Evidence) != 1 {
		t.Errorf("%s %v", got, r.Findings)
	}
	r = check.Run(t.Context(), c.world(), compile(t, "call", "call: logs.DescribeLogGroups\nwith: {limit: 7}\nexpect: {length(logGroups): 120}\n"))
	if got := codes(r); got != "passed" {
		t.Errorf("small pages: %s %v", got, r.Findings)
	}
	group, stream := aws.String("/group/a"), aws.String("s")
	if _, err := c.logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		var events []logstypes.InputLogEvent
		for range 5000 {
			events = append(events, logstypes.InputLogEvent{Message: aws.String("x"), Timestamp: aws.Int64(time.Now().UnixMilli())})
		}
		if _, err := c.logs.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: events}); err != nil {
			t.Fatal(err)
		}
	}
	r = check.Run(t.Context(), c.world(), compile(t, "logs", "logs: {group: /group/a}\nexpect: {count: 15000}\n"))
	if got := codes(r); got != "passed" {
		t.Errorf("lines: %s %v", got, r.Findings)
	}
}

func TestCall(t *testing.T) {
	t.Parallel()
	c := newCloud(t, nil)
	c.function(t, "myFunc1", hello)
	for _, tt := range []struct{ name, node, want string }{
		{"value", "call: lambda.GetFunction\nwith: {FunctionName: myFunc1}\nexpect: {Configuration.Runtime: {matches: '^python3'}, Configuration.Timeout: 60}\n", "passed"},
		{"policy", "call: iam.GetRole\nwith: {RoleName: myFunc1-role}\nexpect: {'Role.AssumeRolePolicyDocument.Statement[0].Principal.Service': lambda.amazonaws.com, Role.AssumeRolePolicyDocument: {matches: 'lambda\\.amazonaws'}}\n", "passed"},
		{"function of JMESPath", "call: iam.ListAttachedRolePolicies\nwith: {RoleName: myFunc1-role}\nexpect: {\"AttachedPolicies[?starts_with(PolicyName, 'AWSLambdaBasicExecutionRole')] | length(@)\": 1}\n", "passed"},
		{"other values", "call: lambda.GetFunction\nwith: {FunctionName: myFunc1}\nexpect: {Configuration.Timeout: 3, Configuration.DeadLetterConfig: {exists: true}, 'length(Nothing)': 1}\n", "failed call.value call.absent call.absent"},
		{"absent, rightly", "call: lambda.GetFunction\nwith: {FunctionName: myFunc1}\nexpect: {Configuration.DeadLetterConfig: {exists: false}}\n", "passed"},
		{"near miss", "call: lambda.GetFunction\nwith: {FunctionName: myfunc1}\n", "failed call.near-miss"},
		{"near miss of a role", "call: iam.GetRole\nwith: {RoleName: myFunc-role}\n", "failed call.near-miss"},
		{"not there", "call: lambda.GetFunction\nwith: {FunctionName: orders}\n", "failed call.not-found"},
		{"gone", "call: lambda.GetFunction\nwith: {FunctionName: orders}\nerror: ResourceNotFoundException\n", "passed"},
		{"gone, as IAM says it", "call: iam.GetRole\nwith: {RoleName: nobody}\nerror: NoSuchEntityException\n", "passed"},
		{"still there", "call: lambda.GetFunction\nwith: {FunctionName: myFunc1}\nerror: ResourceNotFoundException\n", "failed call.still-there"},
		{"other error", "call: lambda.GetFunction\nwith: {FunctionName: 'a b'}\nerror: ResourceNotFoundException\n", "failed call.other-error"},
		{"refused", "call: lambda.GetFunction\nwith: {FunctionName: 'a b'}\n", "failed call.refused"},
		{"not emulated", "call: apigateway.GetVpcLinks\n", "undecided undecided.server"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := check.Run(t.Context(), c.world(), compile(t, "call", tt.node))
			if got := codes(r); got != tt.want {
				t.Errorf("got %s, want %s\n%+v", got, tt.want, r)
			}
			for _, e := range r.Evidence {
				if e.What == "" || e.Request == "" || e.Response == "" || !strings.HasPrefix(e.Reproduce, "aws ") {
					t.Errorf("%+v", e)
				}
			}
		})
	}
}

// Whatever says nothing about the student's work leaves a check undecided.
func TestUndecided(t *testing.T) {
	t.Parallel()
	answer := func(status int, code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-ErrorType", code)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(map[string]string{"message": "so it is", "__type": code})
		}
	}
	for _, tt := range []struct {
		name string
		cfg  aws.Config
		want string
	}{
		{"expired", emulatortest.AWS(answer(403, "ExpiredTokenException")), "undecided.credentials"},
		{"unknown key", emulatortest.AWS(answer(403, "UnrecognizedClientException")), "undecided.credentials"},
		{"denied", emulatortest.AWS(answer(403, "AccessDeniedException")), "undecided.denied"},
		{"throttled", emulatortest.AWS(answer(429, "TooManyRequestsException")), "undecided.throttled"},
		{"fault", emulatortest.AWS(answer(500, "ServiceException")), "undecided.server"},
		{"no AWS at all", emulatortest.AWS(http.NotFoundHandler()), "undecided.server"},
		{"nobody", aws.Config{Region: "x", BaseEndpoint: aws.String("http://127.0.0.1:1"), Credentials: credentials.NewStaticCredentialsProvider("a", "b", "")}, "undecided.network"},
		{"no credentials", aws.Config{Region: "x", BaseEndpoint: aws.String("http://127.0.0.1:1"), Credentials: aws.CredentialsProviderFunc(noCredentials)}, "undecided.credentials"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for kind, node := range map[string]string{
				"lambda": "lambda: {function: f}\n",
				"call":   "call: lambda.GetFunction\nwith: {FunctionName: f}\n",
				"logs":   "logs: {group: g}\n",
			} {
				r := check.Run(t.Context(), check.World{AWS: tt.cfg, Once: true}, compile(t, kind, node))
				if got := codes(r); got != "undecided "+tt.want || r.Findings[0].Found == "" {
					t.Errorf("%s: got %s, want %s\n%+v", kind, got, tt.want, r)
				}
			}
			// Nor does a check pass that wants an error.
			r := check.Run(t.Context(), check.World{AWS: tt.cfg, Once: true}, compile(t, "call", "call: lambda.GetFunction\nwith: {FunctionName: f}\nerror: ResourceNotFoundException\n"))
			if r.Status != check.Undecided {
				t.Errorf("wanting an error: %s", codes(r))
			}
		})
	}
}

func noCredentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{}, errors.New("the SSO session has expired")
}
