package shell_test

import (
	"context"
	"io"
	"testing"

	"awslab/runner/shell"
)

func benchmark(b *testing.B, text string) {
	s, err := shell.New(shell.Config{
		Dir:     b.TempDir(),
		Lookups: map[string]string{"API_ID": "echo a1b2"},
		Vars:    func(context.Context, string) (string, bool, error) { return "myFunc1", true, nil },
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if result, err := s.Run(b.Context(), text, io.Discard, io.Discard); err != nil || result.Code != 0 {
			b.Fatal(result, err)
		}
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkBlock is the overhead of a block; DESIGN §8 allows a step 1 ms.
func BenchmarkBlock(b *testing.B)    { benchmark(b, `echo "$FUNCTION"`) }
func BenchmarkLookup(b *testing.B)   { benchmark(b, `echo "$API_ID"`) }
func BenchmarkPipeline(b *testing.B) { benchmark(b, `echo '{"a":1}' | jq -r .a | cat`) }
func BenchmarkHundreds(b *testing.B) { benchmark(b, `for i in {1..100}; do echo $i; done`) }
