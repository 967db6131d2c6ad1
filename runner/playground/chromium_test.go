package playground_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
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
	open := allow("*", "GET", "authorization")
	open["Access-Control-Max-Age"] = "600" // without it the browser remembers for five seconds, which a slow machine needs
	w := newWorld(t, "en", map[string]map[string]method{
		"/open": {
			"get": {"200", map[string]string{"Access-Control-Allow-Origin": "*"}}, "delete": {"200", map[string]string{"Access-Control-Allow-Origin": "*"}},
			"options": {"200", open},
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

// The form by keyboard alone, as a student without a mouse has it: a preset, a header
// of one's own, the outcome, and an address that the page refuses.
func TestTheFormByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ko", map[string]map[string]method{
		"/open": {"get": {"200", map[string]string{"Access-Control-Allow-Origin": "*"}}, "options": {"200", allow("*", "GET", "authorization")}},
	})
	ctx := browse(t, w.page)
	read := func(script string) string {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	// Enter on a preset fills the form in and leads to the button.
	do(chromedp.WaitVisible(".preset"), chromedp.Focus(".preset"), chromedp.KeyEvent(kb.Enter), chromedp.WaitEnabled("#send"))
	if got := read(`document.activeElement.id + " " + document.getElementById("url").value`); got != "send "+w.base+"/open" {
		t.Errorf("after the preset: %s", got)
	}
	if note := read(`document.getElementById("presets-note").textContent`); !strings.Contains(note, "https://shop.example") {
		t.Errorf("the note: %s", note)
	}
	do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#columns"))
	if got := read(`document.getElementById("headline").textContent`); !strings.HasPrefix(got, "허용") {
		t.Errorf("the headline: %s", got)
	}
	// A header, added, named and filled in; a name with a line break is not one.
	do(chromedp.Focus("#options > summary"), chromedp.KeyEvent(kb.Enter), chromedp.Focus("#add"), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent("X-Course"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("<b>aws</b>"), chromedp.KeyEvent(kb.Enter))
	do(chromedp.WaitVisible(".outcome.bad"), chromedp.WaitVisible("#columns"))
	if got := read(`document.getElementById("headline").textContent + document.getElementById("wire").textContent`); !strings.HasPrefix(got, "차단") || !strings.Contains(got, "x-course") {
		t.Errorf("a header of one's own: %s", got)
	}
	if bold := read(`String(document.querySelectorAll("main b b, #headline b").length)`); bold != "0" {
		t.Errorf("foreign text became HTML: %s", bold)
	}
	do(chromedp.SetValue("#url", "https://example.com/<img src=x>"), chromedp.Focus("#url"), chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".outcome.unsure"))
	if got := read(`document.getElementById("refused").textContent + String(document.querySelectorAll("main img").length)`); !strings.Contains(got, "https://example.com/") || !strings.HasSuffix(got, "0") {
		t.Errorf("an address of somebody else's: %s", got)
	}
	if got := read(`document.documentElement.lang`); got != "ko" {
		t.Errorf("the page is in %s", got)
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
