package check

import (
	"context"
	"errors"
	"fmt"

	"awslab/runner/check/cors"
)

// corsCheck is a truth table of what a browser does: for each case, the page's
// origin, method, headers and credentials are judged by the Fetch standard's own
// algorithm ([cors.Judge]) against the live API, which is asked what the browser
// would ask: the preflight, and where that lets it, the request itself. A check
// that passes has every case allowed or blocked as the lesson says, and
// [Result.Seen] has the table either way.
//
// It needs one API of that name or id, REST or HTTP (cors.api-missing,
// cors.api-near-miss, cors.api-twice, cors.websocket, cors.endpoint-disabled) and
// its stage (cors.no-stage, cors.stage-near-miss). Everything else is read only
// where the table is not as expected, to name the first link that is broken: the
// path and the method (cors.path-missing, cors.path-near-miss); what answers the
// preflight (cors.no-options, cors.options-protected, cors.not-configured) or the
// request (cors.no-integration, cors.mock-template, cors.no-integration-response,
// cors.no-method-response, cors.gateway-error); each header (cors.no-header,
// cors.not-mapped, cors.not-declared, cors.backend) and its value (cors.origin,
// cors.method, cors.header, cors.credentials, cors.backend-value); statuses that a
// browser does not take (cors.preflight-status, cors.redirect); and the deployment
// (cors.not-deployed). What allows too much is cors.too-open.
//
// A case whose answer is that there is no such path or method proves nothing of
// CORS. Of a case with a status that status decides (cors.status), and it may be
// that of a method which is not there.
//
// Answers of 5xx and 429 leave it undecided where they do not come from the API's
// own settings (undecided.answers, undecided.throttled). While a canary takes a
// part of the traffic the table is made so often that both deployments answer
// (cors.mixed), and of each case the worst that came counts.
type corsCheck struct {
	api, stage, path, origin string // with variables
	cases                    []corsCase
}

// corsCase is what a page does, and whether the browser has to allow it.
type corsCase struct {
	method      string
	headers     []cors.Header // with variables
	credentials bool
	origin      string // with variables
	allowed     bool
	// status is what the status of the answer has to be that the page may read; nil
	// where the lesson does not say: then any will do, of a method that is there.
	status matcher
}

// corsSubject is the API whose answers are judged.
type corsSubject struct {
	rest    *release // nothing of it is told but API and stage
	http    *chain
	path    string
	address string
	stage   string
}

// args are the values that sentences about the API use.
func (found *corsSubject) args() map[string]string {
	var args map[string]string
	if found.rest != nil {
		args = found.rest.args()
	} else {
		args = found.http.args()
	}
	args["stage"], args["path"] = found.stage, found.path
	return args
}

// corsRow is one case, as it came out.
type corsRow struct {
	want    *corsCase
	request cors.Request
	verdict cors.Verdict
	answers []*answer // of verdict.Exchanges

	undecided bool // the answers say nothing of CORS
}

// asExpected reports whether the browser allows what it should, whatever the
// status.
func (r *corsRow) asExpected() bool { return r.verdict.Allowed == r.want.allowed }

// last is the answer that decided. There is one: of a case that a browser does not
// send there is no table.
func (r *corsRow) last() *answer { return r.answers[len(r.answers)-1] }

func (c *corsCheck) look(ctx context.Context, p *probe) verdict {
	var found corsSubject
	for _, link := range []func(context.Context, *probe, *corsSubject) verdict{c.findAPI, c.findStage} {
		if v := link(ctx, p, &found); len(v.findings) > 0 {
			return v
		}
	}
	rows, v := c.requests(ctx, p, &found)
	if len(v.findings) > 0 {
		return v
	}
	v = c.judge(ctx, p, &found, rows)
	v.seen = remarksOf(rows)
	return v
}

// requests are the cases with their variables filled in.
func (c *corsCheck) requests(ctx context.Context, p *probe, found *corsSubject) ([]*corsRow, verdict) {
	rows := make([]*corsRow, len(c.cases))
	for i := range c.cases {
		one := &c.cases[i]
		row := &corsRow{want: one, request: cors.Request{URL: found.address, Method: one.method}}
		if one.credentials {
			row.request.Credentials = cors.CredentialsInclude
		}
		origin, err := p.expand(ctx, one.origin)
		if err != nil {
			return nil, unexpanded(err)
		}
		if row.request.Origin, err = cors.ParseOrigin(origin); err != nil {
			return nil, noOrigin(err)
		}
		for _, h := range one.headers {
			value, err := p.expand(ctx, h.Value)
			if err != nil {
				return nil, unexpanded(err)
			}
			row.request.Headers = append(row.request.Headers, cors.Header{Name: h.Name, Value: value})
		}
		rows[i] = row
	}
	return rows, verdict{}
}

// noOrigin is the verdict over a variable whose value is no origin.
func noOrigin(err error) verdict {
	var wrong *cors.OriginError
	if !errors.As(err, &wrong) {
		return broken(err)
	}
	return undecided(Finding{Code: undecidedBroken, Variant: "origin", Subject: wrong.Text, Args: map[string]string{"origin": wrong.Text, "reason": wrong.Reason.Error()}})
}

// judge makes the table, and says what is wrong with it.
func (c *corsCheck) judge(ctx context.Context, p *probe, found *corsSubject, rows []*corsRow) verdict {
	asked := len(p.evidence)
	if v := table(ctx, p, rows); len(v.findings) > 0 {
		return v
	}
	why := &corsWhy{p: p, found: found, rows: rows}
	if v := why.mixed(ctx, len(p.evidence)-asked); len(v.findings) > 0 {
		return v
	}
	var doubt verdict // a case that is wrong is wrong, whatever another one would say
	for _, row := range rows {
		switch v := why.wrong(ctx, row); {
		case len(v.findings) == 0:
		case !v.undecided:
			return v
		case len(doubt.findings) == 0:
			doubt = v
		}
	}
	return doubt
}

// table asks the API what a browser would ask it in each case.
func table(ctx context.Context, p *probe, rows []*corsRow) verdict {
	for _, row := range rows {
		live := &liveServer{p: p}
		got, err := cors.Judge(ctx, row.request, live, nil)
		switch {
		case live.unanswered != nil:
			return *live.unanswered
		case err != nil:
			return broken(err)
		case got.Class == cors.ClassSameOrigin:
			return undecided(Finding{Code: undecidedBroken, Variant: "same-origin", Subject: row.request.Origin})
		case got.Class == cors.ClassRefused:
			return broken(fmt.Errorf("a browser sends nothing in this case: %s", got.Step.Code))
		}
		row.verdict, row.answers = got, live.answers
	}
	return verdict{}
}
