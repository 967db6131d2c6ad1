package iam

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"awslab/runner/emulator/awsproto"
)

// Quotas: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
const (
	maxPolicies    = 1500
	maxPolicyBytes = 6144
	maxVersions    = 5
	policyIDPrefix = "ANPA"
)

// policy is one managed policy: the account's own, as it is kept in snapshots,
// or AWS's, which never changes.
type policy struct {
	Name        string     `json:"name"`
	Path        string     `json:"path"`
	ID          string     `json:"id"`
	ARN         string     `json:"arn"`
	Description string     `json:"description,omitempty"`
	Created     time.Time  `json:"created"`
	Updated     time.Time  `json:"updated"`
	Default     string     `json:"default"`
	Made        int        `json:"made"`     // versions ever made: their numbers never come again
	Versions    []*version `json:"versions"` // oldest first
	Tags        []tag      `json:"tags,omitempty"`

	aws bool
}

// policyKey is the key of a policy's name: two of an account cannot have the
// same, whatever their paths and their case (API reference of CreatePolicy).
func policyKey(name string) string { return strings.ToLower(name) }

// lookup returns the managed policy of an ARN, or nil. The caller holds the lock.
func (s *Service) lookup(arn string) *policy {
	if strings.HasPrefix(arn, managedAccountPart) {
		return s.managed()[arn]
	}
	p := s.policies[policyKey(arn[strings.LastIndex(arn, "/")+1:])]
	if p == nil || p.ARN != arn {
		return nil
	}
	return p
}

// policy returns the managed policy of an ARN. The caller holds the lock.
func (s *Service) policy(arn *string) (*policy, error) {
	if err := checkPolicyARN(arn); err != nil {
		return nil, err
	}
	p := s.lookup(*arn)
	if p == nil {
		return nil, noSuchEntity("Policy %s was not found.", *arn)
	}
	return p, nil
}

// attachable is policy for those who want to attach one: the wording differs.
func (s *Service) attachable(arn *string) (*policy, error) {
	if err := checkPolicyARN(arn); err != nil {
		return nil, err
	}
	p := s.lookup(*arn)
	if p == nil {
		return nil, notAttachable(*arn)
	}
	return p, nil
}

func notAttachable(arn string) error {
	return noSuchEntity("Policy %s does not exist or is not attachable.", arn)
}

// own is policy for those who want to change one.
func (s *Service) own(arn *string) (*policy, error) {
	if err := checkPolicyARN(arn); err != nil {
		return nil, err
	}
	// hashicorp/terraform-provider-aws#8281 has the sentence.
	if !strings.HasPrefix(*arn, "arn:aws:iam::"+s.account+":") {
		return nil, awsproto.Error("AccessDenied", 403, "Policy is outside your own account.")
	}
	return s.policy(arn)
}

// attachments counts the roles to which a policy is attached, and those that
// it bounds. The caller holds the lock.
func (s *Service) attachments(arn string) (attached, bounding int32) {
	for _, r := range s.roles {
		if slices.Contains(r.Attached, arn) {
			attached++
		}
		if r.Boundary == arn {
			bounding++
		}
	}
	return attached, bounding
}

// answer is the policy as lists show it. The caller holds the lock.
func (s *Service) answer(p *policy) types.Policy {
	attached, bounding := s.attachments(p.ARN)
	return types.Policy{
		Arn:                           aws.String(p.ARN),
		AttachmentCount:               aws.Int32(attached),
		CreateDate:                    aws.Time(p.Created),
		DefaultVersionId:              aws.String(p.Default),
		IsAttachable:                  true,
		Path:                          aws.String(p.Path),
		PermissionsBoundaryUsageCount: aws.Int32(bounding),
		PolicyId:                      aws.String(p.ID),
		PolicyName:                    aws.String(p.Name),
		UpdateDate:                    aws.Time(p.Updated),
	}
}

func (s *Service) createPolicy(ctx context.Context, in *iam.CreatePolicyInput) (*iam.CreatePolicyOutput, error) {
	call := awsproto.CallFrom(ctx)
	path := aws.ToString(in.Path)
	if in.Path == nil {
		path = "/"
	}
	for _, err := range []error{
		checkName("policyName", in.PolicyName, 128),
		checkPath(path),
		checkPresent("policyDocument", in.PolicyDocument, 131072),
		checkDescription(in.Description),
	} {
		if err != nil {
			return nil, err
		}
	}
	tags, err := setTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.policies[policyKey(*in.PolicyName)]; ok {
		// konstructio/kubefirst#855
		return nil, &types.EntityAlreadyExistsException{Message: aws.String("A policy called " + *in.PolicyName + " already exists. Duplicate names are not allowed.")}
	}
	doc, err := checkManaged(*in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	if len(s.policies) >= maxPolicies {
		return nil, limitExceeded("PoliciesPerAccount", maxPolicies)
	}
	now := call.Time.UTC().Truncate(time.Second)
	p := &policy{
		Name:        *in.PolicyName,
		Path:        path,
		ID:          newID(call.Rand, policyIDPrefix),
		ARN:         "arn:aws:iam::" + s.account + ":policy" + path + *in.PolicyName,
		Description: aws.ToString(in.Description),
		Created:     now,
		Updated:     now,
		Tags:        tags,
	}
	p.add(*in.PolicyDocument, doc, now, true)
	s.policies[policyKey(p.Name)] = p
	out := s.answer(p)
	out.Tags = tagsOf(p.Tags)
	return &iam.CreatePolicyOutput{Policy: &out}, nil
}

// checkManaged wants a document for a managed policy.
func checkManaged(text string) (*document, error) {
	doc, err := checkPermissions(text)
	if err == nil && policySize(text) > maxPolicyBytes {
		err = limitExceeded("PolicySize", maxPolicyBytes)
	}
	if err != nil {
		return nil, err
	}
	return doc, nil
}

func (s *Service) getPolicy(_ context.Context, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := s.answer(p)
	if p.Description != "" {
		out.Description = aws.String(p.Description)
	}
	if out.Tags = tagsOf(p.Tags); out.Tags == nil {
		out.Tags = []types.Tag{}
	}
	return &iam.GetPolicyOutput{Policy: &out}, nil
}

func (s *Service) deletePolicy(_ context.Context, in *iam.DeletePolicyInput) (*iam.DeletePolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	// Wording: moto 5.2.1; rebuy-de/aws-nuke#1 has the second sentence.
	if attached, bounding := s.attachments(p.ARN); attached+bounding > 0 {
		return nil, deleteConflict("Cannot delete a policy attached to entities.")
	}
	if len(p.Versions) > 1 {
		return nil, deleteConflict("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	}
	delete(s.policies, policyKey(p.Name))
	return &iam.DeletePolicyOutput{}, nil
}

func (s *Service) listPolicies(_ context.Context, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
	if err := checkOneOf("scope", in.Scope); err != nil {
		return nil, err
	}
	if err := checkOneOf("policyUsageFilter", in.PolicyUsageFilter); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []*policy
	if in.Scope != types.PolicyScopeTypeAws {
		for _, key := range slices.Sorted(maps.Keys(s.policies)) {
			all = append(all, s.policies[key])
		}
	}
	if in.Scope != types.PolicyScopeTypeLocal {
		for _, arn := range slices.Sorted(maps.Keys(s.managed())) {
			all = append(all, s.managed()[arn])
		}
	}
	var chosen []types.Policy
	for _, p := range all {
		one := s.answer(p)
		used := *one.AttachmentCount + *one.PermissionsBoundaryUsageCount
		switch in.PolicyUsageFilter {
		case types.PolicyUsageTypePermissionsPolicy:
			used = *one.AttachmentCount
		case types.PolicyUsageTypePermissionsBoundary:
			used = *one.PermissionsBoundaryUsageCount
		}
		if !strings.HasPrefix(p.Path, aws.ToString(in.PathPrefix)) || used == 0 && (in.OnlyAttached || in.PolicyUsageFilter != "") {
			continue
		}
		chosen = append(chosen, one)
	}
	page, marker, err := paginate(chosen, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListPoliciesOutput{Policies: page, Marker: marker, IsTruncated: marker != nil}, nil
}

func (s *Service) listEntitiesForPolicy(_ context.Context, in *iam.ListEntitiesForPolicyInput) (*iam.ListEntitiesForPolicyOutput, error) {
	if err := checkOneOf("entityFilter", in.EntityFilter); err != nil {
		return nil, err
	}
	if err := checkOneOf("policyUsageFilter", in.PolicyUsageFilter); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	var chosen []types.PolicyRole
	for _, key := range slices.Sorted(maps.Keys(s.roles)) {
		r := s.roles[key]
		attached := slices.Contains(r.Attached, p.ARN) && in.PolicyUsageFilter != types.PolicyUsageTypePermissionsBoundary
		bounds := r.Boundary == p.ARN && in.PolicyUsageFilter != types.PolicyUsageTypePermissionsPolicy
		wanted := in.EntityFilter == "" || in.EntityFilter == types.EntityTypeRole
		if wanted && (attached || bounds) && strings.HasPrefix(r.Path, aws.ToString(in.PathPrefix)) {
			chosen = append(chosen, types.PolicyRole{RoleId: aws.String(r.ID), RoleName: aws.String(r.Name)})
		}
	}
	page, marker, err := paginate(chosen, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListEntitiesForPolicyOutput{
		PolicyGroups: []types.PolicyGroup{}, PolicyUsers: []types.PolicyUser{}, PolicyRoles: page,
		Marker: marker, IsTruncated: marker != nil,
	}, nil
}

func (s *Service) tagPolicy(_ context.Context, in *iam.TagPolicyInput) (*iam.TagPolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if p.Tags, err = setTags(p.Tags, in.Tags); err != nil {
		return nil, err
	}
	return &iam.TagPolicyOutput{}, nil
}

func (s *Service) untagPolicy(_ context.Context, in *iam.UntagPolicyInput) (*iam.UntagPolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	p.Tags = dropTags(p.Tags, in.TagKeys)
	return &iam.UntagPolicyOutput{}, nil
}

func (s *Service) listPolicyTags(_ context.Context, in *iam.ListPolicyTagsInput) (*iam.ListPolicyTagsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	tags, marker, err := tagPage(p.Tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListPolicyTagsOutput{Tags: tags, Marker: marker, IsTruncated: marker != nil}, nil
}
