//go:build unix

package lambda

import (
	"errors"

	"golang.org/x/sys/unix"
)

// read reads the pipe to its end. Reading and feeding happen under the lock, so
// that drain sees every byte exactly once.
func (o *output) read() {
	raw, err := o.pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Read(func(fd uintptr) bool { return o.pull(int(fd)) }) // ends with the pipe
}

// drain takes what stands in the pipe now: what was printed before an answer is
// in it when the answer arrives.
func (o *output) drain() {
	raw, err := o.pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { o.pull(int(fd)) }) // a closed pipe has nothing
}

// pull reads without waiting; it reports whether the pipe has ended.
func (o *output) pull(fd int) (ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	buffer := make([]byte, 64<<10)
	for {
		n, err := unix.Read(fd, buffer)
		switch {
		case n > 0:
			o.feed(buffer[:n])
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			return false
		default:
			return true
		}
	}
}
