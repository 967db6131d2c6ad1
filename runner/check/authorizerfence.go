package check

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"awslab/runner/lesson/yamltree"
)

// The cases of an authorizer check: which token a request carries.
const (
	caseAllow     = "allow"     // one that is let in
	caseDeny      = "deny"      // well signed, of somebody who is turned away
	caseNone      = "none"      // no token, and no header
	caseMalformed = "malformed" // a text that is no JWT
	caseExpired   = "expired"   // well signed, and over
	caseWrongKey  = "wrong-key" // signed with another key
	caseUnsigned  = "unsigned"  // alg none, and no signature
	caseTampered  = "tampered"  // the claims of one token with the signature of another
)

// tokenCases are all cases, and usualCases those of a check that names none.
var (
	tokenCases = []string{caseAllow, caseDeny, caseNone, caseMalformed, caseExpired, caseWrongKey, caseUnsigned, caseTampered}
	usualCases = tokenCases[:6]
)

// hmacs are the algorithms of tokens that have a secret for a key.
var hmacs = map[string]*jwt.SigningMethodHMAC{"HS256": jwt.SigningMethodHS256, "HS384": jwt.SigningMethodHS384, "HS512": jwt.SigningMethodHS512}

// ownClaims are those that every token of the check gets.
var ownClaims = []string{"iat", "exp", "jti"}

func compileAuthorizer(r *reader) looker {
	f := r.fields(r.subject, "authorizer", "api", "stage", "path", "method", "function", "header", "scheme", "secret", "algorithm", "claims", "denied", "principal", "cases", "also")
	c := &authorizerCheck{
		api: f.Required("api", "$REST_API_ID"), stage: f.Required("stage", "PROD"), path: f.Required("path", "/v2/pets"), method: http.MethodGet,
		function: f.Required("function", "$FUNCTION"), header: "Authorization", scheme: f.Text("scheme"), secret: f.Required("secret", "$JWT_SECRET"), algorithm: jwt.SigningMethodHS256,
	}
	if c.path != "" && !strings.HasPrefix(c.path, "/") {
		f.Wrong(f.Get("path"), "route.path-form", "path", c.path)
	}
	if n := f.Get("method"); n != nil {
		if c.method = f.Text("method"); !slices.Contains(apiMethods, c.method) {
			f.Wrong(n, "cors.method-unknown", append(yamltree.Suggest(strings.ToUpper(c.method), apiMethods), "method", shorten(c.method))...)
		}
	}
	if n := f.Get("header"); n != nil {
		if c.header = f.Text("header"); !isToken(c.header) {
			f.Wrong(n, "authorizer.header-name", "header", shorten(c.header))
		}
	}
	if n := f.Get("scheme"); n != nil && !isToken(c.scheme) {
		f.Wrong(n, "authorizer.scheme", "scheme", shorten(c.scheme))
	}
	if n := f.Get("algorithm"); n != nil {
		known := []string{"HS256", "HS384", "HS512"}
		name, ok := f.Text("algorithm"), false
		if c.algorithm, ok = hmacs[name]; !ok {
			f.Wrong(n, "authorizer.algorithm", append(yamltree.Suggest(name, known), "algorithm", shorten(name))...)
		}
	}
	c.claims, c.denied = readClaims(f, "claims"), readClaims(f, "denied")
	if n := f.Get("principal"); n != nil {
		c.principal = r.matcher(n)
	}
	also := f.Texts("also")
	r.done(f)
	r.authorizerCases(f, c)
	r.authorizerAlso(also, c)
	return c
}

// isToken reports whether a text is one word of HTTP's, such as the name of a
// header (RFC 9110, section 5.6.2).
func isToken(text string) bool {
	_, err := http.NewRequest(text, "http://localhost", nil) // a method is one too
	return err == nil && text != ""
}

// readClaims reads the claims of a token.
func readClaims(f *yamltree.Fields, key string) map[string]any {
	n := f.Get(key)
	if n == nil || n.Kind == yamltree.Null {
		return nil
	}
	if n.Kind != yamltree.Map {
		f.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", yamltree.Map.Key())
		return nil
	}
	for _, m := range n.Members {
		if slices.Contains(ownClaims, m.Key) {
			f.Mistake(m.Line, m.Column, "authorizer.claim-reserved", "claim", m.Key)
		}
	}
	claims, _ := n.Value().(map[string]any)
	return claims
}

// authorizerCases reads the cases, and what stands and falls with them.
func (r *reader) authorizerCases(f *yamltree.Fields, c *authorizerCheck) {
	nodes := f.Get("cases")
	switch {
	case nodes == nil:
		for _, name := range usualCases {
			c.cases = append(c.cases, authorizerCase{name: name, expected: answerMatchers{status: usualStatus(name)}})
		}
	case nodes.Kind != yamltree.List:
		r.wrong(nodes, "yaml.kind", "key", "cases", "is", nodes.Kind.Key(), "want", yamltree.List.Key())
		return
	case len(nodes.Items) == 0:
		r.wrong(nodes, "authorizer.no-cases", "known", strings.Join(tokenCases, ", "))
		return
	default:
		lines := map[string]int{}
		for _, item := range nodes.Items {
			one := r.authorizerCase(item)
			if line, ok := lines[one.name]; ok && one.name != "" {
				r.wrong(item, "authorizer.case-twice", "case", one.name, "line", fmt.Sprint(line))
			}
			lines[one.name] = item.Line
			c.cases = append(c.cases, one)
		}
	}
	if len(r.mistakes) > 0 {
		return
	}
	denied := f.Get("denied")
	switch {
	case denied != nil && !c.has(caseDeny):
		r.wrong(denied, "authorizer.denied-alone")
	case c.has(caseDeny) && (len(c.claims) == 0 && len(c.denied) == 0 || reflect.DeepEqual(c.claims, c.denied)):
		at := r.subject
		if denied != nil {
			at = denied
		}
		r.wrong(at, "authorizer.denied-alike")
	}
	for _, key := range []string{"principal", "also"} {
		if n := f.Get(key); n != nil && !c.has(caseAllow) {
			r.wrong(n, "authorizer.needs-allow", "key", key)
		}
	}
}

// has reports whether the check has a case of a name.
func (c *authorizerCheck) has(name string) bool {
	return slices.ContainsFunc(c.cases, func(one authorizerCase) bool { return one.name == name })
}

// authorizerCase reads a case: its name, or a mapping that says what its answer has
// to be as well.
func (r *reader) authorizerCase(n *yamltree.Node) authorizerCase {
	one, at := authorizerCase{name: n.Text}, n
	if n.Kind == yamltree.Map {
		f := r.fields(n, "authorizer-case", "case", "status", "json", "body", "headers")
		one.name = f.Required("case", caseAllow)
		if at = f.Get("case"); at == nil {
			at = n
		}
		one.expected = r.answerOf(f)
	}
	switch {
	case n.Kind == yamltree.List || n.Kind == yamltree.Null:
		r.wrong(n, "yaml.texts", "key", "cases", "is", n.Kind.Key())
	case one.name != "" && !slices.Contains(tokenCases, one.name):
		r.wrong(at, "authorizer.case-unknown", append(yamltree.Suggest(one.name, tokenCases), "case", shorten(one.name))...)
	}
	if n.Kind != yamltree.Map || !namesStatus(n) {
		one.expected.status = usualStatus(one.name)
	}
	return one
}

func namesStatus(n *yamltree.Node) bool {
	_, ok := n.Get("status")
	return ok
}

// usualStatus is the status of a case that does not say its own: a token that is let
// in is answered by what stands behind, one that is known and turned away with 403,
// and any other with 401 or 403, as the authorizer is written.
func usualStatus(name string) matcher {
	switch name {
	case caseAllow:
		return betweenMatcher{"200", "299"}
	case caseDeny:
		return equalMatcher{number(http.StatusForbidden)}
	}
	return oneOf{equalMatcher{number(http.StatusUnauthorized)}, equalMatcher{number(http.StatusForbidden)}}
}

// authorizerAlso reads the methods that the token of the case allow opens too.
func (r *reader) authorizerAlso(also []*yamltree.Node, c *authorizerCheck) {
	for _, n := range also {
		key, ok := parseRouteKey(n.Text)
		switch {
		case !ok || !slices.Contains(apiMethods, key.method):
			r.wrong(n, "authorizer.also-form", "also", shorten(n.Text))
		case key == routeKey{c.method, c.path}, slices.Contains(c.also, key):
			r.wrong(n, "authorizer.also-twice", "also", shorten(n.Text))
		}
		c.also = append(c.also, key)
	}
}
