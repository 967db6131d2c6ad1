package executeapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Confined is the rule for HTTP integrations that needs no configuration. A
// lesson is foreign text, and what its commands cannot reach they are not to reach
// through an API of theirs: their requests go to no upstream. The student's own
// requests, with a browser or with curl in another terminal, go where the
// student's integration says, as they could without us.
func Confined(lesson string, _ *url.URL) error {
	if lesson == "" {
		return nil
	}
	return errors.New("a request of a lesson's may not leave the emulator")
}

// NewUpstream makes the transport of HTTP integrations. It follows no proxy
// settings: those are the student's, not the API's.
func NewUpstream() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Transport{
		DialContext: dialer.DialContext, DisableCompression: true,
		MaxIdleConns: 16, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
}

// via is what the gateway writes into Via. maxHops bounds an API that calls
// itself.
const (
	via     = "HTTP/1.1 AmazonAPIGateway"
	maxHops = 8
)

// roundTrip asks the upstream of an HTTP integration. It is the one door to the
// network: Reach is asked first, and Upstream goes. The answer's header is as the
// upstream sent it.
func (x *exchange) roundTrip(u *url.URL, request func(context.Context, *url.URL) *http.Request, limit time.Duration) (*answer, *fault) {
	x.trace.Integration.Target = traceTarget(u.String())
	if err := x.h.cfg.Reach(x.lesson, u); err != nil {
		x.trace.Integration.Error = err.Error()
		return nil, &fault{"out-of-reach", err.Error(), err}
	}
	if strings.Count(strings.Join(x.r.Header.Values("Via"), ","), via) >= maxHops {
		return nil, &fault{reason: "loop", detail: "the request has come through API Gateway too often: an API calls itself"}
	}
	ctx, cancel := x.within(limit)
	defer cancel()
	response, err := x.h.cfg.Upstream.RoundTrip(request(ctx, u))
	if err != nil {
		return nil, x.upstreamFault(ctx, err, limit)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode < http.StatusOK { // no answer; after a 101 the connection would have no end
		return nil, x.upstreamFault(ctx, errors.New("the status "+response.Status+" is no answer"), limit)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, x.upstreamFault(ctx, err, limit)
	case len(body) > maxBody:
		return nil, &fault{reason: "response-too-large", detail: "the upstream's answer has more than 10 MB"}
	}
	return &answer{status: response.StatusCode, header: response.Header, body: body}, nil
}

func (x *exchange) upstreamFault(ctx context.Context, err error, limit time.Duration) *fault {
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		x.trace.Integration.Error = "timeout"
		return &fault{"timeout", "the upstream had not answered after " + limit.String(), err}
	case x.r.Context().Err() != nil:
		return goneFault
	}
	x.trace.Integration.Error = clip(err.Error())
	return &fault{"unreachable", "the upstream cannot be reached: " + clip(err.Error()), err}
}
