package check

import (
	"net/http"

	"awslab/runner/check/cors"
)

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

// SaysOfStep reports whether the cors check has something to say of a case that a
// step of the standard blocks.
func SaysOfStep(code string) bool {
	row := &corsRow{want: &corsCase{allowed: true}, request: cors.Request{Origin: "https://shop.example", Method: http.MethodPut}}
	w := &corsWhy{found: &corsSubject{rest: &release{}, address: "https://api.example/"}, rows: []*corsRow{row}}
	got := cors.Verdict{Step: cors.Step{Code: code}, Exchanges: []cors.Exchange{{Sent: cors.Sent{URL: w.found.address}, Answer: cors.Answer{Header: http.Header{}}}}}
	return w.elsewhere(row, got) != nil || w.deficit(row, got).code != "" || code == "preflight.status"
}

// TakesWhole reports whether a validation expression takes a token.
var TakesWhole = takesWhole

// PolicyOf reads a function's answer: what its policy says of a method, and what it
// covers.
func PolicyOf(payload, arn string) (allows, denies bool, covers string) {
	p := readPolicy([]byte(payload))
	if p == nil {
		return false, false, ""
	}
	is := p.decides(arn)
	return is == policyAllows, is == policyDenies, p.covers()
}
