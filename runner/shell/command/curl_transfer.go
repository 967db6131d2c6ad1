package command

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// curlTransfer is what curl does for one URL, redirects included.
type curlTransfer struct {
	c      *Call
	cfg    Config
	client *http.Client
	wire   *curlWire
	o      *curlOptions // this transfer's own
	raw    string       // the URL as given
	index  int          // of the URL on the command line
	dump   *bytes.Buffer

	// As it goes.
	target    *url.URL
	started   time.Time
	redirects int
	ask       curlAsk
	res       *http.Response // nil before an answer
	seen      curlExchange
	head      []byte // the last answer's
	heads     int    // of all answers, in bytes
	connects  int
	out       *curlSink
	size      int64
	wrote     error // what kept the output from being written

	// How it ended.
	code    int
	message string
}

func (t *curlTransfer) fail(code int, message string) {
	t.code, t.message = code, message
}

// run makes the transfer; how it ended is in code and message.
func (t *curlTransfer) run(ctx context.Context) {
	t.started = time.Now()
	first, err := curlURL(t.raw, t.o)
	if err != nil {
		if errors.As(err, new(curlProtocol)) {
			t.fail(curlWeirdReply, err.Error())
		} else {
			t.fail(curlBadURL, "URL rejected: "+err.Error())
		}
		return
	}
	t.target = first
	if t.o.maxTime > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, t.o.maxTime)
		defer stop()
	}
	t.out = &curlSink{open: func() (io.Writer, func() error, error) { return t.o.out(t.c, t.index, t.target) }}
	for referer := ""; ; {
		next := t.hop(ctx, first, referer)
		if next == nil {
			break
		}
		from := *t.target
		from.User = nil
		referer, t.target = from.String(), next
		if !sameOrigin(next, first) {
			t.o.user = "" // for good, also if a redirect leads back
		}
	}
	if t.code == 0 {
		t.write(nil) // an empty answer makes an empty file
	}
	if err := t.out.close(); err != nil && t.wrote == nil {
		t.wrote = err
	}
	if t.wrote != nil {
		t.fail(curlWriteError, fmt.Sprintf("Failure writing output to destination: %s", workspace.Reason(t.wrote)))
	}
}

// mayReach gives the reason why the target is out of reach.
func (t *curlTransfer) mayReach() error {
	if t.cfg.Allow != nil {
		return t.cfg.Allow(t.target)
	}
	host := strings.ToLower(strings.TrimSuffix(t.target.Hostname(), "."))
	if Loopback(host) || host == "amazonaws.com" || strings.HasSuffix(host, ".amazonaws.com") {
		return nil
	}
	return errors.New(t.c.words.CurlReach)
}

// maxHead bounds a request's line and headers, in bytes.
const maxHead = 1 << 20

// hop asks once. It returns where to go on, or nil at the end.
func (t *curlTransfer) hop(ctx context.Context, first *url.URL, referer string) *url.URL {
	if err := t.mayReach(); err != nil {
		t.fail(curlNoConnect, fmt.Sprintf("Failed to connect to %s: %v", t.target.Hostname(), err))
		return nil
	}
	t.ask = t.o.ask(t.target, first, referer)
	head := t.ask.head("HTTP/1.1")
	if len(head) > maxHead {
		t.fail(curlUsageError, text.Args{"count": fmt.Sprint(maxHead >> 20)}.Fill(t.c.words.CurlHead))
		return nil
	}
	if !t.ask.framed() {
		t.fail(curlUsageError, t.c.words.CurlFraming)
		return nil
	}
	req, err := t.ask.request(ctx)
	if err != nil {
		t.fail(curlBadURL, err.Error())
		return nil
	}
	t.wire.begin(head, t.cfg.Mark)
	res, err := t.client.Do(req)
	t.seen = t.wire.seen()
	t.connects += t.seen.connects
	if err != nil {
		t.show(nil)
		t.fail(curlError(ctx, req.URL, err, t.started))
		return nil
	}
	defer func() { _ = res.Body.Close() }() // only read
	t.res = res
	t.show(res)
	if location := res.Header.Get("Location"); t.o.follow && location != "" && res.StatusCode/100 == 3 {
		if next, err := t.target.Parse(location); err == nil {
			return t.redirect(next)
		}
	}
	t.body(ctx)
	return nil
}

// redirect decides whether to go on.
func (t *curlTransfer) redirect(next *url.URL) *url.URL {
	if t.redirects >= t.o.maxRedirs && t.o.maxRedirs >= 0 {
		t.fail(curlRedirects, fmt.Sprintf("Maximum (%d) redirects followed", t.o.maxRedirs))
		return nil
	}
	if next.Scheme != "http" && next.Scheme != "https" {
		t.fail(curlWeirdReply, curlProtocol(next.Scheme).Error())
		return nil
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(t.res.Body, 1<<20)) // the next answer counts
	t.redirects++
	t.o.redirected(t.res.StatusCode)
	next.Fragment = ""
	if next.Path == "" {
		next.Path = "/"
	}
	return next
}

// show prints the heads of a hop, where the options want them.
func (t *curlTransfer) show(res *http.Response) {
	heads := t.seen.heads
	sent := t.seen.sent
	if res != nil && len(heads) == 0 { // HTTP/2, or not over a connection
		heads = [][]byte{curlHead(res)}
		proto := "HTTP/1.1"
		if res.ProtoMajor == 2 {
			proto = "HTTP/2"
		}
		sent = t.ask.head(proto)
	}
	failed := res != nil && t.o.fail && res.StatusCode >= 400 && !t.o.failWithBody
	if t.o.verbose {
		curlVerbose(t.c.Stderr, t.seen.notes, sent, heads, failed)
	}
	for _, head := range heads {
		t.heads += len(head)
		t.head = head
		for line := range bytes.Lines(head) { // with -i and -D - each comes twice
			switch t.o.dumpHeader {
			case "":
			case "-":
				_, _ = t.c.Stdout.Write(line) // a failure shows when it is flushed
			default:
				t.dump.Write(line)
			}
			if t.o.include || t.o.head {
				t.write(line)
			}
		}
	}
}

func (t *curlTransfer) write(p []byte) {
	if t.wrote == nil {
		_, t.wrote = t.out.Write(p)
	}
}

// body takes an answer's body to its place.
func (t *curlTransfer) body(ctx context.Context) {
	failed := t.o.fail && t.res.StatusCode >= 400
	if failed {
		t.fail(curlHTTPError, fmt.Sprintf("The requested URL returned error: %d", t.res.StatusCode))
	}
	if t.o.head || failed && !t.o.failWithBody || t.wrote != nil {
		return
	}
	var from io.Reader = t.res.Body
	if t.o.compressed && strings.EqualFold(t.res.Header.Get("Content-Encoding"), "gzip") {
		unzip, err := gzip.NewReader(from)
		if err != nil {
			t.fail(curlBadEncoding, "Error while processing content unencoding: "+err.Error())
			return
		}
		from = unzip
	}
	var readErr error
	t.size, readErr, t.wrote = relay(t.out, from)
	switch {
	case readErr == nil || t.wrote != nil:
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		of := ""
		if t.res.ContentLength > 0 {
			of = fmt.Sprintf(" out of %d", t.res.ContentLength)
		}
		t.fail(curlTimeout, fmt.Sprintf("Operation timed out after %d milliseconds with %d%s bytes received", time.Since(t.started).Milliseconds(), t.size, of))
	case errors.Is(readErr, io.ErrUnexpectedEOF) && t.res.ContentLength > 0:
		t.fail(curlPartial, fmt.Sprintf("transfer closed with %d bytes remaining to read", t.res.ContentLength-t.size))
	case errors.Is(readErr, io.ErrUnexpectedEOF):
		t.fail(curlPartial, "transfer closed with outstanding read data remaining")
	default:
		t.fail(curlError(ctx, t.target, readErr, t.started))
	}
}

// transient says what about the outcome may pass, for --retry, and how long the
// server asked to wait.
func (t *curlTransfer) transient() (why string, wait time.Duration) {
	switch {
	case t.wrote != nil || t.code == 130:
		return "", 0
	case t.code == curlTimeout, t.code == curlNoHost:
		return "timeout", 0
	case t.code == curlNoConnect && t.o.retryRefused:
		return "connection refused", 0
	case t.res != nil && (t.code == 0 || t.code == curlHTTPError) && slices.Contains([]int{408, 429, 500, 502, 503, 504}, t.res.StatusCode):
		if n, err := strconv.Atoi(t.res.Header.Get("Retry-After")); err == nil && n > 0 && n < 1e6 {
			wait = time.Duration(n) * time.Second
		}
		return "HTTP error", wait
	case t.code != 0 && t.o.retryAll:
		return "(retrying all errors)", 0
	}
	return "", 0
}

// report says how the transfer ended and, if it is not to be tried again, prints
// what -w wants of it. It returns the exit code.
func (t *curlTransfer) report(o *curlOptions, last bool) int {
	if code := ended(t.wrote, 0); t.wrote != nil && (code == SIGPIPE || code == 130) {
		return code
	}
	if t.code != 0 {
		t.c.curlFail(o, t.code, t.message)
	}
	if last && o.writeOut != "" {
		if err := t.writeOut(o.writeOut); err != nil {
			return ended(err, curlWriteError)
		}
	}
	return t.code
}

// relay copies and says which side failed.
func relay(to io.Writer, from io.Reader) (n int64, readErr, writeErr error) {
	buf := make([]byte, 32<<10)
	for {
		m, err := from.Read(buf)
		if m > 0 {
			w, werr := to.Write(buf[:m])
			if n += int64(w); werr != nil {
				return n, nil, werr
			}
		}
		if err == io.EOF {
			return n, nil, nil
		}
		if err != nil {
			return n, err, nil
		}
	}
}

// curlSink is where an answer goes; it is opened when something comes, so that
// a failed transfer leaves the file alone.
type curlSink struct {
	open  func() (io.Writer, func() error, error)
	to    io.Writer
	done  func() error
	wrong error
}

func (s *curlSink) Write(p []byte) (int, error) {
	if s.to == nil && s.wrong == nil {
		s.to, s.done, s.wrong = s.open()
	}
	if s.wrong != nil {
		return 0, s.wrong
	}
	return s.to.Write(p)
}

func (s *curlSink) close() error {
	if s.done == nil {
		return nil
	}
	return s.done()
}

// out is where the body of the URL with that index goes.
func (o *curlOptions) out(c *Call, i int, target *url.URL) (io.Writer, func() error, error) {
	if i >= len(o.outputs) || o.outputs[i] == "-" {
		return c.Stdout, func() error { return nil }, nil
	}
	name := o.outputs[i]
	if name == "-O" {
		if name = path.Base(target.Path); name == "/" {
			return nil, nil, errors.New("Remote file name has no length") //nolint:staticcheck // ST1005: these are curl's own words
		}
	}
	file, err := c.Create(name)
	if err != nil {
		return nil, nil, err
	}
	return file, file.Close, nil
}

func writeTo(c *Call, name string, data []byte) error {
	out, err := c.Create(name)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return errors.Join(err, out.Close())
}

// curlHead is an answer's head where it was not recorded: the order and, but
// for HTTP/2, which knows lower case only, the case of its names are lost.
func curlHead(res *http.Response) []byte {
	var b strings.Builder
	two := res.ProtoMajor == 2
	if two {
		fmt.Fprintf(&b, "HTTP/2 %d \r\n", res.StatusCode)
	} else {
		proto := res.Proto
		if proto == "" {
			proto = "HTTP/1.1"
		}
		status := res.Status
		if status == "" {
			status = strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode)
		}
		fmt.Fprintf(&b, "%s %s\r\n", proto, status)
	}
	header := res.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Content-Length") == "" && res.ContentLength >= 0 && !two && len(res.TransferEncoding) == 0 && res.StatusCode != http.StatusNoContent {
		header.Set("Content-Length", strconv.FormatInt(res.ContentLength, 10))
	}
	if len(res.TransferEncoding) > 0 {
		header.Set("Transfer-Encoding", strings.Join(res.TransferEncoding, ", "))
	}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			if two {
				name = strings.ToLower(name)
			}
			b.WriteString(name + ": " + value + "\r\n")
		}
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}
