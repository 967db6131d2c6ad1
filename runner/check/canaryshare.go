package check

import (
	"fmt"

	"gonum.org/v1/gonum/mathext"
)

// How many requests a canary check makes, by default and within bounds.
const (
	sampleSize  = 400
	leastSample = 50
	mostSample  = 5000
)

// tailChance is the chance, on either side, of a count that a right share gives
// and that is rejected all the same: the interval is that of 99.9 %.
const tailChance = 0.0005

// share is an exact test of a share: of so many requests, a count from least to
// most is consistent with it. Those are the counts whose Clopper-Pearson interval
// holds the share.
type share struct{ of, least, most int }

// newShare tests a share of 0 to 1.
func newShare(of int, p float64) share {
	s := share{of, 0, of}
	for s.least < of && atMost(s.least, of, p) <= tailChance {
		s.least++
	}
	for s.most > 0 && atLeast(s.most, of, p) <= tailChance {
		s.most--
	}
	return s
}

// atMost is the chance of k or fewer of n, each with chance p.
func atMost(k, n int, p float64) float64 {
	switch {
	case k >= n || p <= 0:
		return 1
	case p >= 1:
		return 0
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// atLeast is the chance of k or more.
func atLeast(k, n int, p float64) float64 { return atMost(n-k, n, 1-p) }

// telling reports whether the test rejects a sample without a single canary
// answer, and one with nothing else.
func (s share) telling() bool { return s.least > 0 && s.most < s.of }

func (s share) String() string {
	if s.least == s.most {
		return fmt.Sprint(s.least)
	}
	return fmt.Sprintf("%d … %d", s.least, s.most)
}

// tally counts one sample.
type tally struct {
	share
	done, canary int
}

func (t *tally) add(canary bool) {
	t.done++
	if canary {
		t.canary++
	}
}

// settled reports whether the requests that are left cannot change the verdict.
// Nothing else ends a sample early: to look at the share on the way and stop at
// the first significant one would reject four right setups in a thousand.
func (t *tally) settled() (accepted, settled bool) {
	left := t.of - t.done
	switch {
	case t.canary > t.most || t.canary+left < t.least:
		return false, true
	case t.canary >= t.least && t.canary+left <= t.most:
		return true, true
	}
	return false, false
}

// outcome is what a sample came to.
type outcome int

const (
	rejected outcome = iota
	accepted
	unsettled // it cannot be judged
)

// twice rejects only what a second, independent sample rejects as well.
func twice(sample func(nth int) outcome) outcome {
	if first := sample(1); first != rejected {
		return first
	}
	return sample(2)
}
