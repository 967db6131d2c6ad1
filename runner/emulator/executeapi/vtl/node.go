package vtl

// node is a part of a template that is written: one of the types below.
type node any

// expr is what has a value: one of the types below, or a *reference.
type expr any

type (
	text string

	setDirective struct {
		target *reference
		value  expr
	}
	ifDirective struct {
		branches []branch // the last may have no condition: #else
	}
	branch struct {
		condition expr
		body      []node
	}
	foreachDirective struct {
		name string
		over expr
		body []node
	}
	defineDirective struct {
		name  string
		block *block
	}
	breakDirective struct{}
	stopDirective  struct{}
)

// reference is $x.y(1)[2] in one of its four spellings.
type reference struct {
	source string
	root   string
	steps  []step
}

type stepKind int

const (
	property stepKind = iota
	method
	index
)

type step struct {
	kind stepKind
	name string
	args []expr
}

type (
	constant struct{ value any }
	// interpolated is a string in double quotes with references or directives.
	interpolated struct {
		nodes []node
		blank bool // was added at the end and is taken away
	}
	listLiteral  struct{ items []expr }
	rangeLiteral struct{ from, to expr }
	mapLiteral   struct{ keys, values []expr }
	not          struct{ operand expr }
	binary       struct {
		operator    string // in its symbol: && and ||, not and and or
		left, right expr
	}
)

// block is the value that #define gives a name: it is carried out anew each time
// that it is written.
type block struct {
	nodes []node
}

func literal(s string) []node {
	if s == "" {
		return nil
	}
	return []node{text(s)}
}
