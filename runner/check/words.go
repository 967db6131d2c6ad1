package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// allOf is a mapping of several matcher words.
type allOf []matcher

func (m allOf) match(ctx context.Context, w World, v any) (*mismatch, error) {
	for _, one := range m {
		if wrong, err := one.match(ctx, w, v); wrong != nil || err != nil {
			return wrong, err
		}
	}
	return nil, nil
}

func (m allOf) expected(ctx context.Context, w World) string { return joined(ctx, w, m, ", ") }

func joined(ctx context.Context, w World, list []matcher, by string) string {
	parts := make([]string, len(list))
	for i, one := range list {
		parts[i] = one.expected(ctx, w)
	}
	return shorten(strings.Join(parts, by))
}

// differs is the mismatch of a whole value.
func differs(ctx context.Context, w World, m matcher, v any) *mismatch {
	return &mismatch{expected: m.expected(ctx, w), found: show(v)}
}

// containsMatcher: a text in a text, or an element of a list. Anything else is
// looked at as JSON text.
type containsMatcher struct{ part matcher }

func (m containsMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	if list, ok := v.([]any); ok {
		for _, e := range list {
			wrong, err := m.part.match(ctx, w, e)
			if wrong == nil || err != nil {
				return nil, err
			}
		}
		return differs(ctx, w, m, v), nil
	}
	part, ok := m.part.(equalMatcher)
	if !ok || v == nil {
		return differs(ctx, w, m, v), nil
	}
	want, err := part.filled(ctx, w)
	if err != nil || strings.Contains(asText(v), asText(want)) {
		return nil, err
	}
	return differs(ctx, w, m, v), nil
}

func (m containsMatcher) expected(ctx context.Context, w World) string {
	return "… " + m.part.expected(ctx, w) + " …"
}

// asText is a text itself, and the JSON of everything else.
func asText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	return encode(v)
}

// matchesMatcher: a regular expression. Values that are filled in stand for
// themselves in it.
type matchesMatcher struct{ pattern string }

func (m matchesMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	var failed error
	pattern := reference.ReplaceAllStringFunc(m.pattern, func(name string) string {
		value, err := w.expand(ctx, name)
		failed = errors.Join(failed, err)
		if value == name {
			return name
		}
		return regexp.QuoteMeta(value)
	})
	if failed != nil {
		return nil, failed
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("/%s/: %w", pattern, err)
	}
	if v != nil && re.MatchString(asText(v)) {
		return nil, nil
	}
	return differs(ctx, w, m, v), nil
}

func (m matchesMatcher) expected(context.Context, World) string { return "/" + m.pattern + "/" }

// betweenMatcher: a number, both ends included.
type betweenMatcher struct{ low, high json.Number }

func (m betweenMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	if n, ok := v.(json.Number); ok && compare(m.low, n) <= 0 && compare(n, m.high) <= 0 {
		return nil, nil
	}
	return differs(ctx, w, m, v), nil
}

func (m betweenMatcher) expected(context.Context, World) string {
	return string(m.low) + " … " + string(m.high)
}

// oneOf: any of several matchers.
type oneOf []matcher

func (m oneOf) match(ctx context.Context, w World, v any) (*mismatch, error) {
	for _, one := range m {
		wrong, err := one.match(ctx, w, v)
		if wrong == nil || err != nil {
			return nil, err
		}
	}
	return differs(ctx, w, m, v), nil
}

func (m oneOf) expected(ctx context.Context, w World) string { return joined(ctx, w, m, " | ") }

// notMatcher: what must not match.
type notMatcher struct{ inner matcher }

func (m notMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	wrong, err := m.inner.match(ctx, w, v)
	if wrong != nil || err != nil {
		return nil, err
	}
	return differs(ctx, w, m, v), nil
}

func (m notMatcher) expected(ctx context.Context, w World) string {
	return "≠ " + m.inner.expected(ctx, w)
}

// existsMatcher: whether there is a value that is not null.
type existsMatcher bool

func (m existsMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	if (v != nil) == bool(m) {
		return nil, nil
	}
	return differs(ctx, w, m, v), nil
}

func (m existsMatcher) expected(context.Context, World) string {
	return fmt.Sprintf("exists: %t", bool(m))
}

// lengthMatcher: the number of elements, members or characters.
type lengthMatcher struct{ inner matcher }

func (m lengthMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	var n int
	switch v := v.(type) {
	case []any:
		n = len(v)
	case map[string]any:
		n = len(v)
	case string:
		n = len([]rune(v))
	default:
		return differs(ctx, w, m, v), nil
	}
	wrong, err := m.inner.match(ctx, w, number(n))
	if wrong == nil || err != nil {
		return nil, err
	}
	return &mismatch{expected: m.expected(ctx, w), found: fmt.Sprintf("length: %d", n)}, nil
}

func (m lengthMatcher) expected(ctx context.Context, w World) string {
	return "length: " + m.inner.expected(ctx, w)
}

func number(n int) json.Number { return json.Number(fmt.Sprint(n)) }

// eachMatcher: every element of a list.
type eachMatcher struct{ inner matcher }

func (m eachMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	list, ok := v.([]any)
	if !ok {
		return differs(ctx, w, m, v), nil
	}
	for i, e := range list {
		if wrong, err := m.inner.match(ctx, w, e); wrong != nil || err != nil {
			return wrong.at(fmt.Sprintf("[%d]", i)), err
		}
	}
	return nil, nil
}

func (m eachMatcher) expected(ctx context.Context, w World) string {
	return "each: " + m.inner.expected(ctx, w)
}

// anyMatcher: at least one element of a list.
type anyMatcher struct{ inner matcher }

func (m anyMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	if list, ok := v.([]any); ok {
		for _, e := range list {
			wrong, err := m.inner.match(ctx, w, e)
			if wrong == nil || err != nil {
				return nil, err
			}
		}
	}
	return differs(ctx, w, m, v), nil
}

func (m anyMatcher) expected(ctx context.Context, w World) string {
	return "any: " + m.inner.expected(ctx, w)
}

// jsonMatcher parses text first, and once more where what it holds is a text
// that holds JSON.
type jsonMatcher struct{ inner matcher }

func (m jsonMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	value, ok := parsed(v)
	if !ok {
		return differs(ctx, w, m, v), nil
	}
	wrong, failed := m.inner.match(ctx, w, value)
	if wrong == nil || failed != nil {
		return nil, failed
	}
	if again, ok := parsed(value); ok {
		return m.inner.match(ctx, w, again)
	}
	return wrong, nil
}

// parsed reads a text that holds JSON.
func parsed(v any) (any, bool) {
	text, ok := v.(string)
	if !ok {
		return nil, false
	}
	value, err := decode(text)
	return value, err == nil
}

func (m jsonMatcher) expected(ctx context.Context, w World) string {
	return "json: " + m.inner.expected(ctx, w)
}

// maxShown bounds a value in a finding, in characters.
const maxShown = 300

// decode reads one JSON value, numbers as they were written.
func decode(text string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	return v, nil
}

// encode writes a value as compact JSON.
func encode(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// show is a value as a person reads it: JSON, not too long.
func show(v any) string {
	if v == nil {
		return "null"
	}
	return shorten(encode(v))
}

// shorten cuts a text to a bearable length, at whole runes.
func shorten(text string) string {
	if len(text) <= maxShown {
		return text
	}
	runes := []rune(text)
	if len(runes) <= maxShown {
		return text
	}
	return string(runes[:maxShown]) + "…"
}
