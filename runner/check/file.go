package check

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"awslab/runner/lesson/yamltree"
)

// fileCheck looks at a file of the student's workspace: file.missing,
// file.near-miss, file.present, file.not-a-file, file.too-large, file.text,
// file.undefined, file.nearly-that. Text is compared without the line ends at
// its end, with \n between lines.
type fileCheck struct {
	path    string
	exists  *bool
	text    matcher
	defines string
}

// maxChecked bounds a file that is read, in bytes.
const maxChecked = 1 << 20

func compileFile(r *reader) looker {
	f := r.fields(r.subject, "file", "path")
	c := &fileCheck{path: f.Required("path", "lambda_function.py")}
	if c.path != "" && (!fs.ValidPath(c.path) || strings.Contains(c.path, `\`)) {
		f.Wrong(f.Get("path"), "file.path", "path", c.path)
	}
	r.done(f)
	e := r.expect("exists", "text", "python")
	if n := e.Get("exists"); n != nil {
		exists := n.Text == "true"
		if c.exists = &exists; n.Kind != yamltree.Bool {
			e.Wrong(n, "yaml.kind", "key", "exists", "is", n.Kind.Key(), "want", yamltree.Bool.Key())
		}
	}
	c.text = r.matcher(e.Get("text"))
	if n := e.Get("python"); n != nil {
		python := n.Fields("python", "defines")
		c.defines = python.Required("defines", "lambda_handler")
		r.done(python)
	}
	r.done(e)
	if c.exists != nil && !*c.exists && (c.text != nil || c.defines != "") {
		r.wrong(r.subject, "file.absent-text")
	}
	return c
}

func (c *fileCheck) look(ctx context.Context, p *probe) verdict {
	if p.Workspace == nil {
		return broken(errors.New("there is no workspace"))
	}
	name, err := p.expand(ctx, c.path)
	if err != nil {
		return unexpanded(err)
	}
	text, f, err := readFile(p.Workspace, name)
	if err != nil {
		return broken(err)
	}
	p.evidence = append(p.evidence, Evidence{What: name, Response: p.mask(clip(strings.ToValidUTF8(text, "�"))), Reproduce: "cat " + quote(name)})
	absent := c.exists != nil && !*c.exists
	switch {
	case absent && f.Code == fileMissing, absent && f.Code == fileNearMiss:
		return verdict{}
	case absent:
		return failed(Finding{Code: filePresent, Subject: name})
	case f.Code != "":
		return failed(f)
	}
	return c.judge(ctx, p, name, text)
}

// readFile gives a file's text, or what is wrong with the file.
func readFile(root *os.Root, name string) (string, Finding, error) {
	f := Finding{Subject: name, Expected: name}
	file, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		f.Code = fileMissing
		if near := nearFile(root, name); near != "" {
			f.Code, f.Found = fileNearMiss, near
		}
		return "", f, nil
	}
	if err != nil {
		return "", f, err
	}
	info, err := file.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		f.Code, f.Found = fileNotAFile, info.Mode().Type().String()
	case info.Size() > maxChecked:
		f.Code, f.Expected, f.Found = fileTooLarge, fmt.Sprint(maxChecked), fmt.Sprint(info.Size())
	default:
		var data []byte
		data, err = io.ReadAll(io.LimitReader(file, maxChecked))
		if err = errors.Join(err, file.Close()); err != nil {
			return "", f, err
		}
		return strings.TrimRight(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n"), Finding{}, nil
	}
	return "", f, errors.Join(err, file.Close())
}

// nearFile is a file of the same folder with nearly that name, or "".
func nearFile(root *os.Root, name string) string {
	dir, base := path.Split(name)
	entries, err := fs.ReadDir(root.FS(), path.Clean("./"+dir))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		if e.Name() != base {
			names = append(names, e.Name())
		}
	}
	if near := yamltree.Nearest(base, names); near != "" {
		return dir + near
	}
	return ""
}

func (c *fileCheck) judge(ctx context.Context, p *probe, name, text string) verdict {
	var findings []Finding
	if c.text != nil {
		wrong, err := c.text.match(ctx, p.World, text)
		if err != nil {
			return unexpanded(err)
		}
		if wrong != nil {
			findings = append(findings, Finding{Code: fileText, Subject: name, Expected: wrong.expected, Found: wrong.found})
		}
	}
	if c.defines != "" {
		names := pythonNames(text)
		if !contains(names, c.defines) {
			f := Finding{Code: fileUndefined, Subject: name, Expected: c.defines}
			if near := yamltree.Nearest(c.defines, names); near != "" {
				f.Code, f.Found = fileNearlyThat, near
			}
			findings = append(findings, f)
		}
	}
	return failed(findings...)
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// seconds is a duration for matchers.
func seconds(d time.Duration) json.Number {
	return json.Number(strconv.FormatFloat(d.Seconds(), 'f', 3, 64))
}
