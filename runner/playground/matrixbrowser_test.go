package playground_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// chromium starts a browser that reaches this machine and nothing else, and gives
// what opens a tab at an address.
func chromium(t testing.TB) (open func(url string) context.Context) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		skip(t, "there is no chromium here, the browser that the verdicts are compared with")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost"),
		chromedp.Flag("no-proxy-server", true), chromedp.WSURLReadTimeout(time.Minute),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's does not work for root
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	browser, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(browser, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return func(url string) context.Context {
		t.Helper()
		tab, end := chromedp.NewContext(browser)
		t.Cleanup(end)
		if err := chromedp.Do(tab, chromedp.Navigate(url), chromedp.WaitVisible("#send")); err != nil {
			t.Fatal(err)
		}
		return tab
	}
}

// sendAll has the page send requests, one after the other.
func sendAll(t testing.TB, tab context.Context, requests []map[string]any) []told {
	t.Helper()
	data, err := json.Marshal(requests)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(tab, 2*time.Minute)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[[]told](`(async (requests) => {
		const told = [];
		for (const request of requests) told.push(await window.playground.send(request));
		return told;
	})(`+string(data)+`)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(requests) {
		t.Fatalf("%d requests were sent, and %d told of", len(requests), len(got))
	}
	return got
}
