package lambda

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// Limits of Lambda (Developer Guide, "Lambda quotas").
const (
	maxZip         = 50 << 20  // bytes of a package that is uploaded directly
	maxUnzipped    = 250 << 20 // bytes of a package unpacked
	maxEnvironment = 4 << 10   // bytes of all variables
)

func invalid(format string, args ...any) error {
	return &types.InvalidParameterValueException{Type: aws.String("User"), Message: aws.String(fmt.Sprintf(format, args...))}
}

// validation is the error of a member that breaks the model's constraint:
// Lambda's front end checks these before anything else.
func validation(value, member, constraint string) error {
	return awsproto.Error("ValidationException", http.StatusBadRequest,
		fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s", value, member, constraint))
}

func notFound(arn string) error {
	return &types.ResourceNotFoundException{Type: aws.String("User"), Message: aws.String("Function not found: " + arn)}
}

var (
	nameForm = regexp.MustCompile(`^(arn:(aws[a-zA-Z-]*):lambda:([a-z0-9-]+):([0-9]{12}):function:|([0-9]{12}):function:|function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$`)
	roleForm = regexp.MustCompile(`^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$`)
	envName  = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)
	handlers = regexp.MustCompile(`^[^\s]+$`)
)

const nameConstraint = `satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`

// target is what a FunctionName says: a name, an ARN or a part of one.
type target struct{ name, qualifier string }

// parseName takes a FunctionName apart.
func (s *Service) parseName(call *awsproto.Call, given *string) (target, error) {
	text := aws.ToString(given)
	m := nameForm.FindStringSubmatch(text)
	if m == nil || len(text) > 170 {
		return target{}, validation(text, "functionName", nameConstraint)
	}
	if len(m[6]) > 64 {
		return target{}, validation(text, "functionName", "have length less than or equal to 64")
	}
	if region := m[3]; region != "" && region != call.Region {
		return target{}, &types.ResourceNotFoundException{Type: aws.String("User"), Message: aws.String("Functions from '" + region + "' are not reachable in this region ('" + call.Region + "')")}
	}
	if account := m[4] + m[5]; account != "" && account != call.Account {
		return target{}, awsproto.Error("AccessDeniedException", http.StatusForbidden,
			"User: "+call.Principal+" is not authorized to perform: lambda:"+call.Operation+" on resource: "+text+" because no resource-based policy allows the lambda:"+call.Operation+" action")
	}
	return target{m[6], m[8]}, nil
}

// locate finds a function by name and qualifier; suffix stands behind the ARN in
// the error, as Invoke has it.
func (s *Service) locate(call *awsproto.Call, given, qualifier *string, suffix string) (function, error) {
	t, err := s.parseName(call, given)
	if err != nil {
		return function{}, err
	}
	if q := aws.ToString(qualifier); q != "" {
		if t.qualifier != "" && t.qualifier != q {
			return function{}, invalid("The derived qualifier from the function name does not match the specified qualifier.")
		}
		t.qualifier = q
	}
	f, ok := s.find(t.name)
	arn := s.arn(call, t.name)
	if t.qualifier != "" && t.qualifier != "$LATEST" {
		return function{}, notFound(arn + ":" + t.qualifier)
	}
	if !ok {
		return function{}, notFound(arn + suffix)
	}
	return f, nil
}

// Runtimes, from AWS-BEHAVIOUR §2: those that AWS offers, those that awslab runs
// and those that can no longer be created.
var (
	pythonRuntimes = []string{"python3.11", "python3.12", "python3.13", "python3.14"}
	ownRuntimes    = []string{"provided.al2", "provided.al2023"}
	retired        = []string{"python2.7", "python3.6", "python3.7", "nodejs", "nodejs4.3", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x", "ruby2.5", "ruby2.7", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "go1.x", "java8", "provided"}
)

func checkRuntime(runtime string) error {
	switch {
	case slices.Contains(pythonRuntimes, runtime), slices.Contains(ownRuntimes, runtime):
		return nil
	case slices.Contains(retired, runtime):
		return invalid("The runtime parameter of %s is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.", runtime)
	case slices.Contains(types.Runtime("").Values(), types.Runtime(runtime)):
		return awsproto.Error("NotImplementedException", http.StatusNotImplemented,
			"awslab does not emulate the runtime "+runtime+": it runs "+strings.Join(append(slices.Clone(pythonRuntimes), ownRuntimes...), ", "))
	}
	names := []string{}
	for _, known := range types.Runtime("").Values() {
		names = append(names, string(known))
	}
	return invalid("Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [%s] or be a valid ARN", runtime, strings.Join(names, ", "))
}

func checkHandler(handler string) error {
	if handler == "" {
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	if len(handler) > 128 {
		return validation(handler, "handler", "have length less than or equal to 128")
	}
	if !handlers.MatchString(handler) {
		return validation(handler, "handler", `satisfy regular expression pattern: [^\s]+`)
	}
	return nil
}

func (s *Service) checkRole(role string) error {
	if !roleForm.MatchString(role) {
		return validation(role, "role", `satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+`)
	}
	if !s.cfg.Roles.CanAssume(role, "lambda.amazonaws.com") {
		return invalid("The role defined for the function cannot be assumed by Lambda.")
	}
	return nil
}

func checkTimeout(seconds int32) error {
	if seconds < 1 {
		return validation(fmt.Sprint(seconds), "timeout", "have value greater than or equal to 1")
	}
	if seconds > 900 {
		return validation(fmt.Sprint(seconds), "timeout", "have value less than or equal to 900")
	}
	return nil
}

func checkMemory(mb int32) error {
	if mb < 128 {
		return validation(fmt.Sprint(mb), "memorySize", "have value greater than or equal to 128")
	}
	if mb > 10240 {
		return validation(fmt.Sprint(mb), "memorySize", "have value less than or equal to 10240")
	}
	return nil
}

// reservedNames cannot be set by the user (Developer Guide, "Defined runtime
// environment variables", reserved).
var reservedNames = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

func checkEnvironment(variables map[string]string) error {
	total := 0
	var reserved []string
	for name, value := range variables {
		total += len(name) + len(value)
		if slices.Contains(reservedNames, name) {
			reserved = append(reserved, name)
		}
		if !envName.MatchString(name) && !slices.Contains(reservedNames, name) {
			return validation("{"+name+"="+value+"}", "environment.variables", "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		}
	}
	if len(reserved) > 0 {
		slices.Sort(reserved)
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(reserved, ", "))
	}
	if total > maxEnvironment {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: %d bytes", total)
	}
	return nil
}

// checkZip looks at a deployment package: that it is one, that nothing in it
// would be unpacked elsewhere, and that it is not too large.
func checkZip(data []byte) error {
	if len(data) == 0 {
		return invalid("Uploaded file must be a non-empty zip")
	}
	if len(data) > maxZip {
		return awsproto.Error("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge, fmt.Sprintf("Request must be smaller than %d bytes for the CreateFunction operation", 70167211))
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
	}
	total := uint64(0)
	for _, file := range archive.File {
		if !filepath.IsLocal(filepath.FromSlash(file.Name)) {
			return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
		}
		// Not the sum: sizes of 2^63 bytes, as a package may claim, make it zero.
		if file.UncompressedSize64 > maxUnzipped-total {
			return invalid("Unzipped size must be smaller than %d bytes", maxUnzipped)
		}
		total += file.UncompressedSize64
	}
	if len(archive.File) == 0 {
		return invalid("Uploaded file must be a non-empty zip")
	}
	return nil
}
