package awsproto_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
	stsservice "awslab/runner/emulator/sts"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// serve makes a handler over rows that answer what a test wants.
func serve(t testing.TB, name string, operations ...awsproto.Operation) http.Handler {
	t.Helper()
	model, ok := awsmodel.ServiceByName(name)
	if !ok {
		t.Fatalf("no service %s", name)
	}
	return awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: operations}},
		Credentials: emulatortest.Credentials, Account: emulatortest.Account, Region: emulatortest.Region,
	})
}

func TestRESTCarriesEveryMember(t *testing.T) {
	t.Parallel()
	want := &lambda.CreateFunctionInput{
		FunctionName: aws.String("myFunc1"), Role: aws.String("arn:aws:iam::123456789012:role/r"),
		Runtime: lambdatypes.RuntimePython314, Handler: aws.String("lambda_function.lambda_handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: []byte{0, 1, 2, 255}}, Timeout: aws.Int32(3), Publish: true,
		Environment: &lambdatypes.Environment{Variables: map[string]string{"A": "한글 <&>"}},
		Tags:        map[string]string{"k": "v"}, Architectures: []lambdatypes.Architecture{lambdatypes.ArchitectureX8664},
	}
	answer := &lambda.CreateFunctionOutput{FunctionName: aws.String("myFunc1"), CodeSize: 4, MemorySize: aws.Int32(128), State: lambdatypes.StatePending}
	var got *lambda.CreateFunctionInput
	client := lambda.NewFromConfig(emulatortest.AWS(serve(t, "lambda", awsproto.REST("CreateFunction", "POST /2015-03-31/functions", 201,
		func(_ context.Context, in *lambda.CreateFunctionInput) (*lambda.CreateFunctionOutput, error) {
			got = in
			return answer, nil
		}))))
	out, err := client.CreateFunction(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(lambda.CreateFunctionInput{}, lambdatypes.FunctionCode{}, lambdatypes.Environment{})); diff != "" {
		t.Errorf("input, sent -, seen +:\n%s", diff)
	}
	if diff := cmp.Diff(answer, out, cmpopts.IgnoreUnexported(lambda.CreateFunctionOutput{}), cmpopts.IgnoreFields(lambda.CreateFunctionOutput{}, "ResultMetadata")); diff != "" {
		t.Errorf("output, sent -, seen +:\n%s", diff)
	}
}

func TestInvokeIsAllHeadersAndPayload(t *testing.T) {
	t.Parallel()
	client := lambda.NewFromConfig(emulatortest.AWS(serve(t, "lambda", awsproto.REST("Invoke", "POST /2015-03-31/functions/{FunctionName}/invocations", 200,
		func(_ context.Context, in *lambda.InvokeInput) (*lambda.InvokeOutput, error) {
			if aws.ToString(in.FunctionName) != "arn:aws:lambda:ap-northeast-2:123456789012:function:f" || aws.ToString(in.Qualifier) != "$LATEST" || in.LogType != lambdatypes.LogTypeTail {
				t.Errorf("the row saw %q %q %q", aws.ToString(in.FunctionName), aws.ToString(in.Qualifier), in.LogType)
			}
			return &lambda.InvokeOutput{Payload: append([]byte("got "), in.Payload...), FunctionError: aws.String("Unhandled"), LogResult: aws.String("bG9n"), ExecutedVersion: aws.String("$LATEST")}, nil
		}))))
	out, err := client.Invoke(t.Context(), &lambda.InvokeInput{
		FunctionName: aws.String("arn:aws:lambda:ap-northeast-2:123456789012:function:f"), Qualifier: aws.String("$LATEST"),
		LogType: lambdatypes.LogTypeTail, Payload: []byte("{}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if string(out.Payload) != "got {}" || aws.ToString(out.FunctionError) != "Unhandled" || aws.ToString(out.LogResult) != "bG9n" || out.StatusCode != http.StatusOK {
		t.Errorf("the client saw %q %v %v %d", out.Payload, out.FunctionError, out.LogResult, out.StatusCode)
	}
}

func TestQueryCarriesListsAndDocuments(t *testing.T) {
	t.Parallel()
	client := iam.NewFromConfig(emulatortest.AWS(serve(t, "iam", awsproto.RPC("CreateRole",
		func(_ context.Context, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
			return &iam.CreateRoleOutput{Role: &iamtypes.Role{
				RoleName: in.RoleName, Arn: aws.String("arn:x"), Path: aws.String("/"), RoleId: aws.String("AROA"),
				CreateDate: &noon, Tags: in.Tags, AssumeRolePolicyDocument: in.AssumeRolePolicyDocument,
			}}, nil
		}))))
	out, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(`{"a":"<&>"}`),
		Tags: []iamtypes.Tag{{Key: aws.String("k1"), Value: aws.String("v1")}, {Key: aws.String("k2"), Value: aws.String("값")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Role.Tags) != 2 || aws.ToString(out.Role.Tags[1].Value) != "값" || !out.Role.CreateDate.Equal(noon) || aws.ToString(out.Role.AssumeRolePolicyDocument) != `{"a":"<&>"}` {
		t.Errorf("the client saw %+v", out.Role)
	}
}

func TestErrorsArriveTyped(t *testing.T) {
	t.Parallel()
	t.Run("restJson1", func(t *testing.T) {
		t.Parallel()
		client := lambda.NewFromConfig(emulatortest.AWS(serve(t, "lambda", awsproto.REST("DeleteFunction", "DELETE /2015-03-31/functions/{FunctionName}", 204,
			func(context.Context, *lambda.DeleteFunctionInput) (*lambda.DeleteFunctionOutput, error) {
				return nil, &lambdatypes.ResourceNotFoundException{Message: aws.String("Function not found: arn:x")}
			}))))
		_, err := client.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f")})
		var missing *lambdatypes.ResourceNotFoundException
		if !errors.As(err, &missing) || missing.ErrorMessage() != "Function not found: arn:x" || aws.ToString(missing.Type) != "User" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("awsJson1_1", func(t *testing.T) {
		t.Parallel()
		client := cloudwatchlogs.NewFromConfig(emulatortest.AWS(serve(t, "logs", awsproto.RPC("CreateLogGroup",
			func(context.Context, *cloudwatchlogs.CreateLogGroupInput) (*cloudwatchlogs.CreateLogGroupOutput, error) {
				return nil, &logstypes.ResourceAlreadyExistsException{Message: aws.String("The specified log group already exists")}
			}))))
		_, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("g")})
		var exists *logstypes.ResourceAlreadyExistsException
		if !errors.As(err, &exists) || exists.ErrorMessage() != "The specified log group already exists" {
			t.Errorf("got %v", err)
		}
	})
	t.Run("awsQuery", func(t *testing.T) {
		t.Parallel()
		client := iam.NewFromConfig(emulatortest.AWS(serve(t, "iam", awsproto.RPC("GetRole",
			func(context.Context, *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
				return nil, &iamtypes.NoSuchEntityException{Message: aws.String("The role with name r cannot be found.")}
			}))))
		_, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("r")})
		var missing *iamtypes.NoSuchEntityException
		if !errors.As(err, &missing) || missing.ErrorMessage() != "The role with name r cannot be found." {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a mistake of ours says nothing of itself", func(t *testing.T) {
		t.Parallel()
		client := iam.NewFromConfig(emulatortest.AWS(serve(t, "iam", awsproto.RPC("GetRole",
			func(context.Context, *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
				return nil, errors.New("secret detail")
			}))))
		_, err := client.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String("r")})
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != "InternalFailure" || strings.Contains(err.Error(), "secret detail") {
			t.Errorf("got %v", err)
		}
	})
}

func TestWhatIsNotEmulatedIsRefusedByName(t *testing.T) {
	t.Parallel()
	model, _ := awsmodel.ServiceByName("sts")
	handler := awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: stsservice.New(stsservice.Config{}).Operations()}},
		Credentials: emulatortest.Credentials,
	})
	cfg := emulatortest.AWS(handler)
	for want, call := range map[string]func() error{
		"awslab does not emulate lambda:CreateAlias": func() error {
			_, err := lambda.NewFromConfig(cfg).CreateAlias(t.Context(), &lambda.CreateAliasInput{FunctionName: aws.String("f"), Name: aws.String("a"), FunctionVersion: aws.String("1")})
			return err
		},
		"awslab does not emulate apigateway:CreateVpcLink": func() error {
			_, err := apigateway.NewFromConfig(cfg).CreateVpcLink(t.Context(), &apigateway.CreateVpcLinkInput{Name: aws.String("n"), TargetArns: []string{"a"}})
			return err
		},
		"awslab does not emulate logs:StartQuery": func() error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).StartQuery(t.Context(), &cloudwatchlogs.StartQueryInput{QueryString: aws.String("q"), StartTime: aws.Int64(1), EndTime: aws.Int64(2)})
			return err
		},
		"awslab does not emulate sts:AssumeRoot": func() error {
			_, err := sts.NewFromConfig(cfg).AssumeRoot(t.Context(), &sts.AssumeRootInput{TargetPrincipal: aws.String("123456789012"), TaskPolicyArn: &ststypes.PolicyDescriptorType{Arn: aws.String("arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials")}})
			return err
		},
	} {
		if err := call(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "501") {
			t.Errorf("want %q with status 501, got %v", want, err)
		}
	}
}

// The bodies and headers of errors, as they are on the wire.
func TestErrorsOnTheWire(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, service string
		err           error
		status        int
		header        http.Header
		body          string
	}{
		{
			"Lambda, Message", "lambda", &lambdatypes.ResourceNotFoundException{Message: aws.String("Function not found: f")},
			404,
			http.Header{"X-Amzn-Errortype": {"ResourceNotFoundException"}},
			`{"Type":"User","Message":"Function not found: f"}`,
		},
		{
			"Lambda, message", "lambda", &lambdatypes.ResourceConflictException{Message: aws.String("Function already exist: f")},
			409, nil, `{"Type":"User","message":"Function already exist: f"}`,
		},
		{
			"Lambda's own fault", "lambda", &lambdatypes.ServiceException{Message: aws.String("m")},
			500, nil, `{"Type":"Service","Message":"m"}`,
		},
		{
			"a member and a header more", "lambda", &lambdatypes.TooManyRequestsException{Message: aws.String("Rate Exceeded."), Reason: lambdatypes.ThrottleReasonConcurrentInvocationLimitExceeded, RetryAfterSeconds: aws.String("2")},
			429,
			http.Header{"Retry-After": {"2"}},
			`{"Type":"User","message":"Rate Exceeded.","Reason":"ConcurrentInvocationLimitExceeded"}`,
		},
		{
			"without a type", "lambda", awsproto.Error("ValidationException", 400, "1 validation error detected"),
			400,
			http.Header{"X-Amzn-Errortype": {"ValidationException"}},
			`{"message":"1 validation error detected"}`,
		},
		{
			"with a status of its own", "lambda", awsproto.WithStatus(&lambdatypes.InvalidParameterValueException{Message: aws.String("m")}, 418),
			418, nil, `{"Type":"User","message":"m"}`,
		},
		{
			"awsJson1_1 says 400", "logs", awsproto.Error("AccessDeniedException", 403, "no"),
			400, nil, `{"__type":"AccessDeniedException","message":"no"}`,
		},
		{
			"awsQuery", "iam", &iamtypes.NoSuchEntityException{Message: aws.String("<gone>")},
			404,
			http.Header{"Content-Type": {"text/xml"}},
			`<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>&lt;gone&gt;</Message></Error><RequestId>id-1</RequestId></ErrorResponse>`,
		},
		{
			"awsQuery, a fault", "iam", &iamtypes.ServiceFailureException{Message: aws.String("m")},
			500, nil, `<Type>Receiver</Type><Code>ServiceFailure</Code>`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := answerWith(t, tt.service, func() error { return tt.err })
			for key, values := range tt.header {
				if w.Header().Get(key) != values[0] {
					t.Errorf("%s is %q, not %q", key, w.Header().Get(key), values[0])
				}
			}
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.body) || w.Header().Get("X-Amzn-Requestid") != "id-1" {
				t.Errorf("got %d %v %s", w.Code, w.Header(), w.Body)
			}
		})
	}
	t.Run("a panic", func(t *testing.T) {
		t.Parallel()
		w := answerWith(t, "lambda", func() error { panic("a mistake") })
		if w.Code != 500 || strings.Contains(w.Body.String(), "mistake") {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	})
}

// answerWith makes a call of a service that fails.
func answerWith(t *testing.T, name string, fail func() error) *httptest.ResponseRecorder {
	t.Helper()
	row, method, target, body := awsproto.RPC("GetRole", func(context.Context, *iam.GetRoleInput) (*iam.GetRoleOutput, error) { return nil, fail() }), "POST", "/", "Action=GetRole"
	switch name {
	case "lambda":
		row, method, target, body = awsproto.REST("GetFunction", "GET /2015-03-31/functions/{FunctionName}", 200, func(context.Context, *lambda.GetFunctionInput) (*lambda.GetFunctionOutput, error) { return nil, fail() }), "GET", "/2015-03-31/functions/f", ""
	case "logs":
		row, body = awsproto.RPC("DescribeLogGroups", func(context.Context, *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
			return nil, fail()
		}), "{}"
	}
	model, _ := awsmodel.ServiceByName(name)
	handler := awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: []awsproto.Operation{row}}},
		Credentials: emulatortest.Credentials, NewRequestID: func() string { return "id-1" },
	})
	r := httptest.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	if name == "logs" {
		r.Header.Set("X-Amz-Target", "Logs_20140328.DescribeLogGroups")
	}
	emulatortest.Sign(t, r, body, name)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func FuzzJSONBody(f *testing.F) {
	f.Add("PUT", "/2015-03-31/functions/f/configuration", `{"Timeout":3,"Environment":{"Variables":{"a":"b"}}}`)
	f.Add("PUT", "/2015-03-31/functions/f%2Fg/configuration?x=1", `[{}]`)
	f.Add("PUT", "/2015-03-31/functions/f/configuration", `{"Layers":["a",null],"VpcConfig":null} x`)
	handler := serve(f, "lambda", awsproto.REST("UpdateFunctionConfiguration", "PUT /2015-03-31/functions/{FunctionName}/configuration", 200,
		func(_ context.Context, in *lambda.UpdateFunctionConfigurationInput) (*lambda.UpdateFunctionConfigurationOutput, error) {
			return &lambda.UpdateFunctionConfigurationOutput{FunctionName: in.FunctionName, Handler: in.Handler, Timeout: in.Timeout}, nil
		}))
	f.Fuzz(func(t *testing.T, method, target, body string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost/"+strings.TrimPrefix(target, "/"), strings.NewReader(body))
		if err != nil {
			t.Skip("no request can be made of it")
		}
		emulatortest.Sign(t, r, body, "lambda")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 && w.Code != http.StatusNotImplemented {
			t.Errorf("%s %s %q gives %d %s", method, target, body, w.Code, w.Body)
		}
	})
}

func FuzzQueryForm(f *testing.F) {
	f.Add("Action=CreateRole&RoleName=r&Tags.member.1.Key=k")
	handler := serve(f, "iam", awsproto.RPC("CreateRole", func(context.Context, *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
		return &iam.CreateRoleOutput{}, nil
	}))
	client := http.Client{Transport: emulatortest.Transport{Handler: handler}}
	f.Fuzz(func(t *testing.T, body string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", strings.NewReader(body))
		if err != nil {
			t.Skip("no request can be made of it")
		}
		emulatortest.Sign(t, r, body, "iam")
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if answer.StatusCode >= 500 && answer.StatusCode != http.StatusNotImplemented {
			t.Errorf("%q gives %s", body, answer.Status)
		}
	})
}
