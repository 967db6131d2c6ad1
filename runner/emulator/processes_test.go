//go:build linux

package emulator_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// ownRuntime is a runtime as a student would write one, on nothing but a
// socket: it answers each event with what it was given.
const ownRuntime = `package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

func main() {
	addr := os.Getenv("AWS_LAMBDA_RUNTIME_API")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		panic(err)
	}
	in := bufio.NewReader(conn)
	call := func(method, path, body string) (map[string]string, string) {
		fmt.Fprintf(conn, "%s /2018-06-01/runtime/%s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n%s", method, path, addr, len(body), body)
		headers := map[string]string{}
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				os.Exit(0)
			}
			if line = strings.TrimSpace(line); line == "" {
				break
			}
			name, value, _ := strings.Cut(line, ":")
			headers[strings.ToLower(name)] = strings.TrimSpace(value)
		}
		length, _ := strconv.Atoi(headers["content-length"])
		answer := make([]byte, length)
		if _, err := io.ReadFull(in, answer); err != nil {
			os.Exit(0)
		}
		return headers, string(answer)
	}
	for {
		headers, event := call("GET", "invocation/next", "")
		id := headers["lambda-runtime-aws-request-id"]
		fmt.Println("handling", event)
		if strings.Contains(event, "fail") {
			call("POST", "invocation/"+id+"/error", ` + "`" + `{"errorType":"Own","errorMessage":"as asked"}` + "`" + `)
			continue
		}
		call("POST", "invocation/"+id+"/response", ` + "`" + `{"handler":"` + "`" + `+os.Getenv("_HANDLER")+` + "`" + `","event":` + "`" + `+event+"}")
	}
}
`

// executable is a deployment package of one program called bootstrap.
func executable(t *testing.T, source string) []byte {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", "bootstrap", "main.go")
	build.Dir, build.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program, err := os.ReadFile(filepath.Join(dir, "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	f, err := z.CreateHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(program); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFunctionOfTheStudentsOwnProgram(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, "", func(in *lambda.CreateFunctionInput) {
		in.Runtime, in.Handler, in.Code.ZipFile = types.RuntimeProvidedal2023, aws.String("any.thing"), executable(t, ownRuntime)
	})
	answer, failed, log := w.invoke(t, `{"n":1}`)
	if want := `{"handler":"any.thing","event":{"n":1}}`; answer != want || failed != "" {
		t.Errorf("it answers %s (%s), want %s", answer, failed, want)
	}
	if !strings.Contains(log, "handling {\"n\":1}\n") || !strings.Contains(log, "Init Duration") {
		t.Errorf("its log:\n%s", log)
	}
	answer, failed, log = w.invoke(t, `"fail"`)
	if want := `{"errorType":"Own","errorMessage":"as asked"}`; answer != want || failed != "Unhandled" {
		t.Errorf("it answers %s (%s), want %s", answer, failed, want)
	}
	if strings.Contains(log, "Init Duration") {
		t.Errorf("an error of an invocation ended the instance:\n%s", log)
	}
}

// A function that looks for another's files: code and /tmp.
const snoop = `import os

def read(path):
    try:
        if os.path.isdir(path):
            return repr(os.listdir(path))
        with open(path) as f:
            return f.read()
    except OSError as e:
        return type(e).__name__

def lambda_handler(event, context):
    tmp = os.environ["TMPDIR"]
    with open(tmp + "/secret", "w") as f:
        f.write("of " + context.function_name)
    return {"task": os.environ["LAMBDA_TASK_ROOT"], "tmp": tmp, "read": {path: read(path) for path in event}}
`

func TestAFunctionCannotReadAnothersFiles(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, snoop+"# one\n", nil)
	if _, err := w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("g"), Role: aws.String("arn:aws:iam::123456789012:role/r"), Runtime: types.RuntimePython314,
		Handler: aws.String("lambda_function.lambda_handler"), Code: &types.FunctionCode{ZipFile: zipped(t, "lambda_function.py", snoop+"# two\n")},
	}); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		Task, Tmp string
		Read      map[string]string
	}
	ask := func(name string, paths ...string) (a answer) {
		t.Helper()
		payload, err := json.Marshal(append([]string{}, paths...))
		if err != nil {
			t.Fatal(err)
		}
		out, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String(name), Payload: payload})
		if err != nil || out.FunctionError != nil {
			t.Fatalf("%s: %+v, %v", name, out, err)
		}
		if err := json.Unmarshal(out.Payload, &a); err != nil {
			t.Fatal(err)
		}
		return a
	}
	one := ask("f")
	own := []string{filepath.Join(one.Task, "lambda_function.py"), filepath.Join(one.Tmp, "secret")}
	for path, text := range ask("f", own...).Read {
		if text != snoop+"# one\n" && text != "of f" {
			t.Errorf("f reads its own %s as %q", path, text)
		}
	}
	for path, text := range ask("g", append(own, one.Task, one.Tmp, filepath.Dir(one.Tmp))...).Read {
		if text != "PermissionError" {
			t.Errorf("g reads f's %s: %q", path, text)
		}
	}
}

// processesOf lists the processes of functions of the emulator over dir.
func processesOf(t *testing.T, dir string) (found []string) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		// A process that has ended meanwhile, or is another user's, is none.
		if environ, err := os.ReadFile(path); err == nil && bytes.Contains(environ, []byte("LAMBDA_TASK_ROOT="+dir)) {
			found = append(found, filepath.Dir(path))
		}
	}
	return found
}

// A kill -9 of awslab takes its functions' processes along. Where the system
// allows PID namespaces, it takes the children of those too.
func TestNoFunctionOutlivesAKill(t *testing.T) {
	if dir := os.Getenv("AWSLAB_TEST_EMULATOR_DIR"); dir != "" {
		w := open(t, dir)
		w.function(t, `import os, time
def lambda_handler(event, context):
    if os.getpid() == 1:
        os.fork()
    time.sleep(600)
`, func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(900) })
		if _, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeEvent}); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(30 * time.Second)
		for len(processesOf(t, dir)) == 0 {
			if time.Now().After(deadline) {
				t.Fatal("the function was not started")
			}
		}
		fmt.Println("RUNNING")
		select {} // until the kill
	}
	t.Parallel()
	dir := t.TempDir()
	cmd := child(t, dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	running := false
	for lines := bufio.NewScanner(out); !running && lines.Scan(); {
		running = lines.Text() == "RUNNING"
	}
	before := len(processesOf(t, dir))
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed, and says so
	if !running || before == 0 {
		t.Fatalf("running: %v, %d processes", running, before)
	}
	deadline := time.Now().Add(10 * time.Second)
	for left := processesOf(t, dir); len(left) > 0; left = processesOf(t, dir) {
		if time.Now().After(deadline) {
			t.Fatalf("%v are left of %d", left, before)
		}
	}
}
