package target

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"

	"awslab/runner/text"
)

// tagKey marks in the account what awslab created; the value is the id of the
// ledger's entry.
const tagKey = "awslab"

// guard stands before every call to an account. A creation is written into the
// ledger before and after; a change of something that the ledger does not own
// is refused if the thing exists.
type guard struct {
	ledger *Ledger
	aws    aws.Config // without the guard, for its own questions
}

func (g *guard) install(stack *middleware.Stack) error {
	return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("awslab.Guard", g.handle), middleware.After)
}

func (g *guard) handle(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
	c := callOf(in.Parameters)
	if c.reads() {
		return next.HandleInitialize(ctx, in)
	}
	id, err := g.allow(ctx, c)
	if err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	if c.creates() {
		tag(in.Parameters, tagKey, id)
	}
	if err := g.ledger.intend(id, c); err != nil {
		return middleware.InitializeOutput{}, middleware.Metadata{}, err
	}
	out, metadata, callErr := next.HandleInitialize(ctx, in)
	resource := c.resource
	if c.creates() && c.kind.given != "" && callErr == nil {
		resource = Resource{Kind: c.kind.name, Name: givenName(out.Result, c.kind.given)}
	}
	if err := g.ledger.outcome(id, c, resource, callErr); err != nil && callErr == nil {
		return out, metadata, err
	}
	return out, metadata, callErr
}

// allow decides whether the call may be made, and gives the id of its entry.
func (g *guard) allow(ctx context.Context, c call) (id string, err error) {
	id = g.ledger.newID()
	switch {
	case c.kind.name == "":
		return "", &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.UnknownOwner }, Args: text.Args{"operation": c.operation}}
	case c.resource.Name == "": // AWS will choose an id: nothing can be in the way
		return id, nil
	}
	owned, err := g.owned(ctx, c.resource)
	if err != nil || owned {
		return id, err
	}
	exists, _, err := probe(ctx, g.aws, c.resource)
	if err != nil {
		return "", err
	}
	if !exists {
		return id, nil // creating is fine, and for the rest AWS has the right words
	}
	if err := g.ledger.refuse(c.resource); err != nil {
		return "", err
	}
	return "", &text.Problem{
		Says: func(p *text.Problems) text.Sentence { return p.Foreign },
		Args: text.Args{"operation": c.operation, "kind": c.resource.Kind, "name": c.resource.Name},
	}
}

// owned reports whether awslab created r. Where awslab was stopped between
// intent and outcome, the tag in the account tells.
func (g *guard) owned(ctx context.Context, r Resource) (bool, error) {
	switch owned, intents := g.ledger.owns(r); {
	case owned:
		return true, nil
	case len(intents) == 0:
		return false, nil
	default:
		exists, tags, err := probe(ctx, g.aws, r)
		if err != nil || !exists {
			return false, err
		}
		for _, id := range intents {
			if tags[tagKey] == id {
				return true, nil
			}
		}
		return false, nil
	}
}
