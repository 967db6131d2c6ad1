// Package lesson is what a lesson is: the parsed, validated form of a folder
// that an instructor wrote. It reads no cloud and runs nothing.
//
// Start at [Load], which reads a folder, and at [Lesson], the tree it gives
// back. Every mistake found in a folder is an [Issue] with file, line and a
// hint; [Load] returns all of them at once.
package lesson

import (
	"fmt"
	"io/fs"
	"slices"

	"awslab/runner/lesson/yamltree"
)

// Course is a set of lessons in the order in which they are to be taken.
type Course struct {
	ID    string
	Title string
	// Titles are the titles by language ("en", "ko"), where the course has more
	// than one; Title is the English one then, or the first.
	Titles  map[string]string
	Lessons []*Lesson
}

// Lesson is one folder: prose, steps, actions and checks.
type Lesson struct {
	ID      string
	Title   string
	Minutes int
	// Needs names lessons on which this one builds.
	Needs []string
	needs []*yamltree.Node // where they stand
	// Vars are constants, in the order in which they were written.
	Vars []Variable
	// Lookups are commands whose output is the value of a variable.
	Lookups []Variable
	// Secrets are variables whose values are each student's own.
	Secrets []Secret
	// Upstreams stand in for hosts elsewhere, in the order of the front matter.
	Upstreams []Upstream
	// Opening is what stands before the first step.
	Opening []Block
	Steps   []*Step
	// Files holds the folder itself, for upstreams and extra workspace files.
	Files fs.FS
	// Source is the text of lesson.md, and Path its name for messages.
	Source []byte
	Path   string
	// Selftest proves the checks; nil where there is no selftest.yaml.
	Selftest *Selftest
	// Language is that of the text: empty for lesson.md, or a translation's.
	Language string
	// Translations are the same lesson in other languages, by their codes ("ko");
	// see [Lesson.In].
	Translations map[string]*Lesson
}

// Variable is one `vars` or `lookup` entry of the front matter.
type Variable struct {
	Name  string
	Value string // the constant, or the command
	Pos   Position
}

// Step is an H2 with a step comment under it.
type Step struct {
	ID     string
	Title  string
	Points int
	Needs  []string
	Blocks []Block
	Pos    Position
}

// Actions are the step's `sh action` fences in order; Checks its checks;
// Cleanup its `sh cleanup` fences; Solutions its `sh solution` fences.
func (s *Step) Actions() []Fence   { return s.fences(Action) }
func (s *Step) Cleanup() []Fence   { return s.fences(Cleanup) }
func (s *Step) Solutions() []Fence { return s.fences(Solution) }

// WorkspaceFiles are its `LANG file=PATH` fences.
func (s *Step) WorkspaceFiles() []Fence { return s.fences(File) }

// Checks are its `yaml check` and `yaml quiz` fences in order.
func (s *Step) Checks() []*Check {
	var checks []*Check
	walk(s.Blocks, func(b Block) {
		switch b := b.(type) {
		case CheckBlock:
			checks = append(checks, b.Check)
		case QuizBlock:
			checks = append(checks, b.Check)
		}
	})
	return checks
}

// Judged reports whether a check looks at what the student did; a quiz does not.
func (s *Step) Judged() bool {
	return slices.ContainsFunc(s.Checks(), func(c *Check) bool { return c.Quiz == nil })
}

func (s *Step) fences(kind FenceKind) []Fence {
	var fences []Fence
	walk(s.Blocks, func(b Block) {
		if f, ok := b.(Fence); ok && f.Kind == kind {
			fences = append(fences, f)
		}
	})
	return fences
}

// walk visits blocks and what is in their folds and callouts, in the order in
// which they are read.
func walk(blocks []Block, visit func(Block)) {
	for _, b := range blocks {
		visit(b)
		switch b := b.(type) {
		case Details:
			walk(b.Blocks, visit)
		case Callout:
			walk(b.Blocks, visit)
		}
	}
}

// Position is a place in a file of the lesson, for messages. Lines and columns
// start at 1; a column of 0 means the line as a whole.
type Position struct {
	File   string
	Line   int
	Column int
}

// String is the place as editors take it: "lesson.md:12:3".
func (p Position) String() string {
	if p.Column == 0 {
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Block is a piece of a step's text, in the order in which it is read. It is
// one of [Prose], [Fence], [CheckBlock], [QuizBlock], [Callout] and [Details].
type Block interface{ block() }

// Prose is markdown without any of the parts below: paragraphs, lists,
// headings, tables. Link definitions of the whole document are appended to it,
// so that it can be rendered alone.
type Prose struct{ Markdown string }

// FenceKind says what awslab does with a fence.
type FenceKind int

// The kinds of fence.
const (
	Shown    FenceKind = iota // only shown
	Action                    // `sh action`
	Cleanup                   // `sh cleanup`
	Solution                  // `sh solution`
	File                      // `LANG file=PATH`
)

// Fence is a fenced block that is shown as it was written.
type Fence struct {
	Kind FenceKind
	Lang string
	Path string // of File
	Text string
	Pos  Position
}

// CheckBlock is a `yaml check` fence.
type CheckBlock struct{ Check *Check }

// Callout is a GitHub alert or a `:::` block.
type Callout struct {
	Kind   string // note, tip, important, warning, caution, info, question, quote
	Title  string // of ::: blocks that have one
	Blocks []Block
}

// Meaning says what a fold is for.
type Meaning int

// The meanings of a fold, from the words of its summary.
const (
	Plain Meaning = iota
	Hint
	SolutionFold
	Console // "In the AWS console"
	Why     // "Why it works": shown when the step has passed or was skipped
)

// Details is a fold.
type Details struct {
	Summary string
	Meaning Meaning
	Blocks  []Block
}

func (Prose) block()      {}
func (Fence) block()      {}
func (CheckBlock) block() {}
func (Callout) block()    {}
func (Details) block()    {}

// Check is one `yaml check` fence, as written: kinds are decoded by package
// check, which owns their vocabulary. A quiz is a check too, of kind [QuizKind].
type Check struct {
	ID     string
	Title  string
	Kind   string // lambda, logs, call, http, file … quiz
	Quiz   *Quiz  // of kind quiz alone
	Within string // a Go duration, or empty
	Hint   string
	// Node is the YAML of the whole fence; Pos is the line of the fence itself,
	// so that Node begins on the next.
	Node []byte
	Pos  Position
}
