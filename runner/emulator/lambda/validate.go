package lambda

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
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
func validation(value, member, rule string) error {
	return constraint(value, member, "Member must "+rule)
}

// constraint is the same with a sentence that is about the parts of a member.
func constraint(value, member, rule string) error {
	return awsproto.Error("ValidationException", http.StatusBadRequest,
		fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, member, rule))
}

// outOfRange is the error of a number; it is outside the range.
func outOfRange(value int32, member string, low, high int32) error {
	if value < low {
		return validation(fmt.Sprint(value), member, fmt.Sprintf("have value greater than or equal to %d", low))
	}
	return validation(fmt.Sprint(value), member, fmt.Sprintf("have value less than or equal to %d", high))
}

func conflict(message string) error {
	return &types.ResourceConflictException{Type: aws.String("User"), Message: aws.String(message)}
}

// checkRevision compares a RevisionId that a call was made for with the present
// one.
func checkRevision(given *string, present string) error {
	if given == nil || *given == present {
		return nil
	}
	return &types.PreconditionFailedException{Type: aws.String("User"), Message: aws.String("The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")}
}

// checkVersionNumber checks the form of a member FunctionVersion.
func checkVersionNumber(number *string, required bool) error {
	switch text := aws.ToString(number); {
	case number == nil && required:
		return missing("functionVersion")
	case number != nil && !versionForm.MatchString(text):
		return validation(text, "functionVersion", versionConstraint)
	case len(text) > 1024:
		return validation(text, "functionVersion", "have length less than or equal to 1024")
	}
	return nil
}

func checkDescription(text string) error {
	if len([]rune(text)) > 256 {
		return validation(text, "description", "have length less than or equal to 256")
	}
	return nil
}

func notFound(arn string) error { return resourceNotFound("Function not found: " + arn) }

func resourceNotFound(message string) error {
	return &types.ResourceNotFoundException{Type: aws.String("User"), Message: aws.String(message)}
}

var (
	roleForm  = regexp.MustCompile(`^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+$`)
	envName   = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)
	groupForm = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`)
	handlers  = regexp.MustCompile(`^[^\s]+$`)
)

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

func checkRange(value int32, member string, low, high int32) error {
	if value < low || value > high {
		return outOfRange(value, member, low, high)
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

// checkEnvironment checks variables; AWS measures and shows them as JSON
// (LocalStack, provider.py, compared with AWS).
func checkEnvironment(variables map[string]string) error {
	var reserved []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if slices.Contains(reservedNames, name) {
			reserved = append(reserved, name)
		} else if !envName.MatchString(name) {
			return validation("{"+name+"="+variables[name]+"}", "environment.variables", "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]")
		}
	}
	if len(reserved) > 0 {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(reserved, ", "))
	}
	if text := compact(variables); len(text) > maxEnvironment {
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: %s", text)
	}
	return nil
}

func checkLogGroup(name string) error {
	return checkForms(form{"loggingConfig.logGroup", &name, groupForm, 512, `[\.\-_/#A-Za-z0-9]+`})
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
