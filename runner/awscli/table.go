package awscli

import (
	"io"
	"math"
	"slices"
	"strings"

	"awslab/runner/awsmodel"

	"golang.org/x/text/width"
)

// tableWidth is the width beyond which a table of one row is turned on its
// side: the AWS CLI's when it writes to no terminal.
const tableWidth = 80

// section is a titled part of a table, which stands inside others.
type section struct {
	title   string
	indent  int
	headers []string
	rows    [][]string
	widths  []int
	// columns are those of the first header or row, once there was one.
	columns  int
	measured bool
}

type table struct{ sections []*section }

// writeTable prints as --output table (awscli/table.py and formatter.py).
func writeTable(w io.Writer, title string, v any, color bool) error {
	if isFalse(v) {
		return nil
	}
	t := &table{}
	if err := t.build(&title, v, 0); err != nil {
		return err
	}
	widest := t.widest()
	if widest > tableWidth {
		for i, s := range t.sections {
			if len(s.rows) == 1 && len(s.headers) > 0 {
				t.sections[i] = s.turned()
			}
		}
		widest = t.widest()
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("-", widest) + "\n")
	for _, s := range t.sections {
		s.render(&b, widest, color)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *table) widest() int {
	widest := 0
	for _, s := range t.sections {
		widest = max(widest, s.total())
	}
	return widest
}

func (t *table) last() *section { return t.sections[len(t.sections)-1] }

func (t *table) open(title string, indent int) {
	t.sections = append(t.sections, &section{title: title, indent: indent})
}

func (t *table) build(title *string, v any, indent int) error {
	if isFalse(v) {
		return nil
	}
	if title != nil {
		t.open(*title, indent)
	}
	switch v := v.(type) {
	case []any:
		if _, ok := v[0].(*awsmodel.Object); ok {
			return t.buildList(t.last().title, v, indent)
		}
		for _, item := range v {
			list, isList := item.([]any)
			o, isObject := item.(*awsmodel.Object)
			switch {
			case isScalar(item):
				if err := t.last().add(pyStr(item)); err != nil {
					return err
				}
			case isObject: // Python goes over its keys
				if err := t.last().add(o.Keys()...); err != nil {
					return err
				}
			case isList && !slices.ContainsFunc(list, func(e any) bool { return !isScalar(e) }):
				cells := make([]string, len(list))
				for i, e := range list {
					cells[i] = pyStr(e)
				}
				if err := t.last().add(cells...); err != nil {
					return err
				}
			default:
				if err := t.build(nil, item, 0); err != nil {
					return err
				}
			}
		}
	case *awsmodel.Object:
		return t.buildObject(v, indent)
	}
	return nil // of a single value the AWS CLI prints nothing but the title
}

func (t *table) buildObject(o *awsmodel.Object, indent int) error {
	scalars, others, err := splitKeys([]any{o})
	if err != nil {
		return err
	}
	switch len(scalars) {
	case 0:
	case 1:
		if err := t.last().add(scalars[0], pyStr(valueOf(o, scalars[0]))); err != nil {
			return err
		}
	default:
		if err := t.last().header(scalars); err != nil {
			return err
		}
		cells := make([]string, len(scalars))
		for i, k := range scalars {
			cells[i] = pyStr(valueOf(o, k))
		}
		if err := t.last().add(cells...); err != nil {
			return err
		}
	}
	for _, k := range others {
		if err := t.build(&k, valueOf(o, k), indent+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *table) buildList(title string, list []any, indent int) error {
	scalars, others, err := splitKeys(list)
	if err != nil {
		return err
	}
	if err := t.last().header(scalars); err != nil {
		return err
	}
	for i, e := range list {
		o, ok := e.(*awsmodel.Object)
		if !ok {
			continue
		}
		if i > 0 && len(others) > 0 {
			t.open(title, indent)
			if err := t.last().header(scalars); err != nil {
				return err
			}
		}
		cells := make([]string, len(scalars))
		for i, k := range scalars {
			if v, has := o.Get(k); has {
				cells[i] = pyStr(v)
			}
		}
		if err := t.last().add(cells...); err != nil {
			return err
		}
		for _, k := range others {
			if v, has := o.Get(k); has {
				if err := t.build(&k, v, indent+1); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// splitKeys are the keys of scalars, and those of the rest, both sorted. The error
// is Python's, of what is no object.
func splitKeys(list []any) (scalars, others []string, err error) {
	for _, e := range list {
		o, ok := e.(*awsmodel.Object)
		if !ok {
			return nil, nil, notGrouped(e)
		}
		for _, k := range o.Keys() {
			keys := &others
			if isScalar(valueOf(o, k)) {
				keys = &scalars
			}
			if !slices.Contains(*keys, k) {
				*keys = append(*keys, k)
			}
		}
	}
	slices.Sort(scalars)
	slices.Sort(others)
	return scalars, others, nil
}

// notGrouped is what Python says of a value whose keys are asked for.
func notGrouped(v any) error {
	list, isList := v.([]any)
	switch {
	case v == "" || isList && len(list) == 0:
		return generalError("'%s' object has no attribute 'get'", pyTypeName(v))
	case isList:
		return generalError("list indices must be integers or slices, not %s", pyTypeName(list[0]))
	case pyTypeName(v) == "str":
		return generalError("string indices must be integers, not 'str'")
	}
	return generalError("'%s' object is not iterable", pyTypeName(v))
}

func (s *section) header(headers []string) error {
	if len(s.widths) > 0 && len(headers) > len(s.widths) {
		return generalError("list index out of range") // of rows that were there before
	}
	s.measure(headers)
	s.headers = headers
	return nil
}

func (s *section) add(cells ...string) error {
	if s.measured && len(cells) != s.columns {
		return generalError("Row should have %d elements, instead it has %d", s.columns, len(cells))
	}
	s.rows = append(s.rows, cells)
	s.measure(cells)
	return nil
}

func (s *section) measure(cells []string) {
	if !s.measured { // no columns are columns too
		s.measured, s.columns = true, len(cells)
	}
	if len(s.widths) == 0 {
		s.widths = make([]int, len(cells))
	}
	for i, c := range cells {
		s.widths[i] = max(s.widths[i], textWidth(c))
	}
}

// turned puts the headers of a single row beside its cells.
func (s *section) turned() *section {
	t := &section{title: s.title, indent: s.indent}
	for i, h := range s.headers {
		t.rows = append(t.rows, []string{h, s.rows[0][i]})
		t.measure(t.rows[i])
	}
	return t
}

func (s *section) total() int {
	total := 2 + 2*s.indent
	for _, w := range s.widths {
		total += w + 4
	}
	return max(total, textWidth(s.title)+2+2*s.indent)
}

// scaled are the widths that fill the whole width, scaled.
func (s *section) scaled(whole int) []int {
	sum := 0
	for _, w := range s.widths {
		sum += w + 4
	}
	if sum == 0 {
		return nil
	}
	scaled := make([]int, len(s.widths))
	off := -whole
	for i, w := range s.widths {
		scaled[i] = int(math.RoundToEven(float64(whole) / float64(sum) * float64(w+4)))
		off += scaled[i]
	}
	for off != 0 {
		for i := range scaled {
			if off > 0 {
				scaled[i]--
				off--
			} else {
				scaled[len(scaled)-1-i]++
				off++
			}
			if off == 0 {
				break
			}
		}
	}
	return scaled
}

func (s *section) render(b *strings.Builder, whole int, color bool) {
	whole -= 2 * s.indent
	edge, before, after := strings.Repeat("|", s.indent), "", ""
	if color {
		edge, before, after = strings.Repeat("\x1b[2m\x1b[33m|\x1b[0m", s.indent), "\x1b[1m\x1b[34m", "\x1b[0m"
	}
	line := func(text string) { b.WriteString(edge + text + edge + "\n") }
	if s.title != "" {
		line(center(s.title, whole, "|"))
		if len(s.headers) == 0 && len(s.rows) == 0 {
			line("+" + strings.Repeat("-", whole-2) + "+")
		}
	}
	columns := s.scaled(whole)
	if len(s.headers) > 0 {
		line(rule(columns))
		text, left := "", "|"
		for i, h := range s.headers {
			text += center(h, columns[i], left)
			left = ""
		}
		line(text)
	}
	if len(s.rows) == 0 || len(columns) == 0 {
		return
	}
	line(rule(columns))
	for _, row := range s.rows {
		text, left := "", "|"
		for i, cell := range row {
			text += alignLeft(cell, columns[i], left, before, after)
			left = ""
		}
		line(text)
	}
	line(rule(columns))
}

func rule(columns []int) string {
	text := ""
	for i, w := range columns {
		if i == 0 {
			text = "+" + strings.Repeat("-", max(0, w-2)) + "+"
		} else {
			text += strings.Repeat("-", max(0, w-1)) + "+"
		}
	}
	return text
}

func center(text string, length int, left string) string {
	n := textWidth(text)
	before := max(0, length/2-n/2-1)
	after := max(0, length-1-len(left)-before-n)
	return left + strings.Repeat(" ", before) + text + strings.Repeat(" ", after) + "|"
}

// alignLeft fills a cell; what stands before and after its text takes no room.
func alignLeft(text string, length int, left, styled, plain string) string {
	n := textWidth(text)
	padding := 0
	if length-(n+2+len(left)+1) >= 0 {
		padding = 2
	}
	after := max(0, length-len(left)-padding-n-1)
	return left + strings.Repeat(" ", padding) + styled + text + plain + strings.Repeat(" ", after) + "|"
}

// textWidth counts wide characters, and ambiguous ones, as two cells.
func textWidth(s string) int {
	n := 0
	for _, r := range s {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianAmbiguous:
			n += 2
		default:
			n++
		}
	}
	return n
}
