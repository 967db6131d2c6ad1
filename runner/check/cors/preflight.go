package cors

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// entry is what the cache is asked for the current request.
func (f *fetch) entry() entry {
	return entry{origin: f.serializedOrigin(), url: f.key(), credentials: f.include()}
}

// cached says whether the cache spares the preflight
// (https://fetch.spec.whatwg.org/#concept-http-fetch, step 4.1).
func (f *fetch) cached() bool {
	of := f.entry()
	if of.method = f.method; !safelistedMethod(f.method) && !f.cache.match(of) {
		return false
	}
	of.method = ""
	names, _ := unsafeNames(f.headers)
	return !slices.ContainsFunc(names, func(name string) bool {
		of.header = name
		return !f.cache.match(of)
	})
}

// preflight is CORS-preflight fetch
// (https://fetch.spec.whatwg.org/#cors-preflight-fetch-0). It carries no
// credentials, whatever the request's mode.
func (f *fetch) preflight(ctx context.Context) error {
	names, _ := unsafeNames(f.headers)
	sent := Sent{Method: http.MethodOptions, URL: f.current().String(), Header: http.Header{
		"Accept":                        {"*/*"},
		"Origin":                        {f.serializedOrigin()},
		"Access-Control-Request-Method": {f.method},
	}}
	if len(names) > 0 {
		sent.Header.Set("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	f.verdict.PreflightSent = true
	answer, err := f.ask(ctx, sent, true, preflightNetwork)
	if err != nil {
		return err
	}
	if failed, ok := f.check(answer, "preflight."); !ok {
		return f.stop(failed)
	}
	switch location, _ := get(answer.Header, "Location"); {
	case redirectStatus(answer.Status):
		return f.stop(step(preflightRedirect, "status", strconv.Itoa(answer.Status), "location", location))
	case answer.Status < 200 || answer.Status > 299:
		return f.stop(step(preflightStatus, "status", strconv.Itoa(answer.Status)))
	}
	const allowMethods, allowHeaders = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
	methods, ok := list(answer.Header, allowMethods)
	methodsText, _ := get(answer.Header, allowMethods)
	if !ok {
		return f.stop(step(preflightMethodsSyntax, "allowed", methodsText))
	}
	headers, ok := list(answer.Header, allowHeaders)
	headersText, _ := get(answer.Header, allowHeaders)
	if !ok {
		return f.stop(step(preflightHeadersSyntax, "allowed", headersText))
	}
	if denied, ok := f.methodAllowed(methods, methodsText); !ok {
		return f.stop(denied)
	}
	if denied, ok := f.headersAllowed(names, headers, headersText); !ok {
		return f.stop(denied)
	}
	f.verdict.MaxAge = f.cache.maxAge(answer.Header)
	f.cache.store(f.entry(), f.verdict.MaxAge, methods, headers)
	return nil
}

// methodAllowed is step 7.5.
func (f *fetch) methodAllowed(methods []string, text string) (denied Step, ok bool) {
	wild := slices.Contains(methods, "*")
	if slices.Contains(methods, f.method) || safelistedMethod(f.method) || wild && !f.include() {
		return Step{}, true
	}
	code := preflightMethod
	switch {
	case wild:
		code = preflightMethodWild
	case len(methods) == 0:
		code = preflightMethodAbsent
	case slices.ContainsFunc(methods, func(m string) bool { return upper(m) == upper(f.method) }):
		code = preflightMethodCase
	}
	return step(code, "method", f.method, "allowed", text), false
}

// headersAllowed is steps 7.6 and 7.7; names are the request's unsafe ones.
func (f *fetch) headersAllowed(names, headers []string, text string) (denied Step, ok bool) {
	listed := make(map[string]bool, len(headers))
	for _, name := range headers {
		listed[lower(name)] = true
	}
	// Authorization comes before the others, as in the standard.
	ordered := slices.Clone(names)
	if i := slices.IndexFunc(ordered, nonWildcard); i > 0 {
		ordered = slices.Insert(slices.Delete(ordered, i, i+1), 0, names[i])
	}
	for _, name := range ordered {
		if listed[name] || listed["*"] && !f.include() && !nonWildcard(name) {
			continue
		}
		code := preflightHeader
		switch {
		case listed["*"] && nonWildcard(name):
			code = preflightAuthorization
		case listed["*"]:
			code = preflightHeaderWild
		case len(headers) == 0:
			code = preflightHeaderAbsent
		}
		return step(code, "header", name, "allowed", text), false
	}
	return Step{}, true
}
