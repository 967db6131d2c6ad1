package iam

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// condition is one key of one operator in a statement's Condition element
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
type condition struct {
	operator string // without quantifier and IfExists: "StringEquals"
	all, any bool   // ForAllValues:, ForAnyValue:
	ifExists bool
	key      string // in lower case: keys' case does not count
	values   []string
}

// operators compare one value of the request with one of the policy. Those that
// deny are their opposite with negated set.
var operators = map[string]struct {
	matches func(got, want string) bool
	negated bool
}{
	"StringEquals":              {func(got, want string) bool { return literal(want) == got }, false},
	"StringNotEquals":           {func(got, want string) bool { return literal(want) == got }, true},
	"StringEqualsIgnoreCase":    {func(got, want string) bool { return strings.EqualFold(literal(want), got) }, false},
	"StringNotEqualsIgnoreCase": {func(got, want string) bool { return strings.EqualFold(literal(want), got) }, true},
	"StringLike":                {func(got, want string) bool { return match(want, got) }, false},
	"StringNotLike":             {func(got, want string) bool { return match(want, got) }, true},
	"NumericEquals":             {numeric(func(got, want float64) bool { return got == want }), false},
	"NumericNotEquals":          {numeric(func(got, want float64) bool { return got == want }), true},
	"NumericLessThan":           {numeric(func(got, want float64) bool { return got < want }), false},
	"NumericLessThanEquals":     {numeric(func(got, want float64) bool { return got <= want }), false},
	"NumericGreaterThan":        {numeric(func(got, want float64) bool { return got > want }), false},
	"NumericGreaterThanEquals":  {numeric(func(got, want float64) bool { return got >= want }), false},
	"DateEquals":                {dated(func(got, want time.Time) bool { return got.Equal(want) }), false},
	"DateNotEquals":             {dated(func(got, want time.Time) bool { return got.Equal(want) }), true},
	"DateLessThan":              {dated(func(got, want time.Time) bool { return got.Before(want) }), false},
	"DateLessThanEquals":        {dated(func(got, want time.Time) bool { return !got.After(want) }), false},
	"DateGreaterThan":           {dated(func(got, want time.Time) bool { return got.After(want) }), false},
	"DateGreaterThanEquals":     {dated(func(got, want time.Time) bool { return !got.Before(want) }), false},
	"Bool":                      {func(got, want string) bool { return strings.EqualFold(literal(want), got) }, false},
	"BinaryEquals":              {func(got, want string) bool { return literal(want) == got }, false},
	"IpAddress":                 {inNetwork, false},
	"NotIpAddress":              {inNetwork, true},
	"ArnEquals":                 {matchARN, false},
	"ArnNotEquals":              {matchARN, true},
	"ArnLike":                   {matchARN, false},
	"ArnNotLike":                {matchARN, true},
	"Null":                      {nil, false}, // about the key, not its values
}

// parseCondition reads a Condition element. An operator that IAM does not know
// is a breach of the grammar unless it has no keys (moto 5.2.1).
func parseCondition(raw json.RawMessage) ([]condition, error) {
	var blocks map[string]map[string]json.RawMessage
	if err := json.Unmarshal(raw, &blocks); err != nil || blocks == nil {
		return nil, malformed(errSyntax)
	}
	var out []condition
	for name, keys := range blocks {
		if keys == nil {
			return nil, malformed(errSyntax)
		}
		one := condition{operator: name}
		if one.operator, one.all = strings.CutPrefix(one.operator, "ForAllValues:"); !one.all {
			one.operator, one.any = strings.CutPrefix(one.operator, "ForAnyValue:")
		}
		one.operator, one.ifExists = strings.CutSuffix(one.operator, "IfExists")
		if _, ok := operators[one.operator]; !ok && len(keys) > 0 {
			return nil, malformed(errSyntax)
		}
		for key, raw := range keys {
			values, err := scalars(raw)
			if err != nil {
				return nil, err
			}
			one.key, one.values = strings.ToLower(key), values
			out = append(out, one)
		}
	}
	return out, nil
}

// scalars reads the values of a condition's key: a string, a boolean or a
// number, or a list of those.
func scalars(raw json.RawMessage) ([]string, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '[' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var list []any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&list); err != nil {
		return nil, malformed(errSyntax)
	}
	out := []string{}
	for _, value := range list {
		switch value := value.(type) {
		case string:
			out = append(out, value)
		case bool:
			out = append(out, strconv.FormatBool(value))
		case json.Number:
			out = append(out, value.String())
		default:
			return nil, malformed(errSyntax)
		}
	}
	return out, nil
}

// legacyDates says whether all dates of a statement's conditions can be read;
// IAM refuses a policy whose dates cannot.
func (st *statement) legacyDates() bool {
	for _, c := range st.Conditions {
		if !strings.HasPrefix(c.operator, "Date") {
			continue
		}
		for _, value := range c.values {
			if _, ok := parseDate(value); !ok && !strings.Contains(value, "${") {
				return false
			}
		}
	}
	return true
}

// meets says whether a request meets all conditions of a statement.
func (st *statement) meets(q *request) bool {
	for i := range st.Conditions {
		if !st.Conditions[i].met(q, st.variables) {
			return false
		}
	}
	return true
}

// met says whether a request meets a condition. A key that the request does not
// have fails it, but for negated operators, IfExists and ForAllValues.
func (c *condition) met(q *request, variables bool) bool {
	got, exists := q.keys[c.key]
	exists = exists && len(got) > 0
	operator := operators[c.operator]
	switch {
	case c.operator == "Null":
		return slices.ContainsFunc(c.values, func(value string) bool { return strings.EqualFold(value, strconv.FormatBool(!exists)) })
	case !exists:
		return c.ifExists || c.all || operator.negated && !c.any
	}
	one := func(value string) bool {
		hit := slices.ContainsFunc(c.values, func(want string) bool {
			want, known := q.expand(want, variables)
			return known && operator.matches(value, want)
		})
		return hit != operator.negated
	}
	switch {
	case c.all:
		return !slices.ContainsFunc(got, func(value string) bool { return !one(value) })
	case c.any:
		return slices.ContainsFunc(got, one)
	}
	return one(got[0])
}

// literal gives a value of an operator without wildcards: the variables ${*},
// ${?} and ${$} are the characters themselves.
func literal(want string) string { return unescape.Replace(want) }

// Wildcards that a policy variable or ${*} brought in stand for themselves; they
// are kept apart from the policy's own as characters of the private use area.
const (
	plainStar     = '\uf8f0'
	plainQuestion = '\uf8f1'
)

var (
	escape   = strings.NewReplacer("*", string(plainStar), "?", string(plainQuestion))
	unescape = strings.NewReplacer(string(plainStar), "*", string(plainQuestion), "?")
)

// plain is the character that a pattern's character stands for.
func plain(r rune) rune {
	switch r {
	case plainStar:
		return '*'
	case plainQuestion:
		return '?'
	}
	return r
}

// expand puts the values of policy variables into a text of a policy:
// ${aws:username}, ${aws:username, 'default'}, ${*}. A variable without a value
// makes the text match nothing. Policies of 2008-10-17 know no variables.
func (q *request) expand(text string, variables bool) (string, bool) {
	if !variables || !strings.Contains(text, "${") {
		return text, true
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		name, behind, closed := strings.Cut(rest, "}")
		if !closed {
			b.WriteString("${" + rest)
			return b.String(), true
		}
		text = behind
		if name == "*" || name == "?" || name == "$" {
			b.WriteString(escape.Replace(name))
			continue
		}
		name, fallback, hasFallback := strings.Cut(name, ",")
		value, ok := q.keys[strings.ToLower(strings.TrimSpace(name))]
		switch {
		case ok && len(value) == 1:
			b.WriteString(escape.Replace(value[0]))
		case hasFallback:
			b.WriteString(escape.Replace(strings.Trim(strings.TrimSpace(fallback), "'")))
		default:
			return "", false
		}
	}
}

func numeric(compare func(got, want float64) bool) func(got, want string) bool {
	return func(got, want string) bool {
		g, err := strconv.ParseFloat(got, 64)
		w, err2 := strconv.ParseFloat(want, 64)
		return err == nil && err2 == nil && compare(g, w)
	}
}

func dated(compare func(got, want time.Time) bool) func(got, want string) bool {
	return func(got, want string) bool {
		g, ok := parseDate(got)
		w, ok2 := parseDate(want)
		return ok && ok2 && compare(g, w)
	}
}

// parseDate reads the forms of W3C's ISO 8601 profile, and epoch seconds.
func parseDate(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02", "2006-01"} {
		if t, err := time.Parse(layout, strings.ToUpper(text)); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds < 0 {
		return time.Time{}, false
	}
	if seconds > 99_999_999_999 { // epoch milliseconds, as aws:EpochTime's documentation allows
		return time.UnixMilli(seconds).UTC(), true
	}
	return time.Unix(seconds, 0).UTC(), true
}

func inNetwork(got, want string) bool {
	address, err := netip.ParseAddr(got)
	if err != nil {
		return false
	}
	if !strings.Contains(want, "/") {
		single, err := netip.ParseAddr(want)
		return err == nil && single == address
	}
	network, err := netip.ParsePrefix(want)
	return err == nil && network.Contains(address)
}

// matchARN compares ARNs part by part: a wildcard does not reach over a colon,
// but in the last part.
func matchARN(got, want string) bool {
	g, w := strings.SplitN(got, ":", 6), strings.SplitN(want, ":", 6)
	if len(g) != 6 || len(w) != 6 {
		return want == "*"
	}
	for i := range g {
		if !match(w[i], g[i]) {
			return false
		}
	}
	return true
}
