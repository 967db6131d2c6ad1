package playground

import (
	"context"
	"net/http"
	"net/url"

	"awslab/runner/check/cors"
	"awslab/runner/text"
)

// asking answers what the standard says that the browser sends by asking the API
// itself: there are no traces but the emulator's.
type asking struct {
	server      *Server
	credentials bool // the browser may have sent cookies, which nobody here has
	exchanges   []exchange
}

// Answer asks the API. A request that may change something, or that would need the
// browser's cookies, is not sent a second time.
func (a *asking) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	u, err := url.Parse(sent.URL)
	if err != nil {
		return cors.Answer{}, err
	}
	preflight := asksPreflight(sent)
	switch {
	case !a.server.allowed(ctx, u):
		return cors.Answer{}, &unknown{code: "elsewhere", args: text.Args{"url": cors.Show(origin(u) + u.EscapedPath())}}
	case preflight:
	case sent.Method != http.MethodGet && sent.Method != http.MethodHead:
		return cors.Answer{}, &unknown{code: "unsafe", args: text.Args{"method": cors.Show(sent.Method)}}
	case a.credentials:
		return cors.Answer{}, &unknown{code: "credentials"}
	}
	request, err := http.NewRequestWithContext(ctx, sent.Method, sent.URL, nil)
	if err != nil {
		return cors.Answer{}, err
	}
	request.Header = sent.Header.Clone()
	x := exchange{Preflight: preflight, Method: sent.Method, URL: cors.Show(u.EscapedPath()), Sent: []Header{}, Answer: []Header{}}
	for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
		if value := sent.Header.Get(name); value != "" {
			x.Sent = append(x.Sent, Header{name, cors.Show(value)})
		}
	}
	answer, err := a.server.cfg.Source.Do(request)
	if err != nil {
		a.exchanges = append(a.exchanges, x)
		return cors.Answer{}, err
	}
	_ = answer.Body.Close() // of the body nothing is wanted
	x.Status, x.Answer = answer.StatusCode, headers(answer.Header)
	a.exchanges = append(a.exchanges, x)
	return cors.Answer{Status: answer.StatusCode, Header: answer.Header}, nil
}
