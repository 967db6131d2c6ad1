package executeapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Trace says what became of one request. It has no headers but those of
// [CORSTrace], no query and no body: secrets travel there.
type Trace struct {
	Seq       uint64    `json:"seq"` // counts from the emulator's start
	Time      time.Time `json:"time"`
	RequestID string    `json:"requestId"`
	API       string    `json:"api"`
	Stage     string    `json:"stage"`
	Method    string    `json:"method"`
	Path      string    `json:"path"` // decoded, with the stage if that has a name
	// Route is the key of the route that was chosen; empty if none was, or if the
	// gateway answered a preflight by itself.
	Route string `json:"route,omitempty"`
	// Of REST APIs: the path of the resource, the id of the deployment that
	// answered, and whether that was the canary's.
	Resource    string            `json:"resource,omitempty"`
	Deployment  string            `json:"deployment,omitempty"`
	Canary      bool              `json:"canary,omitempty"`
	Preflight   bool              `json:"preflight,omitempty"`
	Authorizer  *AuthorizerTrace  `json:"authorizer,omitempty"`
	Integration *IntegrationTrace `json:"integration,omitempty"`
	CORS        *CORSTrace        `json:"cors,omitempty"` // where a page's script made the request
	Status      int               `json:"status"`         // 0: the client went away
	Micros      int64             `json:"micros"`         // from the request to its answer
	// Reason is why the answer is the gateway's own and not the integration's, and
	// Detail says it in a sentence. The reasons:
	//
	//	no-stage endpoint-disabled no-route no-resource no-method
	//	headers-too-large body-too-large body-unreadable
	//	arn-too-long no-authorizer identity-missing unauthorized denied authorizer-failed
	//	not-signed not-allowed authorizer-not-emulated api-key-required
	//	missing-parameters invalid-body unsupported-media-type
	//	bad-mapping bad-template bad-content bad-mock-status
	//	integration-method no-integration-response no-method-response
	//	no-integration integration-not-emulated bad-integration-uri
	//	no-function no-permission throttled payload-too-large function-error
	//	malformed-response timeout unreachable out-of-reach loop response-too-large
	//	client-gone panic
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail,omitempty"`
	Lesson string `json:"lesson,omitempty"`
	Check  bool   `json:"check,omitempty"` // made by a check
}

// traceTarget is an integration's URI as a trace has it: of a URL neither the query
// nor who logs in.
func traceTarget(uri string) string {
	if strings.HasPrefix(uri, "arn:") {
		return uri
	}
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + u.Host + u.EscapedPath()
}

// AuthorizerTrace is what an authorizer said.
type AuthorizerTrace struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Kind   string `json:"kind"` // "TOKEN", "REQUEST", "AWS_IAM"
	Target string `json:"target,omitempty"`
	// Verdict is "allow", "deny", "unauthorized" or "failed".
	Verdict string `json:"verdict"`
	// Principal is the principalId that the authorizer gave, if it gave one.
	Principal string `json:"principal,omitempty"`
	Cached    bool   `json:"cached,omitempty"`
	Micros    int64  `json:"micros"`
}

// IntegrationTrace is what an integration did.
type IntegrationTrace struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"` // "AWS_PROXY", "HTTP_PROXY"
	Target string `json:"target"`
	Status int    `json:"status,omitempty"` // of its answer, before response parameters
	Micros int64  `json:"micros"`
	// Error is what the function's own error says, or how an upstream failed.
	Error string `json:"error,omitempty"`
}

// CORSTrace is what the CORS protocol says of a page's request, which has an Origin
// or is of mode no-cors, and of its answer. None of it is secret.
type CORSTrace struct {
	Origin         string `json:"origin"`
	RequestMethod  string `json:"requestMethod,omitempty"`  // Access-Control-Request-Method
	RequestHeaders string `json:"requestHeaders,omitempty"` // Access-Control-Request-Headers
	// Answer has the answer's Access-Control-*, Cross-Origin-Resource-Policy and Vary,
	// and its Location without a query, by lower-case name.
	Answer map[string][]string `json:"answer,omitempty"`
	// Names are those of all headers of the answer, in lower case and sorted: which
	// of them a page may read is what the others are about.
	Names []string `json:"names,omitempty"`
	// Cut says that there was more than a trace keeps of an answer's headers.
	Cut bool `json:"cut,omitempty"`
}

// newCORSTrace is nil for a request that no page's script made.
func newCORSTrace(request http.Header) *CORSTrace {
	origin := request.Values("Origin")
	if len(origin) == 0 && request.Get("Sec-Fetch-Mode") != "no-cors" {
		return nil
	}
	return &CORSTrace{
		Origin:         strings.Join(origin, ", "),
		RequestMethod:  strings.Join(request.Values("Access-Control-Request-Method"), ", "),
		RequestHeaders: strings.Join(request.Values("Access-Control-Request-Headers"), ", "),
	}
}

// answered notes the headers of the answer, as many as a request may have.
func (t *CORSTrace) answered(header http.Header) {
	if t == nil {
		return
	}
	size := 0
	fits := func(text string) bool {
		size += len(text)
		t.Cut = t.Cut || size > maxHeaders
		return size <= maxHeaders
	}
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		lower := strings.ToLower(name)
		if len(header[name]) == 0 || !fits(name) {
			continue
		}
		t.Names = append(t.Names, lower)
		if !strings.HasPrefix(lower, "access-control-") && lower != "cross-origin-resource-policy" && lower != "vary" && lower != "location" {
			continue
		}
		for _, value := range header[name] {
			if lower == "location" {
				value = withoutQuery(value)
			}
			if !fits(value) {
				continue
			}
			if t.Answer == nil {
				t.Answer = map[string][]string{}
			}
			t.Answer[lower] = append(t.Answer[lower], value)
		}
	}
	t.Names = append(t.Names, "date") // net/http adds it
	slices.Sort(t.Names)
	t.Names = slices.Compact(t.Names)
}

// withoutQuery is a URL reference without its query and its fragment. Of who logs in
// it keeps that somebody does, since a browser follows no such redirect.
func withoutQuery(reference string) string {
	reference, _, _ = strings.Cut(reference, "#")
	reference, _, _ = strings.Cut(reference, "?")
	if u, err := url.Parse(reference); err == nil && u.User != nil {
		u.User = url.User("hidden")
		return u.String()
	}
	return reference
}
