// Package awsproto is AWS's protocols, once for all services: signatures,
// dispatch, restJson1, awsJson1_1 and awsQuery, errors and request ids.
//
// A service is a table of [Operation] rows over the SDK's own types; [New]
// makes an http.Handler of several such tables. Requests are dispatched as AWS
// does it: the credential scope of the signature names the service, then target,
// action or route names the operation. Everything is decoded and encoded by
// reflection with the names of runner/awsmodel; no service touches JSON.
//
// The package imports awsmodel and the SDK. Start at [Handler.ServeHTTP].
package awsproto

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"awslab/runner/awsmodel"
)

// Service is one service's table.
type Service struct {
	Model      *awsmodel.Service
	Operations []Operation
}

// Config says what a handler serves. Credentials and at least one service are
// needed; the rest has defaults.
type Config struct {
	Services    []Service
	Credentials Credentials
	// Sessions knows temporary keys; nil knows none.
	Sessions Sessions
	Account  string
	Region   string
	Clock    func() time.Time
	// NewRequestID gives the id of each request, a UUID on AWS.
	NewRequestID func() string
	// NewRand gives the randomness of each call.
	NewRand func() *mathrand.Rand
	// Do carries a call out; the emulator puts its journal here. Nil calls the
	// operation.
	Do func(ctx context.Context, op *Operation, input any) (any, error)
	// Failed is told errors that are no answers of AWS's: mistakes of the
	// program. Nil drops them.
	Failed func(service, operation string, err error)
}

// MaxBody bounds a request's body to Lambda in bytes: a function's zip of 50 MB
// in base64, and room for the rest (Lambda quotas, "Deployment package"). maxBody
// is that of the others; what they take is 6 MB at most (API Gateway's imports).
const (
	MaxBody = 70 << 20
	maxBody = 10 << 20
)

// Handler serves the AWS API of its services.
type Handler struct {
	cfg      Config
	verifier *Verifier
	services []*table
}

// table is a service with its rows ready to be found.
type table struct {
	model  *awsmodel.Service
	byName map[string]*Operation
	routes []route
}

// New makes a handler. It panics on a row that does not fit its service's
// model, which is a mistake of the program.
func New(cfg Config) *Handler {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.NewRequestID == nil {
		cfg.NewRequestID = newUUID
	}
	if cfg.NewRand == nil {
		cfg.NewRand = newRand
	}
	if cfg.Do == nil {
		cfg.Do = func(ctx context.Context, op *Operation, input any) (any, error) { return op.Do(ctx, input) }
	}
	h := &Handler{cfg: cfg, verifier: NewVerifier(cfg.Credentials).Knowing(cfg.Sessions)}
	for _, service := range cfg.Services {
		t := &table{model: service.Model, byName: map[string]*Operation{}}
		for i := range service.Operations {
			op := &service.Operations[i]
			modelled, ok := service.Model.Operation(op.Name)
			if !ok || modelled.Input != op.Input || modelled.Output != op.Output {
				panic(fmt.Sprintf("awsproto: %s:%s is not the SDK's", service.Model.Name, op.Name))
			}
			t.byName[op.Name] = op
			if service.Model.Protocol == awsmodel.RESTJSON {
				t.routes = append(t.routes, newRoute(op))
			}
		}
		h.services = append(h.services, t)
	}
	return h
}

// ServeHTTP answers one call of the AWS API.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requestID, now := h.cfg.NewRequestID(), h.cfg.Clock()
	identity, body, err := h.read(w, r, now)
	if err != nil {
		h.fail(w, guessProtocol(r), requestID, err)
		return
	}
	found, service, err := h.find(r, identity.Service, body)
	if err != nil {
		h.fail(w, guessProtocol(r), requestID, err)
		return
	}
	region := identity.Region
	if region == "" {
		region = h.cfg.Region
	}
	call := &Call{
		Service: service.Name, Operation: found.op.Name, RequestID: requestID,
		Time: now, Rand: h.cfg.NewRand(), Account: h.cfg.Account, Region: region, Endpoint: "http://" + r.Host, Principal: identity.Principal, UserID: identity.UserID, Session: identity.Session,
		AccessKey: identity.AccessKeyID, UserAgent: r.UserAgent(),
		Check: r.Header.Get("X-Awslab-Check") != "", Lesson: r.Header.Get("X-Awslab-Lesson"),
	}
	input := reflect.New(found.op.Input)
	if err := found.decode(input.Elem()); err != nil {
		h.fail(w, protocol{service, service.Protocol}, requestID, err)
		return
	}
	output, err := h.do(WithCall(r.Context(), call), found.op, input.Interface())
	if err != nil {
		var wire *WireError
		if f := faultOf(service, err); f.code == "InternalFailure" && !errors.As(err, &wire) && h.cfg.Failed != nil {
			h.cfg.Failed(service.Name, found.op.Name, err)
		}
		h.fail(w, protocol{service, service.Protocol}, requestID, err)
		return
	}
	encode(w, service, found.op, requestID, output)
}

// do carries a call out. A handler that panics is a mistake of the program, and
// the other calls are not to suffer for it.
func (h *Handler) do(ctx context.Context, op *Operation, input any) (output any, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			output, err = nil, fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return h.cfg.Do(ctx, op, input)
}

// read takes in a request's body and checks its signature. A caller that cannot
// be right is told so before any of the body is kept.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, now time.Time) (Identity, []byte, error) {
	claim, err := h.verifier.claim(r, now)
	limit := int64(maxBody)
	if claim.service == "lambda" {
		limit = MaxBody
	}
	bounded := http.MaxBytesReader(w, r.Body, limit)
	if err != nil {
		// A client that is still sending does not look at the answer.
		_, _ = io.Copy(io.Discard, bounded)
		return Identity{}, nil, err
	}
	var body bytes.Buffer
	if r.ContentLength > 0 && r.ContentLength <= limit {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	if _, err := body.ReadFrom(bounded); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return Identity{}, nil, Error("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge, fmt.Sprintf("Request must be smaller than %d bytes", tooLarge.Limit))
		}
		return Identity{}, nil, Error("RequestTimeoutException", http.StatusRequestTimeout, "The request body could not be read.")
	}
	identity, err := claim.check(h.verifier.signer, r, body.Bytes())
	return identity, body.Bytes(), err
}

// request is a call whose operation is known and whose input is still to be
// read.
type request struct {
	op     *Operation
	decode func(into reflect.Value) error
}

// find names the operation of a signed request.
func (h *Handler) find(r *http.Request, scope string, body []byte) (request, *awsmodel.Service, error) {
	var candidates []*awsmodel.Service
	for _, model := range awsmodel.Services() {
		if model.SigningName == scope {
			candidates = append(candidates, model)
		}
	}
	if len(candidates) == 0 {
		return request{}, nil, Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate the service "+scope)
	}
	switch model := candidates[0]; model.Protocol {
	case awsmodel.JSON11:
		target := r.Header.Get("X-Amz-Target")
		name, ok := strings.CutPrefix(target, model.Target+".")
		if !ok {
			return request{}, model, Error("UnknownOperationException", http.StatusBadRequest, "")
		}
		op, err := h.named(model, name)
		return request{op, func(into reflect.Value) error { return decodeJSON(model, body, into) }}, model, err
	case awsmodel.Query:
		form, err := parseForm(r, body)
		if err != nil {
			return request{}, model, err
		}
		op, err := h.named(model, form.Get("Action"))
		return request{op, func(into reflect.Value) error { return decodeForm(model, form, into) }}, model, err
	default:
		return h.findRoute(r, candidates, body)
	}
}

// named finds a row by the operation's name.
func (h *Handler) named(model *awsmodel.Service, name string) (*Operation, error) {
	for _, t := range h.services {
		if op, ok := t.byName[name]; ok && t.model == model {
			return op, nil
		}
	}
	if _, ok := model.Operation(name); ok {
		return nil, Unsupported(model.Name, name)
	}
	if model.Protocol == awsmodel.Query {
		if name == "" {
			return nil, Error("MissingAction", http.StatusBadRequest, "Missing Action")
		}
		return nil, Error("InvalidAction", http.StatusBadRequest, "Could not find operation "+name+" for version "+model.Version)
	}
	return nil, Error("UnknownOperationException", http.StatusBadRequest, "")
}

func newRand() *mathrand.Rand {
	var seed [16]byte
	_, _ = rand.Read(seed[:]) // never fails, by its contract
	return mathrand.New(mathrand.NewPCG(binary.LittleEndian.Uint64(seed[:8]), binary.LittleEndian.Uint64(seed[8:])))
}

// UUID draws a random UUID (version 4), as AWS's ids of requests and revisions
// look.
func UUID(r *mathrand.Rand) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], r.Uint64())
	binary.BigEndian.PutUint64(b[8:], r.Uint64())
	return formatUUID(b)
}

func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, by its contract
	return formatUUID(b)
}

func formatUUID(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
