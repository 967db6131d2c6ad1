package awscli_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"

	"github.com/google/go-cmp/cmp"
	"mvdan.cc/sh/v3/shell"
)

// TestCommandsAreTheInstalledCLIs carries the commands of testdata out with the
// installed AWS CLI and with awslab's, each against an emulator of its own: what
// they print, to the letter, and how they end is the same.
func TestCommandsAreTheInstalledCLIs(t *testing.T) {
	t.Parallel()
	cli := installedCLI(t)
	for _, tt := range []struct {
		file             string
		least, succeeded int // commands: errors are easily alike
	}{
		{"commands.txt", 340, 216},
		{"commands-rest.txt", 330, 165},
		{"commands-cors.txt", 115, 54},
	} {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()
			if all, succeeded := compareCommands(t, cli, tt.file); all < tt.least || succeeded < tt.succeeded {
				t.Errorf("%d commands, of which %d succeed, are not the %d and %d that were promised", all, succeeded, tt.least, tt.succeeded)
			}
		})
	}
}

func compareCommands(t *testing.T, cli *theirs, file string) (all, succeeded int) {
	t.Helper()
	// Signatures are only good for minutes: the emulators' clocks stand at now.
	now := time.Now().UTC().Truncate(time.Second)
	lines := readCommands(t, file, now)
	var theirs, ours []result
	var both sync.WaitGroup
	both.Go(func() { theirs = carryOut(t, newPlace(t, now), lines, cli) })
	both.Go(func() { ours = carryOut(t, newPlace(t, now), lines, nil) })
	both.Wait()
	if len(theirs) != len(lines) || len(ours) != len(lines) {
		t.Fatal("not all commands were carried out")
	}
	for i, line := range lines {
		if theirs[i].Code == 0 {
			succeeded++
		}
		want, got := normal(theirs[i]), normal(ours[i])
		if want.Code == 0 && want.Stdout != got.Stdout && json.Valid([]byte(want.Stdout)) && json.Valid([]byte(got.Stdout)) {
			got.Stdout = sameMembers(t, want.Stdout, got.Stdout) // Debian's is too old for the newest members
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("aws %s\nAWS CLI -, awslab +:\n%s", line, diff)
		}
	}
	t.Logf("%d commands, of which %d succeed", len(lines), succeeded)
	return len(lines), succeeded
}

func readCommands(t *testing.T, file string, now time.Time) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(data), "timestamp=NOW", "timestamp="+strconv.FormatInt(now.UnixMilli(), 10))
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// assignment is a command whose output later ones name: API_ID=apigatewayv2 ….
var assignment = regexp.MustCompile(`^([A-Z_]+)=(.*)$`)

func carryOut(t *testing.T, p place, lines []string, cli *theirs) []result {
	t.Helper()
	var results []result
	variables := map[string]string{}
	for _, line := range lines {
		name := ""
		if m := assignment.FindStringSubmatch(line); m != nil {
			name, line = m[1], m[2]
		}
		args, err := shell.Fields(line, func(name string) string { return variables[name] })
		if err != nil {
			t.Errorf("%s: %v", line, err)
			return results
		}
		var got result
		if cli == nil {
			got = p.ours(t, args)
		} else {
			got = p.theirs(t, cli, args)
		}
		if name != "" {
			variables[name] = strings.TrimSpace(got.Stdout)
		}
		results = append(results, got)
	}
	return results
}

// varying is what differs from emulator to emulator.
var varying = []*regexp.Regexp{
	regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), // revisions
	regexp.MustCompile(`A(?:ROA|NPA|IDA)[A-Z0-9]{17}`),                                 // ids of IAM
	regexp.MustCompile(`\b[0-9]{50,}\b`),                                               // events and sequences
	regexp.MustCompile(`(127\.0\.0\.1|\.localhost):\d+`),
}

func normal(r result) result {
	for _, v := range varying {
		r.Stdout = v.ReplaceAllStringFunc(r.Stdout, func(s string) string { return strings.Repeat("X", len(s)) })
		r.Stderr = v.ReplaceAllString(r.Stderr, "X")
	}
	r.Stdout = strings.ReplaceAll(r.Stdout, "\x1b[0m", "") // colorama resets after each write, wherever that ends
	return r
}

// newPlace is a folder with the files that commands name, and an emulator.
func newPlace(t *testing.T, now time.Time) place {
	t.Helper()
	var calls atomic.Uint64
	e, err := emulator.New(emulator.Config{
		Account: emulatortest.Account, Region: emulatortest.Region,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
		Clock: func() time.Time { return now },
		// Both emulators draw the same ids for the same calls.
		NewRand: func() *rand.Rand { return rand.New(rand.NewPCG(1, calls.Add(1))) },
		Notice:  func(s error) { t.Log("notice:", s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	p := place{endpoint: server.URL, dir: t.TempDir()}
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	p.file(t, "trust.json", trust)
	p.file(t, "policy.json", `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["logs:*"], "Resource": "*"}]}`)
	p.file(t, "role.json", `{"RoleName":"four","AssumeRolePolicyDocument":`+strconv.Quote(trust)+`}`)
	p.file(t, "role.yaml", "RoleName: five\nTags:\n- Key: a\n  Value: b\nAssumeRolePolicyDocument: '"+trust+"'\n")
	p.file(t, "event.json", `{"key1":"value1"}`)
	p.file(t, "events.json", `[{"timestamp":`+strconv.FormatInt(now.UnixMilli(), 10)+`,"message":"ERROR from a file"}]`)
	p.file(t, "function.zip", zipped(t))
	const pets = `{"swagger": "2.0", "info": {"title": "Pets", "version": "1.0"}, "basePath": "/shop/v1", "paths": {"/pets": {"get": {"parameters": [{"in": "query", "name": "page", "type": "string"}],
		"responses": {"200": {"description": "all", "schema": {"$ref": "#/definitions/Pet"}, "headers": {"X-N": {"type": "string"}}}},
		"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{\"statusCode\": 200}"}, "responses": {"default": {"statusCode": "200", "responseParameters": {"method.response.header.X-N": "'1'"}}}}}}},
		"definitions": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}}}`
	p.file(t, "pets.json", pets)
	const cors = `{"swagger": "2.0", "info": {"title": "cors", "version": "1.0"}, "paths": {"/pets": {"options": {"responses": {"200": {"description": "preflight", "headers": HEADERS}},
		"x-amazon-apigateway-integration": {"type": "mock", "requestTemplates": {"application/json": "{statusCode:200}"}, "responses": {"default": {"statusCode": "200", "responseParameters": {
			"method.response.header.Access-Control-Allow-Methods": "'GET,OPTIONS'", "method.response.header.Access-Control-Allow-Origin": ORIGIN}}}}}}},
		"x-amazon-apigateway-gateway-responses": {"DEFAULT_5XX": {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": ORIGIN}}}}`
	right, wrong := strings.NewReplacer("ORIGIN", `"'*'"`), strings.NewReplacer("ORIGIN", `"*"`)
	p.file(t, "cors.json", strings.ReplaceAll(right.Replace(cors), "HEADERS", `{"Access-Control-Allow-Methods": {"type": "string"}, "Access-Control-Allow-Origin": {"type": "string"}}`))
	p.file(t, "cors-wrong.json", strings.ReplaceAll(wrong.Replace(cors), "HEADERS", `{"Access-Control-Allow-Origin": {"type": "string"}}`))
	p.file(t, "warns.json", `{"swagger": "2.0", "info": {"title": "warns"}, "paths": {"pets": {}}}`)
	p.file(t, "wrong.json", `{"swagger": "2.0", "paths": {`)
	p.file(t, "api.json", `{"name": "filed", "version": "3", "description": "of a file"}`)
	p.file(t, "api.yaml", "name: yaml\ntags:\n  a: b\n")
	p.file(t, "templates.json", `{"application/json": "{\"statusCode\": 201}", "text/plain": "#set($a = 1)\n$a"}`)
	p.file(t, "schema.json", `{"type": "array", "items": {"type": "integer"}}`+"\n")
	p.file(t, "patch.json", `[{"op": "replace", "path": "/~1pets/GET/throttling/burstLimit", "value": "5"}]`)
	p.file(t, "stage.json", `{"restApiId": "over", "stageName": "ridden", "patchOperations": [{"op": "replace", "path": "/description", "value": "by a file"}]}`)
	p.file(t, "text", "a line")
	return p
}

func zipped(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("lambda_function.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("def lambda_handler(event, context):\n    return 1\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
