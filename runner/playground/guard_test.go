package playground_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awslab/runner/playground"
	"awslab/runner/target"
	"awslab/runner/text"
)

// still is a source without a cloud.
type still struct {
	apis   []playground.API
	broken error
	traces chan target.Trace
	asked  []*http.Request
	answer func(*http.Request) (*http.Response, error)
}

func (s *still) APIs(context.Context) ([]playground.API, error) { return s.apis, s.broken }
func (s *still) Version() (uint64, <-chan struct{})             { return 1, make(chan struct{}) }
func (s *still) Traces(context.Context) (<-chan target.Trace, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	return s.traces, nil
}

func (s *still) Do(r *http.Request) (*http.Response, error) {
	s.asked = append(s.asked, r)
	return s.answer(r)
}

const emulatorURL = "http://127.0.0.1:4566"

// client asks a page's server as the page itself does, unless a test says otherwise.
type client struct {
	t    testing.TB
	page string
	port string
	// Of the page as it was loaded.
	token, html string
	header      http.Header
}

func newClient(t testing.TB, cfg playground.Config) *client {
	t.Helper()
	if cfg.Text == nil {
		cfg.Text = text.English()
	}
	page := serve(t, playground.New(cfg))
	_, port, _ := net.SplitHostPort(page[len("http://"):])
	c := &client{t: t, page: page, port: port}
	status, header, body := c.do(http.MethodGet, "/", "", nil)
	if status != http.StatusOK {
		t.Fatalf("the page: %d %s", status, body)
	}
	found := regexp.MustCompile(`"token":"([A-Z0-9]+)"`).FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no token in the page:\n%s", body)
	}
	c.token, c.html, c.header = found[1], body, header
	return c
}

// do makes a request; change may spoil it.
func (c *client) do(method, path, body string, change func(*http.Request)) (int, http.Header, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.page+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("X-Awslab-Token", c.token)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if method == http.MethodPost {
		r.Header.Set("Origin", c.page)
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(data)
}

// post asks with JSON.
func (c *client) post(path string, body any) (int, map[string]any) {
	c.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	status, _, answer := c.do(http.MethodPost, path, string(data), nil)
	return status, decode(c.t, status, answer)
}

func decode(t testing.TB, status int, answer string) map[string]any {
	t.Helper()
	var told map[string]any
	if err := json.Unmarshal([]byte(answer), &told); err != nil {
		t.Fatalf("%d %s: %v", status, answer, err)
	}
	return told
}

// request is one that the page may send, with changes in the order name, value.
func (c *client) request(changes ...any) map[string]any {
	r := map[string]any{
		"page": "p1", "origin": c.page, "url": "http://abc.execute-api.localhost:4566/PROD/pets", "method": "GET", "headers": []any{}, "body": false,
		"credentials": "same-origin", "mode": "cors", "redirect": "follow",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		r[changes[i].(string)] = changes[i+1]
	}
	return r
}

func TestWhoMayAskThePage(t *testing.T) {
	t.Parallel()
	c := newClient(t, playground.Config{Source: &still{traces: make(chan target.Trace)}, Emulator: emulatorURL})
	host := func(name string) func(*http.Request) { return func(r *http.Request) { r.Host = name } }
	set := func(name string, values ...string) func(*http.Request) {
		return func(r *http.Request) { r.Header[http.CanonicalHeaderKey(name)] = values }
	}
	for name, tt := range map[string]struct {
		method, path string
		change       func(*http.Request)
		want         int
	}{
		"the page":                       {http.MethodGet, "/", nil, 200},
		"by address":                     {http.MethodGet, "/", host("127.0.0.1:" + c.port), 200},
		"under localhost":                {http.MethodGet, "/", host("shop.localhost:" + c.port), 200},
		"in capitals":                    {http.MethodGet, "/", host("LOCALHOST:" + c.port), 200},
		"a name that was rebound":        {http.MethodGet, "/", host("evil.example:" + c.port), 421},
		"a name that ends alike":         {http.MethodGet, "/", host("evillocalhost:" + c.port), 421},
		"another port":                   {http.MethodGet, "/", host("localhost:80"), 421},
		"no port":                        {http.MethodGet, "/", host("localhost"), 421},
		"another loopback address":       {http.MethodGet, "/", host("127.0.0.2:" + c.port), 421},
		"a rebound name for the verdict": {http.MethodPost, "/verdict", host("evil.example:" + c.port), 421},
		"the list":                       {http.MethodGet, "/apis", nil, 200},
		"the list for another site":      {http.MethodGet, "/apis", set("Sec-Fetch-Site", "cross-site"), 403},
		"the list for a same site":       {http.MethodGet, "/apis", set("Sec-Fetch-Site", "same-site"), 403},
		"the list, typed in":             {http.MethodGet, "/apis", set("Sec-Fetch-Site", "none"), 403},
		"the list without a token":       {http.MethodGet, "/apis", set("X-Awslab-Token"), 403},
		"the list with another token":    {http.MethodGet, "/apis", set("X-Awslab-Token", strings.Repeat("A", 26)), 403},
		"the list for another origin":    {http.MethodGet, "/apis", set("Origin", "https://evil.example"), 403},
		"an attempt":                     {http.MethodPost, "/attempt", nil, 200},
		"an attempt of a frame":          {http.MethodPost, "/attempt", set("Origin", "null"), 403},
		"an attempt without an origin":   {http.MethodPost, "/attempt", set("Origin"), 403},
		"an attempt of two origins":      {http.MethodPost, "/attempt", set("Origin", c.page, "https://evil.example"), 403},
		"an attempt by a form":           {http.MethodPost, "/attempt", set("Content-Type", "text/plain"), 415},
		"an attempt by GET":              {http.MethodGet, "/attempt", nil, 404},
		"a preflight":                    {http.MethodOptions, "/attempt", set("Origin", "https://evil.example"), 405},
		"a file that is none":            {http.MethodGet, "/page.html", nil, 404},
		"a path upwards":                 {http.MethodGet, "/..%2fguard.go", nil, 404},
		"a script":                       {http.MethodGet, "/page.js", nil, 200},
	} {
		body := ""
		if tt.method == http.MethodPost {
			data, err := json.Marshal(c.request())
			if err != nil {
				t.Fatal(err)
			}
			body = string(data)
		}
		status, header, answer := c.do(tt.method, tt.path, body, tt.change)
		if status != tt.want {
			t.Errorf("%s: %d %s, want %d", name, status, answer, tt.want)
		}
		for want, value := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			if header.Get(want) != value {
				t.Errorf("%s: %s is %q", name, want, header.Get(want))
			}
		}
		if policy := header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors") {
			t.Errorf("%s: the policy %q", name, policy)
		}
		for _, cors := range []string{"Access-Control-Allow-Origin", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods"} {
			if header.Get(cors) != "" {
				t.Errorf("%s: it has %s", name, cors)
			}
		}
	}
}

// The page may do what it has to, and no more.
func TestThePolicy(t *testing.T) {
	t.Parallel()
	c := newClient(t, playground.Config{Source: &still{}, Emulator: emulatorURL})
	want := "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-src 'self'; " +
		"connect-src 'self' http://*.execute-api.localhost:4566 http://localhost:4566 http://127.0.0.1:4566; " +
		"frame-ancestors 'none'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	if got := c.header.Get("Content-Security-Policy"); got != want {
		t.Errorf("on the emulator:\n%s\nwant\n%s", got, want)
	}
	_, header, frame := c.do(http.MethodGet, "/frame", "", nil)
	policy := header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "sandbox allow-scripts") || strings.Contains(policy, "allow-same-origin") || strings.Contains(policy, "'unsafe") || strings.Contains(frame, c.token) {
		t.Errorf("of the frame: %s\n%s", policy, frame)
	}
	apis := []playground.API{
		{Base: "https://abc.execute-api.ap-northeast-2.amazonaws.com/"},
		{Base: "https://abc.execute-api.ap-northeast-2.amazonaws.com/"},
		{Base: "http://localstack:4566/_aws/execute-api/def/"},
		{Missing: "not yet"},
	}
	c = newClient(t, playground.Config{Source: &still{apis: apis}})
	if got := c.header.Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'self' https://abc.execute-api.ap-northeast-2.amazonaws.com http://localstack:4566; ") {
		t.Errorf("elsewhere: %s", got)
	}
	// What cannot be looked up may not be asked.
	c = newClient(t, playground.Config{Source: &still{broken: errors.New("no network")}})
	if got := c.header.Get("Content-Security-Policy"); !strings.Contains(got, "connect-src 'self'; ") {
		t.Errorf("without a list: %s", got)
	}
	if status, _, answer := c.do(http.MethodGet, "/apis", "", nil); status != 503 || !strings.Contains(answer, "no network") {
		t.Errorf("without a list: %d %s", status, answer)
	}
	_, _, frame = c.do(http.MethodGet, "/frame", "", nil)
	if !strings.Contains(frame, "sendRequest") {
		t.Errorf("the frame without a list: %s", frame)
	}
}

// The page has all its words from the server, and what is foreign stays text.
func TestThePageIsOfTheLesson(t *testing.T) {
	t.Parallel()
	c := newClient(t, playground.Config{Source: &still{}, Emulator: emulatorURL, Text: text.Korean(), Lesson: `</script><script>alert(1)</script>`})
	if !strings.Contains(c.html, `<html lang="ko">`) || strings.Contains(c.html, "<script>alert") || !strings.Contains(c.html, "&lt;/script&gt;") {
		t.Errorf("%.2000s", c.html)
	}
	for _, outside := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(c.html, -1) {
		if strings.Contains(outside[1], ":") || strings.HasPrefix(outside[1], "//") {
			t.Errorf("the page takes %s from elsewhere", outside[1])
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	c := newClient(t, playground.Config{Source: &still{traces: make(chan target.Trace)}, Emulator: emulatorURL})
	for name, tt := range map[string]struct {
		body string
		want int
	}{
		"nothing":             {"", 400},
		"no JSON":             {"{", 400},
		"another shape":       {`[1]`, 400},
		"an unknown key":      {`{"page":"p","fetch":"http://169.254.169.254/"}`, 400},
		"two values":          {`{} {}`, 400},
		"more than it takes":  {`{"url":"` + strings.Repeat("a", 70<<10) + `"}`, 413},
		"deep":                {strings.Repeat(`{"a":`, 2000), 400},
		"a number too large":  {`{"page":1e999}`, 400},
		"control bytes in it": {"{\"page\":\"\x00\x1b\"}", 400},
	} {
		for _, path := range []string{"/attempt", "/verdict"} {
			if status, _, answer := c.do(http.MethodPost, path, tt.body, nil); status != tt.want {
				t.Errorf("%s to %s: %d %s, want %d", name, path, status, answer, tt.want)
			}
		}
	}
}

// What the page does not send, and what it says to it.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	emulated := newClient(t, playground.Config{Source: &still{traces: make(chan target.Trace)}, Emulator: emulatorURL})
	base := "https://abc.execute-api.ap-northeast-2.amazonaws.com/"
	real := newClient(t, playground.Config{Source: &still{apis: []playground.API{{Base: base}, {Base: "http://localstack:4566/_aws/execute-api/def/"}}}})
	long := strings.Repeat("a", 5000)
	headers := make([]map[string]string, 41)
	for i := range headers {
		headers[i] = map[string]string{"name": fmt.Sprint("x-", i), "value": ""}
	}
	other := "none of them"
	for name, tt := range map[string]struct {
		c       *client
		changes []any
		says    string // "": it is taken
	}{
		"an API of the emulator's":      {emulated, nil, ""},
		"by path":                       {emulated, []any{"url", "http://localhost:4566/_aws/execute-api/abc/PROD/pets?a=b"}, ""},
		"by the other path":             {emulated, []any{"url", "http://127.0.0.1:4566/restapis/abc/PROD/_user_request_/pets"}, ""},
		"from the frame":                {emulated, []any{"origin", "null"}, ""},
		"a method of one's own":         {emulated, []any{"method", "\x00\n"}, ""}, // fetch() refuses it, and the verdict says so
		"AWS's API":                     {emulated, []any{"url", "http://127.0.0.1:4566/"}, other},
		"the control API":               {emulated, []any{"url", "http://127.0.0.1:4566/_awslab/dump"}, other},
		"another port":                  {emulated, []any{"url", "http://abc.execute-api.localhost:22/"}, other},
		"another host":                  {emulated, []any{"url", "http://abc.execute-api.evil.example:4566/"}, other},
		"a host that ends alike":        {emulated, []any{"url", "http://execute-api.localhost.evil.example:4566/"}, other},
		"a service of the cloud":        {emulated, []any{"url", "http://169.254.169.254/latest/meta-data/"}, other},
		"encrypted":                     {emulated, []any{"url", "https://abc.execute-api.localhost:4566/"}, other},
		"the page itself":               {emulated, []any{"url", emulated.page + "/apis"}, other},
		"a file":                        {emulated, []any{"url", "file:///etc/passwd"}, "begins with http"},
		"a script":                      {emulated, []any{"url", "javascript:alert(1)"}, "no address"},
		"no address":                    {emulated, []any{"url", "pets"}, "begins with http"},
		"nothing":                       {emulated, []any{"url", ""}, "begins with http"},
		"control bytes":                 {emulated, []any{"url", "http://abc\x1b[2J\n"}, "no address"},
		"no host":                       {emulated, []any{"url", "http:///pets"}, "no address"},
		"somebody who logs in":          {emulated, []any{"url", "http://user:secret@abc.execute-api.localhost:4566/"}, "user name"},
		"a long address":                {emulated, []any{"url", "http://abc.execute-api.localhost:4566/" + long}, "40 headers"},
		"a long method":                 {emulated, []any{"method", long}, "4096 characters"},
		"a long header":                 {emulated, []any{"headers", []map[string]string{{"name": "x", "value": long}}}, "4096 characters"},
		"many headers":                  {emulated, []any{"headers", headers}, "40 headers"},
		"another origin":                {emulated, []any{"origin", "https://shop.example"}, "nowhere else"},
		"the page's origin with a path": {emulated, []any{"origin", emulated.page + "/"}, "nowhere else"},
		"another mode":                  {emulated, []any{"mode", "navigate"}, "there is not"},
		"other credentials":             {emulated, []any{"credentials", "all"}, "there is not"},
		"another redirect":              {emulated, []any{"redirect", ""}, "there is not"},
		"on AWS":                        {real, []any{"url", base + "PROD/v2/pets"}, ""},
		"on AWS, the API itself":        {real, []any{"url", strings.TrimSuffix(base, "/")}, ""},
		"on AWS, somebody else's API":   {real, []any{"url", "https://xyz.execute-api.ap-northeast-2.amazonaws.com/PROD"}, other},
		"on AWS, a name that goes on":   {real, []any{"url", "https://abc.execute-api.ap-northeast-2.amazonaws.com.evil.example/"}, other},
		"on AWS, not encrypted":         {real, []any{"url", "http://abc.execute-api.ap-northeast-2.amazonaws.com/"}, other},
		"elsewhere":                     {real, []any{"url", "http://localstack:4566/_aws/execute-api/def/PROD/pets"}, ""},
		"elsewhere, another API":        {real, []any{"url", "http://localstack:4566/_aws/execute-api/xyz/PROD/pets"}, other},
		"elsewhere, upwards":            {real, []any{"url", "http://localstack:4566/_aws/execute-api/def/../xyz/PROD/pets"}, other},
		"elsewhere, upwards, encoded":   {real, []any{"url", "http://localstack:4566/_aws/execute-api/def/%2e%2e/xyz/PROD/pets"}, other},
		"on AWS, the emulator":          {real, []any{"url", "http://abc.execute-api.localhost:4566/"}, other},
	} {
		changes := append([]any{"origin", tt.c.page}, tt.changes...)
		status, told := tt.c.post("/attempt", tt.c.request(changes...))
		refused, _ := told["refused"].(string)
		if tt.says == "" && (status != 200 || refused != "") || tt.says != "" && (status != 422 || !strings.Contains(refused, tt.says)) {
			t.Errorf("%s: %d %v, want %q", name, status, told, tt.says)
		}
		if strings.ContainsAny(refused, "\x1b\n\x00") || len(refused) > 600 {
			t.Errorf("%s: it says %q", name, refused)
		}
	}
}

// The list has what the lesson's checks name, and waits for a change.
func TestTheList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en", map[string]map[string]method{"/open": {"get": {"200", nil}}})
	c := &client{t: t, page: w.page}
	_, _, html := c.do(http.MethodGet, "/", "", nil)
	c.token = regexp.MustCompile(`"token":"([A-Z0-9]+)"`).FindStringSubmatch(html)[1]
	list := func(query string) (told struct {
		APIs []struct {
			URL, Missing string
			Cases        []playground.Case
		}
		Version uint64
	},
	) {
		status, _, body := c.do(http.MethodGet, "/apis"+query, "", nil)
		if err := json.NewDecoder(bytes.NewReader([]byte(body))).Decode(&told); err != nil || status != 200 {
			t.Fatalf("%d %s: %v", status, body, err)
		}
		return told
	}
	first := list("")
	if len(first.APIs) != 1 || first.APIs[0].URL != w.base+"/open" || len(first.APIs[0].Cases) != 3 || !slices.ContainsFunc(first.APIs[0].Cases, func(c playground.Case) bool { return len(c.Headers) == 1 && c.Headers[0].Name == "Authorization" }) {
		t.Errorf("%+v", first)
	}
	if again := list("?after=7"); len(again.APIs) != 1 { // of another run: it does not wait
		t.Errorf("%+v", again)
	}
	w.change([]playground.API{{Missing: "the step deploy makes it"}})
	if after := list(fmt.Sprint("?after=", first.Version)); len(after.APIs) != 1 || after.APIs[0].Missing != "the step deploy makes it" || after.Version == first.Version {
		t.Errorf("%+v", after)
	}
}

func toJSON(t testing.TB, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
