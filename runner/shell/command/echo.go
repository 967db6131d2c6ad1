package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"awslab/runner/text"
)

// echo and printf stand here although the interpreter has its own: those
// ignore a closed pipe, and a loop that feeds one would never end.

func echo(_ context.Context, c *Call) int {
	args, newline, escapes := c.Args, true, false
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "neE") == "" {
		for _, flag := range args[0][1:] {
			switch flag {
			case 'n':
				newline = false
			case 'e':
				escapes = true
			case 'E':
				escapes = false
			}
		}
		args = args[1:]
	}
	text := strings.Join(args, " ")
	if escapes {
		var stop bool
		if text, stop = unescape(text, true); stop {
			newline = false
		}
	}
	if newline {
		text += "\n"
	}
	_, err := io.WriteString(c.Stdout, text)
	return ended(err, 0)
}

var plainEscapes = map[byte]byte{'a': '\a', 'b': '\b', 'e': 0x1b, 'E': 0x1b, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\'}

// unescape carries out a text's backslashes. Those of echo and of %b want a
// zero before octal digits, and know \c, which ends all output.
func unescape(text string, echo bool) (out string, stop bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		ch := text[i]
		plain, isPlain := plainEscapes[ch]
		digits := func(from, most int, set string) string {
			n := 0
			for n < most && from+n < len(text) && strings.IndexByte(set, text[from+n]) >= 0 {
				n++
			}
			return text[from : from+n]
		}
		const octal, hex = "01234567", "0123456789abcdefABCDEF"
		switch {
		case isPlain:
			b.WriteByte(plain)
		case ch == 'c' && echo:
			return b.String(), true
		case ch == '0' && echo:
			d := digits(i+1, 3, octal)
			n, _ := strconv.ParseUint("0"+d, 8, 16) // digits only
			b.WriteByte(byte(n))
			i += len(d)
		case ch >= '0' && ch <= '7':
			d := digits(i, 3, octal)
			n, _ := strconv.ParseUint(d, 8, 16) // digits only
			b.WriteByte(byte(n))
			i += len(d) - 1
		case ch == 'x' || ch == 'u' || ch == 'U':
			d := digits(i+1, map[byte]int{'x': 2, 'u': 4, 'U': 8}[ch], hex)
			if d == "" {
				b.WriteString(`\` + string(ch))
				continue
			}
			n, _ := strconv.ParseUint(d, 16, 32) // digits only
			if ch == 'x' {
				b.WriteByte(byte(n))
			} else {
				b.WriteRune(rune(n))
			}
			i += len(d)
		case (ch == '"' || ch == '\'') && !echo:
			b.WriteByte(ch)
		default:
			b.WriteByte('\\')
			b.WriteByte(ch)
		}
	}
	return b.String(), false
}

// maxWidth bounds a printf directive's width and precision, which alone could
// fill the memory.
const maxWidth = 9999

func printf(ctx context.Context, c *Call) int {
	args := c.Args
	if len(args) > 0 && args[0] == "-v" {
		return c.Fail(2, "%s", c.words.PrintfVariable)
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return c.Fail(2, "usage: printf format [arguments]")
	}
	p := &printing{c: c, args: args[1:]}
	for {
		left := len(p.args)
		text, err := p.once(args[0])
		if _, werr := io.WriteString(c.Stdout, text); werr != nil {
			return ended(werr, 1)
		}
		switch {
		case errors.Is(err, errStop):
			return p.status
		case err != nil:
			return c.Fail(1, "%v", err)
		case len(p.args) == 0 || len(p.args) == left || ctx.Err() != nil:
			return p.status
		}
	}
}

// printing is one call of printf.
type printing struct {
	c      *Call
	args   []string
	status int
}

var errStop = errors.New("\\c")

func (p *printing) next() string {
	if len(p.args) == 0 {
		return ""
	}
	arg := p.args[0]
	p.args = p.args[1:]
	return arg
}

func (p *printing) tooWide() error {
	return p.c.own(p.c.words.PrintfWidth, text.Args{"count": fmt.Sprint(maxWidth)})
}

// once fills the format in once.
func (p *printing) once(format string) (string, error) {
	var b strings.Builder
	for format != "" {
		plain, rest, found := strings.Cut(format, "%")
		text, _ := unescape(plain, false)
		b.WriteString(text)
		if !found {
			break
		}
		n := len(rest) - len(strings.TrimLeft(rest, "-+ #0'"))
		flags := strings.ReplaceAll(rest[:n], "'", "")
		rest = rest[n:]
		number := func() (string, error) {
			if strings.HasPrefix(rest, "*") {
				rest = rest[1:]
				n, err := strconv.Atoi(p.next())
				if err != nil || n > maxWidth || n < -maxWidth {
					return "", p.tooWide()
				}
				return strconv.Itoa(n), nil
			}
			n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
			digits := rest[:n]
			rest = rest[n:]
			if value, err := strconv.Atoi(digits); digits != "" && (err != nil || value > maxWidth) {
				return "", p.tooWide()
			}
			return digits, nil
		}
		spec, err := number()
		if err != nil {
			return b.String(), err
		}
		spec = "%" + flags + spec
		if after, ok := strings.CutPrefix(rest, "."); ok {
			rest = after
			precision, err := number()
			if err != nil {
				return b.String(), err
			}
			spec += "." + precision
		}
		rest = strings.TrimLeft(rest, "hlLjzt")
		if rest == "" {
			return b.String(), errors.New("`%': missing format character")
		}
		verb := rest[0]
		format = rest[1:]
		text, err = p.directive(spec, verb)
		b.WriteString(text)
		if err != nil {
			return b.String(), err
		}
	}
	return b.String(), nil
}

func (p *printing) directive(spec string, verb byte) (string, error) {
	switch verb {
	case '%':
		return "%", nil
	case 's':
		return fmt.Sprintf(spec+"s", p.next()), nil
	case 'b':
		text, stop := unescape(p.next(), true)
		if stop {
			return fmt.Sprintf(spec+"s", text), errStop
		}
		return fmt.Sprintf(spec+"s", text), nil
	case 'q':
		quoted, err := syntax.Quote(p.next(), syntax.LangBash)
		return fmt.Sprintf(spec+"s", quoted), err
	case 'c':
		arg := p.next()
		return fmt.Sprintf(spec+"s", arg[:min(1, len(arg))]), nil
	case 'd', 'i':
		return fmt.Sprintf(spec+"d", p.integer()), nil
	case 'u':
		return fmt.Sprintf(spec+"d", uint64(p.integer())), nil
	case 'o', 'x', 'X':
		return fmt.Sprintf(spec+string(verb), uint64(p.integer())), nil
	case 'e', 'E', 'f', 'F', 'g', 'G':
		arg := p.next()
		value, err := strconv.ParseFloat(arg, 64)
		if err != nil && arg != "" {
			p.wrong(arg)
		}
		if (verb == 'g' || verb == 'G') && !strings.Contains(spec, ".") {
			spec += ".6"
		}
		return fmt.Sprintf(spec+string(verb), value), nil
	}
	return "", fmt.Errorf("`%c': invalid format character", verb)
}

// integer is the next argument as a number: decimal, 0x or 0; a quotation mark
// before a character asks for its code.
func (p *printing) integer() int64 {
	arg := p.next()
	if len(arg) > 1 && (arg[0] == '\'' || arg[0] == '"') {
		return int64([]rune(arg[1:])[0])
	}
	text := strings.TrimSpace(arg)
	value, err := strconv.ParseInt(text, 0, 64)
	if (err != nil || strings.ContainsAny(text, "_oObB") && !strings.HasPrefix(strings.ToLower(strings.TrimLeft(text, "+-")), "0x")) && arg != "" {
		p.wrong(arg)
		digits := strings.TrimLeft(text, "+-")
		digits = digits[:len(digits)-len(strings.TrimLeft(digits, "0123456789"))]
		value, _ = strconv.ParseInt(digits, 10, 64) // what it begins with counts
		if strings.HasPrefix(text, "-") {
			value = -value
		}
	}
	return value
}

func (p *printing) wrong(arg string) { p.status = p.c.Fail(1, "%s: invalid number", arg) }
