package vtl

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// argument kinds of a signature: s a string, i a whole number, a anything, l a
// list, m a map. Java's own overloads decide; what fits none does not exist.
func fits(args []any, signature string) bool {
	if len(args) != len(signature) {
		return false
	}
	for i, arg := range args {
		ok := true
		switch signature[i] {
		case 's':
			_, ok = arg.(string)
		case 'i':
			_, ok = arg.(int64)
		case 'l':
			_, ok = arg.(*List)
		case 'm':
			_, ok = arg.(*Map)
		}
		if !ok {
			return false
		}
	}
	return true
}

func absent(class, name string) error {
	return &RunError{"awslab does not emulate " + class + "." + name}
}

func outOfRange(what string) error {
	return &RunError{"java.lang.StringIndexOutOfBoundsException: " + what}
}

// ascii reports a text whose bytes are Java's characters.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// length is a text's in UTF-16 units, as Java counts.
func length(s string) int {
	if ascii(s) {
		return len(s)
	}
	n := 0
	for _, c := range s {
		n += max(1, utf16.RuneLen(c))
	}
	return n
}

// cut is Java's substring.
func cut(s string, from, to int64) (string, error) {
	if ascii(s) {
		if from < 0 || to > int64(len(s)) || from > to {
			return "", outOfRange("substring")
		}
		return s[from:to], nil
	}
	units := utf16.Encode([]rune(s))
	if from < 0 || to > int64(len(units)) || from > to {
		return "", outOfRange("substring")
	}
	return string(utf16.Decode(units[from:to])), nil
}

// position is a place in bytes as one in UTF-16 units.
func position(s string, i int) int64 {
	if i < 0 {
		return -1
	}
	return int64(length(s[:i]))
}

// stringMethod calls a method of java.lang.String.
func (r *run) stringMethod(s, name string, args []any) (any, bool, error) {
	switch name {
	case "format", "formatted", "getBytes", "chars", "codePointAt", "codePointBefore", "codePointCount", "codePoints", "contentEquals", "copyValueOf", "getChars", "indent", "intern",
		"lines", "offsetByCodePoints", "regionMatches", "repeat", "stripIndent", "toCharArray", "transform", "translateEscapes":
		return nil, false, absent("String", name)
	}
	if err := r.count(len(s) / 64); err != nil {
		return nil, false, err
	}
	var v any
	switch {
	case fits(args, ""):
		v = plainString(s, name)
	case fits(args, "s"):
		return r.withString(s, name, args[0].(string))
	case fits(args, "i"):
		return withIndex(s, name, args[0].(int64))
	case fits(args, "ii") && (name == "substring" || name == "subSequence"):
		t, err := cut(s, args[0].(int64), args[1].(int64))
		return t, true, err
	case fits(args, "ss"):
		return r.replacing(s, name, args[0].(string), args[1].(string))
	case fits(args, "si"):
		return r.withStringAndIndex(s, name, args[0].(string), args[1].(int64))
	case name == "join" && fits(args, "sl"):
		return r.join(args[0].(string), args[1].(*List))
	case name == "contains" && fits(args, "a"), name == "valueOf" && fits(args, "a"):
		t, err := r.string(args[0])
		if name == "contains" {
			return nil, false, err
		}
		return t, true, err
	}
	if v == nil {
		return nil, false, nil
	}
	if t, ok := v.(string); ok {
		return v, true, r.made(len(t))
	}
	return v, true, nil
}

// plainString are the methods without arguments.
func plainString(s, name string) any {
	switch name {
	case "length":
		return int64(length(s))
	case "isEmpty":
		return s == ""
	case "isBlank":
		return strings.TrimFunc(s, javaSpace) == ""
	case "trim":
		return strings.TrimFunc(s, func(c rune) bool { return c <= ' ' })
	case "strip":
		return strings.TrimFunc(s, javaSpace)
	case "stripLeading":
		return strings.TrimLeftFunc(s, javaSpace)
	case "stripTrailing":
		return strings.TrimRightFunc(s, javaSpace)
	case "toLowerCase":
		return strings.ToLower(s)
	case "toUpperCase":
		return strings.ToUpper(s)
	case "hashCode":
		return int64(hashCode(s))
	}
	return nil
}

// javaSpace is Character.isWhitespace for the usual characters.
func javaSpace(c rune) bool { return c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1c && c <= 0x1f }

// hashCode is String.hashCode.
func hashCode(s string) int32 {
	var h int32
	for _, unit := range utf16.Encode([]rune(s)) {
		h = 31*h + int32(unit)
	}
	return h
}

func (r *run) withString(s, name, arg string) (any, bool, error) {
	switch name {
	case "contains":
		return strings.Contains(s, arg), true, nil
	case "startsWith":
		return strings.HasPrefix(s, arg), true, nil
	case "endsWith":
		return strings.HasSuffix(s, arg), true, nil
	case "indexOf":
		return position(s, strings.Index(s, arg)), true, nil
	case "lastIndexOf":
		return position(s, strings.LastIndex(s, arg)), true, nil
	case "equalsIgnoreCase":
		return strings.EqualFold(s, arg), true, nil
	case "compareTo":
		return int64(compareText(s, arg)), true, nil
	case "compareToIgnoreCase":
		return int64(compareText(strings.ToLower(strings.ToUpper(s)), strings.ToLower(strings.ToUpper(arg)))), true, nil
	case "concat":
		return s + arg, true, r.made(len(s) + len(arg))
	case "matches":
		re, err := r.compile("^(?:"+arg+")$", s)
		if err != nil {
			return nil, true, err
		}
		return re.MatchString(s), true, nil
	case "split":
		v, err := r.split(s, arg, 0)
		return v, true, err
	case "valueOf":
		return arg, true, nil
	}
	return nil, false, nil
}

// compareText is String.compareTo: the difference of the first units that differ,
// or of the lengths.
func compareText(a, b string) int {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return int(x[i]) - int(y[i])
		}
	}
	return len(x) - len(y)
}

func withIndex(s, name string, i int64) (any, bool, error) {
	switch name {
	case "substring":
		t, err := cut(s, i, int64(length(s)))
		return t, true, err
	case "charAt":
		t, err := cut(s, i, i+1)
		return t, true, err
	case "valueOf":
		return numberText(i), true, nil
	}
	return nil, false, nil
}

func (r *run) withStringAndIndex(s, name, arg string, i int64) (any, bool, error) {
	units := int64(length(s))
	switch name {
	case "split":
		v, err := r.split(s, arg, i)
		return v, true, err
	case "indexOf", "startsWith":
		if name == "startsWith" && (i < 0 || i > units) {
			return false, true, nil
		}
		from := min(max(i, 0), units)
		rest, err := cut(s, from, units)
		if err != nil {
			return nil, true, err
		}
		if name == "startsWith" {
			return strings.HasPrefix(rest, arg), true, nil
		}
		if at := position(rest, strings.Index(rest, arg)); at >= 0 {
			return from + at, true, nil
		}
		return int64(-1), true, nil
	case "lastIndexOf":
		head, err := cut(s, 0, min(max(i, -1)+int64(length(arg)), units))
		if i < 0 || err != nil {
			return int64(-1), true, nil
		}
		return position(head, strings.LastIndex(head, arg)), true, nil
	}
	return nil, false, nil
}

func (r *run) replacing(s, name, from, to string) (any, bool, error) {
	var t string
	switch name {
	case "replace":
		n := strings.Count(s, from)
		if err := r.made(len(s) + n*max(0, len(to)-len(from))); err != nil {
			return nil, true, err
		}
		return strings.ReplaceAll(s, from, to), true, nil
	case "replaceAll", "replaceFirst":
		n := -1
		if name == "replaceFirst" {
			n = 1
		}
		var err error
		t, err = r.replaceMatches(s, from, to, n)
		return t, true, err
	}
	return nil, false, nil
}

// join is String.join, which templates call on any string.
func (r *run) join(separator string, l *List) (any, bool, error) {
	parts := make([]string, len(l.Items))
	for i, item := range l.Items {
		s, err := r.string(item)
		if err != nil {
			return nil, true, err
		}
		parts[i] = s
		if err := r.made(len(s) + len(separator)); err != nil {
			return nil, true, err
		}
	}
	return strings.Join(parts, separator), true, nil
}
