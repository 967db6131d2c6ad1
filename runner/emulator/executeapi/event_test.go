package executeapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/executeapi"
)

var update = flag.Bool("update", false, "write the recorded events anew")

// golden holds JSON against a file, the order of members included. The files
// were made from AWS-BEHAVIOUR §1.2 and §1.5 and the captures that event.go and
// restevent.go name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(indented(t, got)), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), indented(t, got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// everything is a request with all that an event can have, and the API for it.
func everything(format string) (*executeapi.Deployed, *http.Request) {
	d := deployment("dev", "POST /pets/{id}/{proxy+}")
	d.Integrations[0].PayloadFormatVersion = aws.String(format)
	d.Stage.StageVariables = map[string]string{"b": "2", "a": "1"}
	r := request(http.MethodPost, "/dev/pets/caf%C3%A9/a/b%2Fc?dup=one&dup=two&empty=&encoded=a%2Bb&plus=a+b", `{"k":"v"}`)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "curl/7.88.1")
	r.Header.Set("Accept", "*/*")
	r.Header.Set("X-Forwarded-For", "198.51.100.2")
	r.Header.Add("X-Two", "1")
	r.Header.Add("X-Two", "2")
	r.Header.Add("Cookie", "a=1; b=2")
	r.Header.Add("Cookie", "c=3")
	r.Header.Set("Connection", "keep-alive")
	return d, r
}

func TestEvent2(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	d, r := everything("2.0")
	w.deploy(d)
	if got := w.do(r); got.status != 200 {
		t.Fatalf("%+v", w.trace())
	}
	golden(t, "event-2.0.json", w.rawEvent(t, hello))
}

// As AWS sends it for a bare GET: nothing that is empty, content-length all the
// same (stackd, "http-before…ready-http-0").
func TestBareEvent2(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "ANY /echo"))
	w.get("/echo")
	golden(t, "event-2.0-bare.json", w.rawEvent(t, hello))
}

func TestEvent1(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `{"statusCode":200}`)
	d, r := everything("1.0")
	w.deploy(d)
	if got := w.do(r); got.status != 200 {
		t.Fatalf("%+v", w.trace())
	}
	golden(t, "event-1.0.json", w.rawEvent(t, hello))
}

func TestBareEvent1(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `{"statusCode":200}`)
	d := deployment("$default", "$default")
	d.Integrations[0].PayloadFormatVersion = aws.String("1.0")
	w.deploy(d)
	w.get("/question")
	golden(t, "event-1.0-bare.json", w.rawEvent(t, hello))
}

// Which bodies are text (ministackorg/ministack#766).
func TestBodiesInEvents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		contentType, body, want string
		encoded                 bool
	}{
		{"text/plain", "a", "a", false},
		{"TEXT/HTML; charset=utf-8", "a", "a", false},
		{"application/json", `{"a":1}`, `{"a":1}`, false},
		{"application/xml", "<a/>", "<a/>", false},
		{"application/javascript", "a()", "a()", false},
		{"application/json;charset=", "{}", "{}", false}, // malformed parameters
		{"application/problem+json", "{}", "e30=", true},
		{"application/x-www-form-urlencoded", "a=1", "YT0x", true},
		{"application/octet-stream", "\xff\x00", "/wA=", true},
		{"", "a", "YQ==", true},
	} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		w.deploy(deployment("$default", "POST /"))
		r := request(http.MethodPost, "/", tt.body)
		if tt.contentType != "" {
			r.Header.Set("Content-Type", tt.contentType)
		}
		w.do(r)
		if event := w.event(t, hello); event["body"] != tt.want || event["isBase64Encoded"] != tt.encoded {
			t.Errorf("%q: body %v, encoded %v", tt.contentType, event["body"], event["isBase64Encoded"])
		}
	}
}

// Paths come decoded, and end at a question mark that was escaped.
func TestPathsInEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "$default"))
	for target, want := range map[string]string{
		"/":                  "/",
		"/a%20b":             "/a b",
		"/RSC/%40id%2Fx%23y": "/RSC/@id/x#y", // honojs/hono#2156
		"/me%3Fadmin=true":   "/me",          // middleapi/standard-server#93
		"/a/../b":            "/a/../b",
		"//a//":              "//a//",
		"/%00":               "/\x00",
		"/%ff":               "/\ufffd",
		"/thing/":            "/thing/",
	} {
		if got := w.get(target); got.status != 200 {
			t.Errorf("%s: %+v", target, w.trace())
			continue
		}
		event := w.event(t, hello)
		path := event["requestContext"].(map[string]any)["http"].(map[string]any)["path"]
		if event["rawPath"] != want || path != want {
			t.Errorf("%s: rawPath %q, path %q, want %q", target, event["rawPath"], path, want)
		}
	}
}

// An event is JSON whatever a client sends.
func FuzzEvents(f *testing.F) {
	f.Add("GET", "/a?b=c", "X-A", "v", "text/plain", []byte("body"))
	f.Add("POST", "/%ff/%00?%zz&&=&a=%", "Cookie", ";;a=\x80;", "application/json", []byte{0xff})
	f.Fuzz(func(t *testing.T, method, target, name, value, contentType string, body []byte) {
		r := request(http.MethodGet, "/", "")
		r.Method = method
		path, query, _ := strings.Cut(target, "?")
		u := *r.URL
		u.Path, u.RawQuery = "/"+strings.TrimPrefix(path, "/"), query
		r.URL = &u
		r.Header[http.CanonicalHeaderKey(name)] = []string{value}
		r.Header["Content-Type"] = []string{contentType}
		for _, format := range []string{"1.0", "2.0"} {
			w := newWorld(t, nil)
			w.function(hello, `{"statusCode":200}`)
			d := deployment("$default", "ANY /{first}/{proxy+}", "$default")
			d.Integrations[0].PayloadFormatVersion = aws.String(format)
			w.deploy(d)
			again := r.Clone(t.Context())
			again.Body, again.ContentLength = readCloser{bytes.NewReader(body)}, int64(len(body))
			w.do(again)
			if w.trace().Reason == "panic" {
				t.Fatal(w.trace().Detail)
			}
			for _, event := range w.events[hello] {
				if !json.Valid(event) {
					t.Errorf("%s", event)
				}
			}
		}
	})
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }
