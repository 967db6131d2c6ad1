package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"awslab/lessons"
	"awslab/runner"
	"awslab/runner/emulator"
	"awslab/runner/lesson"
	"awslab/runner/report"
	"awslab/runner/selftest"
	"awslab/runner/target"
	"awslab/runner/text"
)

// lessonTestCommand: prove the checks of a lesson.
func (a *app) lessonTestCommand() *cobra.Command {
	var only string
	var keep bool
	cmd := &cobra.Command{
		Use: "test [DIR...]", Short: a.text.Command.Help.LessonTest,
		RunE: func(cmd *cobra.Command, args []string) error {
			if keep && only == "" {
				return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.KeepWhat }, Class: text.Usage}
			}
			if len(args) == 0 {
				args = []string{"."}
			}
			return a.prove(cmd.Context(), args, only, keep)
		},
	}
	cmd.Flags().StringVar(&only, "only", "", a.text.Command.Help.Only)
	cmd.Flags().BoolVar(&keep, "keep", false, a.text.Command.Help.Keep)
	return cmd
}

// prove tests each lesson and prints what was seen.
func (a *app) prove(ctx context.Context, dirs []string, only string, keep bool) error {
	var sections []report.Lesson
	proved := true
	for _, dir := range dirs {
		candidates, err := a.candidates(dir)
		if err != nil {
			return err
		}
		for _, c := range candidates {
			seen, err := a.proveOne(ctx, c, only, keep)
			if err != nil {
				return err
			}
			proved = proved && seen.Passed()
			if a.flags.format != "text" {
				sections = append(sections, seen.Section(a.text))
			} else if err := seen.Table(a.stdout, a.text, report.Options{ASCII: a.flags.plain}); err != nil {
				return err
			}
		}
	}
	if a.flags.format != "text" {
		if err := report.Write(a.stdout, a.flags.format, a.text, sections); err != nil {
			return err
		}
	}
	if !proved {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotProved }, Class: text.Unmet}
	}
	return nil
}

func (a *app) proveOne(ctx context.Context, c candidate, only string, keep bool) (*selftest.Report, error) {
	if names := selftest.Names(c.lesson); only != "" && !slices.Contains(names, only) {
		return nil, &text.Problem{
			Says: func(p *text.Problems) text.Sentence { return p.NoCase }, Class: text.Usage,
			Args: text.Args{"name": only, "names": "“" + strings.Join(names, "”, “") + "”"},
		}
	}
	cfg := selftest.Config{
		Lesson: c.lesson, Lessons: c.folder, Issues: c.issues, Now: a.now, Only: only, Keep: keep,
		Open: func(ctx context.Context) (*selftest.World, error) { return a.freshWorld(ctx, c.course, keep) },
	}
	if a.terminal && !a.flags.plain && a.flags.format == "text" {
		cfg.Tell = func(done, total int) {
			fmt.Fprintf(a.stderr, "\r%s\x1b[K", text.Args{"done": fmt.Sprint(done), "total": fmt.Sprint(total)}.Fill(a.text.Selftest.Trying))
			if done == total {
				fmt.Fprint(a.stderr, "\r\x1b[K")
			}
		}
	}
	return selftest.Run(ctx, cfg)
}

// candidate is a lesson to be tested, in its course.
type candidate struct {
	lesson *lesson.Lesson
	course *lesson.Course
	folder string // of the course
	issues []lesson.Issue
}

// candidates reads a folder: one lesson, or a course. A lesson alone builds on
// the lessons of the course beside it, or on the built-in ones.
func (a *app) candidates(dir string) ([]candidate, error) {
	read, issues := readFolder(dir)
	if err := a.usable(issues); err != nil {
		return nil, err
	}
	if read.ID != "" {
		var all []candidate
		for _, les := range read.Lessons {
			all = append(all, candidate{les, read, dir, issues})
		}
		return all, nil
	}
	parent := parentOf(dir)
	course, err := a.around(parent, read.Lessons[0])
	return []candidate{{read.Lessons[0], course, parent, issues}}, err
}

// around is the course that a lesson is tested in.
func (a *app) around(parent string, les *lesson.Lesson) (*lesson.Course, error) {
	var files fs.FS = lessons.Files
	if _, err := os.Stat(filepath.Join(parent, "course.yaml")); err == nil {
		files = os.DirFS(parent)
	}
	course, issues := lesson.LoadCourse(files)
	if err := a.usable(issues); err != nil {
		return nil, err
	}
	with := *course
	with.Lessons = nil
	for _, other := range course.Lessons {
		if other.ID != les.ID {
			with.Lessons = append(with.Lessons, other)
		}
	}
	with.Lessons = append(with.Lessons, les)
	return &with, nil
}

// freshWorld is an emulator that has seen nothing, with a lab open on it, in a
// temporary home. Only a world that is to be kept writes a journal.
func (a *app) freshWorld(ctx context.Context, course *lesson.Course, keep bool) (*selftest.World, error) {
	dir, err := os.MkdirTemp("", "awslab-test-")
	if err != nil {
		return nil, err
	}
	remove := func() error { return os.RemoveAll(dir) }
	installation := a.python()
	t, err := a.freshTarget(ctx, dir, keep)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	l, err := runner.Open(runner.Config{
		Course: course, Target: t, Text: a.text, Home: dir, Now: a.now, Version: version(),
		Python: a.pythonCommand(installation), Notice: a.notice, Headless: true,
	})
	if err != nil {
		return nil, errors.Join(err, t.Close(), remove())
	}
	return &selftest.World{Lab: l, AWS: t.AWS(), Dir: dir, Close: func(keep bool) error {
		err := errors.Join(l.Close(), t.Close())
		if !keep {
			err = errors.Join(err, remove())
		}
		return err
	}}, nil
}

// freshTarget is an emulator that has seen nothing, in a home of its own, with a
// journal or without.
func (a *app) freshTarget(ctx context.Context, dir string, journal bool) (*target.Target, error) {
	return target.Open(ctx, target.Config{
		Target: "emulator", Region: a.flags.region, Now: a.now,
		Home: target.HomeConfig{
			Dir: dir, Addr: "127.0.0.1:0", Notice: a.notice,
			NewServer: func(state string, creds target.Credentials) (target.Server, error) {
				if !journal {
					state = ""
				}
				return emulator.New(emulator.Config{
					Dir: state, Account: target.EmulatorAccount, Region: target.DefaultRegion,
					AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey, Python: a.python(),
					Notice: func(err error) { a.notice(text.NoticeOf(err)) },
				})
			},
		},
	})
}
