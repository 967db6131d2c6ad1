package playground_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"awslab/runner/check/cors"
)

// differences are the combinations in which Chromium (156) does otherwise than the
// standard, and why. They are asserted to differ: one that no longer does is to go.
var differences = map[string]string{
	`REST wildcards: GET Authorization="Bearer x" omit`:             starMeansAuthorization,
	`REST credentials-wildcards: GET Authorization="Bearer x" omit`: starMeansAuthorization,
	`HTTP star: GET Authorization="Bearer x"`:                       starMeansAuthorization,

	`everything allowed: GET DPR="1" omit`:   clientHint,
	`everything allowed: GET Save-Data="on"`: clientHint,

	`everything allowed: GET User-Agent="me"`: "Chromium drops User-Agent without a word, as if it were forbidden: https://crbug.com/571722, https://chromestatus.com/feature/5094781984309248",

	`redirect 302-nowhere: GET error`: "to Chromium a redirect without Location is none; the standard has HTTP fetch look at the status only (step 6)",

	`kept for null, 2: PUT from null`: "Chromium keeps no preflight of a sandboxed frame; the standard lets a browser drop entries at any time",

	`kept though the answer is blocked, 2: PUT`: "Chromium keeps a preflight although the request itself was blocked; the standard clears it (Main fetch, step 12)",
}

const (
	starMeansAuthorization = "Chromium still takes * for Authorization: its feature CorsNonWildcardRequestHeadersSupport is off, https://crbug.com/1176753; so do Firefox and Safari (MDN's browser-compat-data)"
	clientHint             = "Chromium has client hints on the safelist, which the standard has no longer (IsCorsSafelistedHeader in services/network/public/cpp/cors/cors.cc)"
)

// A real browser does what the algorithm says, in every combination of server and
// request: Chromium, through the page, beside two verdicts: that of the page, by
// what the emulator saw, and that of package cors on the live server without a
// browser.
func TestChromiumKeepsToTheVerdicts(t *testing.T) {
	t.Parallel()
	open := chromium(t)
	m := newMatrix(t)
	all := m.combinations()
	began := time.Now()
	cache := cors.NewCache(time.Now, cors.MaxAgeChromium)
	differ := map[string]bool{}
	by := byPage(t, all)
	for _, from := range slices.Sorted(maps.Keys(by)) {
		tab := open(m.origin(from) + "/")
		for batch := range slices.Chunk(by[from], 25) {
			for i, told := range sendAll(t, tab, requests(batch)) {
				differ[batch[i].name] = m.compare(t, cache, batch[i], told)
			}
		}
	}
	t.Logf("%d combinations in %v, of which the standard and Chromium differ in %d", len(all), time.Since(began).Round(time.Second), len(differences))
	if len(all) < 200 {
		t.Errorf("only %d combinations", len(all))
	}
	for name, why := range differences {
		if !differ[name] {
			t.Errorf("%s: Chromium and the standard no longer differ, or there is no such combination: %s", name, why)
		}
	}
}

// byPage sorts combinations by the page that sends them.
func byPage(t *testing.T, all []combination) map[string][]*combination {
	t.Helper()
	by, names := map[string][]*combination{}, map[string]bool{}
	for i := range all {
		if names[all[i].name] {
			t.Errorf("two combinations have the name %s", all[i].name)
		}
		names[all[i].name] = true
		from := all[i].from
		if from == cors.Null {
			from = "localhost"
		}
		by[from] = append(by[from], &all[i])
	}
	return by
}

func requests(some []*combination) []map[string]any {
	all := make([]map[string]any, len(some))
	for i, c := range some {
		all[i] = c.request()
	}
	return all
}

// compare holds what Chromium did against the verdicts.
func (m *matrix) compare(t *testing.T, cache *cors.Cache, c *combination, told told) (differ bool) {
	t.Helper()
	if told.Refused != "" {
		t.Errorf("%s: the page does not send it: %s", c.name, told.Refused)
		return false
	}
	live, err := cors.Judge(t.Context(), m.fetch(c), m, cache)
	if err != nil {
		t.Errorf("%s: no verdict: %v", c.name, err)
		return false
	}
	allowed := told.Outcome.Kind == "response"
	why, known := differences[c.name]
	found := unlike(&live, &told)
	if found != "" && !known {
		t.Errorf("%s: %s\n\tChromium: %s\n\tthe standard: %v by %s, %v", c.name, found, told.Outcome.Error, live.Allowed, live.Step.Code, live.Exchanges)
	}
	state := map[bool]string{true: "allowed", false: "blocked"}[allowed]
	agrees := told.Agree != nil && *told.Agree
	switch {
	case !known && (told.Verdict.State != state || !agrees):
		t.Errorf("%s: Chromium %s it, and the page says %s by %s %s: %+v", c.name, state, told.Verdict.State, told.Verdict.Step.Code, told.Verdict.Unknown, told.Differs)
	case known && live.Allowed != allowed && agrees:
		t.Errorf("%s: the page sees no difference: %s", c.name, why)
	}
	return found != ""
}

// unlike is how a verdict and what Chromium did differ, or "".
func unlike(live *cors.Verdict, told *told) string {
	allowed := told.Outcome.Kind == "response"
	preflights := 0
	for _, exchange := range told.Wire {
		if exchange.Preflight {
			preflights++
		}
	}
	wanted := 0
	for _, exchange := range live.Exchanges {
		if exchange.Preflight {
			wanted++
		}
	}
	names := []string{}
	for _, header := range told.Outcome.Headers {
		names = append(names, strings.ToLower(header.Name))
	}
	slices.Sort(names)
	switch {
	case live.Allowed != allowed:
		return fmt.Sprintf("allowed: %v, by the standard %v", allowed, live.Allowed)
	case preflights != wanted || live.PreflightSent != (preflights > 0):
		return fmt.Sprintf("%d preflights, by the standard %d", preflights, wanted)
	case len(told.Wire) != len(live.Exchanges):
		return fmt.Sprintf("%d requests, by the standard %d", len(told.Wire), len(live.Exchanges))
	case allowed && live.Status != told.Outcome.Status:
		return fmt.Sprintf("the script sees %d, by the standard %d", told.Outcome.Status, live.Status)
	case allowed && !slices.Equal(names, append([]string{}, live.Readable...)):
		return fmt.Sprintf("the script reads %v, by the standard %v", names, live.Readable)
	}
	return ""
}
