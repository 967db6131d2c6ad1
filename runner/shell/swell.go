package shell

import (
	"context"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// watched is a call that stands, unseen, before each assignment in a loop, a
// function or another nested list: no handler of the interpreter sees an
// assignment, and X=$X$X in a loop doubles until the memory of the process is
// the bound, expanding for seconds where nothing can interrupt it.
const watched = "\x00watched"

// watchAssignments puts a look at the variables before the assignments of a
// nested list that take other values in. One that takes $? in is left alone:
// the look would change it.
func watchAssignments(node syntax.Node) {
	switch n := node.(type) {
	case *syntax.Block:
		n.Stmts = withWatches(n.Stmts)
	case *syntax.Subshell:
		n.Stmts = withWatches(n.Stmts)
	case *syntax.CmdSubst:
		n.Stmts = withWatches(n.Stmts)
	case *syntax.WhileClause:
		n.Cond, n.Do = withWatches(n.Cond), withWatches(n.Do)
	case *syntax.ForClause:
		n.Do = withWatches(n.Do)
	case *syntax.IfClause:
		n.Cond, n.Then = withWatches(n.Cond), withWatches(n.Then)
	case *syntax.CaseItem:
		n.Stmts = withWatches(n.Stmts)
	}
}

func withWatches(stmts []*syntax.Stmt) []*syntax.Stmt {
	out := make([]*syntax.Stmt, 0, len(stmts))
	for _, stmt := range stmts {
		if swells(stmt) {
			word := &syntax.Word{Parts: []syntax.WordPart{&syntax.Lit{ValuePos: stmt.Position, ValueEnd: stmt.Position, Value: watched}}}
			out = append(out, &syntax.Stmt{Position: stmt.Position, Cmd: &syntax.CallExpr{Args: []*syntax.Word{word}}})
		}
		out = append(out, stmt)
	}
	return out
}

// swells reports a statement that calls nothing and assigns what it expands.
func swells(stmt *syntax.Stmt) bool {
	switch cmd := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		if len(cmd.Args) > 0 || len(cmd.Assigns) == 0 {
			return false
		}
	case *syntax.DeclClause:
	default:
		return false
	}
	expands, status := false, false
	syntax.Walk(stmt, func(node syntax.Node) bool {
		if p, ok := node.(*syntax.ParamExp); ok && p.Param != nil {
			expands, status = true, status || p.Param.Value == "?"
		}
		return true
	})
	return expands && !status
}

// watch looks at how much the variables hold.
func (b *block) watch(ctx context.Context) error {
	vars := map[string]expand.Variable{}
	interp.HandlerCtx(ctx).Env.Each(func(name string, v expand.Variable) bool {
		vars[name] = v
		return true
	})
	if max := b.shell.cfg.Limits.Variables; sizeOf(vars) > max {
		return b.refuse(&LimitError{Limit: LimitVariables, Bound: int64(max)})
	}
	return nil
}
