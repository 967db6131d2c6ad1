package openapi

import (
	"bytes"

	"go.yaml.in/yaml/v3"
)

// parseYAML makes a tree of the first document of a YAML stream. The library is
// not the one that reads lessons (goccy/go-yaml), whose time and memory grow with
// the square of nested brackets.
func parseYAML(document []byte) (*node, error) {
	var root yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(document)).Decode(&root); err != nil || len(root.Content) != 1 {
		return nil, ErrInvalid
	}
	p := &yamlParser{}
	return p.value(root.Content[0], 0)
}

type yamlParser struct{ budget budget }

// value unfolds aliases as it goes: the budget ends those that multiply, the depth
// those that hold themselves.
func (p *yamlParser) value(y *yaml.Node, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, ErrInvalid
	}
	if err := p.budget.spend(len(y.Value)); err != nil {
		return nil, err
	}
	n := &node{}
	switch y.Kind {
	case yaml.AliasNode:
		return p.value(y.Alias, depth+1)
	case yaml.SequenceNode:
		n.kind = list
		for _, item := range y.Content {
			child, err := p.value(item, depth+1)
			if err != nil {
				return nil, err
			}
			n.items = append(n.items, child)
		}
	case yaml.MappingNode:
		n.kind = object
		if err := p.members(n, y, depth); err != nil {
			return nil, err
		}
	case yaml.ScalarNode:
		n.kind, n.text = scalar(y)
	case yaml.DocumentNode:
		return nil, ErrInvalid
	}
	return n, nil
}

func (p *yamlParser) members(n *node, y *yaml.Node, depth int) error {
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		child, err := p.value(y.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		key := y.Content[i]
		for key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return ErrInvalid
		}
		if key.ShortTag() == "!!merge" {
			merged = append(merged, child)
			continue
		}
		if err := p.budget.spend(len(key.Value)); err != nil {
			return err
		}
		n.members = append(n.members, member{key.Value, child})
	}
	own := n.members
	n.members = nil
	for _, from := range merged {
		sources := from.items
		if from.kind == object {
			sources = []*node{from}
		}
		for i := len(sources) - 1; i >= 0; i-- { // the first one wins
			n.members = append(n.members, sources[i].all()...)
		}
	}
	n.members = append(n.members, own...)
	if len(merged) > 0 {
		p.budget.nodes += len(n.members)
	}
	return p.budget.spend(0)
}

func scalar(y *yaml.Node) (kind, string) {
	switch y.ShortTag() {
	case "!!null":
		return null, ""
	case "!!bool":
		var value bool
		if y.Decode(&value) == nil && value {
			return boolean, "true"
		}
		return boolean, "false"
	case "!!int", "!!float":
		if isJSONNumber(y.Value) {
			return number, y.Value
		}
	}
	return text, y.Value // of a number that JSON has no words for, too
}
