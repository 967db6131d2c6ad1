package shell_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awslab/runner/shell"
)

// FuzzBlock runs foreign shell text: whatever it says, the block ends, the
// interpreter does not fail, and nothing lies beside the workspace. (In the
// goroutines that the interpreter starts for pipes and jobs, a defect of it would
// end the process: this target is how such defects are found.)
func FuzzBlock(f *testing.F) {
	for _, text := range gnu {
		f.Add(text)
	}
	for _, text := range []string{
		"cat <(echo x)", "echo ~root", "echo {1..3}{a,b}", "a=(1 2); echo ${a[@]:1} ${#a[*]} ${!a[@]}", "f() { f; }; f", "trap 'echo x' EXIT; exit 3 | true",
		"case x in *) ;; esac | (read y; echo $y) & wait", "echo $((1/0)) | cat", "${x:?no}", "declare -n r=x; r=1 | cat", "[[ a =~ ( ]] | cat", "printf %s%", "echo ${x@Q} ${x^} ${x//a/b}",
	} {
		f.Add(text)
	}
	top := f.TempDir()
	dir := filepath.Join(top, "ws")
	if err := os.Mkdir(dir, 0o700); err != nil {
		f.Fatal(err)
	}
	s, err := shell.New(shell.Config{Dir: dir, Limits: shell.Limits{Time: 300 * time.Millisecond, Output: 64 << 10, Memory: 64 << 20, Goroutines: 100, Depth: 2000, Text: 4 << 10}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() }) // nothing is written any more
	f.Fuzz(func(t *testing.T, text string) {
		result, err := s.Run(context.Background(), text, nil, nil)
		if err != nil && strings.Contains(err.Error(), "the interpreter failed") {
			t.Errorf("%q: %v", text, err)
		}
		if result.Code < 0 || result.Code > 255 {
			t.Errorf("%q: exit code %d", text, result.Code)
		}
		if beside, err := os.ReadDir(top); err != nil || len(beside) != 1 {
			t.Fatalf("%q: beside the workspace there are %v, %v", text, beside, err)
		}
	})
}
