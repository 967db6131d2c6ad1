package check

// NewShare and what follows let tests drive the verdict of the canary check
// without HTTP.
var NewShare = newShare

// Region is which counts are consistent with the share.
func (s share) Region() (least, most int) { return s.least, s.most }

// Sample judges one sample, of answers that draw gives: whether the canary gave
// it.
func (s share) Sample(draw func() bool) bool { return s.sample(draw) == accepted }

// Verdict judges as the check does, of as many samples as it takes.
func (s share) Verdict(draw func() bool) bool {
	return twice(func(int) outcome { return s.sample(draw) }) == accepted
}

func (s share) sample(draw func() bool) outcome {
	t := tally{share: s}
	for {
		if ok, settled := t.settled(); ok {
			return accepted
		} else if settled {
			return rejected
		}
		t.add(draw())
	}
}

// InvokeURL is where a stage of a REST API answers.
func (w World) InvokeURL(api, stage string) string { return w.invokeURL(api, stage) }
