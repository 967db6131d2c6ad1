package command

import (
	"context"
	"fmt"
)

func env(_ context.Context, c *Call) int {
	if len(c.Args) > 0 {
		return c.Fail(125, "%s", c.words.EnvCommand)
	}
	for _, line := range c.Environ() {
		if _, err := fmt.Fprintln(c.Stdout, line); err != nil {
			return ended(err, 1)
		}
	}
	return 0
}
