//go:build unix

package command

import (
	"errors"
	"io"
	"syscall"
)

func brokenPipe(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe)
}
