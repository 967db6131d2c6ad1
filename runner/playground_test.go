package runner_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/lesson"
)

// pagesLesson makes an HTTP API that lets one page in. Two checks name the same
// path; the key is a secret that no page is to have.
const pagesLesson = "---\nformat: 1\nid: pages\ntitle: Pages\nvars:\n  SECRET: topsecret\nlookup:\n  API_ID: aws apigatewayv2 get-apis --query \"Items[?Name=='pages'] | [0].ApiId\" --output text\n---\n" +
	"## Make it\n<!-- step: make -->\n\n```sh action\n[ -n \"${API_ID:-}\" ] || aws apigatewayv2 create-api --name pages --protocol-type HTTP --route-key 'GET /pets' --target https://petstore.example/ --cors-configuration AllowOrigins=https://shop.example,AllowHeaders=authorization\n```\n\n" +
	"```yaml check\nid: made\ntitle: Made\ncors:\n  api: $API_ID\n  path: /pets\n  origin: https://shop.example\n  cases:\n    - {method: GET, headers: [\"Authorization: $SECRET\"], allowed: true}\n    - {method: GET, allowed: true}\n```\n\n" +
	"```yaml check\nid: others\ntitle: Others\ncors:\n  api: $API_ID\n  path: /pets\n  origin: https://other.example\n  cases:\n    - {method: GET, allowed: false}\n    - {method: GET, origin: https://shop.example, allowed: true}\n```\n\n" +
	"## Clean up\n<!-- step: cleanup -->\n\n```sh cleanup\naws apigatewayv2 delete-api --api-id \"$API_ID\"\n```\n"

// page is a playground as its own page asks it.
type page struct {
	t     testing.TB
	url   string
	token string
}

func load(t testing.TB, p *runner.Playground) *page {
	t.Helper()
	asked := &page{t: t, url: p.URL}
	html := asked.get("")
	found := regexp.MustCompile(`"token":"([A-Z0-9]+)"`).FindStringSubmatch(html)
	if found == nil {
		t.Fatalf("no token in %.500s", html)
	}
	asked.token = found[1]
	return asked
}

func (p *page) get(path string) string {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("X-Awslab-Token", p.token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	data, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s %s %v", path, answer.Status, data, err)
	}
	return string(data)
}

type listed struct {
	APIs []struct {
		ID, URL, Missing, Path string
		Cases                  []struct {
			Method, Origin string
			Headers        []struct{ Name, Value string }
			Allowed        bool
		}
	}
	Version uint64
}

func (p *page) list(query string) (l listed) {
	p.t.Helper()
	data := p.get("apis" + query)
	if err := json.Unmarshal([]byte(data), &l); err != nil {
		p.t.Fatalf("%s: %v", data, err)
	}
	if strings.Contains(data, "topsecret") {
		p.t.Errorf("a secret is in the page: %s", data)
	}
	return l
}

func openPages(t testing.TB) *runner.Lab {
	t.Helper()
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [pages, base]\n")}, "pages/lesson.md": {Data: []byte(pagesLesson)}, "base/lesson.md": {Data: []byte(baseLesson)},
	})
	if errs := lesson.Errors(issues); len(errs) > 0 {
		t.Fatal(errs)
	}
	dir := t.TempDir()
	return openLab(t, runner.Config{Course: course, Target: openHome(t, dir), Home: dir}).Lab
}

// The page offers what the lesson's checks judge, says what makes what is not there
// yet, and hears when that changes.
func TestThePlaygroundOfALesson(t *testing.T) {
	t.Parallel()
	lab := openPages(t)
	s, err := lab.Lesson("pages")
	if err != nil {
		t.Fatal(err)
	}
	shown, err := s.Playground(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := load(t, shown)
	before := p.list("")
	if len(before.APIs) != 1 || before.APIs[0].URL != "" || !strings.Contains(before.APIs[0].Missing, "API_ID") || !strings.Contains(before.APIs[0].Missing, "Make it") {
		t.Errorf("before: %+v", before)
	}
	if err := s.Command(t.Context(), strings.Split(strings.Split(pagesLesson, "```sh action\n")[1], "\n```")[0]); err != nil {
		t.Fatal(err)
	}
	after := p.list(fmt.Sprint("?after=", before.Version))
	if len(after.APIs) != 1 || after.Version == before.Version {
		t.Fatalf("after: %+v", after)
	}
	api := after.APIs[0]
	if !strings.HasSuffix(api.URL, "/pets") || !strings.Contains(api.URL, "http://"+api.ID+".execute-api.localhost:"+shown.EmulatorPort) || api.Path != "/pets" || api.Missing != "" {
		t.Errorf("the API: %+v", api)
	}
	// Three requests: the fourth case stands in both checks.
	if len(api.Cases) != 3 || api.Cases[0].Headers[0].Name != "Authorization" || api.Cases[0].Headers[0].Value != "" || api.Cases[2].Origin != "https://other.example" || api.Cases[2].Allowed {
		t.Errorf("its cases: %+v", api.Cases)
	}
}

// A lab has one page, of the lesson that asked last, at one address; it ends with
// the lab, whoever asked for it.
func TestALabHasOnePlayground(t *testing.T) {
	t.Parallel()
	lab := openPages(t)
	addresses := []string{}
	for _, id := range []string{"pages", "pages", "base", "pages"} {
		s, err := lab.Lesson(id)
		if err != nil {
			t.Fatal(err)
		}
		asking, cancel := context.WithCancel(t.Context())
		shown, err := s.Playground(asking, "")
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		p := load(t, shown)
		if html := p.get(""); !strings.Contains(html, map[string]string{"pages": "<strong>Pages", "base": "<strong>Base"}[id]) {
			t.Errorf("%s: %.800s", id, html)
		}
		addresses = append(addresses, shown.URL)
		if shown.Moved {
			t.Errorf("%s has moved", id)
		}
	}
	for _, one := range addresses[1:] {
		if one != addresses[0] {
			t.Errorf("the addresses: %v", addresses)
		}
	}
	if err := lab.Close(); err != nil {
		t.Error(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, addresses[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	if answer, err := http.DefaultClient.Do(r); err == nil {
		t.Errorf("it answers after its lab: %s", answer.Status)
		_ = answer.Body.Close()
	}
}

// An address that cannot be had is a problem.
func TestAPlaygroundWithoutAnAddress(t *testing.T) {
	t.Parallel()
	lab := openPages(t)
	s, err := lab.Lesson("pages")
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Playground(t.Context(), "192.0.2.1:1")
	problem(t, err, "the playground cannot listen on 192.0.2.1:1")
}
