package check

// Quiz judges a question to the student. options are its options, right the
// number of the right one and given the number that was chosen (the first is
// 1); given is 0 while the question is open, which leaves it not run. A wrong
// answer is quiz.wrong, which does not tell the right one.
func Quiz(id, ask string, options []string, right, given int) Result {
	r := Result{ID: id, Title: ask, Kind: "quiz"}
	switch given {
	case 0:
	case right:
		r.Status = Passed
	default:
		chosen := ""
		if given > 0 && given <= len(options) {
			chosen = options[given-1]
		}
		r.Status, r.Findings = Failed, []Finding{{Code: quizWrong, Subject: id, Found: chosen}}
	}
	return r
}
