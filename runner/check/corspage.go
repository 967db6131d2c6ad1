package check

import "context"

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
