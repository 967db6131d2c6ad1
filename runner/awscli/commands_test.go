package awscli_test

import (
	"archive/zip"
	"bytes"
	"math/rand/v2"
	"net/http/httptest"
	"os"
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

// TestCommandsAreTheInstalledCLIs carries testdata/commands.txt out with the
// installed AWS CLI and with awslab's, each against an emulator of its own: what
// they print, to the letter, and how they end is the same.
func TestCommandsAreTheInstalledCLIs(t *testing.T) {
	t.Parallel()
	cli := installedCLI(t)
	// Signatures are only good for minutes: the emulators' clocks stand at now.
	now := time.Now().UTC().Truncate(time.Second)
	lines := readCommands(t, now)
	if len(lines) < 200 {
		t.Fatalf("%d commands are not the two hundred that were promised", len(lines))
	}
	var theirs, ours []result
	var both sync.WaitGroup
	both.Go(func() { theirs = carryOut(t, newPlace(t, now), lines, cli) })
	both.Go(func() { ours = carryOut(t, newPlace(t, now), lines, nil) })
	both.Wait()
	if len(theirs) != len(lines) || len(ours) != len(lines) {
		t.Fatal("not all commands were carried out")
	}
	succeeded := 0
	for i, line := range lines {
		if theirs[i].Code == 0 {
			succeeded++
		}
		want, got := normal(theirs[i]), normal(ours[i])
		if want.Code == 0 && !strings.Contains(line, "--output text") && strings.HasPrefix(want.Stdout, "{") && strings.HasPrefix(got.Stdout, "{") {
			got.Stdout = sameMembers(t, want.Stdout, got.Stdout) // Debian's is too old for the newest members
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("aws %s\nAWS CLI -, awslab +:\n%s", line, diff)
		}
	}
	t.Logf("%d commands, of which %d succeed", len(lines), succeeded)
	if succeeded < 120 {
		t.Errorf("only %d of %d commands succeed: errors are easily alike", succeeded, len(lines))
	}
}

func readCommands(t *testing.T, now time.Time) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/commands.txt")
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
