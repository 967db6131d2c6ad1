package playground

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Text is read on what it stands on, in light and in dark: WCAG 2.2, 1.4.3, level AA.
func TestContrast(t *testing.T) {
	t.Parallel()
	css := read("page/page.css")
	light, dark, found := strings.Cut(css, "prefers-color-scheme: dark")
	if !found {
		t.Fatal("there is no dark look")
	}
	for look, part := range map[string]string{"light": light, "dark": dark} {
		part, _, _ = strings.Cut(part, "\n* {")
		colours := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(part, -1) {
			colours[m[1]] = luminance(t, m[2])
		}
		for _, pair := range []struct {
			text, on string
			least    float64
		}{
			{"ink", "paper", 4.5},
			{"ink", "card", 4.5},
			{"ink", "tag", 4.5},
			{"soft", "paper", 4.5},
			{"soft", "card", 4.5},
			{"soft", "tag", 4.5},
			{"accent", "paper", 4.5},
			{"accent-ink", "accent", 4.5},
			{"bad", "card", 4.5},
			{"good", "card", 4.5},
			{"unsure", "card", 4.5},
			{"good", "good-paper", 4.5},
			{"bad", "bad-paper", 4.5},
			{"unsure", "unsure-paper", 4.5},
			{"plain", "plain-paper", 4.5},
			{"ink", "good-paper", 4.5},
			{"ink", "bad-paper", 4.5},
			{"ink", "unsure-paper", 4.5},
			{"ink", "plain-paper", 4.5},
			{"card", "good", 3},
			{"card", "bad", 3},
			{"card", "unsure", 3},
			{"card", "plain", 3}, // signs
			{"field", "card", 3},
			{"accent", "card", 3}, // the edge of a field, and the focus
		} {
			text, ok := colours[pair.text]
			on, there := colours[pair.on]
			if !ok || !there {
				t.Fatalf("%s: no --%s or no --%s", look, pair.text, pair.on)
			}
			if ratio := (max(text, on) + 0.05) / (min(text, on) + 0.05); ratio < pair.least {
				t.Errorf("%s: --%s on --%s has %.2f : 1, want %.1f", look, pair.text, pair.on, ratio, pair.least)
			}
		}
	}
}

// luminance is WCAG's relative luminance of a colour.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// What comes from elsewhere is put into the page as text, never as HTML.
func TestTheScripts(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"fetch.js", "frame.js", "send.js", "show.js", "page.js"} {
		source := read("page/" + name)
		for _, never := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "setHTML", "srcdoc", "localStorage"} {
			if strings.Contains(source, never) {
				t.Errorf("%s uses %s", name, never)
			}
		}
	}
}
