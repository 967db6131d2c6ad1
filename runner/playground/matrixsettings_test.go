package playground_test

import (
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// settings are the paths of the REST API: what its MOCKs answer.
func (m *matrix) settings() map[string]map[string]method {
	own := m.origin("localhost")
	plus := func(headers map[string]string, pairs ...string) map[string]string {
		headers = maps.Clone(headers)
		for i := 0; i+1 < len(pairs); i += 2 {
			headers[pairs[i]] = pairs[i+1]
		}
		return headers
	}
	const origin, credentials, age = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Max-Age"
	const lists, names = "GET,PUT,PATCH,OPTIONS", "Content-Type,Authorization,X-Test"
	// No preflight is remembered but where a setting says for how long: the five
	// seconds of one that says nothing would have how soon one case follows another
	// decide.
	allow := func(origin, methods, headers string) map[string]string {
		return plus(allow(origin, methods, headers), age, "0")
	}
	star := map[string]string{origin: "*"}
	mine := map[string]string{origin: own}
	all := allow("*", lists, names)
	paths := map[string]map[string]method{}
	// add adds a setting; nil makes no OPTIONS method.
	add := func(name, status string, options, others map[string]string) {
		paths["/"+name] = map[string]method{}
		if options != nil {
			paths["/"+name]["options"] = method{status, options}
		}
		for _, verb := range []string{"get", "head", "post", "put", "patch", "delete"} {
			paths["/"+name][verb] = method{"200", others}
		}
	}
	add("star", "200", all, star)
	add("wildcards", "200", allow("*", "*", "*"), star)
	add("wildcards-named", "200", allow("*", "*", "*,Authorization"), star)
	add("bare", "200", map[string]string{}, map[string]string{})
	add("no-options", "200", nil, star)
	add("only-options", "200", all, map[string]string{})
	add("only-methods", "200", map[string]string{}, star)
	add("own", "200", plus(all, origin, own), mine)
	add("credentials", "200", plus(all, origin, own, credentials, "true"), plus(mine, credentials, "true"))
	add("credentials-wildcards", "200", plus(allow(own, "*", "*"), credentials, "true"), plus(mine, credentials, "true"))
	add("credentials-false", "200", plus(all, origin, own, credentials, "false"), plus(mine, credentials, "false"))
	add("credentials-TRUE", "200", plus(all, origin, own, credentials, "TRUE"), plus(mine, credentials, "TRUE"))
	add("credentials-star", "200", plus(all, credentials, "true"), plus(star, credentials, "true"))
	add("credentials-on-options", "200", plus(all, origin, own, credentials, "true"), mine)
	add("slash", "200", plus(all, origin, own+"/"), map[string]string{origin: own + "/"})
	add("capitals", "200", plus(all, origin, strings.ToUpper(own)), map[string]string{origin: strings.ToUpper(own)})
	add("other", "200", plus(all, origin, "https://other.example"), map[string]string{origin: "https://other.example"})
	add("other-port", "200", plus(all, origin, "http://localhost:"+m.port), map[string]string{origin: "http://localhost:" + m.port})
	add("two", "200", plus(all, origin, own+", *"), map[string]string{origin: own + ", *"})
	add("null", "200", plus(all, origin, "null", credentials, "true"), map[string]string{origin: "null", credentials: "true"})
	add("no-methods", "200", map[string]string{origin: "*", "Access-Control-Allow-Headers": names}, star)
	add("no-headers", "200", map[string]string{origin: "*", "Access-Control-Allow-Methods": lists}, star)
	add("get-only", "200", allow("*", "GET", names), star)
	add("small-methods", "200", allow("*", "get,put,patch", names), star)
	add("blank-methods", "200", allow("*", "GET PUT", names), star)
	add("semicolon-headers", "200", allow("*", lists, "content-type;x-test"), star)
	add("few-headers", "200", allow("*", lists, "x-api-key"), star)
	for _, status := range []string{"202", "204", "299", "300", "302", "400", "403", "404", "500"} {
		add("preflight-"+status, status, all, star)
	}
	add("redirected-preflight", "302", plus(all, "Location", "/PROD/star"), star)
	for _, seconds := range []string{"0", "600"} {
		add("age-"+seconds, "200", plus(all, age, seconds), star)
	}
	add("expose", "200", all, plus(star, "Access-Control-Expose-Headers", "x-pets, x-amzn-RequestId", "X-Pets", "3", "X-Dogs", "1"))
	add("expose-star", "200", plus(all, origin, own, credentials, "true"), plus(mine, credentials, "true", "Access-Control-Expose-Headers", "*", "X-Pets", "3"))
	add("expose-broken", "200", all, plus(star, "Access-Control-Expose-Headers", "x-pets x-dogs", "X-Pets", "3"))
	for _, policy := range []string{"same-origin", "same-site", "cross-origin"} {
		add("policy-"+policy, "200", all, map[string]string{"Cross-Origin-Resource-Policy": policy})
	}
	add("only-options-600", "200", plus(all, age, "600"), map[string]string{})
	add("wildcards-600", "200", plus(allow("*", "*", "*"), age, "600"), star)
	add("credentials-600", "200", plus(all, origin, own, credentials, "true", age, "600"), plus(mine, credentials, "true"))
	// Redirects within the API, to star, to themselves, and to nowhere.
	for _, status := range []string{"301", "302", "303", "307", "308"} {
		redirect := func(name string, headers map[string]string, place string) {
			add(name, "200", allow("*", "*", "*"), nil)
			if place != "" {
				headers = plus(headers, "Location", place)
			}
			for _, verb := range []string{"get", "head", "post", "put", "patch", "delete"} {
				paths["/"+name][verb] = method{status, headers}
			}
		}
		redirect(status, star, "/PROD/star")
		redirect(status+"-bare", map[string]string{}, "/PROD/star")
		redirect(status+"-loop", star, "/PROD/"+status+"-loop")
		redirect(status+"-nowhere", star, "")
	}
	return paths
}

// httpSettings are the corsConfigurations of HTTP APIs.
func (m *matrix) httpSettings() map[string]*types.Cors {
	own := m.origin("localhost")
	return map[string]*types.Cors{
		"none":        nil, // the backend's own headers
		"star":        {AllowOrigins: []string{"*"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"}},
		"own":         {AllowOrigins: []string{own, "https://shop.example"}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"content-type", "x-test"}, MaxAge: aws.Int32(60)},
		"credentials": {AllowOrigins: []string{own}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"authorization", "x-test"}, AllowCredentials: aws.Bool(true), ExposeHeaders: []string{"apigw-requestid"}},
		"other":       {AllowOrigins: []string{"https://shop.example"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"}},
		"scheme":      {AllowOrigins: []string{"http://*"}, AllowMethods: []string{"GET"}, AllowHeaders: []string{"authorization"}},
		"origins":     {AllowOrigins: []string{"*"}},
	}
}
