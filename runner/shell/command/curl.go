package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"time"

	"awslab/runner/shell/workspace"
)

// curl's exit codes.
const (
	curlUsageError  = 2
	curlBadURL      = 3
	curlNoHost      = 6
	curlNoConnect   = 7
	curlHTTPError   = 22
	curlWriteError  = 23
	curlReadError   = 26
	curlTimeout     = 28
	curlTLS         = 35
	curlRedirects   = 47
	curlEmptyReply  = 52
	curlRecvFailure = 56
	curlCertificate = 60
)

func curl(cfg Config) Command {
	if cfg.Allow == nil {
		cfg.Allow = allow
	}
	return func(ctx context.Context, c *Call) int {
		o, err := curlParse(c)
		if err != nil {
			return c.curlFail(o, curlUsageError, err.Error())
		}
		if len(o.urls) == 0 {
			return c.curlFail(o, curlUsageError, "no URL specified!")
		}
		client := newCurlClient(cfg, o)
		defer client.CloseIdleConnections()
		// Small answers leave in one piece, as curl's do: "curl -i … | head -n 1"
		// must not depend on who is faster.
		out := bufio.NewWriter(c.Stdout)
		buffered := *c
		buffered.Stdout = out
		status := 0
		for i, raw := range o.urls {
			if code := curlOne(ctx, &buffered, cfg, o, client, raw, i); code != 0 {
				status = code
			}
		}
		if err := out.Flush(); err != nil && status == 0 {
			return ended(err, curlWriteError)
		}
		return status
	}
}

// curlFail complains as curl does, unless -s says not to.
func (c *Call) curlFail(o *curlOptions, code int, message string) int {
	if !o.silent || o.showError {
		prefix := fmt.Sprintf("(%d) ", code)
		if code == curlUsageError {
			prefix = ""
		}
		_, _ = fmt.Fprintf(c.Stderr, "curl: %s%s\n", prefix, message) // nobody is left to tell
	}
	return code
}

func curlOne(ctx context.Context, c *Call, cfg Config, o *curlOptions, client *http.Client, raw string, i int) int {
	target, err := curlURL(raw, o)
	if err != nil {
		return c.curlFail(o, curlBadURL, "URL rejected: "+err.Error())
	}
	if o.maxTime > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithTimeout(ctx, o.maxTime)
		defer stop()
	}
	started := time.Now()
	var hops int
	var head bytes.Buffer // heads of redirects, for -i
	for {
		if err := cfg.Allow(target); err != nil {
			return c.curlFail(o, curlNoConnect, fmt.Sprintf("Failed to connect to %s: %v", target.Hostname(), err))
		}
		req, err := o.request(ctx, target, hops)
		if err != nil {
			return c.curlFail(o, curlBadURL, err.Error())
		}
		if o.verbose {
			req = req.WithContext(httptrace.WithClientTrace(ctx, curlTrace(c)))
		}
		res, err := client.Do(req)
		if err != nil {
			code, message := curlError(ctx, req.URL, err, started)
			return c.curlFail(o, code, message)
		}
		if o.verbose {
			curlVerbose(c, req, res)
		}
		location := res.Header.Get("Location")
		if next, err := target.Parse(location); o.follow && location != "" && res.StatusCode/100 == 3 && err == nil {
			curlHead(&head, res)
			_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // the next answer counts
			_ = res.Body.Close()                                        // only read
			if hops++; hops > o.maxRedirs {
				return c.curlFail(o, curlRedirects, fmt.Sprintf("Maximum (%d) redirects followed", o.maxRedirs))
			}
			if next.Scheme != "http" && next.Scheme != "https" {
				return c.curlFail(o, 1, fmt.Sprintf("Protocol %q not supported", next.Scheme))
			}
			if next.Host != target.Host {
				o.user, o.header = "", curlWithoutSecrets(o.header)
			}
			o.redirected(res.StatusCode)
			target = next
			continue
		}
		return curlAnswer(ctx, c, o, res, curlDone{
			head: &head, url: target.String(), redirects: hops, index: i, started: started,
		})
	}
}

// curlDone is what is known when the last answer's head has come.
type curlDone struct {
	head      *bytes.Buffer
	url       string
	redirects int
	index     int
	started   time.Time
	size      int64
}

func curlAnswer(ctx context.Context, c *Call, o *curlOptions, res *http.Response, d curlDone) int {
	defer func() { _ = res.Body.Close() }() // only read
	curlHead(d.head, res)
	if o.dumpHeader != "" {
		if err := writeTo(c, o.dumpHeader, d.head.Bytes()); err != nil {
			return c.curlFail(o, curlWriteError, err.Error())
		}
	}
	failed := o.fail && res.StatusCode >= 400
	status := 0
	if failed {
		status = c.curlFail(o, curlHTTPError, fmt.Sprintf("The requested URL returned error: %d", res.StatusCode))
	}
	if !failed || o.failWithBody {
		out, closeOut, err := o.out(c, d.index, d.url)
		if err != nil {
			return c.curlFail(o, curlWriteError, fmt.Sprintf("Failure writing output to destination: %s", workspace.Reason(err)))
		}
		if o.include || o.head {
			_, err = out.Write(d.head.Bytes())
		}
		if err == nil && !o.head {
			var readErr error
			d.size, readErr, err = relay(out, res.Body)
			if err == nil && readErr != nil {
				code, message := curlError(ctx, res.Request.URL, readErr, d.started)
				status = c.curlFail(o, code, message)
			}
		}
		if closeErr := closeOut(); err == nil {
			err = closeErr
		}
		if err != nil {
			if code := ended(err, 0); code == SIGPIPE || code == 130 {
				return code
			}
			return c.curlFail(o, curlWriteError, fmt.Sprintf("Failure writing output to destination: %s", workspace.Reason(err)))
		}
	}
	if o.writeOut != "" {
		text := curlWriteOut(o.writeOut, res, d)
		if _, err := io.WriteString(c.Stdout, text); err != nil {
			return ended(err, curlWriteError)
		}
	}
	return status
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

func writeTo(c *Call, name string, data []byte) error {
	if name == "-" {
		_, err := c.Stdout.Write(data)
		return err
	}
	out, err := c.Create(name)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return errors.Join(err, out.Close())
}

// curlHead prints an answer's head as it would have come over HTTP/1.1.
func curlHead(out io.Writer, res *http.Response) {
	proto := res.Proto
	if res.ProtoMajor == 2 {
		proto = "HTTP/2"
	}
	_, _ = fmt.Fprintf(out, "%s %s\r\n", proto, strings.TrimSpace(res.Status)) // to memory, or to stderr
	for _, line := range curlHeaderLines(res) {
		_, _ = fmt.Fprintf(out, "%s\r\n", line)
	}
	_, _ = io.WriteString(out, "\r\n")
}

func curlHeaderLines(res *http.Response) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		for _, value := range res.Header[name] {
			shown := name
			if res.ProtoMajor == 2 {
				shown = strings.ToLower(name)
			}
			lines = append(lines, shown+": "+value)
		}
	}
	if res.Header.Get("Content-Length") == "" && res.ContentLength >= 0 && res.ProtoMajor == 1 && !res.Uncompressed && len(res.TransferEncoding) == 0 && res.StatusCode != http.StatusNoContent {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", res.ContentLength))
	}
	if len(res.TransferEncoding) > 0 {
		lines = append(lines, "Transfer-Encoding: "+strings.Join(res.TransferEncoding, ", "))
	}
	return lines
}
