package runner

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/target"
)

// What a page and an API wrote into a trace is shown in a terminal.
func TestTracesOfCORSAreHarmless(t *testing.T) {
	t.Parallel()
	trace := Trace{CORS: &target.CORSTrace{
		Origin: "https://a\x1b[2J.example", RequestMethod: "G\nET", RequestHeaders: "x-a\x1b[1m,topsecret",
		Names: []string{"x-\x1b]0;hi\x07b"}, Answer: map[string][]string{"vary": {"Origin\x1b[1m", "a\tb"}},
	}}
	harmlessTrace(&trace, strings.NewReplacer("topsecret", "***").Replace)
	want := &target.CORSTrace{
		Origin: "https://a.example", RequestMethod: "G ET", RequestHeaders: "x-a,***",
		Names: []string{"x-b"}, Answer: map[string][]string{"vary": {"Origin", "a b"}},
	}
	if d := cmp.Diff(want, trace.CORS); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}
