package text

// TUI holds what the terminal program says.
type TUI struct {
	Keys TUIKeys

	Emulator, Endpoint, AWS string // the banner: where commands go

	Steps, Checks, Console, Hint, File, Cleanup, Run              string // headings and labels
	LessonLine                                                    string // of the course page
	NextUp, AllLessonsDone                                        string
	PressRun, PressCheck, StepPassed, StepPassedOnce, LessonDone  string
	Running, Checking, Solving, CleaningUp                        string
	Resetting, CommandRunning                                     string
	CancelHint, Cancelled, ExitCode                               string
	NoHint, HintOf, Blocked                                       string
	Expected, Found, Try                                          string
	TooSmall                                                      string
	PromptEmpty                                                   string
	Copied, NothingToCopy                                         string
	Opening                                                       string // title of the page before the first step
	More                                                          string // a fold that is closed
	Help                                                          string // title of the overlay
	CloseHelp                                                     string
	Yes, No                                                       string
	Quiz, QuizWrong, QuizRight                                    string // the head of a question
	QuizKeys, QuizChoose, QuizOpen                                string // under a question, until it is answered
	QuizLeft, NoQuestion, NoOption, Answering                     string
	Callouts                                                      Callouts
	Traces                                                        Traces
	Evidence                                                      Evidence
	StepSkipped, StepSolved, ResetDone                            string
	Passed, Solved, Skipped                                       string // how a step was done
	Finish, FinishChecks, FinishTook, FinishNext, FinishLast, End string // the page after the last step
	AskSolution, Longer                                           string
	Preview, IssuesMore, LastGood                                 string // of a lesson that is being written
	AskSolve, AskSkip, AskReset, AskCleanup, AskQuit              string
	// Of lessons that build on one another.
	AskPrepare, Preparing, Prepared, TakenFrom string
}

// TUIKeys says what each key does, in a few words.
type TUIKeys struct {
	Open, GoOn, Up, Down, PageUp, PageDown, Top, Bottom, Left, Right string
	Run, Check, Prompt, Next, Previous, Hint, Fold, Copy             string
	Solve, Skip, Reset, Cleanup, Help, Back, Cancel, Quit            string
	Enter, Earlier, Later, OutputUp, OutputDown, Unfocus             string // at the prompt
	Answer, Focus                                                    string // of a question
	Traces, Evidence, Playground                                     string
}

func englishTUI() TUI {
	return TUI{
		Keys: TUIKeys{
			Open: "open", GoOn: "go on", Up: "up", Down: "down", PageUp: "page up", PageDown: "page down", Top: "top", Bottom: "bottom",
			Left: "scroll commands left", Right: "scroll commands right",
			Run: "run", Check: "check", Prompt: "prompt", Next: "next", Previous: "previous",
			Hint: "hint", Fold: "open folds", Copy: "copy commands",
			Solve: "solve", Skip: "skip", Reset: "reset lesson", Cleanup: "clean up",
			Help: "help", Back: "back", Cancel: "cancel, or leave", Quit: "quit",
			Enter: "run", Earlier: "earlier", Later: "later", OutputUp: "output up", OutputDown: "output down", Unfocus: "back to reading",
			Answer: "answer the question", Focus: "question, or prompt", Traces: "requests to APIs", Evidence: "findings in full", Playground: "CORS in your browser",
		},
		Emulator: "EMULATOR {url}", Endpoint: "ENDPOINT {url}  {account}/{region}", AWS: "AWS {account}/{region}",
		Steps: "Steps", Checks: "Checks", Console: "Console", Hint: "Hint", File: "file", Cleanup: "clean-up", Run: "run",
		LessonLine:     "{minutes} min",
		NextUp:         "Next: {title}. Press Enter.",
		AllLessonsDone: "Every lesson is done. Well done!",
		PressRun:       "r runs these commands, : lets you type them",
		PressCheck:     "c checks this step",
		StepPassed:     "Step done. Enter goes on.",
		StepPassedOnce: "This step stays done, but not all of its checks pass now.",
		LessonDone:     "That was the whole lesson. Enter shows what you have done.",
		Running:        "Running the commands", Checking: "Checking", Solving: "Solving", CleaningUp: "Cleaning up",
		Resetting: "Resetting", CommandRunning: "Running",
		CancelHint: "Ctrl-C cancels", Cancelled: "cancelled", ExitCode: "exit code {code}",
		NoHint: "This step has no further hint.", HintOf: "Hint {n} of {count}", Blocked: "First do the step “{title}”.",
		Expected: "expected", Found: "found", Try: "try",
		TooSmall:    "awslab needs 60 × 20 characters; this terminal has {width} × {height}.",
		PromptEmpty: "press : to type commands here",
		Copied:      "Copied the commands.", NothingToCopy: "This step has no commands to copy.",
		Opening: "Introduction", More: "f opens", Help: "Keys", CloseHelp: "Esc closes",
		Yes: "yes", No: "no",
		Quiz: "question", QuizWrong: "not this one, try again", QuizRight: "Right.",
		QuizKeys: "press {keys}, or Tab and the arrow keys", QuizChoose: "↑ ↓ choose, Enter answers", QuizOpen: "not answered yet",
		QuizLeft: "Only the question is left. Enter goes to it.", Answering: "Answering", NoQuestion: "This step has no open question.", NoOption: "There is no option {option}.",
		Callouts:    Callouts{Note: "Note", Tip: "Tip", Important: "Important", Warning: "Warning", Caution: "Caution", Info: "Info", Question: "Question", Quote: "Quote"},
		Traces:      englishTraces(),
		Evidence:    englishEvidence(),
		StepSkipped: "Skipped. Enter goes on.", StepSolved: "awslab has solved this step. Enter goes on.", ResetDone: "The lesson is as it was at the start.",
		Passed: "passed", Solved: "solved by awslab", Skipped: "skipped",
		Finish: "You have finished this lesson", FinishChecks: "{passed} of {total} checks passed", FinishTook: "{minutes} minutes from beginning to end",
		FinishNext: "Enter goes to the next lesson: {title}", FinishLast: "Enter goes back to the course.", End: "Finished",
		Longer:      "… e shows all of it",
		AskSolution: "Show the solution of “{title}”? Try it yourself first: h gives a hint.",
		Preview:     "preview", IssuesMore: "and {count} more", LastGood: "below, the last version without errors",
		AskSolve:   "Let awslab do the step “{title}”? It counts as solved, not as passed.",
		AskSkip:    "Skip the step “{title}”? Later steps may need what it makes.",
		AskReset:   "Clean up, forget your progress with this lesson and restore its files?",
		AskCleanup: "Delete what this lesson created?",
		AskQuit:    "Something is running. Cancel it and leave?",
		AskPrepare: "This lesson builds on “{title}”, and what that makes is not there. Let awslab do it now?",
		Preparing:  "Preparing",
		Prepared:   "What this lesson builds on is there now.",
		TakenFrom:  "“{title}” builds on it.",
	}
}

// Callouts are the titles of a lesson's callouts that have none of their own.
type Callouts struct{ Note, Tip, Important, Warning, Caution, Info, Question, Quote string }

// Of is the title of a kind of callout.
func (c Callouts) Of(kind string) string {
	switch kind {
	case "tip":
		return c.Tip
	case "important":
		return c.Important
	case "warning":
		return c.Warning
	case "caution":
		return c.Caution
	case "info":
		return c.Info
	case "question":
		return c.Question
	case "quote":
		return c.Quote
	default:
		return c.Note
	}
}
