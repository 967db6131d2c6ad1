package logs

import "strings"

// parseColumns reads a pattern for space-delimited events
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html,
// "Using filter patterns to match terms in space-delimited log events"): a name
// for each field, with conditions on some, and … (or ...) for any number of
// fields.
func parseColumns(text string) (matcher, error) {
	r := &reader{text: strings.TrimSuffix(strings.TrimPrefix(text, "["), "]")}
	var columns []column
	gap := -1 // before which column the … stands
	for {
		if r.take("...", "…") != "" {
			if gap >= 0 {
				return nil, r.bad()
			}
			gap = len(columns)
		} else {
			one, err := r.column()
			if err != nil {
				return nil, err
			}
			columns = append(columns, one)
		}
		if r.take(",") == "" {
			break
		}
	}
	if r.space(); r.at != len(r.text) {
		return nil, r.bad()
	}
	return func(message string) bool { return fit(columns, gap, fields(message)) }, nil
}

// column is the condition on one field; nil: none.
type column func(value string) bool

// column reads a name, or conditions on it: status_code = 4* && status_code != 404.
// The name of a condition need not be repeated.
func (r *reader) column() (column, error) {
	fits, err := r.joined("||", func() (test, error) {
		return r.joined("&&", r.condition, func(a, b test) test { return func(v any) bool { return a(v) && b(v) } })
	}, func(a, b test) test { return func(v any) bool { return a(v) || b(v) } })
	if err != nil {
		return nil, err
	}
	return func(value string) bool { return fits(value) }, nil
}

func (r *reader) condition() (test, error) {
	r.space()
	from := r.at
	for r.at < len(r.text) && isBare(r.text[r.at]) {
		r.at++
	}
	named := r.at > from
	operator := r.take("!=", ">=", "<=", "=", ">", "<")
	if operator == "" {
		if !named {
			return nil, r.bad()
		}
		return func(any) bool { return true }, nil
	}
	compares, err := r.operand(operator)
	return test(compares), err
}

// fields cuts an event at spaces; what stands in quotes or in brackets is one
// field, without them.
func fields(message string) []string {
	var out []string
	rest := strings.TrimSpace(message)
	for rest != "" {
		end := byte(' ')
		switch rest[0] {
		case '"':
			end = '"'
		case '[':
			end = ']'
		}
		field, behind, _ := strings.Cut(rest, " ")
		if end != ' ' {
			if inner, after, found := strings.Cut(rest[1:], string(end)); found {
				field, behind = inner, after
			}
		}
		out = append(out, field)
		rest = strings.TrimLeft(behind, " \t\r\n")
	}
	return out
}

// fit compares fields with columns; without a gap there must be as many.
func fit(columns []column, gap int, values []string) bool {
	if gap < 0 && len(values) != len(columns) || len(values) < len(columns) {
		return false
	}
	for i, one := range columns {
		at := i
		if gap >= 0 && i >= gap {
			at = len(values) - len(columns) + i
		}
		if !one(values[at]) {
			return false
		}
	}
	return true
}
