package shell

import (
	"slices"

	"mvdan.cc/sh/v3/syntax"
)

// reveal makes variables visible where the interpreter runs statements side by
// side: the left of a pipe and a background job get a copy of the variables
// known at that moment, and never reach the environ again. So that a lookup is
// in the copy, the statement gets a redirection that changes nothing and
// expands the names which the copy will need:
//
//	echo "$API_ID" | cat   →   { echo "$API_ID" | cat; } 2>&"${API_ID:+}2"
//
// An assigned variable is not looked up by that, as in any expansion. reveal
// returns how many statements it changed.
func reveal(file *syntax.File) int {
	bodies := functions(file)
	changed := 0
	syntax.Walk(file, func(node syntax.Node) bool {
		stmt, ok := node.(*syntax.Stmt)
		if !ok {
			return true
		}
		var aside syntax.Node
		if pipe, ok := stmt.Cmd.(*syntax.BinaryCmd); ok && (pipe.Op == syntax.Pipe || pipe.Op == syntax.PipeAll) {
			aside = pipe.X
		}
		if stmt.Background {
			aside = stmt
		}
		if aside == nil {
			return true
		}
		names := mentions(aside, bodies)
		if len(names) == 0 {
			return true
		}
		changed++
		redirect := noRedirect(stmt, names)
		if !stmt.Background {
			stmt.Redirs = append([]*syntax.Redirect{redirect}, stmt.Redirs...)
			return true
		}
		inner := *stmt
		*stmt = syntax.Stmt{
			Position: inner.Position,
			Cmd:      &syntax.Block{Lbrace: inner.Pos(), Rbrace: inner.End(), Stmts: []*syntax.Stmt{&inner}},
			Redirs:   []*syntax.Redirect{redirect},
		}
		return false
	})
	return changed
}

// noRedirect is 2>&"${NAME:+}2".
func noRedirect(at *syntax.Stmt, names []string) *syntax.Redirect {
	var parts []syntax.WordPart
	for _, name := range names {
		parts = append(parts, &syntax.ParamExp{
			Dollar: at.Pos(), Param: &syntax.Lit{Value: name, ValuePos: at.Pos()},
			Exp: &syntax.Expansion{Op: syntax.AlternateUnsetOrNull},
		})
	}
	parts = append(parts, &syntax.Lit{Value: "2", ValuePos: at.Pos()})
	return &syntax.Redirect{
		OpPos: at.Pos(), Op: syntax.DplOut, N: &syntax.Lit{Value: "2", ValuePos: at.Pos()},
		Word: &syntax.Word{Parts: []syntax.WordPart{&syntax.DblQuoted{Left: at.Pos(), Parts: parts}}},
	}
}

func functions(file *syntax.File) map[string]syntax.Node {
	bodies := make(map[string]syntax.Node)
	syntax.Walk(file, func(node syntax.Node) bool {
		if f, ok := node.(*syntax.FuncDecl); ok && f.Name != nil {
			bodies[f.Name.Value] = f.Body
		}
		return true
	})
	return bodies
}

// mentions lists the variables that node expands, itself or in the functions
// that it calls, sorted.
func mentions(node syntax.Node, bodies map[string]syntax.Node) []string {
	var names []string
	called := make(map[string]bool)
	arithmetic := 0
	var visit func(node syntax.Node) bool
	var stack []syntax.Node
	visit = func(node syntax.Node) bool {
		if node == nil {
			if isArithmetic(stack[len(stack)-1]) {
				arithmetic--
			}
			stack = stack[:len(stack)-1]
			return true
		}
		stack = append(stack, node)
		if isArithmetic(node) {
			arithmetic++
		}
		add := func(name string) {
			if syntax.ValidName(name) {
				names = append(names, name)
			}
		}
		switch n := node.(type) {
		case *syntax.ParamExp:
			if n.Param != nil {
				add(n.Param.Value)
			}
		case *syntax.Word:
			if arithmetic > 0 {
				add(n.Lit())
			}
		case *syntax.DeclClause:
			for _, as := range n.Args {
				if as.Naked && as.Name != nil {
					add(as.Name.Value)
				}
			}
		case *syntax.CallExpr:
			if len(n.Args) == 0 {
				break
			}
			name := n.Args[0].Lit()
			if body, ok := bodies[name]; ok && !called[name] {
				called[name] = true
				outer, depth := stack, arithmetic
				stack, arithmetic = nil, 0
				syntax.Walk(body, visit)
				stack, arithmetic = outer, depth
			}
		}
		return true
	}
	syntax.Walk(node, visit)
	slices.Sort(names)
	return slices.Compact(names)
}

func isArithmetic(node syntax.Node) bool {
	switch node.(type) {
	case *syntax.ArithmExp, *syntax.ArithmCmd, *syntax.LetClause:
		return true
	}
	return false
}
