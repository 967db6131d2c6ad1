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
	"strconv"
	"strings"
	"syscall"
	"time"
)

// newCurlClient makes what carries requests, and the record of them. The record
// stays empty if the Config's Transport carries them.
func newCurlClient(cfg Config, o *curlOptions) (*http.Client, *curlWire) {
	wire := &curlWire{}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if cfg.Transport != nil {
		client.Transport = cfg.Transport
		return client, wire
	}
	d := &curlDialer{wire: wire, dial: cfg.Dial, timeout: o.connectTimeout}
	if d.dial == nil {
		d.dial = (&net.Dialer{}).DialContext
	}
	d.tls = &tls.Config{
		InsecureSkipVerify: o.insecure, //nolint:gosec // -k asks for it
		NextProtos:         []string{"h2", "http/1.1"},
		MinVersion:         tls.VersionTLS12,
	}
	if o.http11 {
		d.tls.NextProtos = d.tls.NextProtos[1:]
	}
	client.Transport = &http.Transport{
		// No proxy: the process's environment is not the lesson's.
		DialContext:            d.plain,
		DialTLSContext:         d.secure,
		ForceAttemptHTTP2:      !o.http11,
		DisableCompression:     true, // --compressed asks for it, see curlOptions.ask
		IdleConnTimeout:        time.Second,
		ExpectContinueTimeout:  time.Second, // curl's
		MaxResponseHeaderBytes: curlMaxHead,
	}
	return client, wire
}

// curlDialer connects curl and has its HTTP/1 connections recorded.
type curlDialer struct {
	wire    *curlWire
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	tls     *tls.Config
	timeout time.Duration
}

func (d *curlDialer) plain(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, stop := d.limit(ctx)
	defer stop()
	conn, err := d.connect(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &curlConn{Conn: conn, wire: d.wire}, nil
}

// secure connects for https. net/http must see a bare *tls.Conn to speak
// HTTP/2, in which heads are not text; so only HTTP/1 is recorded.
func (d *curlDialer) secure(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, stop := d.limit(ctx)
	defer stop()
	raw, err := d.connect(ctx, network, address)
	if err != nil {
		return nil, err
	}
	cfg := d.tls.Clone()
	if cfg.ServerName, _, err = net.SplitHostPort(address); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	conn := tls.Client(raw, cfg)
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close() // the handshake's error tells more
		return nil, err
	}
	state := conn.ConnectionState()
	d.wire.note(func(ex *curlExchange) {
		ex.times.tls = time.Now()
		ex.notes = append(ex.notes, "SSL connection using "+tls.VersionName(state.Version))
	})
	if state.NegotiatedProtocol == "h2" {
		return conn, nil
	}
	return &curlConn{Conn: conn, wire: d.wire}, nil
}

func (d *curlDialer) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.timeout > 0 {
		return context.WithTimeout(ctx, d.timeout)
	}
	return ctx, func() {}
}

func (d *curlDialer) connect(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	address = DialAddress(address)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{DNSDone: func(httptrace.DNSDoneInfo) {
		d.wire.note(func(ex *curlExchange) { ex.times.lookup = time.Now() })
	}})
	conn, err := d.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.wire.note(func(ex *curlExchange) {
		ex.connects++
		ex.times.connect = time.Now()
		ex.local, ex.remote = conn.LocalAddr(), conn.RemoteAddr()
		ex.notes = append(ex.notes, fmt.Sprintf("Connected to %s (%s) port %s", host, conn.RemoteAddr(), port))
	})
	return conn, nil
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
		return nil, curlProtocol(u.Scheme)
	case u.Hostname() == "":
		return nil, errors.New("No host part in the URL") //nolint:staticcheck // ST1005: these are curl's own words
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n > 65535 {
			return nil, errors.New("Port number was not a decimal number between 0 and 65535") //nolint:staticcheck // ST1005: these are curl's own words
		}
	}
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
	if !o.pathAsIs {
		u = u.ResolveReference(u) // takes out "." and ".."
	}
	return u, nil
}

// curlProtocol is the error for a URL of another scheme.
type curlProtocol string

func (p curlProtocol) Error() string {
	return fmt.Sprintf("Protocol %q not supported", string(p))
}

// curlError is curl's exit code and sentence for a failed request.
func curlError(ctx context.Context, u *url.URL, err error, started time.Time) (int, string) {
	port := portOf(u)
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
	case strings.Contains(err.Error(), "malformed HTTP"): // net/http has no type for it
		return curlWeirdReply, "Received HTTP/0.9 when not allowed"
	case errors.Is(err, io.EOF):
		return curlEmptyReply, "Empty reply from server"
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return curlNoConnect, fmt.Sprintf("Failed to connect to %s port %s after %d ms: Could not connect to server", u.Hostname(), port, took)
	}
	return curlRecvFailure, err.Error()
}
