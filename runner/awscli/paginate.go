package awscli

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"
)

// pagesItself: a token or a page size given by hand means that the caller pages.
func (r *run) pagesItself(c *command, params *awsmodel.Object) bool {
	if !r.globals.paginate {
		return false
	}
	for _, name := range append(slices.Clone(c.page.Input), c.page.Limit) {
		if _, given := params.Get(name); given && name != "" {
			return false
		}
	}
	return true
}

// checkPaging turns the paging off when the caller pages by hand, and refuses
// paging options that then would do nothing.
func (r *run) checkPaging(c *command, p parsed) error {
	if c.page == nil {
		return nil
	}
	for _, member := range append(slices.Clone(c.page.Input), c.page.Limit) {
		name := awsmodel.OptionName(member)
		if _, given := p.values[name]; given && member != "" && name != "max-items" {
			r.globals.paginate = false
		}
	}
	if r.globals.paginate {
		return nil
	}
	var used []string
	for _, name := range []string{"starting-token", "page-size", "max-items"} {
		i := slices.IndexFunc(c.arguments, func(a argument) bool { return a.name == name && a.role == rolePage && a.shadowed == nil })
		if text, given := p.text(name); i >= 0 && given && text != "" && text != "0" {
			used = append(used, "--"+name)
		}
	}
	if len(used) > 0 {
		return badParameter("Cannot specify --no-paginate along with pagination arguments: %s", strings.Join(used, ", "))
	}
	return nil
}

// pager follows an operation's pages (botocore/paginate.py).
type pager struct {
	run     *run
	command *command
	page    *page
	params  *awsmodel.Object
	max     int // -1: no limit
	token   *awsmodel.Object
	resume  string // what --starting-token of the next command would be
}

// paginate makes calls until there are no more pages and prints them: as one
// answer, or page by page as text.
func (r *run) paginate(ctx context.Context, c *command, p parsed, params *awsmodel.Object) error {
	pg := &pager{run: r, command: c, page: c.page, params: params, max: -1}
	if n, ok := p.number("max-items"); ok {
		pg.max = n
	}
	if size, ok := p.text("page-size"); ok {
		m, _ := c.input.member(c.page.Limit)
		var value any = json.Number(strings.TrimSpace(size))
		if m.shape.kind == kindString {
			value = size
		}
		params.Set(c.page.Limit, value)
	}
	skip := 0
	if token, ok := p.text("starting-token"); ok {
		var err error
		if pg.token, skip, err = pg.readToken(token); err != nil {
			return err
		}
		pg.inject(pg.token)
	}
	whole, once := &awsmodel.Object{}, &awsmodel.Object{}
	first := true
	err := pg.each(ctx, skip, func(answer *awsmodel.Object) error {
		current := &awsmodel.Object{}
		if first {
			for _, key := range c.page.Once {
				v, _ := answer.Get(key)
				once.Set(key, v)
				current.Set(key, v)
			}
		}
		first = false
		for _, key := range c.page.Result {
			v, _ := answer.Get(key)
			current.Set(key, v)
			addTo(whole, key, v)
		}
		if r.globals.output == "text" {
			return r.print("", current)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if r.globals.output == "text" {
		if pg.resume == "" {
			return nil
		}
		next, inner := &awsmodel.Object{}, &awsmodel.Object{}
		inner.Set("NextToken", pg.resume)
		next.Set("NextToken", inner)
		return r.print("", next)
	}
	for _, key := range once.Keys() {
		v, _ := once.Get(key)
		whole.Set(key, v)
	}
	if pg.resume != "" {
		whole.Set("NextToken", pg.resume)
	}
	return r.print(c.operation.Name, whole)
}

// addTo joins a page's result to what came before: lists grow, numbers and
// strings add up.
func addTo(whole *awsmodel.Object, key string, v any) {
	if v == nil {
		return
	}
	before, ok := whole.Get(key)
	if !ok {
		whole.Set(key, v)
		return
	}
	switch v := v.(type) {
	case []any:
		if list, ok := before.([]any); ok {
			whole.Set(key, append(list, v...))
		}
	case string:
		if text, ok := before.(string); ok {
			whole.Set(key, text+v)
		}
	}
}

// each calls for page after page. skip drops the head of the first, as the
// token said that it was shown before.
func (pg *pager) each(ctx context.Context, skip int, show func(*awsmodel.Object) error) error {
	total, first := 0, true
	var previous *awsmodel.Object
	for {
		answer, err := pg.run.call(ctx, pg.command, pg.params)
		if err != nil {
			return err
		}
		primary := pg.page.Result[0]
		items, _ := answer.Get(primary)
		list, _ := items.([]any)
		if first && pg.token != nil {
			list = list[min(skip, len(list)):]
			answer.Set(primary, list)
			for _, key := range pg.page.Result[1:] {
				if _, isList := valueOf(answer, key).([]any); isList {
					answer.Set(key, []any{})
				}
			}
		} else {
			skip = 0
		}
		first = false
		if over := total + len(list) - pg.max; pg.max >= 0 && over > 0 {
			keep := len(list) - over
			answer.Set(primary, list[:keep])
			token := pg.token
			if token == nil {
				token = pg.emptyToken()
			}
			pg.resume = encodeToken(token, keep+skip)
			return show(answer)
		}
		if err := show(answer); err != nil {
			return err
		}
		total += len(list)
		next := pg.next(answer)
		if next == nil {
			return nil
		}
		if pg.max >= 0 && total == pg.max {
			pg.resume = encodeToken(next, -1)
			return nil
		}
		if previous != nil && equal(previous, next) {
			return generalError("Error during pagination: The same next token was received twice: %s", pyReprValue(next))
		}
		pg.inject(next)
		pg.token, previous = next, next
	}
}

func valueOf(o *awsmodel.Object, key string) any { v, _ := o.Get(key); return v }

func (pg *pager) emptyToken() *awsmodel.Object {
	token := &awsmodel.Object{}
	for _, key := range pg.page.Input {
		token.Set(key, nil)
	}
	return token
}

// next is the token of the next page, nil if there is none.
func (pg *pager) next(answer *awsmodel.Object) *awsmodel.Object {
	if pg.page.More != "" && isFalse(valueOf(answer, pg.page.More)) {
		return nil
	}
	token, found := pg.emptyToken(), false
	for i, key := range pg.page.Input {
		if v := valueOf(answer, pg.page.Output[i]); !isFalse(v) {
			token.Set(key, v)
			found = true
		}
	}
	if !found {
		return nil
	}
	return token
}

func (pg *pager) inject(token *awsmodel.Object) {
	for _, key := range token.Keys() {
		if v := valueOf(token, key); v != nil && v != "None" {
			pg.params.Set(key, v)
		} else {
			pg.params.Delete(key)
		}
	}
}

// encodeToken is botocore's: base64 of Python's JSON. truncated is how much of
// a page was shown, -1 if all.
func encodeToken(token *awsmodel.Object, truncated int) string {
	var parts []string
	for _, key := range token.Keys() {
		parts = append(parts, fmt.Sprintf("%s: %s", compactJSON(key), compactJSON(valueOf(token, key))))
	}
	if truncated >= 0 {
		parts = append(parts, `"boto_truncate_amount": `+strconv.Itoa(truncated))
	}
	return base64.StdEncoding.EncodeToString([]byte("{" + strings.Join(parts, ", ") + "}"))
}

// readToken takes botocore's tokens, and bare ones, with or without ___N.
func (pg *pager) readToken(text string) (token *awsmodel.Object, skip int, err error) {
	if data, err := base64.StdEncoding.DecodeString(text); err == nil {
		if v, err := decodeJSON(string(data)); err == nil {
			if o, ok := v.(*awsmodel.Object); ok {
				n, _ := valueOf(o, "boto_truncate_amount").(json.Number)
				skip, _ = strconv.Atoi(n.String()) // no amount is zero
				o.Delete("boto_truncate_amount")
				return o, skip, nil
			}
		}
	}
	parts := strings.Split(text, "___")
	if n := len(parts); n == len(pg.page.Input)+1 {
		if skip, err = strconv.Atoi(parts[n-1]); err == nil {
			parts = parts[:n-1]
		}
	}
	if len(parts) != len(pg.page.Input) {
		return nil, 0, generalError("Bad starting token: %s", text)
	}
	token = pg.emptyToken()
	for i, key := range pg.page.Input {
		if parts[i] != "None" {
			token.Set(key, parts[i])
		}
	}
	return token, skip, nil
}
