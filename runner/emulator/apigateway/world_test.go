package apigateway_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/smithy-go"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/apigateway"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
)

const invocation = "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:123456789012:function:hello/invocations"

// world is a service behind the real protocol, with a client of the SDK's.
type world struct {
	testing.TB
	*sdk.Client
	service *apigateway.Service
	now     *time.Time
}

func newWorld(t testing.TB) world {
	t.Helper()
	model, ok := awsmodel.ServiceByName("apigateway")
	if !ok {
		t.Fatal("no model of apigateway")
	}
	now := time.Date(2026, 9, 24, 21, 18, 50, 0, time.UTC)
	seed := uint64(0)
	service := apigateway.New(apigateway.Config{Account: emulatortest.Account, Region: emulatortest.Region})
	handler := awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: service.Operations()}},
		Credentials: emulatortest.Credentials, Account: emulatortest.Account, Region: emulatortest.Region,
		Do: func(ctx context.Context, op *awsproto.Operation, input any) (any, error) {
			awsproto.CallFrom(ctx).Time = now // the SDK signs with the real time
			return op.Do(ctx, input)
		},
		NewRand: func() *rand.Rand { seed++; return rand.New(rand.NewPCG(seed, seed)) },
		Failed:  func(service, operation string, err error) { t.Errorf("%s:%s: %v", service, operation, err) },
	})
	return world{t, sdk.NewFromConfig(emulatortest.AWS(handler)), service, &now}
}

// must gives an answer that is no error.
func must[T any](t testing.TB, out T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// api makes an API, and gives its id and its root resource's.
func (w world) api() (id, root *string) {
	w.Helper()
	out, err := w.CreateRestApi(w.Context(), &sdk.CreateRestApiInput{Name: aws.String("pets")})
	must(w, out, err)
	return out.Id, out.RootResourceId
}

func (w world) resource(api, parent *string, part string) *string {
	w.Helper()
	out, err := w.CreateResource(w.Context(), &sdk.CreateResourceInput{RestApiId: api, ParentId: parent, PathPart: &part})
	return must(w, out, err).Id
}

// method makes a method with a mock integration.
func (w world) method(api, resource *string, verb string) {
	w.Helper()
	m, err := w.PutMethod(w.Context(), &sdk.PutMethodInput{RestApiId: api, ResourceId: resource, HttpMethod: &verb, AuthorizationType: aws.String("NONE")})
	must(w, m, err)
	i, err := w.PutIntegration(w.Context(), &sdk.PutIntegrationInput{RestApiId: api, ResourceId: resource, HttpMethod: &verb, Type: types.IntegrationTypeMock})
	must(w, i, err)
}

// deploy deploys to a stage, "" for none.
func (w world) deploy(api *string, stage string) *string {
	w.Helper()
	in := &sdk.CreateDeploymentInput{RestApiId: api}
	if stage != "" {
		in.StageName = &stage
	}
	out, err := w.CreateDeployment(w.Context(), in)
	return must(w, out, err).Id
}

// patch is a patch operation in short.
func patch(op types.Op, path, value string) types.PatchOperation {
	return types.PatchOperation{Op: op, Path: &path, Value: &value}
}

func copying(path, from string) types.PatchOperation {
	return types.PatchOperation{Op: types.OpCopy, Path: &path, From: &from}
}

func (w world) patchStage(api *string, stage string, ops ...types.PatchOperation) (*sdk.UpdateStageOutput, error) {
	w.Helper()
	return w.UpdateStage(w.Context(), &sdk.UpdateStageInput{RestApiId: api, StageName: &stage, PatchOperations: ops})
}

func (w world) snapshot() string {
	w.Helper()
	data, err := w.service.Snapshot()
	return string(must(w, data, err))
}

// wantError compares an error's code and text.
func wantError(t testing.TB, err error, code, message string) {
	t.Helper()
	var got smithy.APIError
	if !errors.As(err, &got) {
		t.Errorf("got %v, want %s: %s", err, code, message)
		return
	}
	if got.ErrorCode() != code || got.ErrorMessage() != message {
		t.Errorf("got  %s: %s\nwant %s: %s", got.ErrorCode(), got.ErrorMessage(), code, message)
	}
}

// failure is a call that fails, and how. Nothing may have changed after it.
type failure struct {
	name          string
	call          func() error
	code, message string
}

func (w world) wantFailures(all []failure) {
	w.Helper()
	for _, f := range all {
		before := w.snapshot()
		err := f.call()
		var got smithy.APIError
		if !errors.As(err, &got) {
			w.Errorf("%s: got %v, want %s: %s", f.name, err, f.code, f.message)
			continue
		}
		if got.ErrorCode() != f.code || got.ErrorMessage() != f.message {
			w.Errorf("%s:\ngot  %s: %s\nwant %s: %s", f.name, got.ErrorCode(), got.ErrorMessage(), f.code, f.message)
		}
		if w.snapshot() != before {
			w.Errorf("%s: the state was changed", f.name)
		}
	}
}

const (
	badRequest = "BadRequestException"
	notFound   = "NotFoundException"
	conflict   = "ConflictException"
	validation = "ValidationException"
	absent     = "NotImplementedException"
)
