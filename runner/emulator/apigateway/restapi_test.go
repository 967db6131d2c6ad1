package apigateway_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"
)

func TestARestAPIIsMadeWithItsRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	out, err := w.CreateRestApi(t.Context(), &sdk.CreateRestApiInput{Name: aws.String("pets"), Description: aws.String("d"), Version: aws.String("v1"), BinaryMediaTypes: []string{"image/png"}, Tags: map[string]string{"a": "b"}})
	must(t, out, err)
	if len(*out.Id) != 10 || len(*out.RootResourceId) != 10 || !out.CreatedDate.Equal(*w.now) {
		t.Errorf("got %+v", out)
	}
	if out.ApiKeySource != types.ApiKeySourceTypeHeader || out.EndpointConfiguration.Types[0] != types.EndpointTypeEdge || out.EndpointConfiguration.IpAddressType != types.IpAddressTypeIpv4 || out.DisableExecuteApiEndpoint {
		t.Errorf("the defaults are %+v %+v", out, out.EndpointConfiguration)
	}
	got, err := w.GetRestApi(t.Context(), &sdk.GetRestApiInput{RestApiId: out.Id})
	must(t, got, err)
	if *got.Name != "pets" || *got.Description != "d" || *got.Version != "v1" || got.BinaryMediaTypes[0] != "image/png" || got.Tags["a"] != "b" {
		t.Errorf("got %+v", got)
	}
	resources, err := w.GetResources(t.Context(), &sdk.GetResourcesInput{RestApiId: out.Id})
	must(t, resources, err)
	if len(resources.Items) != 1 || *resources.Items[0].Path != "/" || *resources.Items[0].Id != *out.RootResourceId || resources.Items[0].ParentId != nil || resources.Items[0].ResourceMethods != nil {
		t.Errorf("got %+v", resources.Items)
	}
}

func TestRestAPIsAreListedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := map[string]bool{}
	for range 3 {
		id, _ := w.api()
		seen[*id] = true
	}
	pages := sdk.NewGetRestApisPaginator(w, &sdk.GetRestApisInput{Limit: aws.Int32(2)})
	for n := 0; pages.HasMorePages(); n++ {
		out, err := pages.NextPage(t.Context())
		must(t, out, err)
		if want := []int{2, 1}[n]; len(out.Items) != want {
			t.Fatalf("page %d has %d items", n, len(out.Items))
		}
		for _, item := range out.Items {
			delete(seen, *item.Id)
			if _, err := w.DeleteRestApi(t.Context(), &sdk.DeleteRestApiInput{RestApiId: item.Id}); err != nil && n == 1 {
				t.Fatal(err)
			}
		}
		if n == 0 {
			pages = sdk.NewGetRestApisPaginator(w, &sdk.GetRestApisInput{Limit: aws.Int32(2)})
		}
	}
	if len(seen) > 0 {
		t.Errorf("not listed: %v", seen)
	}
	w.wantFailures([]failure{
		{"gone", func() error {
			_, err := w.DeleteRestApi(t.Context(), &sdk.DeleteRestApiInput{RestApiId: aws.String("abcdefghij")})
			return err
		}, notFound, "Invalid API identifier specified 123456789012:abcdefghij"},
		{"no position", func() error {
			_, err := w.GetRestApis(t.Context(), &sdk.GetRestApisInput{Position: aws.String("x")})
			return err
		}, badRequest, "Invalid position parameter specified"},
	})
}

func TestWhatARestAPIMayNotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const (
		types1 = "Value '[wrong]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]"
		ip     = "Value 'wrong' at 'createRestApiInput.endpointConfiguration.ipAddressType' failed to satisfy constraint: Member must satisfy enum value set: [ipv4, dualstack]"
	)
	endpoint := func(ip types.IpAddressType, kinds ...types.EndpointType) *types.EndpointConfiguration {
		return &types.EndpointConfiguration{Types: kinds, IpAddressType: ip}
	}
	for _, tt := range []struct {
		change        func(*sdk.CreateRestApiInput)
		code, message string
	}{
		{func(in *sdk.CreateRestApiInput) { in.Name = aws.String("") }, badRequest, "Name cannot be an empty string"},
		{func(in *sdk.CreateRestApiInput) { in.Description = aws.String("") }, badRequest, "Description cannot be an empty string"},
		{func(in *sdk.CreateRestApiInput) { in.MinimumCompressionSize = aws.Int32(-1) }, badRequest, "Invalid minimum compression size, must be between 0 and 10485760"},
		{func(in *sdk.CreateRestApiInput) { in.MinimumCompressionSize = aws.Int32(10485761) }, badRequest, "Invalid minimum compression size, must be between 0 and 10485760"},
		{func(in *sdk.CreateRestApiInput) { in.EndpointConfiguration = endpoint("", []types.EndpointType{}...) }, badRequest, "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED."},
		{func(in *sdk.CreateRestApiInput) { in.EndpointConfiguration = endpoint("", "EDGE", "REGIONAL") }, badRequest, "Cannot create an api with multiple Endpoint Types."},
		{func(in *sdk.CreateRestApiInput) { in.EndpointConfiguration = endpoint("ipv4", "PRIVATE") }, badRequest, "Only dualstack ipAddressType is supported for Private APIs."},
		{func(in *sdk.CreateRestApiInput) { in.EndpointConfiguration = endpoint("wrong", "wrong") }, validation, "2 validation errors detected: " + types1 + "; " + ip},
		{func(in *sdk.CreateRestApiInput) { in.EndpointConfiguration = endpoint("", "wrong") }, validation, "1 validation error detected: " + types1},
		{func(in *sdk.CreateRestApiInput) {
			in.EndpointConfiguration = &types.EndpointConfiguration{Types: []types.EndpointType{"EDGE"}, VpcEndpointIds: []string{"vpce-1"}}
		}, badRequest, "VPCEndpoints can only be specified with PRIVATE apis."},
		{func(in *sdk.CreateRestApiInput) { in.EndpointConfiguration = endpoint("", "PRIVATE") }, absent, "awslab does not emulate apigateway:CreateRestApi with endpoint type PRIVATE"},
		{func(in *sdk.CreateRestApiInput) { in.Policy = aws.String("{}") }, absent, "awslab does not emulate apigateway:CreateRestApi with Policy"},
		{func(in *sdk.CreateRestApiInput) { in.SecurityPolicy = "TLS_1_2" }, absent, "awslab does not emulate apigateway:CreateRestApi with SecurityPolicy"},
		{func(in *sdk.CreateRestApiInput) { in.CloneFrom = aws.String("abcdefghij") }, notFound, "Invalid API identifier specified 123456789012:abcdefghij"},
		{func(in *sdk.CreateRestApiInput) { in.ApiKeySource = "x" }, validation, "1 validation error detected: Value 'x' at 'createRestApiInput.apiKeySource' failed to satisfy constraint: Member must satisfy enum value set: [HEADER, AUTHORIZER]"},
	} {
		in := &sdk.CreateRestApiInput{Name: aws.String("a")}
		tt.change(in)
		w.wantFailures([]failure{{fmt.Sprintf("%+v", in), func() error {
			_, err := w.CreateRestApi(t.Context(), in)
			return err
		}, tt.code, tt.message}})
	}
}

func TestARestAPIIsPatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.api()
	update := func(ops ...types.PatchOperation) (*sdk.UpdateRestApiOutput, error) {
		return w.UpdateRestApi(t.Context(), &sdk.UpdateRestApiInput{RestApiId: id, PatchOperations: ops})
	}
	out, err := update(
		patch("replace", "/name", "dogs"), patch("replace", "/description", "d"), patch("replace", "/disableExecuteApiEndpoint", "true"), patch("replace", "/apiKeySource", "AUTHORIZER"),
		patch("replace", "/minimumCompressionSize", "10"), patch("add", "/binaryMediaTypes/image~1png", ""), patch("add", "/binaryMediaTypes/image~1jpeg", ""),
		patch("replace", "/endpointConfiguration/types/EDGE", "REGIONAL"), patch("replace", "/endpointConfiguration/ipAddressType", "dualstack"),
	)
	must(t, out, err)
	if *out.Name != "dogs" || *out.Description != "d" || !out.DisableExecuteApiEndpoint || out.ApiKeySource != "AUTHORIZER" || *out.MinimumCompressionSize != 10 || out.Tags == nil {
		t.Errorf("got %+v", out)
	}
	if out.EndpointConfiguration.Types[0] != "REGIONAL" || out.EndpointConfiguration.IpAddressType != "dualstack" {
		t.Errorf("got %+v", out.EndpointConfiguration)
	}
	out, err = update(patch("replace", "/binaryMediaTypes/image~1png", "image/gif"), patch("replace", "/minimumCompressionSize", ""))
	must(t, out, err)
	if diff := cmp.Diff([]string{"image/jpeg", "image/gif"}, out.BinaryMediaTypes); diff != "" || out.MinimumCompressionSize != nil {
		t.Errorf("%s %v", diff, out.MinimumCompressionSize)
	}
	out, err = update(patch("remove", "/binaryMediaTypes/image~1gif", ""), patch("remove", "/binaryMediaTypes/image~1jpeg", ""), patch("remove", "/description", ""))
	must(t, out, err)
	if out.BinaryMediaTypes != nil || out.Description != nil {
		t.Errorf("got %+v", out)
	}
	op := "Value 'wrong' at 'updateRestApiInput.patchOperations.%d.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]"
	for _, tt := range []struct {
		ops           []types.PatchOperation
		code, message string
	}{
		{[]types.PatchOperation{patch("add", "/binaryMediaTypes", "image/png")}, badRequest, "Invalid patch path /binaryMediaTypes"},
		{[]types.PatchOperation{patch("replace", "/id", "x")}, badRequest, "Invalid patch path /id"},
		{[]types.PatchOperation{patch("replace", "", "x")}, badRequest, "Invalid patch path "},
		{[]types.PatchOperation{patch("add", "/minimumCompressionSize", "1")}, badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
		{[]types.PatchOperation{patch("copy", "/description", "1")}, badRequest, "Invalid patch operation specified. Must be one of: [remove, replace]"},
		{[]types.PatchOperation{patch("replace", "/minimumCompressionSize", "text")}, badRequest, "Invalid minimum compression size, must be between 0 and 10485760"},
		{[]types.PatchOperation{patch("replace", "/minimumCompressionSize", "-1")}, badRequest, "Invalid minimum compression size, must be between 0 and 10485760"},
		{[]types.PatchOperation{patch("replace", "/name", "")}, badRequest, "Name cannot be an empty string"},
		{[]types.PatchOperation{patch("replace", "/apiKeySource", "x")}, badRequest, "Invalid API key source specified. Valid options are HEADER,AUTHORIZER"},
		{[]types.PatchOperation{patch("replace", "/endpointConfiguration/ipAddressType", "x")}, badRequest, "ipAddressType must be either ipv4 or dualstack."},
		{[]types.PatchOperation{patch("add", "/endpointConfiguration/ipAddressType", "ipv4")}, badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
		{[]types.PatchOperation{patch("replace", "/endpointConfiguration/types/REGIONAL", "x")}, badRequest, "Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE"},
		{[]types.PatchOperation{patch("move", "/endpointConfiguration/types/REGIONAL", "x")}, badRequest, "Invalid patch operation specified. Must be 'add'|'remove'|'replace'"},
		{[]types.PatchOperation{patch("add", "/endpointConfiguration/types/REGIONAL", "EDGE")}, badRequest, "Cannot create an api with multiple Endpoint Types."},
		{[]types.PatchOperation{patch("remove", "/endpointConfiguration/types/REGIONAL", "")}, badRequest, "REGIONAL Configuration and EDGE Configuration cannot be both DISABLED."},
		{[]types.PatchOperation{patch("replace", "/endpointConfiguration/types/REGIONAL", "PRIVATE")}, absent, "awslab does not emulate apigateway:UpdateRestApi with endpoint type PRIVATE"},
		{[]types.PatchOperation{patch("replace", "/policy", "{}")}, absent, "awslab does not emulate apigateway:UpdateRestApi with /policy"},
		{[]types.PatchOperation{patch("wrong", "/name", "x"), patch("replace", "/name", "x"), patch("wrong", "/name", "x")}, validation, "2 validation errors detected: " + fmt.Sprintf(op, 1) + "; " + fmt.Sprintf(op, 3)},
		// What is right before what is wrong is not done either.
		{[]types.PatchOperation{patch("replace", "/name", "cats"), patch("replace", "/x", "x")}, badRequest, "Invalid patch path /x"},
	} {
		w.wantFailures([]failure{{fmt.Sprint(tt.ops[0].Op, " ", *tt.ops[0].Path), func() error {
			_, err := update(tt.ops...)
			return err
		}, tt.code, tt.message}})
	}
}

// A clone has what its original has, and shares nothing with it.
func TestAPIsAreCloned(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	pets := w.resource(id, root, "pets")
	w.method(id, w.resource(id, pets, "{id}"), "ANY")
	w.deploy(id, "PROD")
	out, err := w.CreateRestApi(t.Context(), &sdk.CreateRestApiInput{Name: aws.String("clone"), CloneFrom: id})
	must(t, out, err)
	resources, err := w.GetResources(t.Context(), &sdk.GetResourcesInput{RestApiId: out.Id, Embed: []string{"methods"}})
	must(t, resources, err)
	var paths []string
	for _, r := range resources.Items {
		paths = append(paths, *r.Path)
		for _, m := range r.ResourceMethods {
			if *m.MethodIntegration.CacheNamespace != *r.Id {
				t.Errorf("%s: the cache is %s's", *r.Path, *m.MethodIntegration.CacheNamespace)
			}
		}
	}
	if diff := cmp.Diff([]string{"/", "/pets", "/pets/{id}"}, paths); diff != "" {
		t.Error(diff)
	}
	if *resources.Items[0].Id != *out.RootResourceId || *resources.Items[1].ParentId != *out.RootResourceId || *resources.Items[1].Id == *pets || *resources.Items[2].ParentId != *resources.Items[1].Id {
		t.Errorf("got %+v", resources.Items)
	}
	stages, err := w.GetStages(t.Context(), &sdk.GetStagesInput{RestApiId: out.Id})
	if must(t, stages, err); len(stages.Item) > 0 {
		t.Error("stages are cloned")
	}
	if _, err := w.DeleteResource(t.Context(), &sdk.DeleteResourceInput{RestApiId: out.Id, ResourceId: resources.Items[1].Id}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.GetResource(t.Context(), &sdk.GetResourceInput{RestApiId: id, ResourceId: pets}); err != nil {
		t.Error(err)
	}
}

// What is not emulated is refused by name.
func TestWhatIsNotEmulatedIsAbsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, err := range map[string]error{
		"CreateApiKey":              second(w.CreateApiKey(t.Context(), &sdk.CreateApiKeyInput{})),
		"CreateUsagePlan":           second(w.CreateUsagePlan(t.Context(), &sdk.CreateUsagePlanInput{Name: aws.String("a")})),
		"CreateVpcLink":             second(w.CreateVpcLink(t.Context(), &sdk.CreateVpcLinkInput{Name: aws.String("a"), TargetArns: []string{"a"}})),
		"CreateDomainName":          second(w.CreateDomainName(t.Context(), &sdk.CreateDomainNameInput{DomainName: aws.String("a")})),
		"GetExport":                 second(w.GetExport(t.Context(), &sdk.GetExportInput{RestApiId: aws.String("a"), StageName: aws.String("a"), ExportType: aws.String("oas30")})),
		"GetSdk":                    second(w.GetSdk(t.Context(), &sdk.GetSdkInput{RestApiId: aws.String("a"), StageName: aws.String("a"), SdkType: aws.String("java")})),
		"GenerateClientCertificate": second(w.GenerateClientCertificate(t.Context(), &sdk.GenerateClientCertificateInput{})),
	} {
		wantError(t, err, absent, "awslab does not emulate apigateway:"+want)
	}
}

func second[T any](_ T, err error) error { return err }

func TestErrorsAreTheSDKs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.GetRestApi(t.Context(), &sdk.GetRestApiInput{RestApiId: aws.String("a")})
	var missing *types.NotFoundException
	if !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
	id, _ := w.api()
	_, err = w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id})
	var bad *types.BadRequestException
	if !errors.As(err, &bad) {
		t.Errorf("got %v", err)
	}
}
