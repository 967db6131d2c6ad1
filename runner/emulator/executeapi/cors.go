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
// all of a scheme ("https://*"), or one, whose scheme and host know no case.
func (c *cors) allow(origin string) (string, bool) {
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

// preflight reports whether a request is one that the gateway answers by itself.
func (c *cors) preflight(r *http.Request) bool {
	return c != nil && r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// set writes a header, in lower case on a gateway-made answer.
func set(header http.Header, name, value string) {
	if value != "" {
		header[name] = []string{value}
	}
}

// decorate replaces an answer's CORS headers by the configuration's: those of a
// backend are ignored, and another origin gets none (guide, "Configuring CORS for
// an HTTP API"). A Vary header was seen in no record.
func (c *cors) decorate(header http.Header, r *http.Request) {
	if c == nil {
		return
	}
	for name := range header {
		if strings.HasPrefix(strings.ToLower(name), "access-control-") {
			delete(header, name)
		}
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}
	allowed, ok := c.allow(origin)
	if !ok {
		return
	}
	set(header, "Access-Control-Allow-Origin", allowed)
	set(header, "Access-Control-Expose-Headers", c.expose)
	if c.credentials {
		set(header, "Access-Control-Allow-Credentials", "true")
	}
}

// preflight answers a preflight: 204, with headers only if the origin is allowed
// (AWS-BEHAVIOUR §1.4).
func (x *httpExchange) preflight() {
	x.trace.Preflight = true
	c, header := x.stage.cors, x.w.Header()
	if allowed, ok := c.allow(x.r.Header.Get("Origin")); ok {
		set(header, "access-control-allow-origin", allowed)
		set(header, "access-control-allow-methods", c.methods)
		set(header, "access-control-allow-headers", c.headers)
		set(header, "access-control-expose-headers", c.expose)
		set(header, "access-control-max-age", c.maxAge)
		if c.credentials {
			set(header, "access-control-allow-credentials", "true")
		}
	} else {
		x.trace.Detail = "the origin is not among the allowed ones"
	}
	header["apigw-requestid"] = []string{x.id}
	x.write(http.StatusNoContent, nil)
}
