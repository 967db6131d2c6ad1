package apigatewayv2_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/smithy-go"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/apigatewayv2"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
)

const functionARN = "arn:aws:lambda:ap-northeast-2:123456789012:function:hello"

// world is a service behind the real protocol, with a client of the SDK's.
type world struct {
	*testing.T
	*sdk.Client
	service *apigatewayv2.Service
	now     *time.Time
}

func newWorld(t *testing.T) world {
	t.Helper()
	model, ok := awsmodel.ServiceByName("apigatewayv2")
	if !ok {
		t.Fatal("no model of apigatewayv2")
	}
	now := time.Date(2026, 9, 24, 21, 18, 50, 0, time.UTC)
	seed := uint64(0)
	service := apigatewayv2.New(apigatewayv2.Config{Account: emulatortest.Account, Region: emulatortest.Region})
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

func (w world) api() *string {
	w.Helper()
	out, err := w.CreateApi(w.Context(), &sdk.CreateApiInput{Name: aws.String("hello-api"), ProtocolType: types.ProtocolTypeHttp})
	return must(w, out, err).ApiId
}

func (w world) integration(api *string) *string {
	w.Helper()
	out, err := w.CreateIntegration(w.Context(), &sdk.CreateIntegrationInput{
		ApiId: api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0"),
	})
	return must(w, out, err).IntegrationId
}

func (w world) route(api *string, key string) *string {
	w.Helper()
	out, err := w.CreateRoute(w.Context(), &sdk.CreateRouteInput{ApiId: api, RouteKey: &key})
	return must(w, out, err).RouteId
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
