package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The house's import law. A rule is a folder, what it must not meet, and why.
// go list sees more than the test cache does: CI runs with -count=1.
var laws = []struct {
	folder string
	never  []string
	why    string
}{
	{"awslab/tui", []string{"awslab/runner/emulator", "awslab/lessons", "awslab/cmd", "awslab/runner/shell", "awslab/runner/awscli", "github.com/aws/"}, "the terminal program shows a session and never speaks to AWS"},
	{"awslab/runner", []string{"awslab/tui", "awslab/cmd", "awslab/lessons"}, "whoever carries out a lesson does not know who watches"},
	{"awslab/runner/lesson", []string{"awslab/runner/check", "awslab/runner/shell", "awslab/runner/emulator", "github.com/aws/"}, "a lesson is read without a cloud"},
	{"awslab/runner/text", []string{"awslab/runner/emulator", "awslab/runner/shell", "awslab/runner/awscli", "awslab/runner/target", "github.com/aws/"}, "sentences depend on data, not on the rooms that say them"},
	{"awslab/runner/check", []string{"awslab/runner/emulator", "awslab/runner/shell", "awslab/runner/awscli", "awslab/runner/progress"}, "a check asks the cloud, whichever it is, and nobody else"},
	{"awslab/runner/shell", []string{"awslab/runner/emulator", "awslab/runner/check", "awslab/runner/target"}, "the shell runs commands and has no opinion of the result"},
	{"awslab/runner/awscli", []string{"awslab/runner/emulator", "awslab/runner/shell", "awslab/runner/target"}, "the aws command knows AWS's API and no emulator"},
	{"awslab/runner/target", []string{"awslab/runner/emulator", "awslab/runner/shell", "awslab/runner/lesson"}, "an emulator reaches a target as an http.Handler"},
	{"awslab/runner/journal", []string{"awslab/runner/emulator", "awslab/runner/target", "awslab/runner/lesson"}, "the record does not know what it records"},
	{"awslab/runner/playground", []string{"awslab/runner/emulator", "awslab/runner/lesson", "awslab/runner/shell", "awslab/runner/awscli", "awslab/runner/progress", "github.com/aws/"}, "the page asks a session through an interface of its own, and an emulator through its traces"},
	{"awslab/runner/emulator", []string{"awslab/runner/lesson", "awslab/runner/check", "awslab/runner/shell", "awslab/runner/awscli", "awslab/runner/progress", "awslab/runner/target", "awslab/tui", "awslab/lessons"}, "the emulator knows no lesson"},
	{"awslab/runner/emulator/awsproto", []string{"awslab/runner/journal"}, "the protocol does not know that calls are recorded"},
	{"awslab/lessons", []string{"awslab/"}, "the course is text; Go only embeds it"},
}

// Services meet in emulator.New, through interfaces of the one who needs them.
var services = []string{"iam", "sts", "lambda", "logs", "apigateway", "apigatewayv2", "executeapi"}

func TestImportLaw(t *testing.T) {
	t.Parallel()
	imports := importsOf(t)
	for _, law := range laws {
		for pkg, deps := range imports {
			if !inFolder(pkg, law.folder) || (law.folder == "awslab/runner" && pkg != law.folder) {
				continue
			}
			for _, dep := range deps {
				for _, never := range law.never {
					if inFolder(dep, strings.TrimSuffix(never, "/")) {
						t.Errorf("%s imports %s: %s", pkg, dep, law.why)
					}
				}
			}
		}
	}
	if deps := imports["awslab/runner"]; len(deps) > 0 {
		for _, dep := range deps {
			if inFolder(dep, "awslab/runner/emulator") {
				t.Errorf("awslab/runner imports %s: it reaches an emulator through its API, as it reaches AWS", dep)
			}
		}
	}
	for _, one := range services {
		for _, other := range services {
			if one == other {
				continue
			}
			for _, dep := range imports["awslab/runner/emulator/"+one] {
				if dep == "awslab/runner/emulator/"+other {
					t.Errorf("%s imports %s: services meet in emulator.New", one, other)
				}
			}
		}
	}
}

func TestNothingElseAtTheTop(t *testing.T) {
	t.Parallel()
	for pkg := range importsOf(t) {
		top, _, _ := strings.Cut(strings.TrimPrefix(pkg, "awslab/"), "/")
		switch top {
		case "cmd", "lessons", "tui", "runner":
		default:
			t.Errorf("%s: the top of the repository is cmd, lessons, tui and runner", pkg)
		}
		for _, name := range strings.Split(pkg, "/") {
			switch name {
			case "internal", "pkg", "util", "common", "types":
				t.Errorf("%s: a package is named for what it is in the domain", pkg)
			}
		}
	}
}

// importsOf gives the direct imports of every package of the module, tests
// left out: a test may join what the program keeps apart.
func importsOf(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "awslab/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	imports := map[string][]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		pkg, deps, _ := strings.Cut(line, " ")
		imports[pkg] = strings.Fields(deps)
	}
	if len(imports) < 10 {
		t.Fatalf("go list named %d packages only", len(imports))
	}
	return imports
}

func inFolder(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}
