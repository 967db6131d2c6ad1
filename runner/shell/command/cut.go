package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
)

type span struct{ from, to int }

func spans(list string) ([]span, bool) {
	var out []span
	for _, part := range strings.Split(list, ",") {
		from, to, ranged := strings.Cut(part, "-")
		s := span{1, 1 << 30}
		var err error
		if from != "" {
			s.from, err = strconv.Atoi(from)
		}
		if err != nil || s.from < 1 || part == "-" {
			return nil, false
		}
		if !ranged {
			s.to = s.from
		} else if to != "" {
			if s.to, err = strconv.Atoi(to); err != nil || s.to < s.from {
				return nil, false
			}
		}
		out = append(out, s)
	}
	return out, true
}

func picked(list []span, i int) bool {
	for _, s := range list {
		if i >= s.from && i <= s.to {
			return true
		}
	}
	return false
}

func cut(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "f:d:c:b:s", map[string]byte{"fields": 'f', "delimiter": 'd', "characters": 'c', "bytes": 'b', "only-delimited": 's'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	var list []span
	var mode byte
	delim, only := "\t", false
	for _, o := range opts {
		switch o.flag {
		case 'f', 'c', 'b':
			if mode != 0 {
				return c.Fail(1, "only one list may be specified")
			}
			ok := false
			if list, ok = spans(o.value); !ok {
				return c.Fail(1, "invalid list: '%s'", o.value)
			}
			mode = o.flag
		case 'd':
			if len([]rune(o.value)) != 1 {
				return c.Fail(1, "the delimiter must be a single character")
			}
			delim = o.value
		case 's':
			only = true
		}
	}
	if mode == 0 {
		return c.Fail(1, "you must specify a list of bytes, characters, or fields")
	}
	return c.each(names, func(_ string, in io.Reader) error {
		out := bufio.NewWriter(c.Stdout)
		return flush(out, c.lines(in, func(line string) error {
			line = strings.TrimSuffix(line, "\n")
			var parts []string
			sep := ""
			switch {
			case mode == 'f' && !strings.Contains(line, delim):
				if only {
					return nil
				}
				_, err := fmt.Fprintln(out, line)
				return err
			case mode == 'f':
				parts, sep = strings.Split(line, delim), delim
			case mode == 'b':
				for i := range len(line) {
					parts = append(parts, line[i:i+1])
				}
			default:
				parts = strings.Split(line, "")
			}
			var kept []string
			for i, p := range parts {
				if picked(list, i+1) {
					kept = append(kept, p)
				}
			}
			_, err := fmt.Fprintln(out, strings.Join(kept, sep))
			return err
		}))
	})
}
