package runner

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"awslab/runner/shell"
)

// Program runs a program of the lesson's that is not awslab's own code. It may
// connect to one TCP port of this machine.
type Program func(ctx context.Context, c *shell.Call, port uint16) int

// behindProxy is a program whose only way out is a proxy of its own, which leads
// to where the lesson's curl may go and nowhere else. Programs find it as they
// find any proxy, in the environment, and so need neither name resolution nor
// UDP: the system need not let them have either.
func (s *Session) behindProxy(run Program) shell.Command {
	return func(ctx context.Context, c *shell.Call) int {
		p, err := s.openProxy(ctx)
		if err != nil {
			return c.Fail(1, "%v", err)
		}
		defer p.close()
		inner := *c
		inner.Environ = func() []string { return p.environ(c.Environ()) }
		return run(ctx, &inner, p.address.Port())
	}
}

// proxy is an HTTP proxy for one program, for as long as it runs.
type proxy struct {
	address  netip.AddrPort
	password string // so that other users of this machine have no use for it
	session  *Session
	server   *http.Server
	cancel   context.CancelFunc
	served   chan struct{} // closed when the server has ended
}

func (s *Session) openProxy(ctx context.Context) (*proxy, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &proxy{address: listener.Addr().(*net.TCPAddr).AddrPort(), password: rand.Text(), session: s, cancel: cancel, served: make(chan struct{})}
	transport := newTransport()
	forward := &httputil.ReverseProxy{
		Transport: guardedTransport{s, transport},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Proxy-Authorization")
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) { refuse(w, err) },
	}
	p.server = &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Header.Get("Proxy-Authorization") != p.authorization():
				w.Header().Set("Proxy-Authenticate", `Basic realm="awslab"`)
				http.Error(w, "this proxy is for a program of awslab's", http.StatusProxyAuthRequired)
			case r.Method == http.MethodConnect:
				p.tunnel(ctx, w, r)
			case !r.URL.IsAbs():
				http.Error(w, "this is a proxy: it wants a whole URL", http.StatusBadRequest)
			default:
				forward.ServeHTTP(w, r)
			}
		}),
	}
	go func() {
		defer close(p.served)
		_ = p.server.Serve(listener) // ends with close
		transport.CloseIdleConnections()
	}()
	return p, nil
}

func (p *proxy) authorization() string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte("awslab:"+p.password))
}

// environ adds the proxy to an environment, in both spellings: curl reads the
// lower case alone, and some programs the upper.
func (p *proxy) environ(env []string) []string {
	address := (&url.URL{Scheme: "http", User: url.UserPassword("awslab", p.password), Host: p.address.String()}).String()
	added := []string{"http_proxy=" + address, "https_proxy=" + address, "HTTP_PROXY=" + address, "HTTPS_PROXY=" + address}
	own := slices.DeleteFunc(slices.Clone(env), func(pair string) bool {
		name, _, _ := strings.Cut(strings.ToLower(pair), "=")
		return name == "no_proxy" || name == "all_proxy" || name == "http_proxy" || name == "https_proxy"
	})
	return append(own, added...)
}

// close ends the proxy and what goes through it.
func (p *proxy) close() {
	p.cancel()
	_ = p.server.Close()
	<-p.served
}

// refuse tells a program why its request goes nowhere.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadGateway
	if errors.As(err, new(*unreached)) {
		status = http.StatusForbidden
	}
	http.Error(w, err.Error(), status)
}

// tunnel connects a program with a server, for TLS.
func (p *proxy) tunnel(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	if err := p.session.mayReach(&url.URL{Scheme: "https", Host: r.Host}); err != nil {
		refuse(w, err)
		return
	}
	server, err := newTransport().DialContext(ctx, "tcp", r.Host)
	if err != nil {
		refuse(w, err)
		return
	}
	defer func() { _ = server.Close() }()
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		refuse(w, err)
		return
	}
	defer func() { _ = client.Close() }()
	stop := context.AfterFunc(ctx, func() { _, _ = server.Close(), client.Close() })
	defer stop()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection Established\r\n\r\n"); err != nil {
		return
	}
	done := make(chan struct{}, 2)
	go func() { _, _ = io.Copy(server, buffered); done <- struct{}{} }()
	go func() { _, _ = io.Copy(client, server); done <- struct{}{} }()
	<-done // either side has ended, and closing both ends the other
}
