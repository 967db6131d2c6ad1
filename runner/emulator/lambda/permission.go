package lambda

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// The texts of this file are those of LocalStack's provider.py, which its tests
// compared with AWS; the forms are of the API's model (botocore, lambda
// 2015-03-31).
var (
	statementForm = regexp.MustCompile(`^[a-zA-Z0-9-_]+$`)
	actionForm    = regexp.MustCompile(`^(lambda:[*]|lambda:[a-zA-Z]+|[*])$`)
	sourceForm    = regexp.MustCompile(`^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)$`)
	accountForm   = regexp.MustCompile(`^\d{12}$`)
	tokenForm     = regexp.MustCompile(`^[a-zA-Z0-9._\-]+$`)
	orgForm       = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	principalForm = regexp.MustCompile(`^arn:aws[a-zA-Z-]*:(iam|sts)::\d{12}:.+$`)
)

// maxPolicy is how many bytes a resource policy may have (Lambda quotas: 20 KB).
const maxPolicy = 20480

// form is a member and what it has to look like; nil is no member.
type form struct {
	member string
	value  *string
	form   *regexp.Regexp
	max    int // characters
	text   string
}

func checkForms(forms ...form) error {
	for _, f := range forms {
		switch {
		case f.value == nil:
		case f.max > 0 && len(*f.value) > f.max:
			return validation(*f.value, f.member, fmt.Sprintf("have length less than or equal to %d", f.max))
		case !f.form.MatchString(*f.value):
			return validation(*f.value, f.member, "satisfy regular expression pattern: "+f.text)
		}
	}
	return nil
}

// checkPermission checks what AddPermission is given, and makes a statement of
// it.
func checkPermission(in *lambda.AddPermissionInput) (statement, error) {
	switch {
	case in.StatementId == nil:
		return statement{}, missing("statementId")
	case in.Action == nil:
		return statement{}, missing("action")
	case in.Principal == nil:
		return statement{}, missing("principal")
	}
	err := checkForms(
		form{"statementId", in.StatementId, statementForm, 100, `([a-zA-Z0-9-_]+)`},
		form{"action", in.Action, actionForm, 0, `(lambda:[*]|lambda:[a-zA-Z]+|[*])`},
		form{"principal", in.Principal, handlers, 0, `[^\s]+`},
		form{"sourceArn", in.SourceArn, sourceForm, 0, `arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\-])+:([a-z]{2}(-gov)?-[a-z]+-\d{1})?:(\d{12})?:(.*)`},
		form{"sourceAccount", in.SourceAccount, accountForm, 12, `\d{12}`},
		form{"eventSourceToken", in.EventSourceToken, tokenForm, 256, `[a-zA-Z0-9._\-]+`},
		form{"principalOrgID", in.PrincipalOrgID, orgForm, 34, `^o-[a-z0-9]{10,32}$`},
	)
	if err != nil {
		return statement{}, err
	}
	if kind := in.FunctionUrlAuthType; kind != "" && !slices.Contains(kind.Values(), kind) {
		return statement{}, validation(string(kind), "functionUrlAuthType", "satisfy enum value set: [NONE, AWS_IAM]")
	}
	// The next text is quoted in many places by those who met it, of 2025 and 2026.
	if in.FunctionUrlAuthType != "" && *in.Action != "lambda:InvokeFunctionUrl" {
		return statement{}, invalid("FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action")
	}
	if kind, _ := principal(*in.Principal); kind == "" {
		return statement{}, invalid("The provided principal was invalid. Please check the principal and try again.")
	}
	st := statement{Sid: *in.StatementId, Action: *in.Action, Principal: *in.Principal}
	st.require("StringEquals", "lambda:FunctionUrlAuthType", string(in.FunctionUrlAuthType))
	st.require("StringEquals", "aws:PrincipalOrgID", aws.ToString(in.PrincipalOrgID))
	st.require("StringEquals", "AWS:SourceAccount", aws.ToString(in.SourceAccount))
	st.require("StringEquals", "lambda:EventSourceToken", aws.ToString(in.EventSourceToken))
	st.require("ArnLike", "AWS:SourceArn", aws.ToString(in.SourceArn))
	if aws.ToBool(in.InvokedViaFunctionUrl) {
		st.require("Bool", "lambda:InvokedViaFunctionUrl", "true")
	}
	return st, nil
}

// require adds a condition, if it has a value.
func (st *statement) require(operator, key, value string) {
	if value == "" {
		return
	}
	if st.Condition == nil {
		st.Condition = map[string]map[string]string{}
	}
	if st.Condition[operator] == nil {
		st.Condition[operator] = map[string]string{}
	}
	st.Condition[operator][key] = value
}

// permitted is a function, or a version or alias of it, that may have a policy.
type permitted struct {
	*function
	key      string // of Policies: a qualifier, or none for the function
	arn      string
	revision string
}

// locatePermitted finds what a permission is about. absent is the beginning of
// the error of a missing function.
func (s *Service) locatePermitted(call *awsproto.Call, name, qualifier *string, absent string) (permitted, error) {
	t, err := s.parse(call, name, qualifier)
	if err != nil {
		return permitted{}, err
	}
	if call.Operation == "AddPermission" && t.qualifier == latest {
		return permitted{}, invalid("We currently do not support adding policies for $LATEST.")
	}
	f, ok := s.find(t.name)
	if !ok {
		return permitted{}, resourceNotFound(absent + s.arn(call, t.name, ""))
	}
	p := permitted{f, t.qualifier, s.arn(call, t.name, t.qualifier), f.Latest.Revision}
	switch a, aliased := f.Aliases[t.qualifier]; {
	case t.qualifier == "" || t.qualifier == latest:
		p.key, p.arn = "", s.arn(call, t.name, "")
	case aliased:
		p.revision = a.Revision
	case t.alias():
		return permitted{}, resourceNotFound("Cannot find alias arn: " + p.arn)
	default:
		v, ok := f.version(t.qualifier)
		if !ok {
			return permitted{}, notFound(p.arn)
		}
		p.revision = v.Revision
	}
	return p, nil
}

// putPolicy gives what is permitted another policy and a new revision.
func (s *Service) putPolicy(call *awsproto.Call, p permitted, statements []statement) {
	f, revision := p.edit(), awsproto.UUID(call.Rand)
	if f.Policies == nil {
		f.Policies = map[string][]statement{}
	}
	f.Policies[p.key] = statements
	if len(statements) == 0 {
		delete(f.Policies, p.key)
	}
	if a, aliased := f.Aliases[p.key]; aliased {
		a.Revision = revision
		f.Aliases[p.key] = a
	} else if i := slices.IndexFunc(f.Versions, func(v version) bool { return v.Number == p.key }); i >= 0 {
		f.Versions[i].Revision = revision
	} else {
		f.Latest.Revision = revision
	}
	s.put(f)
}

func (s *Service) addPermission(ctx context.Context, in *lambda.AddPermissionInput) (*lambda.AddPermissionOutput, error) {
	call := awsproto.CallFrom(ctx)
	st, err := checkPermission(in)
	if err != nil {
		return nil, err
	}
	p, err := s.locatePermitted(call, in.FunctionName, in.Qualifier, "Function not found: ")
	if err != nil {
		return nil, err
	}
	if err := checkRevision(in.RevisionId, p.revision); err != nil {
		return nil, err
	}
	old := p.Policies[p.key]
	if slices.ContainsFunc(old, func(other statement) bool { return other.Sid == st.Sid }) {
		return nil, conflict("The statement id (" + st.Sid + ") provided already exists. Please provide a new statement id, or remove the existing statement.")
	}
	statements := append(slices.Clone(old), st)
	if size := len(document(statements, p.arn)); size > maxPolicy {
		return nil, &types.PolicyLengthExceededException{Type: aws.String("User"), Message: aws.String(fmt.Sprintf("The final policy size (%d) is bigger than the limit (%d).", size, maxPolicy))}
	}
	s.putPolicy(call, p, statements)
	return &lambda.AddPermissionOutput{Statement: aws.String(compact(st.written(p.arn)))}, nil
}

func (s *Service) removePermission(ctx context.Context, in *lambda.RemovePermissionInput) (*lambda.RemovePermissionOutput, error) {
	call := awsproto.CallFrom(ctx)
	p, err := s.locatePermitted(call, in.FunctionName, in.Qualifier, "No policy found for: ")
	if err != nil {
		return nil, err
	}
	statements := p.Policies[p.key]
	if len(statements) == 0 {
		return nil, resourceNotFound("No policy is associated with the given resource.")
	}
	i := slices.IndexFunc(statements, func(st statement) bool { return st.Sid == aws.ToString(in.StatementId) })
	if i < 0 {
		return nil, resourceNotFound("Statement " + aws.ToString(in.StatementId) + " is not found in resource policy.")
	}
	if err := checkRevision(in.RevisionId, p.revision); err != nil {
		return nil, err
	}
	s.putPolicy(call, p, slices.Delete(slices.Clone(statements), i, i+1))
	return &lambda.RemovePermissionOutput{}, nil
}

func (s *Service) getPolicy(ctx context.Context, in *lambda.GetPolicyInput) (*lambda.GetPolicyOutput, error) {
	p, err := s.locatePermitted(awsproto.CallFrom(ctx), in.FunctionName, in.Qualifier, "Function not found: ")
	if err != nil {
		return nil, err
	}
	statements := p.Policies[p.key]
	if len(statements) == 0 {
		return nil, resourceNotFound("The resource you requested does not exist.")
	}
	return &lambda.GetPolicyOutput{Policy: aws.String(document(statements, p.arn)), RevisionId: aws.String(p.revision)}, nil
}
