package playground_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"awslab/runner/playground"
	"awslab/runner/target"
)

// traced is a trace of a request of a page, and of its answer.
func traced(method, origin string, answer map[string][]string) target.Trace {
	t := target.Trace{API: "abc", Method: method, Path: "/PROD/pets", Status: 200, RequestID: "id"}
	if origin != "" {
		t.CORS = &target.CORSTrace{Origin: origin, Answer: answer, Names: []string{"content-type", "date"}}
		for name := range answer {
			t.CORS.Names = append(t.CORS.Names, name)
		}
	}
	return t
}

func preflighted(origin, method, headers string, answer map[string][]string) target.Trace {
	t := traced(http.MethodOptions, origin, answer)
	t.CORS.RequestMethod, t.CORS.RequestHeaders = method, headers
	return t
}

var (
	everybody = map[string][]string{"access-control-allow-origin": {"*"}}
	deleting  = map[string][]string{"access-control-allow-origin": {"*"}, "access-control-allow-methods": {"DELETE"}, "access-control-max-age": {"60"}}
)

func seen(status int, names ...string) map[string]any {
	if names == nil {
		names = []string{}
	}
	return map[string]any{"kind": "response", "type": "cors", "status": status, "names": names, "error": ""}
}

func rejected() map[string]any {
	return map[string]any{"kind": "error", "type": "", "status": 0, "names": []string{}, "error": "TypeError"}
}

// verdictOf is what a test looks at in the answer.
type verdictOf struct {
	state, preflight, class string
	agree                   any // nil: undecided
	differs                 string
	tone                    string
	unknown                 string
}

func looked(t testing.TB, told map[string]any) verdictOf {
	t.Helper()
	v, ok := told["verdict"].(map[string]any)
	if !ok {
		t.Fatalf("no verdict: %v", told)
	}
	codes := []string{}
	for _, d := range told["differs"].([]any) {
		codes = append(codes, d.(map[string]any)["code"].(string))
	}
	return verdictOf{
		v["state"].(string), v["preflight"].(string), v["class"].(string), told["agree"], strings.Join(codes, " "),
		told["headline"].(map[string]any)["tone"].(string), v["unknown"].(string),
	}
}

// What is said of a browser, by what the emulator saw and what the browser did.
func TestVerdictsByTraces(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		changes []any
		traces  func(page string) []target.Trace
		outcome map[string]any
		want    verdictOf
		wire    int
		unknown string
	}{
		"as the standard says": {
			nil, func(page string) []target.Trace { return []target.Trace{traced("GET", page, everybody)} }, seen(200, "content-type"),
			verdictOf{state: "allowed", preflight: "none", class: "simple", agree: true, tone: "good"},
			1, "",
		},
		"a preflight first": {
			[]any{"method", "DELETE"},
			func(page string) []target.Trace {
				return []target.Trace{preflighted(page, "DELETE", "", deleting), traced("DELETE", page, everybody)}
			}, seen(200, "content-type"),
			verdictOf{state: "allowed", preflight: "sent", class: "preflighted", agree: true, tone: "good"},
			2, "",
		},
		"traces that come out of order": {
			[]any{"method", "DELETE"},
			func(page string) []target.Trace {
				return []target.Trace{traced("DELETE", page, everybody), preflighted(page, "DELETE", "", deleting)}
			}, seen(200, "content-type"),
			verdictOf{state: "allowed", preflight: "sent", class: "preflighted", agree: true, tone: "good"},
			2, "",
		},
		"others' requests, a check's among them": {
			nil, func(page string) []target.Trace {
				check := traced("GET", page, nil)
				check.Check = true
				other := traced("GET", page, everybody)
				other.API = "xyz"
				return []target.Trace{check, traced("GET", "https://shop.example", everybody), traced("GET", "", nil), traced("PUT", "", nil), other, traced("GET", page, nil)}
			}, rejected(),
			verdictOf{state: "blocked", preflight: "none", class: "simple", agree: true, tone: "bad"},
			2, "",
		},
		"the browser allows what the standard blocks": {
			nil, func(page string) []target.Trace { return []target.Trace{traced("GET", page, nil)} }, seen(200),
			verdictOf{state: "blocked", preflight: "none", class: "simple", agree: false, differs: "outcome", tone: "good"},
			1, "",
		},
		"the browser blocks what the standard allows": {
			nil, func(page string) []target.Trace { return []target.Trace{traced("GET", page, everybody)} }, rejected(),
			verdictOf{state: "allowed", preflight: "none", class: "simple", agree: false, differs: "outcome", tone: "bad"},
			1, "",
		},
		"another status, and other headers": {
			nil, func(page string) []target.Trace { return []target.Trace{traced("GET", page, everybody)} }, seen(201, "x-secret"),
			verdictOf{state: "allowed", preflight: "none", class: "simple", agree: false, differs: "status readable", tone: "good"},
			1, "",
		},
		"a preflight for other headers": {
			[]any{"method", "DELETE"},
			func(page string) []target.Trace {
				return []target.Trace{preflighted(page, "DELETE", "x-a", deleting), traced("DELETE", page, everybody)}
			}, seen(200, "content-type"),
			verdictOf{state: "allowed", preflight: "sent", class: "preflighted", agree: false, differs: "asked", tone: "good"},
			2, "",
		},
		"a preflight where none is due": {
			nil, func(page string) []target.Trace {
				return []target.Trace{preflighted(page, "GET", "", everybody), traced("GET", page, everybody)}
			}, seen(200, "content-type"),
			verdictOf{state: "allowed", preflight: "none", class: "simple", agree: false, differs: "preflight", tone: "good"},
			2, "",
		},
		"only a preflight where none is due": {
			nil, func(page string) []target.Trace { return []target.Trace{preflighted(page, "GET", "", nil)} }, rejected(),
			verdictOf{state: "undecided", preflight: "none", class: "simple", differs: "preflight", tone: "bad"},
			1, "where the standard sends none",
		},
		"a preflight that nobody here saw": {
			[]any{"method", "DELETE"},
			func(page string) []target.Trace { return []target.Trace{traced("DELETE", page, everybody)} }, seen(200, "content-type"),
			verdictOf{state: "undecided", class: "preflighted", tone: "good"},
			1, "private window",
		},
		"nothing came": {
			nil, func(string) []target.Trace { return nil }, rejected(),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "bad"},
			0, "extension",
		},
		"nothing came, and there is an answer": {
			nil, func(string) []target.Trace { return nil }, seen(200),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "good"},
			0, "HTTP cache",
		},
		"an answer with more headers than are kept": {
			nil, func(page string) []target.Trace {
				one := traced("GET", page, everybody)
				one.CORS.Cut = true
				return []target.Trace{one}
			}, seen(200),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "good"},
			1, "more headers",
		},
		"a client that went away": {
			nil, func(page string) []target.Trace {
				one := traced("GET", page, nil)
				one.Status, one.Reason = 0, "client-gone"
				return []target.Trace{one}
			}, rejected(),
			verdictOf{state: "blocked", preflight: "none", class: "simple", agree: true, tone: "unsure"},
			1, "",
		},
		"a redirect to elsewhere": {
			nil, func(page string) []target.Trace {
				one := traced("GET", page, map[string][]string{"access-control-allow-origin": {"*"}, "location": {"https://elsewhere.example/a"}})
				one.Status = 302
				return []target.Trace{one}
			}, rejected(),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "bad"},
			1, "https://elsewhere.example/a",
		},
		"no answer in time": {
			nil, func(page string) []target.Trace { return []target.Trace{traced("GET", page, everybody)} },
			map[string]any{"kind": "late", "type": "", "status": 0, "names": []string{}, "error": "AbortError"},
			verdictOf{state: "undecided", preflight: "none", tone: "unsure"},
			1, "in time",
		},
		"what fetch() refuses": {
			[]any{"method", "TRACE"},
			func(string) []target.Trace { return nil }, rejected(),
			verdictOf{state: "blocked", preflight: "none", class: "refused", agree: true, tone: "bad"},
			0, "",
		},
		"no-cors": {
			[]any{"mode", "no-cors"},
			func(string) []target.Trace { return []target.Trace{traced("GET", "", nil)} },
			map[string]any{"kind": "response", "type": "opaque", "status": 0, "names": []string{}, "error": ""},
			verdictOf{state: "allowed", preflight: "none", class: "opaque", agree: true, tone: "plain"},
			1, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &still{traces: make(chan target.Trace, 16)}
			c := newClient(t, playground.Config{Source: source, Emulator: emulatorURL, Patience: 100 * time.Millisecond})
			status, told := c.post("/attempt", c.request(tt.changes...))
			if status != http.StatusOK {
				t.Fatalf("%d %v", status, told)
			}
			for _, one := range tt.traces(c.page) {
				source.traces <- one
			}
			status, told = c.post("/verdict", map[string]any{"attempt": told["attempt"], "page": "p1", "outcome": tt.outcome})
			if status != http.StatusOK {
				t.Fatalf("%d %v", status, told)
			}
			got := looked(t, told)
			if unknown := got.unknown; (unknown == "") != (tt.unknown == "") || !strings.Contains(unknown, tt.unknown) {
				t.Errorf("why there is no verdict: %q", unknown)
			}
			got.unknown = ""
			if got != tt.want || len(told["wire"].([]any)) != tt.wire {
				t.Errorf("got %+v, %d on the wire\nwant %+v, %d", got, len(told["wire"].([]any)), tt.want, tt.wire)
			}
		})
	}
}

// An answer to a preflight is remembered as a browser remembers it, for as long as
// it says, by each browser for itself; a browser may forget it.
func TestRememberedPreflights(t *testing.T) {
	t.Parallel()
	source := &still{}
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	c := newClient(t, playground.Config{Source: source, Emulator: emulatorURL, Patience: 100 * time.Millisecond, Now: func() time.Time { return now }})
	remove := func(browser, page, origin string, preflight bool) verdictOf {
		t.Helper()
		source.traces = make(chan target.Trace, 2)
		status, told := c.post("/attempt", c.request("method", "DELETE", "page", page, "origin", origin))
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, told)
		}
		if preflight {
			source.traces <- preflighted(origin, "DELETE", "", deleting)
		}
		source.traces <- traced("DELETE", origin, everybody)
		body := fmt.Sprintf(`{"attempt":%v,"page":%q,"outcome":{"kind":"response","type":"cors","status":200,"names":["content-type"],"error":""}}`, told["attempt"], page)
		status, _, answer := c.do(http.MethodPost, "/verdict", body, func(r *http.Request) { r.Header.Set("User-Agent", browser) })
		return looked(t, decode(t, status, answer))
	}
	want := func(what string, got verdictOf, preflight, differs string) {
		t.Helper()
		if got.state != "allowed" || got.preflight != preflight || got.differs != differs || got.agree != true {
			t.Errorf("%s: %+v", what, got)
		}
	}
	want("the first", remove("Chromium", "p1", c.page, true), "sent", "")
	now = now.Add(59 * time.Second)
	want("the second", remove("Chromium", "p1", c.page, false), "cached", "")
	want("a page that was loaded again", remove("Chromium", "p2", c.page, false), "cached", "")
	want("another browser", remove("Firefox/140", "p3", c.page, true), "sent", "")
	want("the frame", remove("Chromium", "p1", "null", true), "sent", "")
	want("the frame again", remove("Chromium", "p1", "null", false), "cached", "")
	want("the frame of a page that was loaded again", remove("Chromium", "p2", "null", true), "sent", "")
	want("a browser that forgot", remove("Chromium", "p1", c.page, true), "sent", "remembered")
	now = now.Add(60 * time.Second)
	want("when it has expired", remove("Chromium", "p1", c.page, true), "sent", "")
}

// One attempt is under way at a time, and nobody but its page ends it.
func TestOneAttemptAtATime(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	source := &still{traces: make(chan target.Trace)}
	c := newClient(t, playground.Config{Source: source, Emulator: emulatorURL, Patience: 100 * time.Millisecond, Now: func() time.Time { return now }})
	begin := func(page string, want int) any {
		t.Helper()
		status, told := c.post("/attempt", c.request("page", page))
		if status != want {
			t.Errorf("%s: %d %v, want %d", page, status, told, want)
		}
		return told["attempt"]
	}
	end := func(page string, attempt any, want int) {
		t.Helper()
		if status, told := c.post("/verdict", map[string]any{"attempt": attempt, "page": page, "outcome": rejected()}); status != want {
			t.Errorf("%s: %d %v, want %d", page, status, told, want)
		}
	}
	first := begin("p1", 200)
	begin("p2", 409)
	end("p2", first, 409)
	second := begin("p1", 200) // its first is given up
	end("p1", first, 409)
	end("p1", second, 200)
	end("p1", second, 409)
	begin("p2", 200)
	begin("p3", 409)
	now = now.Add(2 * time.Minute) // a page that was closed in the middle
	begin("p3", 200)
	source.broken = errors.New("connection refused")
	if status, told := c.post("/attempt", c.request("page", "p3")); status != 409 || !strings.Contains(fmt.Sprint(told["refused"]), "connection refused") {
		t.Errorf("%d %v", status, told)
	}
	if status, told := c.post("/verdict", map[string]any{"attempt": 1, "page": "p1", "outcome": map[string]any{"kind": "other", "type": "", "status": 0, "names": []string{}, "error": ""}}); status != 422 {
		t.Errorf("%d %v", status, told)
	}
}

// An emulator that ends in the middle leaves no verdict, and an attempt keeps no
// more traces than it may.
func TestTheEmulatorEnds(t *testing.T) {
	t.Parallel()
	source := &still{traces: make(chan target.Trace)}
	c := newClient(t, playground.Config{Source: source, Emulator: emulatorURL, Patience: time.Minute})
	_, told := c.post("/attempt", c.request())
	for range 1000 {
		source.traces <- traced("PUT", c.page, nil)
	}
	close(source.traces)
	status, told := c.post("/verdict", map[string]any{"attempt": told["attempt"], "page": "p1", "outcome": rejected()})
	if got := looked(t, told); status != 200 || got.state != "undecided" || !strings.Contains(got.unknown, "The emulator ended") {
		t.Errorf("%d %+v", status, got)
	}
	if wire := told["wire"].([]any); len(wire) > 300 {
		t.Errorf("%d on the wire", len(wire))
	}
}
