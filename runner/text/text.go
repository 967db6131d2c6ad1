// Package text holds every sentence that a person reads, in one struct for each
// language, so that the compiler misses a sentence that a language lacks.
//
// Start at [Text]. Its parts are: [Check], what checks found and what to do
// about it; [TUI], the terminal program; [Session], notices of a session;
// [Command], the commands, with their problems and notices; [Selftest], what
// `awslab lesson test` saw. English is the only
// language now. Anyone may import this package; it imports of awslab only
// packages of plain data.
//
// Sentences are whole, with {name} for what changes, so that a translator can
// order the words as the language wants them.
package text

// Text is all that awslab says in one language.
type Text struct {
	// Language is its code: "en".
	Language string
	Check    Check
	TUI      TUI
	Session  Session
	Command  Command
	Selftest Selftest
}

// English is what awslab says in English.
func English() *Text {
	return &Text{
		Language: "en",
		Check:    englishCheck(),
		TUI:      englishTUI(),
		Session:  englishSession(),
		Command:  englishCommand(),
		Selftest: englishSelftest(),
	}
}
