package awscli_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"awslab/runner/awscli"
	"awslab/runner/awsmodel"

	"github.com/google/go-cmp/cmp"
)

// debianModels are the API models of Debian's awscli.
const debianModels = "/usr/lib/python3/dist-packages/awscli/botocore/data"

// TestEveryOperationSendsTheSameRequest fills every member of every operation's
// input that both know and gives it to both programs by --cli-input-json: the
// requests are the same, to the path's escapes.
func TestEveryOperationSendsTheSameRequest(t *testing.T) {
	t.Parallel()
	cli := installedCLI(t)
	for _, service := range awsmodel.Services() {
		model := readModel(t, service)
		for _, name := range slices.Sorted(maps.Keys(model.Operations)) {
			operation, ok := service.Operation(name)
			if !ok {
				t.Errorf("%s:%s is not there", service.Name, name)
				continue
			}
			boto := model.Operations[name]
			if isEvents(model, boto.Output) {
				continue // an event stream, which the AWS CLI has no command for
			}
			t.Run(service.Name+"/"+operation.CLIName, func(t *testing.T) {
				t.Parallel()
				args := []string{service.Name, operation.CLIName}
				switch {
				case name == "CreateVirtualMFADevice": // with its OUTFILE, it takes no --cli-input-json
					args = append(args, "--path", "/a b/", "--virtual-mfa-device-name", "m", "--tags", "Key=a b,Value=é", "--outfile", "out", "--bootstrap-method", "QRCodePNG")
				case boto.Input != nil:
					args = append(args, inputArguments(t, model, boto)...)
				}
				var theirs, ours recorder
				want := onServer(t, &theirs, func(p place) result { return p.theirs(t, cli, args) })
				got := onServer(t, &ours, func(p place) result { return p.ours(t, args) })
				if len(theirs.sent) == 0 {
					t.Fatalf("aws %s sent nothing: %s", strings.Join(args, " "), want.Stderr)
				}
				if name == "PutQueryDefinition" { // it had no token yet
					ours.sent[0] = regexp.MustCompile(`\n "clientToken": ".*",`).ReplaceAllString(ours.sent[0], "")
				}
				if diff := cmp.Diff(theirs.sent, ours.sent); diff != "" {
					t.Errorf("aws %s\n%s\nAWS CLI -, awslab +:\n%s", strings.Join(args, " "), got.Stderr, diff)
				}
				// The recorder answers {}, without the device that Debian's CLI then reads.
				if got.Code != want.Code && name != "CreateVirtualMFADevice" {
					t.Errorf("aws %s: %d, not %d: %s (theirs: %s)", strings.Join(args, " "), got.Code, want.Code, got.Stderr, want.Stderr)
				}
			})
		}
	}
}

// TestEverySkeletonIsTheSame asks for the skeleton of every operation's input.
// Members that the installed CLI is too old for are left out of ours.
func TestEverySkeletonIsTheSame(t *testing.T) {
	t.Parallel()
	cli := installedCLI(t)
	for _, service := range awsmodel.Services() {
		model := readModel(t, service)
		for i, name := range slices.Sorted(maps.Keys(model.Operations)) {
			operation, ok := service.Operation(name)
			if !ok || isEvents(model, model.Operations[name].Output) || model.streams(model.Operations[name].Output) {
				continue
			}
			if slices.Contains(otherwiseRequired, name) {
				continue
			}
			kind := []string{"input", "output"}[i%2]
			t.Run(service.Name+"/"+operation.CLIName+"/"+kind, func(t *testing.T) {
				t.Parallel()
				p := place{dir: t.TempDir()}
				args := []string{service.Name, operation.CLIName, "--generate-cli-skeleton", kind}
				want, got := p.theirs(t, cli, args), p.ours(t, args)
				if kind == "output" {
					if strings.Contains(want.Stderr, "Parameter validation failed") {
						return // the AWS CLI refuses its own skeleton: "Arn" is too short for an ARN
					}
					want.Stdout, got.Stdout = texts.ReplaceAllString(want.Stdout, `$1""$2`), texts.ReplaceAllString(got.Stdout, `$1""$2`)
				}
				if want.Code == 0 && got.Code == 0 && want.Stdout != "" && want.Stdout != "{}\n" {
					got.Stdout = sameMembers(t, want.Stdout, got.Stdout)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("aws %s\nAWS CLI -, awslab +:\n%s", strings.Join(args, " "), diff)
				}
			})
		}
	}
}

// texts are JSON's texts but the keys. A skeleton of an answer names them after
// the model's types, which the SDK does not know.
var texts = regexp.MustCompile(`(?m)(^ *|": )"[^"]*"(,?)$`)

// otherwiseRequired are operations of which newer models require other members
// than Debian's, and the one that takes no skeleton because of its OUTFILE.
var otherwiseRequired = []string{"CreateLoginProfile", "UpdateSAMLProvider", "DisassociateKmsKey", "DeactivateMFADevice", "CreateVirtualMFADevice"}

// inputArguments is the input as JSON, and OUTFILE where there is one.
func inputArguments(t *testing.T, m *model, boto operation) []string {
	t.Helper()
	shape := m.Shapes[boto.Input.Shape]
	if !m.streams(boto.Output) {
		data, err := json.Marshal(m.example(boto.Input.Shape, 0))
		if err != nil {
			t.Fatal(err)
		}
		return []string{"--cli-input-json", string(data)}
	}
	args := []string{"out"} // these take no --cli-input-json
	for _, name := range slices.Sorted(maps.Keys(shape.Members)) {
		value := m.example(shape.Members[name].Shape, 1)
		if value == true {
			args = append(args, "--"+awsmodel.OptionName(name))
			continue
		}
		if text, ok := value.(string); ok {
			args = append(args, "--"+awsmodel.OptionName(name), text)
			continue
		}
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, "--"+awsmodel.OptionName(name), string(data))
	}
	return args
}

func onServer(t *testing.T, handler http.Handler, run func(place) result) result {
	t.Helper()
	server := httptest.NewServer(handler)
	defer server.Close()
	return run(place{endpoint: server.URL, dir: t.TempDir()})
}

// recorder keeps requests, without what depends on the time and the program,
// and answers each with an empty answer.
type recorder struct {
	mu   sync.Mutex
	sent []string
}

func (s *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.sent = append(s.sent, spell(r, body))
	s.mu.Unlock()
	action := ""
	if form, err := url.ParseQuery(string(body)); err == nil {
		action = form.Get("Action")
	}
	if action != "" {
		_, _ = fmt.Fprintf(w, "<%sResponse><%sResult/></%sResponse>", action, action, action) // the client may have gone
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

// ourHeaders differ between any two programs, or times.
var ourHeaders = []string{"X-Amz-Date", "X-Amz-Content-Sha256", "X-Amz-User-Agent"}

func spell(r *http.Request, body []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", r.Method, strings.TrimSuffix(r.URL.EscapedPath(), "/"))
	if q := r.URL.Query(); len(q) > 0 {
		b.WriteString("?" + q.Encode())
	}
	b.WriteByte('\n')
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if strings.HasPrefix(name, "X-Amz") && !slices.Contains(ourHeaders, name) {
			fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(r.Header[name], ", "))
		}
	}
	b.WriteString(spellBody(body))
	return b.String()
}

func spellBody(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) == nil {
		if o, ok := v.(map[string]any); ok && len(o) == 0 {
			return "" // some clients send {} where others send nothing
		}
		data, err := json.MarshalIndent(v, "", " ")
		if err == nil {
			return string(data)
		}
	}
	if form, err := url.ParseQuery(string(body)); err == nil && form.Has("Action") {
		return strings.ReplaceAll(form.Encode(), "&", "\n")
	}
	return fmt.Sprintf("%q", body)
}

// model is an API's model as the AWS CLI carries it.
type model struct {
	Operations map[string]operation
	Shapes     map[string]*modelShape
}

type operation struct{ Input, Output *modelRef }

type modelRef struct {
	Shape     string
	Streaming bool
	Location  string
}

type modelShape struct {
	Type        string
	Members     map[string]modelRef
	Member      *modelRef
	Key, Value  *modelRef
	Min, Max    float64
	Enum        []string
	Payload     string
	Eventstream bool
	Union       bool
	Document    bool
}

func readModel(t *testing.T, service *awsmodel.Service) *model {
	t.Helper()
	name := filepath.Join(debianModels, service.Name, service.Version, "service-2.json")
	file, err := os.Open(name)
	var r io.Reader = file
	if os.IsNotExist(err) {
		if file, err = os.Open(name + ".gz"); err == nil {
			r, err = gzip.NewReader(file)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	m := &model{}
	if err := json.NewDecoder(r).Decode(m); err != nil {
		t.Fatal(err)
	}
	return m
}

func isEvents(m *model, ref *modelRef) bool {
	if ref == nil {
		return false
	}
	for _, member := range m.Shapes[ref.Shape].Members {
		if m.Shapes[member.Shape].Eventstream {
			return true
		}
	}
	return false
}

// streams: the answer's body goes to OUTFILE.
func (m *model) streams(ref *modelRef) bool {
	if ref == nil {
		return false
	}
	shape := m.Shapes[ref.Shape]
	return shape.Payload != "" && m.Shapes[shape.Members[shape.Payload].Shape].Type == "blob"
}

// example is a value of a shape with all that may be in it, to five levels.
func (m *model) example(name string, depth int) any {
	shape := m.Shapes[name]
	switch shape.Type {
	case "structure":
		o := map[string]any{}
		if shape.Document {
			return o
		}
		for _, member := range slices.Sorted(maps.Keys(shape.Members)) {
			if depth > 4 && slices.Contains([]string{"structure", "list", "map"}, m.Shapes[shape.Members[member].Shape].Type) {
				continue
			}
			o[member] = m.example(shape.Members[member].Shape, depth+1)
			if shape.Union {
				break
			}
		}
		return o
	case "list":
		list := []any{}
		for range max(2, int(shape.Min)) {
			list = append(list, m.example(shape.Member.Shape, depth+1))
		}
		return list
	case "map":
		return map[string]any{"k.1": m.example(shape.Value.Shape, depth+1), "k 2": m.example(shape.Value.Shape, depth+1)}
	case "integer", "long":
		return max(7, int(shape.Min))
	case "float", "double":
		return max(1.5, shape.Min)
	case "boolean":
		return true
	case "timestamp":
		return "2026-01-02T03:04:05Z"
	case "blob":
		return "eyJhIjoxfQ=="
	}
	if len(shape.Enum) > 0 {
		return shape.Enum[0]
	}
	text := "a b/é+~$"
	return text + strings.Repeat("x", max(0, int(shape.Min)-len([]rune(text))))
}

// sameMembers spells our JSON with their members only.
func sameMembers(t *testing.T, theirs, ours string) string {
	t.Helper()
	known, err := awscli.OnlyMembersOf(theirs, ours)
	if err != nil {
		t.Fatal(err, ours)
	}
	return known
}
