package command

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/itchyny/gojq"

	"awslab/runner/shell/workspace"
)

type jqOptions struct {
	raw, compact, null, slurp, status, join, text bool
	indent                                        string
	names                                         []string
	values                                        []any
	positional                                    []any
	filter                                        string
	files                                         []string
}

func jq(ctx context.Context, c *Call) int {
	o, err := jqParse(c)
	if err != nil {
		return c.Fail(2, "error: %v\nUse jq --help for help with command-line options.", err)
	}
	query, err := gojq.Parse(o.filter)
	if err != nil {
		return c.Fail(3, "error: %v\njq: 1 compile error", err)
	}
	named := make(map[string]any)
	for i, name := range o.names {
		named[strings.TrimPrefix(name, "$")] = o.values[i]
	}
	positional := o.positional
	if positional == nil {
		positional = []any{}
	}
	inputs := &jqInputs{c: c, o: o}
	defer inputs.close()
	code, err := gojq.Compile(query,
		gojq.WithVariables(append(slices.Clone(o.names), "$ARGS")),
		gojq.WithEnvironLoader(c.Environ),
		gojq.WithInputIter(inputs))
	if err != nil {
		return c.Fail(3, "error: %v\njq: 1 compile error", err)
	}
	values := append(slices.Clone(o.values), map[string]any{"named": named, "positional": positional})
	out := bufio.NewWriter(c.Stdout)
	status, none := 0, true
	var last any
	one := func(input any) (end bool, err error) {
		iter := code.RunWithContext(ctx, input, values...)
		for {
			v, ok := iter.Next()
			if !ok {
				return false, nil
			}
			if err, ok := v.(error); ok {
				if halt, ok := errors.AsType[*gojq.HaltError](err); ok {
					status = halt.ExitCode()
					if text, ok := halt.Value().(string); ok {
						_, _ = io.WriteString(c.Stderr, text) // nobody is left to tell
					} else if halt.Value() != nil {
						_, _ = fmt.Fprintf(c.Stderr, "jq: error (not a string): %s\n", jqText(halt.Value())) // nobody is left to tell
					}
					return true, nil
				}
				if ctx.Err() != nil {
					return true, ctx.Err()
				}
				status = c.Fail(5, "error (at <stdin>): %v", err)
				return false, nil
			}
			none, last = false, v
			if err := o.print(out, v); err != nil {
				return true, err
			}
		}
	}
	if o.null {
		_, err = one(nil)
	} else {
		for {
			v, ok := inputs.Next()
			if !ok {
				break
			}
			if bad, isErr := v.(error); isErr {
				_ = out.Flush() // what came before is still right
				if ctx.Err() != nil {
					return 130
				}
				return c.Fail(2, "%v", bad)
			}
			var end bool
			if end, err = one(v); end || err != nil {
				break
			}
		}
	}
	err = flush(out, err)
	if inputs.failed && status == 0 {
		status = 2
	}
	if o.status && status == 0 {
		switch {
		case none:
			status = 4
		case last == nil || last == false:
			status = 1
		}
	}
	return ended(err, status)
}

func jqParse(c *Call) (jqOptions, error) {
	o := jqOptions{indent: "  "}
	args, mode, filter, file := c.Args, "", false, ""
	take := func(n int) ([]string, error) {
		if len(args) < n+1 {
			return nil, fmt.Errorf("%s takes %d parameters (e.g. %s name value)", args[0], n, args[0])
		}
		got := args[1 : n+1]
		args = args[n:]
		return got, nil
	}
	bind := func(name string, value any) {
		o.names, o.values = append(o.names, "$"+name), append(o.values, value)
	}
	options := true
	for ; len(args) > 0; args = args[1:] {
		arg := args[0]
		if !options || len(arg) < 2 || arg[0] != '-' {
			switch {
			case !filter && file == "":
				o.filter, filter = arg, true
			case mode == "--args":
				o.positional = append(o.positional, arg)
			case mode == "--jsonargs":
				v, err := jqJSON(arg)
				if err != nil {
					return o, fmt.Errorf("invalid JSON text passed to --jsonargs: %q", arg)
				}
				o.positional = append(o.positional, v)
			default:
				o.files = append(o.files, arg)
			}
			continue
		}
		switch arg {
		case "--":
			options = false
		case "--args", "--jsonargs":
			mode = arg
		case "--arg":
			got, err := take(2)
			if err != nil {
				return o, err
			}
			bind(got[0], got[1])
		case "--argjson":
			got, err := take(2)
			if err != nil {
				return o, err
			}
			v, err := jqJSON(got[1])
			if err != nil {
				return o, fmt.Errorf("invalid JSON text passed to --argjson: %q", got[1])
			}
			bind(got[0], v)
		case "--slurpfile", "--rawfile":
			got, err := take(2)
			if err != nil {
				return o, err
			}
			data, err := c.ReadFile(got[1])
			if err != nil {
				return o, fmt.Errorf("bad JSON in %s %s %s: %s", arg, got[0], got[1], workspace.Reason(err))
			}
			if arg == "--rawfile" {
				bind(got[0], string(data))
				continue
			}
			list, err := jqValues(bytes.NewReader(data))
			if err != nil {
				return o, fmt.Errorf("bad JSON in %s %s %s: %w", arg, got[0], got[1], err)
			}
			bind(got[0], list)
		case "--indent":
			got, err := take(1)
			if err != nil {
				return o, err
			}
			n := len(got[0]) == 1 && got[0][0] >= '0' && got[0][0] <= '8'
			if !n {
				return o, fmt.Errorf("cannot indent %s characters", got[0])
			}
			o.indent = strings.Repeat(" ", int(got[0][0]-'0'))
			o.compact = o.indent == ""
		case "--from-file":
			got, err := take(1)
			if err != nil {
				return o, err
			}
			file = got[0]
		default:
			long := map[string]string{
				"--raw-output": "-r", "--compact-output": "-c", "--null-input": "-n", "--slurp": "-s", "--exit-status": "-e",
				"--sort-keys": "-S", "--join-output": "-j", "--raw-input": "-R", "--tab": "-\t", "--monochrome-output": "-M", "--color-output": "-M",
			}
			if strings.HasPrefix(arg, "--") {
				if long[arg] == "" {
					return o, fmt.Errorf("unknown arguments: %s", arg)
				}
				arg = long[arg]
			}
			for _, flag := range arg[1:] {
				switch flag {
				case 'r':
					o.raw = true
				case 'c':
					o.compact = true
				case 'n':
					o.null = true
				case 's':
					o.slurp = true
				case 'e':
					o.status = true
				case 'j':
					o.raw, o.join = true, true
				case 'R':
					o.text = true
				case '\t':
					o.indent = "\t"
				case 'S', 'M', 'C': // keys are always in order, colours never
				case 'f':
					got, err := take(1)
					if err != nil {
						return o, err
					}
					file = got[0]
				default:
					return o, fmt.Errorf("unknown arguments: %s", arg)
				}
			}
		}
	}
	if file != "" {
		data, err := c.ReadFile(file)
		if err != nil {
			return o, fmt.Errorf("could not open %s: %s", file, workspace.Reason(err))
		}
		if filter {
			o.files = append([]string{o.filter}, o.files...)
		}
		o.filter, filter = string(data), true
	}
	if !filter {
		return o, c.own(c.words.JQFilter, nil)
	}
	return o, nil
}

func (o jqOptions) print(out *bufio.Writer, v any) error {
	text, isText := v.(string)
	switch {
	case o.raw && isText:
	case o.compact:
		text = jqText(v)
	default:
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, []byte(jqText(v)), "", o.indent); err != nil {
			return err
		}
		text = pretty.String()
	}
	_, err := out.WriteString(text)
	if !o.join {
		err = out.WriteByte('\n')
	}
	return err
}

func jqText(v any) string {
	data, err := gojq.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}
