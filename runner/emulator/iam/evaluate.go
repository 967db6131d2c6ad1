package iam

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// request is one question to the policies: may this be done, under these
// circumstances? The circumstances are condition keys.
type request struct {
	action, resource string
	keys             map[string][]string // by name in lower case
}

// decision is what policies say to a request.
type decision int

// The decisions, the strongest last.
const (
	implicitDeny decision = iota
	allowed
	explicitDeny
)

// CanAssume says whether the trust policy of a role lets a service take it on.
// The service is a principal ("lambda.amazonaws.com") or its first word
// ("lambda"). A role that does not exist cannot be assumed.
//
// Of condition keys a service brings those that name it; whether Lambda brings
// aws:SourceAccount and aws:SourceArn is documented nowhere, so it brings none.
// It brings no time either: the answer must be the same when a journal is
// replayed.
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
	q := &request{action: "sts:AssumeRole", resource: roleARN, keys: map[string][]string{
		"aws:principalisawsservice": {"true"},
		"aws:principalservicename":  {service},
		"aws:resourceaccount":       {s.account},
		"aws:securetransport":       {"true"},
	}}
	return decide([]*document{r.trust}, q, func(st *statement) bool { return st.trustsService(service) }) == allowed
}

// Allows says whether the policies of a role, attached and inline, allow an
// action ("logs:PutLogEvents") on a resource (an ARN, or "*"). An explicit Deny
// wins; a permissions boundary must allow too. Unknown roles may do nothing.
func (s *Service) Allows(roleARN, action, resource string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.byARN(roleARN)
	if r == nil {
		return false
	}
	keys := s.roleKeys(r)
	setTime(keys, s.clock())
	return s.permits(r, &request{action: action, resource: resource, keys: keys}) == allowed
}

// permits is what a role's own policies and its boundary say. The caller holds
// the lock.
func (s *Service) permits(r *role, q *request) decision {
	var docs []*document
	for _, arn := range r.Attached {
		docs = append(docs, s.lookup(arn).document())
	}
	for _, doc := range r.inline {
		docs = append(docs, doc)
	}
	said := decide(docs, q, anyone)
	if r.Boundary == "" || said == explicitDeny {
		return said
	}
	bound := decide([]*document{s.lookup(r.Boundary).document()}, q, anyone)
	if bound == explicitDeny {
		return bound
	}
	return min(said, bound)
}

// roleKeys are the condition keys that a session of a role brings along.
func (s *Service) roleKeys(r *role) map[string][]string {
	keys := map[string][]string{
		"aws:principalarn":     {r.ARN},
		"aws:principalaccount": {s.account},
		"aws:principaltype":    {"AssumedRole"},
		"aws:resourceaccount":  {s.account},
		"aws:securetransport":  {"true"},
	}
	for _, t := range r.Tags {
		keys["aws:principaltag/"+strings.ToLower(t.Key)] = []string{t.Value}
	}
	return keys
}

func setTime(keys map[string][]string, now time.Time) {
	keys["aws:currenttime"] = []string{now.UTC().Format(time.RFC3339)}
	keys["aws:epochtime"] = []string{strconv.FormatInt(now.Unix(), 10)}
}

// byARN returns the role of an ARN, or nil. The caller holds the lock.
func (s *Service) byARN(arn string) *role {
	r := s.roles[roleKey(arn[strings.LastIndex(arn, "/")+1:])]
	if r == nil || r.ARN != arn {
		return nil
	}
	return r
}

// anyone is for identity policies, which name no principal.
func anyone(*statement) bool { return true }

// decide is the heart of evaluation: denied unless some statement allows and
// none denies.
func decide(docs []*document, q *request, concerns func(*statement) bool) decision {
	said, action := implicitDeny, lower(q.action)
	for _, doc := range docs {
		for i := range doc.Statements {
			st := &doc.Statements[i]
			if !concerns(st) || !st.acts(action) || !st.covers(q) || !st.meets(q) {
				continue
			}
			if st.Effect == "Deny" {
				return explicitDeny
			}
			said = allowed
		}
	}
	return said
}

// trustsService says whether a statement names a service, or everyone.
func (st *statement) trustsService(service string) bool {
	return slices.Contains(st.Principal["*"], "*") ||
		slices.Contains(st.Principal["AWS"], "*") ||
		slices.Contains(st.Principal["Service"], service)
}

// acts says whether a statement is about an action, given in lower case: case does
// not count.
func (st *statement) acts(action string) bool {
	matches := func(pattern string) bool { return match(pattern, action) }
	if st.NotAction != nil {
		return !slices.ContainsFunc(st.actions, matches)
	}
	return slices.ContainsFunc(st.actions, matches)
}

// covers says whether a statement is about a request's resource. Trust policies
// name none: they are about their role.
func (st *statement) covers(q *request) bool {
	matches := func(pattern string) bool {
		pattern, known := q.expand(pattern, st.variables)
		return known && match(pattern, q.resource)
	}
	switch {
	case st.NotResource != nil:
		return !slices.ContainsFunc(st.NotResource, matches)
	case st.Resource == nil:
		return st.hasPrincipal || st.NotPrincipal
	}
	return slices.ContainsFunc(st.Resource, matches)
}

// match says whether text fits a pattern in which * stands for any characters,
// none included, and ? for one. It takes time in proportion to the product of
// their lengths at worst.
func match(pattern, text string) bool {
	p, t := 0, 0
	star, from := -1, 0 // behind the last *, and where what it stands for ends
	for t < len(text) {
		for p < len(pattern) && t < len(text) && pattern[p] == text[t] && pattern[p] != '*' && pattern[p] < utf8.RuneSelf {
			p, t = p+1, t+1
		}
		if p < len(pattern) {
			if pattern[p] == '*' {
				p++
				star, from = p, t
				continue
			}
			if t == len(text) {
				break
			}
			want, width := character(pattern, p)
			if got, n := character(text, t); want == '?' || plain(want) == got {
				p, t = p+width, t+n
				continue
			}
		}
		if t == len(text) {
			break
		}
		if star < 0 {
			return false
		}
		_, n := character(text, from)
		from += n
		if star < len(pattern) && pattern[star] < utf8.RuneSelf && pattern[star] != '?' && pattern[star] != '*' {
			next := strings.IndexByte(text[from:], pattern[star])
			if next < 0 {
				return false
			}
			from += next
		}
		p, t = star, from
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

func character(s string, at int) (rune, int) {
	if c := s[at]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[at:])
}

// lower is a text with the letters of ASCII in lower case: those of actions and of
// services have no others.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}
