package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

// lessonLintCommand: read lessons and tell their mistakes; nothing runs.
func (a *app) lessonLintCommand() *cobra.Command {
	var strict bool
	cmd := &cobra.Command{
		Use: "lint [DIR...]", Short: a.text.Command.Help.LessonLint,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				args = []string{"."}
			}
			var all []lesson.Issue
			for _, dir := range args {
				_, issues := readFolder(dir)
				all = append(all, issues...)
			}
			if a.flags.format == "json" {
				if err := a.issuesJSON(all); err != nil {
					return err
				}
			} else {
				a.tellIssues(a.stdout, all)
				broken := len(lesson.Errors(all))
				fmt.Fprintln(a.stdout, text.Args{"errors": fmt.Sprint(broken), "warnings": fmt.Sprint(len(all) - broken)}.Fill(a.text.Lint.Count))
			}
			if len(lesson.Errors(all)) > 0 || strict && len(all) > 0 {
				return exitCode(exitUsage)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, a.text.Command.Help.LintStrict)
	return cmd
}

// readFolder reads a folder with a course.yaml, or one lesson as a course without
// an id. The places of the issues are paths from the working directory, or from
// the root where dir is one.
func readFolder(dir string) (*lesson.Course, []lesson.Issue) {
	course, issues, root := &lesson.Course{}, []lesson.Issue(nil), dir
	if _, err := os.Stat(filepath.Join(dir, "course.yaml")); err == nil {
		course, issues = lesson.LoadCourse(os.DirFS(dir))
	} else if full, err := filepath.Abs(dir); err == nil {
		root = parentOf(dir)
		var les *lesson.Lesson
		if les, issues = lesson.Load(os.DirFS(filepath.Dir(full)), filepath.Base(full)); les != nil {
			course.Lessons = []*lesson.Lesson{les}
		}
	}
	if course != nil {
		issues = runner.Lint(issues, course.Lessons...)
	}
	for i := range issues {
		issues[i].Pos.File = fromHere(filepath.Join(root, issues[i].Pos.File))
	}
	return course, issues
}

// fromHere is a path from the working directory without a way out and back in:
// lesson.md, and not ../x/lesson.md. An absolute path stays one.
func fromHere(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	if short, err := filepath.Rel(here, filepath.Join(here, path)); err == nil {
		return short
	}
	return path
}

// parentOf is the folder that a folder lies in, as a path like it.
func parentOf(dir string) string {
	switch dir = filepath.Clean(dir); filepath.Base(dir) {
	case ".", "..":
		return filepath.Join(dir, "..")
	}
	return filepath.Dir(dir)
}

// tellIssues prints issues as compilers do, so that editors find the place.
func (a *app) tellIssues(w io.Writer, issues []lesson.Issue) {
	for _, issue := range issues {
		what, hint := a.text.Issue(issue.Rule, issue.Args)
		severity := a.text.Lint.Error
		if issue.Severity == lesson.Warning {
			severity = a.text.Lint.Warning
		}
		fmt.Fprintf(w, "%s: %s: %s [%s]\n  %s\n", issue.Pos, severity, text.Harmless(what), issue.Rule, text.Harmless(hint))
	}
}

// usable prints the mistakes with which lessons cannot be used.
func (a *app) usable(issues []lesson.Issue) error {
	broken := lesson.Errors(issues)
	if len(broken) == 0 {
		return nil
	}
	a.tellIssues(a.stderr, broken)
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.LessonsBroken }, Args: text.Args{"count": fmt.Sprint(len(broken))}, Class: text.Usage}
}

// issueJSON is one issue for programs.
type issueJSON struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column,omitempty"`
	Severity string `json:"severity"` // "error", "warning"
	Rule     string `json:"rule"`
	What     string `json:"what"`
	Hint     string `json:"hint"`
}

func (a *app) issuesJSON(issues []lesson.Issue) error {
	list := make([]issueJSON, 0, len(issues))
	for _, issue := range issues {
		one := issueJSON{File: issue.Pos.File, Line: issue.Pos.Line, Column: issue.Pos.Column, Severity: "error", Rule: issue.Rule}
		if issue.Severity == lesson.Warning {
			one.Severity = "warning"
		}
		one.What, one.Hint = a.text.Issue(issue.Rule, issue.Args)
		list = append(list, one)
	}
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}
