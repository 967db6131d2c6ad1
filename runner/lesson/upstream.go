package lesson

import (
	"cmp"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"awslab/runner/lesson/yamltree"
)

// Upstream stands in, on the emulator, for what answers under a URL elsewhere:
// there a lesson needs no network. On AWS the real one is asked.
type Upstream struct {
	Prefix  string // "https://petstore.swagger.io/v2/": the beginning of the URLs
	Folder  string // below the lesson's folder; its files are not the student's
	Answers []UpstreamAnswer
}

// UpstreamAnswer is one answer; the first that fits a request is given.
type UpstreamAnswer struct {
	Method string
	Path   string            // behind the prefix, without a slash before it; a segment {name} fits any
	Query  map[string]string // the values that these names must have; others are passed over
	Status int
	Header map[string]string
	Body   []byte
}

// AnswersFile says what an upstream answers where its files alone do not.
const AnswersFile = "answers.yaml"

// maxUpstreams bounds the bodies of all answers of a lesson, in bytes.
const maxUpstreams = 1 << 20

var methodForm = regexp.MustCompile(`^[A-Z]+$`)

// upstreams reads the front matter's key.
func upstreams(les *Lesson, fields *yamltree.Fields, found *issues) {
	n := fields.Get("upstreams")
	if n == nil || n.Kind == yamltree.Null {
		return
	}
	if n.Kind != yamltree.Map {
		fields.Wrong(n, "yaml.kind", "key", "upstreams", "is", n.Kind.Key(), "want", yamltree.Map.Key())
		return
	}
	for _, m := range n.Members {
		folder := strings.TrimSuffix(m.Value.Text, "/")
		at := &yamltree.Node{Line: m.Line, Column: m.Column}
		switch info, err := fs.Stat(les.Files, cmp.Or(folder, ".")); {
		case !validPrefix(m.Key):
			fields.Wrong(at, "upstream.prefix", "prefix", m.Key)
		case m.Value.Kind != yamltree.String || !strings.HasPrefix(folder, "files/") || !fs.ValidPath(folder) || err != nil || !info.IsDir():
			fields.Wrong(m.Value, "upstream.folder", "folder", m.Value.Text)
		default:
			u := Upstream{Prefix: m.Key, Folder: folder}
			u.Answers = append(answersIn(les.Files, folder, path.Dir(found.file), found), filesIn(les.Files, folder, found)...)
			les.Upstreams = append(les.Upstreams, u)
		}
	}
	size := 0
	for _, u := range les.Upstreams {
		for _, a := range u.Answers {
			size += len(a.Body)
		}
	}
	if size > maxUpstreams {
		fields.Wrong(n, "upstream.too-large", "limit", fmt.Sprint(maxUpstreams))
	}
}

// validPrefix wants the beginning of a URL that is somebody else's: a lesson does
// not stand in for what runs on the student's machine.
func validPrefix(prefix string) bool {
	u, err := url.Parse(prefix)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !strings.HasSuffix(u.Path, "/") {
		return false
	}
	return strings.Contains(u.Hostname(), ".") && strings.ToLower(u.Host) == u.Host && !strings.HasSuffix(u.Hostname(), ".localhost") && !addressForm.MatchString(u.Hostname())
}

var addressForm = regexp.MustCompile(`^[0-9.]+$|:`)

// filesIn are the files of an upstream as answers to GET: the page a/b is the
// file a/b, or a/b.json.
func filesIn(fsys fs.FS, folder string, found *issues) []UpstreamAnswer {
	var answers []UpstreamAnswer
	err := fs.WalkDir(fsys, folder, func(name string, entry fs.DirEntry, err error) error {
		rest := strings.TrimPrefix(name, folder+"/")
		if err != nil || entry.IsDir() || rest == AnswersFile {
			return err
		}
		body, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		pages := []string{rest}
		if bare := strings.TrimSuffix(rest, path.Ext(rest)); path.Ext(rest) == ".json" || path.Ext(rest) == ".html" {
			pages = append(pages, bare)
		}
		for _, page := range pages {
			answers = append(answers, UpstreamAnswer{Method: http.MethodGet, Path: page, Status: http.StatusOK, Header: contentType(rest), Body: body})
		}
		return nil
	})
	if err != nil {
		found.error(1, "file.unreadable", "file", folder, "cause", cause(err).Error())
	}
	return answers
}

// contentType goes by a file's name. The types that lessons need stand here:
// those of the system differ from one machine to the next.
func contentType(name string) map[string]string {
	known := map[string]string{".json": "application/json", ".html": "text/html", ".txt": "text/plain", ".xml": "application/xml"}
	return map[string]string{"Content-Type": cmp.Or(known[path.Ext(name)], "application/octet-stream")}
}

// answersIn reads an upstream's answers.yaml, if there is one.
func answersIn(fsys fs.FS, folder, dir string, found *issues) []UpstreamAnswer {
	data, err := fs.ReadFile(fsys, path.Join(folder, AnswersFile))
	if err != nil {
		return nil
	}
	in := &issues{file: path.Join(dir, folder, AnswersFile)}
	defer func() { found.list = append(found.list, in.list...) }()
	tree, mistakes := yamltree.Parse(data, 1)
	in.yaml(mistakes)
	if tree == nil || len(mistakes) > 0 {
		return nil
	}
	if tree.Kind != yamltree.List {
		in.yaml([]yamltree.Mistake{{Line: tree.Line, Column: tree.Column, Rule: "yaml.kind", Args: yamltree.Args([]string{"key", "answers", "is", tree.Kind.Key(), "want", yamltree.List.Key()})}})
		return nil
	}
	var answers []UpstreamAnswer
	for _, item := range tree.Items {
		fields := item.Fields("answers", "method", "path", "query", "status", "headers", "file", "body")
		answers = append(answers, answer(fields, fsys, folder))
		in.yaml(fields.Mistakes)
	}
	return answers
}

func answer(fields *yamltree.Fields, fsys fs.FS, folder string) UpstreamAnswer {
	a := UpstreamAnswer{
		Method: cmp.Or(fields.Text("method"), http.MethodGet),
		Path:   strings.TrimPrefix(fields.Required("path", "/pet/findByStatus"), "/"),
		Query:  texts(fields, "query"),
		Status: fields.Int("status", http.StatusOK, 200, 599),
		Header: map[string]string{},
	}
	if !methodForm.MatchString(a.Method) {
		fields.Wrong(fields.Get("method"), "http.method", "method", a.Method)
	}
	body, file := fields.Get("body"), fields.Get("file")
	switch {
	case body != nil && file != nil:
		fields.Wrong(file, "upstream.body-and-file")
	case body != nil:
		a.Body, a.Header = []byte(fields.Text("body")), contentType(".txt")
	case file != nil:
		data, err := fs.ReadFile(fsys, path.Join(folder, fields.Text("file")))
		if err != nil || !fs.ValidPath(file.Text) {
			fields.Wrong(file, "upstream.file", "file", file.Text, "folder", folder)
		}
		a.Body, a.Header = data, contentType(file.Text)
	}
	for name, value := range texts(fields, "headers") {
		if !headerForm.MatchString(name) || strings.ContainsAny(value, "\r\n") {
			fields.Wrong(fields.Get("headers"), "upstream.header", "name", name)
			continue
		}
		a.Header[http.CanonicalHeaderKey(name)] = value
	}
	if kind, ok := a.Header["Content-Type"]; ok {
		if _, _, err := mime.ParseMediaType(kind); err != nil {
			fields.Wrong(fields.Get("headers"), "upstream.header", "name", "Content-Type")
		}
	}
	return a
}

var headerForm = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// texts reads a mapping of names to texts.
func texts(fields *yamltree.Fields, key string) map[string]string {
	n := fields.Get(key)
	if n == nil {
		return nil
	}
	if n.Kind != yamltree.Map {
		fields.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", yamltree.Map.Key())
		return nil
	}
	all := map[string]string{}
	for _, m := range n.Members {
		if m.Value.Kind == yamltree.List || m.Value.Kind == yamltree.Map || m.Value.Kind == yamltree.Null {
			fields.Wrong(m.Value, "yaml.kind", "key", m.Key, "is", m.Value.Kind.Key(), "want", yamltree.String.Key())
			continue
		}
		all[m.Key] = m.Value.Text
	}
	return all
}

// IsUpstream reports whether a file of the lesson's folder belongs to an upstream.
func (l *Lesson) IsUpstream(name string) bool {
	return slices.ContainsFunc(l.Upstreams, func(u Upstream) bool { return strings.HasPrefix(name, u.Folder+"/") })
}
