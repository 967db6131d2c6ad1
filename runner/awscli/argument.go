package awscli

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"
)

const zipWanted = "--zip-file must be a zip file with the fileb:// prefix.\nExample usage:  --zip-file fileb://path/to/file.zip"

// fromFile replaces file://NAME and fileb://NAME by what the file holds: text,
// or bytes.
func (r *run) fromFile(a argument, value any) (any, error) {
	text, ok := value.(string)
	if list, isList := value.([]string); isList && len(list) == 1 {
		text, ok = list[0], true
	}
	if !ok {
		return value, nil
	}
	name, isText := strings.CutPrefix(text, "file://")
	if !isText {
		var isBinary bool
		if name, isBinary = strings.CutPrefix(text, "fileb://"); !isBinary {
			return value, nil
		}
	}
	cliName := "--" + a.name
	data, err := r.readFile(name)
	if err != nil {
		return nil, parameterError(cliName, fmt.Sprintf("Unable to load paramfile %s: %s", text, pyOSError(err, name)))
	}
	if !isText {
		return data, nil
	}
	if !utf8.Valid(data) {
		return nil, parameterError(cliName, fmt.Sprintf("Unable to load paramfile (%s), text contents could not be decoded.  If this is a binary file, please use the fileb:// prefix instead of the file:// prefix.", name))
	}
	return strings.ReplaceAll(string(data), "\r\n", "\n"), nil
}

func (r *run) readFile(name string) ([]byte, error) {
	if name == "/dev/stdin" && r.cfg.Stdin != nil {
		return io.ReadAll(r.cfg.Stdin)
	}
	if r.cfg.ReadFile == nil {
		return nil, fs.ErrPermission
	}
	return r.cfg.ReadFile(name)
}

// pyOSError tells a file's error as Python does.
func pyOSError(err error, name string) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "[Errno 2] No such file or directory: " + pyRepr(name)
	case errors.Is(err, syscall.EISDIR):
		return "[Errno 21] Is a directory: " + pyRepr(name)
	case errors.Is(err, fs.ErrPermission):
		return "[Errno 13] Permission denied: " + pyRepr(name)
	}
	return err.Error()
}

func isZip(value any) bool {
	var data []byte
	switch v := value.(type) {
	case string:
		data = []byte(v)
	case []byte:
		data = v
	}
	_, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	return err == nil || errors.Is(err, zip.ErrInsecurePath)
}

// unpack turns what was typed, or stood in the file, into a value of the
// argument's type. Value is a string, a list of strings, bytes or a bool.
func unpack(a argument, value any) (any, error) {
	if b, ok := value.(bool); ok {
		return b, nil
	}
	if data, ok := value.([]byte); ok {
		if a.shape.kind == kindBlob {
			return data, nil
		}
		value = string(data)
	}
	cliName := "--" + a.name
	if supportsShorthand(a.shape) && !looksLikeJSON(value) {
		return unpackShorthand(cliName, a.shape, value)
	}
	return unpackValue(cliName, a.shape, value)
}

// supportsShorthand: structures, maps, and lists of those.
func supportsShorthand(s shape) bool {
	switch s.kind {
	case kindStructure, kindMap:
		return !holdsDocument(s)
	case kindList:
		return supportsShorthand(s.element()) || s.element().kind == kindList
	}
	return false
}

func holdsDocument(s shape) bool { return s.kind == kindMap && s.element().kind == kindDocument }

func looksLikeJSON(value any) bool {
	text, ok := value.(string)
	if list, isList := value.([]string); isList && len(list) > 0 {
		text, ok = list[0], true
	}
	text = strings.TrimSpace(text)
	return ok && (strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{"))
}

func unpackShorthand(cliName string, s shape, value any) (any, error) {
	parsed, err := parseAll(s, value)
	if err == nil {
		parsed, err = coerce(parsed, s)
	}
	if fault, ok := errors.AsType[*shorthandError](err); ok {
		return nil, parameterError(cliName, fault.message)
	}
	return parsed, err
}

func parseAll(s shape, value any) (any, error) {
	texts, isList := value.([]string)
	if !isList {
		text, _ := value.(string)
		if s.kind == kindStructure {
			if only := s.members(); len(only) == 1 && only[0].name == "Value" && only[0].shape.kind == kindString && !strings.Contains(text, "=") {
				text = "Value=" + text
			}
		}
		return parseShorthand(text)
	}
	list := []any{}
	for _, text := range texts {
		o, err := parseShorthand(text)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

func unpackValue(cliName string, s shape, value any) (any, error) {
	text, isText := value.(string)
	switch s.kind {
	case kindDocument:
		return unpackJSON(cliName, text)
	case kindStructure, kindMap:
		trimmed := strings.TrimSpace(text)
		if trimmed == "" {
			return nil, generalError("string index out of range")
		}
		if trimmed[0] == '{' {
			return unpackJSON(cliName, text)
		}
		return nil, parameterError(cliName, "Invalid JSON:\n"+text)
	case kindList:
		if isText {
			if strings.HasPrefix(strings.TrimSpace(text), "[") {
				return unpackJSON(cliName, text)
			}
			value = strings.Split(text, "")
		}
		texts, _ := value.([]string)
		if len(texts) == 1 && strings.HasPrefix(strings.TrimSpace(texts[0]), "[") {
			return unpackJSON(cliName, texts[0])
		}
		list := []any{}
		for _, t := range texts {
			element, err := unpackValue(cliName, s.element(), t)
			if err != nil {
				if f, ok := errors.AsType[*failure](err); ok && f.code == ExitGeneral {
					return nil, parameterError(cliName, texts[0])
				}
				return nil, err
			}
			list = append(list, element)
		}
		return list, nil
	case kindInteger, kindLong:
		n, err := pyInt(text)
		if err != nil {
			return nil, generalError("%s", err)
		}
		return json.Number(strconv.FormatInt(n, 10)), nil
	case kindFloat, kindDouble:
		f, err := pyFloat(text)
		if err != nil {
			return nil, generalError("%s", err)
		}
		return floatNumber(f), nil
	case kindBoolean:
		return strings.ToLower(text) != "false" && text != "", nil
	}
	return text, nil
}

func unpackJSON(cliName, text string) (any, error) {
	v, err := decodeJSON(text)
	if err != nil {
		return nil, parameterError(cliName, fmt.Sprintf("Invalid JSON: %s\nJSON received: %s", err, text))
	}
	return v, nil
}
