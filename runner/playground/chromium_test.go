package playground_test

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/chromedp/chromedp"
)

// told is what window.playground.send gives.
type told struct {
	Refused string `json:"refused"`
	Outcome struct {
		Kind, Type, Error, Body string
		Status                  int
		Headers                 []struct{ Name, Value string }
	} `json:"outcome"`
	Wire []struct {
		Preflight bool
		Method    string
		Status    int
	} `json:"wire"`
	Verdict struct {
		State, Class, Preflight, Unknown string
		Readable                         []string
		Step                             struct{ Code string }
	} `json:"verdict"`
	Agree    *bool                              `json:"agree"`
	Differs  []struct{ Code, Text string }      `json:"differs"`
	Headline struct{ Tone, Title, Hint string } `json:"headline"`
}

// browse opens a page in a Chromium of the test's own.
func browse(t testing.TB, url string) context.Context {
	t.Helper()
	return chromium(t)(url)
}

// send has the page send a request.
func send(t testing.TB, ctx context.Context, request map[string]any) told {
	t.Helper()
	data, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[told]("window.playground.send("+string(data)+")", chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The page and a real browser, from the form to the verdict.
func TestThePageInChromium(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en", map[string]map[string]method{
		"/open": {
			"get": {"200", map[string]string{"Access-Control-Allow-Origin": "*"}}, "delete": {"200", map[string]string{"Access-Control-Allow-Origin": "*"}},
			"options": {"200", allow("*", "GET", "authorization")},
		},
		"/closed": {"get": {"200", nil}},
	})
	ctx := browse(t, w.page)
	for _, tt := range []struct {
		name                    string
		request                 map[string]any
		state, class, preflight string
		wire                    int
		tone                    string
	}{
		{"a simple request", map[string]any{"url": w.base + "/open"}, "allowed", "simple", "none", 1, "good"},
		{"a simple request without CORS", map[string]any{"url": w.base + "/closed"}, "blocked", "simple", "none", 1, "bad"},
		{"a preflighted request", map[string]any{"url": w.base + "/open", "headers": [][]string{{"Authorization", "secret"}}}, "allowed", "preflighted", "sent", 2, "good"},
		{"one that is remembered", map[string]any{"url": w.base + "/open", "headers": [][]string{{"Authorization", "secret"}}}, "allowed", "preflighted", "cached", 1, "good"},
		{"a method that is not allowed", map[string]any{"url": w.base + "/open", "method": "DELETE"}, "blocked", "preflighted", "sent", 1, "bad"},
		{"from the frame", map[string]any{"url": w.base + "/open", "from": "frame", "headers": [][]string{{"Authorization", "secret"}}}, "allowed", "preflighted", "sent", 2, "good"},
		{"no-cors", map[string]any{"url": w.base + "/closed", "mode": "no-cors"}, "allowed", "opaque", "none", 1, "plain"},
		{"no-cors with a body", map[string]any{"url": w.base + "/closed", "mode": "no-cors", "method": "POST", "body": "x"}, "allowed", "opaque", "none", 1, "plain"},
		{"what fetch() refuses", map[string]any{"url": w.base + "/open", "method": "TRACE"}, "blocked", "refused", "none", 0, "bad"},
	} {
		got := send(t, ctx, tt.request)
		if got.Verdict.State != tt.state || got.Verdict.Class != tt.class || got.Verdict.Preflight != tt.preflight || len(got.Wire) != tt.wire || got.Headline.Tone != tt.tone {
			t.Errorf("%s: %+v", tt.name, got)
		}
		if got.Agree == nil || !*got.Agree || (got.Outcome.Kind == "response") != (tt.state == "allowed") {
			t.Errorf("%s: the browser and the verdict differ: %+v", tt.name, got)
		}
	}
}

// skip leaves a test out where the machine lacks a part, but not in CI.
func skip(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}
