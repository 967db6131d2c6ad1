package command

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// allow is the policy when the Config names none: the machine itself and AWS.
func allow(u *url.URL) error {
	host := u.Hostname()
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if loopback(host) || host == "amazonaws.com" || strings.HasSuffix(host, ".amazonaws.com") {
		return nil
	}
	return errors.New("the lesson's shell reaches only this machine and *.amazonaws.com")
}

func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func newCurlClient(cfg Config, o *curlOptions) *http.Client {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if cfg.Transport != nil {
		client.Transport = cfg.Transport
		return client
	}
	dial := cfg.Dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	client.Transport = &http.Transport{
		// No proxy: the process's environment is not the lesson's.
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if o.connectTimeout > 0 {
				var stop context.CancelFunc
				ctx, stop = context.WithTimeout(ctx, o.connectTimeout)
				defer stop()
			}
			// Systems disagree on whether *.localhost resolves (RFC 6761 says it does).
			if host, port, err := net.SplitHostPort(address); err == nil && loopback(strings.ToLower(strings.TrimSuffix(host, "."))) && net.ParseIP(host) == nil {
				address = net.JoinHostPort("127.0.0.1", port)
			}
			return dial(ctx, network, address)
		},
		TLSClientConfig:    &tls.Config{InsecureSkipVerify: o.insecure}, //nolint:gosec // -k asks for it
		ForceAttemptHTTP2:  true,
		DisableCompression: true, // --compressed asks for it, see curlOptions.apply
		IdleConnTimeout:    time.Second,
	}
	return client
}

// curlURL reads a URL as curl does: http:// if no scheme is given.
func curlURL(raw string, o *curlOptions) (*url.URL, error) {
	if strings.ContainsAny(raw, " \t\r\n") {
		return nil, errors.New("Malformed input to a URL function") //nolint:staticcheck // ST1005: these are curl's own words
	}
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		if bad, ok := errors.AsType[*url.Error](err); ok {
			err = bad.Err
		}
		return nil, err
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("protocol %q not supported", u.Scheme)
	case u.Hostname() == "":
		return nil, errors.New("No host part in the URL") //nolint:staticcheck // ST1005: these are curl's own words
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n > 65535 {
			return nil, errors.New("Port number was not a decimal number between 0 and 65535") //nolint:staticcheck // ST1005: these are curl's own words
		}
	}
	if u.User != nil && o.user == "" {
		password, _ := u.User.Password()
		o.user = u.User.Username() + ":" + password
	}
	u.User = nil
	if o.get && len(o.data) > 0 {
		query := strings.Join(o.data, "&")
		if u.RawQuery != "" {
			query = u.RawQuery + "&" + query
		}
		u.RawQuery = query
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment = ""
	return u, nil
}

func (o *curlOptions) request(ctx context.Context, target *url.URL, _ int) (*http.Request, error) {
	var body io.Reader = http.NoBody
	if o.hasData && !o.get {
		body = strings.NewReader(strings.Join(o.data, "&"))
	}
	req, err := http.NewRequestWithContext(ctx, o.verb(), target.String(), body)
	if err != nil {
		return nil, err
	}
	o.apply(req)
	return req, nil
}

// curlError is curl's exit code and sentence for a failed request.
func curlError(ctx context.Context, u *url.URL, err error, started time.Time) (int, string) {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	took := time.Since(started).Milliseconds()
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var record tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return 130, "cancelled"
	case errors.As(err, &dns):
		return curlNoHost, "Could not resolve host: " + u.Hostname()
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return curlTimeout, fmt.Sprintf("Operation timed out after %d milliseconds", took)
	case errors.Is(err, syscall.ECONNREFUSED):
		return curlNoConnect, fmt.Sprintf("Failed to connect to %s port %s after %d ms: Could not connect to server", u.Hostname(), port, took)
	case errors.As(err, &cert), errors.As(err, &unknown):
		return curlCertificate, "SSL certificate problem: " + err.Error()
	case errors.As(err, &record):
		return curlTLS, "TLS connect error: " + err.Error()
	case errors.Is(err, io.EOF):
		return curlEmptyReply, "Empty reply from server"
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return curlNoConnect, fmt.Sprintf("Failed to connect to %s port %s after %d ms: Could not connect to server", u.Hostname(), port, took)
	}
	return curlRecvFailure, err.Error()
}

func curlTrace(c *Call) *httptrace.ClientTrace {
	say := func(format string, args ...any) {
		_, _ = fmt.Fprintf(c.Stderr, "* "+format+"\n", args...) // nobody is left to tell
	}
	return &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			say("Connected to %s", info.Conn.RemoteAddr())
		},
		TLSHandshakeDone: func(state tls.ConnectionState, err error) {
			if err == nil {
				say("SSL connection using %s", tls.VersionName(state.Version))
			}
		},
	}
}

// curlVerbose prints the conversation's heads.
func curlVerbose(c *Call, req *http.Request, res *http.Response) {
	var out strings.Builder
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	fmt.Fprintf(&out, "> %s %s HTTP/1.1\n> Host: %s\n", req.Method, req.URL.RequestURI(), host)
	for _, name := range []string{"User-Agent", "Accept"} {
		for _, value := range req.Header[name] {
			fmt.Fprintf(&out, "> %s: %s\n", name, value)
		}
	}
	for _, line := range curlHeaderLines(&http.Response{Header: req.Header, ContentLength: -1, ProtoMajor: 1}) {
		if !strings.HasPrefix(line, "User-Agent:") && !strings.HasPrefix(line, "Accept:") {
			fmt.Fprintf(&out, "> %s\n", line)
		}
	}
	if req.ContentLength > 0 {
		fmt.Fprintf(&out, "> Content-Length: %d\n", req.ContentLength)
	}
	out.WriteString(">\n")
	var head strings.Builder
	curlHead(&head, res)
	for _, line := range strings.Split(strings.TrimSuffix(head.String(), "\r\n"), "\r\n") {
		out.WriteString(strings.TrimRight("< "+line, " ") + "\n")
	}
	_, _ = io.WriteString(c.Stderr, out.String()) // nobody is left to tell
}

// out is where an answer's body goes.
func (o *curlOptions) out(c *Call, i int, target string) (io.Writer, func() error, error) {
	if i >= len(o.outputs) || o.outputs[i] == "-" {
		return c.Stdout, func() error { return nil }, nil
	}
	name := o.outputs[i]
	if name == "-O" {
		u, err := url.Parse(target)
		if err != nil || path.Base(u.Path) == "/" {
			return nil, nil, errors.New("Remote file name has no length") //nolint:staticcheck // ST1005: these are curl's own words
		}
		name = path.Base(u.Path)
	}
	file, err := c.Create(name)
	if err != nil {
		return nil, nil, err
	}
	return file, file.Close, nil
}

// curlWriteOut fills in the format of -w.
func curlWriteOut(format string, res *http.Response, d curlDone) string {
	vars := map[string]string{
		"http_code": fmt.Sprintf("%03d", res.StatusCode), "response_code": fmt.Sprintf("%03d", res.StatusCode),
		"url_effective": d.url, "url": d.url, "content_type": res.Header.Get("Content-Type"),
		"size_download": strconv.FormatInt(d.size, 10), "num_redirects": strconv.Itoa(d.redirects),
		"time_total": fmt.Sprintf("%.6f", time.Since(d.started).Seconds()), "method": res.Request.Method,
		"http_version": strings.TrimSuffix(strings.TrimPrefix(res.Proto, "HTTP/"), ".0"), "exitcode": "0", "errormsg": "",
		"redirect_url": "", "stdout": "", "stderr": "", "scheme": res.Request.URL.Scheme,
	}
	if u, err := res.Location(); err == nil {
		vars["redirect_url"] = u.String()
	}
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		rest := format[i:]
		switch {
		case strings.HasPrefix(rest, "%%"):
			out.WriteByte('%')
			i++
		case strings.HasPrefix(rest, "%{"), strings.HasPrefix(rest, "%header{"):
			open := strings.IndexByte(rest, '{')
			name, _, ok := strings.Cut(rest[open+1:], "}")
			if !ok {
				out.WriteByte('%')
				continue
			}
			if open > 1 {
				out.WriteString(res.Header.Get(name))
			} else {
				out.WriteString(vars[name])
			}
			i += open + 1 + len(name)
		case strings.HasPrefix(rest, `\n`):
			out.WriteByte('\n')
			i++
		case strings.HasPrefix(rest, `\t`):
			out.WriteByte('\t')
			i++
		case strings.HasPrefix(rest, `\r`):
			out.WriteByte('\r')
			i++
		default:
			out.WriteByte(format[i])
		}
	}
	return out.String()
}
