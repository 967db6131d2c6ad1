package command

import (
	"bufio"
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
)

func tr(_ context.Context, c *Call) int {
	opts, sets, err := parse(c.Args, "cCds", map[string]byte{"complement": 'c', "delete": 'd', "squeeze-repeats": 's'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	var complement, remove, squeeze bool
	for _, o := range opts {
		switch o.flag {
		case 'c', 'C':
			complement = true
		case 'd':
			remove = true
		case 's':
			squeeze = true
		}
	}
	switch {
	case len(sets) == 0:
		return c.Fail(1, "missing operand")
	case len(sets) == 1 && !remove && !squeeze:
		return c.Fail(1, "missing operand after '%s'", sets[0])
	case len(sets) > 2:
		return c.Fail(1, "extra operand '%s'", sets[2])
	}
	from := charset(sets[0])
	var to []rune
	if len(sets) == 2 {
		// SET2 is filled up with its last character anyway: [x*] is x there.
		to = charset(filling.ReplaceAllString(sets[1], "$1"))
	}
	squeezed := from
	if len(to) > 0 {
		squeezed = to
	}
	in := func(r rune) bool { return slices.Contains(from, r) != complement }
	out := bufio.NewWriter(c.Stdout)
	reader := bufio.NewReader(c.Stdin)
	last := rune(-1)
	for {
		r, size, err := reader.ReadRune()
		if errors.Is(err, io.EOF) {
			return ended(out.Flush(), 0)
		}
		if err != nil {
			return ended(err, 1)
		}
		invalid := r == '\uFFFD' && size == 1
		if invalid {
			_ = reader.UnreadRune() // it was just read
			b, _ := reader.ReadByte()
			if err := out.WriteByte(b); err != nil {
				return ended(err, 1)
			}
			continue
		}
		if in(r) {
			if remove {
				continue
			}
			if len(to) > 0 {
				i := slices.Index(from, r)
				if i < 0 || i >= len(to) {
					i = len(to) - 1
				}
				r = to[i]
			}
		}
		if squeeze && r == last && (slices.Contains(squeezed, r) != (complement && len(to) == 0)) {
			continue
		}
		last = r
		if _, err := out.WriteRune(r); err != nil {
			return ended(err, 1)
		}
	}
}

var filling = regexp.MustCompile(`\[(.)\*0*\]$`)

var classes = map[string][][2]rune{
	"upper": {{'A', 'Z'}}, "lower": {{'a', 'z'}}, "digit": {{'0', '9'}},
	"alpha": {{'A', 'Z'}, {'a', 'z'}}, "alnum": {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}},
	"space": {{'\t', '\r'}, {' ', ' '}}, "blank": {{'\t', '\t'}, {' ', ' '}},
	"punct": {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, "xdigit": {{'0', '9'}, {'A', 'F'}, {'a', 'f'}},
	"cntrl": {{0, 31}, {127, 127}}, "print": {{' ', '~'}}, "graph": {{'!', '~'}},
}

// charset spells out a set of tr.
func charset(text string) []rune {
	var out []rune
	add := func(from, to rune) {
		for r := from; r <= to && to-from < 1<<16; r++ {
			out = append(out, r)
		}
	}
	escapes := map[rune]rune{'n': '\n', 't': '\t', 'r': '\r', '\\': '\\', 'a': '\a', 'f': '\f', 'v': '\v', 'b': '\b'}
	rs := []rune(text)
	for i := 0; i < len(rs); i++ {
		if rest := string(rs[i:]); strings.HasPrefix(rest, "[:") {
			name, _, ok := strings.Cut(rest[2:], ":]")
			if ranges := classes[name]; ok && ranges != nil {
				for _, r := range ranges {
					add(r[0], r[1])
				}
				i += len(name) + 3
				continue
			}
		}
		r := rs[i]
		if r == '\\' && i+1 < len(rs) {
			i++
			r = rs[i]
			if r >= '0' && r <= '7' {
				n, digits := rune(0), 0
				for digits < 3 && i+digits < len(rs) && rs[i+digits] >= '0' && rs[i+digits] <= '7' {
					n, digits = n*8+rs[i+digits]-'0', digits+1
				}
				r, i = n, i+digits-1
			} else if e, ok := escapes[r]; ok {
				r = e
			}
		}
		if i+2 < len(rs) && rs[i+1] == '-' {
			add(r, rs[i+2])
			i += 2
			continue
		}
		out = append(out, r)
	}
	return out
}
