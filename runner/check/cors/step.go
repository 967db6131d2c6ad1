package cors

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Step is a step of the standard at which something was decided.
type Step struct {
	// Code is stable: one of [Codes].
	Code string
	// Args are the values that the step looked at, safe to show.
	Args map[string]string
	// Section is the standard's section and step, with its address.
	Section string
}

// step is the step of a code; args are names and values in turn.
func step(code string, args ...string) Step {
	s := Step{Code: code, Section: sections[code]}
	if _, check, _ := strings.Cut(code, "."); s.Section == "" {
		s.Section = checks[check]
	}
	for i := 0; i+1 < len(args); i += 2 {
		if s.Args == nil {
			s.Args = make(map[string]string, len(args)/2)
		}
		s.Args[args[i]] = Show(args[i+1])
	}
	return s
}

// shown is how much of a value a person is shown.
const shown = 200

// Show is a value as it can be shown: on one line, without control bytes, and not
// longer than a person reads.
func Show(value string) string {
	cut := len(value) > shown
	if cut {
		end := shown
		for end > 0 && !utf8.RuneStart(value[end]) {
			end--
		}
		value = value[:end]
	}
	value = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return utf8.RuneError
		}
		return r
	}, value)
	if cut {
		value += "…"
	}
	return value
}

// The codes of steps. They are stable: lessons' tests name them, and runner/text
// has the sentence for each.
const (
	// What fetch() refuses with a TypeError before anything is sent.
	requestURL            = "request.url"             // not a URL
	requestURLCredentials = "request.url-credentials" // a user name or a password in it
	requestMethod         = "request.method"          // not a token
	requestMethodNever    = "request.method-forbidden"
	requestMethodNoCORS   = "request.method-no-cors" // not safelisted in mode no-cors
	requestHeaderName     = "request.header-name"    // not a token
	requestHeaderValue    = "request.header-value"   // a line break or a NUL in it
	requestHeaderBytes    = "request.header-bytes"   // a letter that is not one byte
	requestBody           = "request.body"           // a body of GET or HEAD

	// What is not sent, or not sent on.
	fetchPort       = "fetch.port"        // a bad port
	fetchSameOrigin = "fetch.same-origin" // another origin in mode same-origin
	fetchNoCORS     = "fetch.no-cors"     // a redirect mode that no-cors does not have
	fetchScheme     = "fetch.scheme"      // neither http nor https

	// What made the request what it is.
	whySameOrigin = "why.same-origin"
	whyOpaque     = "why.no-cors"
	whySimple     = "why.simple"
	whyMethod     = "why.method"

	headerName     = "why.header"        // not safelisted by its name
	headerLength   = "why.header-length" // a value longer than 128 bytes
	headerAccept   = "why.accept"        // an unsafe byte in Accept
	headerLanguage = "why.language"      // an unsafe byte in Accept-Language or Content-Language
	headerTypeByte = "why.content-type-byte"
	headerType     = "why.content-type" // not one of the three of a form
	headerRange    = "why.range"        // not one simple range
	headersLength  = "why.headers-length"

	// What the preflight's answer said.
	preflightNetwork       = "preflight.network" // no answer
	preflightStatus        = "preflight.status"  // not 200 to 299
	preflightRedirect      = "preflight.redirect"
	preflightMethodsSyntax = "preflight.methods-syntax"
	preflightHeadersSyntax = "preflight.headers-syntax"
	preflightMethod        = "preflight.method"          // not in the list
	preflightMethodAbsent  = "preflight.methods-absent"  // no list
	preflightMethodCase    = "preflight.method-case"     // in the list in other letters
	preflightMethodWild    = "preflight.method-wildcard" // * with credentials
	preflightHeader        = "preflight.header"          // not in the list
	preflightHeaderAbsent  = "preflight.headers-absent"  // no list
	preflightHeaderWild    = "preflight.header-wildcard" // * with credentials
	preflightAuthorization = "preflight.authorization"   // * does not mean Authorization

	// What the answer said, besides the CORS check.
	answerNetwork    = "answer.network"     // no answer
	answerSameOrigin = "answer.same-origin" // nothing to check
	answerOpaque     = "answer.opaque"
	answerCORP       = "answer.resource-policy" // Cross-Origin-Resource-Policy

	redirectNetwork     = "redirect.network" // no answer after a redirect
	redirectMode        = "redirect.error"   // mode error
	redirectManual      = "redirect.manual"
	redirectLocation    = "redirect.location" // not a URL, or more than one
	redirectScheme      = "redirect.scheme"
	redirectCount       = "redirect.count"             // the twenty-first
	redirectCredentials = "redirect.credentials"       // in the Location, to another origin
	redirectTainted     = "redirect.credentials-after" // in the Location, after another origin was seen
)

// The outcomes of the CORS check, which follow what was checked: preflight.,
// answer. or redirect.
const (
	originAbsent     = "allow-origin-absent"
	originMultiple   = "allow-origin-multiple"
	originWildcard   = "allow-origin-wildcard" // * with credentials
	originSlash      = "allow-origin-slash"    // a slash too many
	originCase       = "allow-origin-case"     // in other letters
	originMismatch   = "allow-origin-mismatch"
	originTainted    = "allow-origin-tainted" // the page's, where redirects made it null
	credentialAbsent = "allow-credentials-absent"
	credentialOther  = "allow-credentials" // not true, letter by letter

	passedWildcard    = "passed-wildcard"
	passedOrigin      = "passed-origin"
	passedCredentials = "passed-credentials"
)

// Where each code stands in the standard; steps are those of its state of June 2026
// (whatwg/fetch, review-drafts/2026-06.bs).
const (
	standard    = "https://fetch.spec.whatwg.org/"
	constructor = " (" + standard + "#dom-request)"
	mainFetch   = " (" + standard + "#concept-main-fetch)"
	httpFetch   = " (" + standard + "#concept-http-fetch)"
	redirectTo  = " (" + standard + "#concept-http-redirect-fetch)"
	preflight   = " (" + standard + "#cors-preflight-fetch-0)"
	corsCheck   = " (" + standard + "#concept-cors-check)"
	safelist    = " (" + standard + "#cors-safelisted-request-header)"
	unsafeList  = " (" + standard + "#cors-unsafe-request-header-names)"
	network     = " (" + standard + "#concept-http-network-fetch)"
)

var sections = map[string]string{
	requestURL:            "new Request, step 5.2" + constructor,
	requestURLCredentials: "new Request, step 5.3" + constructor,
	requestMethod:         "new Request, step 25.2" + constructor,
	requestMethodNever:    "new Request, step 25.2" + constructor,
	requestMethodNoCORS:   "new Request, step 32.1" + constructor,
	requestHeaderName:     "Headers, validate, step 1 (" + standard + "#headers-validate)",
	requestHeaderValue:    "Headers, validate, step 1 (" + standard + "#headers-validate)",
	requestHeaderBytes:    "Headers, ByteString (" + standard + "#headers-class)",
	requestBody:           "new Request, step 35" + constructor,

	fetchPort:       "Main fetch, step 7" + mainFetch,
	fetchSameOrigin: "Main fetch, step 12, mode same-origin" + mainFetch,
	fetchNoCORS:     "Main fetch, step 12, mode no-cors" + mainFetch,
	fetchScheme:     "Main fetch, step 12, scheme" + mainFetch,

	whySameOrigin: "Main fetch, step 12, same origin" + mainFetch,
	whyOpaque:     "Main fetch, step 12, mode no-cors" + mainFetch,
	whySimple:     "Main fetch, step 12, otherwise" + mainFetch,
	whyMethod:     "CORS-safelisted method (" + standard + "#cors-safelisted-method)",

	headerName:     "CORS-safelisted request-header, step 2, otherwise" + safelist,
	headerLength:   "CORS-safelisted request-header, step 1" + safelist,
	headerAccept:   "CORS-safelisted request-header, step 2, accept" + safelist,
	headerLanguage: "CORS-safelisted request-header, step 2, accept-language" + safelist,
	headerTypeByte: "CORS-safelisted request-header, step 2, content-type 1" + safelist,
	headerType:     "CORS-safelisted request-header, step 2, content-type 4" + safelist,
	headerRange:    "CORS-safelisted request-header, step 2, range" + safelist,
	headersLength:  "CORS-unsafe request-header names, step 5" + unsafeList,

	preflightNetwork:       "HTTP-network fetch" + network,
	preflightStatus:        "CORS-preflight fetch, step 7" + preflight,
	preflightRedirect:      "CORS-preflight fetch, step 7" + preflight,
	preflightMethodsSyntax: "CORS-preflight fetch, step 7.3" + preflight,
	preflightHeadersSyntax: "CORS-preflight fetch, step 7.3" + preflight,
	preflightMethod:        "CORS-preflight fetch, step 7.5" + preflight,
	preflightMethodAbsent:  "CORS-preflight fetch, step 7.5" + preflight,
	preflightMethodCase:    "CORS-preflight fetch, step 7.5" + preflight,
	preflightMethodWild:    "CORS-preflight fetch, step 7.5" + preflight,
	preflightAuthorization: "CORS-preflight fetch, step 7.6" + preflight,
	preflightHeader:        "CORS-preflight fetch, step 7.7" + preflight,
	preflightHeaderAbsent:  "CORS-preflight fetch, step 7.7" + preflight,
	preflightHeaderWild:    "CORS-preflight fetch, step 7.7" + preflight,

	answerNetwork:    "HTTP-network fetch" + network,
	answerSameOrigin: "Main fetch, step 14.2, basic" + mainFetch,
	answerOpaque:     "Main fetch, step 14.2, opaque" + mainFetch,
	answerCORP:       "HTTP fetch, step 5" + httpFetch,

	redirectNetwork:     "HTTP-network fetch" + network,
	redirectMode:        "HTTP fetch, step 6.2, error" + httpFetch,
	redirectManual:      "HTTP fetch, step 6.2, manual" + httpFetch,
	redirectLocation:    "HTTP-redirect fetch, step 5" + redirectTo,
	redirectScheme:      "HTTP-redirect fetch, step 6" + redirectTo,
	redirectCount:       "HTTP-redirect fetch, step 7" + redirectTo,
	redirectCredentials: "HTTP-redirect fetch, step 9" + redirectTo,
	redirectTainted:     "HTTP-redirect fetch, step 10" + redirectTo,
}

var checks = map[string]string{
	originAbsent:     "CORS check, step 2" + corsCheck,
	originMultiple:   "CORS check, step 4" + corsCheck,
	originWildcard:   "CORS check, step 3" + corsCheck,
	originSlash:      "CORS check, step 4" + corsCheck,
	originCase:       "CORS check, step 4" + corsCheck,
	originMismatch:   "CORS check, step 4" + corsCheck,
	originTainted:    "CORS check, step 4" + corsCheck,
	credentialAbsent: "CORS check, step 8" + corsCheck,
	credentialOther:  "CORS check, step 8" + corsCheck,

	passedWildcard:    "CORS check, step 3" + corsCheck,
	passedOrigin:      "CORS check, step 5" + corsCheck,
	passedCredentials: "CORS check, step 7" + corsCheck,
}

// Codes are the codes of all steps that a [Verdict] may have, sorted.
func Codes() []string {
	codes := slices.Collect(maps.Keys(sections))
	for check := range checks {
		codes = append(codes, "answer."+check)
		if !strings.HasPrefix(check, "passed-") {
			codes = append(codes, "preflight."+check, "redirect."+check)
		}
	}
	slices.Sort(codes)
	return codes
}
