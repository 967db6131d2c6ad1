package awsproto

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

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

// fault is an error as the protocols write it.
type fault struct {
	code    string
	message string
	status  int
	sender  bool
	// members are further members of a typed error, under the wire's names; nil
	// for an error without a type. retryAfter is the one that is a header.
	members    *awsmodel.Object
	retryAfter string
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
	if !f.sender {
		f.status = http.StatusInternalServerError
	}
	value := reflect.ValueOf(typed)
	if value.Kind() == reflect.Pointer && model != nil {
		name := value.Elem().Type().Name()
		if status, ok := statuses[model.Name][name]; ok {
			f.status = status
		}
		if tree, ok := model.ToWire(typed).(*awsmodel.Object); ok {
			f.members = tree
			for _, key := range tree.Keys() {
				switch strings.ToLower(key) {
				case "message", "errorcodeoverride":
					tree.Delete(key)
				case "retryafterseconds":
					seconds, _ := tree.Get(key)
					f.retryAfter = fmt.Sprint(seconds)
					tree.Delete(key)
				}
			}
		}
	}
	var status *statusError
	if errors.As(err, &status) {
		f.status = status.status
	}
	return f
}
