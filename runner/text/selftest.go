package text

// Selftest holds what `awslab lesson test` says to an instructor.
type Selftest struct {
	// Findings are the sentences of every code of package selftest.
	Findings map[string]Finding

	Steps, Before, After, Twice         string // heads of the first table
	Mutants, Alternatives, Translations string // heads of the others
	Cleanup                             string // behind the clean-up step
	Output                              string // before what a command printed
	Score, Kept, Trying                 string
	NoMutants                           string
}

func englishSelftest() Selftest {
	return Selftest{
		Steps: "steps", Before: "fails before", After: "passes after", Twice: "done twice",
		Mutants: "wrong answers, to be caught", Alternatives: "other right answers, to be accepted", Translations: "translations",
		Cleanup:   "and leaves nothing",
		Output:    "it printed",
		Score:     "{passed} of {total} proved, {seconds} s",
		Kept:      "the world of this case is kept in {dir}; look at it with: awslab shell {lesson} --lessons {lessons} --home {dir}",
		Trying:    "{done} of {total} cases",
		NoMutants: "no wrong answer was tried: selftest.yaml has none",
		Findings: map[string]Finding{
			"selftest.green-before":       {"The check {subject} passes before its step is done, so it proves nothing.", "Make it look at something that only the step brings about."},
			"selftest.action-failed":      {"The commands of the step {subject} fail.", "Run them in `awslab shell` and mend them."},
			"selftest.not-green":          {"The check {subject} does not pass after its step.", "Mend the step's commands, or what the check expects."},
			"selftest.again-failed":       {"The commands of the step {subject} fail when they are run again.", "Guard what AWS refuses to make twice: aws … get-thing >/dev/null 2>&1 || aws … create-thing"},
			"selftest.again-not-green":    {"The check {subject} does not pass when its step is done twice.", "Guard what AWS would make twice: [ -n \"${API_ID:-}\" ] || aws … create-api"},
			"selftest.not-reached":        {"The step {subject} was not reached.", "Mend the step before it."},
			"selftest.left":               {"After the clean-up this is left: {subject}", "Delete it in the step with `sh cleanup`."},
			"selftest.mutant-failed":      {"The commands of this wrong answer fail.", "Mend `run` in selftest.yaml: awslab lesson test --only \"{subject}\" --keep leaves its world to look at."},
			"selftest.mutant-survived":    {"The check {subject} passes all the same.", "Make the check look closer, or the answer more wrong."},
			"selftest.mutant-others":      {"These checks fail as well: {found}", "Name the one that should, and make the answer wrong in one thing alone."},
			"selftest.mutant-code":        {"The check {subject} fails, but with {found} and not with {expected}.", "If that finding helps a student as well, name it in selftest.yaml."},
			"selftest.alternative-failed": {"The commands of this answer fail.", "Mend `run` in selftest.yaml."},
			"selftest.rejected":           {"The check {subject} rejects this answer.", "Make the check look at what matters, and not at how it was done."},
			"selftest.undecided":          {"The check {subject} could not be decided.", "Read why below; a check has to be decidable on a fresh emulator."},
			"selftest.translation":        {"The translation differs at {subject}.", "awslab lesson lint shows it with a hint."},
		},
	}
}
