package command

import (
	"context"
	"fmt"
	"path"
	"strings"
)

func basename(_ context.Context, c *Call) int {
	switch {
	case len(c.Args) == 0:
		return c.Fail(1, "missing operand")
	case len(c.Args) > 2:
		return c.Fail(1, "extra operand '%s'", c.Args[2])
	}
	name := path.Base(c.Args[0])
	if len(c.Args) == 2 && name != c.Args[1] {
		name = strings.TrimSuffix(name, c.Args[1])
	}
	_, err := fmt.Fprintln(c.Stdout, name)
	return ended(err, 0)
}

func dirname(_ context.Context, c *Call) int {
	if len(c.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	for _, name := range c.Args {
		trimmed := strings.TrimRight(name, "/")
		if trimmed == "" && name != "" {
			trimmed = "/"
		}
		if _, err := fmt.Fprintln(c.Stdout, path.Dir(trimmed)); err != nil {
			return ended(err, 1)
		}
	}
	return 0
}
