package text

// Command holds what the commands say beside the terminal program: help,
// tables, problems and notices. Findings have a struct of their own.
type Command struct {
	Help     Help
	Problems Problems
	Notices  Notices

	Interrupted, UnpackingPython           string
	Consent, ConsentAsk                    string
	WhereEmulator, WhereEndpoint, WhereAWS string
	ListLine, NextStep, AllDone            string
	EmulatorServes, EmulatorWaits          string
	PageServes, PageMoved, PageRemote      string
	PageAt, PageOpened, PageConsole        string // in the terminal program
	MarkCurrent                            string
	WroteFile, ListLesson, NextWithLesson  string // of `lesson new`
	Marks                                  Marks
	Doctor                                 Doctor
}

// Marks are the signs before a step in a plain list.
type Marks struct{ Passed, Solved, Skipped, Open string }

// Help is one line for each command and flag.
type Help struct {
	Root, RootLong                                                                                      string
	Usage, Examples, Commands, Flags, CommonFlags                                                       string // headings
	CommandWord, FlagsWord                                                                              string // stand for any command, any flags
	HelpCommand, HelpFlag, Completion, CompletionLong                                                   string
	List, Status, Next, Run, Check, Solve, Skip, Reset, Cleanup                                         string
	ShellPrompt, AWS, JWT, Env, Emulator, Playground, Doctor, Version                                   string
	Lesson, LessonLint, LintStrict, LessonNew, LessonPreview, LessonTest, Only, Keep, Title             string
	Target, Region, Profile, Lessons, Lang, Format, Home                                                string
	Plain, NoInput, Yes, Trust, Step, All, WithCleanup, Addr, PageAddr, NoBrowser, Strict, Fresh, Shell string
}

// Doctor is what `awslab doctor` says of the machine.
type Doctor struct {
	Home, Emulator, Python, Sandbox, AWSCLI, Terminal string
	Good, Bad, None                                   string
	SandboxOn, SandboxOff                             string
}

// Problems are the sentences of everything that can go wrong outside a check.
type Problems struct {
	HomeUnusable, LedgerUnusable, HomeServed, OwnerSilent, PortTaken, NoPort, NotLoopback Sentence
	JournalDamaged, JournalDiffers, JournalNewer, NotOurs                                 Sentence
	ProgressDamaged, ProgressNewer, NoSeed                                                Sentence

	UnknownCommand, UnknownCommandNear, ArgumentMissing, TooManyArguments          Sentence
	UnknownFlag, FlagNeedsValue, FlagValue, FlagsExclude, FlagsRequired            Sentence
	Unexpected, NoLanguage, NoFormat, NoShell, NoTerminal                          Sentence
	LessonsBroken, LessonBroken, NoLesson, NoStep, NoQuiz, NoOption, Busy          Sentence
	StepBlocked, StepNotPassed, Undecided, ActionFailed, NothingRun, NotAllDeleted Sentence

	KeepWhat, NoCase, NotProved, NoLessonID, FolderInUse, NotWatched Sentence

	PlaygroundPort, PlaygroundLoopback, NoCORSLesson Sentence

	BadTarget, NotConfined, NoRegion, NoCredentials, Unreachable, NotConfirmed Sentence
	Foreign, UnknownOwner                                                      Sentence
}

// Notices are the sentences that stop nothing.
type Notices struct {
	TookOver, SetAside string
}

func englishCommand() Command {
	return Command{
		Help: Help{
			Root:     "A lab for AWS in your terminal",
			RootLong: "awslab walks you through AWS lessons step by step, runs each action on an AWS emulator inside this program (or on real AWS), and checks the results.\n\nStart it without arguments for the terminal program.",
			Usage:    "Usage", Examples: "Examples", Commands: "Commands", Flags: "Flags", CommonFlags: "Flags of every command",
			CommandWord: "COMMAND", FlagsWord: "[flags]",
			HelpCommand:    "Show what a command is for",
			HelpFlag:       "show this help",
			Completion:     "Print the script that completes awslab's commands in your shell",
			CompletionLong: "Prints the script that completes awslab's commands in your shell. Let the shell read it, now or each time it starts.",
			List:           "Show the lessons there are",
			Status:         "Show what you have done",
			Next:           "Show what comes next",
			Run:            "Do a lesson's actions and checks, without the terminal program",
			Check:          "Judge the first unfinished step of a lesson",
			Solve:          "Let awslab do the current step",
			Skip:           "Pass the current step over",
			Reset:          "Clean up a lesson and forget your progress with it",
			Cleanup:        "Delete what a lesson created",
			ShellPrompt:    "Open a prompt in the lesson's shell, or run a script from a pipe",
			AWS:            "Run one AWS command against the target",
			JWT:            "Make JSON Web Tokens, take them apart, verify them",
			Env:            "Print the variables for the real AWS CLI, SDKs and Terraform",
			Emulator:       "Keep the AWS emulator running",
			Playground:     "See CORS in your own browser: a page that sends requests to a lesson's APIs",
			PageAddr:       "loopback address of the page, kept for this home (default {addr} if free)",
			NoBrowser:      "print the page's address, and open no browser",
			Doctor:         "Look at what awslab needs on this machine",
			Version:        "Print the version",
			Target:         "where commands go: emulator, aws, or a URL",
			Region:         "region to work in (emulator: ap-northeast-2)",
			Profile:        "profile of your AWS configuration",
			Lessons:        "folder of lessons to use instead of the built-in course",
			Lang:           "language: en or ko (default: your locale's, else en)",
			Format:         "output: text, json or junit",
			Home:           "folder for progress, workspaces and the emulator's state (also AWSLAB_HOME)",
			Plain:          "no colour, no drawing, ASCII only",
			NoInput:        "never ask anything",
			Yes:            "agree to work in the AWS account of --target",
			Trust:          "run lessons that are not built in where the system cannot confine their programs",
			Step:           "only this step",
			All:            "judge every step as of now",
			WithCleanup:    "clean up at the end",
			Addr:           "loopback address to listen on, kept for this home (default {addr} if free)",
			Strict:         "be as slow as AWS: functions stay Pending and InProgress for a while",
			Fresh:          "set the emulator's state aside (nothing is deleted) and begin with an empty one",
			Shell:          "bash, fish or powershell",
			Lesson:         "For instructors: try lessons out",
			LessonLint:     "Read lessons and tell their mistakes",
			LintStrict:     "let warnings count as errors",
			LessonNew:      "Begin a lesson with a small one that proves itself",
			Title:          "the lesson's title",
			LessonPreview:  "See a lesson as a student does, while you write it",
			LessonTest:     "Prove a lesson's checks on fresh emulators",
			Only:           "one case alone: a step, or a name in selftest.yaml",
			Keep:           "leave the world of that case up, to look at",
		},
		Interrupted:     "interrupted",
		UnpackingPython: "unpacking Python, once: {mb} MB",
		Consent:         "Commands go to AWS account {account}, region {region}, as {identity}. They create real resources, which may cost money.",
		ConsentAsk:      "Go on? [y/N] ",
		WhereEmulator:   "EMULATOR at {url}",
		WhereEndpoint:   "ENDPOINT {url}, account {account}/{region}",
		WhereAWS:        "AWS {account}/{region}",
		ListLine:        "{title} ({steps} steps, about {minutes} minutes)",
		NextStep:        "{lesson}, step {step}: {title}",
		AllDone:         "every step of every lesson is done",
		EmulatorServes:  "AWS emulator at {url} (Ctrl-C ends it; variables for your shell: eval \"$(awslab env)\")",
		EmulatorWaits:   "another awslab serves the emulator at {url}; this one takes over when it ends (Ctrl-C ends waiting)",
		PageServes:      "CORS playground at {url} (Ctrl-C ends it)",
		PageMoved:       "The page's own port is in use, perhaps by another awslab of this home. This time the page has another port, and so another origin.",
		PageRemote:      "Your browser is on another machine. Forward both ports there, then open that address:",
		PageAt:          "Open in your browser: {url}",
		PageOpened:      "Opened in your browser: {url}",
		PageConsole:     "At {url}, see the console",
		MarkCurrent:     ">",
		WroteFile:       "wrote {file}",
		ListLesson:      "Add a line to course.yaml under lessons:\n  - {lesson}",
		NextWithLesson:  "Next:\n  prove its checks      awslab lesson test {dir}\n  see it as you write   awslab lesson preview {dir}\n  do it as a student    awslab {lesson} --lessons {course}",
		Marks:           Marks{Passed: "v", Solved: "s", Skipped: "-", Open: "."},
		Doctor: Doctor{
			Home: "home", Emulator: "emulator", Python: "Python", Sandbox: "sandbox", AWSCLI: "AWS CLI", Terminal: "terminal",
			Good: "ok", Bad: "problem", None: "not found (not needed: awslab has its own)",
			SandboxOn: "programs of lessons run confined (Landlock)", SandboxOff: "this system offers none: only built-in lessons run without --trust",
		},
		Problems: Problems{
			HomeUnusable:   Sentence{"awslab cannot use its home {dir}: {cause}", "make it writable, or choose another with --home DIR"},
			LedgerUnusable: Sentence{"the ledger of what awslab created there cannot be read: {cause}", "it was left as it is, in {dir}; restore it from a backup, or move it aside and delete by hand what awslab created"},
			HomeServed:     Sentence{"this home's emulator already runs at {addr}", "leave --addr out to use it, or stop the other awslab first"},
			OwnerSilent:    Sentence{"another awslab holds {dir}, but its emulator does not answer", "stop the other awslab, or wait until it has started"},
			PortTaken:      Sentence{"the emulator cannot listen on {addr}: {cause}", "stop the program that uses the port, or choose another with: awslab emulator --addr 127.0.0.1:0"},
			NoPort:         Sentence{"no port of 127.0.0.1 is free for the emulator: {cause}", "check that this machine lets programs listen on its loopback address"},
			NotLoopback:    Sentence{"the emulator does not listen on {addr}: it runs code, so it stays on this machine", "give a loopback address, such as --addr 127.0.0.1:4566"},

			JournalDamaged:  Sentence{"the emulator's state on disk is damaged: {cause}", "it was left as it is, in {dir}; to start afresh: awslab emulator --fresh, which moves it aside"},
			JournalDiffers:  Sentence{"this awslab replays the emulator's journal differently: {cause}", "it was left as it is, in {dir}; use the awslab that wrote it; or start afresh, which moves it aside: awslab emulator --fresh"},
			JournalNewer:    Sentence{"the emulator's journal was written by a newer awslab: {cause}", "use that version; or start afresh, which moves it aside: awslab emulator --fresh"},
			NotOurs:         Sentence{"the program at {addr} is not this home's emulator", "stop that program, or choose another address with: awslab emulator --addr 127.0.0.1:0"},
			ProgressDamaged: Sentence{"the file with your progress could not be read: {cause}", "it was moved to {file}; steps whose checks pass are found again by `awslab check LESSON --all`"},
			ProgressNewer:   Sentence{"your progress was written by a newer awslab: {cause}", "use that version, or another --home"},
			NoSeed:          Sentence{"the lesson's secrets are made from {file}, which cannot be used: {cause}", "if it may have been seen or cannot be mended, delete it: awslab makes another, and with it other secrets, so what has an old one in it needs the new one"},

			UnknownCommand:     Sentence{"there is no command {word}", "awslab --help shows the commands"},
			UnknownCommandNear: Sentence{"there is no command {word}", "did you mean: {near}?"},
			ArgumentMissing:    Sentence{"{command} lacks an argument", "write: {usage}"},
			TooManyArguments:   Sentence{"{command} does not take so many arguments: {last}", "write: {usage}"},
			UnknownFlag:        Sentence{"unknown flag: {flag}", "{command} --help shows the flags"},
			FlagNeedsValue:     Sentence{"the flag {flag} lacks its value", "{command} --help shows what it takes"},
			FlagValue:          Sentence{"{value} is not a value of the flag {flag}", "{command} --help shows what it takes"},
			FlagsExclude:       Sentence{"these flags exclude each other: {flags}", "keep one of them"},
			FlagsRequired:      Sentence{"flags are missing: {flags}", "add them; --help says what they take"},

			Unexpected:    Sentence{"{cause}", "awslab doctor looks at what awslab needs on this machine"},
			NoLanguage:    Sentence{"awslab does not speak {lang}", "say --lang en or --lang ko"},
			NoFormat:      Sentence{"{format} is not a format", "say --format text, json or junit"},
			NoShell:       Sentence{"{shell} is not a shell that awslab knows", "the shells are: {shells}"},
			NoTerminal:    Sentence{"the terminal program needs a terminal", "without one, use: awslab list, awslab run LESSON, awslab check LESSON"},
			LessonsBroken: Sentence{"the lessons have {count} mistakes, shown above", "mend them; `awslab lesson lint DIR` shows them again"},
			LessonBroken:  Sentence{"the lesson {lesson} does not load: {cause}", "{hint}"},
			NoLesson:      Sentence{"there is no lesson {lesson}", "the lessons are: {lessons}"},
			NoStep:        Sentence{"the lesson {lesson} has no step {step}", "its steps are: {steps}"},
			NoQuiz:        Sentence{"the step {step} has no quiz {quiz}", "awslab check shows the checks and quizzes of a step"},
			NoOption:      Sentence{"the quiz {quiz} has no option {option}", "answer with a number from 1 to {count}"},
			Busy:          Sentence{"something is under way already: {what}", "wait for it to end, or cancel it"},
			StepBlocked:   Sentence{"the step {step} builds on the step “{title}”, which is not done", "do that one first: awslab run {lesson} --step {need}"},
			StepNotPassed: Sentence{"the step {step} of {lesson} is not right yet", "read what was found above, mend it, then: awslab check {lesson} --step {step}"},
			Undecided:     Sentence{"the step {step} of {lesson} could not be judged", "read why above, then: awslab check {lesson} --step {step}"},
			ActionFailed:  Sentence{"a command of the step {step} failed: {cause}", "read what it printed above; `awslab check {lesson} --step {step}` says what is missing"},
			NothingRun:    Sentence{"nothing was run: every step of {lesson} is done", "awslab check {lesson} --all judges every step as of now"},
			NotAllDeleted: Sentence{"{count} things could not be deleted; they are named above", "try `awslab cleanup` again, or delete them in the AWS console"},

			KeepWhat:    Sentence{"--keep leaves up the world of one case, and none is named", "add --only with a step, or with a name of selftest.yaml"},
			NoCase:      Sentence{"there is no case named “{name}”", "the cases are: {names}"},
			NoLessonID:  Sentence{"{id} cannot be a lesson's id, which is the name of its folder", "use small letters, digits and hyphens: awslab lesson new my-lesson"},
			NotWatched:  Sentence{"the folder {dir} cannot be watched for changes", "end the preview and begin it again; network folders may not tell of changes at all"},
			FolderInUse: Sentence{"{dir} is there, and not empty", "choose another name, or an empty folder"},
			NotProved:   Sentence{"not everything was proved", "read above what each case lacks; --only NAME --keep leaves the world of one case to look at"},

			PlaygroundPort:     Sentence{"the playground cannot listen on {addr}: {cause}", "stop the program that uses the port, or choose another: awslab playground --addr 127.0.0.1:0"},
			PlaygroundLoopback: Sentence{"the playground does not listen on {addr}: it is for the browsers of this machine", "give a loopback address, such as --addr 127.0.0.1:4580"},
			NoCORSLesson:       Sentence{"this course has no lesson named {lesson}", "name the lesson whose APIs you want to try: awslab playground LESSON"},

			BadTarget:     Sentence{"{target} is not a target", "say --target emulator, --target aws, or --target http://HOST:PORT"},
			NotConfined:   Sentence{"the lessons in {dir} are not built in, and this system cannot confine what they run", "read them first; if you trust them, add --trust"},
			NoRegion:      Sentence{"no AWS region is set", "say --region ap-northeast-2, or set AWS_REGION"},
			NoCredentials: Sentence{"AWS does not accept your credentials: {cause}", "sign in with `aws sso login` or `aws configure`, or name a profile with --profile"},
			Unreachable:   Sentence{"{url} does not answer: {cause}", "check the address and your network, then try again"},
			NotConfirmed:  Sentence{"nothing was done in {where}, because you have not agreed to it", "add --yes if this is the right account"},
			Foreign:       Sentence{"{operation} is refused: {kind} {name} exists, and awslab did not create it", "awslab changes only what its ledger says it created; delete or rename {name} yourself, or use another account or region"},
			UnknownOwner:  Sentence{"{operation} is refused: awslab cannot tell whether it created what this call would change", "use the AWS CLI for it, or run the lesson on the emulator"},
		},
		Notices: Notices{
			SetAside: "the emulator's state of before is kept in {dir}",
			TookOver: "the awslab that served the emulator has ended; this one serves it now, at {addr}",
		},
	}
}
