package playground_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"awslab/runner/playground"
)

// Where there are no traces awslab asks the API itself: the preflight, and the
// request only if it changes nothing and needs none of the browser's cookies.
func TestVerdictsByAsking(t *testing.T) {
	t.Parallel()
	const base = "https://abc.execute-api.ap-northeast-2.amazonaws.com/"
	answers := func(status int, header http.Header) func(*http.Request) (*http.Response, error) {
		return func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: r}, nil
		}
	}
	everything := http.Header{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Methods": {"*"}, "Access-Control-Allow-Headers": {"*"}, "X-Secret": {"s"}}
	for name, tt := range map[string]struct {
		changes []any
		answer  func(*http.Request) (*http.Response, error)
		outcome map[string]any
		want    verdictOf
		asked   string
		unknown string
	}{
		"a simple request": {
			nil, answers(200, everything), seen(200),
			verdictOf{state: "allowed", preflight: "none", class: "simple", agree: true, tone: "good"},
			"GET /PROD/pets", "",
		},
		"without CORS": {
			nil, answers(200, http.Header{}), rejected(),
			verdictOf{state: "blocked", preflight: "none", class: "simple", agree: true, tone: "bad"},
			"GET /PROD/pets", "",
		},
		"a header of one's own": {
			[]any{"headers", []map[string]string{{"name": "X-A", "value": "1"}}},
			answers(200, everything), seen(200),
			verdictOf{state: "allowed", preflight: "sent", class: "preflighted", agree: true, tone: "good"},
			"OPTIONS /PROD/pets, GET /PROD/pets", "",
		},
		"a request that changes something": {
			[]any{"method", "DELETE"},
			answers(200, everything), seen(200),
			verdictOf{state: "undecided", preflight: "sent", class: "preflighted", tone: "good"},
			"OPTIONS /PROD/pets", "a second time",
		},
		"one that the preflight stops": {
			[]any{"method", "DELETE"},
			answers(403, http.Header{}), rejected(),
			verdictOf{state: "blocked", preflight: "sent", class: "preflighted", agree: true, tone: "bad"},
			"OPTIONS /PROD/pets", "",
		},
		"a simple POST": {
			[]any{"method", "POST", "body", true},
			answers(200, everything), seen(200),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "good"},
			"", "a second time",
		},
		"the browser's cookies": {
			[]any{"credentials", "include"},
			answers(200, everything), seen(200),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "good"},
			"", "cookies",
		},
		"a redirect to elsewhere": {
			nil, answers(302, http.Header{"Access-Control-Allow-Origin": {"*"}, "Location": {"http://169.254.169.254/latest/meta-data/"}}), rejected(),
			verdictOf{state: "undecided", preflight: "none", class: "simple", tone: "bad"},
			"GET /PROD/pets", "169.254.169.254",
		},
		"no answer": {
			nil, func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") }, rejected(),
			verdictOf{state: "blocked", preflight: "none", class: "simple", agree: true, tone: "unsure"},
			"GET /PROD/pets", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &still{apis: []playground.API{{Base: base}}, answer: tt.answer}
			c := newClient(t, playground.Config{Source: source})
			status, told := c.post("/attempt", c.request(append([]any{"url", base + "PROD/pets"}, tt.changes...)...))
			if status != http.StatusOK || len(source.asked) != 0 {
				t.Fatalf("%d %v, asked %d", status, told, len(source.asked))
			}
			_, told = c.post("/verdict", map[string]any{"attempt": told["attempt"], "page": "p1", "outcome": tt.outcome})
			got := looked(t, told)
			if (got.unknown == "") != (tt.unknown == "") || !strings.Contains(got.unknown, tt.unknown) {
				t.Errorf("why there is no verdict: %q", got.unknown)
			}
			got.unknown = ""
			asked := []string{}
			for _, r := range source.asked {
				asked = append(asked, r.Method+" "+r.URL.Path)
				if r.URL.Host != "abc.execute-api.ap-northeast-2.amazonaws.com" || r.Header.Get("Origin") != c.page || r.Header.Get("Cookie") != "" {
					t.Errorf("it asks %s with %v", r.URL, r.Header)
				}
			}
			if got != tt.want || strings.Join(asked, ", ") != tt.asked || told["traced"] != false {
				t.Errorf("got %+v, asked %v\nwant %+v, asked %s", got, asked, tt.want, tt.asked)
			}
			for _, x := range told["wire"].([]any) {
				if strings.Contains(strings.ToLower(strings.Join(strings.Fields(toJSON(t, x)), "")), "x-secret") {
					t.Errorf("a header that is not CORS's is shown: %v", x)
				}
			}
		})
	}
}
