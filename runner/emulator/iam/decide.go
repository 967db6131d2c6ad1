package iam

import (
	"slices"
	"strings"
)

// CallerAllows says whether the principal that signed a request (the account's
// user, or the session of a role) may do something. The user may do everything; a
// session what its role's policies allow. The session of a role that is no more
// may do nothing.
func (s *Service) CallerAllows(principal, action, resource string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	as := s.caller(principal)
	if as.role == nil {
		return !as.deleted
	}
	setTime(as.keys, s.clock())
	return s.permits(as.role, &request{action: action, resource: resource, keys: as.keys}) == allowed
}

// Decision is what a policy says to a question.
type Decision int

// The decisions. What no statement is about is [Undecided], which denies too.
const (
	Undecided = Decision(implicitDeny)
	Allowed   = Decision(allowed)
	Denied    = Decision(explicitDeny)
)

// Policy is a policy document alone, as an authorizer of API Gateway gives it. It
// is not changed.
type Policy struct {
	s    *Service
	doc  *document
	keys bool // some statement asks for condition keys
}

// ReadPolicy reads a policy document. The error is IAM's for a text that is none, or
// for one with a statement that says nothing. What a statement is about is not
// looked at: an action or a resource that is nowhere matches nothing, and an empty
// list is one that matches nothing (aws/chalice#971). Of an empty list of statements
// no record was found; trust policies are refused for it in these words.
func (s *Service) ReadPolicy(text string) (*Policy, error) {
	doc, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	if len(doc.Statements) == 0 {
		return nil, malformed("Could not parse the policy: Statement is empty!")
	}
	p := &Policy{s: s, doc: doc}
	for i := range doc.Statements {
		st := &doc.Statements[i]
		switch {
		case st.Effect == "":
			return nil, malformed("Missing required field Effect")
		case st.Effect != "Allow" && st.Effect != "Deny":
			return nil, malformed("Invalid effect: " + st.Effect)
		case st.Action == nil && st.NotAction == nil:
			return nil, malformed("Missing required field Action")
		case st.Resource == nil && st.NotResource == nil:
			return nil, malformed("Policy statement must contain resources.")
		}
		p.keys = p.keys || len(st.Conditions) > 0 || slices.ContainsFunc(slices.Concat(st.Resource, st.NotResource), func(r string) bool { return strings.Contains(r, "${") })
	}
	return p, nil
}

// Decide says what the policy says to an action on a resource. keys are the
// condition keys of the request, their names in lower case, and are asked for where
// the policy looks at some; those of the time come to them.
func (p *Policy) Decide(action, resource string, keys func() map[string]string) Decision {
	q := &request{action: action, resource: resource}
	if p.keys {
		q.keys = map[string][]string{"aws:securetransport": {"true"}}
		for name, value := range keys() {
			q.keys[name] = []string{value}
		}
		setTime(q.keys, p.s.clock())
	}
	docs := [1]*document{p.doc}
	return Decision(decide(docs[:], q, anyone))
}
