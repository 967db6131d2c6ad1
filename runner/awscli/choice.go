package awscli

import (
	"fmt"
	"slices"
	"strings"
)

// invalidChoice lists the choices as the AWS CLI does, and names those that
// look like what was typed.
func invalidChoice(value string, choices []string) string {
	lines := []string{"Invalid choice, valid choices are:\n"}
	for pair := range slices.Chunk(choices, 2) {
		cells := make([]string, len(pair))
		for i, c := range pair {
			cells[i] = fmt.Sprintf("%-40s", c)
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	if near := closeMatches(value, choices); len(near) > 0 {
		lines = append(lines, fmt.Sprintf("\n\nInvalid choice: %s, maybe you meant:\n", pyRepr(value)))
		for _, c := range near {
			lines = append(lines, "  * "+c)
		}
	}
	return strings.Join(lines, "\n")
}

// closeMatches are up to three choices at least 0.8 alike, the likest first:
// difflib.get_close_matches.
func closeMatches(word string, choices []string) []string {
	type scored struct {
		score float64
		word  string
	}
	var found []scored
	for _, c := range choices {
		if score := alike(c, word); score >= 0.8 {
			found = append(found, scored{score, c})
		}
	}
	slices.SortStableFunc(found, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return strings.Compare(b.word, a.word) // heapq.nlargest compares the words next
	})
	var words []string
	for _, f := range found[:min(3, len(found))] {
		words = append(words, f.word)
	}
	return words
}

// alike is difflib's ratio: twice the matching characters over all of them
// (Ratcliff and Obershelp).
func alike(a, b string) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return 2 * float64(matching(a, b)) / float64(len(a)+len(b))
}

func matching(a, b string) int {
	bestA, bestB, size := 0, 0, 0
	lengths := make([]int, len(b)+1)
	for i := range len(a) {
		previous := 0
		for j := range len(b) {
			current := lengths[j+1]
			if a[i] != b[j] {
				lengths[j+1] = 0
			} else {
				lengths[j+1] = previous + 1
				if previous+1 > size {
					size = previous + 1
					bestA, bestB = i+1-size, j+1-size
				}
			}
			previous = current
		}
	}
	if size == 0 {
		return 0
	}
	return size + matching(a[:bestA], b[:bestB]) + matching(a[bestA+size:], b[bestB+size:])
}
