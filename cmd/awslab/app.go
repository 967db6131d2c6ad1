package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/adrg/xdg"
	"github.com/spf13/cobra"

	"awslab/lessons"
	"awslab/runner"
	"awslab/runner/emulator"
	"awslab/runner/emulator/python"
	"awslab/runner/lesson"
	"awslab/runner/target"
	"awslab/runner/text"
)

// app is one run of the program: its streams, its environment and its flags.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	data           io.Writer // stdout to the byte, unless it is a terminal
	getenv         func(string) string
	terminal       bool // stdin and stdout are a terminal
	now            func() time.Time
	text           *text.Text

	flags struct {
		target, region, profile, lessons, lang, format, home string
		plain, noInput, yes, trust                           bool
	}
}

// root makes the command line. The order of the commands is the order of the
// help.
func (a *app) root() *cobra.Command {
	t := a.text.Command.Help
	root := &cobra.Command{
		Use:   "awslab [LESSON]",
		Short: t.Root,
		Long:  t.RootLong,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return unknownCommand(cmd, args[0])
			}
			return nil
		},
		TraverseChildren: true,
		RunE:             a.open,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.checkFlags()
		},
	}
	a.commonFlags(root.PersistentFlags(), t)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SuggestionsMinimumDistance = 2
	root.CompletionOptions.DisableDefaultCmd = true // ours speaks the student's language
	root.SetHelpFunc(a.help)
	root.SetHelpCommand(a.helpCommand())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if problem := flagProblem(cmd.CommandPath(), err); problem != nil {
			return problem
		}
		return err
	})
	root.AddCommand(
		a.listCommand(), a.statusCommand(), a.nextCommand(),
		a.runCommand(), a.checkCommand(),
		a.solveCommand(), a.skipCommand(), a.resetCommand(), a.cleanupCommand(),
		a.shellCommand(), a.awsCommand(), a.jwtCommand(), a.envCommand(), a.emulatorCommand(), a.playgroundCommand(),
		a.lessonCommand(),
		a.doctorCommand(), a.completionCommand(), a.versionCommand(),
	)
	return root
}

func (a *app) checkFlags() error {
	if _, err := text.For(a.flags.lang); err != nil {
		return err
	}
	switch a.flags.format {
	case "text", "json", "junit":
		return nil
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoFormat }, Args: text.Args{"format": a.flags.format}, Class: text.Usage}
}

// home is the folder of a student's state: progress, workspaces, the emulator's
// journal, the ledger.
func (a *app) home() string {
	if a.flags.home != "" {
		return a.flags.home
	}
	return filepath.Join(xdg.DataHome, "awslab")
}

// course loads the built-in lessons, or those of --lessons.
func (a *app) course() (*lesson.Course, error) {
	var files fs.FS = lessons.Files
	if a.flags.lessons != "" {
		files = os.DirFS(a.flags.lessons)
	}
	course, issues := lesson.LoadCourse(files)
	if err := a.usable(issues); err != nil {
		return nil, err
	}
	return course.In(a.text.Language), nil
}

// python is where CPython is unpacked, once per user.
func (a *app) python() *python.Installation {
	return python.New(python.Config{
		Dir: filepath.Join(xdg.CacheHome, "awslab", "python"),
		Progress: func(bytes int64, done bool) {
			if a.terminal && !a.flags.plain && !a.covered() {
				fmt.Fprintf(a.stderr, "\r%s", text.Args{"mb": fmt.Sprint(bytes >> 20)}.Fill(a.text.Command.UnpackingPython))
				if done {
					fmt.Fprintln(a.stderr)
				}
			}
		},
	})
}

// covered reports whether the terminal program has the screen.
func (a *app) covered() bool {
	s, ok := a.stderr.(*screen)
	return ok && s.isCovered()
}

// behind runs the terminal program; what is to be told meanwhile is told when it
// has ended, and does not disturb the picture.
func (a *app) behind(program func() error) error {
	s, ok := a.stderr.(*screen)
	if !ok {
		return program()
	}
	s.cover()
	return errors.Join(program(), s.uncover())
}

// lab is everything that a command on lessons works with.
type lab struct {
	*runner.Lab
	target *target.Target
}

func (l *lab) Close() error {
	return errors.Join(l.Lab.Close(), l.target.Close())
}

// serving is how `awslab emulator` wants the emulator to be.
type serving struct {
	addr   string
	strict bool
	fresh  bool // set the state of before aside
}

// openTarget opens the target that the flags name.
func (a *app) openTarget(ctx context.Context, how serving) (*target.Target, error) {
	return target.Open(ctx, target.Config{
		Target:  a.flags.target,
		Region:  a.flags.region,
		Profile: a.flags.profile,
		Now:     a.now,
		NewID:   rand.Text,
		Home: target.HomeConfig{
			Dir:  a.home(),
			Addr: how.addr,
			NewServer: func(dir string, creds target.Credentials) (target.Server, error) {
				if how.fresh {
					if err := a.setAside(dir); err != nil {
						return nil, err
					}
				}
				server, err := emulator.New(emulator.Config{
					Dir:             dir,
					Account:         target.EmulatorAccount,
					Region:          target.DefaultRegion,
					AccessKeyID:     creds.AccessKeyID,
					SecretAccessKey: creds.SecretAccessKey,
					Python:          a.python(),
					Strict:          how.strict,
					Notice:          func(err error) { a.notice(text.NoticeOf(err)) },
				})
				if err != nil {
					return nil, emulatorProblem(dir, err)
				}
				return server, nil
			},
			Notice: a.notice,
		},
	})
}

func (a *app) notice(n text.Notice) {
	what, hint := a.text.Notice(n)
	fmt.Fprintln(a.stderr, strings.TrimSpace("note: "+what+"\n"+hint))
}

// opening is what a lab is opened for.
type opening struct {
	changes  bool // ask for consent first, where the target is somebody's account
	headless bool // nobody is there to answer quizzes
}

// openLab opens course and target.
func (a *app) openLab(ctx context.Context, how opening) (*lab, error) {
	course, err := a.course()
	if err != nil {
		return nil, err
	}
	if how.changes && a.flags.lessons != "" && !a.flags.trust && !a.python().Sandboxed() {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotConfined }, Args: text.Args{"dir": a.flags.lessons}}
	}
	t, err := a.openTarget(ctx, serving{})
	if err != nil {
		return nil, err
	}
	if how.changes && !t.Emulator {
		if err := a.consent(t); err != nil {
			return nil, errors.Join(err, t.Close())
		}
	}
	installation := a.python()
	l, err := runner.Open(runner.Config{
		Course: course, Target: t, Text: a.text, Home: a.home(), Now: a.now, Version: version(),
		Python: a.pythonCommand(installation), Notice: a.notice, Headless: how.headless,
	})
	if err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return &lab{Lab: l, target: t}, nil
}

// consent shows whose account it is and asks before the first action.
func (a *app) consent(t *target.Target) error {
	where := text.Args{"account": t.Account, "region": t.Region, "identity": t.Identity, "endpoint": t.Endpoint}
	fmt.Fprintln(a.stderr, where.Fill(a.text.Command.Consent))
	if a.flags.yes {
		return nil
	}
	refused := &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotConfirmed }, Args: text.Args{"where": t.Account + "/" + t.Region}}
	if !a.terminal || a.flags.noInput {
		return refused
	}
	fmt.Fprint(a.stderr, a.text.Command.ConsentAsk)
	answer, err := bufio.NewReader(a.stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return refused
}

// session opens the session of the lesson that the arguments name; without one
// it is the first lesson that is not done.
func (a *app) session(l *lab, args []string) (*runner.Session, error) {
	if len(args) > 0 {
		return l.Lesson(args[0])
	}
	overview, err := l.Overview()
	if err != nil {
		return nil, err
	}
	if i := runner.Next(overview); i >= 0 {
		return l.Lesson(overview[i].ID)
	}
	return l.Lesson(overview[len(overview)-1].ID)
}
