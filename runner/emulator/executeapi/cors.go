package executeapi

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// cors is an API's CORS configuration, its lists as headers have them.
type cors struct {
	origins                  []string
	methods, headers, expose string
	maxAge                   string
	credentials              bool
}

func newCORS(from *types.Cors) *cors {
	if from == nil {
		return nil
	}
	c := &cors{
		origins: from.AllowOrigins,
		methods: strings.Join(from.AllowMethods, ","), headers: strings.Join(from.AllowHeaders, ","), expose: strings.Join(from.ExposeHeaders, ","),
		credentials: from.AllowCredentials != nil && *from.AllowCredentials,
	}
	if from.MaxAge != nil {
		c.maxAge = strconv.Itoa(int(*from.MaxAge))
	}
	return c
}

// allow gives the Access-Control-Allow-Origin for an origin. Origins may be "*",
// all of a scheme ("https://*"), or one, whose scheme and host know no case. "*"
// is not for the origin "null" of a file: or sandboxed page, and nothing is
// (measured in August 2026: no header at all for it, and "Invalid format for
// origin null" where it is to be configured).
func (c *cors) allow(origin string) (string, bool) {
	if origin == "null" {
		return "", false
	}
	for _, allowed := range c.origins {
		switch scheme, all := strings.CutSuffix(allowed, "*"); {
		case allowed == "*":
			return "*", true
		case all && strings.HasSuffix(scheme, "://") && len(origin) > len(scheme) && strings.EqualFold(origin[:len(scheme)], scheme):
			return origin, true
		case strings.EqualFold(allowed, origin):
			return origin, true
		}
	}
	return "", false
}

// asks reports whether a request wants CORS headers: it has an Origin, and OPTIONS
// has an Access-Control-Request-Method too (guide, "Configure CORS for HTTP APIs").
func asks(r *http.Request) bool {
	return r.Header.Get("Origin") != "" && (r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") != "")
}

// decorate replaces an answer's CORS headers by the configuration's: those of a
// backend are ignored, and another origin gets none (guide, as above; August 2026:
// a function's own were gone for an origin that did not match). It does so for
// every answer, the gateway's errors too, and one to OPTIONS says what a preflight
// asks for, whoever has answered it: the guide's OPTIONS /{proxy+} route without an
// authorizer could not help otherwise. name says how names are written.
//
// Vary: origin stands beside an origin that is repeated, not beside "*" (captures
// of 401s from 2024 and 2025, of preflights with "*" from 2026); what it does to a
// Vary of a backend's was not found.
func (c *cors) decorate(header http.Header, r *http.Request, name func(string) string) (allowed bool) {
	if c == nil {
		return false
	}
	for name := range header {
		if strings.HasPrefix(strings.ToLower(name), "access-control-") {
			delete(header, name)
		}
	}
	if !asks(r) {
		return false
	}
	origin, ok := c.allow(r.Header.Get("Origin"))
	if !ok {
		return false
	}
	set := func(key, value string) {
		if key = name(key); value != "" {
			header[key] = append(header[key], value)
		}
	}
	set("access-control-allow-origin", origin)
	if origin != "*" {
		set("vary", "origin")
	}
	if c.credentials {
		set("access-control-allow-credentials", "true")
	}
	set("access-control-expose-headers", c.expose)
	if r.Method == http.MethodOptions {
		set("access-control-allow-methods", c.methods)
		set("access-control-allow-headers", c.headers)
		set("access-control-max-age", c.maxAge)
	}
	return true
}

// lowerCase is how the gateway writes names on its own answers (a 401 by HTTP/1.1,
// captured in 2024); on those of integrations http.CanonicalHeaderKey is.
func lowerCase(name string) string { return name }

// preflight answers an OPTIONS request that no route is for, where the API has a
// CORS configuration: 204, with CORS headers only if they were asked for and the
// origin is allowed (AWS-BEHAVIOUR §1.4; OPTIONS without an Origin had 204 and no
// such header in two measurements of September 2026).
//
// A route that is for OPTIONS gets such a request instead, with its authorizer, and
// the answer gets the configuration's headers as every other does:
//   - OPTIONS: the guide advises one without an authorizer beside a $default that has
//     one, since it is the better match ("$default route and an authorizer").
//   - ANY: serverless-application-model#1603 (the function gets the preflight); CDK
//     stacks that list GET and POST because the function answered the preflight of
//     ANY with 400 or 404. With an authorizer: anomalyco/sst#5493 and
//     arpadt.com/articles/cors-in-http-api (no ok status, until OPTIONS has a route).
//   - $default: the guide, as above, and umccr/htsget-rs#156 with an authorizer;
//     without one, functions whose authors note that they see OPTIONS before the
//     gateway can answer, and need only say 204: the gateway adds the headers.
//
// No record was found that says otherwise.
func (x *httpExchange) preflight() {
	x.trace.Preflight = true
	header := x.w.Header()
	switch allowed := x.stage.cors.decorate(header, x.r, lowerCase); {
	case allowed:
	case !asks(x.r):
		x.trace.Detail = "the request lacks Origin or Access-Control-Request-Method"
	default:
		x.trace.Detail = "the origin is not among the allowed ones"
	}
	header["apigw-requestid"] = []string{x.id}
	x.write(http.StatusNoContent, nil)
}
