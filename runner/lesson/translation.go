package lesson

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"

	"awslab/runner/lesson/yamltree"
)

// translated names a translation: lesson.ko.md.
var translated = regexp.MustCompile(`^lesson\.([A-Za-z-]+)\.md$`)

var languages = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z]{2})?$`)

// In is the lesson in a language: its own text where it is not translated.
func (l *Lesson) In(language string) *Lesson {
	if t, ok := l.Translations[language]; ok {
		return t
	}
	return l
}

// In is the course in a language, lesson by lesson.
func (c *Course) In(language string) *Course {
	in := *c
	if title, ok := c.Titles[language]; ok {
		in.Title = title
	}
	in.Lessons = make([]*Lesson, len(c.Lessons))
	for i, les := range c.Lessons {
		in.Lessons[i] = les.In(language)
	}
	return &in
}

// translations reads every translation that lies beside lesson.md. A
// translation is a lesson of its own: the translated text round the machine's
// parts of the original.
func translations(les *Lesson, dir string, found *issues) {
	entries, err := fs.ReadDir(les.Files, ".")
	if err != nil {
		found.error(1, "lesson.unreadable", "cause", err.Error())
		return
	}
	for _, entry := range entries {
		m := translated.FindStringSubmatch(entry.Name())
		if m == nil {
			continue
		}
		in := &issues{file: path.Join(dir, entry.Name()), translation: true}
		if !languages.MatchString(m[1]) || m[1] == "en" {
			in.error(1, "translation.language", "language", m[1])
		} else if t := translate(les, m[1], entry.Name(), in); t != nil {
			if les.Translations == nil {
				les.Translations = map[string]*Lesson{}
			}
			les.Translations[m[1]] = t
		}
		found.list = append(found.list, in.list...)
	}
}

func translate(les *Lesson, language, name string, found *issues) *Lesson {
	source, ok := read(les.Files, name, MaxLesson, found)
	if !ok {
		return nil
	}
	t := *les
	t.Language, t.Source, t.Path, t.Opening, t.Steps = language, source, found.file, nil, nil
	body, line := translatedFront(&t, les, found)
	split(&t, body, line, found)
	if len(t.Opening) == 0 && len(les.Opening) > 0 {
		found.warn(line, "translation.opening")
		t.Opening = les.Opening
	}
	t.Steps = mergeSteps(les, t.Steps, found)
	return &t
}

// translatedFront reads the front matter of a translation: the title.
func translatedFront(t, les *Lesson, found *issues) (body string, line int) {
	tree, body, line := frontTree(string(t.Source), found)
	if tree == nil {
		return body, line
	}
	fields := tree.Fields("translation", "format", "id", "title")
	if format := fields.Text("format"); format != "" && format != "1" {
		fields.Wrong(fields.Get("format"), "lesson.format", "format", format)
	}
	if id := fields.Text("id"); id != "" && id != les.ID {
		fields.Wrong(fields.Get("id"), "translation.id", "id", id, "want", les.ID)
	}
	t.Title = fields.Required("title", "…")
	found.yaml(fields.Mistakes)
	return body, line
}

// mergeSteps puts the translated steps into the original's order and fills in its
// machine's parts. A step that is not translated stays as it is.
func mergeSteps(les *Lesson, steps []*Step, found *issues) []*Step {
	byID, known, at := map[string]*Step{}, []string{}, map[string]int{}
	for i, step := range les.Steps {
		known, at[step.ID] = append(known, step.ID), i
	}
	last := -1
	for _, step := range steps {
		i, ok := at[step.ID]
		switch {
		case step.ID == "": // said already
			continue
		case !ok:
			found.error(step.Pos.Line, "translation.step-unknown", append(yamltree.Suggest(step.ID, known), "step", step.ID)...)
			continue
		case byID[step.ID] != nil:
			found.error(step.Pos.Line, "step.twice", "id", step.ID, "line", fmt.Sprint(byID[step.ID].Pos.Line))
			continue
		case i < last:
			found.error(step.Pos.Line, "translation.step-order", "step", step.ID)
		}
		last = max(last, i)
		byID[step.ID] = step
	}
	joined := make([]*Step, len(les.Steps))
	for i, original := range les.Steps {
		step, ok := byID[original.ID]
		if !ok {
			found.warn(1, "translation.step-missing", "step", original.ID)
			joined[i] = original
			continue
		}
		filled := *original
		filled.Title, filled.Pos = step.Title, step.Pos
		f := filler{found: found, step: step, parts: original.parts()}
		filled.Blocks = f.fill(step.Blocks)
		f.rest()
		joined[i] = &filled
	}
	return joined
}

// parts are the blocks of a step that awslab acts on, in order.
func (s *Step) parts() []Block {
	var parts []Block
	walk(s.Blocks, func(b Block) {
		if partName(b) != "" {
			parts = append(parts, b)
		}
	})
	return parts
}

// partName names a block that awslab acts on as its fence does, or is empty.
func partName(b Block) string {
	switch b := b.(type) {
	case Fence:
		switch b.Kind {
		case Action:
			return "sh action"
		case Cleanup:
			return "sh cleanup"
		case Solution:
			return "sh solution"
		case File:
			return b.Lang + " file=" + b.Path
		case Shown:
		}
	case CheckBlock:
		return "yaml check, id: " + b.Check.ID
	case QuizBlock:
		return "yaml quiz, id: " + b.Check.ID
	}
	return ""
}

// filler puts the original's parts where the translation names them.
type filler struct {
	found *issues
	step  *Step
	parts []Block // that are still to come
	lost  bool    // the order differs; said once
}

func (f *filler) fill(blocks []Block) []Block {
	filled := make([]Block, 0, len(blocks))
	for _, b := range blocks {
		switch b := b.(type) {
		case Details:
			b.Blocks = f.fill(b.Blocks)
			filled = append(filled, b)
		case Callout:
			b.Blocks = f.fill(b.Blocks)
			filled = append(filled, b)
		default:
			if partName(b) == "" {
				filled = append(filled, b)
			} else if part := f.part(b); part != nil {
				filled = append(filled, part)
			}
		}
	}
	return filled
}

// part gives the original of a part, in the translation's words.
func (f *filler) part(b Block) Block {
	if f.lost {
		return nil
	}
	line := partLine(b)
	if len(f.parts) == 0 {
		f.lost = true
		f.found.error(line, "translation.fence-extra", "step", f.step.ID, "fence", partName(b))
		return nil
	}
	original := f.parts[0]
	if partName(original) != partName(b) {
		f.lost = true
		f.found.error(line, "translation.fence-other", "fence", partName(b), "want", partName(original))
		return nil
	}
	f.parts = f.parts[1:]
	switch b := b.(type) {
	case Fence:
		if o := original.(Fence); b.Text != "" && b.Text != o.Text {
			f.found.error(line, "translation.fence-differs", "fence", partName(b))
		}
		return original
	case CheckBlock:
		c := *original.(CheckBlock).Check
		c.Title = b.Check.Title
		if c.Hint != "" && b.Check.Hint == "" {
			f.found.warn(line, "translation.words-missing", "id", c.ID, "key", "hint")
		} else {
			c.Hint = b.Check.Hint
		}
		return CheckBlock{Check: &c}
	case QuizBlock:
		return f.quiz(original.(QuizBlock).Check, b.Check)
	}
	return original
}

func (f *filler) quiz(original, words *Check) Block {
	c, quiz := *original, *original.Quiz
	if len(words.Quiz.Options) != len(quiz.Options) {
		f.found.error(words.Pos.Line, "translation.options", "count", fmt.Sprint(len(words.Quiz.Options)), "want", fmt.Sprint(len(quiz.Options)))
		return QuizBlock{Check: original}
	}
	if quiz.Because != "" && words.Quiz.Because == "" {
		f.found.warn(words.Pos.Line, "translation.words-missing", "id", c.ID, "key", "because")
	} else {
		quiz.Because = words.Quiz.Because
	}
	quiz.Ask, quiz.Options = words.Quiz.Ask, words.Quiz.Options
	c.Title, c.Quiz = quiz.Ask, &quiz
	return QuizBlock{Check: &c}
}

// rest complains about parts that the translation lacks.
func (f *filler) rest() {
	if len(f.parts) > 0 && !f.lost {
		f.found.error(f.step.Pos.Line, "translation.fence-missing", "step", f.step.ID, "fence", partName(f.parts[0]))
	}
}

func partLine(b Block) int {
	switch b := b.(type) {
	case Fence:
		return b.Pos.Line
	case CheckBlock:
		return b.Check.Pos.Line
	case QuizBlock:
		return b.Check.Pos.Line
	}
	return 1
}

// Languages are those in which the lesson can be read, sorted; English is among
// them.
func (l *Lesson) Languages() []string {
	list := append(slices.Collect(maps.Keys(l.Translations)), "en")
	slices.Sort(list)
	return list
}
