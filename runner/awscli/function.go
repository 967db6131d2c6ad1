package awscli

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"
)

// function is one of JMESPath's functions: what its arguments may be, in the
// words of the Python library, and what it does.
type function struct {
	params   [][]string // no types: anything
	variadic bool
	do       func(e *evaluator, args []any) (any, error)
}

var (
	anything  = []string{}
	numbers   = []string{"array-number"}
	orderable = []string{"array-number", "array-string"}
)

func functions() map[string]function {
	return map[string]function{
		"abs": {params: [][]string{{"number"}}, do: func(_ *evaluator, a []any) (any, error) {
			return json.Number(strings.TrimPrefix(a[0].(json.Number).String(), "-")), nil
		}},
		"avg": {params: [][]string{numbers}, do: func(_ *evaluator, a []any) (any, error) {
			list := a[0].([]any)
			if len(list) == 0 {
				return nil, nil
			}
			total := 0.0
			for _, e := range list {
				f, _ := toFloat(e)
				total += f
			}
			return floatNumber(total / float64(len(list))), nil
		}},
		"ceil":  {params: [][]string{{"number"}}, do: rounding(math.Ceil)},
		"floor": {params: [][]string{{"number"}}, do: rounding(math.Floor)},
		"contains": {params: [][]string{{"array", "string"}, anything}, do: func(_ *evaluator, a []any) (any, error) {
			if text, ok := a[0].(string); ok {
				part, ok := a[1].(string)
				if !ok {
					return nil, errors.New("'in <string>' requires string as left operand, not " + pyTypeName(a[1]))
				}
				return strings.Contains(text, part), nil
			}
			return slices.ContainsFunc(a[0].([]any), func(e any) bool { return equal(e, a[1]) }), nil
		}},
		"ends_with": {params: [][]string{{"string"}, {"string"}}, do: func(_ *evaluator, a []any) (any, error) {
			return strings.HasSuffix(a[0].(string), a[1].(string)), nil
		}},
		"starts_with": {params: [][]string{{"string"}, {"string"}}, do: func(_ *evaluator, a []any) (any, error) {
			return strings.HasPrefix(a[0].(string), a[1].(string)), nil
		}},
		"join": {params: [][]string{{"string"}, {"array-string"}}, do: func(_ *evaluator, a []any) (any, error) {
			var parts []string
			for _, e := range a[1].([]any) {
				parts = append(parts, e.(string))
			}
			return strings.Join(parts, a[0].(string)), nil
		}},
		"keys": {params: [][]string{{"object"}}, do: func(_ *evaluator, a []any) (any, error) {
			list := []any{}
			for _, k := range a[0].(*awsmodel.Object).Keys() {
				list = append(list, k)
			}
			return list, nil
		}},
		"values": {params: [][]string{{"object"}}, do: func(_ *evaluator, a []any) (any, error) {
			list := []any{}
			for _, k := range a[0].(*awsmodel.Object).Keys() {
				e, _ := a[0].(*awsmodel.Object).Get(k)
				list = append(list, e)
			}
			return list, nil
		}},
		"length": {params: [][]string{{"string", "array", "object"}}, do: func(_ *evaluator, a []any) (any, error) {
			n := 0
			switch v := a[0].(type) {
			case string:
				n = len([]rune(v))
			case []any:
				n = len(v)
			case *awsmodel.Object:
				n = len(v.Keys())
			}
			return json.Number(strconv.Itoa(n)), nil
		}},
		"map": {params: [][]string{{"expref"}, {"array"}}, do: func(e *evaluator, a []any) (any, error) {
			list := []any{}
			for _, element := range a[1].([]any) {
				v, err := e.eval(a[0].(expression).node, element)
				if err != nil {
					return nil, err
				}
				list = append(list, v)
			}
			return list, nil
		}},
		"max":    {params: [][]string{orderable}, do: extreme(1)},
		"min":    {params: [][]string{orderable}, do: extreme(-1)},
		"max_by": {params: [][]string{{"array"}, {"expref"}}, do: extremeBy("max_by", 1)},
		"min_by": {params: [][]string{{"array"}, {"expref"}}, do: extremeBy("min_by", -1)},
		"merge": {params: [][]string{{"object"}}, variadic: true, do: func(_ *evaluator, a []any) (any, error) {
			merged := &awsmodel.Object{}
			for _, arg := range a {
				o, ok := arg.(*awsmodel.Object)
				if !ok {
					return nil, typeFault("merge", arg, []string{"object"})
				}
				for _, k := range o.Keys() {
					e, _ := o.Get(k)
					merged.Set(k, e)
				}
			}
			return merged, nil
		}},
		"not_null": {params: [][]string{anything}, variadic: true, do: func(_ *evaluator, a []any) (any, error) {
			for _, e := range a {
				if e != nil {
					return e, nil
				}
			}
			return nil, nil
		}},
		"reverse": {params: [][]string{{"array", "string"}}, do: func(_ *evaluator, a []any) (any, error) {
			if text, ok := a[0].(string); ok {
				runes := []rune(text)
				slices.Reverse(runes)
				return string(runes), nil
			}
			list := slices.Clone(a[0].([]any))
			slices.Reverse(list)
			return list, nil
		}},
		"sort": {params: [][]string{{"array-string", "array-number"}}, do: func(_ *evaluator, a []any) (any, error) {
			list := slices.Clone(a[0].([]any))
			slices.SortStableFunc(list, func(x, y any) int { order, _ := compareScalars(x, y); return order })
			return list, nil
		}},
		"sort_by": {params: [][]string{{"array"}, {"expref"}}, do: sortBy},
		"sum": {params: [][]string{numbers}, do: func(_ *evaluator, a []any) (any, error) {
			total, whole := 0.0, true
			for _, e := range a[0].([]any) {
				f, _ := toFloat(e)
				total += f
				whole = whole && !isFloat(e.(json.Number))
			}
			if whole {
				return json.Number(strconv.FormatInt(int64(total), 10)), nil
			}
			return floatNumber(total), nil
		}},
		"to_array": {params: [][]string{anything}, do: func(_ *evaluator, a []any) (any, error) {
			if list, ok := a[0].([]any); ok {
				return list, nil
			}
			return []any{a[0]}, nil
		}},
		"to_string": {params: [][]string{anything}, do: func(_ *evaluator, a []any) (any, error) {
			if text, ok := a[0].(string); ok {
				return text, nil
			}
			return compactJSON(a[0]), nil
		}},
		"to_number": {params: [][]string{anything}, do: func(_ *evaluator, a []any) (any, error) {
			switch v := a[0].(type) {
			case json.Number:
				return v, nil
			case string:
				if n, err := pyInt(v); err == nil {
					return json.Number(strconv.FormatInt(n, 10)), nil
				}
				if f, err := pyFloat(v); err == nil {
					return floatNumber(f), nil
				}
			}
			return nil, nil
		}},
		"type": {params: [][]string{anything}, do: func(_ *evaluator, a []any) (any, error) { return typeName(a[0]), nil }},
	}
}

func (e *evaluator) call(name string, args []any) (any, error) {
	f, ok := functions()[name]
	if !ok {
		return nil, fmt.Errorf("Unknown function: %s()", name) //nolint:staticcheck // AWS CLI's own words
	}
	if len(args) != len(f.params) && (!f.variadic || len(args) < len(f.params)) {
		least, plural := "", "s"
		if f.variadic {
			least = "at least "
		}
		if len(f.params) == 1 {
			plural = ""
		}
		return nil, fmt.Errorf("Expected %s%d argument%s for function %s(), received %d", least, len(f.params), plural, name, len(args)) //nolint:staticcheck // AWS CLI's own words
	}
	for i, types := range f.params {
		if err := checkType(name, args[i], types); err != nil {
			return nil, err
		}
	}
	return f.do(e, args)
}

func checkType(name string, v any, types []string) error {
	if len(types) == 0 {
		return nil
	}
	var elements []string
	found := false
	for _, t := range types {
		base, element, typed := strings.Cut(t, "-")
		if typed {
			elements = append(elements, element)
		}
		found = found || base == typeName(v)
	}
	if !found {
		return typeFault(name, v, types)
	}
	list, ok := v.([]any)
	if !ok || len(elements) == 0 || len(list) == 0 {
		return nil
	}
	first := typeName(list[0])
	for _, e := range list {
		if !slices.Contains(elements, first) || typeName(e) != first {
			return typeFaultAs(name, e, types, pyTypeName(e))
		}
	}
	return nil
}

func typeFault(name string, v any, types []string) error {
	return typeFaultAs(name, v, types, typeName(v))
}

func typeFaultAs(name string, v any, types []string, got string) error {
	list := make([]any, len(types))
	for i, t := range types {
		list[i] = t
	}
	return fmt.Errorf("In function %s(), invalid type for value: %s, expected one of: %s, received: \"%s\"", name, pyStr(v), pyReprValue(list), got) //nolint:staticcheck // AWS CLI's own words
}

func typeName(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	case *awsmodel.Object:
		return "object"
	}
	return "expref"
}

func rounding(round func(float64) float64) func(*evaluator, []any) (any, error) {
	return func(_ *evaluator, a []any) (any, error) {
		f, _ := toFloat(a[0])
		switch {
		case math.IsNaN(f):
			return nil, generalError("cannot convert float NaN to integer")
		case math.IsInf(f, 0):
			return nil, generalError("cannot convert float infinity to integer")
		}
		return json.Number(strconv.FormatFloat(round(f)+0, 'f', 0, 64)), nil // + 0: an integer is never -0
	}
}

func extreme(sign int) func(*evaluator, []any) (any, error) {
	return func(_ *evaluator, a []any) (any, error) {
		var best any
		for _, e := range a[0].([]any) {
			if order, _ := compareScalars(e, best); best == nil || order*sign > 0 {
				best = e
			}
		}
		return best, nil
	}
}

// keysBy are the keys by which elements are ordered; all are of one type.
func (e *evaluator) keysBy(name string, list []any, by expression) ([]any, error) {
	keys := make([]any, len(list))
	for i, element := range list {
		key, err := e.eval(by.node, element)
		if err != nil {
			return nil, err
		}
		types := []string{"number", "string"}
		if i > 0 && name == "sort_by" {
			types = []string{typeName(keys[0])}
		}
		if !slices.Contains(types, typeName(key)) {
			return nil, typeFault(name, key, types)
		}
		keys[i] = key
	}
	return keys, nil
}

func extremeBy(name string, sign int) func(*evaluator, []any) (any, error) {
	return func(e *evaluator, a []any) (any, error) {
		list := a[0].([]any)
		keys, err := e.keysBy(name, list, a[1].(expression))
		if err != nil || len(list) == 0 {
			return nil, err
		}
		best := 0
		for i := range list {
			if order, _ := compareScalars(keys[i], keys[best]); order*sign > 0 {
				best = i
			}
		}
		return list[best], nil
	}
}

func sortBy(e *evaluator, a []any) (any, error) {
	list := a[0].([]any)
	keys, err := e.keysBy("sort_by", list, a[1].(expression))
	if err != nil {
		return nil, err
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { o, _ := compareScalars(keys[x], keys[y]); return o })
	sorted := make([]any, len(list))
	for i, from := range order {
		sorted[i] = list[from]
	}
	return sorted, nil
}
