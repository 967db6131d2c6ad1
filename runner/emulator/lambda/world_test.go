package lambda

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

const (
	testAccount = "123456789012"
	testRegion  = "ap-northeast-2"
	testRole    = "arn:aws:iam::123456789012:role/r"
	testARN     = "arn:aws:lambda:ap-northeast-2:123456789012:function:f"
)

// world is a service on its own, whose role may do everything, and a way to call
// it through its table.
type world struct {
	*testing.T
	*Service
	call *awsproto.Call
}

func newWorld(t *testing.T, change func(*Config)) world {
	t.Helper()
	cfg := Config{Account: testAccount, Region: testRegion, Logs: nowhere{}, Roles: mighty{}, Code: store{}, Scratch: t.TempDir()}
	if change != nil {
		change(&cfg)
	}
	w := world{t, New(cfg), &awsproto.Call{
		Account: testAccount, Region: testRegion, Principal: "arn:aws:iam::123456789012:user/student", RequestID: "00000000-0000-4000-8000-000000000000",
		Time: time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC), Rand: rand.New(rand.NewPCG(1, 2)),
	}}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

type nowhere struct{}

func (nowhere) CreateLogStream(context.Context, string, string) error          { return nil }
func (nowhere) PutLogEvents(context.Context, string, string, []LogEvent) error { return nil }

type mighty struct{}

func (mighty) CanAssume(string, string) bool      { return true }
func (mighty) Allows(string, string, string) bool { return true }

type store map[string][]byte

func (s store) Put(data []byte) (string, error) {
	sum := fmt.Sprintf("%d-%x", len(data), data[max(0, len(data)-40):])
	s[sum] = data
	return sum, nil
}

func (s store) Get(sum string) ([]byte, error) { return s[sum], nil }

// do calls the operation of an input's type.
func do[O any](w world, input any) (*O, error) {
	w.Helper()
	name := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", input), "*lambda."), "Input")
	for _, op := range w.Operations() {
		if op.Name == name {
			call := *w.call
			call.Service, call.Operation = "lambda", name
			out, err := op.Do(awsproto.WithCall(context.Background(), &call), input)
			if err != nil {
				return nil, err
			}
			return out.(*O), nil
		}
	}
	w.Fatalf("no operation %s", name)
	return nil, nil
}

// must calls an operation that has to succeed.
func must[O any](w world, input any) *O {
	w.Helper()
	out, err := do[O](w, input)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// create makes the function f of files.
func (w world) create(runtime types.Runtime, files map[string][]byte) {
	w.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range files {
		header := &zip.FileHeader{Name: name, Method: zip.Store}
		header.SetMode(0o755)
		f, err := z.CreateHeader(header)
		if err == nil {
			_, err = f.Write(content)
		}
		if err != nil {
			w.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		w.Fatal(err)
	}
	must[lambda.CreateFunctionOutput](w, &lambda.CreateFunctionInput{
		FunctionName: aws.String("f"), Role: aws.String(testRole), Runtime: runtime, Handler: aws.String("a.b"),
		Timeout: aws.Int32(10), Code: &types.FunctionCode{ZipFile: b.Bytes()},
	})
}

func TestMayInvoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.create(types.RuntimePython314, map[string][]byte{"a.py": nil})
	must[lambda.PublishVersionOutput](w, &lambda.PublishVersionInput{FunctionName: aws.String("f")})
	must[lambda.CreateAliasOutput](w, &lambda.CreateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), FunctionVersion: aws.String("1")})
	const gateway = "apigateway.amazonaws.com"
	prod := strings.Replace(wholeMethod, "*", "prod", 1)
	allow := func(qualifier *string, sid, source string, account *string) {
		must[lambda.AddPermissionOutput](w, &lambda.AddPermissionInput{
			FunctionName: aws.String("f"), Qualifier: qualifier, StatementId: &sid, Action: aws.String("lambda:InvokeFunction"),
			Principal: aws.String(gateway), SourceArn: &source, SourceAccount: account,
		})
	}
	ask := func(want bool, arn, service, source string) {
		t.Helper()
		if got := w.MayInvoke(arn, service, source, testAccount); got != want {
			t.Errorf("%s for %s on %s: %v", service, source, arn, got)
		}
	}
	ask(false, testARN, gateway, prod) // no policy at all
	allow(nil, "a", wholeMethod, nil)
	ask(true, testARN, gateway, prod)
	ask(false, testARN, gateway, strings.Replace(prod, "abcdef1234", "other12345", 1))
	ask(false, testARN, "s3.amazonaws.com", prod)
	// The function's policy is not the alias's, nor the version's, nor $LATEST's.
	ask(false, testARN+":live", gateway, prod)
	ask(false, testARN+":1", gateway, prod)
	ask(false, testARN+":$LATEST", gateway, prod)
	allow(aws.String("live"), "a", wholeMethod, aws.String("210987654321"))
	ask(false, testARN+":live", gateway, prod) // another account's API
	allow(aws.String("live"), "b", wholeMethod, aws.String(testAccount))
	ask(true, testARN+":live", gateway, prod)
	ask(false, testARN+":1", gateway, prod)
	allow(aws.String("1"), "a", prod, nil)
	ask(true, testARN+":1", gateway, prod)
	for _, arn := range []string{"f", "", strings.Replace(testARN, testAccount, "210987654321", 1), strings.Replace(testARN, testRegion, "us-east-1", 1), testARN + "2", testARN + ":2"} {
		ask(false, arn, gateway, prod)
	}
	must[lambda.RemovePermissionOutput](w, &lambda.RemovePermissionInput{FunctionName: aws.String("f"), StatementId: aws.String("a")})
	ask(false, testARN, gateway, prod)
	// An alias that is made again has no policy.
	must[lambda.DeleteAliasOutput](w, &lambda.DeleteAliasInput{FunctionName: aws.String("f"), Name: aws.String("live")})
	must[lambda.CreateAliasOutput](w, &lambda.CreateAliasInput{FunctionName: aws.String("f"), Name: aws.String("live"), FunctionVersion: aws.String("1")})
	ask(false, testARN+":live", gateway, prod)
}
