package awscli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"awslab/runner/awsmodel"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// wait carries out "aws SERVICE wait STATE …".
func (r *run) wait(ctx context.Context, service *awsmodel.Service, f *facts, args []string) error {
	names := waiterNames(f)
	if len(args) == 1 && args[0] == "help" {
		return r.helpWait(service, f)
	}
	p := &parser{[]*option{{name: "subcommand", positional: true, arity: optional, choices: names}}}
	parsed, err := p.parse(args)
	if err != nil {
		return err
	}
	name, ok := parsed.text("subcommand")
	if !ok && len(parsed.extras) > 0 {
		return badParameter("Unknown options: %s", strings.Join(parsed.extras, ","))
	}
	if !ok {
		return badParameter("usage: aws [options] %s wait <subcommand> [parameters]\naws: error: too few arguments", service.Name)
	}
	rest := slices.Clone(args)
	rest = slices.Delete(rest, slices.Index(rest, name), slices.Index(rest, name)+1)
	for title, w := range f.Waiters {
		if awsmodel.OptionName(title) != name {
			continue
		}
		operation, ok := service.Operation(w.Operation)
		if !ok {
			return generalError("waiter %s needs %s, which the SDK does not have", title, w.Operation)
		}
		c := newCommand(operation, f)
		_, params, err := r.readInput(c, rest)
		if err != nil || params == nil {
			return err
		}
		if err := r.prepare(ctx, c, params); err != nil {
			return err
		}
		return r.poll(ctx, c, title, w, params)
	}
	return nil
}

func waiterNames(f *facts) []string {
	var titles, names []string
	for title := range f.Waiters {
		titles = append(titles, title)
	}
	slices.Sort(titles)
	for _, title := range titles {
		names = append(names, awsmodel.OptionName(title))
	}
	return names
}

// outcome is what one poll gave.
type outcome struct {
	answer  *awsmodel.Object
	status  int    // of HTTP; 200 if the call succeeded
	code    string // of the service's error
	message string
}

func (r *run) poll(ctx context.Context, c *command, title string, w waiter, params *awsmodel.Object) error {
	failed := func(reason string) error { return generalError("Waiter %s failed: %s", title, reason) }
	explanation := ""
	for attempt := 1; ; attempt++ {
		seen, err := r.look(ctx, c, params)
		if err != nil {
			return err
		}
		state := ""
		for _, a := range w.Acceptors {
			matched, err := a.matches(seen)
			if err != nil {
				return err
			}
			if matched {
				state, explanation = a.State, a.explain()
				break
			}
		}
		switch {
		case state == "" && seen.code != "":
			return failed(fmt.Sprintf("An error occurred (%s): %s", seen.code, seen.message))
		case state == "success":
			return nil
		case state == "failure":
			return failed("Waiter encountered a terminal failure state: " + explanation)
		case attempt >= w.MaxAttempts && explanation == "":
			return failed("Max attempts exceeded")
		case attempt >= w.MaxAttempts:
			return failed("Max attempts exceeded. Previously accepted state: " + explanation)
		}
		if err := r.cfg.Sleep(ctx, time.Duration(w.Delay)*time.Second); err != nil {
			return err
		}
	}
}

// look makes one call; an error of the service is a finding, not a failure.
func (r *run) look(ctx context.Context, c *command, params *awsmodel.Object) (outcome, error) {
	answer, err := r.callRaw(ctx, c, params)
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		seen := outcome{code: api.ErrorCode(), message: api.ErrorMessage()}
		if answered, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
			seen.status = answered.HTTPStatusCode()
		}
		return seen, nil
	}
	if err != nil {
		return outcome{}, callFailure(c.operation.Name, r.cfg.AWS, err)
	}
	return outcome{answer: answer, status: 200}, nil
}

func (a acceptor) matches(seen outcome) (bool, error) {
	switch a.Matcher {
	case "status":
		want, _ := a.Expected.(float64)
		return seen.status == int(want), nil
	case "error":
		if wanted, isBool := a.Expected.(bool); isBool {
			return wanted == (seen.code != ""), nil
		}
		return seen.code != "" && seen.code == a.Expected, nil
	}
	if seen.code != "" {
		return false, nil
	}
	q, err := compileQuery(a.Argument)
	if err != nil {
		return false, err
	}
	found, err := q.search(seen.answer)
	if err != nil {
		return false, err
	}
	expected := a.Expected
	if a.Matcher == "path" {
		return equal(found, expected), nil
	}
	list, _ := found.([]any)
	same := func(e any) bool { return equal(e, expected) }
	if a.Matcher == "pathAny" {
		return slices.ContainsFunc(list, same), nil
	}
	return len(list) > 0 && !slices.ContainsFunc(list, func(e any) bool { return !same(e) }), nil
}

// expectedText is what a waiter expects, as Python prints it.
func expectedText(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.Itoa(int(n))
	}
	return pyStr(v)
}

// explain says what matched, in botocore's words.
func (a acceptor) explain() string {
	switch a.Matcher {
	case "path":
		return fmt.Sprintf("For expression \"%s\" we matched expected path: \"%s\"", a.Argument, expectedText(a.Expected))
	case "pathAll":
		return fmt.Sprintf("For expression \"%s\" all members matched excepted path: \"%s\"", a.Argument, expectedText(a.Expected))
	case "pathAny":
		return fmt.Sprintf("For expression \"%s\" we matched expected path: \"%s\" at least once", a.Argument, expectedText(a.Expected))
	case "status":
		return "Matched expected HTTP status code: " + expectedText(a.Expected)
	}
	return "Matched expected service error code: " + expectedText(a.Expected)
}
