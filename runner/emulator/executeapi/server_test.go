package executeapi_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"awslab/runner/emulator/executeapi"
)

// say writes bytes to a server and reads its answer.
func say(t *testing.T, addr, text string) (*http.Response, string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(text, " ")
	response, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	body, _ := io.ReadAll(response.Body)
	return response, string(body)
}

// What comes over a wire, as net/http takes it.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `{"statusCode":200,"headers":{"x-a":"1"},"body":"hello"}`)
	w.deploy(deployment("$default", "ANY /a", "ANY /x/{proxy+}"))
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	addr := server.Listener.Addr().String()
	hostLine := "Host: " + host + "\r\n"

	response, body := say(t, addr, "GET /a HTTP/1.0\r\n"+hostLine+"\r\n")
	if response.StatusCode != http.StatusOK || body != "hello" {
		t.Errorf("HTTP/1.0: %d %q", response.StatusCode, body)
	}
	if protocol := w.event(t, hello)["requestContext"].(map[string]any)["http"].(map[string]any)["protocol"]; protocol != "HTTP/1.0" {
		t.Errorf("protocol %v", protocol)
	}
	response, body = say(t, addr, "HEAD /a HTTP/1.1\r\n"+hostLine+"Connection: close\r\n\r\n")
	if response.StatusCode != http.StatusOK || body != "" || response.ContentLength != 5 {
		t.Errorf("HEAD: %d %q, length %d", response.StatusCode, body, response.ContentLength)
	}
	say(t, addr, "POST /a HTTP/1.1\r\n"+hostLine+"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
	event := w.event(t, hello)
	if event["body"] != "abcde" || event["headers"].(map[string]any)["content-length"] != "5" || event["headers"].(map[string]any)["transfer-encoding"] != nil {
		t.Errorf("chunked: %v", event)
	}
	for target, want := range map[string]int{
		"/x/../../etc": 200, "/x/a%2Fb": 200, "/x/%00": 200, "/x/%ff%fe": 200, "/x//": 200, "//a": 404, "/a/": 404, "/x/%zz": 400, "/a?%zz=%": 200, "*": 404,
	} {
		method := "GET"
		if target == "*" {
			method = "OPTIONS"
		}
		response, _ := say(t, addr, method+" "+target+" HTTP/1.1\r\n"+hostLine+"Connection: close\r\n\r\n")
		if target == "*" { // net/http answers it by itself
			want = 200
		}
		if response.StatusCode != want {
			t.Errorf("%s: %d, want %d", target, response.StatusCode, want)
		}
	}
	// The request id's name is in lower case to the byte on an error.
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	fmt.Fprintf(c, "GET /none HTTP/1.1\r\n%sConnection: close\r\n\r\n", hostLine)
	raw, _ := io.ReadAll(c)
	if !strings.Contains(string(raw), "\r\napigw-requestid: ") || strings.Contains(string(raw), "Apigw") {
		t.Errorf("%s", raw)
	}
}

// Many requests, clients that go away, timeouts and upstreams leave nothing
// behind. It counts the goroutines of the whole process, so it runs alone.
func TestNothingIsLeftBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		w := newWorld(t, func(cfg *executeapi.Config) { cfg.AfterFunc = nil; cfg.Random = nil })
		w.function(hello, `"ok"`)
		slow := hello + "-slow"
		w.handle(slow, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
			<-ctx.Done()
			return executeapi.Reply{}, ctx.Err()
		})
		upstream := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/hang" {
				<-r.Context().Done()
			}
			fmt.Fprint(rw, "ok")
		}))
		d := deployment("$default", "GET /a", "GET /slow", "GET /proxy", "GET /hang")
		for i, uri := range []string{invocation(slow), upstream.URL, upstream.URL + "/hang"} {
			in := d.Integrations[0]
			id := fmt.Sprint("int", i+2)
			in.IntegrationId, in.IntegrationUri, in.TimeoutInMillis = &id, &uri, aws.Int32(50)
			if i > 0 {
				in.IntegrationType, in.IntegrationMethod = "HTTP_PROXY", aws.String("ANY")
			}
			d.Integrations = append(d.Integrations, in)
			d.Routes[i+1].Target = aws.String("integrations/" + id)
		}
		w.deploy(d)
		server := httptest.NewServer(w.Handler)
		client := &http.Client{Transport: &http.Transport{}}
		var group sync.WaitGroup
		for i := range 400 {
			group.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				path := []string{"/a", "/slow", "/proxy", "/hang", "/none"}[i%5]
				r, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/_aws/execute-api/"+apiID+"/$default"+path, nil)
				if i%3 == 0 {
					time.AfterFunc(5*time.Millisecond, cancel) // a client that is impatient
				}
				response, err := client.Do(r)
				if err == nil {
					_, _ = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
				}
			})
		}
		group.Wait()
		client.CloseIdleConnections()
		server.Close()
		w.Close()
		upstream.Close()
	}()
	deadline := time.Now().Add(10 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if after := runtime.NumGoroutine(); after > before {
		buffer := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after:\n%s", before, after, buffer[:runtime.Stack(buffer, true)])
	}
}
