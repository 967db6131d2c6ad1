package text

import (
	"errors"

	"awslab/runner/check/cors"
)

// CORS holds what a browser did with a request to another origin, and why.
type CORS struct {
	// Steps are the sentences of every code of [cors.Codes]: what the browser looked
	// at, what it found, and which rule decided.
	Steps map[string]string
	// Origins are the sentences of every reason of [cors.OriginReasons]; Suggest is
	// the origin that was probably meant.
	Origins map[string]string
	Suggest string
	// Problems are why there is no verdict.
	Problems CORSProblems
	// Classes are the names of [cors.Class].
	Classes map[string]string
}

// CORSProblems are why [cors.Judge] has no verdict.
type CORSProblems struct{ TooLarge, Local, Mode, Host, Unknown string }

// CORSStep says a step of the Fetch standard.
func (t *Text) CORSStep(step cors.Step) string {
	sentence, ok := t.CORS.Steps[step.Code]
	if !ok { // a verdict of a newer awslab, say
		return step.Code
	}
	return Args(step.Args).Fill(sentence)
}

// CORSProblem says why there is no verdict: an error of [cors.ParseOrigin] or
// [cors.Judge]. Every other error is said by [Text.Why].
func (t *Text) CORSProblem(err error) string {
	var origin *cors.OriginError
	if errors.As(err, &origin) {
		args := Args{"origin": origin.Text, "suggestion": origin.Suggestion}
		says := args.Fill(t.CORS.Origins[origin.Reason.Error()])
		if origin.Suggestion != "" {
			says += " " + args.Fill(t.CORS.Suggest)
		}
		return says
	}
	for _, problem := range []struct {
		err  error
		says string
	}{
		{cors.ErrTooLarge, t.CORS.Problems.TooLarge},
		{cors.ErrLocal, t.CORS.Problems.Local},
		{cors.ErrMode, t.CORS.Problems.Mode},
		{cors.ErrHostNotASCII, t.CORS.Problems.Host},
		{cors.ErrUnknown, t.CORS.Problems.Unknown},
	} {
		if errors.Is(err, problem.err) {
			return problem.says
		}
	}
	return t.Why(err)
}

func englishCORS() CORS {
	const nothing = " fetch() throws a TypeError, and nothing is sent."
	const asks = " So the browser asks first, with a preflight."
	steps := map[string]string{
		"request.url":              "“{url}” is not a URL with a scheme and a host." + nothing,
		"request.url-credentials":  "The URL has a user name or a password in front of {host}. A script may not send them this way." + nothing,
		"request.method":           "“{method}” is not a method: a method is one word of letters, digits and a few signs." + nothing,
		"request.method-forbidden": "No script may use the method {method}: CONNECT, TRACE and TRACK are the browser's alone." + nothing,
		"request.method-no-cors":   "In mode no-cors a script may use GET, HEAD and POST, and not {method}." + nothing,
		"request.header-name":      "“{header}” is not the name of a header: a name is one word of letters, digits and a few signs." + nothing,
		"request.header-value":     "The value of the header {header} has a line break or a NUL in it." + nothing,
		"request.header-bytes":     "The header {header} with the value “{value}” has a letter that does not fit into one byte, and headers are made of bytes." + nothing,
		"request.body":             "The script gave a body, and a {method} request has none." + nothing,

		"fetch.port":        "The URL names port {port}. Browsers never speak to it, because another service than a web server listens there ({url}). The request is not sent.",
		"fetch.same-origin": "The page has the origin {origin}, and the URL {url}. Mode same-origin allows no other origin than the page's. The request is not sent there.",
		"fetch.no-cors":     "Mode no-cors always follows redirects, and the script asked for “{redirect}”. The request is not sent.",
		"fetch.scheme":      "The URL has the scheme {scheme}. CORS is for http and https only. The request is not sent there.",

		"why.same-origin":       "The page and the URL have one origin, {origin}: scheme, host and port are the same. CORS has no say.",
		"why.no-cors":           "The page ({origin}) asks {url} in mode no-cors: the request is sent without CORS, and its answer stays hidden from the script.",
		"why.simple":            "{url} is another origin than the page's, {origin}. The method {method} and all headers are on the safelist. So the browser sends the request at once, and then looks whether the answer may be read.",
		"why.method":            "The method {method} is not on the safelist, which is GET, HEAD and POST." + asks,
		"why.header":            "The header {header} is not on the safelist, which is Accept, Accept-Language, Content-Language, Content-Type and Range." + asks,
		"why.header-length":     "The value of the header {header} has {length} bytes. The safelist ends at {limit}." + asks,
		"why.accept":            "The value of the header {header} has {byte} in it, which is not among the safe bytes." + asks,
		"why.language":          "The value of the header {header} has {byte} in it. Safe are letters, digits, blanks and * , - . ; = only." + asks,
		"why.content-type-byte": "The value of the header {header} has {byte} in it, which is not among the safe bytes." + asks,
		"why.content-type":      "The header {header} is “{value}”. On the safelist are application/x-www-form-urlencoded, multipart/form-data and text/plain only, which an HTML form could send too." + asks,
		"why.range":             "The header {header} is “{value}”. On the safelist is a single range with a start only, such as bytes=0-499." + asks,
		"why.headers-length":    "Each header is on the safelist, but their values have {length} bytes together. The safelist ends at {limit}." + asks,

		"preflight.network":         "The preflight to {url} got no answer: {error}. The request itself is not sent.",
		"preflight.status":          "The preflight was answered with the status {status}. Only 200 to 299 say yes, whatever the headers are. The request itself is not sent.",
		"preflight.redirect":        "The preflight was answered with a redirect ({status}, to “{location}”). A preflight may not be redirected. The request itself is not sent.",
		"preflight.methods-syntax":  "Access-Control-Allow-Methods of the preflight's answer is “{allowed}”. That is not a list of methods with commas between them. The request itself is not sent.",
		"preflight.headers-syntax":  "Access-Control-Allow-Headers of the preflight's answer is “{allowed}”. That is not a list of names with commas between them. The request itself is not sent.",
		"preflight.method":          "Access-Control-Allow-Methods of the preflight's answer is “{allowed}”. The method {method} is not in it. The request itself is not sent.",
		"preflight.methods-absent":  "The preflight's answer names no methods in Access-Control-Allow-Methods, and {method} needs to be named. The request itself is not sent.",
		"preflight.method-case":     "Access-Control-Allow-Methods of the preflight's answer is “{allowed}”, and the method is {method}: capital and small letters count. The request itself is not sent.",
		"preflight.method-wildcard": "Access-Control-Allow-Methods of the preflight's answer is “{allowed}”. With credentials, * is no wildcard, and {method} needs to be named. The request itself is not sent.",
		"preflight.header":          "Access-Control-Allow-Headers of the preflight's answer is “{allowed}”. The header {header} is not in it. The request itself is not sent.",
		"preflight.headers-absent":  "The preflight's answer names no headers in Access-Control-Allow-Headers, and {header} needs to be named. The request itself is not sent.",
		"preflight.header-wildcard": "Access-Control-Allow-Headers of the preflight's answer is “{allowed}”. With credentials, * is no wildcard, and the header {header} needs to be named. The request itself is not sent.",
		"preflight.authorization":   "Access-Control-Allow-Headers of the preflight's answer is “{allowed}”. The wildcard * does not mean {header}, which always needs to be named. So the standard has it, and the request itself is not sent; without credentials, today's browsers still let it pass.",

		"answer.network":         "The request to {url} got no answer: {error}.",
		"answer.same-origin":     "The answer comes from the page's own origin, {origin}. The script may read all of it.",
		"answer.opaque":          "The answer to a request of mode no-cors is opaque: the script sees the status 0, no headers and no body.",
		"answer.resource-policy": "Cross-Origin-Resource-Policy of the answer is {policy}. The page at {origin} may not use it, even in mode no-cors.",

		"answer.passed-wildcard":    "Access-Control-Allow-Origin of the answer is {allowed}: every page may read it, and so may {origin}.",
		"answer.passed-origin":      "Access-Control-Allow-Origin of the answer is {allowed}, letter by letter the page's origin, {origin}. The script may read it.",
		"answer.passed-credentials": "Access-Control-Allow-Origin of the answer is {allowed}, letter by letter the page's origin, {origin}, and Access-Control-Allow-Credentials is {credentials}. The script may read it.",

		"redirect.network":           "The request was redirected to {url} and got no answer there: {error}.",
		"redirect.error":             "The answer is a redirect ({status}), and the script asked for an error in that case (redirect: error).",
		"redirect.manual":            "The answer is a redirect ({status}), and the script asked not to follow it (redirect: manual). It sees that there was one, and nothing of it.",
		"redirect.location":          "The answer is a redirect, and its Location, “{location}”, is not one URL.",
		"redirect.scheme":            "The answer is a redirect to a URL of the scheme {scheme}. fetch() follows to http and https only.",
		"redirect.count":             "The request was redirected {limit} times, and once more. That is too often.",
		"redirect.credentials":       "The answer is a redirect to {url} with a user name or a password in the URL. Another origin gets no such redirect from a CORS request.",
		"redirect.credentials-after": "The answer of another origin is a redirect to {url} with a user name or a password in the URL. A CORS request does not follow that.",
	}
	englishChecks(steps, "preflight", "the preflight's answer", "The request itself is not sent.")
	englishChecks(steps, "answer", "the answer", "The request was sent, and the script may not read the answer: it gets a TypeError.")
	englishChecks(steps, "redirect", "the redirect", "The browser does not follow it, and the script gets a TypeError.")
	return CORS{
		Steps: steps,
		Origins: map[string]string{
			"origin.empty":        "There is no origin. One looks like https://shop.example.",
			"origin.too-long":     "“{origin}” is longer than any origin.",
			"origin.control":      "“{origin}” has blanks or control bytes in it. An origin has neither.",
			"origin.not-ascii":    "“{origin}” has letters that a browser writes in punycode (xn--…).",
			"origin.wildcard":     "“{origin}” is a wildcard. A server may answer with one, but no page has it as its origin.",
			"origin.list":         "“{origin}” is a list. A page has one origin.",
			"origin.no-scheme":    "“{origin}” has no scheme. An origin begins with http:// or https://.",
			"origin.scheme":       "“{origin}” has another scheme than http and https. A page that was opened from a file has the origin null.",
			"origin.userinfo":     "“{origin}” has a user name in it. An origin has none.",
			"origin.no-host":      "“{origin}” has no host.",
			"origin.host":         "“{origin}” has a host that cannot be one.",
			"origin.port":         "“{origin}” has a port that cannot be one.",
			"origin.slash":        "“{origin}” ends with a slash. An origin does not, and servers compare it letter by letter.",
			"origin.path":         "“{origin}” is the URL of a page. An origin ends with the host and the port.",
			"origin.query":        "“{origin}” is the URL of a page, with a query or a fragment. An origin ends with the host and the port.",
			"origin.case":         "“{origin}” has capital letters. A browser writes an origin in small ones, and servers compare it letter by letter.",
			"origin.default-port": "“{origin}” names the port that its scheme has anyway. A browser leaves it out, and servers compare an origin letter by letter.",
			"origin.form":         "“{origin}” is not written as a browser writes it, and servers compare an origin letter by letter.",
			"origin.null-case":    "“{origin}” is not written as a browser writes it: the origin of a page without one is null, in small letters.",
		},
		Suggest: "Did you mean {suggestion}?",
		Problems: CORSProblems{
			TooLarge: "The request is larger than any browser sends.",
			Local:    "URLs that begin with about:, blob: or data: are answered by the browser itself. CORS has no say.",
			Mode:     "fetch() has no such mode.",
			Host:     "The URL's host has letters that a browser writes in punycode (xn--…). Write it so.",
			Unknown:  "Nobody knows what the server would have answered.",
		},
		Classes: map[string]string{
			"refused": "not sent", "same-origin": "same origin", "simple": "simple request", "preflighted": "request with a preflight", "opaque": "opaque request (no-cors)",
		},
	}
}

// englishChecks are the outcomes of the CORS check of what; block is what happens then.
func englishChecks(steps map[string]string, code, what, block string) {
	const allow, credentials = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
	of := " of " + what + " (status {status})"
	for outcome, says := range map[string]string{
		"allow-origin-absent":   "The browser looked for " + allow + of + " and found none. Without it no page of another origin may read what comes, and {origin} is another one.",
		"allow-origin-multiple": allow + of + " is “{allowed}”. It may hold one origin only, or *, and stand there only once.",
		"allow-origin-wildcard": allow + of + " is {allowed}. With credentials that is no wildcard: it has to be {origin}, letter by letter.",
		"allow-origin-slash":    allow + of + " is {allowed}, and the page's origin is {origin}. They are compared letter by letter, and an origin has no slash at its end.",
		"allow-origin-case":     allow + of + " is {allowed}, and the page's origin is {origin}. They are compared letter by letter, capital and small ones.",
		"allow-origin-mismatch": allow + of + " is “{allowed}”, and the page's origin is {origin}. They are compared letter by letter, and differ.",
		"allow-origin-tainted":  allow + of + " is {allowed}, the page's origin. But the request went by way of two origins that are not the page's, and the browser compares with {origin} then.",

		"allow-credentials-absent": allow + of + " fits the page, {origin} ({allowed}), but " + credentials + " is not there. With credentials it has to be true.",
		"allow-credentials":        allow + of + " fits the page, {origin} ({allowed}), but " + credentials + " is “{credentials}”. With credentials it has to be true, in small letters.",
	} {
		steps[code+"."+outcome] = says + " " + block
	}
}
