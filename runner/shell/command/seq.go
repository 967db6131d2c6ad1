package command

import (
	"bufio"
	"context"
	"math"
	"strconv"
	"strings"
)

func seq(_ context.Context, c *Call) int {
	args, sep, pad := c.Args, "\n", false
	for len(args) > 0 && (args[0] == "-w" || strings.HasPrefix(args[0], "-s")) {
		switch {
		case args[0] == "-w":
			pad = true
		case len(args[0]) > 2:
			sep = args[0][2:]
		case len(args) > 1:
			sep, args = args[1], args[1:]
		}
		args = args[1:]
	}
	if len(args) < 1 || len(args) > 3 {
		return c.Fail(1, "missing operand")
	}
	nums := []float64{1, 1, 1} // first, step, last
	digits := 0
	for i, arg := range args {
		n, err := strconv.ParseFloat(arg, 64)
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return c.Fail(1, "invalid floating point argument: '%s'", arg)
		}
		if _, frac, ok := strings.Cut(arg, "."); ok {
			digits = max(digits, len(frac))
		}
		switch {
		case i == len(args)-1:
			nums[2] = n
		default:
			nums[i] = n
		}
	}
	first, step, last := nums[0], nums[1], nums[2]
	if step == 0 {
		return c.Fail(1, "invalid Zero increment value: '%s'", args[1])
	}
	text := func(n float64) string { return strconv.FormatFloat(n, 'f', digits, 64) }
	width := 0
	if pad {
		width = max(len(text(first)), len(text(last)))
	}
	out := bufio.NewWriter(c.Stdout)
	any := false
	for i := 0.0; ; i++ {
		n := first + i*step
		if step > 0 && n > last+step*1e-9 || step < 0 && n < last+step*1e-9 {
			break
		}
		if any {
			if _, err := out.WriteString(sep); err != nil {
				return ended(err, 1)
			}
		}
		any = true
		s := text(n)
		_, _ = out.WriteString(strings.Repeat("0", max(0, width-len(s))) + s) // Flush reports it
	}
	if any {
		_ = out.WriteByte('\n') // Flush reports it
	}
	return ended(out.Flush(), 0)
}
