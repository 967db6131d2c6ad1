package executeapi

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// maxSchemaSteps bounds the work on one body, in schemas and values that are
// looked at: a model that refers to itself twice takes time that doubles with each
// level of the body. What AWS does then was not found.
const maxSchemaSteps = 500_000

// meteredSchema is a model's schema that counts its work. It serves one request at
// a time.
type meteredSchema struct {
	schema *jsonschema.Schema
	ctx    context.Context //nolint:containedctx // of the one validation under way
	steps  int
}

// errTooMuch is the error of a body that takes too long.
var errTooMuch = errors.New("the body takes too long to be held against its model")

// stopped ends a validation, which has no other way to be ended.
type stopped struct{ err error }

func (s *meteredSchema) step(n int) {
	before := s.steps
	if s.steps += n; s.steps > maxSchemaSteps {
		panic(stopped{errTooMuch})
	}
	if before>>8 != s.steps>>8 {
		s.alive()
	}
}

// alive ends the validation when its time is over.
func (s *meteredSchema) alive() {
	if err := s.ctx.Err(); err != nil {
		panic(stopped{err})
	}
}

func (s *meteredSchema) validate(ctx context.Context, value any) (err error) {
	s.ctx, s.steps = ctx, 0
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case stopped:
			err = cause.err
		default:
			panic(cause)
		}
	}()
	return s.schema.Validate(value)
}

// meter makes every schema that v leads to count: as a part of its format, which
// is what a validation looks at before all that may take long.
func (s *meteredSchema) meter(v reflect.Value, seen map[*jsonschema.Schema]bool) (schemas int) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return 0
		}
		schema, ok := v.Interface().(*jsonschema.Schema)
		if !ok {
			return s.meter(v.Elem(), seen)
		}
		if seen[schema] {
			return 1
		}
		seen[schema] = true
		weight := 1 + s.meter(v.Elem(), seen)
		if schema.Enum != nil {
			weight += len(schema.Enum.Values)
		}
		format := jsonschema.Format{}
		if schema.Format != nil {
			format = *schema.Format
		}
		schema.Format = &jsonschema.Format{Name: format.Name, Validate: func(value any) error {
			s.step(weight + width(value))
			if format.Validate == nil {
				return nil
			}
			return format.Validate(value)
		}}
		return 1
	case reflect.Interface:
		return s.meter(v.Elem(), seen)
	case reflect.Slice:
		for i := range v.Len() {
			schemas += s.meter(v.Index(i), seen)
		}
	case reflect.Map:
		for entries := v.MapRange(); entries.Next(); {
			schemas += s.meter(entries.Value(), seen)
		}
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[jsonschema.Schema]().PkgPath() {
			return 0
		}
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				schemas += s.meter(v.Field(i), seen)
			}
		}
	}
	return schemas
}

func width(value any) int {
	switch value := value.(type) {
	case []any:
		return len(value)
	case map[string]any:
		return len(value)
	}
	return 0
}

// What a number in a body or a model may be: it is worked with as a fraction, whose
// digits take time. AWS's limits were not found; Jackson, which API Gateway's
// validator reads with, has the first one.
const (
	maxNumber   = 1000
	maxExponent = 1000 // of a larger one only this much is worked with
)

var errNumber = errors.New("a number is too long")

// readJSON reads a document for a schema.
func readJSON(text string) (any, error) {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return nil, err
	}
	return tame(value)
}

// tame bounds a value's numbers.
func tame(value any) (any, error) {
	var err error
	switch v := value.(type) {
	case json.Number:
		return tameNumber(v)
	case []any:
		for i := range v {
			if v[i], err = tame(v[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for name := range v {
			if v[name], err = tame(v[name]); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}

func tameNumber(n json.Number) (any, error) {
	if len(n) > maxNumber {
		return nil, errNumber
	}
	at := strings.IndexAny(string(n), "eE")
	if at < 0 {
		return n, nil
	}
	exponent, err := strconv.Atoi(string(n)[at+1:])
	switch negative := string(n)[at+1] == '-'; {
	case err == nil && -maxExponent <= exponent && exponent <= maxExponent:
		return n, nil
	case negative:
		return n[:at] + json.Number("e-"+strconv.Itoa(maxExponent)), nil
	}
	return n[:at] + json.Number("e"+strconv.Itoa(maxExponent)), nil
}
