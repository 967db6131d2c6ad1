package iam

import (
	"bytes"
	"slices"
	"strings"
)

// CanAssume says whether the trust policy of a role lets a service take it on.
// The service is a principal ("lambda.amazonaws.com") or its first word
// ("lambda"). A role that does not exist cannot be assumed.
//
// Statements with conditions count as not matching, Allow and Deny alike: the
// emulator evaluates no condition keys.
func (s *Service) CanAssume(roleARN, service string) bool {
	if !strings.Contains(service, ".") {
		service += ".amazonaws.com"
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.byARN(roleARN)
	if r == nil {
		return false
	}
	return decide([]*document{r.trust}, func(st *statement) bool {
		return st.trusts(service) && st.acts("sts:AssumeRole")
	})
}

// Allows says whether the policies of a role, attached and inline, allow an
// action ("logs:PutLogEvents") on a resource (an ARN, or "*"). An explicit Deny
// wins; a permissions boundary must allow too. Unknown roles may do nothing.
//
// Statements with conditions count as not matching, Allow and Deny alike: the
// emulator evaluates no condition keys. Policy variables ("${aws:username}")
// are compared as text.
func (s *Service) Allows(roleARN, action, resource string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.byARN(roleARN)
	if r == nil {
		return false
	}
	matches := func(st *statement) bool { return st.acts(action) && st.covers(resource) }
	var docs []*document
	for _, arn := range r.Attached {
		docs = append(docs, s.managed()[arn].document)
	}
	for _, doc := range r.inline {
		docs = append(docs, doc)
	}
	if r.Boundary != "" && !decide([]*document{s.managed()[r.Boundary].document}, matches) {
		return false
	}
	return decide(docs, matches)
}

// byARN returns the role of an ARN, or nil. The caller holds the lock.
func (s *Service) byARN(arn string) *role {
	r := s.roles[roleKey(arn[strings.LastIndex(arn, "/")+1:])]
	if r == nil || r.ARN != arn {
		return nil
	}
	return r
}

// decide is the heart of evaluation: denied unless some statement allows and
// none denies, of those that match and have no condition.
func decide(docs []*document, matches func(*statement) bool) bool {
	allowed := false
	for _, doc := range docs {
		for i := range doc.Statements {
			st := &doc.Statements[i]
			if st.conditional() || !matches(st) {
				continue
			}
			if st.Effect == "Deny" {
				return false
			}
			allowed = true
		}
	}
	return allowed
}

// conditional says whether a statement has a condition that could fail; an
// empty block cannot.
func (st *statement) conditional() bool {
	for _, block := range st.Condition {
		if !bytes.Equal(bytes.Join(bytes.Fields(block), nil), []byte("{}")) {
			return true
		}
	}
	return false
}

// trusts says whether a statement names a service, or everyone.
func (st *statement) trusts(service string) bool {
	return slices.Contains(st.Principal["*"], "*") ||
		slices.Contains(st.Principal["AWS"], "*") ||
		slices.Contains(st.Principal["Service"], service)
}

// acts says whether a statement is about an action; their case does not count.
func (st *statement) acts(action string) bool {
	action = strings.ToLower(action)
	matches := func(pattern string) bool { return match(strings.ToLower(pattern), action) }
	if st.NotAction != nil {
		return !slices.ContainsFunc(st.NotAction, matches)
	}
	return slices.ContainsFunc(st.Action, matches)
}

// covers says whether a statement is about a resource.
func (st *statement) covers(resource string) bool {
	matches := func(pattern string) bool { return match(pattern, resource) }
	if st.NotResource != nil {
		return !slices.ContainsFunc(st.NotResource, matches)
	}
	return slices.ContainsFunc(st.Resource, matches)
}

// match says whether text fits a pattern in which * stands for any characters,
// none included, and ? for one. It takes time in proportion to the product of
// their lengths at worst.
func match(pattern, text string) bool {
	p, t := 0, 0
	star, from := -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			from++
			p, t = star+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
