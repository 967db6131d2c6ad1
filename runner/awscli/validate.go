package awscli

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"awslab/runner/awsmodel"
)

// decodeBlobs turns the text of blobs into bytes: from base64, or as it stands
// if raw. What came from fileb:// is bytes already.
func decodeBlobs(v any, s shape, raw bool) (any, error) {
	switch s.kind {
	case kindBlob:
		text, ok := v.(string)
		if !ok {
			return v, nil
		}
		if raw {
			return []byte(text), nil
		}
		data, ok := pyBase64(text)
		if !ok {
			return nil, generalError("Invalid base64: \"%s\"", text)
		}
		return data, nil
	case kindStructure:
		if o, ok := v.(*awsmodel.Object); ok {
			for _, m := range s.members() {
				if e, ok := o.Get(m.name); ok {
					e, err := decodeBlobs(e, m.shape, raw)
					if err != nil {
						return nil, err
					}
					o.Set(m.name, e)
				}
			}
		}
	case kindList, kindMap:
		if list, ok := v.([]any); ok && s.kind == kindList {
			for i := range list {
				e, err := decodeBlobs(list[i], s.element(), raw)
				if err != nil {
					return nil, err
				}
				list[i] = e
			}
		}
		if o, ok := v.(*awsmodel.Object); ok && s.kind == kindMap {
			for _, k := range o.Keys() {
				e, _ := o.Get(k)
				e, err := decodeBlobs(e, s.element(), raw)
				if err != nil {
					return nil, err
				}
				o.Set(k, e)
			}
		}
	}
	return v, nil
}

// pyBase64 is Python's b64decode: characters outside the alphabet are passed
// over, and the padding must be there.
func pyBase64(text string) ([]byte, bool) {
	var kept strings.Builder
	pads := 0
	for _, r := range text {
		if r == '=' {
			if n := kept.Len() % 4; n >= 2 {
				if pads++; n+pads >= 4 {
					break
				}
			}
			continue
		}
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '+' || r == '/' {
			kept.WriteRune(r)
			pads = 0
		}
	}
	if n := kept.Len() % 4; n != 0 && n+pads < 4 {
		return nil, false
	}
	data, err := base64.RawStdEncoding.DecodeString(kept.String())
	return data, err == nil
}

// validate refuses parameters as botocore does before it sends anything: what
// is missing, unknown, of the wrong type, too short or too small.
func validate(params *awsmodel.Object, s shape) error {
	v := &validator{}
	v.check(params, s, "", noLeast)
	if len(v.faults) == 0 {
		return nil
	}
	return badParameter("Parameter validation failed:\n%s", strings.Join(v.faults, "\n"))
}

type validator struct{ faults []string }

func (v *validator) report(format string, args ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, args...))
}

func parameterName(path string) string {
	if path == "" {
		return "input"
	}
	return strings.TrimPrefix(path, ".")
}

func (v *validator) check(value any, s shape, path string, least int) {
	switch s.kind {
	case kindStructure:
		if o, ok := value.(*awsmodel.Object); ok {
			v.checkStructure(o, s, path)
		} else {
			v.wrongType(value, path, "<class 'dict'>")
		}
	case kindMap:
		o, ok := value.(*awsmodel.Object)
		if !ok {
			v.wrongType(value, path, "<class 'dict'>")
			return
		}
		for _, k := range o.Keys() {
			e, _ := o.Get(k)
			v.check(e, s.element(), path+"."+k, noLeast)
		}
	case kindList:
		list, ok := value.([]any)
		if !ok {
			v.wrongType(value, path, "<class 'list'>, <class 'tuple'>")
			return
		}
		v.checkLength(len(list), path, least)
		for i, e := range list {
			v.check(e, s.element(), fmt.Sprintf("%s[%d]", path, i), noLeast)
		}
	case kindString:
		text, ok := value.(string)
		if !ok {
			v.wrongType(value, path, "<class 'str'>")
			return
		}
		v.checkLength(utf8.RuneCountInString(text), path, least)
	case kindInteger, kindLong:
		n, ok := value.(json.Number)
		if !ok || isFloat(n) {
			v.wrongType(value, path, "<class 'int'>")
			return
		}
		v.checkRange(n, path, least)
	case kindFloat, kindDouble:
		n, ok := value.(json.Number)
		if !ok {
			v.wrongType(value, path, "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>")
			return
		}
		v.checkRange(n, path, least)
	case kindBoolean:
		if _, ok := value.(bool); !ok {
			v.wrongType(value, path, "<class 'bool'>")
		}
	case kindBlob:
		switch value.(type) {
		case []byte, string:
		default:
			v.wrongType(value, path, "<class 'bytes'>, <class 'bytearray'>, file-like object")
		}
	case kindTimestamp:
		if _, ok := parseTimestamp(value); !ok {
			v.wrongType(value, path, "<class 'datetime.datetime'>, timestamp-string")
		}
	}
}

func (v *validator) checkStructure(o *awsmodel.Object, s shape, path string) {
	members := s.members()
	var names []string
	for _, m := range members {
		names = append(names, m.name)
		if _, has := o.Get(m.name); m.required && !m.token && !has {
			v.report("Missing required parameter in %s: \"%s\"", parameterName(path), m.name)
		}
	}
	var known []shapeMember
	for _, k := range o.Keys() {
		if m, ok := s.member(k); ok {
			known = append(known, m)
		} else {
			v.report("Unknown parameter in %s: \"%s\", must be one of: %s", parameterName(path), k, strings.Join(names, ", "))
		}
	}
	for _, m := range known {
		value, _ := o.Get(m.name)
		v.check(value, m.shape, path+"."+m.name, m.least)
	}
}

func (v *validator) wrongType(value any, path, valid string) {
	v.report("Invalid type for parameter %s, value: %s, type: %s, valid types: %s", parameterName(path), pyStr(value), pyType(value), valid)
}

func (v *validator) checkLength(n int, path string, least int) {
	if n < least {
		v.report("Invalid length for parameter %s, value: %d, valid min length: %d", parameterName(path), n, least)
	}
}

func (v *validator) checkRange(n json.Number, path string, least int) {
	if f, err := n.Float64(); err == nil && f < float64(least) {
		v.report("Invalid value for parameter %s, value: %s, valid min value: %d", parameterName(path), n, least)
	}
}

// timeLayouts are the spellings of a time that people use.
var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102T150405Z",
}

// parseTimestamp reads seconds since 1970, or a date with or without a time.
func parseTimestamp(value any) (time.Time, bool) {
	text := pyStr(value)
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return time.UnixMilli(int64(f * 1000)).UTC(), true
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}
