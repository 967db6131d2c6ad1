// Package cors is the CORS algorithm of the Fetch standard
// (https://fetch.spec.whatwg.org/), as a browser runs it for a script that calls
// fetch(): is a preflight sent, may the script read the answer, and which step of
// the standard decided.
//
// Start at [Judge]. It takes what a page asks for ([Request]) and a [Server] that
// answers what the browser sends, and gives a [Verdict], whose [Step] has a stable
// code, the values that were looked at, and the standard's own section. The words
// of each code are in runner/text.
//
// The verdict is the standard's. Where browsers do otherwise (they let * stand for
// Authorization still), runner/playground's test with Chromium has the list.
//
// What other standards add is left out: Content Security Policy, mixed content,
// HSTS, service workers, cookies and local network access.
package cors

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Request is what a page asks of fetch().
type Request struct {
	// Origin is the page's, as [ParseOrigin] gives it, or "null".
	Origin string
	// URL is absolute.
	URL string
	// Method is as the script wrote it; "" is GET.
	Method string
	// Headers are those the script sets, in its order.
	Headers []Header
	// Body says that the script sends one, a string.
	Body        bool
	Credentials Credentials
	Mode        Mode
	Redirect    Redirect
}

// Header is one header that a script sets.
type Header struct{ Name, Value string }

// Credentials is a request's credentials mode.
type Credentials string

// The credentials modes; the zero value is CredentialsSameOrigin, as fetch() has it.
const (
	CredentialsOmit       Credentials = "omit"
	CredentialsSameOrigin Credentials = "same-origin"
	CredentialsInclude    Credentials = "include"
)

// Mode is a request's mode.
type Mode string

// The modes that a script may choose; the zero value is ModeCORS, as fetch() has it.
const (
	ModeCORS       Mode = "cors"
	ModeNoCORS     Mode = "no-cors"
	ModeSameOrigin Mode = "same-origin"
)

// Redirect is a request's redirect mode.
type Redirect string

// The redirect modes; the zero value is RedirectFollow, as fetch() has it.
const (
	RedirectFollow Redirect = "follow"
	RedirectError  Redirect = "error"
	RedirectManual Redirect = "manual"
)

// Sent is what the browser puts on the wire: the headers of the script, Accept,
// Origin and the Access-Control-Request-* of a preflight. Cookies and what every
// browser words differently (User-Agent, Accept-Language …) are left out.
type Sent struct {
	Method, URL string
	Header      http.Header
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
}

// Server answers what the browser sends: a live server, recorded answers, or a
// table. It follows no redirect. An error is a network error, as the browser would
// see it, unless it wraps [ErrUnknown] or the context is done.
type Server interface {
	Answer(ctx context.Context, sent Sent) (Answer, error)
}

// ErrUnknown is wrapped by a [Server] that cannot know what would have been
// answered; [Judge] gives it back, and no verdict.
var ErrUnknown = errors.New("the answer is not known")

// Class is how a browser treats a request.
type Class string

// The classes of a request.
const (
	// ClassRefused is a request of which nothing is sent: fetch() refuses it.
	ClassRefused Class = "refused"
	// ClassSameOrigin needs no CORS.
	ClassSameOrigin Class = "same-origin"
	// ClassSimple is sent without a preflight; its answer is checked.
	ClassSimple Class = "simple"
	// ClassPreflighted is sent only after a preflight that allowed it.
	ClassPreflighted Class = "preflighted"
	// ClassOpaque is of mode no-cors: sent, and its answer is hidden from the script.
	ClassOpaque Class = "opaque"
)

// Verdict is what the browser does with a request.
type Verdict struct {
	// Class is that of the request's last hop: a redirect to another origin makes
	// a same-origin request a simple or a preflighted one.
	Class Class
	// PreflightSent and PreflightCached say whether a preflight went out, and
	// whether a cached one spared it; both after a redirect, perhaps.
	PreflightSent, PreflightCached bool
	// Allowed says that fetch() gives the script an answer. That of ClassOpaque,
	// and a redirect of mode manual, has nothing in it.
	Allowed bool
	// Step decided.
	Step Step
	// Why made it same-origin, simple, preflighted or opaque.
	Why Step
	// Reasons are all that ask for a preflight, Why among them.
	Reasons []Step
	// Status is what the script sees: 0 of an opaque answer or of none.
	Status int
	// Readable are the headers of the answer that the script may read, in lower
	// case and sorted.
	Readable []string
	// Dropped are the headers that the script set and the browser took away
	// without a word, in lower case and sorted.
	Dropped []string
	// MaxAge is how long the browser may keep the preflight's answer, if it asked
	// and was allowed.
	MaxAge time.Duration
	// Exchanges are what went over the wire, in order.
	Exchanges []Exchange
}

// Exchange is one request and its answer.
type Exchange struct {
	Preflight bool
	Sent      Sent
	// Answer is zero if Err is set.
	Answer Answer
	Err    error
}
