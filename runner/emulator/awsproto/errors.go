package awsproto

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"

	"github.com/aws/smithy-go"

	"awslab/runner/awsmodel"
)

// WireError is an error that the SDK has no type for, or one with a status of
// its own: both the Go error and the document that the caller gets.
type WireError struct {
	Code    string
	Status  int
	Message string
}

func (e *WireError) Error() string { return e.Code + ": " + e.Message }

// Error makes an error by code, HTTP status and message, for those that AWS
// sends and the SDK does not model: ValidationException, AccessDeniedException …
func Error(code string, status int, message string) error {
	return &WireError{Code: code, Status: status, Message: message}
}

// WithStatus gives a typed error of the SDK another HTTP status than the usual
// of its code.
func WithStatus(err error, status int) error { return &statusError{err, status} }

type statusError struct {
	error
	status int
}

func (e *statusError) Unwrap() error { return e.error }

// Unsupported says that awslab has no row for an operation.
func Unsupported(service, operation string) error {
	return &WireError{
		Code:    "NotImplementedException",
		Status:  http.StatusNotImplemented,
		Message: fmt.Sprintf("awslab does not emulate %s:%s", service, operation),
	}
}

// statuses are the HTTP statuses of the SDK's typed errors, from the
// httpError traits of the API models (botocore 1.43: lambda 2015-03-31, iam
// 2010-05-08); a code that is not here is 400, as awsJson1_1 answers always.
var statuses = map[string]map[string]int{
	"lambda": {
		"CodeStorageExceededException":                  400,
		"EC2AccessDeniedException":                      502,
		"EC2ThrottledException":                         502,
		"InvalidCodeSignatureException":                 400,
		"InvalidParameterValueException":                400,
		"InvalidRequestContentException":                400,
		"InvalidRuntimeException":                       502,
		"InvalidZipFileException":                       502,
		"KMSAccessDeniedException":                      502,
		"PolicyLengthExceededException":                 400,
		"PreconditionFailedException":                   412,
		"ProvisionedConcurrencyConfigNotFoundException": 404,
		"RecursiveInvocationException":                  400,
		"RequestTooLargeException":                      413,
		"ResourceConflictException":                     409,
		"ResourceInUseException":                        400,
		"ResourceNotFoundException":                     404,
		"ResourceNotReadyException":                     502,
		"ServiceException":                              500,
		"SnapStartNotReadyException":                    409,
		"TooManyRequestsException":                      429,
		"UnsupportedMediaTypeException":                 415,
	},
	"iam": {
		"ConcurrentModificationException":        409,
		"DeleteConflictException":                409,
		"EntityAlreadyExistsException":           409,
		"EntityTemporarilyUnmodifiableException": 409,
		"InvalidInputException":                  400,
		"InvalidUserTypeException":               400,
		"LimitExceededException":                 409,
		"MalformedPolicyDocumentException":       400,
		"NoSuchEntityException":                  404,
		"PasswordPolicyViolationException":       400,
		"PolicyNotAttachableException":           400,
		"ServiceFailureException":                500,
		"ServiceNotSupportedException":           404,
		"UnmodifiableEntityException":            400,
	},
	"apigateway":   restStatuses,
	"apigatewayv2": restStatuses,
}

var restStatuses = map[string]int{
	"BadRequestException": 400, "ConflictException": 409, "LimitExceededException": 429,
	"NotFoundException": 404, "ServiceUnavailableException": 503, "TooManyRequestsException": 429,
	"UnauthorizedException": 401, "AccessDeniedException": 403,
}

// fault is an error as the protocols write it.
type fault struct {
	code    string
	message string
	status  int
	sender  bool
	members *awsmodel.Object // further members of a typed error, on the wire's names
}

// faultOf reads an error. What is no error of AWS's is a 500 that hides its
// cause: it goes to the log, not to the caller.
func faultOf(model *awsmodel.Service, err error) fault {
	var wire *WireError
	if errors.As(err, &wire) {
		return fault{code: wire.Code, message: wire.Message, status: wire.Status, sender: wire.Status < 500}
	}
	var typed smithy.APIError
	if !errors.As(err, &typed) {
		return fault{code: "InternalFailure", message: "An internal error occurred.", status: http.StatusInternalServerError}
	}
	f := fault{code: typed.ErrorCode(), message: typed.ErrorMessage(), status: http.StatusBadRequest, sender: typed.ErrorFault() != smithy.FaultServer}
	value := reflect.ValueOf(typed)
	if value.Kind() == reflect.Pointer && model != nil {
		name := value.Elem().Type().Name()
		if status, ok := statuses[model.Name][name]; ok {
			f.status = status
		}
		if tree, ok := model.ToWire(typed).(*awsmodel.Object); ok {
			f.members = tree
			for _, own := range []string{"Message", "message", "ErrorCodeOverride", "errorCodeOverride"} {
				f.members.Delete(own)
			}
		}
	}
	var status *statusError
	if errors.As(err, &status) {
		f.status = status.status
	}
	return f
}
