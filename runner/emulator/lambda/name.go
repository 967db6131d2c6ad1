package lambda

import (
	"fmt"
	"net/http"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"

	"awslab/runner/emulator/awsproto"
)

// The forms of names, from the patterns of the API's model (botocore, lambda
// 2015-03-31: FunctionName, Qualifier, Alias, Version).
var (
	nameForm      = regexp.MustCompile(`^(arn:(aws[a-zA-Z-]*):lambda:([a-z0-9-]+):([0-9]{12}):function:|([0-9]{12}):function:|function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?$`)
	qualifierForm = regexp.MustCompile(`^[a-zA-Z0-9$_-]+$`)
	aliasForm     = regexp.MustCompile(`^[a-zA-Z0-9-_]+$`)
	numberForm    = regexp.MustCompile(`^[0-9]+$`)
	versionForm   = regexp.MustCompile(`^(\$LATEST|[0-9]+)$`)
)

const (
	nameConstraint      = `satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?`
	qualifierConstraint = `satisfy regular expression pattern: (|[a-zA-Z0-9$_-]+)`
	aliasConstraint     = `satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`
	versionConstraint   = `satisfy regular expression pattern: (\$LATEST|[0-9]+)`
)

// target is what a FunctionName and a Qualifier say.
type target struct {
	name      string
	qualifier string // latest, digits, an alias, or none
}

// alias reports whether the qualifier is the name of an alias.
func (t target) alias() bool {
	return t.qualifier != "" && t.qualifier != latest && !numberForm.MatchString(t.qualifier)
}

// parseName takes a FunctionName apart: a name, an ARN or a part of one.
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
		return target{}, resourceNotFound("Functions from '" + region + "' are not reachable in this region ('" + call.Region + "')")
	}
	if account := m[4] + m[5]; account != "" && account != call.Account {
		return target{}, awsproto.Error("AccessDeniedException", http.StatusForbidden,
			"User: "+call.Principal+" is not authorized to perform: lambda:"+call.Operation+" on resource: "+text+" because no resource-based policy allows the lambda:"+call.Operation+" action")
	}
	return target{m[6], m[8]}, nil
}

// parse takes a FunctionName and a Qualifier apart, which must agree.
func (s *Service) parse(call *awsproto.Call, given, qualifier *string) (target, error) {
	t, err := s.parseName(call, given)
	if err != nil {
		return target{}, err
	}
	q := aws.ToString(qualifier)
	switch {
	case q == "":
		return t, nil
	case len(q) > 128:
		return target{}, validation(q, "qualifier", "have length less than or equal to 128")
	case !qualifierForm.MatchString(q):
		return target{}, validation(q, "qualifier", qualifierConstraint)
	case t.qualifier != "" && t.qualifier != q:
		return target{}, invalid("The derived qualifier from the function name does not match the specified qualifier.")
	}
	t.qualifier = q
	return t, nil
}

// located is what a name and a qualifier led to.
type located struct {
	*function
	target  target
	arn     string  // with the qualifier, if there is one
	version version // for an alias the one that it points at
}

// locate finds a version or an alias of a function; suffix stands behind the
// ARN of a missing function, as Invoke has it.
func (s *Service) locate(call *awsproto.Call, given, qualifier *string, suffix string) (located, error) {
	t, err := s.parse(call, given, qualifier)
	if err != nil {
		return located{}, err
	}
	l := located{target: t, arn: s.arn(call, t.name, t.qualifier)}
	f, ok := s.find(t.name)
	if !ok {
		if t.qualifier != "" {
			suffix = ""
		}
		return located{}, notFound(l.arn + suffix)
	}
	l.function = f
	number := t.qualifier
	if number == "" {
		number = latest
	} else if t.alias() {
		number = f.Aliases[t.qualifier].FunctionVersion
	}
	if l.version, ok = f.version(number); !ok {
		return located{}, notFound(l.arn)
	}
	return l, nil
}

// locateFunction finds a function for an operation that is about the whole of
// it. The refusal was recorded for PutFunctionConcurrency (LocalStack,
// test_lambda_api.snapshot.json, test_function_concurrency_exceptions).
func (s *Service) locateFunction(call *awsproto.Call, given *string, suffix string) (*function, error) {
	t, err := s.parseName(call, given)
	if err != nil {
		return nil, err
	}
	if t.qualifier != "" && t.qualifier != latest {
		return nil, invalid("This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.")
	}
	f, ok := s.find(t.name)
	if !ok {
		return nil, notFound(s.arn(call, t.name, "") + suffix)
	}
	return f, nil
}

// missing is the error of a required member that is not there.
func missing(member string) error {
	return awsproto.Error("ValidationException", http.StatusBadRequest,
		fmt.Sprintf("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member))
}
