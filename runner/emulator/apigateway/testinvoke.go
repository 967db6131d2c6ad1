package apigateway

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) testOperations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("TestInvokeAuthorizer", "POST "+authorizerPath, 200, s.testInvokeAuthorizer).Running(),
		awsproto.REST("TestInvokeMethod", "POST "+methodPath, 200, s.testInvokeMethod).Running().Lacking("ClientCertificateId"),
	}
}

// Methods runs one method of an API, and asks one of its authorizers, without a
// stage. Both fail only where nobody waits for the answer, with an error that is
// the context package's.
type Methods interface {
	// TestMethod runs a method that is there.
	TestMethod(ctx context.Context, test MethodTest) (MethodResult, error)
	// TestAuthorizer asks an authorizer that is there.
	TestAuthorizer(ctx context.Context, test AuthorizerTest) (AuthorizerResult, error)
}

// AuthorizerTest is what an authorizer is asked.
type AuthorizerTest struct {
	API            *Deployment // the API as it is now; it has no ID
	AuthorizerID   string
	PathWithQuery  string // empty: the root
	Header         map[string][]string
	Body           string
	StageVariables map[string]string
	Context        map[string]string // additional variables of $context
}

// AuthorizerResult is its answer, and the execution log.
type AuthorizerResult struct {
	Status            int // that a client would have got; 0: there is a policy
	Principal, Policy string
	Log               string
	Latency           time.Duration
}

// MethodTest is what a method is asked.
type MethodTest struct {
	API                *Deployment // the API as it is now; it has no ID
	ResourceID, Method string
	PathWithQuery      string // empty: the resource's path
	Header             map[string][]string
	Body               string
	StageVariables     map[string]string
}

// MethodResult is its answer, and the execution log.
type MethodResult struct {
	Status  int
	Header  map[string][]string
	Body    string
	Log     string
	Latency time.Duration
}

// testInvokeMethod runs a method as it is now, deployed or not (LocalStack,
// test_invoke_test_method).
func (s *Service) testInvokeMethod(ctx context.Context, in *apigateway.TestInvokeMethodInput) (*apigateway.TestInvokeMethodOutput, error) {
	call := awsproto.CallFrom(ctx)
	if in.ClientCertificateId != nil {
		return nil, awsproto.UnsupportedWith(call, "ClientCertificateId")
	}
	p, err := s.place(call, in.RestApiId, in.ResourceId)
	if err != nil {
		return nil, err
	}
	if !answers(p.resource, aws.ToString(in.HttpMethod)) {
		return nil, noSuchMethod()
	}
	header, err := testHeader(in.Headers, in.MultiValueHeaders)
	if err != nil {
		return nil, err
	}
	out, err := s.cfg.Methods.TestMethod(ctx, MethodTest{
		API: p.api.now(), ResourceID: *p.resource.Id, Method: *in.HttpMethod, PathWithQuery: aws.ToString(in.PathWithQueryString),
		Header: header, Body: aws.ToString(in.Body), StageVariables: in.StageVariables,
	})
	if err != nil {
		return nil, untested(err)
	}
	headers := make(map[string]string, len(out.Header))
	for name, values := range out.Header {
		headers[name] = values[len(values)-1]
	}
	return &apigateway.TestInvokeMethodOutput{
		Status: int32(out.Status), Body: &out.Body, Headers: headers, MultiValueHeaders: out.Header, Log: &out.Log, Latency: out.Latency.Milliseconds(),
	}, nil
}

// now is the API as it is, as a deployment.
func (a *api) now() *Deployment {
	return newDeployment(types.Deployment{Id: aws.String("")}, 0, a.freeze()).served
}

// testInvokeAuthorizer asks an authorizer as it is now, deployed or not.
func (s *Service) testInvokeAuthorizer(ctx context.Context, in *apigateway.TestInvokeAuthorizerInput) (*apigateway.TestInvokeAuthorizerOutput, error) {
	a, z, err := s.authorizer(awsproto.CallFrom(ctx), in.RestApiId, in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	header, err := testHeader(in.Headers, in.MultiValueHeaders)
	if err != nil {
		return nil, err
	}
	out, err := s.cfg.Methods.TestAuthorizer(ctx, AuthorizerTest{
		API: a.now(), AuthorizerID: *z.Id, PathWithQuery: aws.ToString(in.PathWithQueryString),
		Header: header, Body: aws.ToString(in.Body), StageVariables: in.StageVariables, Context: in.AdditionalContext,
	})
	if err != nil {
		return nil, untested(err)
	}
	return &apigateway.TestInvokeAuthorizerOutput{
		ClientStatus: int32(out.Status), PrincipalId: given(&out.Principal), Policy: given(&out.Policy), Log: &out.Log, Latency: out.Latency.Milliseconds(),
	}, nil
}

// untested is the error of a test that has no result.
func untested(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errNobody
	}
	return err
}

// errNobody is no mistake of the program, and nobody hears it.
var errNobody = awsproto.Error("ServiceUnavailableException", http.StatusServiceUnavailable, "the caller did not wait for the method's answer")

// answers reports whether a resource has a method, or ANY in its place
// (LocalStack, test_failed_invoke_test_method).
func answers(r *types.Resource, verb string) bool {
	if _, ok := r.ResourceMethods[verb]; ok {
		return true
	}
	_, ok := r.ResourceMethods["ANY"]
	return ok && slices.Contains(verbs, verb)
}

// headerName is what a header can be called.
var headerName = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")

// testHeader joins both kinds of headers: those with several values come first, as
// in answers of proxy integrations. Of a name in both, and of a header that no
// request can have, no record was found.
func testHeader(single map[string]string, several map[string][]string) (map[string][]string, error) {
	all := http.Header{}
	add := func(name, value string) error {
		if !headerName.MatchString(name) || strings.ContainsAny(value, "\r\n\x00") {
			return badRequest("Invalid header specified: %q", name)
		}
		all.Add(name, value)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(several)) {
		for _, value := range several[name] {
			if err := add(name, value); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(single)) {
		if err := add(name, single[name]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
