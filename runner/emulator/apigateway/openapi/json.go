package openapi

import (
	"bytes"
	"encoding/json"
)

// parseJSON makes a tree of JSON, in the order in which it is written.
func parseJSON(document []byte) (*node, error) {
	p := &jsonParser{decoder: json.NewDecoder(bytes.NewReader(document))}
	p.decoder.UseNumber()
	root, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.decoder.More() {
		return nil, ErrInvalid
	}
	return root, nil
}

type jsonParser struct {
	decoder *json.Decoder
	budget  budget
}

func (p *jsonParser) value(depth int) (*node, error) {
	token, err := p.decoder.Token()
	if err != nil {
		return nil, ErrInvalid
	}
	n := &node{}
	switch token := token.(type) {
	case nil:
	case bool:
		if n.kind, n.text = boolean, "false"; token {
			n.text = "true"
		}
	case json.Number:
		n.kind, n.text = number, token.String()
	case string:
		n.kind, n.text = text, token
	case json.Delim:
		return n, p.children(n, token, depth+1)
	}
	return n, p.budget.spend(len(n.text))
}

func (p *jsonParser) children(n *node, open json.Delim, depth int) error {
	if depth > maxDepth {
		return ErrInvalid
	}
	if err := p.budget.spend(0); err != nil {
		return err
	}
	n.kind = list
	if open == '{' {
		n.kind = object
	}
	for p.decoder.More() {
		var key string
		if n.kind == object {
			token, err := p.decoder.Token()
			if err != nil {
				return ErrInvalid
			}
			key, _ = token.(string)
		}
		child, err := p.value(depth)
		if err != nil {
			return err
		}
		if n.kind == list {
			n.items = append(n.items, child)
			continue
		}
		if err := p.budget.spend(len(key)); err != nil {
			return err
		}
		n.members = append(n.members, member{key, child})
	}
	if _, err := p.decoder.Token(); err != nil {
		return ErrInvalid
	}
	return nil
}
