package awscli

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCandidates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ before, word, want string }{
		{"", "l", "lambda logs"},
		{"", "--ou", "--output"},
		{"--output", "t", "table text"},
		{"--output text", "st", "sts"},
		{"--output text iam", "create-rol", "create-role"},
		{"lambda", "invoke", "invoke invoke-async"},
		{"lambda wait", "function-a", "function-active function-active-v2"},
		{"lambda wait function-exists", "--fu", "--function-name"},
		{"lambda create-function", "--r", "--region --role --runtime"},
		{"lambda create-function --runtime", "python3.1", "python3.10 python3.11 python3.12 python3.13 python3.14 python3.15"},
		{"lambda create-function --function-name", "f", ""},
		{"lambda list-functions", "--mar", ""},
		{"lambda list-functions", "--max", "--max-items"},
		{"logs", "ta", "tag-log-group tag-resource tail"},
		{"logs tail g", "--fo", "--follow --format"},
		{"logs tail g --format", "", "detailed json short"},
		{"configure", "l", "list list-profiles"},
		{"nope", "x", ""},
		{"lambda nope", "x", ""},
	} {
		got := Candidates(strings.Fields(c.before), c.word)
		if diff := cmp.Diff(strings.Fields(c.want), append([]string{}, got...)); diff != "" && (c.want != "" || len(got) > 0) {
			t.Errorf("aws %s %s: want -, got +:\n%s", c.before, c.word, diff)
		}
	}
}
