package awscli

import (
	"io"
	"slices"
	"strings"

	"awslab/runner/awsmodel"
)

// writeText prints as --output text: scalars of an object on one line by tabs,
// in the order of their sorted keys; what is inside it on lines of its own,
// which begin with its key in capitals (awscli/text.py).
func writeText(w io.Writer, v any) error {
	var b strings.Builder
	fault := appendText(&b, v, nil, nil)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	return fault
}

// appendText writes an item. identifier is the key under which it stands, if
// there is one; columns are the scalar keys of all its siblings. The error is the
// AWS CLI's own, of what it cannot write.
func appendText(b *strings.Builder, item any, identifier *string, columns []string) error {
	switch v := item.(type) {
	case *awsmodel.Object:
		return appendTextObject(b, v, identifier, columns)
	case []any:
		return appendTextList(b, v, identifier)
	}
	b.WriteString(pyStr(item) + "\n")
	return nil
}

func appendTextList(b *strings.Builder, list []any, identifier *string) error {
	objects := slices.ContainsFunc(list, func(e any) bool { _, ok := e.(*awsmodel.Object); return ok })
	lists := slices.ContainsFunc(list, func(e any) bool { _, ok := e.([]any); return ok })
	switch {
	case len(list) == 0:
	case objects:
		columns, err := scalarKeys(list)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := appendText(b, e, identifier, columns); err != nil {
				return err
			}
		}
	case lists:
		var scalars, others []any
		for _, e := range list {
			if isScalar(e) {
				scalars = append(scalars, e)
			} else {
				others = append(others, e)
			}
		}
		if len(scalars) > 0 {
			appendScalars(b, scalars, identifier)
		}
		for _, e := range others {
			if err := appendText(b, e, identifier, nil); err != nil {
				return err
			}
		}
	default:
		appendScalars(b, list, identifier)
	}
	return nil
}

func appendScalars(b *strings.Builder, list []any, identifier *string) {
	if identifier != nil {
		for _, e := range list {
			b.WriteString(strings.ToUpper(*identifier) + "\t" + pyStr(e) + "\n")
		}
		return
	}
	texts := make([]string, len(list))
	for i, e := range list {
		texts[i] = pyStr(e)
	}
	b.WriteString(strings.Join(texts, "\t") + "\n")
}

func appendTextObject(b *strings.Builder, o *awsmodel.Object, identifier *string, columns []string) error {
	var scalars []string
	var others []string
	keys := o.Keys()
	slices.Sort(keys)
	if columns == nil {
		for _, k := range keys {
			if e, _ := o.Get(k); isScalar(e) {
				scalars = append(scalars, pyStr(e))
			} else {
				others = append(others, k)
			}
		}
	} else {
		for _, k := range columns {
			e, ok := o.Get(k)
			if !ok {
				e = ""
			}
			scalars = append(scalars, pyStr(e))
		}
		for _, k := range keys {
			if !slices.Contains(columns, k) {
				others = append(others, k)
			}
		}
	}
	if len(scalars) > 0 {
		if identifier != nil {
			scalars = slices.Insert(scalars, 0, strings.ToUpper(*identifier))
		}
		b.WriteString(strings.Join(scalars, "\t") + "\n")
	}
	for _, k := range others {
		e, _ := o.Get(k)
		if err := appendText(b, e, &k, nil); err != nil {
			return err
		}
	}
	return nil
}

// scalarKeys are the keys with a scalar in any of the objects, sorted. Beside
// objects the AWS CLI can write nothing else.
func scalarKeys(list []any) ([]string, error) {
	keys := []string{}
	for _, e := range list {
		o, ok := e.(*awsmodel.Object)
		if !ok {
			return nil, generalError("'%s' object has no attribute 'items'", pyTypeName(e))
		}
		for _, k := range o.Keys() {
			if v, _ := o.Get(k); isScalar(v) && !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	slices.Sort(keys)
	return keys, nil
}

func isScalar(v any) bool {
	switch v.(type) {
	case *awsmodel.Object, []any:
		return false
	}
	return true
}
