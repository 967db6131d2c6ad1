package shell

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// parse parses a text and looks it over; see survey.
func (b *block) parse(text string) (*syntax.File, error) {
	if max := b.shell.cfg.Limits.Text; len(text) > max {
		return nil, &LimitError{Limit: LimitText, Bound: int64(max)}
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		return nil, syntaxError(err)
	}
	if err := b.survey(file); err != nil {
		return nil, err
	}
	return file, nil
}

func syntaxError(err error) error {
	if parse, ok := errors.AsType[syntax.ParseError](err); ok {
		return &SyntaxError{
			Line: int(parse.Pos.Line()), Column: int(parse.Pos.Col()),
			Text: parse.Text, Incomplete: parse.Incomplete,
		}
	}
	if lang, ok := errors.AsType[syntax.LangError](err); ok {
		return &SyntaxError{Line: int(lang.Pos.Line()), Column: int(lang.Pos.Col()), Text: "not bash: " + lang.Feature}
	}
	return &SyntaxError{Line: 1, Column: 1, Text: err.Error()}
}

// survey refuses what the lesson's shell does not offer, and notes what the
// handlers cannot see later: declared functions, and assignments that need the
// variable's old value.
func (b *block) survey(file *syntax.File) error {
	var refused error
	syntax.Walk(file, func(node syntax.Node) bool {
		if refused != nil || node == nil {
			return false
		}
		watchAssignments(node)
		switch n := node.(type) {
		case *syntax.ProcSubst:
			refused = &RefusedError{Line: int(n.Pos().Line()), What: n.Op.String() + "…)"}
		case *syntax.CoprocClause:
			refused = &RefusedError{Line: int(n.Pos().Line()), What: "coproc"}
		case *syntax.Word:
			if explodes(n) {
				refused = &RefusedError{Line: int(n.Pos().Line()), What: "{…}"}
			}
		case *syntax.FuncDecl:
			if n.Name != nil {
				b.mu.Lock()
				b.functions[n.Name.Value] = true
				b.mu.Unlock()
			}
		case *syntax.CallExpr:
			// VAR=x command restores the old value afterwards.
			for _, as := range n.Assigns {
				if len(n.Args) > 0 || as.Append || as.Index != nil {
					b.env.need(as.Name.Value)
				}
			}
		case *syntax.UnaryTest:
			// The interpreter fails on an empty name.
			if word, ok := n.X.(*syntax.Word); (n.Op == syntax.TsVarSet || n.Op == syntax.TsRefVar) && (!ok || word.Lit() == "") {
				refused = &RefusedError{Line: int(n.Pos().Line()), What: "[[ " + n.Op.String() + " ]]", Kind: NameNotWritten}
			}
		case *syntax.DeclClause:
			if kind, ok := references(n); ok {
				refused = &RefusedError{Line: int(n.Pos().Line()), What: n.Variant.Value, Kind: kind}
				if kind == "" {
					refused = &RefusedError{Line: int(n.Pos().Line()), What: n.Variant.Value + " -n"}
				}
			}
			for _, as := range n.Args {
				if as.Name != nil && (as.Naked || as.Append || as.Index != nil) {
					b.env.need(as.Name.Value)
				}
			}
		}
		return refused == nil
	})
	return refused
}

// references reports a declaration that makes a name reference, or may: the
// interpreter fails on a reference to nothing, and in a pipe that would end the
// process.
func references(n *syntax.DeclClause) (kind RefusedPart, ok bool) {
	if n.Variant.Value == "export" || n.Variant.Value == "readonly" {
		return "", false
	}
	for _, as := range n.Args {
		if as.Name != nil || as.Value == nil {
			continue
		}
		lit := as.Value.Lit()
		switch {
		case lit == "":
			return OptionsNotWritten, true
		case (lit[0] == '-' || lit[0] == '+') && strings.Contains(lit, "n"):
			return "", true
		}
	}
	return "", false
}

// maxBraces bounds the words that one brace expansion makes.
const maxBraces = 50_000

var (
	braceRange = regexp.MustCompile(`\{(-?\d{1,18})\.\.(-?\d{1,18})(?:\.\.-?\d+)?\}`)
	longNumber = regexp.MustCompile(`\d{19,}`)
)

// explodes reports a word whose brace expansion makes too many words. It
// counts from above: no word that is short enough is refused below the bound.
func explodes(word *syntax.Word) bool {
	total := 1.0
	for _, part := range word.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok || !strings.Contains(lit.Value, "{") {
			continue
		}
		if strings.Contains(lit.Value, "..") && longNumber.MatchString(lit.Value) {
			return true
		}
		for _, m := range braceRange.FindAllStringSubmatch(lit.Value, -1) {
			from, _ := strconv.ParseFloat(m[1], 64)
			to, _ := strconv.ParseFloat(m[2], 64)
			total *= max(from-to, to-from) + 1
		}
		for _, group := range strings.Split(lit.Value, "{")[1:] {
			inner, _, _ := strings.Cut(group, "}")
			total *= float64(strings.Count(inner, ",") + 1)
		}
	}
	return total > maxBraces
}

// replace decides what a call really runs. Builtins of the interpreter that
// ignore a closed pipe, or look at the disk past the handlers, give way to
// ours, unless the text declares a function of that name.
func (b *block) replace(hc interp.HandlerContext, args []string) ([]string, error) {
	inner := args
	for len(inner) > 1 && (inner[0] == "builtin" || inner[0] == "command") && !strings.HasPrefix(inner[1], "-") {
		inner = inner[1:]
	}
	b.mu.Lock()
	function := len(inner) == len(args) && b.functions[args[0]]
	b.mu.Unlock()
	if function {
		return args, nil
	}
	switch name := inner[0]; name {
	case "echo", "printf", "help", "type":
		return append([]string{builtinPrefix + name}, inner[1:]...), nil
	case "command", "builtin":
		if name == "command" && len(inner) > 1 {
			return append([]string{builtinPrefix + name}, inner[1:]...), nil
		}
	case "unset", "test", "[":
		// The interpreter fails on an empty name, see references.
		for i, arg := range inner[1:] {
			if arg == "" && (name == "unset" || inner[i] == "-v" || inner[i] == "-R") {
				return args, b.refuse(&RefusedError{Line: int(hc.Pos.Line()), What: name, Kind: EmptyName})
			}
		}
	case "shift":
		// The interpreter fails on a number below 0; bash has these words.
		if n := inner[len(inner)-1]; len(inner) == 2 && strings.HasPrefix(n, "-") {
			if _, err := strconv.Atoi(n); err == nil && strings.Trim(n, "-0") != "" {
				fmt.Fprintf(hc.Stderr, "shift: %s: shift count out of range\n", n)
				return []string{"builtin", "false"}, nil
			}
		}
	case "pwd":
		if len(inner) > 1 {
			return append([]string{builtinPrefix + name}, inner[1:]...), nil
		}
	case "eval":
		text, err := b.surveyText(strings.Join(inner[1:], " "))
		return []string{name, text}, err
	case "trap":
		if len(inner) > 2 && !strings.HasPrefix(inner[1], "-") {
			text, err := b.surveyText(inner[1])
			return append([]string{name, text}, inner[2:]...), err
		}
	case "source", ".":
		if len(inner) > 1 {
			if data, err := b.shell.space.At(hc.Dir).ReadFile(inner[1]); err == nil {
				_, err := b.surveyText(string(data))
				return args, err
			}
		}
	}
	return args, nil
}

// surveyText looks over a text that the interpreter will parse by itself, and
// returns it as it may be run. What cannot be parsed it will complain about.
func (b *block) surveyText(text string) (string, error) {
	file, err := b.parse(text)
	if _, ok := errors.AsType[*SyntaxError](err); ok {
		return text, nil
	}
	if err != nil {
		return text, b.refuse(err)
	}
	if reveal(file) == 0 {
		return text, nil
	}
	var out strings.Builder
	if err := syntax.NewPrinter().Print(&out, file); err != nil {
		return text, nil //nolint:nilerr // it runs as it was, seeing less
	}
	return out.String(), nil
}
