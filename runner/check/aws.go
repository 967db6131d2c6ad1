package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"

	"awslab/runner/awsmodel"
)

// answerTime bounds one request but for an invocation, which takes as long as
// the function may.
const answerTime = 20 * time.Second

// maxPages bounds what is read of one listing.
const maxPages = 100

// operation finds "lambda.GetFunction".
func operation(name string) (*awsmodel.Operation, bool) {
	service, op, ok := strings.Cut(name, ".")
	if !ok {
		return nil, false
	}
	s, ok := awsmodel.ServiceByName(service)
	if !ok {
		return nil, false
	}
	return s.Operation(op)
}

// ask makes one call and keeps it as evidence. input is a tree with the CLI's
// names.
func (p *probe) ask(ctx context.Context, op *awsmodel.Operation, input map[string]any) (any, error) {
	in := reflect.New(op.Input)
	if err := op.Service.FromTree(input, in.Elem()); err != nil {
		return nil, &brokenError{err}
	}
	return p.send(ctx, op, in.Interface(), answerTime)
}

// brokenError says that a call cannot be made as the check has it.
type brokenError struct{ err error }

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// send makes one call with one attempt (Run tries again), and tells the world
// the ids of the requests that reached AWS.
func (p *probe) send(ctx context.Context, op *awsmodel.Operation, input any, limit time.Duration) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cfg := p.cfg.Copy()
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	began := p.now()
	out, err := op.Call(ctx, cfg, input)
	e := Evidence{
		What:      op.Service.Name + "." + op.Name,
		Request:   p.print(op.Service.ToTree(input)),
		Reproduce: p.mask(reproduceAWS(op, input, p.World)),
		Took:      p.now().Sub(began),
	}
	if err != nil {
		e.Response = clip(p.mask(err.Error()))
		var response *awshttp.ResponseError
		if errors.As(err, &response) {
			p.told(response.ServiceRequestID())
		}
	} else {
		tree := shaped(op, out)
		e.Response = p.print(tree)
		if id, ok := awsmiddleware.GetRequestIDMetadata(metadata(out)); ok {
			p.told(id)
		}
	}
	p.evidence = append(p.evidence, e)
	return out, err
}

func (p *probe) told(requestID string) {
	if p.Probe != nil && requestID != "" {
		p.Probe(requestID)
	}
}

func metadata(out any) middleware.Metadata {
	field := reflect.ValueOf(out).Elem().FieldByName("ResultMetadata")
	if !field.IsValid() {
		return middleware.Metadata{}
	}
	m, _ := field.Interface().(middleware.Metadata)
	return m
}

// pages makes a call and, where the answer says that there is more, reads on;
// the lists of the first answer hold the elements of all.
func (p *probe) pages(ctx context.Context, op *awsmodel.Operation, input map[string]any) (any, error) {
	first, err := p.ask(ctx, op, input)
	if err != nil {
		return nil, err
	}
	total := reflect.ValueOf(first).Elem()
	token, member, more := next(op, total)
	if _, chosen := input[member]; chosen {
		return first, nil
	}
	for n := 1; more; n++ {
		if n == maxPages {
			return nil, errTooMuch
		}
		input = withMember(input, member, token)
		page, err := p.ask(ctx, op, input)
		if err != nil {
			return nil, err
		}
		p.evidence = p.evidence[:len(p.evidence)-1] // the first page stands for all
		value := reflect.ValueOf(page).Elem()
		for i := range total.NumField() {
			if f := total.Field(i); f.Kind() == reflect.Slice && f.CanSet() {
				f.Set(reflect.AppendSlice(f, value.Field(i)))
			}
		}
		last := token
		if token, _, more = next(op, value); token == last {
			break
		}
	}
	return first, nil
}

var errTooMuch = errors.New("there is more to read than a check reads")

func withMember(input map[string]any, name string, value any) map[string]any {
	copied := map[string]any{name: value}
	for k, v := range input {
		if k != name {
			copied[k] = v
		}
	}
	return copied
}

// tokens are the members with which answers say that there is more, and those
// that take it back.
var tokens = [][2]string{{"NextToken", "NextToken"}, {"NextMarker", "Marker"}, {"Marker", "Marker"}, {"Position", "Position"}}

// next finds the token for the next page, and its member under the CLI's name.
func next(op *awsmodel.Operation, out reflect.Value) (token, member string, more bool) {
	for _, pair := range tokens {
		from := out.FieldByName(pair[0])
		to, ok := op.Input.FieldByName(pair[1])
		if !from.IsValid() || !ok {
			continue
		}
		text, ok := from.Interface().(*string)
		if ok && text != nil && *text != "" {
			return *text, op.Service.CLIName(op.Input, to), true
		}
	}
	return "", "", false
}

// shaped is an answer as the AWS CLI prints it: as a tree of plain maps.
func shaped(op *awsmodel.Operation, out any) any {
	tree := op.Service.ToTree(out)
	if op.Service.Name == "iam" {
		decodePolicies(tree)
	}
	return tree
}

// decodePolicies reads the policy documents, which IAM sends URL-encoded and
// the AWS CLI prints as JSON.
func decodePolicies(tree any) {
	switch v := tree.(type) {
	case *awsmodel.Object:
		for _, key := range v.Keys() {
			value, _ := v.Get(key)
			text, ok := value.(string)
			if !ok || !strings.HasSuffix(key, "Document") {
				decodePolicies(value)
				continue
			}
			if plain, err := url.QueryUnescape(text); err == nil {
				if document, err := decode(plain); err == nil {
					v.Set(key, document)
				}
			}
		}
	case []any:
		for _, e := range v {
			decodePolicies(e)
		}
	}
}

// plainTree is an answer for matchers: maps, lists, texts, json.Number.
func plainTree(op *awsmodel.Operation, out any) any {
	tree := shaped(op, out)
	if o, ok := tree.(*awsmodel.Object); ok {
		return o.ToMap()
	}
	return tree
}

// throttling, credentials and denial are the codes of errors that say nothing
// about what the student built. The lists are those of the SDK's retryer
// (aws/retry.DefaultThrottleErrorCodes) and of AWS's "Common errors" pages.
var (
	throttling = []string{
		"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled", "TooManyRequestsException",
		"ProvisionedThroughputExceededException", "TransactionInProgressException", "RequestLimitExceeded", "BandwidthLimitExceeded",
		"LimitExceededException", "PriorRequestNotComplete", "SlowDown", "EC2ThrottledException",
	}
	credentialCodes = []string{
		"ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure",
		"SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "IncompleteSignatureException", "MissingAuthenticationToken",
		"MissingAuthenticationTokenException", "InvalidAccessKeyId", "InvalidToken", "OptInRequired",
	}
	denialCodes = []string{"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"}
)

// apiCode is the code of an error that AWS answered, or "".
func apiCode(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// notFound reports whether AWS answered that the thing is not there.
func notFound(err error) bool {
	code := apiCode(err)
	return strings.Contains(code, "NotFound") || strings.HasPrefix(code, "NoSuch")
}

// undecidable tells whether an error leaves the check undecided: whatever says
// nothing about what the student built.
func undecidable(err error) (verdict, bool) {
	if err == nil {
		return verdict{}, false
	}
	var broke *brokenError
	var invalid smithy.InvalidParamsError
	var response *awshttp.ResponseError
	code := apiCode(err)
	say := func(finding string, again bool) (verdict, bool) {
		v := undecided(Finding{Code: finding, Found: shorten(reason(err))})
		v.pending = again
		return v, true
	}
	switch {
	case errors.Is(err, errTooMuch):
		return say(undecidedTooMuch, false)
	case errors.As(err, &broke), errors.As(err, &invalid):
		return say(undecidedBroken, false)
	case slices.Contains(throttling, code):
		return say(undecidedThrottled, true)
	case slices.Contains(credentialCodes, code):
		return say(undecidedCredentials, false)
	case slices.Contains(denialCodes, code):
		return say(undecidedDenied, false)
	case errors.As(err, &response) && response.HTTPStatusCode() >= 500 && !isFunctionFault(code):
		return say(undecidedServer, response.HTTPStatusCode() != 501)
	case code != "" && code != "UnknownError":
		return verdict{}, false
	case errors.Is(err, context.DeadlineExceeded):
		return say(undecidedDeadline, true)
	case errors.Is(err, context.Canceled):
		return say(undecidedCancelled, false)
	case isNetwork(err):
		return say(undecidedNetwork, true)
	case strings.Contains(strings.ToLower(err.Error()), "credential") || strings.Contains(err.Error(), "SSO"):
		return say(undecidedCredentials, false)
	default:
		return say(undecidedServer, true)
	}
}

// isFunctionFault: Lambda answers 502 for faults of the function's own code
// package and set-up.
func isFunctionFault(code string) bool {
	switch code {
	case "InvalidZipFileException", "InvalidRuntimeException", "InvalidSecurityGroupIDException", "InvalidSubnetIDException", "KMSDisabledException", "EFSMountFailureException", "ENILimitReachedException":
		return true
	}
	return false
}

func isNetwork(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var u *url.Error
	return errors.As(err, &op) || errors.As(err, &dns) || errors.As(err, &u)
}

// reason is the innermost message of an error: what AWS or the network says,
// without the SDK's frames around it.
func reason(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return fmt.Sprintf("%s: %s", api.ErrorCode(), api.ErrorMessage())
	}
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	var invalid smithy.InvalidParamsError
	if errors.As(err, &invalid) {
		return strings.ReplaceAll(strings.TrimSpace(invalid.Error()), "\n", " ")
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// filled fills the variables into the texts of a tree.
func (p *probe) filled(ctx context.Context, tree any) (any, error) {
	switch v := tree.(type) {
	case string:
		return p.expand(ctx, v)
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			var err error
			if list[i], err = p.filled(ctx, e); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			var err error
			if m[k], err = p.filled(ctx, e); err != nil {
				return nil, err
			}
		}
		return m, nil
	}
	return tree, nil
}

// floats turns numbers into what JMESPath reckons with, and back.
func floats(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return string(v)
		}
		return f
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = floats(e)
		}
		return list
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = floats(e)
		}
		return m
	}
	return v
}
