package lesson

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"awslab/runner/lesson/yamltree"
)

// mark matches the parts of HTML that mean something in a lesson.
var mark = regexp.MustCompile(`(?is)<!--(.*?)-->|<details\b[^>]*>|</details\s*>|<summary\b[^>]*>(.*?)</summary\s*>`)

var tag = regexp.MustCompile(`<[^>]*>`)

// html reads an HTML block: folds, the step comment under an H2, and the rest,
// which is shown as it is. Adjacent folds come as one block.
func (s *splitter) html(p piece, raw string, heading *Step) {
	at, after := 0, ""
	lineAt := func(offset int) int { return p.line + strings.Count(raw[:offset], "\n") }
	loose := func(text string, line int) {
		if strings.TrimSpace(text) == "" {
			return
		}
		s.needComment(heading)
		heading = nil
		switch after {
		case "summary":
			s.found.error(line, "fold.no-blank-line", "tag", "</summary>")
		case "details":
			s.found.error(line, "fold.no-blank-line", "tag", "</details>")
		}
		s.prose(text + "\n\n")
	}
	for _, m := range mark.FindAllStringSubmatchIndex(raw, -1) {
		loose(raw[at:m[0]], lineAt(at+len(raw[at:m[0]])-len(strings.TrimLeft(raw[at:m[0]], " \t\n"))))
		token, line := strings.ToLower(raw[m[0]:m[1]]), lineAt(m[0])
		at = m[1]
		if strings.HasPrefix(token, "<!--") {
			if words, ok := strings.CutPrefix(strings.TrimSpace(raw[m[2]:m[3]]), "step:"); ok {
				s.comment(words, line, heading)
				heading = nil
			}
			continue
		}
		s.needComment(heading)
		heading = nil
		switch {
		case strings.HasPrefix(token, "<details"):
			after = ""
			s.openFold(line)
		case strings.HasPrefix(token, "<summary"):
			after = "summary"
			s.summary(raw[m[4]:m[5]], line)
		default:
			after = "details"
			s.closeFold(line)
		}
	}
	loose(raw[at:], lineAt(at+len(raw[at:])-len(strings.TrimLeft(raw[at:], " \t\n"))))
	s.heading = heading
}

func (s *splitter) openFold(line int) {
	if len(s.frames) > maxNesting {
		s.found.error(line, "fold.nesting")
	}
	s.flush()
	s.frames = append(s.frames, &frame{details: &Details{}, line: line})
}

// The summaries with a meaning, in every language that awslab speaks.
var meanings = map[string]Meaning{
	"hint":               Hint,
	"solution":           SolutionFold,
	"in the aws console": Console,
	"why it works":       Why,

	"힌트":          Hint,
	"정답":          SolutionFold,
	"aws 콘솔에서 하기": Console,
	"동작 원리":       Why,
}

func (s *splitter) summary(words string, line int) {
	f := s.top()
	if f.details == nil || f.named {
		s.found.error(line, "fold.summary-misplaced")
		return
	}
	f.named = true
	f.details.Summary = html.UnescapeString(strings.Join(strings.Fields(tag.ReplaceAllString(words, "")), " "))
	f.details.Meaning = meanings[strings.ToLower(f.details.Summary)]
}

func (s *splitter) closeFold(line int) {
	f := s.top()
	if f.details == nil {
		s.found.error(line, "fold.closes-nothing")
		return
	}
	if !f.named || f.details.Summary == "" {
		s.found.error(f.line, "fold.no-summary")
	}
	s.flush()
	f.details.Blocks = f.blocks
	s.frames = s.frames[:len(s.frames)-1]
	s.add(*f.details)
}

// startStep begins a step at an H2; its comment comes next.
func (s *splitter) startStep(title string, line int) {
	s.endStep()
	step := &Step{Title: title, Points: 1, Pos: Position{File: s.found.file, Line: line}}
	s.les.Steps = append(s.les.Steps, step)
	s.step, s.heading = step, step
	if title == "" {
		s.found.error(line, "step.empty-heading")
	}
}

// endStep closes what is open and hands the blocks to the step, or to the
// opening. In a callout they stay where they are.
func (s *splitter) endStep() {
	s.needComment(s.heading)
	s.heading = nil
	for len(s.frames) > 1 {
		s.found.error(s.top().line, "fold.open")
		s.top().named = true
		if s.top().details.Summary == "" {
			s.top().details.Summary = "?"
		}
		s.closeFold(s.top().line)
	}
	s.flush()
	if s.nested > 0 {
		return
	}
	if s.step == nil {
		s.les.Opening = s.frames[0].blocks
	} else {
		s.step.Blocks = s.frames[0].blocks
	}
	s.frames = []*frame{{}}
}

// needComment complains about an H2 that something else follows.
func (s *splitter) needComment(heading *Step) {
	if heading != nil {
		s.found.error(heading.Pos.Line, "step.no-id", "title", heading.Title, "example", slug(heading.Title))
	}
}

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

// slug makes an id of a title, for hints.
func slug(title string) string {
	id := strings.Trim(unfit.ReplaceAllString(strings.ToLower(title), "-"), "-")
	if len(id) > 24 {
		id = strings.TrimRight(id[:24], "-")
	}
	if id == "" {
		return "some-id"
	}
	return id
}

// comment reads `step: create-api points=2 needs=a,b`.
func (s *splitter) comment(words string, line int, heading *Step) {
	if heading == nil {
		s.found.error(line, "step.comment-misplaced")
		return
	}
	fields := strings.Fields(words)
	if len(fields) == 0 || strings.Contains(fields[0], "=") {
		s.found.error(line, "step.comment-no-id", "example", slug(heading.Title))
		return
	}
	heading.ID = fields[0]
	if !validID(heading.ID) {
		s.found.error(line, "id.invalid", "id", heading.ID)
	}
	known := []string{"points", "needs"}
	for _, field := range fields[1:] {
		key, value, _ := strings.Cut(field, "=")
		switch key {
		case "points":
			var points int
			if _, err := fmt.Sscanf(value+"\n", "%d\n", &points); err != nil || points < 0 || points > 1000 {
				s.found.error(line, "step.points", "points", value)
			} else {
				heading.Points = points
			}
		case "needs":
			for need := range strings.SplitSeq(value, ",") {
				if need != "" {
					heading.Needs = append(heading.Needs, need)
				}
			}
		default:
			s.found.error(line, "step.comment-key", append(yamltree.Suggest(key, known), "key", key)...)
		}
	}
}
