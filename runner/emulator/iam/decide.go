package iam

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
	s   *Service
	doc *document
}

// ReadPolicy reads a policy document. The error is IAM's for a text that is none.
func (s *Service) ReadPolicy(text string) (*Policy, error) {
	doc, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	return &Policy{s, doc}, nil
}

// Decide says what the policy says to an action on a resource. keys are the
// condition keys of the request, their names in lower case; those of the time come
// to them.
func (p *Policy) Decide(action, resource string, keys map[string]string) Decision {
	all := map[string][]string{"aws:securetransport": {"true"}}
	for name, value := range keys {
		all[name] = []string{value}
	}
	setTime(all, p.s.clock())
	return Decision(decide([]*document{p.doc}, &request{action: action, resource: resource, keys: all}, anyone))
}
