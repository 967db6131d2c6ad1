package runner

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"awslab/runner/awscli"
	"awslab/runner/shell"
	"awslab/runner/text"
)

// CommandFailed says that a block of shell text did not end with 0.
type CommandFailed struct {
	Step string // empty at the prompt
	Code int
	Err  error // why it was stopped, if it was
}

func (e *CommandFailed) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return fmt.Sprintf("the command ended with exit code %d", e.Code)
}

func (e *CommandFailed) Unwrap() error { return e.Err }

// Command runs what the student typed.
func (s *Session) Command(ctx context.Context, source string) error {
	end, err := s.begin("command")
	if err != nil {
		return err
	}
	defer end()
	return s.command(ctx, "", FromPrompt, source)
}

// command runs one block and keeps what it assigned.
func (s *Session) command(ctx context.Context, step string, origin Origin, source string) error {
	began := s.lab.cfg.Now()
	s.emit(CommandStarted{Step: step, Origin: origin, Text: s.lab.mask().Text(text.Harmless(source))})
	mask := s.lab.mask()
	stdout := &printed{mask: mask.Stream(), emit: s.emit}
	stderr := &printed{mask: mask.Stream(), emit: s.emit, stderr: true}
	result, err := s.shell.Run(ctx, source, stdout, stderr)
	stdout.flush()
	stderr.flush()
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	s.emit(CommandEnded{Step: step, Code: result.Code, Err: err, Took: s.lab.cfg.Now().Sub(began)})
	if saved := s.keep(result.Assigned); saved != nil {
		return saved
	}
	if err != nil || result.Code != 0 {
		return &CommandFailed{Step: step, Code: result.Code, Err: err}
	}
	return nil
}

// keep remembers what a block assigned, for later blocks of the lesson.
func (s *Session) keep(assigned map[string]string) error {
	s.mu.Lock()
	changed := false
	for name, value := range assigned {
		if old, ok := s.record.Vars[name]; !ok || old != value {
			s.record.SetVar(name, value)
			changed = true
		}
	}
	s.mu.Unlock()
	if !changed {
		return nil
	}
	return s.save()
}

// awsCommand is `aws` in the lesson's shell.
func (s *Session) awsCommand() shell.Command {
	return func(ctx context.Context, c *shell.Call) int {
		return awscli.Run(ctx, awscli.Config{
			AWS: s.aws(), Args: c.Args, Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr,
			ReadFile: c.ReadFile,
			WriteFile: func(name string, data []byte) error {
				f, err := c.Create(name)
				if err != nil {
					return err
				}
				_, err = f.Write(data)
				return errors.Join(err, f.Close())
			},
			Getenv: c.Getenv, Now: s.lab.cfg.Now, Version: s.lab.cfg.Version, Text: &s.lab.cfg.Text.AWSCLI,
		})
	}
}

// lessonHeader says on whose behalf a request to the emulator is made.
const lessonHeader = "X-Awslab-Lesson"

// aws is the target's configuration; calls say which lesson they belong to.
func (s *Session) aws() aws.Config {
	cfg := s.lab.cfg.Target.AWS()
	if s.lab.cfg.Target.Emulator {
		cfg.APIOptions = append(cfg.APIOptions, smithyhttp.AddHeaderValue(lessonHeader, s.lesson.ID))
	}
	return s.guard(cfg)
}

// Complete reports whether shell text can be run as it is, or needs more lines.
func Complete(source string) bool { return shell.Complete(source) }
