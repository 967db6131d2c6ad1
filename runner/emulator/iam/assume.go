package iam

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// MayAssume says whether a principal of this account may assume a role, and
// gives the role's name, unique id and longest session in seconds. keys are the
// condition keys that the caller of STS brings, their names in lower case.
//
// A trust policy that names the principal itself suffices, as always within one
// account; one that names the account leaves it to the principal's own policies
// (IAM User Guide, "Policy evaluation logic": within an account a resource-based
// policy may grant alone, if it names the principal). The account's user has
// every permission; the session of a role has what the role's policies say. An
// explicit Deny of the session's own policies wins over all.
func (s *Service) MayAssume(principal, roleARN string, keys map[string][]string, at time.Time) (name, id string, seconds int32, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.byARN(roleARN)
	if r == nil {
		return "", "", 0, false
	}
	as := s.caller(principal)
	if as.deleted {
		return "", "", 0, false
	}
	all := maps.Clone(as.keys)
	maps.Copy(all, keys)
	setTime(all, at)
	for _, t := range r.Tags {
		all["aws:resourcetag/"+strings.ToLower(t.Key)] = []string{t.Value}
		all["iam:resourcetag/"+strings.ToLower(t.Key)] = []string{t.Value}
	}
	q := &request{action: "sts:AssumeRole", resource: roleARN, keys: all}
	own := allowed
	if as.role != nil {
		own = s.permits(as.role, q)
	}
	trusts := func(names []string) decision {
		return decide([]*document{r.trust}, q, func(st *statement) bool {
			if st.Effect == "Deny" { // a Deny of the account is one of all in it
				return st.names(as.names) || st.names(as.account)
			}
			return st.names(names)
		})
	}
	direct := trusts(as.names)
	switch {
	case own == explicitDeny, direct == explicitDeny:
		return "", "", 0, false
	case direct == allowed, trusts(as.account) == allowed && own == allowed:
		return r.Name, r.ID, r.Session, true
	}
	return "", "", 0, false
}

// HasRole says whether the role of a name has that unique id: one that was made
// anew under the old name has another.
func (s *Service) HasRole(name, id string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r := s.roles[roleKey(name)]
	return r != nil && r.ID == id
}

// caller is a principal as policies see it.
type caller struct {
	names   []string // under which a policy may name it, itself
	account []string // under which a policy may name its account
	keys    map[string][]string
	role    *role // of a session
	deleted bool  // the session's role is no more
}

// caller reads a principal's ARN. The caller of it holds the lock.
func (s *Service) caller(principal string) caller {
	c := caller{
		names:   []string{principal, "*"},
		account: []string{s.account, "arn:aws:iam::" + s.account + ":root"},
		keys: map[string][]string{
			"aws:principalarn":     {principal},
			"aws:principalaccount": {s.account},
			"aws:principaltype":    {"User"},
			"aws:resourceaccount":  {s.account},
			"aws:securetransport":  {"true"},
		},
	}
	_, session, assumed := strings.Cut(principal, ":assumed-role/")
	if !assumed {
		return c
	}
	name, sessionName, _ := strings.Cut(session, "/")
	if c.role = s.roles[roleKey(name)]; c.role == nil {
		c.deleted = true
		return c
	}
	c.names = append(c.names, c.role.ARN)
	c.keys = s.roleKeys(c.role)
	c.keys["aws:userid"] = []string{c.role.ID + ":" + sessionName}
	return c
}

// names says whether a statement of a trust policy names one of some principals.
func (st *statement) names(principals []string) bool {
	return slices.ContainsFunc(slices.Concat(st.Principal["*"], st.Principal["AWS"]), func(name string) bool { return slices.Contains(principals, name) })
}
