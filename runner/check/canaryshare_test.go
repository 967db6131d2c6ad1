package check_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"awslab/runner/check"
)

// A right setup is rejected less than once in ten thousand runs, and one with
// another share never passes: 100,000 runs of each, with the verdict's own code.
// It is not parallel: it would take the processors from the functions of other
// tests, which have a second each.
func TestCanaryVerdictOverManyRuns(t *testing.T) {
	const runs = 100_000
	for _, tt := range []struct {
		name   string
		share  float64
		passes func(n int) bool
	}{
		{"50 %", 0.5, func(n int) bool { return runs-n < runs/10_000 }},
		{"5 %", 0.05, func(n int) bool { return n == 0 }},
		{"25 %", 0.25, func(n int) bool { return n == 0 }},
		{"100 %", 1, func(n int) bool { return n == 0 }},
		{"0 %", 0, func(n int) bool { return n == 0 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			share := check.NewShare(400, 0.5)
			random := rand.New(rand.NewPCG(2026, uint64(100*tt.share)))
			passed := 0
			for range runs {
				if share.Verdict(func() bool { return random.Float64() < tt.share }) {
					passed++
				}
			}
			if !tt.passes(passed) {
				t.Errorf("%d of %d runs passed", passed, runs)
			}
			t.Logf("%d of %d runs passed", passed, runs)
		})
	}
}

// The region is the one that exact arithmetic gives.
func TestCanaryRegionIsExact(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		of      int
		percent int64
	}{{50, 50}, {400, 50}, {400, 5}, {400, 95}, {400, 1}, {1000, 10}, {50, 0}, {50, 100}} {
		least, most := exactRegion(tt.of, tt.percent)
		if l, m := check.NewShare(tt.of, float64(tt.percent)/100).Region(); l != least || m != most {
			t.Errorf("%d at %d %%: %d to %d, want %d to %d", tt.of, tt.percent, l, m, least, most)
		}
	}
}

// exactRegion sums the binomial distribution in whole numbers: C(n,k) a^k b^(n-k)
// over 100^n, where a is the percentage and b the rest.
func exactRegion(n int, percent int64) (least, most int) {
	a, b := big.NewInt(percent), big.NewInt(100-percent)
	whole := new(big.Int).Exp(big.NewInt(100), big.NewInt(int64(n)), nil)
	term := func(k int) *big.Int {
		c := new(big.Int).Binomial(int64(n), int64(k))
		c.Mul(c, new(big.Int).Exp(a, big.NewInt(int64(k)), nil))
		return c.Mul(c, new(big.Int).Exp(b, big.NewInt(int64(n-k)), nil))
	}
	rare := func(sum *big.Int) bool { // at most 5 in 10,000
		return new(big.Int).Mul(sum, big.NewInt(2000)).Cmp(whole) <= 0
	}
	sum := term(0)
	for rare(sum) {
		least++
		sum.Add(sum, term(least))
	}
	most, sum = n, term(n)
	for rare(sum) {
		most--
		sum.Add(sum, term(most))
	}
	return least, most
}

// Whatever the order of the answers, ending early gives the verdict of the whole
// sample.
func TestCanaryEndsEarlyWithTheSameVerdict(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	share := check.NewShare(400, 0.5)
	least, most := share.Region()
	early := 0
	for range 20_000 {
		p, drawn, canary := 0.3+0.4*random.Float64(), 0, 0
		answers := make([]bool, 400)
		for i := range answers {
			if answers[i] = random.Float64() < p; answers[i] {
				canary++
			}
		}
		got := share.Sample(func() bool {
			drawn++
			return answers[drawn-1]
		})
		if want := canary >= least && canary <= most; got != want {
			t.Fatalf("%d of 400 (%d to %d are right) gives %v after %d", canary, least, most, got, drawn)
		}
		if drawn < 400 {
			early++
		}
	}
	if early < 10_000 {
		t.Errorf("only %d samples ended early", early)
	}
}
