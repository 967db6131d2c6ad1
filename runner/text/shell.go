package text

// Shell holds what the lesson's shell says in awslab's own words. What it says
// in those of bash, the AWS CLI and the Unix tools stands there.
type Shell struct {
	NotHere string            // for a command that the shell does not have
	Instead map[string]string // by such a command: what does its work
	Known   string            // the commands that it has
	About   map[string]string // by command: what it is for, in "help"
	Usage   map[string]string // by command: what its --help prints

	Workspace WorkspaceWords
	Commands  CommandWords

	ExitCode           string // a block that failed
	Syntax             string
	Refused, RefusedAt string            // a part of bash that the shell does not offer
	RefusedPart        map[string]string // by kind, see shell.RefusedError: what is refused
	Stopped            map[string]string // by the limit that stopped a block
	Unset, UnsetWhy    string
	Lookup             string // a lookup that could not be decided
	Circle             string // why: it is made of itself
	OurCommand         string // what "type" says of a command
	Defect             string // of awslab in a command

	PythonEnded map[string]string // by the bound of the sandbox that ended python3
}

// WorkspaceWords are awslab's remarks where a file is refused, behind what the
// system would say.
type WorkspaceWords struct {
	Outside, NotRegular, Bytes, Files, Itself, TooLarge string
}

// CommandWords are what the shell's commands say where the tool of their name
// has no words for it.
type CommandWords struct {
	Input, Line, Lines          string // more than a command takes
	PrintfVariable, PrintfWidth string
	TailFollow                  string
	OpensslRand, OpensslBytes   string
	EnvCommand                  string
	UnzipExists                 string
	JQFilter                    string
	TwoFiles                    string // of diff
	CurlCookies, CurlFraming    string
	CurlHead, CurlReach         string // more in headers than is sent; a host out of reach
	JWT                         JWTWords
}

// JWTWords are those of jwt, a tool of awslab's own.
type JWTWords struct {
	NoCommand, NoVerb, Algorithm, Expiry, OneClaims, OneToken string // how it is called
	Member, MemberJSON, Seconds, HeaderAlg, Twice, NotClaims  string
	NoSecret, NoKey, NoneKey, Empty, PEM, NoPrivate, NoPublic string // its key
	NoToken, Scheme, Letters, NoObject                        string // what is no token
	TokenTwice, OtherAlgorithm, Critical                      string // what a token is refused for
	Signature, Expired, NotYet, NoTime, Unread                string
	Unsigned                                                  string // a token that was not made
	LineEnd, Unverified, ExpiresAt, ExpiredAt                 string // remarks
}

func englishShell() Shell {
	editor := "Write the file with cat > FILE <<'EOF', or open the workspace in your own editor."
	bash := "Write its commands here: this is bash's language."
	library := "Functions have Python's standard library only."
	return Shell{
		NotHere: "awslab: {name}: not available in the lesson's shell",
		Known:   "It has: {names}. Try: help",
		Instead: map[string]string{
			"sed":     "Use ${NAME//old/new}, tr, head and tail, or python3.",
			"awk":     "Use cut, a loop with read, jq, or python3.",
			"xargs":   "Use a loop: `while read -r x; do …; done`",
			"find":    "Use ls -R, a pattern such as */*.py, or a loop.",
			"wget":    "Use curl -O.",
			"vi":      editor,
			"vim":     editor,
			"nano":    editor,
			"less":    "Use cat or head.",
			"more":    "Use cat or head.",
			"pip":     library,
			"pip3":    library,
			"md5sum":  "Use sha256sum.",
			"timeout": "A block ends after five minutes by itself; curl has --max-time.",
			"sudo":    "Nothing here needs it.",
			"bash":    bash,
			"sh":      bash,
			"docker":  "Functions run without it.",
		},
		About: map[string]string{
			"aws":       "the AWS CLI",
			"base64":    "encode or decode base64",
			"basename":  "print a path's last part",
			"cat":       "print files",
			"chmod":     "change a file's permissions",
			"cp":        "copy files",
			"curl":      "make an HTTP request",
			"cut":       "print parts of lines",
			"date":      "print the time",
			"diff":      "compare two files",
			"dirname":   "print a path without its last part",
			"echo":      "print the arguments",
			"env":       "print the exported variables",
			"grep":      "print the lines that match",
			"head":      "print the first lines",
			"help":      "list the commands",
			"jq":        "query JSON",
			"jwt":       "encode, decode and verify JSON Web Tokens",
			"ls":        "list files",
			"mkdir":     "make folders",
			"mv":        "move or rename files",
			"openssl":   "random bytes (openssl rand)",
			"printf":    "print by a format",
			"pwd":       "print the current folder",
			"python":    "run Python",
			"python3":   "run Python",
			"rm":        "remove files",
			"rmdir":     "remove empty folders",
			"seq":       "count",
			"sha256sum": "print SHA-256 checksums",
			"sleep":     "wait",
			"sort":      "sort lines",
			"tail":      "print the last lines",
			"tee":       "write input to files as well",
			"touch":     "make empty files, or set their time to now",
			"tr":        "replace or delete characters",
			"uniq":      "drop repeated lines",
			"unzip":     "unpack a zip file",
			"wc":        "count lines, words and bytes",
			"which":     "print the commands among the names",
			"zip":       "pack files",
		},
		Usage: englishUsage(),
		Workspace: WorkspaceWords{
			Outside: "outside the lesson's workspace", NotRegular: "neither a regular file nor a folder",
			Bytes: "the lesson's workspace may hold {count} MiB", Files: "the lesson's workspace may hold {count} files",
			Itself: "the lesson's workspace itself stays", TooLarge: "larger than {count} MiB",
		},
		Commands: CommandWords{
			Input: "more than {count} MiB of input", Line: "a line of more than {count} MiB", Lines: "more than {count} lines",
			PrintfVariable: "-v is not available in the lesson's shell; write NAME=$(printf …)",
			PrintfWidth:    "a width of more than {count} is not available in the lesson's shell",
			TailFollow:     "-f is not available in the lesson's shell",
			OpensslRand:    "only “openssl rand” is available in the lesson's shell", OpensslBytes: "how many bytes?",
			EnvCommand:  "running a command is not available; write NAME=value COMMAND",
			UnzipExists: "exists already; -o overwrites, -n keeps it",
			JQFilter:    "a filter is needed", TwoFiles: "two files are needed",
			CurlCookies: "option -b: '{value}' would be a file of cookies, which the lesson's shell does not read; give NAME=VALUE",
			CurlHead:    "the headers are larger than {count} MiB",
			CurlReach:   "the lesson's shell reaches only this machine and *.amazonaws.com",
			CurlFraming: "a header with a line end in it, or one that says that the body ends elsewhere, is not sent",
			JWT: JWTWords{
				NoCommand: "encode, decode or verify? jwt --help says more", NoVerb: "there is no {verb}: encode, decode or verify",
				Algorithm: "there is no algorithm {name}: {known}",
				Expiry:    "--expires takes a time from now, such as 1h, 30m, 90s, 7d or -5m, not “{value}”",
				OneClaims: "one set of claims only", OneToken: "one token only",
				Member:     "{option} takes NAME=TEXT or NAME:=JSON, not “{value}”",
				MemberJSON: "{option}: what stands behind := is not JSON: “{value}”",
				Seconds:    "{name} counts the seconds since 1970: write {name}:=NUMBER, or use --expires and --iat",
				HeaderAlg:  "the header's alg is what --alg says", Twice: "{name} is given twice",
				NotClaims: "the claims are not a JSON object: “{cause}”",
				NoSecret:  "no key: JWT_SECRET is not set; give --secret TEXT or --secret @FILE",
				NoKey:     "{alg} takes a key from a PEM file: --secret @FILE",
				NoneKey:   "the algorithm none signs nothing: take --secret out",
				Empty:     "the key is empty",
				PEM:       "{alg} takes a secret, and this is a PEM key: with a public key as the secret, everybody could sign",
				NoPrivate: "this is no private key for {alg} in PEM", NoPublic: "this is no public key or certificate for {alg} in PEM",
				NoToken:  "this is no token: a token is three parts in base64url, joined by dots",
				Scheme:   "this is more than a token: take out the blank and what stands before it, such as Bearer",
				Letters:  "this is no token: part {part} is not base64url",
				NoObject: "this is no token: part {part} is not a JSON object", TokenTwice: "the token has {name} twice: readers do not agree on its value",
				OtherAlgorithm: "the token says that its algorithm is {found}, and {want} is asked for: --alg decides, never the token",
				Critical:       "the token wants extensions to be understood that jwt does not have (crit): {names}",
				Signature:      "the signature is not that of this key", Expired: "the token has expired",
				NotYet: "the token is not valid yet", NoTime: "exp, nbf or iat is not a number of seconds", Unread: "the token cannot be read: “{cause}”",
				Unsigned:   "the token cannot be signed: “{cause}”",
				LineEnd:    "note: the line end at the end of {file} is part of the key",
				Unverified: "not verified: anybody can write such a token; jwt verify looks at the signature",
				ExpiresAt:  "exp is {time}", ExpiredAt: "exp was {time}: the token has expired",
			},
		},
		ExitCode:  "the command ended with exit code {code}",
		Syntax:    "line {line}, column {column}: {cause}",
		Refused:   "{what} is not available in the lesson's shell",
		RefusedAt: "line {line}: {what} is not available in the lesson's shell",
		RefusedPart: map[string]string{
			"name-not-written":    "{what} of a name that is not written out",
			"options-not-written": "{what} with options that are not written out",
			"empty-name":          "{what} of an empty name",
		},
		Stopped: map[string]string{
			"time":       "stopped after {bound}",
			"output":     "stopped: more than {bound} of output",
			"variables":  "stopped: the variables hold more than {bound}",
			"memory":     "stopped: more than {bound} of memory",
			"goroutines": "stopped: too many background jobs and pipes at once",
			"depth":      "stopped: functions call each other too deeply",
			"text":       "stopped: more than {bound} of shell text",
		},
		Unset:    "{name} has no value",
		UnsetWhy: "{name} has no value: {why}",
		Lookup:   "the lookup of {name} failed: {cause}",

		Circle:     "it needs its own value: {names}",
		Defect:     "{name}: awslab itself failed: {cause}",
		OurCommand: "{name} is a command of the lesson's shell",
		PythonEnded: map[string]string{
			"memory": "ended by awslab: too much memory", "children": "ended by awslab: too many processes and threads", "disk": "ended by awslab: too much disk",
		},
	}
}
