package runner

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"awslab/runner/lesson"
	"awslab/runner/text"
)

// Workspace is the folder of the student's files.
func (s *Session) Workspace() string { return s.dir }

// writeFiles puts the lesson's files into the workspace. What is there already
// is the student's, and stays unless restore is asked for.
func (s *Session) writeFiles(restore bool) error {
	return s.eachFile(func(name string, data []byte) error { return s.writeFile(name, data, restore) })
}

// restoreFiles puts a step's files there as the lesson has them: awslab does the step,
// and cannot do it with a file that was broken. What the student wrote is kept beside.
func (s *Session) restoreFiles(step *lesson.Step) error {
	for _, fence := range step.WorkspaceFiles() {
		old, err := s.files.ReadFile(filepath.FromSlash(fence.Path))
		if err == nil && !bytes.Equal(old, []byte(fence.Text)) {
			if err := s.writeFile(fence.Path+".mine", old, true); err != nil {
				return err
			}
			s.emit(Notice{Text: text.Args{"file": fence.Path}.Fill(s.lab.cfg.Text.Session.Restored)})
		}
		if err := s.writeFile(fence.Path, []byte(fence.Text), true); err != nil {
			return err
		}
	}
	return nil
}

// DropFiles removes the lesson's files from the workspace, all but those that
// were changed there: the next version of a lesson that is being written then
// brings its own.
func (s *Session) DropFiles() error {
	return s.eachFile(func(name string, data []byte) error {
		name = filepath.FromSlash(name)
		old, err := s.files.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return workspaceProblem(s.dir, err)
		}
		if !bytes.Equal(old, data) {
			return nil
		}
		if err := s.files.Remove(name); err != nil {
			return workspaceProblem(s.dir, err)
		}
		return nil
	})
}

// eachFile goes through the files that the lesson puts into the workspace.
func (s *Session) eachFile(do func(name string, data []byte) error) error {
	for _, step := range s.lesson.Steps {
		for _, fence := range step.WorkspaceFiles() {
			if err := do(fence.Path, []byte(fence.Text)); err != nil {
				return err
			}
		}
	}
	if s.lesson.Files == nil {
		return nil
	}
	return fs.WalkDir(s.lesson.Files, "files", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() || s.lesson.IsUpstream(name) {
			return err
		}
		data, err := fs.ReadFile(s.lesson.Files, name)
		if err != nil {
			return err
		}
		return do(strings.TrimPrefix(name, "files/"), data)
	})
}

func (s *Session) writeFile(name string, data []byte, restore bool) error {
	name = filepath.FromSlash(name)
	if old, err := s.files.ReadFile(name); err == nil && (!restore || bytes.Equal(old, data)) {
		return nil
	}
	if err := s.files.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return workspaceProblem(s.dir, err)
	}
	if err := s.files.WriteFile(name, data, 0o600); err != nil {
		return workspaceProblem(s.dir, err)
	}
	return nil
}

func workspaceProblem(dir string, err error) error {
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: text.Args{"dir": dir}, Err: err}
}
