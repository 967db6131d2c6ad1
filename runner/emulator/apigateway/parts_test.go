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
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/apigateway"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
)

// parts is a service behind the real protocol, with a client of the SDK's, for the
// tests of what belongs to an API.
type parts struct {
	*testing.T
	*sdk.Client
	service *apigateway.Service
}

func newParts(t *testing.T, roles apigateway.Roles) parts {
	t.Helper()
	service := apigateway.New(apigateway.Config{Account: emulatortest.Account, Region: emulatortest.Region, Roles: roles})
	return parts{t, clientOf(t, service), service}
}

func clientOf(t testing.TB, service *apigateway.Service) *sdk.Client {
	t.Helper()
	model, ok := awsmodel.ServiceByName("apigateway")
	if !ok {
		t.Fatal("no model of apigateway")
	}
	seed := uint64(0)
	return sdk.NewFromConfig(emulatortest.AWS(awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: service.Operations()}},
		Credentials: emulatortest.Credentials, Account: emulatortest.Account, Region: emulatortest.Region,
		Do: func(ctx context.Context, op *awsproto.Operation, input any) (any, error) {
			awsproto.CallFrom(ctx).Time = time.Date(2026, 9, 24, 21, 18, 50, 0, time.UTC)
			return op.Do(ctx, input)
		},
		NewRand: func() *rand.Rand { seed++; return rand.New(rand.NewPCG(seed, seed)) },
		Failed:  func(service, operation string, err error) { t.Errorf("%s:%s: %v", service, operation, err) },
	})))
}

func (p parts) api() (id, root *string) {
	p.Helper()
	out, err := p.CreateRestApi(p.Context(), &sdk.CreateRestApiInput{Name: aws.String("a")})
	if err != nil {
		p.Fatal(err)
	}
	return out.Id, out.RootResourceId
}

func (p parts) imported(document string) *string {
	p.Helper()
	out, err := p.ImportRestApi(p.Context(), &sdk.ImportRestApiInput{Body: []byte(document), FailOnWarnings: true})
	if err != nil {
		p.Fatal(err)
	}
	return out.Id
}

// resources gives an API's resources, whole, by path.
func (p parts) resources(api *string) map[string]types.Resource {
	p.Helper()
	out, err := p.GetResources(p.Context(), &sdk.GetResourcesInput{RestApiId: api, Embed: []string{"methods"}, Limit: aws.Int32(500)})
	if err != nil {
		p.Fatal(err)
	}
	all := map[string]types.Resource{}
	for _, r := range out.Items {
		all[*r.Path] = r
	}
	return all
}

// refused compares an error's code and text.
func refused(t testing.TB, err error, code, message string) {
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

// same compares values of the SDK's types.
func same(t testing.TB, got, want any) {
	t.Helper()
	ignored := cmpopts.IgnoreUnexported(types.Method{}, types.MethodResponse{}, types.Integration{}, types.IntegrationResponse{}, types.Resource{}, types.Authorizer{}, types.Model{},
		types.GatewayResponse{}, types.RequestValidator{}, types.EndpointConfiguration{}, types.RestApi{}, types.ThrottleSettings{})
	if diff := cmp.Diff(want, got, ignored); diff != "" {
		t.Errorf("want (-), got (+):\n%s", diff)
	}
}
