package apigateway_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const logGroup = "arn:aws:logs:ap-northeast-2:123456789012:log-group:access"

// setRole gives the account a role for logs, as UpdateAccount does.
func (w world) setRole() {
	w.Helper()
	state := w.snapshot()
	if err := w.service.Restore([]byte(strings.Replace(state, `"CloudWatchRole":null`, `"CloudWatchRole":"arn:aws:iam::123456789012:role/logs"`, 1))); err != nil {
		w.Fatal(err)
	}
}

// equal compares values of the SDK's.
func equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(types.Stage{}, types.CanarySettings{}, types.MethodSetting{}, types.AccessLogSettings{}, types.Deployment{}, types.MethodSnapshot{})); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// stage gives a stage as GetStages has it.
func (w world) stage(api *string, name string) types.Stage {
	w.Helper()
	out, err := w.GetStages(w.Context(), &sdk.GetStagesInput{RestApiId: api})
	for _, stage := range must(w, out, err).Item {
		if *stage.StageName == name {
			return stage
		}
	}
	w.Fatalf("no stage %s", name)
	return types.Stage{}
}

func TestStagesAreMadeByHandAndByDeploying(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	first := w.deploy(id, "")
	begin := *w.now
	out, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{RestApiId: id, StageName: aws.String("dev"), DeploymentId: first, Description: aws.String("d"), Variables: map[string]string{"a": "b"}, TracingEnabled: true, Tags: map[string]string{"k": "v"}})
	must(t, out, err)
	*w.now = w.now.Add(time.Hour)
	newer := w.deploy(id, "PROD")
	*w.now = w.now.Add(time.Hour)
	bare := func(name string, deployment *string, made, updated time.Time) types.Stage {
		return types.Stage{StageName: &name, DeploymentId: deployment, CacheClusterStatus: "NOT_AVAILABLE", MethodSettings: map[string]types.MethodSetting{}, CreatedDate: &made, LastUpdatedDate: &updated}
	}
	dev := bare("dev", first, begin, begin)
	dev.Description, dev.Variables, dev.TracingEnabled, dev.Tags = aws.String("d"), map[string]string{"a": "b"}, true, map[string]string{"k": "v"}
	equal(t, dev, w.stage(id, "dev"))
	equal(t, bare("PROD", newer, begin.Add(time.Hour), begin.Add(time.Hour)), w.stage(id, "PROD"))
	// Deploying again moves the stage, and leaves what is not said.
	again, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{
		RestApiId: id, StageName: aws.String("dev"), Description: aws.String("again"), StageDescription: aws.String("new"), Variables: map[string]string{"c": "d"},
		TracingEnabled: aws.Bool(false), CacheClusterEnabled: aws.Bool(true), CacheClusterSize: "1.6",
	})
	must(t, again, err)
	dev.Description, dev.Variables, dev.TracingEnabled, dev.DeploymentId = aws.String("new"), map[string]string{"c": "d"}, false, again.Id
	dev.CacheClusterEnabled, dev.CacheClusterSize, dev.CacheClusterStatus, dev.LastUpdatedDate = true, "1.6", "AVAILABLE", w.now
	equal(t, dev, w.stage(id, "dev"))
	w.deploy(id, "dev")
	if got := w.stage(id, "dev"); *got.Description != "new" || got.Variables["c"] != "d" || !got.CacheClusterEnabled {
		t.Errorf("got %+v", got)
	}
	of, err := w.GetStages(t.Context(), &sdk.GetStagesInput{RestApiId: id, DeploymentId: newer})
	if must(t, of, err); len(of.Item) != 1 || *of.Item[0].StageName != "PROD" {
		t.Errorf("got %+v", of.Item)
	}
	must(t, 0, second(w.DeleteStage(t.Context(), &sdk.DeleteStageInput{RestApiId: id, StageName: aws.String("dev")})))
	wantError(t, second(w.GetStage(t.Context(), &sdk.GetStageInput{RestApiId: id, StageName: aws.String("dev")})), notFound, "Invalid stage identifier specified")
}

func error2[T any](_ T, err error) error { return err }

func TestDeploymentsAreListedDescribedAndDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	out, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: id, Description: aws.String("first")})
	must(t, out, err)
	if len(*out.Id) != 6 || *out.Description != "first" || out.ApiSummary != nil || !out.CreatedDate.Equal(*w.now) {
		t.Errorf("got %+v", out)
	}
	w.method(id, w.resource(id, root, "pets"), "POST")
	newest := w.deploy(id, "dev")
	list, err := w.GetDeployments(t.Context(), &sdk.GetDeploymentsInput{RestApiId: id})
	if must(t, list, err); len(list.Items) != 2 || *list.Items[0].Id != *newest || *list.Items[1].Id != *out.Id {
		t.Errorf("got %+v", list.Items)
	}
	got, err := w.GetDeployment(t.Context(), &sdk.GetDeploymentInput{RestApiId: id, DeploymentId: newest, Embed: []string{"apisummary"}})
	must(t, got, err)
	one := types.MethodSnapshot{AuthorizationType: aws.String("NONE")}
	equal(t, map[string]map[string]types.MethodSnapshot{"/": {"GET": one}, "/pets": {"POST": one}}, got.ApiSummary)
	updated, err := w.UpdateDeployment(t.Context(), &sdk.UpdateDeploymentInput{RestApiId: id, DeploymentId: newest, PatchOperations: []types.PatchOperation{patch("replace", "/description", "d")}})
	if must(t, updated, err); *updated.Description != "d" {
		t.Errorf("got %+v", updated)
	}
	remove := func(deployment *string) func() error {
		return func() error {
			return second(w.DeleteDeployment(t.Context(), &sdk.DeleteDeploymentInput{RestApiId: id, DeploymentId: deployment}))
		}
	}
	const inUse = "Active stages pointing to this deployment must be moved or deleted"
	w.wantFailures([]failure{
		{"in use", remove(newest), badRequest, inUse},
		{"missing", remove(aws.String("abcdef")), notFound, "Invalid Deployment identifier specified"},
		{"get", func() error {
			return second(w.GetDeployment(t.Context(), &sdk.GetDeploymentInput{RestApiId: id, DeploymentId: aws.String("abcdef")}))
		}, notFound, "Invalid Deployment identifier specified"},
		{"API", func() error {
			return second(w.GetDeployments(t.Context(), &sdk.GetDeploymentsInput{RestApiId: aws.String("a")}))
		}, notFound, "Invalid API identifier specified 123456789012:a"},
		{"path", func() error {
			return second(w.UpdateDeployment(t.Context(), &sdk.UpdateDeploymentInput{RestApiId: id, DeploymentId: newest, PatchOperations: []types.PatchOperation{patch("replace", "/id", "x")}}))
		}, badRequest, "Invalid patch path /id"},
		{"op", func() error {
			return second(w.UpdateDeployment(t.Context(), &sdk.UpdateDeploymentInput{RestApiId: id, DeploymentId: newest, PatchOperations: []types.PatchOperation{patch("remove", "/description", "")}}))
		}, badRequest, "Invalid patch operation specified. Must be one of: [replace]"},
	})
	must(t, 0, second(w.patchStage(id, "dev", patch("replace", "/canarySettings/deploymentId", *out.Id))))
	w.wantFailures([]failure{{"a canary's", remove(out.Id), badRequest, inUse}})
	must(t, 0, second(w.patchStage(id, "dev", patch("remove", "/canarySettings", ""))))
	must(t, 0, remove(out.Id)())
}

func TestWhatCannotBeDeployed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	create := func(change func(*sdk.CreateDeploymentInput)) func() error {
		in := &sdk.CreateDeploymentInput{RestApiId: id}
		change(in)
		return func() error { return second(w.CreateDeployment(t.Context(), in)) }
	}
	w.wantFailures([]failure{{"no methods", create(func(*sdk.CreateDeploymentInput) {}), badRequest, "The REST API doesn't contain any methods"}})
	must(t, 0, second(w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE")})))
	w.wantFailures([]failure{{"no integration", create(func(*sdk.CreateDeploymentInput) {}), badRequest, "No integration defined for method"}})
	w.method(id, root, "POST")
	must(t, 0, second(w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: id, ResourceId: root, HttpMethod: aws.String("GET")})))
	w.deploy(id, "PROD")
	canary := &types.DeploymentCanarySettings{PercentTraffic: 50}
	const invalid = "Invalid deployment content specified."
	w.wantFailures([]failure{
		{"API", create(func(in *sdk.CreateDeploymentInput) { in.RestApiId = aws.String("a") }), notFound, "Invalid API identifier specified 123456789012:a"},
		{"canary without a stage", create(func(in *sdk.CreateDeploymentInput) { in.CanarySettings = canary }), badRequest, invalid + "Non null and non empty stageName must be provided for canary deployment. Provided value is null"},
		{"canary of no name", create(func(in *sdk.CreateDeploymentInput) { in.CanarySettings, in.StageName = canary, aws.String("") }), badRequest, invalid + "Non null and non empty stageName must be provided for canary deployment. Provided value is "},
		{"canary of no stage", create(func(in *sdk.CreateDeploymentInput) { in.CanarySettings, in.StageName = canary, aws.String("X") }), badRequest, invalid + "Stage X must already be created before making a canary release deployment"},
		{"stage's name", create(func(in *sdk.CreateDeploymentInput) { in.StageName = aws.String("a-b") }), badRequest, "Stage name only allows a-zA-Z0-9_"},
		{"-1", create(func(in *sdk.CreateDeploymentInput) {
			in.CanarySettings, in.StageName = &types.DeploymentCanarySettings{PercentTraffic: -1}, aws.String("PROD")
		}), badRequest, "Invalid canary setting percentTraffic, must be a number between 0.0 and 100.0"},
		{"101", create(func(in *sdk.CreateDeploymentInput) {
			in.CanarySettings, in.StageName = &types.DeploymentCanarySettings{PercentTraffic: 101}, aws.String("PROD")
		}), badRequest, "Invalid canary setting percentTraffic, must be a number between 0.0 and 100.0"},
		{"variable", create(func(in *sdk.CreateDeploymentInput) {
			in.StageName, in.Variables = aws.String("X"), map[string]string{"bad-key": "a"}
		}), badRequest, "Invalid stage variable name: bad-key. Please use names with only word characters."},
		{"cache", create(func(in *sdk.CreateDeploymentInput) { in.StageName, in.CacheClusterSize = aws.String("X"), "7" }), validation, "1 validation error detected: Value '7' at 'createDeploymentInput.cacheClusterSize' failed to satisfy constraint: Member must satisfy enum value set: [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]"},
	})
	must(t, 0, create(func(in *sdk.CreateDeploymentInput) { in.CanarySettings, in.StageName = canary, aws.String("PROD") })())
	w.wantFailures([]failure{{"not a canary's", create(func(in *sdk.CreateDeploymentInput) { in.StageName = aws.String("PROD") }), badRequest, invalid + "Non canary deployment not supported on stage PROD because Canary is enabled. Provide CanarySettings in deploymentInput."}})
}

func TestWhatAStageMayNotBe(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	d := w.deploy(id, "dev")
	create := func(change func(*sdk.CreateStageInput)) func() error {
		in := &sdk.CreateStageInput{RestApiId: id, StageName: aws.String("new"), DeploymentId: d}
		change(in)
		return func() error { return second(w.CreateStage(t.Context(), in)) }
	}
	w.wantFailures([]failure{
		{"API", create(func(in *sdk.CreateStageInput) { in.RestApiId = aws.String("a") }), notFound, "Invalid API identifier specified 123456789012:a"},
		{"name", create(func(in *sdk.CreateStageInput) { in.StageName = aws.String("$default") }), badRequest, "Stage name only allows a-zA-Z0-9_"},
		{"long name", create(func(in *sdk.CreateStageInput) { in.StageName = aws.String(strings.Repeat("a", 129)) }), badRequest, "Stage name only allows a-zA-Z0-9_"},
		{"deployment", create(func(in *sdk.CreateStageInput) { in.DeploymentId = aws.String("abcdef") }), badRequest, "Deployment id does not exist"},
		{"canary's deployment", create(func(in *sdk.CreateStageInput) {
			in.CanarySettings = &types.CanarySettings{DeploymentId: aws.String("abcdef")}
		}), badRequest, "Deployment id does not exist"},
		{"percentage", create(func(in *sdk.CreateStageInput) { in.CanarySettings = &types.CanarySettings{PercentTraffic: 100.5} }), badRequest, "Invalid canary setting percentTraffic, must be a number between 0.0 and 100.0"},
		{"override", create(func(in *sdk.CreateStageInput) {
			in.CanarySettings = &types.CanarySettings{StageVariableOverrides: map[string]string{"a b": ""}}
		}), badRequest, "Invalid stage variable name: a b. Please use names with only word characters."},
		{"value", create(func(in *sdk.CreateStageInput) { in.Variables = map[string]string{"key1": "bad value with spaces!"} }), badRequest, "Invalid stage variable value of key key1.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."},
		{"twice", create(func(in *sdk.CreateStageInput) { in.StageName = aws.String("dev") }), conflict, "Stage already exists"},
		{"documentation", create(func(in *sdk.CreateStageInput) { in.DocumentationVersion = aws.String("v1") }), absent, "awslab does not emulate apigateway:CreateStage with DocumentationVersion"},
		{"cache", create(func(in *sdk.CreateStageInput) { in.CacheClusterSize = "7" }), validation, "1 validation error detected: Value '7' at 'createStageInput.cacheClusterSize' failed to satisfy constraint: Member must satisfy enum value set: [0.5, 1.6, 6.1, 13.5, 28.4, 58.2, 118, 237]"},
		{"delete", func() error {
			return second(w.DeleteStage(t.Context(), &sdk.DeleteStageInput{RestApiId: id, StageName: aws.String("x")}))
		}, notFound, "Invalid stage identifier specified"},
		{"flush", func() error {
			return second(w.FlushStageCache(t.Context(), &sdk.FlushStageCacheInput{RestApiId: id, StageName: aws.String("x")}))
		}, notFound, "Invalid stage identifier specified"},
		{"flush of no API", func() error {
			return second(w.FlushStageAuthorizersCache(t.Context(), &sdk.FlushStageAuthorizersCacheInput{RestApiId: aws.String("a"), StageName: aws.String("x")}))
		}, notFound, "Invalid API identifier specified 123456789012:a"},
		{"update", func() error { return second(w.patchStage(id, "x")) }, notFound, "Invalid stage identifier specified"},
	})
}

func TestAStageIsPatched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	w.deploy(id, "dev")
	newer := w.deploy(id, "")
	w.setRole()
	made := *w.now
	*w.now = w.now.Add(time.Minute)
	out, err := w.patchStage(id, "dev",
		patch("replace", "/description", "d"), patch("replace", "/deploymentId", *newer), patch("replace", "/tracingEnabled", "true"), patch("replace", "/cacheClusterEnabled", "true"), patch("replace", "/cacheClusterSize", "6.1"),
		patch("replace", "/clientCertificateId", ""), patch("replace", "/variables/a", "1"), patch("replace", "/variables/b", "2"), patch("replace", "/variables/b", "3"), patch("remove", "/variables/a", ""),
		patch("replace", "/accessLogSettings/destinationArn", logGroup), patch("add", "/accessLogSettings/format", "$context.requestId"),
		patch("replace", "/*/*/throttling/burstLimit", "123"), patch("replace", "/*/*/throttling/rateLimit", "1.5"), patch("replace", "/*/*/metrics/enabled", "true"), patch("replace", "/*/*/caching/enabled", "true"),
		patch("replace", "/~1pets~1{id}/GET/logging/loglevel", "INFO"), patch("replace", "/~1pets~1{id}/GET/logging/dataTrace", "true"), patch("replace", "/~1pets~1{id}/GET/caching/ttlInSeconds", "3600"),
		patch("replace", "/~1pets~1{id}/GET/caching/dataEncrypted", "true"), patch("replace", "/~1pets~1{id}/GET/caching/requireAuthorizationForCacheControl", "false"),
		patch("replace", "/~1pets~1{id}/GET/caching/unauthorizedCacheControlHeaderStrategy", "FAIL_WITH_403"), patch("replace", "//ANY/throttling/rateLimit", "-1"), patch("replace", "/test/*/logging/loglevel", "OFF"),
	)
	must(t, out, err)
	setting := func(change func(*types.MethodSetting)) types.MethodSetting {
		m := types.MethodSetting{CacheTtlInSeconds: 300, RequireAuthorizationForCacheControl: true, ThrottlingBurstLimit: 5000, ThrottlingRateLimit: 10000, UnauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER"}
		change(&m)
		return m
	}
	want := types.Stage{
		StageName: aws.String("dev"), Description: aws.String("d"), DeploymentId: newer, TracingEnabled: true, CacheClusterEnabled: true, CacheClusterSize: "6.1", CacheClusterStatus: "AVAILABLE",
		Variables: map[string]string{"b": "3"}, AccessLogSettings: &types.AccessLogSettings{DestinationArn: aws.String(logGroup), Format: aws.String("$context.requestId")},
		CreatedDate: &made, LastUpdatedDate: w.now,
		MethodSettings: map[string]types.MethodSetting{
			"*/*": setting(func(m *types.MethodSetting) {
				m.ThrottlingBurstLimit, m.ThrottlingRateLimit, m.MetricsEnabled, m.CachingEnabled = 123, 1.5, true, true
			}),
			"~1pets~1{id}/GET": setting(func(m *types.MethodSetting) {
				m.LoggingLevel, m.DataTraceEnabled, m.CacheTtlInSeconds, m.CacheDataEncrypted, m.RequireAuthorizationForCacheControl, m.UnauthorizedCacheControlHeaderStrategy = aws.String("INFO"), true, 3600, true, false, "FAIL_WITH_403"
			}),
			"/ANY":   setting(func(m *types.MethodSetting) { m.ThrottlingRateLimit = -1 }),
			"test/*": setting(func(m *types.MethodSetting) { m.LoggingLevel = aws.String("OFF") }),
		},
	}
	equal(t, want, w.stage(id, "dev"))
	out, err = w.patchStage(id, "dev", patch("remove", "/*/*", ""), patch("remove", "/~1pets~1{id}/GET", ""), patch("remove", "//ANY", ""), patch("remove", "/test/*", ""), patch("remove", "/accessLogSettings", ""), patch("remove", "/variables/b", ""), patch("replace", "/description", ""))
	must(t, out, err)
	want.MethodSettings, want.AccessLogSettings, want.Variables, want.Description = map[string]types.MethodSetting{}, nil, nil, nil
	equal(t, want, w.stage(id, "dev"))
	must(t, 0, second(w.patchStage(id, "dev", patch("add", "/accessLogSettings/format", "$context.extendedRequestId"))))
	must(t, 0, second(w.patchStage(id, "dev", patch("remove", "/accessLogSettings/format", ""))))
	equal(t, want, w.stage(id, "dev"))
}

// What AWS says of a path that a stage does not have (LocalStack,
// test_apigateway_common.snapshot, to the letter).
const stagePaths = "[/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, /{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, /{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled]"

func TestAStageIsPatchedWrongly(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	w.deploy(id, "dev")
	w.deploy(id, "plain")
	must(t, 0, second(w.patchStage(id, "dev", patch("replace", "/canarySettings/percentTraffic", "10"))))
	const (
		percent = "Invalid canary setting percentTraffic, must be a number between 0.0 and 100.0"
		role    = "CloudWatch Logs role ARN must be set in account settings to enable logging"
		ttl     = "Invalid time-to-live setting, must be an integer no greater than 3600"
		limit   = "Invalid throttling setting, must be a number no less than 0"
		ends    = "[.../metrics/enabled, .../logging/dataTrace, .../logging/loglevel,.../throttling/burstLimit, .../throttling/rateLimit, .../caching/ttlInSeconds, .../caching/enabled, .../caching/dataEncrypted, .../caching/requireAuthorizationForCacheControl, .../caching/unauthorizedCacheControlHeaderStrategy]"
	)
	type row struct {
		op      types.PatchOperation
		message string
	}
	var rows []row
	for _, path := range []string{"/canarySettings/badPath", "/documentation_version", "/tags/tag1", "", "/", "x", "/canarySettings", "/canarySettings/stageVariableOverrides", "/variables", "/accessLogSettings", "/*/FOO/metrics/enabled", "badpath/GET/metrics/enabled", "/{proxy+}/ANY//throttling/burstLimit", "/~1pets/GET", "/a/b/c/d/e/f", "/variables/a/b"} {
		rows = append(rows, row{patch("replace", path, "x"), "Invalid method setting path: " + path + ". Must be one of: " + stagePaths})
	}
	for _, path := range []string{"/canarySettings/deploymentId", "/canarySettings/x", "/deploymentId", "/variables/a", "/*/*/logging/loglevel", "/x", "/canarySettings"} {
		rows = append(rows, row{patch("add", path, "x"), "Invalid add operation with path: " + path})
	}
	for _, path := range []string{"canarySettings/x", "canarySettings/stageVariableOverrides", "canarySettings/badPath", "canarySettings/percentTraffic", "variables", "*/*", "description", "~1pets/GET/logging/loglevel", ""} {
		rows = append(rows, row{patch("remove", "/"+path, ""), "Cannot remove method setting " + path + " because there is no method setting for this method "})
	}
	for _, value := range []string{"-1", "101", "fifty", "", "NaN", "Inf", "100.1", "50%"} {
		rows = append(rows, row{patch("replace", "/canarySettings/percentTraffic", value), percent})
	}
	for _, value := range []string{"-1", "3601", "fifty", "", "1.5"} {
		rows = append(rows, row{patch("replace", "/*/*/caching/ttlInSeconds", value), ttl})
	}
	for _, value := range []string{"-2", "fifty", "", "NaN"} {
		rows = append(rows, row{patch("replace", "/*/*/throttling/rateLimit", value), limit}, row{patch("replace", "/*/*/throttling/burstLimit", value), limit})
	}
	for _, pair := range [][2]string{{"/canarySettings/stageVariableOverrides", "/variables"}, {"/deploymentId", "/canarySettings/stageVariableOverrides"}, {"/variables", "/canarySettings/deploymentId"}, {"/description", "/canarySettings/deploymentId"}, {"/deploymentId", ""}} {
		rows = append(rows, row{copying(pair[0], pair[1]), "Invalid copy operation with path: " + pair[0] + " and from " + pair[1] + ". Valid copy:path are [/deploymentId, /variables] and valid copy:from are [/canarySettings/deploymentId, /canarySettings/stageVariableOverrides]"})
	}
	rows = append(rows,
		row{patch("move", "/description", "x"), "Invalid move operation with path: /description"},
		row{patch("test", "/description", "x"), "Invalid test operation with path: /description"},
		row{patch("replace", "/*/*/accessLogSettings/format", "x"), "Invalid method setting path: accessLogSettings/format. Must be one of: " + ends},
		row{patch("replace", "/~1pets/GET/logging/x", "x"), "Invalid method setting path: logging/x. Must be one of: " + ends},
		row{patch("replace", "/deploymentId", "abcdef"), "Deployment id does not exist"},
		row{patch("replace", "/deploymentId", ""), "Deployment id does not exist"},
		row{patch("replace", "/canarySettings/deploymentId", "abcdef"), "Deployment id does not exist"},
		row{patch("replace", "/variables/bad-key", "x"), "Invalid stage variable name: bad-key. Please use names with only word characters."},
		row{patch("replace", "/canarySettings/stageVariableOverrides/a~1b", "x"), "Invalid stage variable name: a/b. Please use names with only word characters."},
		row{patch("replace", "/*/*/logging/loglevel", "ERROR"), role},
		row{patch("replace", "/*/*/logging/loglevel", "DEBUG"), "Invalid logging level specified. Must be one of: [OFF, ERROR, INFO]"},
		row{patch("replace", "/accessLogSettings/destinationArn", logGroup), role},
		row{patch("replace", "/*/*/caching/unauthorizedCacheControlHeaderStrategy", "x"), "Invalid unauthorized cache control header strategy specified. Must be one of: [FAIL_WITH_403, SUCCEED_WITH_RESPONSE_HEADER, SUCCEED_WITHOUT_RESPONSE_HEADER]"},
		row{patch("replace", "/cacheClusterSize", "7"), "Invalid cache cluster size specified. Valid options are 0.5,1.6,6.1,13.5,28.4,58.2,118,237"},
	)
	for _, r := range rows {
		w.wantFailures([]failure{{fmt.Sprint(r.op.Op, " ", *r.op.Path), func() error {
			return second(w.patchStage(id, "dev", r.op))
		}, badRequest, r.message}})
	}
	for _, op := range []types.PatchOperation{copying("/deploymentId", "/canarySettings/deploymentId"), copying("/variables", "/canarySettings/stageVariableOverrides")} {
		w.wantFailures([]failure{{"no canary", func() error { return second(w.patchStage(id, "plain", op)) }, badRequest, "Promotion not available. Canary does not exist."}})
	}
	w.setRole()
	w.wantFailures([]failure{
		{"destination", func() error {
			return second(w.patchStage(id, "dev", patch("replace", "/accessLogSettings/destinationArn", "arn:aws:s3:::a")))
		}, badRequest, "Invalid ARN specified in the request. The ARN must be a valid CloudWatch Logs log group or Kinesis Data Firehose delivery stream ARN."},
		{"firehose", func() error {
			return second(w.patchStage(id, "dev", patch("replace", "/accessLogSettings/destinationArn", "arn:aws:firehose:ap-northeast-2:123456789012:deliverystream/amazon-apigateway-a")))
		}, absent, "awslab does not emulate apigateway:UpdateStage with access logs to Firehose"},
		{"format", func() error {
			return second(w.patchStage(id, "dev", patch("replace", "/accessLogSettings/format", "hello-no-request-id")))
		}, badRequest, "Access Log format must include either $context.requestId or $context.extendedRequestId : 'hello-no-request-id'"},
		{"certificate", func() error {
			return second(w.patchStage(id, "dev", patch("replace", "/clientCertificateId", "abcdef")))
		}, absent, "awslab does not emulate apigateway:UpdateStage with /clientCertificateId"},
		{"op", func() error {
			return second(w.patchStage(id, "dev", patch("wrong", "/description", "x")))
		}, validation, "1 validation error detected: Value 'wrong' at 'updateStageInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]"},
		{"half right", func() error {
			return second(w.patchStage(id, "dev", patch("replace", "/description", "x"), patch("remove", "/canarySettings", ""), copying("/deploymentId", "/canarySettings/deploymentId")))
		}, badRequest, "Promotion not available. Canary does not exist."},
	})
}
