package command

import (
	"context"
	"fmt"
	"path"
	"strings"
)

const basenameUsage = `
usage: basename PATH [SUFFIX]
`

func basename(_ context.Context, c *Call) int {
	if len(c.Args) == 0 || len(c.Args) > 2 {
		return c.Fail(1, "usage: basename PATH [SUFFIX]")
	}
	name := path.Base(c.Args[0])
	if len(c.Args) == 2 && name != c.Args[1] {
		name = strings.TrimSuffix(name, c.Args[1])
	}
	_, err := fmt.Fprintln(c.Stdout, name)
	return ended(err, 0)
}

const dirnameUsage = `
usage: dirname PATH...
`

func dirname(_ context.Context, c *Call) int {
	if len(c.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	for _, name := range c.Args {
		if _, err := fmt.Fprintln(c.Stdout, path.Dir(strings.TrimRight(name, "/"))); err != nil {
			return ended(err, 1)
		}
	}
	return 0
}
