package check

import (
	"context"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Page is what a check of kind cors judges, for a page on which somebody tries it.
type Page struct {
	API string // id; "" while there is none
	// Base begins every URL of the API's; URL is of the check's path.
	Base, URL   string
	Stage, Path string
	Cases       []PageCase
	// Missing says why there is no URL; nil if there is one.
	Missing *Finding
}

// PageCase is one case of the check.
type PageCase struct {
	Origin, Method string
	Headers        []PageHeader
	Credentials    bool
	Allowed        bool
}

// PageHeader is a header of a case. A value with variables is left out: it may be a
// secret, and a page holds none.
type PageHeader struct{ Name, Value string }

// Page gives what a check of kind cors judges, and asks the cloud for nothing but
// the API and its stage; false for a check of another kind.
func (c *Compiled) Page(ctx context.Context, w World) (Page, bool) {
	check, ok := c.looker.(*corsCheck)
	if !ok {
		return Page{}, false
	}
	return check.page(ctx, newProbe(w)), true
}

func (c *corsCheck) page(ctx context.Context, p *probe) Page {
	page := Page{Stage: c.stage, Path: c.path}
	missing := func(v verdict) Page {
		page.Missing = &masked(p.World, v.findings[:1])[0]
		return page
	}
	var found corsSubject
	if v := c.findAPI(ctx, p, &found); len(v.findings) > 0 {
		return missing(v)
	}
	page.API = found.id()
	if v := c.findStage(ctx, p, &found); len(v.findings) > 0 {
		return missing(v)
	}
	page.Stage, page.Path, page.URL, page.Base = found.stage, found.path, found.address, baseOf(found.address, page.API)
	for _, one := range c.cases {
		shown := PageCase{Method: one.method, Credentials: one.credentials, Allowed: one.allowed}
		var err error
		if shown.Origin, err = p.expand(ctx, one.origin); err != nil {
			return missing(unexpanded(err))
		}
		for _, h := range one.headers {
			if strings.Contains(h.Value, "$") {
				h.Value = ""
			}
			shown.Headers = append(shown.Headers, PageHeader(h))
		}
		page.Cases = append(page.Cases, shown)
	}
	return page
}

func (found *corsSubject) id() string {
	if found.rest != nil {
		return aws.ToString(found.rest.api.Id)
	}
	return aws.ToString(found.http.api.ApiId)
}

// baseOf is what every URL of an API begins with, by one of them: its origin, or
// where the API's id stands in the path, all up to there.
func baseOf(address, id string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	base := u.Scheme + "://" + u.Host + "/"
	if before, _, found := strings.Cut(u.EscapedPath(), "/"+id+"/"); found && !strings.Contains(u.Host, id) {
		base += strings.TrimPrefix(before+"/"+id+"/", "/")
	}
	return base
}
