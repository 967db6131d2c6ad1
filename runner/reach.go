package runner

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// A lesson is foreign text: its curl, its aws and its checks connect to the
// target and to nothing else, not to other servers on the student's machine
// either. Programs that it starts go the same way, by a proxy (proxy.go).

// unreached is why a connection was not made.
type unreached struct{ why string }

func (e *unreached) Error() string { return e.why }

// RetryableError tells the SDK that asking again is of no use.
func (*unreached) RetryableError() bool { return false }

// mayReach gives the reason why a lesson may not connect to a URL, or nil.
func (s *Session) mayReach(u *url.URL) error {
	t := s.lab.cfg.Target
	where := "*.amazonaws.com"
	if t.Endpoint == "" {
		if awsHost(u.Hostname()) {
			return nil
		}
	} else {
		where = t.Endpoint
		if own, err := url.Parse(t.Endpoint); err == nil && port(own) == port(u) &&
			(strings.EqualFold(own.Hostname(), u.Hostname()) || command.Loopback(own.Hostname()) && command.Loopback(u.Hostname())) {
			return nil
		}
	}
	return &unreached{text.Args{"where": where, "host": u.Host}.Fill(s.lab.cfg.Text.Session.OutOfReach)}
}

// awsHost reports AWS's own names.
func awsHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, domain := range []string{"amazonaws.com", "amazonaws.com.cn", "api.aws"} {
		if strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// guarded sends what may be sent.
type guarded struct {
	may  func(*url.URL) error
	next interface {
		Do(*http.Request) (*http.Response, error)
	}
}

func (g guarded) Do(r *http.Request) (*http.Response, error) {
	if err := g.may(r.URL); err != nil {
		return nil, err
	}
	return g.next.Do(r)
}

// guardedTransport is the same for an [http.Client].
type guardedTransport struct {
	session *Session
	next    http.RoundTripper
}

func (g guardedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := g.session.mayReach(r.URL); err != nil {
		return nil, err
	}
	if g.session.lab.cfg.Target.Emulator {
		r = r.Clone(r.Context())
		r.Header.Set(lessonHeader, g.session.lesson.ID)
	}
	return g.next.RoundTrip(r)
}

// newTransport is like Go's own, but that it knows where *.localhost is, and
// keeps the connections of a check that makes several requests at a time.
func newTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	var dialer net.Dialer
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, command.DialAddress(address))
	}
	return transport
}

// guard keeps a configuration's calls where they may go.
func (s *Session) guard(cfg aws.Config) aws.Config {
	next := cfg.HTTPClient
	if next == nil {
		next = awshttp.NewBuildableClient()
	}
	cfg.HTTPClient = guarded{s.mayReach, next}
	return cfg
}

// mark is the header line by which the emulator knows that a lesson asks,
// not the student: a lesson's request to an API goes to no upstream outside.
func (s *Session) mark() string {
	if !s.lab.cfg.Target.Emulator {
		return ""
	}
	return lessonHeader + ": " + s.lesson.ID
}
