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
		found.error(1, "the lesson has no steps", "begin a step with a ## heading and <!-- step: some-id --> under it")
	}
	steps, checks, files := map[string]*Step{}, map[string]int{}, map[string]int{}
	var known []string
	for _, step := range les.Steps {
		if other, twice := steps[step.ID]; twice && step.ID != "" {
			found.error(step.Pos.Line, fmt.Sprintf("the step id %s stands twice: also on line %d", step.ID, other.Pos.Line), "give each step an id of its own")
			continue
		}
		steps[step.ID] = step
		known = append(known, step.ID)
	}
	for _, step := range les.Steps {
		for _, need := range step.Needs {
			if steps[need] == nil {
				found.error(step.Pos.Line, fmt.Sprintf("the step %s needs %s, which is no step of this lesson", step.ID, need), yamltree.Suggest(need, known))
			}
		}
		for _, c := range step.Checks() {
			if other, twice := checks[c.ID]; twice && c.ID != "" {
				found.error(c.Pos.Line, fmt.Sprintf("the check id %s stands twice: also on line %d", c.ID, other), "give each check of the lesson an id of its own")
			}
			checks[c.ID] = c.Pos.Line
		}
		for _, f := range step.WorkspaceFiles() {
			if other, twice := files[f.Path]; twice {
				found.error(f.Pos.Line, fmt.Sprintf("the file %s is written twice: also on line %d", f.Path, other), "give it another name, or another folder: mended/"+f.Path)
			}
			files[f.Path] = f.Pos.Line
		}
		if len(step.Actions()) > 0 && !step.Judged() {
			found.warn(step.Pos.Line, fmt.Sprintf("no check tells whether the step %s was done", step.ID), "add a ```yaml check fence")
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
			found.error(step.Pos.Line, "these steps need each other: "+strings.Join(append(slices.Clone(path[i:]), step.ID), " → "), "take one of the needs out")
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
