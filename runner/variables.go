package runner

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/shell"
	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// Variable is one name of the lesson and its value as of now.
type Variable struct {
	Name  string
	Value string
	Set   bool // false for a lookup that finds nothing yet
}

// openShell makes the lesson's shell over the workspace, the target and the
// variables: the lesson's constants, its secrets, what its lookups find, and
// what earlier blocks assigned.
func (s *Session) openShell() (*shell.Shell, error) {
	lookups := map[string]string{}
	for _, v := range s.lesson.Lookups {
		lookups[v.Name] = v.Value
	}
	commands := map[string]shell.Command{"aws": s.awsCommand()}
	if s.lab.cfg.Python != nil {
		python := s.behindProxy(s.lab.cfg.Python(s.dir))
		commands["python3"], commands["python"] = python, python
	}
	return shell.New(shell.Config{
		Dir:      s.dir,
		Lookups:  lookups,
		Vars:     s.constant,
		Names:    s.constants,
		Reason:   s.reason,
		Commands: commands,
		Tools:    command.Config{Allow: s.mayReach, Mark: s.mark()},
		Mask:     s.lab.hide,
		Text:     &s.lab.cfg.Text.Shell,
		Now:      s.lab.cfg.Now,
	})
}

// constant gives the variables that are not lookups.
func (s *Session) constant(_ context.Context, name string) (string, bool, error) {
	switch name {
	case "AWS_REGION", "AWS_DEFAULT_REGION":
		return s.lab.cfg.Target.Region, true, nil
	case "AWS_ENDPOINT_URL": // as with the real AWS CLI; there is none on AWS
		endpoint := s.lab.cfg.Target.Endpoint
		return endpoint, endpoint != "", nil
	}
	for _, v := range s.lesson.Vars {
		if v.Name == name {
			return v.Value, true, nil
		}
	}
	if value, ok, err := s.secret(name); ok || err != nil {
		return value, ok, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok := s.record.Vars[name]
	return value, ok, nil
}

func (s *Session) constants() []string {
	names := []string{"AWS_REGION", "AWS_DEFAULT_REGION"}
	if s.lab.cfg.Target.Endpoint != "" {
		names = append(names, "AWS_ENDPOINT_URL")
	}
	for _, v := range s.lesson.Vars {
		names = append(names, v.Name)
	}
	for _, v := range s.lesson.Secrets {
		names = append(names, v.Name)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.record.Vars {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// reason says which step makes what a lookup does not find.
func (s *Session) reason(name string) string {
	step, sure := maker(s.lesson, name)
	if !sure { // a lesson on which this one builds may say so
		for _, id := range s.lab.needed(s.lesson) {
			need, _ := s.lab.find(id)
			if made, sure := maker(need, name); sure {
				return text.Args{"step": made.ID, "title": made.Title, "lesson": need.ID}.Fill(s.lab.cfg.Text.Session.MadeByLesson)
			}
		}
	}
	if step == nil {
		return ""
	}
	return text.Args{"step": step.ID, "title": step.Title}.Fill(s.lab.cfg.Text.Session.MadeBy)
}

// maker is the step that makes what a lookup finds: the one whose action asks
// whether it is there already (`${NAME:-}`), which is sure, or else the one before
// the first that needs it.
func maker(les *lesson.Lesson, name string) (step *lesson.Step, sure bool) {
	for i, step := range les.Steps {
		for _, action := range step.Actions() {
			guarded, used := uses(action.Text, name)
			if guarded {
				return step, true
			}
			if used {
				return les.Steps[max(i-1, 0)], false
			}
		}
	}
	return nil, false
}

// uses reports how shell text expands a name: with a default, or plainly.
func uses(source, name string) (guarded, plain bool) {
	file, err := syntax.NewParser().Parse(strings.NewReader(source), "")
	if err != nil {
		return false, false
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		if p, ok := node.(*syntax.ParamExp); ok && p.Param != nil && p.Param.Value == name {
			if p.Exp != nil && (p.Exp.Op == syntax.DefaultUnset || p.Exp.Op == syntax.DefaultUnsetOrNull) {
				guarded = true
			} else {
				plain = true
			}
		}
		return true
	})
	return guarded, plain
}

// Variables are the lesson's names with their values as of now, for the
// student's own shell. Lookups run.
func (s *Session) Variables(ctx context.Context) ([]Variable, error) {
	names := []string{}
	for _, v := range slices.Concat(s.lesson.Vars, s.lesson.Lookups) {
		names = append(names, v.Name)
	}
	for _, v := range s.lesson.Secrets {
		names = append(names, v.Name)
	}
	all := make([]Variable, 0, len(names))
	for _, name := range names {
		value, err := s.shell.Value(ctx, name)
		var unset *shell.UnsetError
		if err != nil && !errors.As(err, &unset) {
			return nil, err
		}
		all = append(all, Variable{Name: name, Value: value, Set: err == nil})
	}
	return all, nil
}

var reference = regexp.MustCompile(`\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_][A-Za-z0-9_]*)`)

// expand fills the lesson's variables into a string of a check. What the lesson
// does not define stays as it is: $LATEST and $default are names of AWS.
func (s *Session) expand(ctx context.Context, template string) (string, error) {
	var failed error
	filled := reference.ReplaceAllStringFunc(template, func(match string) string {
		name := strings.Trim(match, "${}")
		if failed != nil || !slices.Contains(s.shell.Names(), name) {
			return match
		}
		value, err := s.shell.Value(ctx, name)
		var unset *shell.UnsetError
		if errors.As(err, &unset) {
			err = &check.UnsetError{Name: unset.Name, Reason: unset.Reason}
		}
		failed = err
		return value
	})
	return filled, failed
}
