package cors

import "context"

// Judge runs the algorithm: what the browser sends to server, and what it lets the
// script read. The cache may be nil. An error means that there is no verdict: the
// request's origin is none, it is larger than a browser's, the server's answer is
// [ErrUnknown], or the context is done; the Verdict then holds the exchanges so far.
func Judge(ctx context.Context, request Request, server Server, cache *Cache) (Verdict, error) {
	_ = cache
	if _, err := ParseOrigin(request.Origin); err != nil {
		return Verdict{}, err
	}
	_, err := server.Answer(ctx, Sent{Method: request.Method, URL: request.URL})
	return Verdict{}, err
}
