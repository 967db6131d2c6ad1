package lesson

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	gmtext "github.com/yuin/goldmark/text"

	"awslab/runner/lesson/yamltree"
)

// maxNesting bounds folds in folds and callouts in callouts.
const maxNesting = 8

// splitter cuts markdown into blocks. goldmark finds where the top-level blocks
// begin; what is prose is kept as it was written, whole lines of it.
type splitter struct {
	les    *Lesson
	found  *issues
	refs   string // the document's link definitions
	step   *Step  // nil in the opening
	nested int    // how many callouts around
	frames []*frame
	// heading is the H2 that waits for its step comment.
	heading *Step
}

// frame is a list of blocks under way: a step's, or a fold's.
type frame struct {
	details *Details // nil at the top
	line    int
	named   bool // the fold has its summary
	blocks  []Block
	prose   strings.Builder
}

// split reads the body of lesson.md, whose first line is line.
func split(les *Lesson, body string, line int, found *issues) {
	if at := deepLine(body); at >= 0 {
		found.error(line+at, "markdown.nesting", "limit", strconv.Itoa(maxDepth))
		return
	}
	s := &splitter{les: les, found: found, refs: references(body), frames: []*frame{{}}}
	s.text(body, line)
	s.endStep()
}

// maxDepth bounds the quotations and lists that a line may stand in: the parser
// takes time in the square of them.
const maxDepth = 50

// markers begin a line in quotations and lists.
var markers = regexp.MustCompile(`^[ \t]*(?:(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t])[ \t]*)*`)

// deepLine is the first line that is nested too deeply, or -1.
func deepLine(body string) int {
	n := 0
	for line := range strings.Lines(body) {
		depth := 0
		for _, field := range strings.FieldsFunc(markers.FindString(line), func(r rune) bool { return r == ' ' || r == '\t' }) {
			depth += max(strings.Count(field, ">"), 1)
		}
		if depth > maxDepth {
			return n
		}
		n++
	}
	return -1
}

// references gives the link definitions of the whole document, to be appended
// to each fragment: rendered alone, it would lose them.
func references(body string) string {
	ctx := parser.NewContext()
	goldmark.DefaultParser().Parse(gmtext.NewReader([]byte(body)), parser.WithContext(ctx))
	var b strings.Builder
	for _, ref := range ctx.References() {
		fmt.Fprintf(&b, "[%s]: <%s>", ref.Label(), ref.Destination())
		if title := ref.Title(); len(title) > 0 {
			fmt.Fprintf(&b, " %q", title)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

var (
	opens  = regexp.MustCompile(`^:::[ \t]*([A-Za-z]+)[ \t]*(.*?)[ \t]*$`)
	closes = regexp.MustCompile(`^:::[ \t]*$`)
	fences = regexp.MustCompile("^ {0,3}(`{3,}|~{3,})(.*)$")
)

// text takes out the ::: blocks, which markdown does not know, and hands on
// what is between them.
func (s *splitter) text(source string, line int) {
	lines := strings.SplitAfter(source, "\n")
	from := 0
	var fence string
	for i := 0; i < len(lines); i++ {
		fence = within(fence, lines[i])
		if fence != "" || !strings.HasPrefix(lines[i], ":::") {
			continue
		}
		bare := strings.TrimSuffix(lines[i], "\n")
		m := opens.FindStringSubmatch(bare)
		if m == nil {
			s.found.error(line+i, "callout.opens-nothing")
			lines[i] = "\n"
			continue
		}
		s.markdown(strings.Join(lines[from:i], ""), line+from)
		end := closing(lines, i+1)
		if end < 0 {
			s.found.error(line+i, "callout.open")
			end = len(lines)
		}
		s.callout(m[1], m[2], strings.Join(lines[i+1:min(end, len(lines))], ""), line+i, line+i+1, fencedKinds, ":::note")
		i, from = end, end+1
	}
	if from < len(lines) {
		s.markdown(strings.Join(lines[from:], ""), line+from)
	}
}

// within gives the fence that a line stands in or opens: its marks, or "".
func within(fence, line string) string {
	m := fences.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
	switch {
	case m == nil:
		return fence
	case fence == "":
		return m[1]
	case m[1][0] == fence[0] && len(m[1]) >= len(fence) && strings.TrimSpace(m[2]) == "":
		return ""
	}
	return fence
}

// closing is the line that ends a ::: block, or -1.
func closing(lines []string, from int) int {
	fence := ""
	for i := from; i < len(lines); i++ {
		if fence = within(fence, lines[i]); fence == "" && closes.MatchString(strings.TrimSuffix(lines[i], "\n")) {
			return i
		}
	}
	return -1
}

// piece is one top-level block of a markdown text.
type piece struct {
	node   ast.Node
	source string // its whole lines, and the blank ones after it
	line   int
}

// pieces cuts markdown at the beginnings of its top-level blocks.
func pieces(doc ast.Node, source string, line int) []piece {
	var list []piece
	var starts []int
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		at := n.Pos()
		if at < 0 || at > len(source) {
			continue
		}
		at = strings.LastIndexByte(source[:at], '\n') + 1
		if len(starts) > 0 && at <= starts[len(starts)-1] {
			continue
		}
		starts = append(starts, at)
		list = append(list, piece{node: n})
	}
	for i := range list {
		end := len(source)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		list[i].source = source[starts[i]:end]
		list[i].line = line + strings.Count(source[:starts[i]], "\n")
	}
	return list
}

func (s *splitter) markdown(source string, line int) {
	if strings.TrimSpace(source) == "" {
		return
	}
	data := []byte(source)
	doc := goldmark.DefaultParser().Parse(gmtext.NewReader(data))
	for _, p := range pieces(doc, source, line) {
		heading := s.heading
		s.heading = nil
		if h, ok := p.node.(*ast.HTMLBlock); ok {
			s.html(p, rawHTML(h, data), heading)
			continue
		}
		s.needComment(heading)
		switch n := p.node.(type) {
		case *ast.LinkReferenceDefinition: // every fragment has all of them
		case *ast.Heading:
			if n.Level == 2 && s.nested == 0 {
				s.startStep(plainText(n, data), p.line)
				continue
			}
			s.prose(p.source)
		case *ast.FencedCodeBlock:
			s.fence(n, data, p.line)
		case *ast.Blockquote:
			s.quote(p, data)
		default:
			s.misplaced(p, data)
			s.prose(p.source)
		}
	}
}

func rawHTML(h *ast.HTMLBlock, data []byte) string {
	raw := h.Lines().Value(data)
	if h.HasClosure() {
		raw = append(raw, h.ClosureLine.Value(data)...)
	}
	return string(raw)
}

// plainText is what a heading says, without its marks.
func plainText(n ast.Node, data []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the walker gives no error
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(n.Segment.Value(data))
			if n.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(data))
		}
		return ast.WalkContinue, nil
	})
	return html.UnescapeString(strings.TrimSpace(b.String()))
}

func (s *splitter) top() *frame { return s.frames[len(s.frames)-1] }

func (s *splitter) prose(source string) { s.top().prose.WriteString(source) }

// add puts a block after the prose that waits.
func (s *splitter) add(b Block) {
	s.flush()
	s.top().blocks = append(s.top().blocks, b)
}

func (s *splitter) flush() {
	f := s.top()
	markdown := strings.Trim(f.prose.String(), "\n")
	f.prose.Reset()
	if strings.TrimSpace(markdown) == "" {
		return
	}
	if s.refs != "" {
		markdown += "\n\n" + s.refs
	} else {
		markdown += "\n"
	}
	f.blocks = append(f.blocks, Prose{Markdown: markdown})
}

// The kinds of callout, as GitHub writes them and as ::: does.
var (
	alertKinds  = []string{"note", "tip", "important", "warning", "caution"}
	fencedKinds = []string{"note", "tip", "info", "question", "quote", "warning"}
	alert       = regexp.MustCompile(`^\[!([A-Za-z]+)\]\s*$`)
	alertLike   = regexp.MustCompile(`^\[!([^\]]*)\]`)
)

// quote is a blockquote: a GitHub alert if it begins like one.
func (s *splitter) quote(p piece, data []byte) {
	lines := strings.SplitAfter(strings.TrimRight(p.source, "\n")+"\n", "\n")
	for i, line := range lines {
		line = strings.TrimLeft(line, " ")
		if rest, ok := strings.CutPrefix(line, ">"); ok {
			lines[i] = strings.TrimPrefix(rest, " ")
		}
	}
	first := strings.TrimSpace(lines[0])
	if m := alert.FindStringSubmatch(first); m != nil {
		s.callout(m[1], "", strings.Join(lines[1:], ""), p.line, p.line+1, alertKinds, "> [!NOTE]")
		return
	}
	if m := alertLike.FindStringSubmatch(first); m != nil {
		s.found.error(p.line, "callout.alert", "kind", m[1])
	}
	s.misplaced(p, data)
	s.prose(p.source)
}

// callout adds a callout whose text begins on line inner.
func (s *splitter) callout(kind, title, source string, line, inner int, kinds []string, example string) {
	s.needComment(s.heading)
	s.heading = nil
	lower := strings.ToLower(kind)
	if !contains(kinds, lower) {
		s.found.error(line, "callout.unknown", append(yamltree.Suggest(lower, kinds), "kind", kind, "example", example)...)
	}
	if s.nested >= maxNesting {
		s.found.error(line, "callout.nesting")
		return
	}
	in := &splitter{les: s.les, found: s.found, refs: s.refs, step: s.step, nested: s.nested + 1, frames: []*frame{{}}}
	in.text(source, inner)
	in.endStep()
	s.add(Callout{Kind: lower, Title: title, Blocks: in.frames[0].blocks})
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}
