package command

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// maxSort bounds the input of sort, in bytes: it takes several times as much
// memory.
const maxSort = 64 << 20

type sortKey struct {
	from, to         int // fields from 1; to 0: to the line's end
	numeric, reverse bool
	fold             bool
	human, version   bool
	blanks           bool // leading ones do not count
}

func sortLines(ctx context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "nrufbhVk:t:o:s", map[string]byte{"numeric-sort": 'n', "reverse": 'r', "unique": 'u', "ignore-case": 'f', "key": 'k', "field-separator": 't', "output": 'o', "stable": 's'})
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	var whole sortKey
	var keys []sortKey
	unique, stable, sep, output := false, false, "", ""
	for _, o := range opts {
		switch o.flag {
		case 'n':
			whole.numeric = true
		case 'h':
			whole.human = true
		case 'V':
			whole.version = true
		case 'b':
			whole.blanks = true
		case 's':
			stable = true
		case 'r':
			whole.reverse = true
		case 'f':
			whole.fold = true
		case 'u':
			unique = true
		case 't':
			sep = o.value
		case 'o':
			output = o.value
		case 'k':
			key, ok := parseKey(o.value)
			if !ok {
				return c.Fail(2, "invalid key '%s'", o.value)
			}
			keys = append(keys, key)
		}
	}
	var all []string
	size := 0
	if status := c.each(names, func(_ string, in io.Reader) error {
		return c.lines(in, func(line string) error {
			if size += len(line); size > maxSort {
				return c.own(c.words.Input, text.Args{"count": fmt.Sprint(maxSort >> 20)})
			}
			all = append(all, strings.TrimSuffix(line, "\n"))
			return nil
		})
	}); status != 0 {
		return status
	}
	for i := range keys {
		if k := keys[i]; k == (sortKey{from: k.from, to: k.to}) {
			keys[i] = whole
			keys[i].from, keys[i].to = k.from, k.to
		}
	}
	if len(keys) == 0 {
		keys = []sortKey{whole}
	}
	compared := 0
	byKeys := func(a, b string) int {
		if compared++; compared%1024 == 0 && ctx.Err() != nil {
			return 0 // the order no longer matters
		}
		for _, k := range keys {
			if n := k.compare(k.of(a, sep), k.of(b, sep)); n != 0 {
				return n
			}
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b string) int {
		if n := byKeys(a, b); n != 0 || unique || stable {
			return n
		}
		n := strings.Compare(a, b) // the last resort, as in sort(1)
		if whole.reverse {
			return -n
		}
		return n
	})
	if unique {
		all = slices.CompactFunc(all, func(a, b string) bool { return byKeys(a, b) == 0 })
	}
	to := c.Stdout
	if output != "" {
		file, err := c.Files.OpenFile(output, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
		if err != nil {
			return c.Fail(2, "open failed: %s: %s", output, workspace.Reason(err))
		}
		defer func() { _ = file.Close() }() // a failed write was reported
		to = file
	}
	out := bufio.NewWriter(to)
	for _, line := range all {
		if _, err := fmt.Fprintln(out, line); err != nil {
			return ended(err, 2)
		}
	}
	return ended(out.Flush(), 0)
}

func parseKey(text string) (sortKey, bool) {
	from, to, ranged := strings.Cut(text, ",")
	var k sortKey
	field := func(s string) (int, bool) {
		digits := strings.TrimRight(s, "nrfbhV")
		for _, flag := range s[len(digits):] {
			switch flag {
			case 'n':
				k.numeric = true
			case 'h':
				k.human = true
			case 'b':
				k.blanks = true
			case 'V':
				k.version = true
			case 'r':
				k.reverse = true
			case 'f':
				k.fold = true
			}
		}
		// A place within a field (2.3) is not read, rather than misread.
		n, err := strconv.Atoi(digits)
		return n, err == nil && n > 0
	}
	ok := false
	if k.from, ok = field(from); !ok {
		return k, false
	}
	if ranged {
		k.to, ok = field(to)
	}
	return k, ok
}

// of is the part of a line that the key compares.
func (k sortKey) of(line, sep string) string {
	if k.from == 0 {
		return line
	}
	var fields []string
	if sep == "" {
		fields, sep = strings.Fields(line), " "
	} else {
		fields = strings.Split(line, sep)
	}
	if k.from > len(fields) {
		return ""
	}
	to := len(fields)
	if k.to > 0 {
		to = min(to, max(k.to, k.from))
	}
	return strings.Join(fields[k.from-1:to], sep)
}

func (k sortKey) compare(a, b string) int {
	if k.reverse {
		a, b = b, a
	}
	if k.blanks {
		a, b = strings.TrimLeft(a, " \t"), strings.TrimLeft(b, " \t")
	}
	if k.version {
		return compareVersions(a, b)
	}
	if k.human {
		if n := cmp.Compare(magnitude(a), magnitude(b)); n != 0 {
			return n
		}
	}
	if k.numeric || k.human {
		x, y := number(a), number(b)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	if k.fold {
		a, b = strings.ToUpper(a), strings.ToUpper(b)
	}
	return strings.Compare(a, b)
}

// magnitude is the rank of the unit behind a number: 0 for none, 1 for K.
func magnitude(text string) int {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	rest := strings.TrimLeft(strings.TrimPrefix(text, "-"), "0123456789.")
	rank := 0
	if rest != "" {
		rank = strings.IndexByte("KMGTPEZY", strings.ToUpper(rest[:1])[0]) + 1
	}
	if strings.HasPrefix(text, "-") {
		return -rank
	}
	return rank
}

// compareVersions compares runs of digits by their number, the rest by bytes.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		x, y := versionPart(a), versionPart(b)
		digits := func(s string) bool { return s[0] >= '0' && s[0] <= '9' }
		n := strings.Compare(x, y)
		if digits(x) && digits(y) {
			p, q := strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
			n = cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q))
		}
		if n != 0 {
			return n
		}
		a, b = a[len(x):], b[len(y):]
	}
	return cmp.Compare(len(a), len(b))
}

// versionPart is the run of digits, or of other bytes, that text starts with.
func versionPart(text string) string {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	n := 1
	for n < len(text) && digit(text[n]) == digit(text[0]) {
		n++
	}
	return text[:n]
}

// number is the number that a text starts with, or 0.
func number(text string) float64 {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.' || end == 0 && text[end] == '-') {
		end++
	}
	n, _ := strconv.ParseFloat(text[:end], 64)
	return n
}

func uniq(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "cdui", map[string]byte{"count": 'c', "repeated": 'd', "unique": 'u', "ignore-case": 'i'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(names) > 1 {
		return c.Fail(1, "extra operand '%s'", names[min(2, len(names)-1)])
	}
	var counted, repeated, single, fold bool
	for _, o := range opts {
		switch o.flag {
		case 'c':
			counted = true
		case 'd':
			repeated = true
		case 'u':
			single = true
		case 'i':
			fold = true
		}
	}
	return c.each(names, func(_ string, in io.Reader) error {
		out := bufio.NewWriter(c.Stdout)
		last, n := "", 0
		put := func() error {
			if n == 0 || repeated && n < 2 || single && n > 1 {
				return nil
			}
			if counted {
				_, _ = fmt.Fprintf(out, "%7d ", n) // the next write reports it
			}
			_, err := fmt.Fprintln(out, last)
			return err
		}
		err := c.lines(in, func(line string) error {
			line = strings.TrimSuffix(line, "\n")
			if n > 0 && (line == last || fold && strings.EqualFold(line, last)) {
				n++
				return nil
			}
			err := put()
			last, n = line, 1
			return err
		})
		if err == nil {
			err = put()
		}
		return flush(out, err)
	})
}
