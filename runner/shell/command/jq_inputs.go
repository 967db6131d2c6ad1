package command

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"awslab/runner/shell/workspace"
)

// jqInputs are the values of the files, or of stdin, for the filter and for
// its "input" and "inputs".
type jqInputs struct {
	c      *Call
	o      jqOptions
	opened bool
	done   bool
	failed bool
	files  []string
	file   io.ReadCloser
	dec    *json.Decoder
	lines  *bufio.Reader
}

func (in *jqInputs) close() {
	if in.file != nil {
		_ = in.file.Close() // only read
	}
}

// next opens the next file; it reports whether there was one.
func (in *jqInputs) next() bool {
	if !in.opened {
		in.opened, in.files = true, in.o.files
		if len(in.files) == 0 {
			in.files = []string{"-"}
		}
	}
	for len(in.files) > 0 {
		name := in.files[0]
		in.files = in.files[1:]
		in.close()
		file, err := in.c.Open(name)
		if err != nil {
			in.failed = true
			in.c.Fail(2, "error: Could not open %s: %s", name, workspace.Reason(err))
			continue
		}
		in.file, in.lines = file, bufio.NewReader(file)
		in.dec = json.NewDecoder(in.lines)
		in.dec.UseNumber()
		return true
	}
	return false
}

func (in *jqInputs) Next() (any, bool) {
	if in.done {
		return nil, false
	}
	if !in.o.slurp {
		return in.one()
	}
	in.done = true
	if in.o.text {
		var all strings.Builder
		for in.next() {
			data, err := in.c.readAll(in.lines)
			if err != nil {
				return err, true
			}
			all.Write(data)
		}
		return all.String(), true
	}
	list := []any{}
	for {
		v, ok := in.one()
		if !ok {
			return list, true
		}
		if err, bad := v.(error); bad {
			return err, true
		}
		list = append(list, v)
	}
}

func (in *jqInputs) one() (any, bool) {
	for {
		if in.dec == nil && !in.next() {
			return nil, false
		}
		var v any
		var err error
		if in.o.text {
			var line string
			line, err = in.lines.ReadString('\n')
			if line != "" {
				return strings.TrimSuffix(line, "\n"), true
			}
		} else if err = in.dec.Decode(&v); err == nil {
			return v, true
		}
		if err != io.EOF {
			in.done = true
			return fmt.Errorf("error (at %d): %w", in.dec.InputOffset(), err), true
		}
		in.dec = nil
	}
}

func jqJSON(text string) (any, error) {
	list, err := jqValues(strings.NewReader(text))
	if err != nil || len(list) != 1 {
		return nil, errors.New("not one JSON value")
	}
	return list[0], nil
}

func jqValues(r io.Reader) ([]any, error) {
	dec := json.NewDecoder(r)
	dec.UseNumber()
	list := []any{}
	for {
		var v any
		err := dec.Decode(&v)
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
}
