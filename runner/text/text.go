// Package text holds every sentence that a person reads, in one struct for each
// language, so that the compiler misses a sentence that a language lacks.
//
// Start at [Text]. Its parts are: [Check], what checks found and what to do
// about it; [TUI], the terminal program; [Session], notices of a session; [Shell],
// what the lesson's shell says;
// [Command], the commands, with their problems and notices; [Selftest], what
// `awslab lesson test` saw; [Lint], what is wrong with a lesson's files; [Lesson], the words with a meaning in a lesson's
// markdown; [Causes], what stands behind a problem;
// [AWSCLI], the help of the aws command; [CORS], what the
// Fetch standard decides; [Playground], the page that shows it. [For] finds a language: English is the
// original, Korean follows it, with the terms of GLOSSARY.md. Anyone may import
// this package; it imports of awslab only packages of plain data.
//
// Sentences are whole, with {name} for what changes, so that a translator can
// order the words as the language wants them.
package text

// Text is all that awslab says in one language.
type Text struct {
	// Language is its code: "en" or "ko".
	Language   string
	Check      Check
	TUI        TUI
	Session    Session
	Shell      Shell
	Command    Command
	Selftest   Selftest
	Lint       Lint
	Lesson     Lesson
	Causes     Causes
	AWSCLI     AWSCLI
	Playground Playground
	CORS       CORS
}

// Languages are the codes that [For] knows, the original first.
func Languages() []string { return []string{"en", "ko"} }

// For is what awslab says in a language of [Languages]. Every other code is a
// [Problem] of class Usage.
func For(language string) (*Text, error) {
	switch language {
	case "en":
		return English(), nil
	case "ko":
		return Korean(), nil
	}
	return nil, &Problem{Says: func(p *Problems) Sentence { return p.NoLanguage }, Args: Args{"lang": language}, Class: Usage}
}

// English is what awslab says in English.
func English() *Text {
	return &Text{
		Language:   "en",
		Check:      englishCheck(),
		TUI:        englishTUI(),
		Session:    englishSession(),
		Shell:      englishShell(),
		Command:    englishCommand(),
		Selftest:   englishSelftest(),
		Lint:       englishLint(),
		Lesson:     englishLesson(),
		Causes:     englishCauses(),
		AWSCLI:     englishAWSCLI(),
		Playground: englishPlayground(),
		CORS:       englishCORS(),
	}
}
