package cors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// stop ends the algorithm with a network error that step decided.
func (f *fetch) stop(decided Step) error {
	f.verdict.Step = decided
	return errNotAllowed
}

// main is main fetch (https://fetch.spec.whatwg.org/#concept-main-fetch), step 7 and 12.
func (f *fetch) main(ctx context.Context) error {
	url := f.current()
	if url.http() && badPort(url.port) {
		return f.stop(step(fetchPort, "port", strings.TrimPrefix(url.port, ":"), "url", url.String()))
	}
	switch {
	case url.http() && url.origin() == f.origin && f.tainting == basic:
		f.verdict.Class, f.verdict.Why = ClassSameOrigin, step(whySameOrigin, "origin", f.origin)
		return f.http(ctx, false)
	case f.mode == ModeSameOrigin:
		return f.stop(step(fetchSameOrigin, "origin", f.origin, "url", f.name()))
	case f.mode == ModeNoCORS && f.redirect != RedirectFollow:
		return f.stop(step(fetchNoCORS, "redirect", string(f.redirect)))
	case !url.http():
		return f.stop(step(fetchScheme, "scheme", url.scheme))
	case f.mode == ModeNoCORS:
		f.tainting = opaque
		f.verdict.Class, f.verdict.Why = ClassOpaque, step(whyOpaque, "origin", f.origin, "url", f.name())
		return f.http(ctx, false)
	}
	f.tainting = cors
	whys := f.whys()
	f.verdict.Reasons = whys
	if len(whys) == 0 {
		f.verdict.Class, f.verdict.Why = ClassSimple, step(whySimple, "method", f.method, "origin", f.origin, "url", f.name())
		return f.http(ctx, false)
	}
	f.verdict.Class, f.verdict.Why = ClassPreflighted, whys[0]
	err := f.http(ctx, true)
	if errors.Is(err, errNotAllowed) {
		f.cache.clear(f.serializedOrigin(), f.key())
	}
	return err
}

// whys are the reasons for a preflight.
func (f *fetch) whys() (whys []Step) {
	if !safelistedMethod(f.method) {
		whys = append(whys, step(whyMethod, "method", f.method))
	}
	_, headers := unsafeNames(f.headers)
	return append(whys, headers...)
}

// name is the current URL's origin, or its scheme if it has none.
func (f *fetch) name() string {
	if url := f.current(); url.http() {
		return url.origin()
	}
	return f.current().scheme + ":"
}

// key is the current URL as the cache compares it.
func (f *fetch) key() string { return f.current().String() + f.current().fragment }

// serializedOrigin is the origin that is sent and checked: null as soon as one
// other origin has redirected to yet another
// (https://fetch.spec.whatwg.org/#concept-request-tainted-origin).
func (f *fetch) serializedOrigin() string {
	for i := 1; i < len(f.urls); i++ {
		last := f.urls[i-1].origin()
		if f.urls[i].origin() != last && f.origin != last {
			return Null
		}
	}
	return f.origin
}

// http is HTTP fetch (https://fetch.spec.whatwg.org/#concept-http-fetch).
func (f *fetch) http(ctx context.Context, makePreflight bool) error {
	if makePreflight {
		if f.cached() {
			f.verdict.PreflightCached = true
		} else if err := f.preflight(ctx); err != nil {
			return err
		}
	}
	what := "answer."
	if f.redirects > 0 {
		what = "redirect."
	}
	sent := Sent{Method: f.method, URL: f.current().String(), Header: http.Header{}}
	for _, header := range f.headers {
		name, value := http.CanonicalHeaderKey(header.Name), header.Value
		if before := sent.Header[name]; len(before) > 0 {
			value = before[0] + ", " + value
		}
		sent.Header[name] = []string{value}
	}
	f.setOrigin(sent)
	answer, err := f.ask(ctx, sent, false, what+"network")
	if err != nil {
		return err
	}
	if redirectStatus(answer.Status) {
		what = "redirect."
	} else {
		what = "answer."
	}
	passed := step(answerSameOrigin, "origin", f.origin)
	switch f.tainting {
	case cors:
		var ok bool
		if passed, ok = f.check(answer, what); !ok {
			return f.stop(passed)
		}
	case opaque:
		passed = step(answerOpaque)
		switch blocked, known := f.resourcePolicy(answer); {
		case !known:
			return fmt.Errorf("%w: whether %s and %s are of one site", ErrUnknown, f.origin, f.name())
		case blocked:
			policy, _ := get(answer.Header, "Cross-Origin-Resource-Policy")
			return f.stop(step(answerCORP, "policy", policy, "origin", f.origin))
		}
	}
	if redirectStatus(answer.Status) {
		switch f.redirect {
		case RedirectError:
			return f.stop(step(redirectMode, "status", strconv.Itoa(answer.Status)))
		case RedirectManual:
			f.verdict.Step = step(redirectManual, "status", strconv.Itoa(answer.Status))
			return nil
		}
		if len(answer.Header.Values("Location")) > 0 {
			return f.follow(ctx, answer)
		}
	}
	f.verdict.Step = passed
	if f.tainting != opaque {
		f.verdict.Status = answer.Status
		f.verdict.Readable = readable(answer.Header, f.tainting == basic, f.include())
	}
	return nil
}

// setOrigin appends a request's Origin header
// (https://fetch.spec.whatwg.org/#append-a-request-origin-header), with the
// referrer policy that pages have unless they say otherwise,
// strict-origin-when-cross-origin.
func (f *fetch) setOrigin(sent Sent) {
	origin := f.serializedOrigin()
	if f.tainting != cors {
		if sent.Method == http.MethodGet || sent.Method == http.MethodHead {
			return
		}
		if f.mode != ModeCORS && strings.HasPrefix(f.origin, "https:") && f.current().scheme != "https" {
			origin = Null
		}
	}
	sent.Header.Set("Origin", origin)
}

// ask is HTTP-network fetch; silent is the code of no answer.
func (f *fetch) ask(ctx context.Context, sent Sent, preflight bool, silent string) (Answer, error) {
	answer, err := f.server.Answer(ctx, sent)
	if err == nil {
		// A server's map may name headers as it likes; Values wants them canonical.
		headers := make(http.Header, len(answer.Header))
		for _, name := range slices.Sorted(maps.Keys(answer.Header)) {
			canonical := http.CanonicalHeaderKey(name)
			headers[canonical] = append(headers[canonical], answer.Header[name]...)
		}
		answer.Header = headers
	}
	f.verdict.Exchanges = append(f.verdict.Exchanges, Exchange{Preflight: preflight, Sent: sent, Answer: answer, Err: err})
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, ErrUnknown):
		return answer, err
	case ctx.Err() != nil:
		return answer, ctx.Err()
	}
	return answer, f.stop(step(silent, "url", f.name(), "error", err.Error()))
}

// check is the CORS check (https://fetch.spec.whatwg.org/#concept-cors-check); what
// is checked stands before the outcome's code.
func (f *fetch) check(answer Answer, what string) (outcome Step, ok bool) {
	origin := f.serializedOrigin()
	allowed, found := get(answer.Header, "Access-Control-Allow-Origin")
	args := []string{"allowed", allowed, "origin", origin, "status", strconv.Itoa(answer.Status)}
	code := ""
	switch {
	case !found:
		code = originAbsent
	case !f.include() && allowed == "*":
		return step("answer."+passedWildcard, args...), true
	case allowed == "*":
		code = originWildcard
	case allowed == origin:
	case origin == Null && f.origin != Null && allowed == f.origin:
		code = originTainted
	case len(answer.Header.Values("Access-Control-Allow-Origin")) > 1 || strings.Contains(allowed, ","):
		code = originMultiple
	case strings.TrimSuffix(allowed, "/") == origin:
		code = originSlash
	case lower(allowed) == origin:
		code = originCase
	default:
		code = originMismatch
	}
	if code != "" {
		return step(what+code, args...), false
	}
	if !f.include() {
		return step("answer."+passedOrigin, args...), true
	}
	credentials, found := get(answer.Header, "Access-Control-Allow-Credentials")
	args = append(args, "credentials", credentials)
	switch {
	case !found:
		return step(what+credentialAbsent, args...), false
	case credentials != "true":
		return step(what+credentialOther, args...), false
	}
	return step("answer."+passedCredentials, args...), true
}

// follow is HTTP-redirect fetch
// (https://fetch.spec.whatwg.org/#concept-http-redirect-fetch).
func (f *fetch) follow(ctx context.Context, answer Answer) error {
	text, _ := get(answer.Header, "Location")
	target, err := parseURL(text, f.current())
	switch {
	case errors.Is(err, ErrHostNotASCII):
		return err
	case err != nil || len(answer.Header.Values("Location")) > 1:
		return f.stop(step(redirectLocation, "location", text))
	case !target.http():
		return f.stop(step(redirectScheme, "scheme", target.scheme))
	case f.redirects == maxRedirects:
		return f.stop(step(redirectCount, "limit", strconv.Itoa(maxRedirects)))
	}
	f.redirects++
	last := f.current()
	switch {
	case f.mode == ModeCORS && target.credentials && target.origin() != f.origin:
		return f.stop(step(redirectCredentials, "url", target.origin()))
	case f.tainting == cors && target.credentials:
		return f.stop(step(redirectTainted, "url", target.origin()))
	}
	get, head := f.method == http.MethodGet, f.method == http.MethodHead
	if (answer.Status == 301 || answer.Status == 302) && f.method == http.MethodPost || answer.Status == 303 && !get && !head {
		f.method = http.MethodGet
		f.headers = slices.DeleteFunc(f.headers, func(h Header) bool { return bodyHeader(h.Name) })
	}
	if target.origin() != last.origin() {
		f.headers = slices.DeleteFunc(f.headers, func(h Header) bool { return nonWildcard(h.Name) })
	}
	if target.fragment == "" {
		target.fragment = last.fragment
	}
	f.urls = append(f.urls, target)
	return f.main(ctx)
}

// maxRedirects is how many redirects a request follows.
const maxRedirects = 20
