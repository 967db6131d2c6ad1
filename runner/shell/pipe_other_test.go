//go:build !unix

package shell_test

import "testing"

func makePipe(t *testing.T, _ string) {
	t.Helper()
	t.Skip("no named pipes here")
}
