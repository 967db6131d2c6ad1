package awsmodel

import (
	"reflect"
	"sync"
)

// naming is one way of calling the members of a service's structures. It
// remembers what it has worked out, and is safe for concurrent use.
type naming struct {
	name  func(parent reflect.Type, field reflect.StructField) string
	known sync.Map // reflect.Type → *memberSet
}

// memberSet is a structure's members under one naming, in the SDK's order.
type memberSet struct {
	list   []member
	byName map[string]int // position in list
	byGo   map[string]int
}

type member struct {
	field int // index in the struct
	name  string
	goes  string // in Go
}

func (n *naming) of(t reflect.Type) *memberSet {
	if set, ok := n.known.Load(t); ok {
		return set.(*memberSet)
	}
	set := &memberSet{byName: map[string]int{}, byGo: map[string]int{}}
	for i := range t.NumField() {
		field := t.Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" {
			continue
		}
		name := n.name(t, field)
		// Of two members of one name the later stands in the body: httpMethod of
		// apigateway's PutIntegration, whose other one is in the path.
		set.byName[name] = len(set.list)
		set.byGo[field.Name] = len(set.list)
		set.list = append(set.list, member{i, name, field.Name})
	}
	n.known.Store(t, set)
	return set
}

// find gives the member of a name; one in Go's spelling will do.
func (s *memberSet) find(name string) (member, bool) {
	i, ok := s.byName[name]
	if !ok {
		i, ok = s.byGo[name]
	}
	if !ok {
		return member{}, false
	}
	return s.list[i], true
}

func (s *memberSet) names() []string {
	names := make([]string, len(s.list))
	for i, m := range s.list {
		names[i] = m.name
	}
	return names
}
