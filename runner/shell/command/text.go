package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"awslab/runner/shell/workspace"
)

// textCommands are the filters.
func textCommands() []Spec {
	return []Spec{
		{Name: "head", Run: head},
		{Name: "tail", Run: tail},
		{Name: "wc", Run: wc},
		{Name: "cut", Run: cut},
		{Name: "tee", Run: tee},
		{Name: "seq", Run: seq},
		{Name: "sort", Run: sortLines},
		{Name: "uniq", Run: uniq},
		{Name: "tr", Run: tr},
		{Name: "grep", Run: grep},
		{Name: "diff", Run: diff},
	}
}

// count reads the options that head and tail share.
func (c *Call) count(short string) (n int, sign byte, bytes, quiet, follow bool, names []string, err error) {
	args := make([]string, 0, len(c.Args))
	for i, a := range c.Args { // -5 is -n 5
		value := i > 0 && (c.Args[i-1] == "-n" || c.Args[i-1] == "-c")
		if !value && len(a) > 1 && a[0] == '-' && strings.Trim(a[1:], "0123456789") == "" {
			a = "-n" + a[1:]
		}
		args = append(args, a)
	}
	opts, names, err := parse(args, short, map[string]byte{"lines": 'n', "bytes": 'c', "quiet": 'q'})
	n = 10
	for _, o := range opts {
		switch o.flag {
		case 'n', 'c':
			bytes = o.flag == 'c'
			text := o.value
			sign = 0
			if text != "" && (text[0] == '+' || text[0] == '-') {
				sign, text = text[0], text[1:]
			}
			if n, err = strconv.Atoi(text); err != nil || n > 1<<40 {
				return 0, 0, false, false, false, nil, fmt.Errorf("invalid number of %s: '%s'", map[bool]string{true: "bytes", false: "lines"}[bytes], o.value)
			}
		case 'q':
			quiet = true
		case 'f', 'F':
			follow = true
		}
	}
	return n, sign, bytes, quiet, follow, names, err
}

func (c *Call) title(names []string, quiet bool, i *int, name string) error {
	if len(names) < 2 || quiet {
		return nil
	}
	if name == "-" {
		name = "standard input"
	}
	lead := ""
	if *i > 0 {
		lead = "\n"
	}
	*i++
	_, err := fmt.Fprintf(c.Stdout, "%s==> %s <==\n", lead, name)
	return err
}

func head(_ context.Context, c *Call) int {
	n, sign, bytes, quiet, _, names, err := c.count("n:c:q")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	i := 0
	return c.each(names, func(name string, in io.Reader) error {
		if err := c.title(names, quiet, &i, name); err != nil {
			return err
		}
		if bytes && sign != '-' {
			_, err := io.Copy(c.Stdout, io.LimitReader(in, int64(n)))
			return err
		}
		if bytes {
			data, err := c.readAll(in)
			if err == nil {
				_, err = c.Stdout.Write(data[:max(0, len(data)-n)])
			}
			return err
		}
		out := bufio.NewWriter(c.Stdout)
		var held []string
		seen := 0
		if n == 0 && sign != '-' {
			return nil
		}
		err := c.lines(in, func(line string) error {
			if sign == '-' {
				if held = append(held, line); len(held) <= n {
					return nil
				}
				line, held = held[0], held[1:]
			}
			_, err := out.WriteString(line)
			if seen++; err == nil && sign != '-' && seen >= n {
				return io.EOF
			}
			return err
		})
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return flush(out, err)
	})
}

func tail(_ context.Context, c *Call) int {
	n, sign, bytes, quiet, follow, names, err := c.count("n:c:qfF")
	switch {
	case err != nil:
		return c.Fail(1, "%v", err)
	case follow:
		return c.Fail(1, "%s", c.words.TailFollow)
	}
	i := 0
	return c.each(names, func(name string, in io.Reader) error {
		if err := c.title(names, quiet, &i, name); err != nil {
			return err
		}
		if bytes {
			data, err := c.readAll(in)
			if err == nil {
				from := max(0, len(data)-n)
				if sign == '+' {
					from = min(max(0, n-1), len(data))
				}
				_, err = c.Stdout.Write(data[from:])
			}
			return err
		}
		out := bufio.NewWriter(c.Stdout)
		var held []string
		seen := 0
		err := c.lines(in, func(line string) error {
			seen++
			if sign == '+' {
				if seen < n {
					return nil
				}
				_, err := out.WriteString(line)
				return err
			}
			if held = append(held, line); len(held) > n {
				held = held[1:]
			}
			return nil
		})
		for _, line := range held {
			_, _ = out.WriteString(line) // Flush reports it
		}
		return flush(out, err)
	})
}

func wc(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "lwcm", map[string]byte{"lines": 'l', "words": 'w', "bytes": 'c', "chars": 'm'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	want := make(map[byte]bool)
	for _, o := range opts {
		want[o.flag] = true
	}
	if len(want) == 0 {
		want = map[byte]bool{'l': true, 'w': true, 'c': true}
	}
	width := 1
	if len(names) == 0 && len(want) > 1 {
		width = 7
	}
	type row struct {
		name  string
		count map[byte]int
	}
	total := map[byte]int{}
	var rows []row
	status := c.each(names, func(name string, in io.Reader) error {
		count := map[byte]int{}
		err := c.lines(in, func(line string) error {
			count['l'] += strings.Count(line, "\n")
			count['w'] += len(strings.Fields(line))
			count['c'] += len(line)
			count['m'] += utf8.RuneCountInString(line)
			return nil
		})
		for flag, n := range count {
			total[flag] += n
		}
		if name == "-" && len(names) == 0 {
			name = ""
		}
		rows = append(rows, row{name, count})
		return err
	})
	if len(names) > 1 {
		rows = append(rows, row{"total", total})
	}
	if len(names) > 1 || len(names) == 1 && len(want) > 1 {
		width = len(strconv.Itoa(total['c']))
	}
	for _, r := range rows {
		var cols []string
		for _, flag := range []byte("lwmc") {
			if want[flag] {
				cols = append(cols, fmt.Sprintf("%*d", width, r.count[flag]))
			}
		}
		if r.name != "" {
			cols = append(cols, r.name)
		}
		if _, err := fmt.Fprintln(c.Stdout, strings.Join(cols, " ")); err != nil {
			return ended(err, 1)
		}
	}
	return status
}

func tee(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "a", map[string]byte{"append": 'a'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if len(opts) > 0 {
		flag = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	status := 0
	outs := []io.Writer{c.Stdout}
	var files []io.Closer
	for _, name := range names {
		file, err := c.Files.OpenFile(name, flag, 0o644)
		if err != nil {
			status = c.Fail(1, "%s: %s", name, workspace.Reason(err))
			continue
		}
		outs, files = append(outs, file), append(files, file)
	}
	_, err = io.Copy(io.MultiWriter(outs...), c.Stdin)
	for _, f := range files {
		if e := f.Close(); err == nil {
			err = e
		}
	}
	if code := ended(err, status); err == nil || code != 1 {
		return code
	}
	return c.Fail(1, "%s", workspace.Reason(err))
}
