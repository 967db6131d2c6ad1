package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"awslab/lessons"
	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/lesson/watch"
	"awslab/runner/target"
	"awslab/runner/text"
	"awslab/tui"
)

// lessonPreviewCommand: see a lesson as a student does while it is written.
func (a *app) lessonPreviewCommand() *cobra.Command {
	return &cobra.Command{
		Use: "preview [DIR]", Short: a.text.Command.Help.LessonPreview, Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "."
			if len(args) > 0 {
				dir = args[0]
			}
			if err := a.needTerminal(); err != nil {
				return err
			}
			if !a.flags.trust && !a.python().Sandboxed() {
				return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotConfined }, Args: text.Args{"dir": dir}}
			}
			p, err := a.openPreview(cmd.Context(), dir)
			if err != nil {
				return err
			}
			cfg := a.screen(p.lab)
			cfg.Preview = &tui.Preview{Issues: p.first.Issues, Next: p.next}
			if p.first.Open != nil {
				cfg.Lesson = p.first.Lesson
			}
			return errors.Join(a.behind(func() error { return tui.Run(cmd.Context(), cfg) }), p.close())
		},
	}
}

// preview is a lesson that is being written, run on an emulator of its own in a
// temporary home: the student's own is not touched.
type preview struct {
	app     *app
	parent  string         // the folder that the lesson's folder lies in
	id      string         // the name of the lesson's folder
	course  *lesson.Course // around the lesson; it is not in it
	watcher *watch.Watcher
	home    string
	target  *target.Target

	first tui.Version
	lab   *runner.Lab // with the last good version
	old   *runner.Lab // the one before, until the next version is asked for
}

func (a *app) openPreview(ctx context.Context, dir string) (*preview, error) {
	full, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	p := &preview{app: a, parent: filepath.Dir(full), id: filepath.Base(full)}
	if _, err := os.Stat(filepath.Join(full, "lesson.md")); err != nil {
		_, issues := lesson.Load(os.DirFS(p.parent), p.id)
		return nil, a.usable(issues)
	}
	p.course = besides(p.parent, p.id)
	if p.watcher, err = watch.Open(full); err != nil {
		return nil, watchProblem(dir, err)
	}
	if p.home, err = os.MkdirTemp("", "awslab-preview-"); err != nil {
		return nil, errors.Join(err, p.close())
	}
	if p.target, err = a.freshTarget(ctx, p.home, false); err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.first = p.read()
	if p.first.Open != nil {
		_, err = p.first.Open()
	} else {
		p.lab, err = p.labWith(p.course) // there is no good version yet
	}
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

// next waits for the next version; the lab of the one before the last is closed.
func (p *preview) next(ctx context.Context) (tui.Version, error) {
	if p.old != nil {
		err := p.old.Close()
		p.old = nil
		if err != nil {
			return tui.Version{}, err
		}
	}
	if err := p.watcher.Next(ctx); err != nil {
		return tui.Version{}, watchProblem(filepath.Join(p.parent, p.id), err)
	}
	return p.read(), nil
}

// read reads the lesson as it is now.
func (p *preview) read() tui.Version {
	les, issues := lesson.Load(os.DirFS(p.parent), p.id)
	if les != nil {
		issues = runner.Lint(issues, les)
	}
	v := tui.Version{Lesson: p.id, Issues: issues}
	if les == nil || len(lesson.Errors(issues)) > 0 {
		return v
	}
	v.Open = func() (*runner.Lab, error) {
		course := *p.course
		course.Lessons = append(append([]*lesson.Lesson(nil), p.course.Lessons...), les)
		if err := p.dropFiles(); err != nil {
			return nil, err
		}
		l, err := p.labWith(&course)
		if err != nil {
			return nil, err
		}
		p.old, p.lab = p.lab, l
		return l, nil
	}
	return v
}

// dropFiles makes room for the files of the next version.
func (p *preview) dropFiles() error {
	if p.lab == nil {
		return nil
	}
	if !slices.ContainsFunc(p.lab.Course().Lessons, func(les *lesson.Lesson) bool { return les.ID == p.id }) {
		return nil
	}
	s, err := p.lab.Lesson(p.id)
	if err != nil {
		return err
	}
	return s.DropFiles()
}

func (p *preview) labWith(course *lesson.Course) (*runner.Lab, error) {
	return runner.Open(runner.Config{
		Course: course, Target: p.target, Text: p.app.text, Home: p.home, Now: p.app.now, Version: version(),
		Python: p.app.pythonCommand(p.app.python()), Notice: p.app.notice,
	})
}

// close ends everything and deletes the temporary home.
func (p *preview) close() error {
	var errs []error
	for _, l := range []*runner.Lab{p.old, p.lab} {
		if l != nil {
			errs = append(errs, l.Close())
		}
	}
	if p.target != nil {
		errs = append(errs, p.target.Close())
	}
	if p.watcher != nil {
		errs = append(errs, p.watcher.Close())
	}
	if p.home != "" {
		errs = append(errs, os.RemoveAll(p.home))
	}
	return errors.Join(errs...)
}

// besides is the course that a lesson is written in, or the built-in one, without
// the lesson itself and without what cannot be used.
func besides(parent, id string) *lesson.Course {
	var files fs.FS = lessons.Files
	if _, err := os.Stat(filepath.Join(parent, "course.yaml")); err == nil {
		files = os.DirFS(parent)
	}
	course, issues := lesson.LoadCourse(files)
	if course == nil {
		return &lesson.Course{ID: id, Title: id}
	}
	unusable := map[string]bool{id: true}
	for _, issue := range lesson.Errors(issues) {
		unusable[path.Dir(issue.Pos.File)] = true
	}
	rest := *course
	rest.Lessons = slices.DeleteFunc(slices.Clone(course.Lessons), func(l *lesson.Lesson) bool { return unusable[l.ID] })
	return &rest
}

func watchProblem(dir string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotWatched }, Args: text.Args{"dir": dir}, Err: err}
}
