package shell_test

import (
	"slices"
	"testing"

	"awslab/runner/shell"
)

func TestComplete(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"echo hi": true, "": true, "echo 'hi": false, `echo "hi`: false, "if true": false, "if true; then": false,
		"if true; then echo; fi": true, "for i in 1 2; do": false, "echo $(date": false, "{ echo": false,
		"aws lambda \\": false, "aws lambda \\\n": false, `echo \\`: true, "cat <<EOF\nhi": false, "cat <<EOF\nhi\nEOF": true,
		"cat <<EOF": false, "echo hi |": false, "true &&": false, ")": true, "echo }": true, "f() {": false,
		"aws lambda create-function \\\n  --name x": true, "case x in": false,
	} {
		if got := shell.Complete(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	w, _ := lookups(t)
	w.prints("mkdir -p src/deep; touch lambda_function.py src/a.json .hidden")
	for text, want := range map[string][]string{
		"unz":                              {"unzip"},
		"echo x | sor":                     {"sort"},
		"X=$(ech":                          {"echo"},
		"cat lam":                          {"lambda_function.py"},
		"cat s":                            {"src/"},
		"cat src/":                         {"src/a.json", "src/deep/"},
		"cat .h":                           {".hidden"},
		"echo $CYC":                        {"$CYCLE_A", "$CYCLE_B"},
		"echo ${FUN":                       {"${FUNCTION"},
		"aws x fileb://la":                 {"lambda_function.py"},
		"aws lamb":                         {"lambda"},
		"jwt ":                             {"--help", "decode", "encode", "verify"},
		"echo x | jwt v":                   {"verify"},
		"jwt encode --claim a=b --e":       {"--expires"},
		"jwt decode --":                    {"--json"},
		"jwt verify --s":                   {"--secret"},
		"jwt nothing --":                   {},
		"jwt encode --secret @la":          {"lambda_function.py"},
		"jwt verify --secret x la":         {"lambda_function.py"},
		"X=$(aws iam get-role --role-n":    {"--role-name"},
		"true; aws lambda wait function-e": {"function-exists"},
		"aws lambda invoke --function-name f lam": {"lambda_function.py"},
		"cat ../":   nil,
		"cat /etc/": nil,
	} {
		if got, _ := w.Candidates(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if _, from := w.Candidates("cat lam"); from != 4 {
		t.Errorf("from %d", from)
	}
}
