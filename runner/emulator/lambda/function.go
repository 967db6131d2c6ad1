package lambda

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// latest is the version that can be changed, and what publishing copies.
const latest = "$LATEST"

// function is what a name stands for, as snapshots keep it. It is immutable
// once the service has it: a change is made to a copy, see [function.edit].
type function struct {
	Name     string
	Latest   version
	Versions []version // published ones, ascending
	Last     int       // number of the version published last, be it deleted
	Aliases  map[string]alias
	Policies map[string][]statement // by qualifier, the function's own by none
	Tags     map[string]string
	Reserved *int32 // executions at once; nil is not set
}

// version is one version of a function: a configuration and its code.
type version struct {
	settings
	Function string // name
	Number   string // latest, or digits
	Revision string // AWS's RevisionId: of everything, permissions too
	Build    string // of code and settings: instances of another one are of the past
	Modified time.Time
	// Pending and Updating are until when the version is created or updated.
	Pending, Updating time.Time
	// Before is the description that $LATEST had when the version was published,
	// which may have got one of its own.
	Before string
}

// settings are what publishing a version freezes.
type settings struct {
	Runtime      string
	Role         string
	Handler      string
	Description  string
	Timeout      int32 // seconds
	Memory       int32 // MB
	Environment  map[string]string
	Architecture string
	Ephemeral    int32 // MB
	LogGroup     string

	Code       string // of the code store
	CodeSha256 string // base64, as AWS gives it
	CodeSize   int64
}

// edit gives a copy that may be changed and put in the function's place.
func (f *function) edit() *function {
	c := *f
	c.Versions, c.Aliases, c.Tags = slices.Clone(f.Versions), maps.Clone(f.Aliases), maps.Clone(f.Tags)
	c.Policies = maps.Clone(f.Policies)
	return &c
}

// version finds a version by number.
func (f *function) version(number string) (version, bool) {
	if number == latest {
		return f.Latest, true
	}
	i := slices.IndexFunc(f.Versions, func(v version) bool { return v.Number == number })
	if i < 0 {
		return version{}, false
	}
	return f.Versions[i], true
}

// The times that AWS takes to make and to change a function, in strict mode.
const (
	strictPending  = 3 * time.Second
	strictUpdating = 2 * time.Second
)

// arn names a function, or a version or alias of it if there is a qualifier.
func (s *Service) arn(call *awsproto.Call, name, qualifier string) string {
	arn := "arn:aws:lambda:" + call.Region + ":" + call.Account + ":function:" + name
	if qualifier != "" {
		arn += ":" + qualifier
	}
	return arn
}

// lastModified is Lambda's own format, a string on the wire.
func lastModified(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000-0700") }

// configuration is a version as AWS describes it at the time of the call, under
// the ARN by which it was asked for.
func (s *Service) configuration(call *awsproto.Call, v version, arn string) types.FunctionConfiguration {
	c := types.FunctionConfiguration{
		Architectures:    []types.Architecture{types.Architecture(v.Architecture)},
		CodeSha256:       aws.String(v.CodeSha256),
		CodeSize:         v.CodeSize,
		Description:      aws.String(v.Description),
		EphemeralStorage: &types.EphemeralStorage{Size: aws.Int32(v.Ephemeral)},
		FunctionArn:      aws.String(arn),
		FunctionName:     aws.String(v.Function),
		Handler:          aws.String(v.Handler),
		LastModified:     aws.String(lastModified(v.Modified)),
		LoggingConfig:    &types.LoggingConfig{LogFormat: types.LogFormatText, LogGroup: aws.String(v.LogGroup)},
		MemorySize:       aws.Int32(v.Memory),
		PackageType:      types.PackageTypeZip,
		RevisionId:       aws.String(v.Revision),
		Role:             aws.String(v.Role),
		Runtime:          types.Runtime(v.Runtime),
		RuntimeVersionConfig: &types.RuntimeVersionConfig{
			RuntimeVersionArn: aws.String(runtimeARN(call.Region, v.Runtime)),
		},
		SnapStart:     &types.SnapStartResponse{ApplyOn: types.SnapStartApplyOnNone, OptimizationStatus: types.SnapStartOptimizationStatusOff},
		Timeout:       aws.Int32(v.Timeout),
		TracingConfig: &types.TracingConfigResponse{Mode: types.TracingModePassThrough},
		Version:       aws.String(v.Number),
		State:         types.StateActive, LastUpdateStatus: types.LastUpdateStatusSuccessful,
	}
	if v.Environment != nil {
		c.Environment = &types.EnvironmentResponse{Variables: maps.Clone(v.Environment)}
	}
	if call.Time.Before(v.Pending) {
		pending(&c)
	} else if call.Time.Before(v.Updating) {
		inProgress(&c)
	}
	return c
}

// pending describes a function that is being created.
func pending(c *types.FunctionConfiguration) {
	c.State, c.StateReason, c.StateReasonCode = types.StatePending, aws.String("The function is being created."), types.StateReasonCodeCreating
	c.LastUpdateStatus = ""
}

// inProgress describes a function that is being updated; AWS's reason is the
// one of creation.
func inProgress(c *types.FunctionConfiguration) {
	c.LastUpdateStatus = types.LastUpdateStatusInProgress
	c.LastUpdateStatusReason = aws.String("The function is being created.")
	c.LastUpdateStatusReasonCode = types.LastUpdateStatusReasonCode("Creating")
}

// listed leaves out of a description what lists do not have (API Reference,
// ListFunctions).
func listed(c types.FunctionConfiguration) types.FunctionConfiguration {
	c.State, c.StateReason, c.StateReasonCode = "", nil, ""
	c.LastUpdateStatus, c.LastUpdateStatusReason, c.LastUpdateStatusReasonCode = "", nil, ""
	c.RuntimeVersionConfig = nil
	return c
}

// described gives a description as the output of an operation: the SDK has a
// type for each, with the same members.
func described[O any](c types.FunctionConfiguration) *O {
	out := new(O)
	from, into := reflect.ValueOf(c), reflect.ValueOf(out).Elem()
	for i := range from.NumField() {
		if field := from.Type().Field(i); field.IsExported() {
			into.FieldByName(field.Name).Set(from.Field(i))
		}
	}
	return out
}

// runtimeARN names the version of a runtime; AWS's ends in a hash of the image,
// ours says whose it is.
func runtimeARN(region, runtime string) string {
	return "arn:aws:lambda:" + region + "::runtime:awslab-" + strings.ReplaceAll(runtime, ".", "-")
}
