package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"awslab/runner/lesson/yamltree"
)

// The limits of a lesson's folder, in bytes and in files.
const (
	MaxLesson = 1 << 20  // lesson.md
	MaxFile   = 10 << 20 // any other file
	MaxFiles  = 1000
)

// Load reads the lesson in folder dir of fsys. It gives everything that is
// wrong with it at once; the lesson is nil when lesson.md cannot be read, and is
// not to be used when [Errors] finds any among the issues.
func Load(fsys fs.FS, dir string) (*Lesson, []Issue) {
	name := path.Join(dir, "lesson.md")
	found := &issues{file: name}
	if !fs.ValidPath(dir) {
		found.error(1, "lesson.folder", "folder", dir)
		return nil, found.sorted()
	}
	folder, err := fs.Sub(fsys, dir)
	if err != nil {
		found.error(1, "lesson.unreadable", "cause", err.Error())
		return nil, found.sorted()
	}
	if !survey(folder, dir, found) {
		return nil, found.sorted()
	}
	source, ok := read(folder, "lesson.md", MaxLesson, found)
	if !ok {
		return nil, found.sorted()
	}
	les := &Lesson{Files: folder, Source: source, Path: name}
	body, line := frontMatter(les, found)
	if dir != "." && les.ID != "" && les.ID != path.Base(dir) {
		found.error(1, "lesson.folder-name", "id", les.ID, "folder", path.Base(dir))
	}
	split(les, body, line, found)
	lintSteps(les, found)
	lintVariables(les, found)
	translations(les, dir, found)
	selftest(les, path.Join(dir, SelftestFile), found)
	return les, found.sorted()
}

var errTooManyFiles = errors.New("too many files")

// survey looks at every file of a lesson's folder: plain files of a bearable
// size, and no link that could lead out of it.
func survey(folder fs.FS, dir string, found *issues) bool {
	count, before := 0, len(found.list)
	complain := func(name, rule string, args ...string) {
		found.list = append(found.list, Issue{Pos: Position{File: path.Join(dir, name), Line: 1}, Rule: rule, Args: yamltree.Args(args)})
	}
	err := fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return nil
		}
		if count++; count > MaxFiles {
			return errTooManyFiles
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			complain(name, "file.symlink")
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			complain(name, "file.not-plain")
		} else if info.Size() > MaxFile {
			complain(name, "file.too-large", "limit", fmt.Sprint(MaxFile))
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		complain("lesson.md", "lesson.missing", "folder", dir)
	} else if errors.Is(err, errTooManyFiles) {
		complain("lesson.md", "lesson.too-many-files", "limit", fmt.Sprint(MaxFiles))
	} else if err != nil {
		complain("lesson.md", "lesson.unreadable", "cause", err.Error())
	}
	return len(found.list) == before
}

// read gives a text file as UTF-8 with plain line ends.
func read(folder fs.FS, name string, limit int64, found *issues) ([]byte, bool) {
	f, err := folder.Open(name)
	if err != nil {
		found.error(1, "file.unreadable", "file", name, "cause", cause(err).Error())
		return nil, false
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err = errors.Join(err, f.Close()); err != nil {
		found.error(1, "file.unreadable", "file", name, "cause", cause(err).Error())
		return nil, false
	}
	if int64(len(data)) > limit {
		found.error(1, "file.too-large", "limit", fmt.Sprint(limit))
		return nil, false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	if at := invalid(data); at >= 0 {
		found.error(1+bytes.Count(data[:at], []byte("\n")), "file.not-utf8")
		return nil, false
	}
	if at, c := control(data); at >= 0 {
		found.error(1+bytes.Count(data[:at], []byte("\n")), "file.control", "character", fmt.Sprintf("%U", c))
		return nil, false
	}
	return data, true
}

// numbered are the characters that markdown names by their numbers.
var numbered = regexp.MustCompile(`&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));`)

// control is the place of the first character that drives a terminal, or -1;
// markdown can write it as a number, too.
func control(data []byte) (int, rune) {
	at, c := -1, rune(0)
	if i := bytes.IndexFunc(data, func(r rune) bool { return yamltree.Control(r) || r == '\r' }); i >= 0 {
		at = i
		c, _ = utf8.DecodeRune(data[i:])
	}
	for _, m := range numbered.FindAllSubmatchIndex(data, -1) {
		digits, base := 2, 16
		if m[2] < 0 {
			digits, base = 4, 10
		}
		n, err := strconv.ParseInt(string(data[m[digits]:m[digits+1]]), base, 32)
		if r := rune(n); err == nil && (yamltree.Control(r) || r == '\r') && (at < 0 || m[0] < at) {
			return m[0], r
		}
	}
	return at, c
}

// invalid is the place of the first byte that is not text, or -1.
func invalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if (r == utf8.RuneError && size == 1) || r == 0 {
			return i
		}
		i += size
	}
	return -1
}

// cause leaves out the path, which the message has already.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// LoadCourse reads course.yaml and the lessons that it names. Like [Load], it
// gives everything that is wrong at once; the course is nil when course.yaml
// cannot be read.
func LoadCourse(fsys fs.FS) (*Course, []Issue) {
	found := &issues{file: "course.yaml"}
	data, ok := read(fsys, "course.yaml", yamltree.MaxSize, found)
	if !ok {
		return nil, found.sorted()
	}
	tree, mistakes := yamltree.Parse(data, 1)
	found.yaml(mistakes)
	if tree == nil {
		return nil, found.sorted()
	}
	fields := tree.Fields("course", "id", "title", "lessons")
	course := &Course{ID: fields.Required("id", "my-course")}
	if course.ID != "" && !validID(course.ID) {
		fields.Wrong(fields.Get("id"), "id.invalid", "id", course.ID)
	}
	course.title(fields)
	nodes := fields.Texts("lessons")
	if len(nodes) == 0 {
		fields.Wrong(tree, "course.empty")
	}
	found.yaml(fields.Mistakes)
	all := found.list
	lines := map[string]int{}
	for _, node := range nodes {
		if _, twice := lines[node.Text]; twice {
			all = append(all, Issue{Pos: Position{File: "course.yaml", Line: node.Line, Column: node.Column}, Rule: "course.lesson-twice", Args: map[string]string{"lesson": node.Text}})
			continue
		}
		lines[node.Text] = node.Line
		les, more := Load(fsys, node.Text)
		for i := range more { // what is not there has no lines
			if more[i].Rule == "lesson.missing" || more[i].Rule == "lesson.folder" {
				more[i].Pos = Position{File: "course.yaml", Line: node.Line, Column: node.Column}
			}
		}
		all = append(all, more...)
		if les != nil {
			course.Lessons = append(course.Lessons, les)
		}
	}
	return course, append(all, course.lintNeeds(lines)...)
}

// title reads one title, or one per language.
func (c *Course) title(fields *yamltree.Fields) {
	n := fields.Get("title")
	if n == nil || n.Kind != yamltree.Map {
		c.Title = fields.Required("title", "Serverless on AWS")
		return
	}
	c.Titles = map[string]string{}
	for _, m := range n.Members {
		if m.Value.Kind == yamltree.Map || m.Value.Kind == yamltree.List || strings.TrimSpace(m.Value.Text) == "" {
			fields.Wrong(m.Value, "yaml.kind", "key", m.Key, "is", m.Value.Kind.Key(), "want", yamltree.String.Key())
			continue
		}
		c.Titles[m.Key] = m.Value.Text
		if c.Title == "" || m.Key == "en" {
			c.Title = m.Value.Text
		}
	}
}

// lintNeeds looks for lessons that build on none, on later ones or in a circle:
// in a course, what is needed comes first.
func (c *Course) lintNeeds(lines map[string]int) []Issue {
	found := &issues{}
	before := map[string]bool{}
	var ids []string
	for _, les := range c.Lessons {
		ids = append(ids, les.ID)
	}
	for _, les := range c.Lessons {
		found.file = les.Path
		for i, need := range les.Needs {
			line := les.needs[i].Line
			switch _, named := lines[need]; {
			case before[need]:
			case need == les.ID:
				found.error(line, "course.needs-itself")
			case named:
				found.error(line, "course.needs-later", "lesson", need)
			default:
				found.error(line, "course.needs-unknown", append(yamltree.Suggest(need, ids), "lesson", need)...)
			}
		}
		before[les.ID] = true
	}
	return found.sorted()
}
