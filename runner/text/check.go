package text

import "awslab/runner/check"

// Check holds what checks found, and what to do about it.
type Check struct {
	// Findings are the sentences of every code of package check.
	Findings map[string]Finding
}

// Finding is the pair of sentences for one code.
type Finding struct{ Says, Do string }

func englishCheck() Check { return Check{Findings: englishFindings()} }

// Finding says what is wrong and what to try next.
func (t *Text) Finding(f check.Finding) (says, do string) {
	s := t.Check.Findings[f.Code]
	return s.Says, s.Do
}

func englishFindings() map[string]Finding { return map[string]Finding{} }
