package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

func cat(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "nu", map[string]byte{"number": 'n'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	numbered := false
	for _, o := range opts {
		numbered = numbered || o.flag == 'n'
	}
	line := 0
	return c.each(names, func(_ string, in io.Reader) error {
		if !numbered {
			_, err := io.Copy(c.Stdout, in)
			return err
		}
		out := bufio.NewWriter(c.Stdout)
		return flush(out, c.lines(in, func(text string) error {
			line++
			_, err := fmt.Fprintf(out, "%6d\t%s", line, text)
			return err
		}))
	})
}

// openFailed are the words of tools that say more than a file's name.
var openFailed = map[string]string{
	"head": "cannot open '%s' for reading", "tail": "cannot open '%s' for reading", "sort": "cannot read: %s",
}

// each calls fn for every named file, or for stdin if there is none, complains
// about those that fail, and returns the exit code: 0, or 1 if one failed.
func (c *Call) each(names []string, fn func(name string, in io.Reader) error) int {
	if len(names) == 0 {
		names = []string{"-"}
	}
	status := 0
	for _, name := range names {
		in, err := c.Open(name)
		if err != nil {
			said := openFailed[c.Name]
			if said == "" {
				said = "%s"
			}
			status = c.Fail(1, said+": %s", name, workspace.Reason(err))
			continue
		}
		err = fn(name, in)
		_ = in.Close() // only read
		if err == nil {
			continue
		}
		if code := ended(err, 0); code == SIGPIPE || code == 130 {
			return code
		}
		status = c.Fail(1, "%s: %s", name, workspace.Reason(err))
	}
	return status
}

// maxLine bounds a line that a filter keeps in memory, in bytes.
const maxLine = 64 << 20

// lines calls fn for every line of in, with its newline if it has one.
func (c *Call) lines(in io.Reader, fn func(line string) error) error {
	r := bufio.NewReader(in)
	var long []byte
	for {
		part, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			if long = append(long, part...); len(long) > maxLine {
				return c.own(c.words.Line, text.Args{"count": fmt.Sprint(maxLine >> 20)})
			}
			continue
		}
		if text := string(append(long, part...)); text != "" {
			if err := fn(text); err != nil {
				return err
			}
		}
		long = long[:0]
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// flush writes what out still holds, unless err says that it is too late.
func flush(out *bufio.Writer, err error) error {
	if err != nil {
		return err
	}
	return out.Flush()
}
