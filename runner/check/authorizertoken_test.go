package check_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/check"
	"awslab/runner/emulator/emulatortest"
	"awslab/runner/text"
)

var everyCase = guardCases("allow, deny, none, malformed, expired, wrong-key, unsigned, tampered")

// recording keeps the headers that a check sends to the API.
type recording struct {
	http.RoundTripper
	tokens *[]string
}

func (r recording) RoundTrip(request *http.Request) (*http.Response, error) {
	*r.tokens = append(*r.tokens, strings.Join(request.Header["Authorization"], "|"))
	return r.RoundTripper.RoundTrip(request)
}

// What each case sends.
func TestTokens(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	began := time.Now()
	g.w.Random = rand.NewChaCha8([32]byte{7})
	var tokens []string
	w := g.w
	w.HTTP = &http.Client{Transport: recording{g.w.HTTP.Transport, &tokens}}
	if got := outcome(check.Run(t.Context(), w, compile(t, "authorizer", everyCase))); got != "passed" {
		t.Fatal(got)
	}
	if len(tokens) != 8 || tokens[2] != "" || !strings.HasPrefix(tokens[3], "not-a-token-") || strings.Contains(tokens[3], ".") {
		t.Fatalf("%q", tokens)
	}
	key := func(*jwt.Token) (any, error) { return []byte(jwtSecret), nil }
	ids := map[any]bool{}
	for i, want := range map[int]struct {
		user   string
		fault  error
		signed bool
	}{
		0: {"student", nil, true}, 1: {"guest", nil, true}, 4: {"student", jwt.ErrTokenExpired, true}, 5: {"student", jwt.ErrTokenSignatureInvalid, true},
		6: {"student", jwt.ErrTokenSignatureInvalid, false}, 7: {"student", jwt.ErrTokenSignatureInvalid, true},
	} {
		_, err := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithIssuedAt()).Parse(tokens[i], key)
		if (err == nil) != (want.fault == nil) || want.fault != nil && !strings.Contains(err.Error(), want.fault.Error()) {
			t.Errorf("%d: %v, want %v", i, err, want.fault)
		}
		claims := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(tokens[i], claims); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		issued, _ := claims.GetIssuedAt()
		if claims["user_id"] != want.user || issued == nil || issued.After(began) || claims["jti"] == "" || ids[claims["jti"]] {
			t.Errorf("%d: %v", i, claims)
		}
		ids[claims["jti"]] = true
		if signed := !strings.HasSuffix(tokens[i], "."); signed != want.signed {
			t.Errorf("%d: signed %v: %s", i, signed, tokens[i])
		}
	}
	// Randomness comes in: the same bytes make the same jti.
	first := tokens[3]
	tokens = nil
	w.Random = rand.NewChaCha8([32]byte{7})
	check.Run(t.Context(), w, compile(t, "authorizer", everyCase))
	if tokens[3] != first {
		t.Errorf("%s and %s", first, tokens[3])
	}
}

// No token and no secret is shown, and what reproduces a request makes its own.
func TestAuthorizerEvidence(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	var tokens []string
	w := g.w
	w.HTTP = &http.Client{Transport: recording{g.w.HTTP.Transport, &tokens}}
	g.tagged = 0
	before := g.other
	r := check.Run(t.Context(), w, compile(t, "authorizer", everyCase))
	if got := outcome(r); got != "passed" {
		t.Fatalf("%s %+v", got, r.Findings)
	}
	address := g.w.InvokeURL(g.api, "PROD") + "/v2/pets"
	header := func(value string) string { return `curl -i -H "Authorization: ` + value + `" ` + address }
	encode := "jwt encode --claim user_id=student --expires="
	var asked, commands []string
	for _, e := range r.Evidence {
		if asked = append(asked, e.What); strings.HasPrefix(e.Reproduce, "curl") {
			commands = append(commands, e.Reproduce)
		}
	}
	if want := append([]string{"apigateway.GetRestApis", "apigateway.GetStages"}, slices.Repeat([]string{"GET " + address}, 8)...); !slices.Equal(asked, want) {
		t.Error(asked)
	}
	want := []string{
		header("$(" + encode + "5m)"), header("$(jwt encode --claim user_id=guest --expires=5m)"), "curl -i " + address, header(tokens[3]), header("$(" + encode + "-1h)"),
		header("$(" + encode + "5m --secret another-key)"), header("$(" + encode + "5m --alg none)"), header("$(" + encode + "5m | cut -d. -f1,2).$(" + encode + "6m | cut -d. -f3)"),
	}
	if diff := cmp.Diff(want, commands); diff != "" {
		t.Error(diff)
	}
	if g.tagged != len(asked) || g.other != before {
		t.Errorf("%d of %d requests are tagged", g.tagged, len(asked))
	}
	hides(t, r, tokens)
	// They are what they say: each is answered as the check was.
	for i, command := range commands {
		status, _, _ := strings.Cut(typed(t, g.cfg, command), "\n")
		if want, _, _ := strings.Cut(r.Evidence[2+i].Response, "\n"); strings.TrimSpace(status) != want {
			t.Errorf("%s\nis answered %s, and the check %s", command, status, want)
		}
	}
}

// hides looks for tokens and the secret in all that a result shows.
func hides(t *testing.T, r check.Result, tokens []string) {
	t.Helper()
	var shown strings.Builder
	for _, e := range r.Evidence {
		fmt.Fprintln(&shown, e.Request, e.Response, e.Reproduce, e.Trace)
	}
	for _, f := range r.Findings {
		fmt.Fprintln(&shown, f.Subject, f.Expected, f.Found, f.Args)
	}
	for _, seen := range r.Seen {
		fmt.Fprintln(&shown, seen.Args)
	}
	for i, token := range append(slices.Clone(tokens), jwtSecret, jwtSecret[:76], "hunter2") {
		if token = strings.TrimPrefix(token, "Bearer "); token == "" || strings.HasPrefix(token, "not-a-token") {
			continue
		}
		signature := token[strings.LastIndex(token, ".")+1:]
		for _, part := range []string{token, signature, signature[:len(signature)/2]} { // the half too: what is long is cut
			if part != "" && strings.Contains(shown.String(), part) {
				t.Errorf("%d stands in what is shown: %s", i, part)
			}
		}
	}
}

// The function prints what it gets and what it has, and nothing of that is shown.
func TestAuthorizerHidesWhatTheFunctionTells(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	g.upload(guardWith(t, `    secret =`, "    print(event, os.environ['JWT_SECRET'])\n    secret =", `raise Exception("Unauthorized")`, `raise Exception(f"{token} is not signed with {secret}")`, `claims["exp"]`, `claims["aud"]`))
	var tokens []string
	w := g.w
	w.HTTP = &http.Client{Transport: recording{g.w.HTTP.Transport, &tokens}}
	r := check.Run(t.Context(), w, compile(t, "authorizer", guardWanting("scheme: Bearer")))
	if r.Status != check.Failed {
		t.Fatal(outcome(r))
	}
	hides(t, r, tokens)
	i := slices.IndexFunc(r.Evidence, func(e check.Evidence) bool { return e.What == "lambda.Invoke" })
	if i < 0 {
		t.Fatalf("%+v", r.Findings)
	}
	if got, want := r.Evidence[i].Reproduce, `"authorizationToken":"Bearer '"$(jwt encode --claim user_id=student --expires=5m)"'"`; !strings.Contains(got, want) {
		t.Errorf("%s\nlacks %s", got, want)
	}
}

// What stands behind the API tells the header that it got, and that is cut.
func TestAuthorizerHidesAnEcho(t *testing.T) {
	t.Parallel()
	for before := 0; before < 300; before += 20 {
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			t.Parallel()
			g := newGuard(t)
			g.remove("GET")
			g.backend("GET", types.IntegrationTypeHttpProxy, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusNotFound)
				fmt.Fprint(w, strings.Repeat("-", before), r.Header.Get("Authorization"), jwtSecret)
			})
			g.attach("/v2/pets", "GET")
			g.redeploy()
			var tokens []string
			w := g.w
			w.HTTP = &http.Client{Transport: recording{g.w.HTTP.Transport, &tokens}}
			r := check.Run(t.Context(), w, compile(t, "authorizer", guardCases("allow")))
			if got := outcome(r); got != "failed authorizer.status" {
				t.Fatal(got)
			}
			hides(t, r, tokens)
		})
	}
}

// A secret of another variable, another algorithm and claims that are no texts.
func TestAuthorizerReproduces(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	inner := g.w.Expand
	g.w.Expand = func(ctx context.Context, text string) (string, error) {
		return inner(ctx, strings.ReplaceAll(text, "$KEY", "$JWT_SECRET"))
	}
	node := "authorizer: {api: shop, stage: PROD, path: /v2/pets, function: LambdaAuthorizer, secret: $KEY, algorithm: HS384, claims: {user_id: it's, level: 3, roles: [a], admin: true}, cases: [allow]}\n"
	r := g.run(node)
	want := `curl -i -H "Authorization: $(JWT_SECRET="$KEY" jwt encode --claim admin:=true --claim level:=3 --claim 'roles:=["a"]' --claim 'user_id=it'\''s' --expires=5m --alg HS384)" ` + g.w.InvokeURL(g.api, "PROD") + "/v2/pets"
	if got := r.Evidence[2].Reproduce; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	r = g.run(strings.Replace(node, "$KEY", "some text", 1))
	if got := r.Evidence[2].Reproduce; !strings.Contains(got, "$(JWT_SECRET=… jwt encode") {
		t.Error(got)
	}
}

// A variable without a value.
func TestAuthorizerVariables(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	inner := g.w.Expand
	g.w.Expand = func(ctx context.Context, text string) (string, error) {
		if strings.Contains(text, "$UNSET") {
			return "", &check.UnsetError{Name: "UNSET"}
		}
		return inner(ctx, strings.NewReplacer("$USER", "student", "$EMPTY", "").Replace(text))
	}
	for _, tt := range []struct{ node, want string }{
		{strings.Replace(guardNode, "user_id: student", "user_id: $USER", 1), "passed"},
		{strings.Replace(guardNode, "user_id: student", "user_id: $UNSET", 1), "failed check.unset"},
		{strings.Replace(guardNode, "user_id: guest", "user_id: $UNSET", 1), "failed check.unset"},
		{strings.Replace(guardNode, "$JWT_SECRET", "$UNSET", 1), "failed check.unset"},
		{strings.Replace(guardNode, "$JWT_SECRET", "$EMPTY", 1), "failed check.unset"},
		{strings.Replace(guardNode, "api: shop", "api: $UNSET", 1), "failed check.unset"},
		{strings.Replace(guardNode, "PROD", "$UNSET", 1), "failed check.unset"},
		{strings.Replace(guardNode, "/v2/pets", "/$UNSET", 1), "failed check.unset"},
		{guardWanting("also: [GET /$UNSET]"), "failed check.unset"},
		{guardWanting("principal: $UNSET"), "failed check.unset"},
		{guardWanting("principal: $USER"), "passed"},
		{guardCases("{case: allow, body: $UNSET}"), "failed check.unset"},
	} {
		if got := outcome(g.run(tt.node)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.node, got, tt.want)
		}
	}
}

// No answer says nothing about the authorizer, and neither do no random bytes.
func TestAuthorizerWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	w := g.w
	w.Once, w.HTTP = true, &http.Client{Transport: nowhere{}}
	r := check.Run(t.Context(), w, compile(t, "authorizer", guardNode))
	if got := outcome(r); got != "undecided undecided.network" || len(r.Seen) != 0 {
		t.Errorf("got %s, %+v", got, r.Seen)
	}
	w = g.w
	w.Random = strings.NewReader("few")
	r = check.Run(t.Context(), w, compile(t, "authorizer", guardNode))
	if got := outcome(r); got != "undecided undecided.broken" {
		t.Errorf("got %s", got)
	}
}

// Rows come in the order of the cases, each with what became of its token.
func TestAuthorizerRows(t *testing.T) {
	t.Parallel()
	g := newGuard(t)
	g.upload(guardWith(t, `claims["exp"] <= time.time()`, "False"))
	r := g.run(guardCases("{case: allow, json: [1]}, none, expired, malformed"))
	if got := codes(r); got != "failed http.json" {
		t.Error(got)
	}
	r = g.run(strings.Replace(guardCases("allow, none, expired"), "cases:", "principal: student, also: [GET /pets], cases:", 1))
	if got := outcome(r); got != "failed authorizer.too-open expired" {
		t.Error(got)
	}
	for language, want := range map[string][]string{
		"en": {"1 a good token: 200", "1 GET /pets with the same token: 200", "1 GET /pets without a token: 401", "1 no token: 401", "2 an expired token: 200 (expected: status 401 | 403)"},
		"ko": {"1 올바른 토큰: 200", "1 GET /pets, 같은 토큰: 200", "1 GET /pets, 토큰 없음: 401", "1 토큰 없음: 401", "2 만료된 토큰: 200 (기댓값: 상태 코드 401 | 403)"},
	} {
		says, err := text.For(language)
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, seen := range r.Seen {
			rows = append(rows, fmt.Sprint(int(seen.Row), " ", says.Remark(seen)))
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Error(language, diff)
		}
	}
	says, do := text.English().Finding(r.Findings[0])
	if want := `Whoever has an expired token gets in: GET /v2/pets answered 200 []. The function does not look at the claim exp.`; says != want || do == "" {
		t.Errorf("%s\n%s", says, do)
	}
	g.upload(guardCode)
	r = g.run(guardWanting("principal: student"))
	if got := text.English().Remark(r.Seen[0]); got != "a good token: 200, principal student" {
		t.Error(got)
	}
}

// The code that AWS gives to read tells what the function has.
func TestAuthorizerReadsTheCode(t *testing.T) {
	t.Parallel()
	for want, secret := range map[string]string{"failed authorizer.secret": "hunter2", "failed authorizer.refused": jwtSecret} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t)
			code := strings.Replace(hardCoded(t, `"`+secret+`"`), `claims["exp"]`, `claims["aud"]`, 1)
			g.upload(code)
			g.environment(nil)
			archive := zipOf(t, "lambda_function.py", code)
			mux := http.NewServeMux()
			mux.HandleFunc("/code.zip", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) })
			// S3 gives the code, and the emulator has none.
			g.answers("/functions/LambdaAuthorizer", `"Code":{`, `"Code":{"Location":"http://s3.localhost/code.zip?X-Amz-Signature=abc",`)
			w := g.w
			w.HTTP = &http.Client{Transport: byHost{"s3.localhost": emulatortest.Transport{Handler: mux}, "": g.w.HTTP.Transport}}
			r := check.Run(t.Context(), w, compile(t, "authorizer", guardNode))
			if got := outcome(r); got != want {
				t.Errorf("got %s, want %s\n%+v", got, want, r.Findings)
			}
			for _, e := range r.Evidence {
				if strings.Contains(e.Request+e.Response+e.Reproduce, "Signature=abc") {
					t.Errorf("the address of the code is shown: %+v", e)
				}
			}
		})
	}
}

// byHost carries requests by the host that they go to.
type byHost map[string]http.RoundTripper

func (b byHost) RoundTrip(r *http.Request) (*http.Response, error) {
	if transport, ok := b[r.URL.Host]; ok {
		return transport.RoundTrip(r)
	}
	return b[""].RoundTrip(r)
}

func TestTakesWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		expression, token string
		want              bool
	}{
		{`Bearer .+`, "Bearer a.b.c", true},
		{`Bearer`, "Bearer a.b.c", false},
		{`(?=ey)[\w-]+\.[\w-]+\.[\w-]*`, "ey.b.c", true},
		{`(?=ey)[\w-]+\.[\w-]+\.[\w-]*`, "a.b.c", false},
		{`(`, "a", false},
		{`(a+)+$`, strings.Repeat("a", 64) + "!", true}, // nobody knows in time
	} {
		if got := check.TakesWhole(tt.expression, tt.token); got != tt.want {
			t.Errorf("%s takes %s: %v", tt.expression, tt.token, got)
		}
	}
}
