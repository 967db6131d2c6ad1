// Package awsmodel knows the names of AWS's operations and their members: in
// Go, on the wire and on the command line, once for the caller's side
// (runner/awscli, runner/check) and the server's side (runner/emulator/awsproto).
//
// It reads them from aws-sdk-go-v2's clients by reflection; a naming rule per
// service gives the rest, with a short table of exceptions in names.go. Start
// at [Services]. It imports the SDK and nothing of awslab.
package awsmodel

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// Protocol is how a service's calls look on the wire.
type Protocol int

// The protocols of the six services.
const (
	RESTJSON Protocol = iota // restJson1
	JSON11                   // awsJson1_1
	Query                    // awsQuery, answers in XML
)

// Service is one AWS service. It is immutable.
type Service struct {
	Name        string // as the AWS CLI calls it: "logs"
	ID          string // the SDK's service id: "CloudWatch Logs"
	SigningName string // in the credential scope: "apigateway" for both API Gateways
	Protocol    Protocol
	Version     string // of the API: "2015-03-31"
	Target      string // prefix of X-Amz-Target, awsJson only: "Logs_20140328"

	client  reflect.Type // *lambda.Client
	connect func(aws.Config) any
	list    func() []*Operation // computed once

	wire, cli naming
}

// Operation is one operation of a service. It is immutable.
type Operation struct {
	Service       *Service
	Name          string       // "CreateFunction"
	CLIName       string       // "create-function"
	Input, Output reflect.Type // the SDK's structs, not pointers

	method  int                         // of the client
	binding func() (HTTPBinding, error) // computed once
}

// Services are the six services that awslab links, sorted by name. The values
// are shared: do not change them.
var Services = sync.OnceValue(func() []*Service {
	return []*Service{
		service("apigateway", apigateway.ServiceID, "apigateway", RESTJSON, "2015-07-09", "", apigateway.NewFromConfig),
		service("apigatewayv2", apigatewayv2.ServiceID, "apigateway", RESTJSON, "2018-11-29", "", apigatewayv2.NewFromConfig),
		service("iam", iam.ServiceID, "iam", Query, "2010-05-08", "", iam.NewFromConfig),
		service("lambda", lambda.ServiceID, "lambda", RESTJSON, "2015-03-31", "", lambda.NewFromConfig),
		service("logs", cloudwatchlogs.ServiceID, "logs", JSON11, "2014-03-28", "Logs_20140328", cloudwatchlogs.NewFromConfig),
		service("sts", sts.ServiceID, "sts", Query, "2011-06-15", "", sts.NewFromConfig),
	}
})

func service[C, O any](name, id, signing string, protocol Protocol, version, target string, connect func(aws.Config, ...func(*O)) *C) *Service {
	s := &Service{
		Name: name, ID: id, SigningName: signing, Protocol: protocol, Version: version, Target: target,
		client:  reflect.TypeFor[*C](),
		connect: func(cfg aws.Config) any { return connect(cfg) },
	}
	s.list = sync.OnceValue(s.operations)
	s.wire.name, s.cli.name = s.WireName, s.CLIName
	return s
}

// ServiceByName finds a service by the name that the AWS CLI gives it.
func ServiceByName(name string) (*Service, bool) {
	for _, s := range Services() {
		if s.Name == name {
			return s, true
		}
	}
	return nil, false
}

// Operations are all operations of the linked client, sorted by name.
func (s *Service) Operations() []*Operation { return slices.Clone(s.list()) }

// operations reads the client's method set: an operation is a method that
// takes a context and a pointer to an …Input, and gives an …Output. It asks a
// value for its methods' types, because asking the type makes a type for each
// method with a receiver, which takes the whole start longer than all the rest.
func (s *Service) operations() []*Operation {
	var list []*Operation
	client := reflect.Zero(s.client)
	for m := range client.NumMethod() {
		t := client.Method(m).Type()
		if t.NumIn() != 3 || t.NumOut() != 2 || !t.IsVariadic() {
			continue
		}
		in, out := t.In(1), t.Out(0)
		if in.Kind() != reflect.Pointer || out.Kind() != reflect.Pointer {
			continue
		}
		name, ok := strings.CutSuffix(in.Elem().Name(), "Input")
		if !ok {
			continue
		}
		o := &Operation{Service: s, Name: name, CLIName: OptionName(name), Input: in.Elem(), Output: out.Elem(), method: m}
		o.binding = sync.OnceValues(o.readBinding)
		list = append(list, o)
	}
	return list // reflect sorts methods by name
}

// Operation finds an operation by its name, "CreateFunction".
func (s *Service) Operation(name string) (*Operation, bool) {
	i, ok := slices.BinarySearchFunc(s.list(), name, func(o *Operation, name string) int { return strings.Compare(o.Name, name) })
	if !ok {
		return nil, false
	}
	return s.list()[i], true
}

// OperationByCLI finds an operation by its name on the command line,
// "create-function".
func (s *Service) OperationByCLI(name string) (*Operation, bool) {
	for _, o := range s.list() {
		if o.CLIName == name {
			return o, true
		}
	}
	return nil, false
}

// Call makes one call with the SDK's client: input is a pointer to the
// operation's Input, the answer one to its Output. Errors are the SDK's.
func (o *Operation) Call(ctx context.Context, cfg aws.Config, input any) (any, error) {
	if reflect.TypeOf(input) != reflect.PointerTo(o.Input) {
		return nil, fmt.Errorf("%s takes *%s, not %T", o.Name, o.Input.Name(), input)
	}
	method := reflect.ValueOf(o.Service.connect(cfg)).Method(o.method)
	answer := method.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(input)})
	if err, _ := answer[1].Interface().(error); err != nil {
		return nil, err
	}
	return answer[0].Interface(), nil
}
