package check

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/check/cors"
)

// httpCORS are the settings of an HTTP API, as far as they make the answers to a
// browser: its CORS configuration and its routes. With a configuration the gateway
// answers preflights itself, and replaces the headers of what stands behind it
// (Developer Guide, "Configure CORS for HTTP APIs").
type httpCORS struct {
	*corsWhy
	routes []types.Route
	cors   *types.Cors // nil: not configured
}

func newHTTPCORS(ctx context.Context, w *corsWhy) (*httpCORS, verdict) {
	out, v := w.p.askAPI(ctx, "apigatewayv2.GetRoutes", map[string]any{"ApiId": w.found.httpID()})
	if out == nil {
		return nil, v
	}
	return &httpCORS{corsWhy: w, routes: out.(*apigatewayv2.GetRoutesOutput).Items, cors: w.found.http.api.CorsConfiguration}, verdict{}
}

func (s *httpCORS) route(method string) *types.Route {
	return chosenRoute(s.routes, method, bare(s.found.path))
}

func (s *httpCORS) exists(_ context.Context, row *corsRow) verdict {
	if s.route(row.request.Method) != nil {
		return verdict{}
	}
	wanted := routeKey{row.request.Method, bare(s.found.path)}
	f := missingPath(Finding{Subject: wanted.method + " " + wanted.path, Args: s.found.args()}, wanted, s.routes, nil, codesOfPaths{corsPathMissing, corsPathNearMiss})
	switch {
	case f.Code == corsPathNearMiss:
		near, _ := nearRoute(s.routes, wanted)
		f.Args["routeid"] = aws.ToString(near.RouteId)
	case len(s.routes) == 0:
		f.Variant = "none"
	}
	f.Variant = strings.TrimPrefix(f.Variant+"-http", "-")
	return failed(f)
}

// served: what a deployment of an HTTP API has cannot be read, so the live answer
// tells.
func (s *httpCORS) served(_ context.Context, row *corsRow) verdict {
	if last := row.last(); s.found.noRoute(last) && s.route(last.request.Method) != nil {
		return s.stale(row)
	}
	return verdict{}
}

// links: a route for OPTIONS gets the preflight, whether CORS is configured or not,
// and only where there is none the configuration answers (Developer Guide,
// "Configure CORS for HTTP APIs", of a $default route with an authorizer;
// serverless-application-model#1603).
func (s *httpCORS) links(_ context.Context, row *corsRow, preflight bool) verdict {
	if !preflight {
		return verdict{}
	}
	switch route := s.route(http.MethodOptions); {
	case route == nil && s.cors == nil:
		return failed(s.notConfigured(row))
	case route != nil && route.AuthorizationType != "" && route.AuthorizationType != types.AuthorizationTypeNone:
		f := Finding{Code: corsOptionsProtected, Variant: "http", Subject: http.MethodOptions + " " + s.found.path, Found: string(route.AuthorizationType), Args: s.found.args()}
		f.Args["route"] = aws.ToString(route.RouteKey)
		f.Args["fix"] = then(s.openOptions(route), s.found.deploy())
		return failed(f)
	}
	return verdict{}
}

// openOptions lets anybody ask for OPTIONS.
func (s *httpCORS) openOptions(route *types.Route) string {
	if key, _ := parseRouteKey(aws.ToString(route.RouteKey)); key.method == http.MethodOptions {
		return "aws apigatewayv2 update-route --api-id " + s.found.httpID() + " --route-id " + aws.ToString(route.RouteId) + " --authorization-type NONE"
	}
	return "aws apigatewayv2 create-route --api-id " + s.found.httpID() + " --route-key " + quote(http.MethodOptions+" "+bare(s.found.path)) +
		" --target " + quote(aws.ToString(route.Target))
}

// notConfigured says that the API has no CORS configuration.
func (s *httpCORS) notConfigured(row *corsRow) Finding {
	f := Finding{Code: corsNotConfigured, Subject: row.request.Method + " " + s.found.path, Args: s.found.args()}
	f.Args["fix"] = s.configured(row)
	return f
}

// configured are the commands that make the configuration right: what it has, and
// what the cases need beside.
func (s *httpCORS) configured(row *corsRow) string {
	have := types.Cors{}
	if s.cors != nil {
		have = *s.cors
	}
	origins, methods, headers, credentials := slices.Clone(have.AllowOrigins), slices.Clone(have.AllowMethods), slices.Clone(have.AllowHeaders), aws.ToBool(have.AllowCredentials)
	for _, one := range s.allowed() {
		credentials = credentials || one.want.credentials
	}
	for _, one := range s.allowed() {
		origins = slices.DeleteFunc(origins, func(o string) bool { // one that was meant to be this, or is not to be let in
			return o != one.request.Origin && (originVariant(o, one.request) != "" || o == "*" && credentials)
		})
		origins = append(origins, one.request.Origin)
		methods = append(methods, one.request.Method)
		for _, h := range one.request.Headers {
			headers = append(headers, strings.ToLower(h.Name))
		}
	}
	if credentials {
		noStar := func(name string) bool { return name == "*" }
		methods, headers = slices.DeleteFunc(methods, noStar), slices.DeleteFunc(headers, noStar)
	}
	return s.configuration(have, origins, methods, headers, credentials)
}

// configuration are the commands that set a configuration; nothing else of it is
// lost.
func (s *httpCORS) configuration(have types.Cors, origins, methods, headers []string, credentials bool) string {
	list := func(names []string, fold bool) []string {
		if joined := joinNames(names, fold); joined != "" {
			return strings.Split(joined, ",")
		}
		return nil
	}
	members := map[string]any{}
	for name, values := range map[string][]string{
		"AllowOrigins": list(origins, false), "AllowMethods": list(methods, false), "AllowHeaders": list(headers, true), "ExposeHeaders": have.ExposeHeaders,
	} {
		if len(values) > 0 {
			members[name] = values
		}
	}
	if credentials {
		members["AllowCredentials"] = true
	}
	if have.MaxAge != nil {
		members["MaxAge"] = *have.MaxAge
	}
	return then(s.found.configure(members), s.found.deploy())
}

// answer is what the configuration gives; without one, what the API answered.
func (s *httpCORS) answer(_ context.Context, row *corsRow, sent cors.Sent) (cors.Answer, bool, error) {
	recorded := row.recorded(sent)
	live := cors.Answer{}
	if recorded != nil {
		live = cors.Answer{Status: recorded.StatusCode, Header: recorded.Header.Clone()}
	}
	origin := sent.Header.Get("Origin")
	preflight := sent.Method == http.MethodOptions && origin != "" && sent.Header.Get("Access-Control-Request-Method") != ""
	switch {
	case sent.URL != s.found.address: // a redirect
		return live, recorded != nil, nil
	case s.cors != nil && preflight && s.route(http.MethodOptions) == nil:
		a := cors.Answer{Status: http.StatusNoContent, Header: http.Header{}}
		s.decorate(a.Header, origin, true)
		return a, true, nil
	case recorded != nil && s.found.noRoute(recorded) && s.route(sent.Method) != nil:
		return cors.Answer{}, false, nil // the route is not deployed
	case s.cors == nil || recorded == nil:
		return live, recorded != nil, nil
	}
	for name := range live.Header {
		if strings.HasPrefix(strings.ToLower(name), "access-control-") {
			delete(live.Header, name)
		}
	}
	s.decorate(live.Header, origin, preflight)
	return live, true, nil
}

// decorate gives an answer the headers that every answer to an allowed origin has,
// and one to a preflight those that it asks for. Origins may be all of a scheme
// (https://*), and know no case; null is none of them.
func (s *httpCORS) decorate(header http.Header, origin string, preflight bool) {
	if origin == cors.Null {
		return
	}
	for _, allowed := range s.cors.AllowOrigins {
		scheme, all := strings.CutSuffix(allowed, "*")
		switch {
		case allowed == "*":
			header.Set(allowOrigin, "*")
		case strings.EqualFold(allowed, origin), all && strings.HasSuffix(scheme, "://") && len(origin) > len(scheme) && strings.EqualFold(origin[:len(scheme)], scheme):
			header.Set(allowOrigin, origin)
		default:
			continue
		}
		if aws.ToBool(s.cors.AllowCredentials) {
			header.Set(allowCredentials, "true")
		}
		if preflight {
			setList(header, allowMethods, s.cors.AllowMethods)
			setList(header, allowHeaders, s.cors.AllowHeaders)
		}
		return
	}
}

func setList(header http.Header, name string, values []string) {
	if len(values) > 0 {
		header.Set(name, strings.Join(values, ","))
	}
}

// explain finds the part of the configuration that blocks a case.
func (s *httpCORS) explain(_ context.Context, row *corsRow, got cors.Verdict) verdict {
	if f := s.elsewhere(row, got); f != nil {
		return failed(*f)
	}
	e := got.Exchanges[len(got.Exchanges)-1]
	recorded := row.recorded(e.Sent)
	if s.cors == nil {
		if recorded != nil && s.found.gatewayMade(recorded) && !s.found.noRoute(recorded) {
			return failed(s.gatewayError(row, recorded))
		}
		f := s.notConfigured(row)
		if d := s.deficit(row, got); d.found != "" || d.header == "" {
			f.Code, f.Variant, f.Expected, f.Found = corsBackendValue, "configure", d.value, d.found
			f.Args["header"], f.Args["value"] = d.header, d.value
			if d.header == "" {
				f.Code, f.Found = corsPreflightStatus, fmt.Sprint(e.Answer.Status)
			}
			return failed(f)
		}
		f.Variant = "backend"
		return failed(f)
	}
	d := s.deficit(row, got)
	if d.header == "" { // a route for OPTIONS answers
		f := Finding{Code: corsPreflightStatus, Variant: "configure", Subject: e.Sent.Method + " " + s.found.path, Found: fmt.Sprint(e.Answer.Status), Args: s.found.args()}
		f.Args["fix"] = s.configured(row)
		if route := s.route(http.MethodOptions); route != nil {
			f.Variant, f.Args["route"], f.Args["routeid"] = "route", aws.ToString(route.RouteKey), aws.ToString(route.RouteId)
		}
		return failed(f)
	}
	f := Finding{Code: d.code, Variant: d.variant, Subject: e.Sent.Method + " " + s.found.path, Expected: d.value, Found: d.found, Args: s.found.args()}
	f.Args["fix"] = s.configured(row)
	f.Args["header"], f.Args["value"] = d.header, d.value
	switch d.header {
	case allowOrigin:
		f.Expected, f.Found, f.Variant = row.request.Origin, strings.Join(s.cors.AllowOrigins, ", "), ""
		for _, allowed := range s.cors.AllowOrigins {
			if variant := originVariant(allowed, row.request); variant != "" {
				f.Variant, f.Found = variant, allowed
				break
			}
		}
	case allowMethods:
		f.Found = strings.Join(s.cors.AllowMethods, ", ")
	case allowHeaders:
		f.Found = strings.Join(s.cors.AllowHeaders, ", ")
	}
	if f.Variant == "" {
		f.Variant = "configured"
	}
	return failed(f)
}

// open says which part of the configuration lets a page in that should stay
// outside.
func (s *httpCORS) open(_ context.Context, row *corsRow) verdict {
	f := s.tooOpen(row)
	if s.cors == nil {
		f.Variant = "backend"
		if route := s.route(row.request.Method); route != nil {
			f.Args["target"] = aws.ToString(route.RouteKey)
		}
		return failed(f)
	}
	have := *s.cors
	origins, methods, headers, credentials := slices.Clone(have.AllowOrigins), slices.Clone(have.AllowMethods), slices.Clone(have.AllowHeaders), aws.ToBool(have.AllowCredentials)
	switch f.Args["header"] {
	case allowOrigin:
		f.Found = strings.Join(origins, ", ")
		origins = nil
		for _, one := range s.allowed() {
			origins = append(origins, one.request.Origin)
		}
	case allowMethods:
		methods = strings.Split(f.Args["value"], ",")
	case allowHeaders:
		headers = strings.Split(f.Args["value"], ",")
	case allowCredentials:
		credentials = false
	}
	f.Args["fix"] = s.configuration(have, origins, methods, headers, credentials)
	return failed(f)
}
