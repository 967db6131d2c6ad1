package awscli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"

	"github.com/jmespath-community/go-jmespath/pkg/parsing"
)

// query is a JMESPath expression. The library parses it; what it means is
// worked out here, because its interpreter knows only Go's maps: the order of
// members, and 50.0 as distinct from 50, would be lost, and people see both.
type query struct {
	node     parsing.ASTNode
	literals []any // of the expression, by number
}

// compileQuery reads an expression; its error is the end of the sentence "Bad
// value for --query …".
func compileQuery(expression string) (*query, error) {
	if expression == "" {
		return nil, errors.New("Invalid JMESPath expression: cannot be empty.") //nolint:staticcheck // AWS CLI's own words
	}
	numbered, literals := numberLiterals(expression)
	node, err := parsing.NewParser().Parse(numbered)
	if err == nil {
		return &query{node, literals}, nil
	}
	fault, ok := errors.AsType[parsing.SyntaxError](err)
	if !ok {
		return nil, fmt.Errorf("Invalid jmespath expression: %w", err) //nolint:staticcheck // AWS CLI's own words
	}
	what := strings.TrimPrefix(fault.Error(), "SyntaxError: ")
	at := min(fault.Offset, len([]rune(expression)))
	if what == "Incomplete expression" || at == len([]rune(expression)) {
		return nil, fmt.Errorf("Invalid jmespath expression: Incomplete expression:\n\"%s\"\n%s^", expression, strings.Repeat(" ", len([]rune(expression))+1)) //nolint:staticcheck // AWS CLI's own words
	}
	return nil, fmt.Errorf("%s: Parse error at column %d, for expression:\n\"%s\"\n%s^", what, at, expression, strings.Repeat(" ", at+1))
}

// literalMark begins the strings that stand for literals while an expression
// is parsed.
const literalMark = "\x00"

// numberLiterals takes the `…` literals out of an expression, because the
// parser would make 50 of 50.0, and puts their numbers in. Those without
// quotes, as `abc`, which JMESPath once allowed and the AWS CLI still takes,
// are strings.
func numberLiterals(expression string) (string, []any) {
	var b strings.Builder
	var literals []any
	for rest := expression; rest != ""; {
		i := strings.IndexAny(rest, "'\"`")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		quote := rest[i]
		end := i + 1
		for end < len(rest) && rest[end] != quote {
			if rest[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(rest) {
			b.WriteString(rest)
			break
		}
		if quote != '`' {
			b.WriteString(rest[:end+1])
		} else {
			text := strings.ReplaceAll(rest[i+1:end], "\\`", "`")
			value, err := decodeJSON(text)
			if err != nil {
				value, err = decodeJSON(`"` + strings.TrimLeft(text, " \t\n") + `"`)
			}
			if err != nil {
				b.WriteString(rest[:end+1]) // the parser says what is wrong
			} else {
				fmt.Fprintf(&b, "%s`\"\\u0000%d\"`", rest[:i], len(literals))
				literals = append(literals, value)
			}
		}
		rest = rest[end+1:]
	}
	return b.String(), literals
}

// search applies the expression to a tree and gives a tree.
func (q *query) search(v any) (any, error) { return (&evaluator{v, q.literals}).eval(q.node, v) }

// expression is what &expr gives to a function.
type expression struct{ node parsing.ASTNode }

type evaluator struct {
	root     any
	literals []any
}

func (e *evaluator) eval(node parsing.ASTNode, v any) (any, error) {
	switch node.NodeType {
	case parsing.ASTIdentity, parsing.ASTCurrentNode:
		return v, nil
	case parsing.ASTRootNode:
		return e.root, nil
	case parsing.ASTLiteral:
		text, _ := node.Value.(string)
		if number, ok := strings.CutPrefix(text, literalMark); ok {
			if n, err := strconv.Atoi(number); err == nil && n < len(e.literals) {
				return e.literals[n], nil
			}
		}
		return node.Value, nil
	case parsing.ASTExpRef:
		return expression{node.Children[0]}, nil
	case parsing.ASTField:
		if o, ok := v.(*awsmodel.Object); ok {
			member, _ := o.Get(node.Value.(string))
			return member, nil
		}
		return nil, nil
	case parsing.ASTIndex:
		list, _ := v.([]any)
		i := node.Value.(int)
		if i < 0 {
			i += len(list)
		}
		if i < 0 || i >= len(list) {
			return nil, nil
		}
		return list[i], nil
	case parsing.ASTSlice:
		return slice(v, node.Value.([]*int))
	case parsing.ASTSubexpression, parsing.ASTIndexExpression, parsing.ASTPipe:
		for _, child := range node.Children {
			var err error
			if v, err = e.eval(child, v); err != nil {
				return nil, err
			}
		}
		return v, nil
	case parsing.ASTKeyValPair:
		return e.eval(node.Children[0], v)
	case parsing.ASTMultiSelectHash, parsing.ASTMultiSelectList:
		return e.multiSelect(node, v)
	case parsing.ASTOrExpression, parsing.ASTAndExpression:
		left, err := e.eval(node.Children[0], v)
		if err != nil || isFalse(left) == (node.NodeType == parsing.ASTAndExpression) {
			return left, err
		}
		return e.eval(node.Children[1], v)
	case parsing.ASTNotExpression:
		inner, err := e.eval(node.Children[0], v)
		return isFalse(inner), err
	case parsing.ASTComparator:
		return e.compare(node, v)
	case parsing.ASTFunctionExpression:
		args := make([]any, len(node.Children))
		for i, child := range node.Children {
			var err error
			if args[i], err = e.eval(child, v); err != nil {
				return nil, err
			}
		}
		return e.call(node.Value.(string), args)
	}
	return e.project(node, v)
}

func (e *evaluator) multiSelect(node parsing.ASTNode, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	object, list := &awsmodel.Object{}, []any{}
	for _, child := range node.Children {
		member, err := e.eval(child, v)
		if err != nil {
			return nil, err
		}
		if node.NodeType == parsing.ASTMultiSelectHash {
			object.Set(child.Value.(string), member)
		} else {
			list = append(list, member)
		}
	}
	if node.NodeType == parsing.ASTMultiSelectHash {
		return object, nil
	}
	return list, nil
}

// project applies the right side to each element of the left side.
func (e *evaluator) project(node parsing.ASTNode, v any) (any, error) {
	left, err := e.eval(node.Children[0], v)
	if err != nil {
		return nil, err
	}
	var elements []any
	switch node.NodeType {
	case parsing.ASTFlatten:
		list, ok := left.([]any)
		if !ok {
			return nil, nil
		}
		flat := []any{}
		for _, element := range list {
			if inner, ok := element.([]any); ok {
				flat = append(flat, inner...)
			} else {
				flat = append(flat, element)
			}
		}
		return flat, nil
	case parsing.ASTValueProjection:
		object, ok := left.(*awsmodel.Object)
		if !ok {
			return nil, nil
		}
		for _, k := range object.Keys() {
			member, _ := object.Get(k)
			elements = append(elements, member)
		}
	case parsing.ASTProjection, parsing.ASTFilterProjection:
		list, ok := left.([]any)
		if !ok {
			return nil, nil
		}
		elements = list
	default:
		return nil, errors.New("the expression uses a feature of JMESPath that the AWS CLI does not have")
	}
	collected := []any{}
	for _, element := range elements {
		if node.NodeType == parsing.ASTFilterProjection {
			keep, err := e.eval(node.Children[2], element)
			if err != nil {
				return nil, err
			}
			if isFalse(keep) {
				continue
			}
		}
		result, err := e.eval(node.Children[1], element)
		if err != nil {
			return nil, err
		}
		if result != nil {
			collected = append(collected, result)
		}
	}
	return collected, nil
}

func (e *evaluator) compare(node parsing.ASTNode, v any) (any, error) {
	left, err := e.eval(node.Children[0], v)
	if err != nil {
		return nil, err
	}
	right, err := e.eval(node.Children[1], v)
	if err != nil {
		return nil, err
	}
	operator, _ := node.Value.(parsing.TokType)
	switch operator {
	case parsing.TOKEQ:
		return equal(left, right), nil
	case parsing.TOKNE:
		return !equal(left, right), nil
	}
	order, ok := compareScalars(left, right)
	if !ok {
		return nil, nil
	}
	switch operator {
	case parsing.TOKLT:
		return order < 0, nil
	case parsing.TOKLTE:
		return order <= 0, nil
	case parsing.TOKGT:
		return order > 0, nil
	}
	return order >= 0, nil
}

// compareScalars orders two numbers, or two strings.
func compareScalars(a, b any) (int, bool) {
	if x, ok := a.(string); ok {
		y, ok := b.(string)
		return strings.Compare(x, y), ok
	}
	x, okX := toFloat(a)
	y, okY := toFloat(b)
	if !okX || !okY {
		return 0, false
	}
	switch {
	case x < y:
		return -1, true
	case x > y:
		return 1, true
	}
	return 0, true
}

func toFloat(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

func equal(a, b any) bool {
	switch x := a.(type) {
	case json.Number:
		order, ok := compareScalars(a, b)
		return ok && order == 0
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, equal)
	case *awsmodel.Object:
		y, ok := b.(*awsmodel.Object)
		if !ok || len(x.Keys()) != len(y.Keys()) {
			return false
		}
		for _, k := range x.Keys() {
			left, _ := x.Get(k)
			right, has := y.Get(k)
			if !has || !equal(left, right) {
				return false
			}
		}
		return true
	case expression:
		return false
	}
	if !isScalar(b) {
		return false
	}
	return a == b
}

func isFalse(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case *awsmodel.Object:
		return len(v.Keys()) == 0
	}
	return false
}

func slice(v any, parts []*int) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, nil
	}
	step := 1
	if parts[2] != nil {
		step = *parts[2]
	}
	if step == 0 {
		return nil, errors.New("slice step cannot be zero")
	}
	bound := func(p *int, missing int) int {
		if p == nil {
			return missing
		}
		n := *p
		if n < 0 {
			n += len(list)
		}
		if step < 0 {
			return max(-1, min(n, len(list)-1))
		}
		return max(0, min(n, len(list)))
	}
	taken := []any{}
	if step > 0 {
		for i := bound(parts[0], 0); i < bound(parts[1], len(list)); i += step {
			taken = append(taken, list[i])
		}
		return taken, nil
	}
	for i := bound(parts[0], len(list)-1); i > bound(parts[1], -1); i += step {
		taken = append(taken, list[i])
	}
	return taken, nil
}
