package check_test

import (
	"testing"

	"awslab/runner/check"
)

func TestAuthorizer(t *testing.T) {
	t.Parallel()
	right := func(*guard) {}
	for _, tt := range []struct {
		name, node string
		change     func(g *guard)
		want       string
		advice     advice
	}{
		{"right", guardNode, right, "passed", followed},
		{"every case", guardCases("allow, deny, none, malformed, expired, wrong-key, unsigned, tampered"), right, "passed", followed},
		{"whose it is, and where else", guardWanting("principal: student, also: [GET /pets]"), right, "passed", followed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t)
			tt.change(g)
			r := g.run(tt.node)
			if got := outcome(r); got != tt.want {
				t.Fatalf("got %s, want %s\n%+v\n%+v", got, tt.want, r.Findings, r.Seen)
			}
			if tt.advice == followed {
				follow(t, g.cfg, r, func() check.Result { return g.run(tt.node) })
			}
		})
	}
}
