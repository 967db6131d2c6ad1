package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"awslab/runner/shell/workspace"
)

type grepOptions struct {
	extended, plain, fold, invert, numbers, count, list, listNot, quiet, only, word, line, recursive, noName, name, silent bool
	most, after, before                                                                                                    int
	patterns                                                                                                               []string
}

func grep(ctx context.Context, c *Call) int {
	g, names, err := grepParse(c.Args)
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	re, err := g.compile()
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	if g.recursive {
		rest := names
		if len(names) == 0 {
			names = []string{"."}
		}
		var files []string
		for _, given := range names {
			err := c.Files.Walk(given, func(name string, info fs.FileInfo) error {
				if info.Mode().IsRegular() {
					if given == "." && len(rest) > 0 {
						name = "./" + name
					}
					files = append(files, name)
				}
				return ctx.Err()
			})
			if err != nil {
				return c.Fail(2, "%s: %s", given, workspace.Reason(err))
			}
		}
		if len(files) == 0 {
			return 1
		}
		names, g.name = files, true
	}
	out := bufio.NewWriter(c.Stdout)
	titled := (len(names) > 1 || g.name) && !g.noName
	matched := false
	stderr := c.Stderr
	if g.silent {
		c.Stderr = io.Discard
	}
	status := c.each(names, func(name string, in io.Reader) error {
		title := ""
		if titled {
			title = name
		}
		any, err := g.file(c, out, re, name, title, in)
		matched = matched || any
		return flush(out, err)
	})
	c.Stderr = stderr
	switch {
	case status == SIGPIPE || status == 130:
		return status
	case g.quiet && matched:
		return 0
	case status != 0:
		return 2
	case matched:
		return 0
	}
	return 1
}

func grepParse(args []string) (grepOptions, []string, error) {
	var g grepOptions
	opts, rest, err := parse(args, "EFGPivnclLqowxrRhHsm:A:B:C:e:", map[string]byte{
		"extended-regexp": 'E', "fixed-strings": 'F', "perl-regexp": 'P', "ignore-case": 'i', "invert-match": 'v', "line-number": 'n', "count": 'c',
		"files-with-matches": 'l', "quiet": 'q', "silent": 'q', "only-matching": 'o', "word-regexp": 'w', "line-regexp": 'x',
		"recursive": 'r', "no-filename": 'h', "with-filename": 'H', "no-messages": 's', "max-count": 'm', "regexp": 'e',
		"after-context": 'A', "before-context": 'B', "context": 'C',
	})
	if err != nil {
		return g, nil, err
	}
	flags := map[byte]*bool{
		'E': &g.extended, 'P': &g.extended, 'F': &g.plain, 'i': &g.fold, 'v': &g.invert, 'n': &g.numbers, 'c': &g.count, 'l': &g.list, 'L': &g.listNot,
		'q': &g.quiet, 'o': &g.only, 'w': &g.word, 'x': &g.line, 'r': &g.recursive, 'R': &g.recursive, 'h': &g.noName, 'H': &g.name, 's': &g.silent,
	}
	g.most = -1
	for _, o := range opts {
		if flag := flags[o.flag]; flag != nil {
			*flag = true
			continue
		}
		if o.flag == 'e' {
			g.patterns = append(g.patterns, strings.Split(o.value, "\n")...)
			continue
		}
		n, err := strconv.Atoi(o.value)
		if o.flag != 'G' && (err != nil || n < 0) {
			return g, nil, fmt.Errorf("%s: invalid number", o.value)
		}
		switch o.flag {
		case 'm':
			g.most = n
		case 'A':
			g.after = n
		case 'B':
			g.before = n
		case 'C':
			g.after, g.before = n, n
		}
	}
	if g.patterns == nil {
		if len(rest) == 0 {
			return g, nil, fmt.Errorf("usage: grep [OPTION...] PATTERN [FILE...]")
		}
		g.patterns, rest = strings.Split(rest[0], "\n"), rest[1:]
	}
	return g, rest, nil
}

func (g grepOptions) compile() (*regexp.Regexp, error) {
	var parts []string
	for _, p := range g.patterns {
		switch {
		case g.plain:
			p = regexp.QuoteMeta(p)
		case !g.extended:
			p = basicRegexp(p)
		}
		parts = append(parts, "(?:"+p+")")
	}
	text := strings.Join(parts, "|")
	if g.word {
		text = `\b(?:` + text + `)\b`
	}
	if g.line {
		text = `^(?:` + text + `)$`
	}
	if g.fold {
		text = "(?i)" + text
	}
	return regexp.Compile(text)
}

// basicRegexp turns a POSIX basic expression into an extended one: there, \( \)
// \{ \} \| \+ \? are the operators and the bare characters are themselves.
func basicRegexp(p string) string {
	var out strings.Builder
	for i := 0; i < len(p); i++ {
		switch ch := p[i]; {
		case ch == '\\' && i+1 < len(p):
			i++
			if strings.IndexByte("(){}|+?", p[i]) < 0 {
				out.WriteByte('\\')
			}
			out.WriteByte(p[i])
		case strings.IndexByte("(){}|+?", ch) >= 0:
			out.WriteByte('\\')
			out.WriteByte(ch)
		case ch == '*' && (i == 0 || i == 1 && p[0] == '^'):
			out.WriteString(`\*`)
		case ch == '[':
			end := bracketEnd(p, i)
			out.WriteString(strings.ReplaceAll(p[i:end], `\`, `\\`))
			i = end - 1
		default:
			out.WriteByte(ch)
		}
	}
	return out.String()
}

// bracketEnd is where the bracket expression that starts at i ends.
func bracketEnd(p string, i int) int {
	j := i + 1
	if j < len(p) && p[j] == '^' {
		j++
	}
	if j < len(p) && p[j] == ']' {
		j++
	}
	for j < len(p) && p[j] != ']' {
		if strings.HasPrefix(p[j:], "[:") {
			if k := strings.Index(p[j:], ":]"); k > 0 {
				j += k + 1
			}
		}
		j++
	}
	return min(j+1, len(p))
}

func (g grepOptions) file(c *Call, out *bufio.Writer, re *regexp.Regexp, name, title string, in io.Reader) (bool, error) {
	put := func(n int, sep byte, line string) error {
		if title != "" {
			_, _ = fmt.Fprintf(out, "%s%c", title, sep) // the next write reports it
		}
		if g.numbers {
			_, _ = fmt.Fprintf(out, "%d%c", n, sep) // the next write reports it
		}
		_, err := fmt.Fprintln(out, line)
		return err
	}
	n, hits, printed, due := 0, 0, 0, 0
	var before []string
	stop := fmt.Errorf("enough")
	err := c.lines(in, func(line string) error {
		n++
		line = strings.TrimSuffix(line, "\n")
		if re.MatchString(line) == g.invert {
			if due > 0 {
				due--
				printed = n
				return put(n, '-', line)
			}
			if g.most >= 0 && hits >= g.most {
				return stop
			}
			if before = append(before, line); len(before) > g.before {
				before = before[1:]
			}
			return nil
		}
		if g.most >= 0 && hits >= g.most {
			return stop
		}
		hits++
		if g.quiet || g.list || g.listNot {
			return stop
		}
		if g.count {
			return nil
		}
		if g.only && !g.invert {
			for _, m := range re.FindAllString(line, -1) {
				if m != "" {
					if err := put(n, ':', m); err != nil {
						return err
					}
				}
			}
			return nil
		}
		if (g.before > 0 || g.after > 0) && printed > 0 && n-len(before) > printed+1 {
			_, _ = fmt.Fprintln(out, "--") // the next write reports it
		}
		for i, text := range before {
			if err := put(n-len(before)+i, '-', text); err != nil {
				return err
			}
		}
		before, due, printed = before[:0], g.after, n
		if err := put(n, ':', line); err != nil {
			return err
		}
		if g.most >= 0 && hits >= g.most && due == 0 {
			return stop
		}
		return nil
	})
	if errors.Is(err, stop) {
		err = nil
	}
	switch {
	case err != nil || g.quiet:
	case g.list && hits > 0, g.listNot && hits == 0:
		_, err = fmt.Fprintln(out, name)
	case g.count:
		if title != "" {
			_, _ = fmt.Fprintf(out, "%s:", title) // the next write reports it
		}
		_, err = fmt.Fprintln(out, hits)
	}
	return hits > 0, err
}
