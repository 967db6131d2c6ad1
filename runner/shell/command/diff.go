package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// maxDiff bounds the lines that diff compares one by one.
const maxDiff = 20_000

func diff(ctx context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "uqwbB", map[string]byte{"unified": 'u', "brief": 'q', "ignore-all-space": 'w'})
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	if len(names) != 2 {
		return c.Fail(2, "%s", c.words.TwoFiles)
	}
	var unified, brief, blind bool
	for _, o := range opts {
		switch o.flag {
		case 'u':
			unified = true
		case 'q':
			brief = true
		case 'w', 'b':
			blind = true
		}
	}
	var texts [2][]string
	for i, name := range names {
		data, err := c.ReadFile(name)
		if err != nil {
			return c.Fail(2, "%s: %s", name, workspace.Reason(err))
		}
		texts[i] = strings.SplitAfter(string(data), "\n")
		if last := len(texts[i]) - 1; texts[i][last] == "" {
			texts[i] = texts[i][:last]
		}
	}
	if len(texts[0])+len(texts[1]) > maxDiff {
		return c.Fail(2, "%v", c.own(c.words.Lines, text.Args{"count": fmt.Sprint(maxDiff)}))
	}
	same := func(a, b string) bool {
		if blind {
			return strings.Join(strings.Fields(a), "") == strings.Join(strings.Fields(b), "")
		}
		return a == b
	}
	changes := compareLines(ctx, texts[0], texts[1], same)
	if len(changes) == 0 {
		return 0
	}
	out := bufio.NewWriter(c.Stdout)
	switch {
	case brief:
		_, _ = fmt.Fprintf(out, "Files %s and %s differ\n", names[0], names[1]) // Flush reports it
	case unified:
		_, _ = fmt.Fprintf(out, "--- %s\n+++ %s\n", names[0], names[1]) // Flush reports it
		printUnified(out, texts[0], texts[1], changes)
	default:
		printNormal(out, texts[0], texts[1], changes)
	}
	return ended(out.Flush(), 1)
}

// change says that lines a0 to a1 of one text stand as b0 to b1 in the other;
// from 0, the ends not included.
type change struct{ a0, a1, b0, b1 int }

// compareLines finds the changes by Myers' algorithm, ctx permitting.
func compareLines(ctx context.Context, a, b []string, same func(a, b string) bool) []change {
	var changes []change
	start := 0
	for start < len(a) && start < len(b) && same(a[start], b[start]) {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && same(a[endA-1], b[endB-1]) {
		endA, endB = endA-1, endB-1
	}
	n, m := endA-start, endB-start
	most := n + m
	const far = 4000 // beyond so many edits, the rest counts as one change
	var trace [][]int
	v := map[int]int{1: 0}
	found := -1
	for d := 0; d <= most && found < 0 && d < far && ctx.Err() == nil; d++ {
		row := make([]int, 2*d+1)
		next := make(map[int]int, d+2)
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || k != d && v[k-1] < v[k+1] {
				x = v[k+1]
			} else {
				x = v[k-1] + 1
			}
			for x < n && x-k < m && x-k >= 0 && same(a[start+x], b[start+x-k]) {
				x++
			}
			next[k], row[k+d] = x, x
			if x >= n && x-k >= m {
				found = d
			}
		}
		trace = append(trace, row)
		v = next
	}
	if found < 0 {
		if n+m > 0 {
			changes = append(changes, change{start, endA, start, endB})
		}
		return changes
	}
	x, y := n, m
	for d := found; d > 0; d-- {
		row := trace[d-1]
		at := func(k int) int {
			if k < -(d-1) || k > d-1 {
				return -1
			}
			return row[k+d-1]
		}
		k := x - y
		prev := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			prev = k + 1
		}
		px := at(prev)
		py := px - prev
		c := change{start + px, start + px, start + py, start + py}
		if prev == k+1 {
			c.b1++
		} else {
			c.a1++
		}
		if len(changes) > 0 && changes[len(changes)-1].a0 == c.a1 && changes[len(changes)-1].b0 == c.b1 {
			changes[len(changes)-1].a0, changes[len(changes)-1].b0 = c.a0, c.b0
		} else {
			changes = append(changes, c)
		}
		x, y = px, py
	}
	for i, j := 0, len(changes)-1; i < j; i, j = i+1, j-1 {
		changes[i], changes[j] = changes[j], changes[i]
	}
	return changes
}

func diffLine(out *bufio.Writer, mark, line string) {
	_, _ = out.WriteString(mark + line) // Flush reports it
	if !strings.HasSuffix(line, "\n") {
		_, _ = out.WriteString("\n\\ No newline at end of file\n") // Flush reports it
	}
}

func printNormal(out *bufio.Writer, a, b []string, changes []change) {
	span := func(from, to int) string {
		if to-from <= 1 {
			return fmt.Sprint(max(to, from))
		}
		return fmt.Sprintf("%d,%d", from+1, to)
	}
	for _, c := range changes {
		letter := "c"
		switch {
		case c.a0 == c.a1:
			letter = "a"
		case c.b0 == c.b1:
			letter = "d"
		}
		_, _ = fmt.Fprintf(out, "%s%s%s\n", span(c.a0, c.a1), letter, span(c.b0, c.b1)) // Flush reports it
		for _, line := range a[c.a0:c.a1] {
			diffLine(out, "< ", line)
		}
		if letter == "c" {
			_, _ = fmt.Fprintln(out, "---") // Flush reports it
		}
		for _, line := range b[c.b0:c.b1] {
			diffLine(out, "> ", line)
		}
	}
}

func printUnified(out *bufio.Writer, a, b []string, changes []change) {
	const around = 3
	head := func(from, n int) string {
		switch n {
		case 0:
			return fmt.Sprintf("%d,0", from)
		case 1:
			return fmt.Sprint(from + 1)
		}
		return fmt.Sprintf("%d,%d", from+1, n)
	}
	for i := 0; i < len(changes); {
		j := i
		for j+1 < len(changes) && changes[j+1].a0-changes[j].a1 <= 2*around {
			j++
		}
		first, last := changes[i], changes[j]
		lead := min(around, first.a0)
		trail := min(around, len(a)-last.a1)
		_, _ = fmt.Fprintf(out, "@@ -%s +%s @@\n", // Flush reports it
			head(first.a0-lead, last.a1+trail-first.a0+lead), head(first.b0-lead, last.b1+trail-first.b0+lead))
		at := first.a0 - lead
		for _, c := range changes[i : j+1] {
			for ; at < c.a0; at++ {
				diffLine(out, " ", a[at])
			}
			for _, line := range a[c.a0:c.a1] {
				diffLine(out, "-", line)
			}
			for _, line := range b[c.b0:c.b1] {
				diffLine(out, "+", line)
			}
			at = c.a1
		}
		for ; at < last.a1+trail; at++ {
			diffLine(out, " ", a[at])
		}
		i = j + 1
	}
}
