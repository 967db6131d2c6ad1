package command

import (
	"context"
	"io"
	"strings"

	"mvdan.cc/sh/v3/expand"
)

// echo and printf stand here although the interpreter has its own: those
// ignore a closed pipe, and a loop that feeds one would never end.

func echo(_ context.Context, c *Call) int {
	args, newline, escapes := c.Args, true, false
options:
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		for _, flag := range args[0][1:] {
			switch flag {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			default:
				break options
			}
		}
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes {
		// Without arguments only escapes are processed, which cannot fail.
		text, _, _ = expand.Format(nil, text, nil)
	}
	if newline {
		text += "\n"
	}
	_, err := io.WriteString(c.Stdout, text)
	return ended(err, 0)
}

// maxWidth bounds a printf directive's width.
const maxWidth = 4

func printf(ctx context.Context, c *Call) int {
	args := c.Args
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return c.Fail(2, "usage: printf format [arguments]")
	}
	format, args := args[0], args[1:]
	if wide(format) {
		return c.Fail(1, "a width of more than %d digits is not available in the lesson's shell", maxWidth)
	}
	if args == nil {
		args = []string{}
	}
	for {
		text, n, err := expand.Format(nil, format, args)
		if err != nil {
			return c.Fail(1, "%v", err)
		}
		if _, err := io.WriteString(c.Stdout, text); err != nil {
			return ended(err, 1)
		}
		args = args[n:]
		if n == 0 || len(args) == 0 || ctx.Err() != nil {
			return 0
		}
	}
}

// wide reports a directive whose width alone could fill the memory.
func wide(format string) bool {
	for _, part := range strings.Split(format, "%")[1:] {
		digits := strings.TrimLeft(part, "+- 0")
		if len(digits)-len(strings.TrimLeft(digits, "0123456789")) > maxWidth {
			return true
		}
	}
	return false
}
