// Package iam is the emulator's AWS Identity and Access Management, as far as
// labs meet it: roles, their trust policies, their attached and inline
// policies, tags, and the AWS managed policies that Lambda and API Gateway labs
// use. Users, groups, customer managed policies and instance profiles are not
// emulated.
//
// Start at [New] and [Service.Operations]. role.go has the life of a role,
// attachment.go what it may do, document.go what a policy document must look
// like, evaluate.go who may do what: [Service.CanAssume] and [Service.Allows]
// are what other services ask through interfaces of their own.
//
// AWS's own wording of errors was taken from: LocalStack's recordings of real
// AWS (tests/aws/services/iam/test_iam.snapshot.json), moto 5.2.1, the IAM API
// of versity/versitygw (iamapi, 2026), and the issues of public repositories
// that a comment names. The package imports awsproto and the SDK, nothing else
// of awslab.
package iam

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"awslab/runner/emulator/awsproto"
)

// Config says in which account the roles are.
type Config struct {
	// Account is the account's number, twelve digits.
	Account string
	// Clock tells what time a policy's conditions see when no call says so; nil
	// is time.Now.
	Clock func() time.Time
}

// Service holds the roles of one account. It is safe for concurrent use.
type Service struct {
	account string
	clock   func() time.Time
	managed func() map[string]*policy // by ARN, never changed; read when first asked for

	mu       sync.RWMutex
	roles    map[string]*role   // by name in lower case: names differ by more than case
	policies map[string]*policy // the account's own, likewise
}

// New returns a service without roles.
func New(config Config) *Service {
	if config.Clock == nil {
		config.Clock = time.Now
	}
	return &Service{account: config.Account, clock: config.Clock, managed: sync.OnceValue(managedPolicies), roles: map[string]*role{}, policies: map[string]*policy{}}
}

// someManaged is what the operations on AWS managed policies lack.
const someManaged = "of AWS managed policies only those that Lambda, API Gateway and logs labs use are there"

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.RPC("AttachRolePolicy", s.attachRolePolicy),
		awsproto.RPC("CreatePolicy", s.createPolicy),
		awsproto.RPC("CreatePolicyVersion", s.createPolicyVersion),
		awsproto.RPC("CreateRole", s.createRole),
		awsproto.RPC("DeletePolicy", s.deletePolicy),
		awsproto.RPC("DeletePolicyVersion", s.deletePolicyVersion),
		awsproto.RPC("DeleteRole", s.deleteRole),
		awsproto.RPC("DeleteRolePermissionsBoundary", s.deleteRolePermissionsBoundary),
		awsproto.RPC("DeleteRolePolicy", s.deleteRolePolicy),
		awsproto.RPC("DetachRolePolicy", s.detachRolePolicy),
		awsproto.RPC("GetPolicy", s.getPolicy).Lacking(someManaged),
		awsproto.RPC("GetPolicyVersion", s.getPolicyVersion).Lacking("an AWS managed policy has its default version only"),
		awsproto.RPC("GetRole", s.getRole).Lacking("RoleLastUsed is always empty"),
		awsproto.RPC("GetRolePolicy", s.getRolePolicy),
		awsproto.RPC("ListAttachedRolePolicies", s.listAttachedRolePolicies),
		awsproto.RPC("ListEntitiesForPolicy", s.listEntitiesForPolicy),
		awsproto.RPC("ListPolicies", s.listPolicies).Lacking(someManaged),
		awsproto.RPC("ListPolicyTags", s.listPolicyTags),
		awsproto.RPC("ListPolicyVersions", s.listPolicyVersions).Lacking("an AWS managed policy has its default version only"),
		awsproto.RPC("ListRolePolicies", s.listRolePolicies),
		awsproto.RPC("ListRoleTags", s.listRoleTags),
		awsproto.RPC("ListRoles", s.listRoles),
		awsproto.RPC("PutRolePermissionsBoundary", s.putRolePermissionsBoundary),
		awsproto.RPC("PutRolePolicy", s.putRolePolicy),
		awsproto.RPC("SetDefaultPolicyVersion", s.setDefaultPolicyVersion),
		awsproto.RPC("TagPolicy", s.tagPolicy),
		awsproto.RPC("TagRole", s.tagRole),
		awsproto.RPC("UntagPolicy", s.untagPolicy),
		awsproto.RPC("UntagRole", s.untagRole),
		awsproto.RPC("UpdateAssumeRolePolicy", s.updateAssumeRolePolicy),
		awsproto.RPC("UpdateRole", s.updateRole),
		awsproto.RPC("UpdateRoleDescription", s.updateRoleDescription),
	}
}

// snapshot is the whole state: roles and policies in the order of their names.
type snapshot struct {
	Roles    []*role   `json:"roles"`
	Policies []*policy `json:"policies"`
}

// Snapshot returns the whole state; equal states give equal bytes.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	state := snapshot{Roles: []*role{}, Policies: []*policy{}}
	for _, key := range slices.Sorted(maps.Keys(s.roles)) {
		state.Roles = append(state.Roles, s.roles[key])
	}
	for _, key := range slices.Sorted(maps.Keys(s.policies)) {
		state.Policies = append(state.Policies, s.policies[key])
	}
	return json.Marshal(state)
}

// Restore replaces the state by an earlier snapshot; nil empties it.
func (s *Service) Restore(data json.RawMessage) error {
	var state snapshot
	if len(data) > 0 {
		if err := json.Unmarshal(data, &state); err != nil {
			return fmt.Errorf("restore iam: %w", err)
		}
	}
	roles := map[string]*role{}
	for _, r := range state.Roles {
		if err := r.parse(); err != nil {
			return fmt.Errorf("restore iam role %s: %w", r.Name, err)
		}
		roles[roleKey(r.Name)] = r
	}
	policies := map[string]*policy{}
	for _, p := range state.Policies {
		if err := p.parse(); err != nil {
			return fmt.Errorf("restore iam policy %s: %w", p.Name, err)
		}
		policies[policyKey(p.Name)] = p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles, s.policies = roles, policies
	return nil
}
