package check

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// table asks the API in each case, and the other methods with the token that is let
// in and without any.
func (w *authorizerWhy) table(ctx context.Context) verdict {
	w.rows = nil
	for _, one := range w.check.cases {
		row := &authorizerRow{want: one, key: routeKey{w.check.method, w.found.path}}
		var err error
		if row.token, err = w.tokens.mint(one.name); err != nil {
			return broken(err)
		}
		row.sent = w.check.headerValue(row.token)
		w.rows = append(w.rows, row)
		if v := w.ask(ctx, row); len(v.findings) > 0 {
			return v
		}
		if !one.lets() {
			continue
		}
		for _, key := range w.check.also {
			if key.path, err = w.p.expand(ctx, key.path); err != nil {
				return unexpanded(err)
			}
			for _, name := range []string{caseAllow, caseNone} {
				beside := &authorizerRow{want: authorizerCase{name: name, expected: answerMatchers{status: usualStatus(name)}}, key: key, also: true}
				if name == caseAllow {
					beside.sent, beside.token = row.sent, row.token
				}
				w.rows = append(w.rows, beside)
				if v := w.ask(ctx, beside); len(v.findings) > 0 {
					return v
				}
			}
		}
	}
	return verdict{}
}

// headerValue is what the header holds for a token.
func (c *authorizerCheck) headerValue(token string) string {
	if c.scheme == "" || token == "" {
		return token
	}
	return c.scheme + " " + token
}

// ask makes the request of a row, and judges its answer.
func (w *authorizerWhy) ask(ctx context.Context, row *authorizerRow) verdict {
	address := w.p.invokeURL(w.found.id(), aws.ToString(w.found.stage.StageName)) + row.key.path
	request, err := http.NewRequestWithContext(ctx, row.key.method, address, http.NoBody)
	if err != nil {
		return broken(err)
	}
	request.Header.Set(CheckHeader, "1")
	if row.sent != "" {
		request.Header.Set(w.check.header, row.sent)
	}
	a, v := w.p.exchange(ctx, request, "")
	w.p.evidence[len(w.p.evidence)-1].Reproduce = w.curl(row, address)
	if a == nil {
		return v
	}
	row.answer = a
	if v = row.want.expected.judge(ctx, w.p, a); v.undecided || v.pending || len(v.findings) > 0 && v.findings[0].Code == checkUnset {
		return v
	}
	row.wrong = v.findings
	return verdict{}
}

// curl makes the request of a row again, with a token that it makes itself.
func (w *authorizerWhy) curl(row *authorizerRow, address string) string {
	words := []string{"curl", "-i"}
	if row.key.method != http.MethodGet {
		words = append(words, "-X", row.key.method)
	}
	if row.sent != "" {
		value := w.p.mask(row.sent)
		for mark, command := range w.tokens.commands {
			value = strings.ReplaceAll(value, mark, command)
		}
		words = append(words, "-H", `"`+w.check.header+": "+value+`"`)
	}
	return clip(strings.Join(append(words, quote(address)), " "))
}

// mixed makes the table again where a canary may answer as well as the stage.
func (w *authorizerWhy) mixed(ctx context.Context) verdict {
	worst := w.rows
	v := repeated[*authorizerRow]{
		rounds: w.found.rounds(len(w.rows)),
		again: func(ctx context.Context) ([]*authorizerRow, verdict) {
			v := w.table(ctx)
			return w.rows, v
		},
		outcome:  func(row *authorizerRow) string { return fmt.Sprint(row.answer.reception()) },
		says:     func(row *authorizerRow) bool { return row.answer.transient() == "" },
		distance: func(_ context.Context, row *authorizerRow) int { return row.distance() },
		mixed: func(row *authorizerRow) Finding {
			f := w.finding(authorizerMixed, row)
			f.Args["fix"] = w.found.deploy()
			return f
		},
	}.worst(ctx, w.p, worst)
	w.rows = worst
	return v
}

// distance is how far a case is from what it should be.
func (r *authorizerRow) distance() int {
	switch {
	case r.asExpected():
		return 0
	case r.want.enters() || r.answer.reception() != entered:
		return 1
	}
	return 2
}

// remarks is the table as remarks. Cases that were not come to are left out.
func (w *authorizerWhy) remarks() []Remark {
	var seen []Remark
	for _, row := range w.rows {
		if row.answer == nil {
			continue
		}
		r := Remark{Code: remarkToken, Row: Passed, Args: map[string]string{
			"token": row.want.name, "status": fmt.Sprint(row.answer.StatusCode), "request": row.subject(), "body": shorten(w.p.mask(strings.TrimSpace(row.answer.body))),
		}}
		switch {
		case row.also && row.want.lets():
			r.Code = remarkAlso
		case row.also:
			r.Code = remarkAlsoNone
		case row.principal != "":
			r.Code, r.Args["principal"] = remarkPrincipal, row.principal
		}
		switch {
		case row.undecided:
			r.Row = Undecided
		case !row.asExpected():
			r.Row, r.Expected = Failed, remarkAnswer
			if len(row.wrong) > 0 && row.wrong[0].Code == httpStatus {
				r.Expected, r.Args["expected"] = remarkStatus, row.wrong[0].Expected
			}
		}
		seen = append(seen, r)
	}
	return seen
}
