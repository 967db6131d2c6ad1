package awscli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// usage is the text with which the AWS CLI answers a wrong command line.
const usage = `aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
To see help text, you can run:

  aws help
  aws <command> help
  aws <command> <subcommand> help
`

// failure is an error that is shown as it stands, with its exit code.
type failure struct {
	code    int
	message string
}

func (f *failure) Error() string { return f.message }

// usageError is a fault that the parser found; the usage is shown before it.
func usageError(message string) error {
	return &failure{ExitUsage, "usage: " + usage + "\naws: error: " + message + "\n"}
}

// unknownOptions is the fault of options that nobody knows.
func unknownOptions(list string) error {
	return &failure{ExitUsage, "usage: " + usage + "\nUnknown options: " + list + "\n"}
}

// badParameter is a fault in a value, shown without the usage.
func badParameter(format string, args ...any) error {
	return &failure{ExitUsage, fmt.Sprintf(format, args...)}
}

// parameterError is a value of one option that cannot be read.
func parameterError(name, message string) error {
	return badParameter("Error parsing parameter '%s': %s", name, message)
}

func generalError(format string, args ...any) error {
	return &failure{ExitGeneral, fmt.Sprintf(format, args...)}
}

var (
	errNoRegion      = &failure{ExitEnvironment, `You must specify a region. You can also configure your region by running "aws configure".`}
	errNoCredentials = &failure{ExitEnvironment, `Unable to locate credentials. You can configure credentials by running "aws configure".`}
)

// exitCode is an exit without a message.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// finish says what went wrong, where something did, and gives the exit code.
func (r *run) finish(ctx context.Context, err error) int {
	if err == nil {
		return 0
	}
	if code, ok := errors.AsType[exitCode](err); ok {
		return int(code)
	}
	if ctx.Err() != nil {
		_, _ = io.WriteString(r.cfg.Stdout, "\n") // as the AWS CLI on ctrl+c
		return exitInterrupted
	}
	f := asFailure(err)
	_, _ = fmt.Fprintf(r.cfg.Stderr, "\n%s\n", f.message) // there is nobody left to tell
	return f.code
}

// asFailure puts an error into the words of the AWS CLI.
func asFailure(err error) *failure {
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	return &failure{ExitGeneral, err.Error()}
}

// callFailure puts the error of a call into the words of the AWS CLI.
func callFailure(operation string, cfg aws.Config, err error) error {
	if _, ok := errors.AsType[*failure](err); ok {
		return err
	}
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		message := api.ErrorMessage()
		if message == "UnknownError" { // the SDK's word where none was sent
			message = ""
		}
		retried := ""
		if spent, ok := errors.AsType[*retry.MaxAttemptsError](err); ok {
			retried = fmt.Sprintf(" (reached max retries: %d)", spent.Attempt-1)
		}
		return &failure{ExitService, fmt.Sprintf("An error occurred (%s) when calling the %s operation%s: %s", api.ErrorCode(), operation, retried, message)}
	}
	if target, ok := unreachable(err); ok {
		if target == "" && cfg.BaseEndpoint != nil {
			target = *cfg.BaseEndpoint
		}
		return generalError("Could not connect to the endpoint URL: %q", target)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return generalError("%s", err)
}

// unreachable finds the address that could not be reached.
func unreachable(err error) (string, bool) {
	sent, ok := errors.AsType[*url.Error](err)
	if !ok {
		return "", false
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return sent.URL, true
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return sent.URL, true
	}
	return "", false
}
