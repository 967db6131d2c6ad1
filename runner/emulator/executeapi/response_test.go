package executeapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

func TestResponses(t *testing.T) {
	t.Parallel()
	json, plain := http.Header{"Content-Type": {"application/json"}}, http.Header{"Content-Type": {"text/plain;charset=UTF-8"}}
	for _, tt := range []struct {
		format, payload string
		status          int // 0: malformed
		body            string
		header          http.Header
	}{
		// 2.0: what has no statusCode is the body.
		{"2.0", `{"message":"hi","n":1}`, 200, `{"message":"hi","n":1}`, json},
		{"2.0", `"Hello from Lambda!"`, 200, `"Hello from Lambda!"`, json},
		{"2.0", `[1,2]`, 200, `[1,2]`, json},
		{"2.0", `null`, 200, `null`, json},
		{"2.0", `7`, 200, `7`, json},
		{"2.0", `{"body":"x"}`, 200, `{"body":"x"}`, json},
		{"2.0", `{}`, 200, `{}`, json},
		{"2.0", `not json`, 0, "", nil},
		{"2.0", ``, 0, "", nil},
		// What both formats share.
		{"", `{"statusCode":200,"body":"x"}`, 200, "x", plain},
		{"", `{"statusCode":"201","body":"x"}`, 201, "x", plain},
		{"", `{"statusCode":404}`, 404, "", http.Header{"Content-Type": nil}},
		{"", `{"statusCode":200,"headers":null,"body":null,"isBase64Encoded":null}`, 200, "", nil},
		{"", `{"statusCode":200,"headers":{"content-TYPE":"a/b","x-n":1,"x-b":true,"x-null":null},"body":"x"}`, 200, "x", http.Header{"Content-Type": {"a/b"}, "X-N": {"1"}, "X-B": {"true"}, "X-Null": nil}},
		{"", `{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, 200, "hi", plain},
		{"", `{"statusCode":200,"body":5,"extra":{"a":1}}`, 200, "5", plain},
		{"", `{"statusCode":200,"headers":{"Content-Length":"99","Connection":"close","Transfer-Encoding":"x","Date":"then"},"body":"x"}`, 200, "x", http.Header{"Content-Length": {"1"}, "Connection": nil, "Transfer-Encoding": nil, "Date": nil}},
		{"", `{"statusCode":204,"body":"x"}`, 204, "", nil},
		{"", `{"statusCode":"abc"}`, 0, "", nil},
		{"", `{"statusCode":99}`, 0, "", nil},
		{"", `{"statusCode":1000}`, 0, "", nil},
		{"", `{"statusCode":200.5}`, 0, "", nil},
		{"", `{"statusCode":{}}`, 0, "", nil},
		{"", `{"statusCode":200,"headers":[]}`, 0, "", nil},
		{"", `{"statusCode":200,"headers":{"a":["b"]}}`, 0, "", nil},
		{"", `{"statusCode":200,"headers":{"a b":"c"}}`, 0, "", nil},
		{"", `{"statusCode":200,"headers":{"a":"b\r\nSet-Cookie: c"}}`, 0, "", nil},
		{"", `{"statusCode":200,"body":{"a":1}}`, 0, "", nil},
		{"", `{"statusCode":200,"body":"!","isBase64Encoded":true}`, 0, "", nil},
		{"", `{"statusCode":200,"isBase64Encoded":"perhaps"}`, 0, "", nil},
		// Cookies and lists belong to one format each.
		{"2.0", `{"statusCode":200,"cookies":["a=1","b=2; Secure"],"headers":{"set-cookie":"c=3"}}`, 200, "", http.Header{"Set-Cookie": {"c=3", "a=1", "b=2; Secure"}}},
		{"2.0", `{"statusCode":200,"multiValueHeaders":{"Content-Type":["a/b"]},"body":"x"}`, 200, "x", plain}, // aws-powertools#2464
		{"2.0", `{"statusCode":200,"cookies":"a=1"}`, 0, "", nil},
		{"1.0", `{"statusCode":200,"multiValueHeaders":{"X-A":["1","2"]},"headers":{"x-a":"3"}}`, 200, "", http.Header{"X-A": {"1", "2", "3"}}},
		{"1.0", `{"statusCode":200,"multiValueHeaders":{"X-A":"1"}}`, 0, "", nil},
		{"1.0", `{"statusCode":200,"cookies":["a=1"]}`, 200, "", http.Header{"Set-Cookie": nil}},
		{"1.0", `{"message":"hi"}`, 0, "", nil},
		{"1.0", `"hi"`, 0, "", nil},
		{"1.0", `{"statusCode":null}`, 0, "", nil},
		{"1.0", `null`, 0, "", nil},
	} {
		formats := []string{tt.format}
		if tt.format == "" {
			formats = []string{"1.0", "2.0"}
		}
		for _, format := range formats {
			w := newWorld(t, nil)
			w.function(hello, tt.payload)
			d := deployment("$default", "GET /")
			d.Integrations[0].PayloadFormatVersion = aws.String(format)
			w.deploy(d)
			got := w.get("/")
			if tt.status == 0 {
				w.wantError(t, got, 500, "Internal Server Error", "malformed-response")
				continue
			}
			if got.status != tt.status || got.body != tt.body {
				t.Errorf("%s %s: %d %q (%s)", format, tt.payload, got.status, got.body, w.trace().Detail)
			}
			for name, want := range tt.header {
				if !slices.Equal(got.header[name], want) {
					t.Errorf("%s %s: %s is %q, want %q", format, tt.payload, name, got.header[name], want)
				}
			}
		}
	}
}

// A function cannot break the server, whatever it says, nor put a second answer
// into the first.
func FuzzResponses(f *testing.F) {
	f.Add(`{"statusCode":200,"headers":{"a":"b"},"multiValueHeaders":{"c":["d"]},"cookies":["e"],"body":"Zg==","isBase64Encoded":true}`)
	f.Add(`{"statusCode":"204","headers":{"\r\n":"\u0000"}}`)
	f.Add(`"x"`)
	f.Fuzz(func(t *testing.T, payload string) {
		for _, format := range []string{"1.0", "2.0"} {
			w := newWorld(t, nil)
			w.function(hello, payload)
			d := deployment("$default", "GET /")
			d.Integrations[0].PayloadFormatVersion = aws.String(format)
			w.deploy(d)
			got := w.get("/")
			if w.trace().Reason == "panic" || got.status < 200 || got.status > 599 {
				t.Fatalf("%s: %d, %+v", format, got.status, w.trace())
			}
			for name, values := range got.header {
				if strings.ContainsAny(name+strings.Join(values, ""), "\r\n") {
					t.Errorf("%s: header %q: %q", format, name, values)
				}
			}
		}
	})
}
