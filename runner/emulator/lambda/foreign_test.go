package lambda

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/awsproto"
)

// newAPI is a Runtime API whose calls a test makes by itself.
func newAPI(t testing.TB) *runtimeAPI {
	t.Helper()
	closed := make(chan struct{})
	api, err := newRuntimeAPI(closed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		close(closed)
		api.close()
	})
	return api
}

func (a *runtimeAPI) ask(method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, "/", strings.NewReader(body))
	r.URL.Path = runtimePrefix + path
	a.ServeHTTP(w, r)
	return w
}

// hand gives an invocation to the runtime.
func (a *runtimeAPI) hand(t testing.TB, id string) {
	t.Helper()
	go func() {
		select {
		case a.work <- &invocation{requestID: id, payload: []byte("{}")}:
		case <-a.closed:
		}
	}()
	if got := a.ask("GET", "invocation/next", "").Header().Get("Lambda-Runtime-Aws-Request-Id"); got != id {
		t.Fatalf("the invocation is %q, want %q", got, id)
	}
}

// An answer that nobody waits for must not become the answer to the next
// invocation.
func TestAnswersThatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	const unknown = `400 {"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}`
	post := func(path, want string) {
		t.Helper()
		w := api.ask("POST", path, `"by `+path+`"`)
		if diff := cmp.Diff(want, fmt.Sprint(w.Code, " ", w.Body)); diff != "" {
			t.Errorf("%s:\n%s", path, diff)
		}
	}
	post("invocation/one/response", unknown)
	api.hand(t, "one")
	post("invocation/two/response", unknown)
	post("invocation/one/response", `202 {"status":"OK"}`)
	post("invocation/one/response", unknown)
	post("invocation/one/error", unknown)
	api.hand(t, "two")
	post("init/error", `403 {"errorMessage":"State transition from Running to InitError failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}`)
	post("invocation/one/response", unknown)
	post("invocation/two/error", `202 {"status":"OK"}`)
	var got []string
	for range len(api.answers) {
		said := <-api.answers
		got = append(got, said.requestID+" "+string(said.payload))
	}
	if diff := cmp.Diff([]string{`one "by invocation/one/response"`, `two "by invocation/two/error"`}, got); diff != "" {
		t.Error(diff)
	}
}

// A function may ask for work from several threads at once.
func TestManyAskForWork(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	answered := make(chan string)
	for range 8 {
		go func() {
			answered <- api.ask("GET", "invocation/next", "").Header().Get("Lambda-Runtime-Aws-Request-Id")
		}()
	}
	<-api.ready
	seen := map[string]bool{}
	for _, id := range strings.Split("abcdefgh", "") {
		api.work <- &invocation{requestID: id}
		seen[<-answered] = true
	}
	if len(seen) != 8 {
		t.Errorf("handed out: %v", seen)
	}
}

// An error of the init phase is taken once.
func TestInitErrors(t *testing.T) {
	t.Parallel()
	api := newAPI(t)
	for i, want := range []int{http.StatusAccepted, http.StatusForbidden} {
		if w := api.ask("POST", "init/error", "{}"); w.Code != want {
			t.Errorf("error %d: %d %s", i+1, w.Code, w.Body)
		}
	}
	if len(api.answers) != 1 {
		t.Errorf("%d answers were taken", len(api.answers))
	}
}

func FuzzRuntimeAPI(f *testing.F) {
	f.Add("GET", "invocation/next", "", "")
	f.Add("POST", "invocation/one/response", `{"a":1}`, "")
	f.Add("POST", "invocation/one/error", `{"errorType":"E"}`, "Function.Unknown")
	f.Add("POST", "init/error", "\x00", "Runtime.ImportError")
	f.Add("POST", "invocation//response", "", "")
	f.Fuzz(func(t *testing.T, method, path, body, kind string) {
		closed := make(chan struct{})
		api := &runtimeAPI{ready: make(chan struct{}), work: make(chan *invocation, 1), answers: make(chan *answer, 2), closed: closed}
		defer close(closed)
		api.hand(t, "one")
		api.work <- &invocation{requestID: "two"} // for a second question
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Method, r.URL.Path = method, runtimePrefix+path
		r.Header["Lambda-Runtime-Function-Error-Type"] = []string{kind}
		api.ServeHTTP(w, r)
		if taken := len(api.answers); taken > 1 || (taken == 1) != (w.Code == http.StatusAccepted) {
			t.Fatalf("%s %q: %d answers taken, status %d", method, path, taken, w.Code)
		} else if taken == 1 {
			if said := <-api.answers; said.requestID != "one" || string(said.payload) != body || said.kind != kind {
				t.Fatalf("%s %q: taken as %+v", method, path, said)
			}
		}
	})
}

// claims is a package whose files say that they have a size when unpacked.
func claims(t testing.TB, sizes ...uint64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, size := range sizes {
		w, err := z.CreateRaw(&zip.FileHeader{Name: string(rune('a' + i)), Method: zip.Deflate, UncompressedSize64: size, CompressedSize64: 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte{3, 0}); err != nil { // deflate's empty stream
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPackagesThatClaimTooMuch(t *testing.T) {
	t.Parallel()
	for name, sizes := range map[string][]uint64{
		"one too large":            {maxUnzipped + 1},
		"two too large together":   {maxUnzipped, 1},
		"two that come round to 0": {1 << 63, 1 << 63},
	} {
		if err := checkZip(claims(t, sizes...)); err == nil || !strings.Contains(err.Error(), "Unzipped size must be smaller than 262144000 bytes") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := checkZip(claims(t, maxUnzipped-1, 1)); err != nil {
		t.Errorf("just what fits: %v", err)
	}
}

// oneBlob is a code store of one package.
type oneBlob []byte

func (b oneBlob) Put([]byte) (string, error) { return "sum", nil }
func (b oneBlob) Get(string) ([]byte, error) { return b, nil }

func FuzzZip(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"a.py", "dir/", "dir/b.py"} {
		w, err := z.Create(name)
		if err != nil {
			f.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			continue
		}
		if _, err := io.WriteString(w, "text"); err != nil {
			f.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(bytes.Replace(b.Bytes(), []byte("dir/b.py"), []byte("../../xx"), 2))
	f.Add(bytes.Replace(b.Bytes(), []byte("dir/b.py"), []byte("a.py/b.c"), 2))
	f.Add(claims(f, 1<<63, 1<<63))
	f.Add([]byte("PK"))
	f.Add(binary.LittleEndian.AppendUint32(nil, 0x06054b50))
	f.Fuzz(func(t *testing.T, data []byte) {
		if checkZip(data) != nil {
			return
		}
		home := t.TempDir()
		dir := filepath.Join(home, "scratch")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		p := newPool(Config{Code: oneBlob(data)})
		p.dir = dir
		// A package may be damaged inside; what it may not is write elsewhere.
		_, _ = p.unpack(version{settings: settings{Code: "sum"}})
		entries, err := os.ReadDir(home)
		if err != nil || len(entries) != 1 {
			t.Fatalf("beside the scratch folder: %v, %v", entries, err)
		}
		tasks, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range tasks {
			if !strings.HasPrefix(task.Name(), "task-sum") {
				t.Fatalf("beside the task folder: %s", task.Name())
			}
		}
	})
}

func FuzzFunctionName(f *testing.F) {
	for _, name := range []string{"f", "f:$LATEST", "f:1", "f:live", "function:f", "123456789012:function:f:1", "arn:aws:lambda:ap-northeast-2:123456789012:function:f:live", "arn:aws:lambda:us-east-1:1:function:f", "", ":", "f:"} {
		f.Add(name)
	}
	s := New(Config{})
	call := &awsproto.Call{Region: "ap-northeast-2", Account: "123456789012", Time: time.Unix(0, 0)}
	f.Fuzz(func(t *testing.T, name string) {
		got, err := s.parseName(call, &name)
		if err != nil {
			return
		}
		full := "arn:aws:lambda:ap-northeast-2:123456789012:function:" + got.name
		if got.qualifier != "" {
			full += ":" + got.qualifier
		}
		again, err := s.parseName(call, aws.String(full))
		if len(full) <= 170 && (err != nil || again != got) {
			t.Fatalf("%q is %+v; its ARN %q is %+v, %v", name, got, full, again, err)
		}
		if strings.ContainsAny(got.name, ":/ \n") {
			t.Fatalf("%q gives the name %q", name, got.name)
		}
	})
}
