package text

// Shell holds what the lesson's shell says in awslab's own words. What it says
// in those of bash, the AWS CLI and the Unix tools stands there.
type Shell struct {
	NotHere string            // for a command that the shell does not have
	Instead map[string]string // by such a command: what does its work
	Known   string            // the commands that it has

	ExitCode           string // a block that failed
	Syntax             string
	Refused, RefusedAt string            // a part of bash that the shell does not offer
	Stopped            map[string]string // by the limit that stopped a block
	Unset, UnsetWhy    string
	Lookup             string // a lookup that could not be decided
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
		ExitCode:  "the command ended with exit code {code}",
		Syntax:    "line {line}, column {column}: {cause}",
		Refused:   "{what} is not available in the lesson's shell",
		RefusedAt: "line {line}: {what} is not available in the lesson's shell",
		Stopped: map[string]string{
			"time":       "stopped after {bound}",
			"output":     "stopped: more than {bound} of output",
			"memory":     "stopped: more than {bound} of memory",
			"goroutines": "stopped: too many background jobs and pipes at once",
			"depth":      "stopped: functions call each other too deeply",
			"text":       "stopped: more than {bound} of shell text",
		},
		Unset:    "{name} has no value",
		UnsetWhy: "{name} has no value: {why}",
		Lookup:   "the lookup of {name} failed: {cause}",
	}
}
