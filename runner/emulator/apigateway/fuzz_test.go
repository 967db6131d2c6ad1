package apigateway

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// Whatever a patch is, it is done or refused without a panic, changes nothing that
// is shared, and leaves a stage that is right.
func FuzzPatchStage(f *testing.F) {
	for _, seed := range [][4]string{
		{"replace", "/canarySettings/percentTraffic", "50", ""},
		{"copy", "/deploymentId", "", "/canarySettings/deploymentId"},
		{"copy", "/variables", "", "/canarySettings/stageVariableOverrides"},
		{"replace", "/~1pets~1{id}/GET/logging/loglevel", "OFF", ""},
		{"remove", "/*/*", "", ""},
		{"replace", "/variables/a~0b~1c", "x", ""},
		{"add", "/accessLogSettings/format", "$context.requestId", ""},
		{"replace", "//ANY/throttling/rateLimit", "1e400", ""},
		{"", "/", "\xff", "~"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, op, path, value, from string) {
		s, a := full(t)
		before, err := s.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		role := "arn:aws:iam::123456789012:role/logs"
		stage := stagePatching{*a.stages["PROD"], &awsproto.Call{Operation: "UpdateStage"}, &role}
		if stage.patch(types.PatchOperation{Op: types.Op(op), Path: &path, Value: &value, From: &from}) == nil && a.checkStage(&stage.Stage) == nil {
			if c := stage.CanarySettings; c != nil && !(c.PercentTraffic >= 0 && c.PercentTraffic <= 100 && a.deployments[*c.DeploymentId] != nil) {
				t.Errorf("the canary is %+v", c)
			}
			if a.deployments[*stage.DeploymentId] == nil || stage.MethodSettings == nil {
				t.Errorf("the stage is %+v", stage.Stage)
			}
			for name := range stage.Variables {
				if strings.ContainsAny(name, "/ .-") {
					t.Errorf("a variable is named %q", name)
				}
			}
		}
		if after, _ := s.Snapshot(); string(after) != string(before) {
			t.Errorf("what others share was changed:\n%s\n%s", before, after)
		}
	})
}

// The same of the nouns that a table of paths describes.
func FuzzPatch(f *testing.F) {
	f.Add("add", "/requestParameters/method.request.path.a", "true")
	f.Add("replace", "/binaryMediaTypes/image~1png", "a/b")
	f.Add("remove", "/responseTemplates/application~1json", "")
	f.Add("replace", "/timeoutInMillis", "50")
	f.Add("replace", "/parentId", "rootrootro")
	f.Add("replace", "/pathPart", "{a+}")
	f.Add("", "", "")
	f.Fuzz(func(t *testing.T, op, path, value string) {
		s, a := full(t)
		before, err := s.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		ops := []types.PatchOperation{{Op: types.Op(op), Path: &path, Value: &value}, {Op: types.Op(op), Path: &path, Value: &value}}
		call := &awsproto.Call{Operation: "Update"}
		bare := *a.RestApi
		bare.EndpointConfiguration = &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeEdge}, IpAddressType: types.IpAddressTypeIpv4}
		_ = apiPatches(call).apply(&bare, ops)
		resource, _ := a.resource(aws.String("id0001"))
		method := resource.ResourceMethods["GET"]
		m := method
		if methodPatches.apply(&m, ops) == nil {
			_ = a.checkMethod(&m)
		}
		i := *method.MethodIntegration
		if integrationPatches.apply(&i, ops) == nil {
			place{a, resource}.complete(&i)
			_ = checkIntegration(call, &method, &i)
		}
		r := i.IntegrationResponses["200"]
		if integrationResponsePatches.apply(&r, ops) == nil {
			_ = checkIntegrationResponse(&method, &r)
		}
		response := method.MethodResponses["200"]
		if methodResponsePatches.apply(&response, ops) == nil {
			_ = a.checkMethodResponse(&response)
		}
		moved := moving{a, *resource}
		if resourcePatches.apply(&moved, ops) == nil && !pathPart.MatchString(*moved.resource.PathPart) {
			t.Errorf("the path part is %q", *moved.resource.PathPart)
		}
		if after, _ := s.Snapshot(); string(after) != string(before) {
			t.Errorf("what others share was changed:\n%s\n%s", before, after)
		}
	})
}

// A matched path gives one name for each {}, and escapes are undone.
func FuzzMatchPatch(f *testing.F) {
	f.Add("/a/{}/{}", "/a/b~1c/~01")
	f.Add("/{}", "//")
	f.Fuzz(func(t *testing.T, pattern, path string) {
		names, ok := matchPatch(pattern, path)
		if !ok {
			return
		}
		if n := strings.Count("/"+pattern+"/", "/{}/"); n > len(names)*2 || len(names) > strings.Count(pattern, "{}") {
			t.Errorf("%q has %d names in %q", path, len(names), pattern)
		}
		for _, name := range names {
			if name == "" {
				t.Errorf("an empty name of %q in %q", path, pattern)
			}
		}
	})
}
