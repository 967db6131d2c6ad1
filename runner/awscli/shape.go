package awscli

import (
	"io"
	"reflect"
	"strings"
	"time"

	"awslab/runner/awsmodel"

	"github.com/aws/smithy-go/document"
)

// kind is a shape's type, in botocore's words.
type kind string

const (
	kindStructure kind = "structure"
	kindList      kind = "list"
	kindMap       kind = "map"
	kindString    kind = "string"
	kindInteger   kind = "integer"
	kindLong      kind = "long"
	kindFloat     kind = "float"
	kindDouble    kind = "double"
	kindBoolean   kind = "boolean"
	kindBlob      kind = "blob"
	kindTimestamp kind = "timestamp"
	kindDocument  kind = "document"
)

// shape is a value's type: the SDK's, with what the facts add. Members are
// found when they are asked for, because types may contain themselves.
type shape struct {
	kind    kind
	typ     reflect.Type // never a pointer
	service *awsmodel.Service
	facts   *facts
}

func newShape(service *awsmodel.Service, f *facts, typ reflect.Type) shape {
	s := shape{service: service, facts: f}
	if typ.Kind() == reflect.Interface && typ.Implements(reflect.TypeFor[document.Marshaler]()) {
		s.kind, s.typ = kindDocument, typ
		return s
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	s.typ = typ
	if typ == reflect.TypeFor[io.Reader]() {
		s.kind = kindBlob
		return s
	}
	switch typ.Kind() {
	case reflect.Struct:
		s.kind = kindStructure
		if typ == reflect.TypeFor[time.Time]() {
			s.kind = kindTimestamp
		}
	case reflect.Slice:
		s.kind = kindList
		if typ.Elem().Kind() == reflect.Uint8 {
			s.kind = kindBlob
		}
	case reflect.Map:
		s.kind = kindMap
	case reflect.Int32, reflect.Int:
		s.kind = kindInteger
	case reflect.Int64:
		s.kind = kindLong
	case reflect.Float32:
		s.kind = kindFloat
	case reflect.Float64:
		s.kind = kindDouble
	case reflect.Bool:
		s.kind = kindBoolean
	case reflect.Interface:
		s.kind = kindDocument // a union: only JSON can say which
	default:
		s.kind = kindString
	}
	return s
}

// element is the type of a list's elements or a map's values.
func (s shape) element() shape { return newShape(s.service, s.facts, s.typ.Elem()) }

// shapeMember is one member of a structure.
type shapeMember struct {
	member
	shape shape
}

// members of a structure, in the order of the API's description; what it does
// not know comes last, in the SDK's order.
func (s shape) members() []shapeMember {
	if s.kind != kindStructure {
		return nil
	}
	var list []shapeMember
	seen := map[string]bool{}
	for _, entry := range s.facts.Shapes[s.typ.Name()] {
		m := parseMember(entry)
		if field, ok := fieldOf(s.typ, m.name); ok {
			seen[field.Name] = true
			list = append(list, shapeMember{m, newShape(s.service, s.facts, field.Type)})
		}
	}
	for i := range s.typ.NumField() {
		field := s.typ.Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" || seen[field.Name] {
			continue
		}
		list = append(list, shapeMember{member{name: s.service.CLIName(s.typ, field), least: noLeast}, newShape(s.service, s.facts, field.Type)})
	}
	return list
}

// member finds a member by the CLI's name.
func (s shape) member(name string) (shapeMember, bool) {
	for _, m := range s.members() {
		if m.name == name {
			return m, true
		}
	}
	return shapeMember{}, false
}

// fieldOf finds the SDK's field of a member: names differ in case only.
func fieldOf(typ reflect.Type, name string) (reflect.StructField, bool) {
	if typ.Kind() != reflect.Struct {
		return reflect.StructField{}, false
	}
	if field, ok := typ.FieldByName(strings.ToUpper(name[:1]) + name[1:]); ok {
		return field, true
	}
	return typ.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
}
