package shell_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/shell"
)

// rawAnswers are the very bytes of answers, by path.
var rawAnswers = map[string]string{
	"/":        "HTTP/1.1 200 OK\r\nDate: Mon, 01 Jan 2024 00:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: 9\r\nConnection: keep-alive\r\nApigw-Requestid: Wq1=\r\n\r\n{\"a\": 1}\n",
	"/lower":   "HTTP/1.1 200 OK\r\nx-z: 1\r\napigw-requestid: Wq1=\r\nX-a:  two  spaces \r\nX-A:again\r\nQuote: \"<&>\\\r\ncontent-length: 2\r\n\r\nok",
	"/missing": "HTTP/1.1 404 Not Found\r\ndate: x\r\nContent-Length: 23\r\napigw-requestid: q\r\n\r\n{\"message\":\"Not Found\"}",
	"/void":    "HTTP/1.1 200 OK\r\nEmpty:\r\nb:\r\nContent-Length: 0\r\n\r\n",
	"/empty":   "HTTP/1.1 204 No Content\r\nvary: Origin\r\nAccess-control-allow-origin: *\r\n\r\n",
	"/chunked": "HTTP/1.1 200 OK\r\ntransfer-Encoding: chunked\r\nX: y\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
	"/old":     "HTTP/1.0 200 Fine\r\nServer: old\r\n\r\nuntil the end",
	"/reason":  "HTTP/1.1 200 \r\nB: 1\r\nA: 2\r\nContent-Length: 0\r\n\r\n",
	"/there":   "HTTP/1.1 302 Found\r\nlocation: /lower\r\nContent-Length: 5\r\n\r\nmoved",
	"/see":     "HTTP/1.1 303 See Other\r\nLocation: /echo\r\nContent-Length: 0\r\n\r\n",
	"/moved":   "HTTP/1.1 301 Moved\r\nLocation: /echo?x=1\r\nContent-Length: 0\r\n\r\n",
	"/again":   "HTTP/1.1 307 Again\r\nLocation: echo\r\nContent-Length: 0\r\n\r\n",
	"/round":   "HTTP/1.1 302 Found\r\nLocation: /round\r\nContent-Length: 0\r\n\r\n",
	"/cookies": "HTTP/1.1 302 Found\r\nLocation: /lower\r\nSet-Cookie: b=2\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n",
	"/early":   "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nb: 1\r\na: 2\r\nContent-Length: 2\r\n\r\nhi",
	"/short":   "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nfour",
	"/cut":     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n",
	"/silent":  "",
	"/nine":    "just text\n",
	"/endless": "HTTP/1.1 200 OK\r\n" + strings.Repeat("X: 0123456789\r\n", 100000) + "\r\n",
	"/stuck":   "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour",
	"/busy":    "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy",
	// A REST API's preflight, as a captured one is ordered, and an HTTP API's.
	"/preflight": "HTTP/1.1 200 OK\r\nDate: Tue, 19 May 2020 00:55:22 GMT\r\nContent-Type: application/json\r\nContent-Length: 0\r\nConnection: keep-alive\r\nx-amzn-RequestId: a1b2\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: Content-Type,Authorization\r\nx-amz-apigw-id: Abcd=\r\nAccess-Control-Allow-Methods: GET,OPTIONS\r\n\r\n",
	"/204":       "HTTP/1.1 204 No Content\r\nDate: Tue, 19 May 2020 00:55:22 GMT\r\nConnection: keep-alive\r\naccess-control-allow-origin: https://a.example\r\nvary: origin\r\naccess-control-allow-methods: GET\r\napigw-requestid: Abcd=\r\n\r\n",
}

// rawServer answers from rawAnswers, so that nothing but the test decides on
// order and case, and on /echo with the very bytes of the request. /other
// redirects to the URL in the query. HEAD gets heads only.
func rawServer(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go rawServe(conn)
		}
	}()
	return "http://" + l.Addr().String()
}

func rawServe(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	var seen bytes.Buffer // the bytes that were read
	r := bufio.NewReaderSize(io.TeeReader(conn, &seen), 16)
	for {
		seen.Reset()
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		if req.Header.Get("Expect") != "" {
			_, _ = io.WriteString(conn, "HTTP/1.1 100 Continue\r\nx-Mark: 1\r\n\r\n")
		}
		body, _ := io.ReadAll(req.Body)
		head, _, _ := strings.Cut(seen.String(), "\r\n\r\n")
		answer, ok := rawAnswers[req.URL.Path]
		if req.URL.Path == "/echo" {
			text := fmt.Sprintf("%s\n%d bytes of body: %.60q\n", head, len(body), body)
			answer = fmt.Sprintf("HTTP/1.1 200 OK\r\nb-Echo: 1\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
		} else if req.URL.Path == "/other" {
			answer = "HTTP/1.1 302 Found\r\nLocation: " + req.URL.RawQuery + "\r\nContent-Length: 0\r\n\r\n"
		} else if !ok {
			answer = rawAnswers["/missing"]
		}
		if req.Method == http.MethodHead {
			if head, _, ok := strings.Cut(answer, "\r\n\r\n"); ok {
				answer = head + "\r\n\r\n"
			}
		}
		if _, err := io.WriteString(conn, answer); err != nil || req.Close || strings.HasPrefix(answer, "HTTP/1.0") || !strings.HasPrefix(answer, "HTTP") || strings.Contains(answer, "Connection: close") {
			return
		}
	}
}

// asCurl are invocations whose stdout, stderr and exit code must be curl's. URL
// is the server, OTHER the same on another port.
var asCurl = []string{
	`curl -s -i URL/`,
	`curl -s -i URL/lower`,
	`curl -s -I URL/lower`,
	`curl -s -I -X GET URL/lower`,
	`curl -s -v URL/lower`,
	`curl -s -v -I URL/`,
	`curl -s -v -d a=1 URL/echo`,
	`curl -sv -o /dev/null URL/ URL/lower`,
	`curl -s -i URL/empty URL/void URL/reason URL/chunked URL/old`,
	`curl -s -v URL/chunked`,
	`curl -s -i URL/early`,
	`curl -s -v URL/early`,
	`curl -s -D - URL/lower`,
	`curl -s -D h -o b URL/lower; cat h b`,
	`curl -s -D h URL/ URL/lower; cat h`,
	`curl -s -i -D - URL/missing`,
	`curl -s -i -o f URL/lower; cat f`,
	`curl -s -L -i URL/there`,
	`curl -s -i URL/there`,
	`curl -s -L -v URL/there`,
	`curl -s -L -D - -o /dev/null URL/there`,
	`curl -s -L -d a=1 URL/see; curl -s -L -d a=1 URL/moved; curl -s -L -d a=1 URL/again`,
	`curl -s -L -X PUT -d a=1 URL/see; curl -s -L -X PUT -d a=1 URL/moved; curl -s -L -X DELETE URL/moved; curl -s -L -X PATCH -d x URL/again`,
	`curl -s -L --json '{}' URL/see; curl -s -IL URL/see`,
	`curl -sS -L --max-redirs 2 URL/round -w '%{num_redirects} %{http_code}\n'`,
	`curl -sS -L -i --max-redirs 0 URL/there`,
	`curl -s -w '%{redirect_url} %{num_redirects} %{url_effective}\n' URL/there`,
	`curl -s -u me:pw -H 'Cookie: c=1' -H 'X-Mine: 1' -L 'URL/other?OTHER/echo'`,
	`curl -s -H 'Authorization: Bearer x' -L 'URL/other?OTHER/echo'`,
	`curl -s -H 'Authorization: Bearer x' -L 'URL/other?OTHER/other?URL/echo'`,
	`curl -s -H 'Authorization: Bearer x' -b d=2 -L 'URL/other?URL/echo'`,
	`curl -s -u me:pw -L 'URL/other?OTHER/other?URL/echo'`,
	`curl -s -u me:pw -L 'URL/other?OTHER/echo' URL/echo`,
	`curl -s -u me:pw -H 'Authorization: own' URL/echo; curl -s USERURL/echo; curl -s -u other:x USERURL/echo -w '%{url_effective}\n'`,
	`curl -s URL/echo -H 'x-lower: 1' -H 'X-UPPER:2' -H 'Empty;' -H 'Gone:' -H 'x-lower: 2'`,
	`curl -s URL/echo -H 'Host: api.example' -H 'accept: text/x' -H 'user-agent: me'`,
	`curl -s URL/echo -H 'Accept:' -H 'User-Agent:' -A x; curl -s -A '' URL/echo; curl -s -A agent -e http://ref/ -b 'a=1; b=2' URL/echo`,
	`curl -s URL/echo --json '{"a":1}'; curl -s URL/echo --json '{"a":' --json '1}' -H 'content-type: text/x'; curl -s URL/echo -H 'Accept: z' --json '[]'`,
	`curl -s URL/echo -d a -H 'Content-Type: application/json'; curl -s URL/echo -d a -H 'Content-Type:'; curl -s -d '' URL/echo; curl -s -X POST URL/echo`,
	`printf 'l1\nl2\n' > f; curl -s URL/echo -d @f; curl -s URL/echo --data-binary @f; curl -s URL/echo --data-raw @f; curl -s URL/echo --data-urlencode n@f; cat f | curl -s URL/echo -d @-; printf 'H1: a\nh2: b\n' | curl -s URL/echo -H @-; printf '%%{http_code}\n\\n.' > w; curl -s -o /dev/null -w @w URL/`,
	`curl -s -G -d a=1 --data-urlencode 'b=x y&' 'URL/echo?z=1'; curl -s -G -I -d a=1 URL/echo; curl -s 'URL/echo?a=%20b#frag'; curl -s URL/a/../echo; curl -s --path-as-is URL/a/../echo`,
	`curl -s -H 'Transfer-Encoding: chunked' -d abc URL/echo`,
	`curl -s -v -H 'Expect: 100-continue' -d abc URL/echo`,
	`seq 200000 > f; curl -s -i --data-binary @f URL/echo`,
	`curl -s -H "X-Long: $(seq -s, 1500)" URL/echo`,
	`curl -sS -f URL/missing`,
	`curl -sS -f -i URL/missing`,
	`curl -sv -f URL/missing`,
	`curl -sS --fail-with-body -i URL/missing`,
	`curl -s -f -o f URL/missing -w '%{http_code} %{exitcode} %{errormsg}\n'; ls`,
	`curl -s -f URL/missing URL/lower`,
	`curl -sS http://127.0.0.1:1/x -w '%{http_code}|%{url_effective}|%{content_type}|%{size_download}|%{exitcode}|%{http_version}|%{method}|%{num_headers}\n'`,
	`curl -sS -i -L 'URL/other?http://127.0.0.1:1/' 2>/dev/null`,
	`curl -sS http://nobody.invalid/ -w '%{http_code}\n'`,
	`curl -sS -v -i URL/silent`,
	`curl -sS URL/nine`,
	`curl -sS -i URL/short`,
	`curl -sS -i URL/cut`,
	`curl -s -o /dev/null URL/lower -w '%{header_json}\n'`,
	`curl -s -o /dev/null URL/cookies -w '%header{set-cookie}|%header{Location}|%header{none}|\n%{header_json}'`,
	`curl -s -L -o /dev/null URL/there -w '%{header_json}|%{num_headers}|%{size_header}|%{num_connects}|%{num_redirects}|%{url_effective}\n'`,
	`curl -s -o /dev/null URL/ -w '%{nope}%{http_code}%q%%\x\t%{no'`,
	`curl -s -o /dev/null URL/ -w 'a%{stderr}b%{stdout}c%{onerror}d'; curl -s -f URL/missing -w '%{onerror}%{exitcode}\n'`,
	`curl -s -o f URL/missing URL/ -w '%{urlnum}:%{filename_effective}:%{size_download}:%{remote_ip}\n'`,
	`curl -sS -I -d x URL/`,
	`curl -I -d x URL/`,
	`curl -sS --nonsense URL/; curl -sS URL/ -H; curl -sS URL/ --max-time`,
	`curl -sS -m 0.3 URL/stuck`,
	`curl -sS -o none/f URL/ 2>/dev/null`,
	`curl -sS ftpx://a/ 2>/dev/null`,
	`curl -s -k --compressed -H 'Accept-Encoding: gzip' --connect-timeout 5 --max-time 5 -X OPTIONS -H 'Origin: https://a' -v URL/empty`,
	`curl -s -v -X OPTIONS URL/preflight`,
	`curl -s -v --request OPTIONS URL/preflight -H 'Origin: https://a.example' -H 'Access-Control-Request-Method: GET'`,
	`curl -sv -XOPTIONS URL/204 -H 'Origin: https://a.example' -H 'Access-Control-Request-Method: GET' -H 'Access-Control-Request-Headers: authorization'`,
	`curl -s -i -X OPTIONS URL/204 URL/preflight`,
	`curl -s -i -H 'Origin: https://a.example' URL/lower`,
	`curl -H 'Origin: https://a.example' -s -i URL/missing`,
	`curl -s -X options URL/echo; curl -s --request 'OPTIONS' -d a URL/echo; curl -sI -X OPTIONS URL/preflight`,
	`curl -s URL/echo -H 'Origin: null' -H 'Origin: https://b.example' -H 'origin;' -H 'Access-Control-Request-Headers: a, B'`,
	`curl -s -o /dev/null -D - -X OPTIONS URL/preflight; curl -s -o /dev/null -X OPTIONS URL/204 -w '%{http_code} %{method} %header{access-control-allow-origin} %header{Vary}\n'`,
	`curl -sS -L -X OPTIONS URL/there -H 'Origin: https://a.example' -i`,
	`curl -s --head --request OPTIONS -v URL/204; curl -sv -X OPTIONS -f URL/missing`,
	`curl -sS --retry 1 -i URL/busy -w '%{http_code}\n'`,
	`curl -sS --retry 0 -f URL/busy; curl -sS --retry 3 -f URL/missing`,
}

var (
	curlVersion  = regexp.MustCompile(`curl/[0-9.]+`)
	curlPort     = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	curlTook     = regexp.MustCompile(`after \d+ (ms: .*|milliseconds)`)
	curlChatter  = regexp.MustCompile(`(?m)^(\*|[{}] \[).*\n`)
	curlManual   = regexp.MustCompile(`(?m)^curl: try .*\n`)
	curlSizeEcho = regexp.MustCompile(`Content-Length: \d+\r\n(\r|< \r)`)
)

// alike takes out what may differ: versions (their length shows in /echo's
// Content-Length), ports and what -v says besides the heads.
func alike(text string) string {
	text = curlVersion.ReplaceAllString(text, "curl/V")
	text = curlPort.ReplaceAllString(text, "127.0.0.1:PORT")
	text = curlTook.ReplaceAllString(text, "after N ms")
	text = curlChatter.ReplaceAllString(text, "")
	text = curlManual.ReplaceAllString(text, "")
	return curlSizeEcho.ReplaceAllString(text, "Content-Length: N\r\n$1")
}

// TestCurlHeads compares ours with the real curl where it shows heads.
func TestCurlHeads(t *testing.T) {
	t.Parallel()
	bin, err := exec.LookPath("curl")
	if err != nil {
		lacking(t, "curl")
	}
	server, other := rawServer(t), rawServer(t)
	words := strings.NewReplacer("USERURL", strings.Replace(server, "//", "//who:pass@", 1), "URL", server, "OTHER", other)
	for _, text := range asCurl {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			script := words.Replace(text)
			real := exec.CommandContext(t.Context(), "bash", "-c", "curl() { "+bin+" -q \"$@\"; }\n"+script)
			real.Dir = t.TempDir()
			var stdout, stderr bytes.Buffer
			real.Stdout, real.Stderr = &stdout, &stderr
			code := 0
			if err := real.Run(); err != nil {
				exit, ok := errors.AsType[*exec.ExitError](err)
				if !ok {
					t.Fatal(err)
				}
				code = exit.ExitCode()
			}
			cfg := shell.Config{}
			cfg.Tools.Allow = func(*url.URL) error { return nil }
			ours := newWorld(t, cfg).run("set +e\n" + script)
			if diff := cmp.Diff(alike(stdout.String()), alike(ours.out)); diff != "" {
				t.Errorf("stdout, - curl, + ours:\n%s", diff)
			}
			if diff := cmp.Diff(alike(stderr.String()), alike(ours.err)); diff != "" {
				t.Errorf("stderr, - curl, + ours:\n%s", diff)
			}
			if ours.Code != code {
				t.Errorf("exit code %d, curl's is %d", ours.Code, code)
			}
		})
	}
}

// TestCurlSecrets sees that what a student proves himself with stays with the
// scheme, host and port he named, and comes back to nobody for -u.
func TestCurlSecrets(t *testing.T) {
	t.Parallel()
	server, other := rawServer(t), rawServer(t)
	cfg := shell.Config{}
	cfg.Tools.Allow = func(*url.URL) error { return nil }
	w := newWorld(t, cfg)
	for _, secret := range []string{"-u me:secret1", "-H 'Authorization: secret1'", "-H 'cookie: a=secret1'", "-b a=secret1"} {
		for _, there := range []string{other, strings.Replace(server, "127.0.0.1", "b.localhost", 1)} {
			o := w.run("curl -sS -L " + secret + " '" + server + "/other?" + there + "/echo'")
			if lower := strings.ToLower(o.out); o.Code != 0 || !strings.Contains(o.out, "GET /echo") || strings.Contains(lower, "secret1") || strings.Contains(lower, "authorization") || strings.Contains(lower, "cookie") {
				t.Errorf("%s went to %s, code %d:\n%s%s", secret, there, o.Code, o.out, o.err)
			}
		}
		if o := w.run("curl -sS -L " + secret + " '" + server + "/other?" + server + "/echo'"); !strings.Contains(strings.ToLower(o.out), "\nauthorization: ") && !strings.Contains(o.out, "a=secret1") {
			t.Errorf("%s did not go to where it may:\n%s", secret, o.out)
		}
	}
	if o := w.run("echo x > jar; curl -sS -b jar " + server + "/echo"); o.Code != 2 || !strings.Contains(o.err, "'jar'") || o.out != "" {
		t.Errorf("-b FILE: code %d, %s%s", o.Code, o.out, o.err)
	}
}

// TestCurlTLS compares https: over HTTP/1.1 heads come as they were sent, over
// HTTP/2 in lower case.
func TestCurlTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = nil
		w.Header()["apigw-requestid"] = []string{r.Proto}
		_, _ = io.WriteString(w, "ok\n")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	cfg := shell.Config{}
	cfg.Tools.Allow = func(*url.URL) error { return nil }
	w := newWorld(t, cfg)
	for text, want := range map[string]string{
		"curl -sS -k -i URL/":           "HTTP/2 200 \r\napigw-requestid: HTTP/2.0\r\ncontent-length: 3\r\ncontent-type: text/plain; charset=utf-8\r\n\r\nok\n",
		"curl -sS -k -i --http1.1 URL/": "HTTP/1.1 200 OK\r\napigw-requestid: HTTP/1.1\r\nContent-Length: 3\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nok\n",
		"curl -sS -k -v -o /dev/null -H 'X-Mine: a' URL/ 2>&1 | grep '^[<>]'": "> GET / HTTP/2\r\n> Host: HOST\r\n> user-agent: curl/V\r\n> accept: */*\r\n> x-mine: a\r\n> \r\n" +
			"< HTTP/2 200 \r\n< apigw-requestid: HTTP/2.0\r\n< content-length: 3\r\n< content-type: text/plain; charset=utf-8\r\n< \r\n",
		"curl -sS -k -v -o /dev/null --http1.1 URL/ 2>&1 | grep '^[>]'": "> GET / HTTP/1.1\r\n> Host: HOST\r\n> User-Agent: curl/V\r\n> Accept: */*\r\n> \r\n",
		"curl -sS -k URL/ URL/ -w '%{http_version} %{num_connects} '":   "ok\n2 1 ok\n2 0 ",
	} {
		o := w.run(strings.ReplaceAll(text, "URL/", server.URL+"/"))
		got := strings.ReplaceAll(curlVersion.ReplaceAllString(o.out, "curl/V"), strings.TrimPrefix(server.URL, "https://"), "HOST")
		if got != want || o.Code != 0 {
			t.Errorf("%s: code %d, %s\n%s", text, o.Code, o.err, cmp.Diff(want, got))
		}
	}
	if o := w.run("curl -sS " + server.URL); o.Code != 60 || !strings.Contains(o.err, "SSL certificate problem") {
		t.Errorf("an unknown certificate: code %d, %s", o.Code, o.err)
	}
}

// TestCurlEndlessHead sees that a head is bounded.
func TestCurlEndlessHead(t *testing.T) {
	t.Parallel()
	cfg := shell.Config{}
	cfg.Tools.Allow = func(*url.URL) error { return nil }
	if o := newWorld(t, cfg).run("curl -sS -i " + rawServer(t) + "/endless"); o.Code != 56 || len(o.out) > 310<<10 || o.err == "" {
		t.Errorf("code %d, %d bytes, %s", o.Code, len(o.out), o.err)
	}
}
