//go:build !unix

package workspace

// nonblock is not needed where folders hold no named pipes.
const nonblock = 0
