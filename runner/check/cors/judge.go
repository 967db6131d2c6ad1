package cors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// The bounds of a request: browsers and servers take less.
const (
	maxHeaders     = 1000
	maxHeaderBytes = 256 << 10
	maxURL         = 64 << 10
)

var (
	// ErrTooLarge is a request larger than any browser sends.
	ErrTooLarge = errors.New("the request is larger than a browser sends")
	// ErrLocal is a URL that is answered without a server (about:, blob:, data:),
	// so that CORS has no say.
	ErrLocal = errors.New("the URL is answered without a server")
	// ErrMode is a mode that the standard does not have.
	ErrMode = errors.New("not a mode of fetch()")
	// errNotAllowed ends the algorithm: what the standard calls a network error.
	errNotAllowed = errors.New("network error")
)

// Judge runs the algorithm: what the browser sends to server, and what it lets the
// script read. The cache may be nil. An error means that there is no verdict: the
// request's origin is none ([OriginError]), the request is not one that can be
// judged, the server's answer is [ErrUnknown], or the context is done. The Verdict
// then holds the exchanges so far.
func Judge(ctx context.Context, request Request, server Server, cache *Cache) (Verdict, error) {
	f, err := newFetch(request)
	if err != nil {
		return Verdict{}, err
	}
	f.server, f.cache = server, cache
	if refused, ok := f.construct(request); !ok {
		f.verdict.Class, f.verdict.Step, f.verdict.Why = ClassRefused, refused, refused
		return f.verdict, nil
	}
	if !f.current().http() && slices.Contains([]string{"about", "blob", "data"}, f.current().scheme) {
		return f.verdict, fmt.Errorf("%w: scheme %s", ErrLocal, f.current().scheme)
	}
	if !slices.ContainsFunc(f.headers, func(h Header) bool { return lower(h.Name) == "accept" }) {
		f.headers = append(f.headers, Header{"Accept", "*/*"})
	}
	switch err := f.main(ctx); {
	case errors.Is(err, errNotAllowed):
		if len(f.verdict.Exchanges) == 0 {
			f.verdict.Class = ClassRefused
		}
	case err != nil:
		return f.verdict, err
	default:
		f.verdict.Allowed = true
	}
	if f.verdict.Why.Code == "" {
		f.verdict.Why = f.verdict.Step
	}
	return f.verdict, nil
}

// tainting is a request's response tainting.
type tainting int

const (
	basic tainting = iota
	cors
	opaque
)

// fetch is one run of the algorithm, with the items of the standard's request.
type fetch struct {
	origin      string
	urls        []*address
	method      string
	headers     []Header
	credentials Credentials
	mode        Mode
	redirect    Redirect
	tainting    tainting
	redirects   int

	server  Server
	cache   *Cache
	verdict Verdict
}

func (f *fetch) current() *address { return f.urls[len(f.urls)-1] }

func (f *fetch) include() bool { return f.credentials == CredentialsInclude }

func newFetch(request Request) (*fetch, error) {
	origin, err := ParseOrigin(request.Origin)
	if err != nil {
		return nil, err
	}
	f := &fetch{
		origin: origin, method: or(request.Method, http.MethodGet), mode: or(request.Mode, ModeCORS),
		credentials: or(request.Credentials, CredentialsSameOrigin), redirect: or(request.Redirect, RedirectFollow),
	}
	size := len(request.URL)
	if size > maxURL {
		return nil, fmt.Errorf("%w: a URL of %d bytes", ErrTooLarge, size)
	}
	for _, header := range request.Headers {
		size += len(header.Name) + len(header.Value)
	}
	switch {
	case len(request.Headers) > maxHeaders || size+len(request.Method) > maxHeaderBytes:
		return nil, fmt.Errorf("%w: %d headers of %d bytes", ErrTooLarge, len(request.Headers), size)
	case !slices.Contains([]Mode{ModeCORS, ModeNoCORS, ModeSameOrigin}, f.mode):
		return nil, fmt.Errorf("%w: mode %q", ErrMode, Show(string(f.mode)))
	case !slices.Contains([]Credentials{CredentialsOmit, CredentialsSameOrigin, CredentialsInclude}, f.credentials):
		return nil, fmt.Errorf("%w: credentials %q", ErrMode, Show(string(f.credentials)))
	case !slices.Contains([]Redirect{RedirectFollow, RedirectError, RedirectManual}, f.redirect):
		return nil, fmt.Errorf("%w: redirect %q", ErrMode, Show(string(f.redirect)))
	}
	parsed, err := parseURL(request.URL, nil)
	if errors.Is(err, ErrHostNotASCII) {
		return nil, err
	}
	if err == nil {
		f.urls = []*address{parsed}
	}
	return f, nil
}

func or[T ~string](value, otherwise T) T {
	if value == "" {
		return otherwise
	}
	return value
}

// construct is the constructor of Request: what it throws a TypeError for is
// refused (https://fetch.spec.whatwg.org/#dom-request).
func (f *fetch) construct(request Request) (refused Step, ok bool) {
	switch {
	case len(f.urls) == 0:
		return step(requestURL, "url", request.URL), false
	case f.current().credentials:
		return step(requestURLCredentials, "host", f.current().host), false
	case !isToken(f.method):
		return step(requestMethod, "method", f.method), false
	case forbiddenMethod(f.method):
		return step(requestMethodNever, "method", f.method), false
	}
	f.method = normalizeMethod(f.method)
	if f.mode == ModeNoCORS && !safelistedMethod(f.method) {
		return step(requestMethodNoCORS, "method", f.method), false
	}
	for _, header := range request.Headers {
		if refused, ok := f.set(header); !ok {
			return refused, false
		}
	}
	if request.Body && (f.method == http.MethodGet || f.method == http.MethodHead) {
		return step(requestBody, "method", f.method), false
	}
	if request.Body && !slices.ContainsFunc(f.headers, func(h Header) bool { return lower(h.Name) == "content-type" }) {
		f.append(Header{"Content-Type", "text/plain;charset=UTF-8"})
	}
	slices.Sort(f.verdict.Dropped)
	f.verdict.Dropped = slices.Compact(f.verdict.Dropped)
	return Step{}, true
}

// set is what Headers does with a header of the script
// (https://fetch.spec.whatwg.org/#concept-headers-append).
func (f *fetch) set(header Header) (refused Step, ok bool) {
	name, nameOK := byteString(header.Name)
	value, valueOK := byteString(header.Value)
	value = strings.Trim(value, "\n\r\t ")
	switch {
	case !nameOK || !valueOK:
		return step(requestHeaderBytes, "header", header.Name, "value", header.Value), false
	case !isToken(name):
		return step(requestHeaderName, "header", header.Name), false
	case !headerValue(value):
		return step(requestHeaderValue, "header", name), false
	}
	f.append(Header{name, value})
	return Step{}, true
}

// append adds a header, or drops it where the mode's guard does.
func (f *fetch) append(header Header) {
	whole := header
	if f.mode == ModeNoCORS {
		if before := valuesOf(f.headers, header.Name); len(before) > 0 {
			whole.Value = strings.Join(before, ", ") + ", " + header.Value
		}
	}
	if f.mode == ModeNoCORS && !noCORSSafelisted(whole) || f.mode != ModeNoCORS && forbiddenHeader(header) {
		f.verdict.Dropped = append(f.verdict.Dropped, lower(header.Name))
		return
	}
	f.headers = append(f.headers, header)
}

func valuesOf(headers []Header, name string) (values []string) {
	for _, header := range headers {
		if strings.EqualFold(header.Name, name) {
			values = append(values, header.Value)
		}
	}
	return values
}
