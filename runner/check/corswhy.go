package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"awslab/runner/check/cors"
)

// corsWhy says why a case did not come out as it should. It follows the links of
// the API's settings in the order in which a request meets them, and judges what
// the settings would answer by the same algorithm as the live answers: where they
// are right, the stage serves something older (cors.not-deployed); where they are
// not, the step at which they fail is the link that is broken.
type corsWhy struct {
	p     *probe
	found *corsSubject
	rows  []*corsRow

	settings corsSettings // read when first needed
}

// corsSettings are those of an API of one kind.
type corsSettings interface {
	// exists is the path and the method (cors.path-missing, cors.path-near-miss).
	exists(ctx context.Context, row *corsRow) verdict
	// served is whether the stage has them (cors.not-deployed).
	served(ctx context.Context, row *corsRow) verdict
	// links are those between a request and an answer that may have headers: the
	// preflight, or the request itself.
	links(ctx context.Context, row *corsRow, preflight bool) verdict
	// answer is what the settings give for a request of a case; ok is false where
	// that cannot be read out of them.
	answer(ctx context.Context, row *corsRow, sent cors.Sent) (a cors.Answer, ok bool, err error)
	// explain is what is to be said of a case that the settings block, as they are
	// judged in got.
	explain(ctx context.Context, row *corsRow, got cors.Verdict) verdict
	// open is what is to be said of a case that should be blocked.
	open(ctx context.Context, row *corsRow) verdict
}

// wrong is what is wrong with a case, if anything.
func (w *corsWhy) wrong(ctx context.Context, row *corsRow) verdict {
	last := row.last()
	if row.asExpected() && row.want.status != nil {
		return w.status(ctx, row)
	}
	if w.settled(ctx, row) {
		return verdict{}
	}
	if code := w.transient(row); code != "" {
		row.undecided = true
		v := undecided(Finding{Code: code, Variant: "cors", Subject: last.subject(), Found: fmt.Sprintf("%d %s", last.StatusCode, shorten(last.body))})
		v.pending = !w.p.Emulator // nothing passes by itself there
		return v
	}
	if v := w.read(ctx); len(v.findings) > 0 {
		return v
	}
	open := !row.asExpected() && row.verdict.Allowed
	// A REST API's preflight is answered by the path's own OPTIONS, so the path is
	// there; an HTTP API answers for every path. And where the lesson expects a status,
	// it knows that the method may not be there.
	elsewhere := w.found.noRoute(last) && (w.found.rest == nil || row.verdict.Class != cors.ClassPreflighted)
	if row.want.status == nil && (!open || elsewhere) {
		if v := w.settings.exists(ctx, row); len(v.findings) > 0 {
			return v
		}
	}
	if open {
		return w.settings.open(ctx, row)
	}
	if row.asExpected() {
		return w.hollow(ctx, row)
	}
	if row.verdict.Class == cors.ClassPreflighted {
		if v := w.settings.links(ctx, row, true); len(v.findings) > 0 {
			return v
		}
	}
	got, err := cors.Judge(ctx, row.request, settingsServer{w.settings, row}, nil)
	var unread *settingsError
	if errors.As(err, &unread) {
		return unread.verdict
	}
	if n := len(got.Exchanges); n > 0 && !got.Exchanges[n-1].Preflight {
		if v := w.settings.links(ctx, row, false); len(v.findings) > 0 {
			return v
		}
	}
	switch {
	case err == nil && !got.Allowed:
		return w.settings.explain(ctx, row, got)
	case err == nil || errors.Is(err, cors.ErrUnknown):
		return w.stale(row)
	default:
		return broken(err)
	}
}

// status judges the status of an answer that the page may read.
func (w *corsWhy) status(ctx context.Context, row *corsRow) verdict {
	last := row.last()
	wrong, err := row.want.status.match(ctx, w.p.World, number(last.StatusCode))
	switch {
	case err != nil:
		return unexpanded(err)
	case wrong == nil:
		return verdict{}
	}
	f := Finding{Code: corsStatus, Subject: last.subject(), Expected: wrong.expected, Found: wrong.found, Args: w.found.args()}
	f.Args["body"] = shorten(last.body)
	return failed(f)
}

// settled reports whether a case came out as it should, and by CORS: not because
// the gateway knew nowhere to take the request, or something failed.
func (w *corsWhy) settled(ctx context.Context, row *corsRow) bool {
	last := row.last()
	switch {
	case !row.asExpected():
		return false
	case row.want.status != nil:
		return len(w.status(ctx, row).findings) == 0
	case row.verdict.Allowed:
		return !w.found.noRoute(last)
	default:
		return !w.found.noRoute(last) && last.StatusCode < 500 && last.StatusCode != http.StatusTooManyRequests
	}
}

// hollow finds what blocks a case that has to be blocked, but not by CORS.
func (w *corsWhy) hollow(ctx context.Context, row *corsRow) verdict {
	if v := w.settings.served(ctx, row); len(v.findings) > 0 {
		return v
	}
	if last := row.last(); !row.verdict.Allowed && last.StatusCode >= 500 {
		preflight := len(row.verdict.Exchanges) == 1 && row.verdict.Exchanges[0].Preflight
		if v := w.settings.links(ctx, row, preflight); len(v.findings) > 0 {
			return v
		}
		return failed(w.gatewayError(row, last))
	}
	return verdict{}
}

// transient is the code of a blocked answer that says nothing of the API's
// settings, "" for any other.
func (w *corsWhy) transient(row *corsRow) string {
	switch a := row.last(); {
	case row.verdict.Allowed:
		return ""
	case a.StatusCode == http.StatusTooManyRequests:
		return undecidedThrottled
	case a.StatusCode >= 500 && a.StatusCode != http.StatusNotImplemented && !w.found.configurationError(a):
		return undecidedAnswers
	}
	return ""
}

// says reports whether an answer's body is a JSON object with that message alone.
func (a *answer) says(message string) bool {
	return strings.TrimSpace(a.body) == `{"message":"`+message+`"}`
}

// noRoute reports whether the gateway knew nowhere to take a request.
func (found *corsSubject) noRoute(a *answer) bool {
	if found.rest != nil {
		return a.noMethod()
	}
	return a.StatusCode == http.StatusNotFound && a.says("Not Found")
}

// configurationError reports whether a fault is one that the API's own settings,
// its function or the permission to invoke it make.
func (found *corsSubject) configurationError(a *answer) bool {
	if found.rest != nil {
		return a.gatewayFault()
	}
	return a.StatusCode == http.StatusInternalServerError && a.says("Internal Server Error")
}

// gatewayMade reports whether the gateway itself refused a request.
func (found *corsSubject) gatewayMade(a *answer) bool {
	if found.rest != nil {
		return a.StatusCode >= 400 && a.errorType() != ""
	}
	switch a.StatusCode {
	case http.StatusUnauthorized:
		return a.says("Unauthorized")
	case http.StatusForbidden:
		return a.says("Forbidden")
	}
	return found.noRoute(a) || found.configurationError(a)
}

// settingsServer answers as the settings say.
type settingsServer struct {
	corsSettings
	row *corsRow
}

// settingsError says that the settings could not be read.
type settingsError struct{ verdict }

func (e *settingsError) Error() string { return "the settings could not be read" }

// Answer is what the settings give, and where they do not tell, what the API gave.
func (s settingsServer) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	a, ok, err := s.answer(ctx, s.row, sent)
	if err != nil || ok {
		return a, err
	}
	return cors.Answer{}, cors.ErrUnknown
}

// recorded is what the API answered to a request of a case.
func (r *corsRow) recorded(sent cors.Sent) *answer {
	for i, e := range r.verdict.Exchanges {
		asks := sent.Header.Get("Access-Control-Request-Method") != ""
		if e.Sent.Method == sent.Method && e.Sent.URL == sent.URL && e.Preflight == asks && e.Err == nil && i < len(r.answers) {
			return r.answers[i]
		}
	}
	return nil
}

// read reads the settings of an API of its kind.
func (w *corsWhy) read(ctx context.Context) verdict {
	if w.settings != nil {
		return verdict{}
	}
	if w.found.rest != nil {
		s, v := newRESTCORS(ctx, w)
		if s != nil {
			w.settings = s
		}
		return v
	}
	s, v := newHTTPCORS(ctx, w)
	if s != nil {
		w.settings = s
	}
	return v
}

// stale says that the settings are right, and the stage serves others.
func (w *corsWhy) stale(row *corsRow) verdict {
	f := Finding{Code: corsNotDeployed, Subject: row.request.Method + " " + w.found.path, Args: w.found.args()}
	f.Args["fix"] = w.found.deploy()
	switch {
	case w.found.rest == nil && f.Args["fix"] == "":
		f.Variant = "auto"
		return onItsWay(f)
	case w.found.rest != nil && w.found.rest.stage.CanarySettings != nil:
		f.Variant = "canary"
	}
	return failed(f)
}

// gatewayError says that the gateway itself refused the request, and that this is
// what the browser hides behind an error of CORS.
func (w *corsWhy) gatewayError(row *corsRow, a *answer) Finding {
	found := fmt.Sprintf("%d %s", a.StatusCode, shorten(strings.TrimSpace(a.body)))
	if kind := a.errorType(); kind != "" {
		found = fmt.Sprintf("%d %s %s", a.StatusCode, kind, shorten(strings.TrimSpace(a.body)))
	}
	f := Finding{Code: corsGatewayError, Subject: a.request.Method + " " + w.found.path, Found: found, Args: w.found.args()}
	if a.StatusCode >= 500 {
		f.Variant = "server"
	}
	origin := w.origin(row)
	if w.found.rest == nil || origin == "" { // it takes no gateway response: there are none, or no page has to read it
		f.Variant = strings.TrimPrefix(f.Variant+"-http", "-")
		return f
	}
	f.Args["fix"] = then(w.found.gatewayResponse(a.StatusCode, origin), w.found.deploy())
	return f
}
