package command

import (
	"bytes"
	"errors"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// curlMaxHead is how much of an answer's heads curl keeps, in bytes; net/http
// refuses longer ones. curl's own limit is 300 kB.
const curlMaxHead = 300 << 10

// curlWire sees what goes over a curl command's HTTP/1 connections. net/http
// sorts header lines and changes their case in both directions; people who read
// -i and -v are to see what was sent, so the heads are taken, and requests'
// heads put, where the bytes are.
type curlWire struct {
	mu      sync.Mutex
	current *curlExchange
}

// curlExchange is a request and the heads that answered it.
type curlExchange struct {
	head []byte // the request's, to be sent in place of net/http's
	mark string // a header line for whoever is asked, of which curl does not tell

	// What happened, under the wire's lock.
	conn     *curlConn
	sent     []byte   // the head as it went out
	heads    [][]byte // as they came, 1xx ones first
	size     int      // of heads, in bytes
	notes    []string // what -v tells with "*"
	connects int
	times    curlTimes
	local    net.Addr
	remote   net.Addr
}

// curlTimes are moments of an exchange; zero if they did not come.
type curlTimes struct{ lookup, connect, tls, sent, first time.Time }

// begin makes a request with that head, and that mark, the one that is recorded.
func (w *curlWire) begin(head []byte, mark string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.current = &curlExchange{head: head, mark: mark}
}

// marked is the head as it goes out. The mark comes first, so that no header of
// the user's counts before it.
func (ex *curlExchange) marked() []byte {
	if ex.mark == "" {
		return bytes.Clone(ex.head)
	}
	first, rest, _ := bytes.Cut(ex.head, []byte("\r\n"))
	return slices.Concat(first, []byte("\r\n"+ex.mark+"\r\n"), rest)
}

// seen is a copy of what was recorded since begin. Late bytes of a request that
// was given up cannot change it.
func (w *curlWire) seen() curlExchange {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.current == nil {
		return curlExchange{}
	}
	ex := *w.current
	ex.heads, ex.notes = append([][]byte(nil), ex.heads...), append([]string(nil), ex.notes...)
	return ex
}

// note records a dial's progress.
func (w *curlWire) note(f func(ex *curlExchange)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.current != nil {
		f(w.current)
	}
}

// curlConn is a connection that speaks HTTP/1: the plain one or, for https,
// what is inside of TLS.
type curlConn struct {
	net.Conn
	wire *curlWire

	// Under the wire's lock.
	ex      *curlExchange // the last one that was written here
	writing bool          // in the request's head
	reading bool          // in the answer's
	out, in []byte
}

func (c *curlConn) Write(p []byte) (int, error) {
	now, err := c.outgoing(p)
	if err != nil {
		return 0, err
	}
	if len(now) > 0 {
		if _, err := c.Conn.Write(now); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// outgoing is what to write for p: net/http's head is held back until it is
// whole, and ours sent in its place.
func (c *curlConn) outgoing(p []byte) ([]byte, error) {
	c.wire.mu.Lock()
	defer c.wire.mu.Unlock()
	if ex := c.wire.current; ex != c.ex && !c.writing {
		if c.ex != nil {
			ex.notes = append(ex.notes, "Re-using existing connection with "+c.RemoteAddr().String())
		}
		// A request that net/http tries again starts over on another connection.
		c.ex, c.writing, c.reading, c.in = ex, true, true, nil
		ex.conn, ex.sent, ex.heads, ex.size = c, nil, nil, 0
		ex.local, ex.remote = c.LocalAddr(), c.RemoteAddr()
	}
	if !c.writing {
		return p, nil
	}
	if len(c.out)+len(p) > maxInput {
		return nil, errors.New("the request's head is too long")
	}
	c.out = append(c.out, p...)
	_, body, whole := bytes.Cut(c.out, []byte("\r\n\r\n"))
	if !whole {
		return nil, nil
	}
	c.writing, c.out = false, nil
	c.ex.sent, c.ex.times.sent = c.ex.head, time.Now()
	return append(c.ex.marked(), body...), nil
}

func (c *curlConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.wire.mu.Lock()
		defer c.wire.mu.Unlock()
		c.incoming(p[:n])
	}
	return n, err
}

func (c *curlConn) incoming(p []byte) {
	if !c.reading || c.ex.conn != c {
		return
	}
	if c.ex.times.first.IsZero() {
		c.ex.times.first = time.Now()
	}
	c.in = append(c.in, p...)
	for c.reading {
		n := headEnd(c.in)
		if n == 0 {
			c.reading = c.ex.size+len(c.in) <= curlMaxHead
			break
		}
		head := bytes.Clone(c.in[:n])
		c.in = c.in[n:]
		c.ex.heads, c.ex.size = append(c.ex.heads, head), c.ex.size+n
		code := headStatus(head)
		// 100 Continue and its like come before the answer; 101 is one.
		c.reading = code/100 == 1 && code != 101 && c.ex.size <= curlMaxHead
	}
	if !c.reading {
		c.in = nil
	}
}

// headEnd is the length of the head that b begins with, its empty line
// included, or 0 while that has not come.
func headEnd(b []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], '\n')
		if i < 0 {
			return 0
		}
		at += i + 1
		switch rest := b[at:]; {
		case bytes.HasPrefix(rest, []byte("\n")):
			return at + 1
		case bytes.HasPrefix(rest, []byte("\r\n")):
			return at + 2
		}
	}
}

// headStatus is the status code of a head, or 0.
func headStatus(head []byte) int {
	fields := bytes.Fields(head[:bytes.IndexByte(head, '\n')])
	if len(fields) < 2 {
		return 0
	}
	code, err := strconv.Atoi(string(fields[1]))
	if err != nil {
		return 0
	}
	return code
}

// headerLine is a header's name and value as they came.
type headerLine struct{ name, value string }

// headerLines reads a head.
func headerLines(head []byte) []headerLine {
	var lines []headerLine
	for i, line := range bytes.Split(head, []byte("\n")) {
		name, value, ok := bytes.Cut(line, []byte(":"))
		if i > 0 && ok {
			lines = append(lines, headerLine{string(bytes.TrimSpace(name)), string(bytes.TrimSpace(value))})
		}
	}
	return lines
}
