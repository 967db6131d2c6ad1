package lesson

import (
	"fmt"
	"slices"
	"strings"

	"awslab/runner/lesson/yamltree"
)

// lintSteps looks at what only the whole lesson can tell: ids that stand twice,
// steps that need none or each other, files that are written twice.
func lintSteps(les *Lesson, found *issues) {
	if len(les.Steps) == 0 {
		found.error(1, "lesson.no-steps")
	}
	steps, checks, files := map[string]*Step{}, map[string]int{}, map[string]int{}
	var known []string
	for _, step := range les.Steps {
		if other, twice := steps[step.ID]; twice && step.ID != "" {
			found.error(step.Pos.Line, "step.twice", "id", step.ID, "line", fmt.Sprint(other.Pos.Line))
			continue
		}
		steps[step.ID] = step
		known = append(known, step.ID)
	}
	for _, step := range les.Steps {
		for _, need := range step.Needs {
			if steps[need] == nil {
				found.error(step.Pos.Line, "step.needs-unknown", append(yamltree.Suggest(need, known), "step", step.ID, "need", need)...)
			}
		}
		for _, c := range step.Checks() {
			if other, twice := checks[c.ID]; twice && c.ID != "" {
				found.error(c.Pos.Line, "check.twice", "id", c.ID, "line", fmt.Sprint(other))
			}
			checks[c.ID] = c.Pos.Line
		}
		for _, f := range step.WorkspaceFiles() {
			if other, twice := files[f.Path]; twice {
				found.error(f.Pos.Line, "file.twice", "path", f.Path, "line", fmt.Sprint(other))
			}
			files[f.Path] = f.Pos.Line
		}
		if len(step.Actions()) > 0 && !step.Judged() {
			found.warn(step.Pos.Line, "step.unchecked", "step", step.ID)
		}
	}
	lintCircles(les, steps, found)
}

// lintCircles looks for steps that need each other.
func lintCircles(les *Lesson, steps map[string]*Step, found *issues) {
	done := map[string]bool{}
	var path []string
	var visit func(step *Step)
	visit = func(step *Step) {
		if i := slices.Index(path, step.ID); i >= 0 {
			found.error(step.Pos.Line, "step.circle", "circle", strings.Join(append(slices.Clone(path[i:]), step.ID), " → "))
			return
		}
		if done[step.ID] {
			return
		}
		path = append(path, step.ID)
		for _, need := range step.Needs {
			if other := steps[need]; other != nil {
				visit(other)
			}
		}
		path = path[:len(path)-1]
		done[step.ID] = true
	}
	for _, step := range les.Steps {
		visit(step)
	}
}
