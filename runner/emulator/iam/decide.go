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

// Decide says whether a policy document alone, as an authorizer of API Gateway
// gives it, allows an action on a resource. An explicit Deny wins, and what no
// statement is about is denied. The error is IAM's for a text that is no policy.
func (s *Service) Decide(text, action, resource string) (bool, error) {
	doc, err := parseDocument(text)
	if err != nil {
		return false, err
	}
	keys := map[string][]string{"aws:securetransport": {"true"}}
	setTime(keys, s.clock())
	return decide([]*document{doc}, &request{action: action, resource: resource, keys: keys}, anyone) == allowed, nil
}
