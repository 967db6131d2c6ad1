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
		awsproto.REST("TestInvokeMethod", "POST "+methodPath, 200, s.testInvokeMethod).Running().Lacking("ClientCertificateId"),
	}
}

// Methods runs one method of an API, without a stage.
type Methods interface {
	// TestMethod runs a method that is there. It fails only where nobody waits for the
	// answer, with an error that is the context package's.
	TestMethod(ctx context.Context, test MethodTest) (MethodResult, error)
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
	header, err := testHeader(in)
	if err != nil {
		return nil, err
	}
	now := newDeployment(types.Deployment{Id: aws.String("")}, 0, p.api.freeze())
	out, err := s.cfg.Methods.TestMethod(ctx, MethodTest{
		API: now.served, ResourceID: *p.resource.Id, Method: *in.HttpMethod, PathWithQuery: aws.ToString(in.PathWithQueryString),
		Header: header, Body: aws.ToString(in.Body), StageVariables: in.StageVariables,
	})
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return nil, errNobody
	case err != nil:
		return nil, err
	}
	headers := make(map[string]string, len(out.Header))
	for name, values := range out.Header {
		headers[name] = values[len(values)-1]
	}
	return &apigateway.TestInvokeMethodOutput{
		Status: int32(out.Status), Body: &out.Body, Headers: headers, MultiValueHeaders: out.Header, Log: &out.Log, Latency: out.Latency.Milliseconds(),
	}, nil
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
func testHeader(in *apigateway.TestInvokeMethodInput) (map[string][]string, error) {
	all := http.Header{}
	add := func(name, value string) error {
		if !headerName.MatchString(name) || strings.ContainsAny(value, "\r\n\x00") {
			return badRequest("Invalid header specified: %q", name)
		}
		all.Add(name, value)
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(in.MultiValueHeaders)) {
		for _, value := range in.MultiValueHeaders[name] {
			if err := add(name, value); err != nil {
				return nil, err
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Headers)) {
		if err := add(name, in.Headers[name]); err != nil {
			return nil, err
		}
	}
	return all, nil
}
