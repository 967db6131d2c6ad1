package check

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Page is what a check of kind cors judges, for somebody who tries it out.
type Page struct {
	API         string // id; "" while there is none
	Base, URL   string // of the API, and of the path
	Stage, Path string
	Cases       []PageCase
}

// PageCase is one case of the check's.
type PageCase struct {
	Origin, Method string
	Headers        []string
	Credentials    bool
	Allowed        bool
}

// Page gives what a check of kind cors judges; false for another kind. Its error is
// an [UnsetError] where the lesson has not made the API yet.
func (c *Compiled) Page(ctx context.Context, w World) (Page, bool, error) {
	paged, ok := c.looker.(interface {
		page(ctx context.Context, w World) (Page, error)
	})
	if !ok {
		return Page{}, false, nil
	}
	page, err := paged.page(ctx, w)
	return page, true, err
}

// page finds the API and its stage, and makes no request to them.
func (c *corsCheck) page(ctx context.Context, w World) (Page, error) {
	p := newProbe(w)
	var found corsSubject
	for _, link := range []func(context.Context, *probe, *corsSubject) verdict{c.findAPI, c.findStage} {
		v := link(ctx, p, &found)
		switch {
		case len(v.findings) == 0:
		case v.findings[0].Code == checkUnset:
			return Page{}, &UnsetError{Name: v.findings[0].Subject, Reason: v.findings[0].Found}
		case v.undecided:
			return Page{}, fmt.Errorf("%s: %s", v.findings[0].Code, v.findings[0].Found)
		default: // the API is not there yet, or its stage
			return Page{}, &UnsetError{Name: c.api}
		}
	}
	page := Page{URL: found.address, Stage: found.stage, Path: found.path, API: found.args()["id"]}
	if found.rest != nil {
		page.Base = strings.TrimSuffix(w.invokeURL(page.API, ""), "/_user_request_")
	} else {
		page.Base = strings.TrimSuffix(aws.ToString(found.http.api.ApiEndpoint), "/") + "/"
	}
	for i := range c.cases {
		one := &c.cases[i]
		origin, err := w.expand(ctx, one.origin)
		if err != nil {
			return Page{}, err
		}
		known := PageCase{Origin: origin, Method: one.method, Credentials: one.credentials, Allowed: one.allowed}
		for _, h := range one.headers {
			known.Headers = append(known.Headers, h.Name)
		}
		page.Cases = append(page.Cases, known)
	}
	return page, nil
}
