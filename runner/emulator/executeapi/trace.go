package executeapi

import (
	"net/url"
	"strings"
	"time"
)

// Trace says what became of one request. It has no headers, no query and no
// body: secrets travel there.
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
	Status      int               `json:"status"` // 0: the client went away
	Micros      int64             `json:"micros"` // from the request to its answer
	// Reason is why the answer is the gateway's own and not the integration's, and
	// Detail says it in a sentence. The reasons:
	//
	//	no-stage endpoint-disabled no-route no-resource no-method
	//	headers-too-large body-too-large body-unreadable
	//	no-authorizer identity-missing unauthorized denied authorizer-failed
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
	Kind   string `json:"kind"` // "REQUEST", "AWS_IAM"
	Target string `json:"target,omitempty"`
	// Verdict is "allow", "deny", "unauthorized" or "failed".
	Verdict string `json:"verdict"`
	Cached  bool   `json:"cached,omitempty"`
	Micros  int64  `json:"micros"`
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
