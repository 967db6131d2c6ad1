package check

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"awslab/runner/check/cors"
)

// deficit is what a browser missed in an answer: the header, its value as it is,
// and as it should be; header is "" where it is the status.
type deficit struct {
	header, found, value string
	code, variant        string // of the finding over a value that is there
}

// deficit reads the step at which a case failed.
func (w *corsWhy) deficit(row *corsRow, got cors.Verdict) deficit {
	a := got.Exchanges[len(got.Exchanges)-1].Answer
	_, what, _ := strings.Cut(got.Step.Code, ".")
	d := deficit{}
	switch {
	case strings.HasPrefix(what, "allow-origin"):
		d.header, d.code, d.value = allowOrigin, corsOrigin, w.origin(row)
		d.found, _ = headerOf(a, allowOrigin)
		d.variant = originVariant(d.found, row.request)
	case strings.HasPrefix(what, "allow-credentials"):
		d.header, d.code, d.value = allowCredentials, corsCredentials, "true"
	case strings.HasPrefix(what, "method"):
		d.header, d.code, d.value = allowMethods, corsMethod, w.methods(row, a)
		d.variant, _ = strings.CutPrefix(what, "method-") // case, wildcard
	case strings.HasPrefix(what, "header"):
		d.header, d.code, d.value = allowHeaders, corsHeader, w.headers(row, a)
		d.variant, _ = strings.CutPrefix(what, "header-")
	case what == "authorization":
		d.header, d.code, d.variant, d.value = allowHeaders, corsHeader, "authorization", w.headers(row, a)
	default:
		return deficit{}
	}
	switch what {
	case "methods-syntax", "headers-syntax":
		d.variant = "syntax"
	case "method", "methods-absent", "header", "headers-absent":
		d.variant = ""
	}
	d.found, _ = headerOf(a, d.header)
	return d
}

// originVariant is in what way an Access-Control-Allow-Origin misses an origin.
func originVariant(value string, request cors.Request) string {
	origin := request.Origin
	var wrong *cors.OriginError
	_, err := cors.ParseOrigin(value)
	errors.As(err, &wrong)
	bare := strings.Trim(value, `"' `)
	switch {
	case value == "*":
		return "wildcard" // with credentials
	case value == cors.Null:
		return "null"
	case bare != value && bare == origin:
		return "quoted"
	case strings.Contains(value, ",") || strings.Contains(strings.TrimSpace(value), " "):
		return "list"
	case strings.Contains(value, "*"):
		return "pattern"
	case value == origin+"/":
		return "slash"
	case wrong != nil && wrong.Suggestion == origin && errors.Is(err, cors.ErrOriginCase):
		return "case"
	case wrong != nil && wrong.Suggestion == origin && (errors.Is(err, cors.ErrOriginPath) || errors.Is(err, cors.ErrOriginQuery)):
		return "page"
	case wrong != nil && wrong.Suggestion == origin:
		return "port"
	}
	have, err := url.Parse(value)
	want, err2 := url.Parse(origin)
	switch {
	case err != nil || err2 != nil:
		return ""
	case have.Scheme == "" && (value == want.Host || have.Path == want.Host):
		return "scheme"
	case have.Scheme != want.Scheme && have.Host == want.Host:
		return "scheme"
	case have.Scheme == want.Scheme && have.Hostname() == want.Hostname() && have.Port() != want.Port():
		return "port"
	}
	return ""
}

// allowed are the cases that have to be allowed.
func (w *corsWhy) allowed() []*corsRow {
	return slices.DeleteFunc(slices.Clone(w.rows), func(row *corsRow) bool { return !row.want.allowed })
}

// origin is the Access-Control-Allow-Origin that is right for a case, and if there
// is one, for the other cases as well; "" where nothing has to be allowed.
func (w *corsWhy) origin(row *corsRow) string {
	var origins []string
	credentials := false
	for _, one := range w.allowed() {
		origins = append(origins, one.request.Origin)
		credentials = credentials || one.want.credentials
	}
	slices.Sort(origins)
	origins = slices.Compact(origins)
	others := slices.ContainsFunc(w.rows, func(one *corsRow) bool {
		return !one.want.allowed && !slices.Contains(origins, one.request.Origin)
	})
	switch {
	case len(origins) == 0:
		return ""
	case len(origins) > 1 && !credentials && !others:
		return "*"
	case slices.Contains(origins, row.request.Origin):
		return row.request.Origin
	}
	return origins[0]
}

// headerOf is the value of a header as a browser has it, all lines of it together;
// ok is false where there is none.
func headerOf(a cors.Answer, name string) (value string, ok bool) {
	values := a.Header.Values(name)
	return strings.Join(values, ", "), len(values) > 0
}

// names are those of a list in a header.
func names(a cors.Answer, header string) []string {
	value, _ := headerOf(a, header)
	list := strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
	return slices.DeleteFunc(list, func(name string) bool { return !plainWord.MatchString(name) && name != "*" })
}

// methods is the Access-Control-Allow-Methods that is right: what is allowed, and
// what the cases need.
func (w *corsWhy) methods(_ *corsRow, a cors.Answer) string {
	var needed []string
	credentials := false
	for _, one := range w.allowed() {
		needed, credentials = append(needed, one.request.Method), credentials || one.want.credentials
	}
	kept := slices.DeleteFunc(names(a, allowMethods), func(name string) bool {
		return name == "*" && credentials || slices.ContainsFunc(needed, func(n string) bool { return strings.EqualFold(n, name) })
	})
	return joinNames(append(kept, append(needed, "OPTIONS")...), false)
}

// headers is the Access-Control-Allow-Headers that is right.
func (w *corsWhy) headers(_ *corsRow, a cors.Answer) string {
	var needed []string
	credentials := false
	for _, one := range w.allowed() {
		for _, h := range one.request.Headers {
			needed = append(needed, h.Name)
		}
		credentials = credentials || one.want.credentials
	}
	kept := slices.DeleteFunc(names(a, allowHeaders), func(name string) bool { return name == "*" && credentials })
	return joinNames(append(kept, needed...), true)
}

// joinNames joins names, each once; those of headers know no case.
func joinNames(names []string, fold bool) string {
	var each []string
	for _, name := range names {
		if !slices.ContainsFunc(each, func(other string) bool { return name == other || fold && strings.EqualFold(name, other) }) {
			each = append(each, name)
		}
	}
	return strings.Join(each, ",")
}

// tooOpen is the finding over a case that should be blocked. What of it other cases
// are not allowed to do either is what should have blocked it.
func (w *corsWhy) tooOpen(row *corsRow) Finding {
	f := Finding{Code: corsTooOpen, Subject: row.request.Method + " " + w.found.path, Args: w.found.args()}
	f.Args["origin"], f.Args["request"] = row.request.Origin, row.asked()
	last := row.verdict.Exchanges[len(row.verdict.Exchanges)-1].Answer
	first := row.verdict.Exchanges[0].Answer
	f.Found, _ = headerOf(last, allowOrigin)
	alike := func(same func(*corsRow) bool) bool {
		return slices.ContainsFunc(w.allowed(), func(one *corsRow) bool { return one.request.Origin == row.request.Origin && same(one) })
	}
	// What asked for the preflight is what its answer can forbid.
	method, headers := false, false
	for _, why := range row.verdict.Reasons {
		method, headers = method || why.Code == "why.method", headers || why.Code != "why.method"
	}
	switch {
	case !alike(func(*corsRow) bool { return true }):
		f.Variant = "echo"
		if f.Found == "*" {
			f.Variant = "any"
		}
		f.Args["header"], f.Args["value"] = allowOrigin, w.origin(row)
	case method && !alike(func(one *corsRow) bool { return one.request.Method == row.request.Method }):
		f.Variant = "method"
		f.Found, _ = headerOf(first, allowMethods)
		f.Args["header"] = allowMethods
		f.Args["value"] = joinNames(w.without(first, allowMethods, []string{row.request.Method}), false)
	case headers:
		f.Variant = "header"
		f.Found, _ = headerOf(first, allowHeaders)
		f.Args["header"] = allowHeaders
		var own []string
		for _, h := range row.request.Headers {
			own = append(own, h.Name)
		}
		f.Args["value"] = joinNames(w.without(first, allowHeaders, own), true)
	case row.want.credentials:
		f.Variant = "credentials"
		f.Found, _ = headerOf(last, allowCredentials)
		f.Args["header"] = allowCredentials
	default:
		f.Args["header"], f.Args["value"] = allowOrigin, w.origin(row)
	}
	return f
}

// without is a list of a header without some names, but for those that cases need.
func (w *corsWhy) without(a cors.Answer, header string, gone []string) []string {
	var needed []string
	for _, one := range w.allowed() {
		if header == allowMethods {
			needed = append(needed, one.request.Method)
			continue
		}
		for _, h := range one.request.Headers {
			needed = append(needed, h.Name)
		}
	}
	has := func(list []string, name string) bool {
		return slices.ContainsFunc(list, func(one string) bool { return strings.EqualFold(one, name) })
	}
	kept := slices.DeleteFunc(names(a, header), func(name string) bool {
		return name == "*" || has(gone, name) && !has(needed, name)
	})
	return append(kept, needed...)
}

// elsewhere is what is to be said where redirects led away from the API, nil where
// none did.
func (w *corsWhy) elsewhere(row *corsRow, got cors.Verdict) *Finding {
	area, what, _ := strings.Cut(got.Step.Code, ".")
	e := got.Exchanges[len(got.Exchanges)-1]
	if e.Sent.URL == w.found.address && what != "redirect" && (area != "redirect" || strings.HasPrefix(what, "allow-")) {
		return nil
	}
	f := &Finding{Code: corsRedirect, Subject: e.Sent.Method + " " + w.found.path, Args: w.found.args()}
	f.Found = e.Answer.Header.Get("Location")
	f.Args["status"] = got.Step.Args["status"]
	switch {
	case e.Preflight:
		f.Variant = "preflight"
	case e.Sent.URL != w.found.address:
		f.Variant, f.Found = "target", e.Sent.URL
	}
	return f
}
