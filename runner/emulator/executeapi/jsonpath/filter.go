package jsonpath

import (
	"errors"
	"math/big"
	"regexp"
	"regexp/syntax"
	"strings"

	"awslab/runner/emulator/executeapi/vtl"
)

// condition is what a filter asks of an item.
type condition interface {
	holds(s *search, item any) (bool, error)
}

type (
	both     struct{ left, right condition }
	either   struct{ left, right condition }
	negation struct{ inner condition }
	exists   struct{ path *Path }
	compared struct {
		operator    string
		left, right any // a value, a *Path or a *pattern
	}
)

// pattern is a regular expression, and what it costs on 8 bytes of a text.
type pattern struct {
	*regexp.Regexp
	cost int
}

// maxPattern bounds a regular expression, as in templates.
const maxPattern = 1000

func newPattern(text string) (*pattern, error) {
	if len(text) > maxPattern {
		return nil, &vtl.LimitError{What: "regular expression", Limit: maxPattern}
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	re, err := regexp.Compile(text)
	return &pattern{re, 1 + len(program.Inst)/16}, err
}

// cost is what it takes to compare two values.
func cost(left, right any) int {
	n := 0
	for _, v := range []any{left, right} {
		switch v := v.(type) {
		case string:
			n += len(v) / 64
		case *vtl.List:
			n += len(v.Items)
		}
	}
	return n
}

func (c *compiler) filterToken() (*token, error) {
	c.pos++
	c.blank()
	if !c.take("(") {
		return nil, c.fail("a filter without its parenthesis")
	}
	f, err := c.either()
	if err != nil {
		return nil, err
	}
	if !c.take(")") {
		return nil, c.fail("a filter without its parenthesis")
	}
	return &token{kind: filtered, filter: f}, nil
}

func (c *compiler) either() (condition, error) {
	if c.depth++; c.depth > maxDepth {
		return nil, &vtl.LimitError{What: "depth", Limit: maxDepth}
	}
	defer func() { c.depth-- }()
	left, err := c.both()
	for err == nil && c.take("||") {
		var right condition
		right, err = c.both()
		left = either{left, right}
	}
	return left, err
}

func (c *compiler) both() (condition, error) {
	left, err := c.single()
	for err == nil && c.take("&&") {
		var right condition
		right, err = c.single()
		left = both{left, right}
	}
	return left, err
}

func (c *compiler) single() (condition, error) {
	c.blank()
	defer c.blank()
	if c.at(0) == '!' && c.at(1) != '=' {
		c.pos++
		if c.depth++; c.depth > maxDepth {
			return nil, &vtl.LimitError{What: "depth", Limit: maxDepth}
		}
		defer func() { c.depth-- }()
		inner, err := c.single()
		return negation{inner}, err
	}
	if c.take("(") {
		inner, err := c.either()
		if err == nil && !c.take(")") {
			err = c.fail("a filter without its parenthesis")
		}
		return inner, err
	}
	left, err := c.operand()
	if err != nil {
		return nil, err
	}
	operator := c.operator()
	if operator == "" {
		if path, ok := left.(*Path); ok {
			return exists{path}, nil
		}
		return nil, c.fail("a filter without an operator")
	}
	right, err := c.operand()
	if err != nil {
		return nil, err
	}
	return compared{operator, left, right}, nil
}

func (c *compiler) operator() string {
	c.blank()
	for _, o := range []string{"==", "!=", "<=", ">=", "=~", "<", ">"} {
		if c.take(o) {
			return o
		}
	}
	for _, o := range []string{"in", "nin", "contains", "size", "empty"} {
		if c.take(o + " ") {
			return o
		}
	}
	return ""
}

// operand reads a path, a text in quotes, a list, a pattern or a bare value.
func (c *compiler) operand() (any, error) {
	c.blank()
	switch b := c.at(0); b {
	case '@', '$':
		if c.depth++; c.depth > maxDepth {
			return nil, &vtl.LimitError{What: "depth", Limit: maxDepth}
		}
		defer func() { c.depth-- }()
		p, err := c.path()
		if err == nil && !p.definite {
			err = c.fail("a path in a filter must mean one value")
		}
		return p, err
	case '\'', '"':
		return c.quoted(b)
	case '/':
		return c.pattern()
	case '[':
		return c.values()
	}
	start := c.pos
	for c.pos < len(c.src) && strings.IndexByte(" )]&|=!<>,", c.src[c.pos]) < 0 {
		c.pos++
	}
	image := c.src[start:c.pos]
	if image == "" {
		return nil, c.fail("a filter without a value")
	}
	if v, err := vtl.ParseJSON([]byte(image)); err == nil {
		return v, nil
	}
	return image, nil
}

// pattern reads /…/ and /…/i. Jayway wants the whole text to match.
func (c *compiler) pattern() (any, error) {
	start := c.pos + 1
	for c.pos++; c.pos < len(c.src) && (c.src[c.pos] != '/' || c.src[c.pos-1] == '\\'); c.pos++ {
	}
	if c.pos >= len(c.src) {
		return nil, c.fail("a pattern without its end")
	}
	text := strings.ReplaceAll(c.src[start:c.pos], `\/`, `/`)
	c.pos++
	flags := ""
	if c.take("i") {
		flags = "(?i)"
	}
	re, err := newPattern(flags + "^(?:" + text + ")$")
	if limit := (*vtl.LimitError)(nil); errors.As(err, &limit) {
		return nil, err
	}
	if err != nil {
		return nil, c.fail("no pattern: " + text)
	}
	return re, nil
}

func (c *compiler) values() (any, error) {
	c.pos++
	var items []any
	for {
		c.blank()
		if c.take("]") {
			return vtl.NewJSONList(items), nil
		}
		if c.at(0) == '[' {
			return nil, c.fail("a list within a list")
		}
		v, err := c.operand()
		if err != nil {
			return nil, err
		}
		items = append(items, v)
		c.blank()
		if !c.take(",") && c.at(0) != ']' {
			return nil, c.fail("a list that does not close")
		}
	}
}

func (f both) holds(s *search, item any) (bool, error) {
	if ok, err := f.left.holds(s, item); !ok || err != nil {
		return false, err
	}
	return f.right.holds(s, item)
}

func (f either) holds(s *search, item any) (bool, error) {
	if ok, err := f.left.holds(s, item); ok || err != nil {
		return ok, err
	}
	return f.right.holds(s, item)
}

func (f negation) holds(s *search, item any) (bool, error) {
	ok, err := f.inner.holds(s, item)
	return !ok, err
}

// holds is false for a member that is null (Jayway 2.0).
func (f exists) holds(s *search, item any) (bool, error) {
	v, err := s.operand(f.path, item)
	return v != nil && v != missing, err
}

// nothing is the value of a path that finds none: every comparison is false.
type nothing struct{}

var missing any = nothing{}

func (s *search) operand(o, item any) (any, error) {
	path, ok := o.(*Path)
	if !ok {
		return o, nil
	}
	from := item
	if path.root {
		from = s.root
	}
	values, err := s.find(path, from)
	if len(values) == 0 {
		return missing, err
	}
	return values[0], err
}

func (f compared) holds(s *search, item any) (bool, error) {
	left, err := s.operand(f.left, item)
	if err != nil {
		return false, err
	}
	right, err := s.operand(f.right, item)
	if err != nil || left == missing || right == missing {
		return false, err
	}
	if err := s.visit(); err != nil {
		return false, err
	}
	if err := s.spend(cost(left, right)); err != nil {
		return false, err
	}
	switch f.operator {
	case "=~":
		re, ok := right.(*pattern)
		if !ok {
			if re, ok = left.(*pattern); !ok {
				return false, nil
			}
			left = right
		}
		if left == nil {
			return false, nil
		}
		text := vtl.Text(left)
		return re.MatchString(text), s.spend(len(text) / 8 * re.cost)
	case "in", "nin":
		list, ok := right.(*vtl.List)
		return ok && contains(list, left) == (f.operator == "in"), nil
	case "contains":
		if list, ok := left.(*vtl.List); ok {
			return contains(list, right), nil
		}
		text, ok := left.(string)
		part, ok2 := right.(string)
		return ok && ok2 && strings.Contains(text, part), nil
	case "size", "empty":
		n, ok := size(left)
		if f.operator == "empty" {
			return ok && right == (n == 0), nil
		}
		return ok && right == int64(n), nil
	}
	c, ok := compare(left, right)
	switch f.operator {
	case "==":
		return ok && c == 0, nil
	case "!=":
		return ok && c != 0, nil
	case "<":
		return ok && c < 0, nil
	case "<=":
		return ok && c <= 0, nil
	case ">":
		return ok && c > 0, nil
	}
	return ok && c >= 0, nil
}

func contains(list *vtl.List, v any) bool {
	for _, item := range list.Items {
		if c, ok := compare(item, v); ok && c == 0 {
			return true
		}
	}
	return false
}

func size(v any) (int, bool) {
	switch v := v.(type) {
	case *vtl.List:
		return len(v.Items), true
	case *vtl.Map:
		return v.Len(), true
	case string:
		return len([]rune(v)), true
	}
	return 0, false
}

// compare orders texts and texts, numbers and numbers, Booleans and Booleans, and
// numbers and Booleans with what a text says. Null is before all, and only
// equality has it otherwise; other pairs cannot be compared.
func compare(a, b any) (int, bool) {
	if a == nil || b == nil {
		switch a {
		case b:
			return 0, true
		case nil:
			return -1, true
		}
		return 1, true
	}
	switch x := a.(type) {
	case string:
		switch y := b.(type) {
		case string:
			return strings.Compare(x, y), true
		case bool:
			return compareBool(strings.EqualFold(x, "true"), y), true
		}
	case bool:
		switch y := b.(type) {
		case bool:
			return compareBool(x, y), true
		case string:
			return compareBool(x, strings.EqualFold(y, "true")), true
		}
	}
	x, ok := rational(a)
	y, ok2 := rational(b)
	if !ok || !ok2 {
		return 0, false
	}
	return x.Cmp(y), true
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// rational is a number, or a text that is one.
func rational(v any) (*big.Rat, bool) {
	switch v.(type) {
	case bool, *vtl.List, *vtl.Map, nil:
		return nil, false
	}
	text := vtl.Text(v)
	if len(text) > 1000 || strings.ContainsAny(text, "/_xXpP") || exponentTooLarge(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// exponentTooLarge keeps "1e999999999" from being written out.
func exponentTooLarge(text string) bool {
	i := strings.IndexAny(text, "eE")
	return i >= 0 && len(strings.TrimLeft(text[i+1:], "+-0")) > 3
}
