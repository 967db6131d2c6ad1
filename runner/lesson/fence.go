package lesson

import (
	"io/fs"
	"strings"

	"github.com/yuin/goldmark/ast"

	"awslab/runner/lesson/yamltree"
)

// words are what the info line of a fence may say after its language.
var words = map[string]string{"action": "sh", "cleanup": "sh", "solution": "sh", "check": "yaml", "quiz": "yaml"}

var kinds = map[string]FenceKind{"action": Action, "cleanup": Cleanup, "solution": Solution}

func infoOf(n *ast.FencedCodeBlock, data []byte) []string {
	if n.Info == nil {
		return nil
	}
	return strings.Fields(string(n.Info.Segment.Value(data)))
}

// fence adds a fenced block, or the check that it holds.
func (s *splitter) fence(n *ast.FencedCodeBlock, data []byte, line int) {
	info := infoOf(n, data)
	f := Fence{Text: string(n.Lines().Value(data)), Pos: Position{File: s.found.file, Line: line}}
	if len(info) > 0 {
		f.Lang = info[0]
	}
	var word string
	if len(info) > 1 {
		word = info[1]
	}
	name, isFile := strings.CutPrefix(word, "file=")
	lang, known := words[word]
	if known || isFile {
		switch {
		case s.step == nil:
			s.found.error(line, "fence.before-steps", "fence", strings.Join(info, " "))
		case s.nested > 0 || len(s.frames) > 2:
			s.found.error(line, "fence.misplaced", "fence", strings.Join(info, " "))
		}
		if len(info) > 2 {
			s.found.error(line, "fence.extra-words", "extra", strings.Join(info[2:], " "), "fence", info[0]+" "+info[1])
		}
	}
	switch {
	case isFile:
		f.Kind, f.Path = File, name
		if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, `\:`) {
			s.found.error(line, "file.path", "path", name)
			return
		}
	case known && lang != f.Lang:
		s.found.error(line, "fence.unknown", "fence", f.Lang+" "+word, "near", lang+" "+word)
	case word == "check":
		s.add(CheckBlock{Check: readCheck(n.Lines().Value(data), f.Pos, s.found)})
		return
	case word == "quiz":
		s.add(QuizBlock{Check: readQuiz(n.Lines().Value(data), f.Pos, s.found)})
		return
	case known:
		f.Kind = kinds[word]
	case word != "":
		s.oddWord(info, line)
	}
	s.add(f)
}

// oddWord judges a fence whose second word means nothing: a slip of the pen,
// or a fence for another program.
func (s *splitter) oddWord(info []string, line int) {
	known := []string{"action", "cleanup", "solution", "check", "quiz"}
	if near := yamltree.Nearest(info[1], known); near != "" {
		s.found.error(line, "fence.unknown", "fence", strings.Join(info, " "), "near", words[near]+" "+near)
		return
	}
	s.found.warn(line, "fence.only-shown", "word", info[1], "known", strings.Join(known, ", ")+", file=PATH")
}

// misplaced looks for fences with a meaning inside lists and quotations, where
// awslab does not read them.
func (s *splitter) misplaced(p piece, data []byte) {
	_ = ast.Walk(p.node, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker gives no error
		f, ok := n.(*ast.FencedCodeBlock)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		info := infoOf(f, data)
		if len(info) < 2 {
			return ast.WalkContinue, nil
		}
		if _, known := words[info[1]]; known || strings.HasPrefix(info[1], "file=") {
			line := p.line
			if pos := f.Pos(); pos >= 0 && pos <= len(data) {
				start := p.node.Pos()
				line += strings.Count(string(data[min(start, pos):pos]), "\n")
			}
			s.found.error(line, "fence.in-list", "fence", strings.Join(info, " "))
		}
		return ast.WalkContinue, nil
	})
}
