package iam

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func (s *Service) attachRolePolicy(_ context.Context, in *iam.AttachRolePolicyInput) (*iam.AttachRolePolicyOutput, error) {
	if err := checkPolicyARN(in.PolicyArn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	p, err := s.attachable(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if slices.Contains(r.Attached, p.ARN) {
		return &iam.AttachRolePolicyOutput{}, nil
	}
	if len(r.Attached) >= maxAttached {
		return nil, limitExceeded("PoliciesPerRole", maxAttached)
	}
	r.Attached = append(r.Attached, p.ARN)
	return &iam.AttachRolePolicyOutput{}, nil
}

func (s *Service) detachRolePolicy(_ context.Context, in *iam.DetachRolePolicyInput) (*iam.DetachRolePolicyOutput, error) {
	if err := checkPolicyARN(in.PolicyArn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	at := slices.Index(r.Attached, *in.PolicyArn)
	if at < 0 {
		return nil, noSuchEntity("Policy %s was not found.", *in.PolicyArn)
	}
	r.Attached = slices.Delete(r.Attached, at, at+1)
	return &iam.DetachRolePolicyOutput{}, nil
}

func (s *Service) listAttachedRolePolicies(_ context.Context, in *iam.ListAttachedRolePoliciesInput) (*iam.ListAttachedRolePoliciesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	prefix := aws.ToString(in.PathPrefix)
	var arns []string
	for _, arn := range r.Attached {
		if strings.HasPrefix(s.lookup(arn).Path, prefix) {
			arns = append(arns, arn)
		}
	}
	page, marker, err := paginate(arns, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: []types.AttachedPolicy{}, Marker: marker, IsTruncated: marker != nil}
	for _, arn := range page {
		out.AttachedPolicies = append(out.AttachedPolicies, types.AttachedPolicy{
			PolicyArn: aws.String(arn), PolicyName: aws.String(s.lookup(arn).Name),
		})
	}
	return out, nil
}

func (s *Service) putRolePolicy(_ context.Context, in *iam.PutRolePolicyInput) (*iam.PutRolePolicyOutput, error) {
	for _, err := range []error{
		checkName("roleName", in.RoleName, 64),
		checkName("policyName", in.PolicyName, 128),
		checkPresent("policyDocument", in.PolicyDocument, 131072),
	} {
		if err != nil {
			return nil, err
		}
	}
	doc, err := checkPermissions(*in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	size := policySize(*in.PolicyDocument)
	for name, text := range r.Inline {
		if name != *in.PolicyName {
			size += policySize(text)
		}
	}
	if size > maxInlineBytes {
		return nil, inlineTooLarge(r.Name)
	}
	if r.Inline == nil {
		r.Inline = map[string]string{}
	}
	r.Inline[*in.PolicyName] = *in.PolicyDocument
	r.inline[*in.PolicyName] = doc
	return &iam.PutRolePolicyOutput{}, nil
}

// inline returns the role and the document of one of its inline policies. The
// caller holds the lock.
func (s *Service) inline(roleName, policyName *string) (*role, string, error) {
	if err := checkName("policyName", policyName, 128); err != nil {
		return nil, "", err
	}
	r, err := s.find(roleName)
	if err != nil {
		return nil, "", err
	}
	text, ok := r.Inline[*policyName]
	if !ok {
		return nil, "", noSuchEntity("The role policy with name %s cannot be found.", *policyName)
	}
	return r, text, nil
}

func (s *Service) getRolePolicy(_ context.Context, in *iam.GetRolePolicyInput) (*iam.GetRolePolicyOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, text, err := s.inline(in.RoleName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	return &iam.GetRolePolicyOutput{
		RoleName:       aws.String(r.Name),
		PolicyName:     in.PolicyName,
		PolicyDocument: aws.String(encodeDocument(text)),
	}, nil
}

func (s *Service) deleteRolePolicy(_ context.Context, in *iam.DeleteRolePolicyInput) (*iam.DeleteRolePolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, _, err := s.inline(in.RoleName, in.PolicyName)
	if err != nil {
		return nil, err
	}
	delete(r.Inline, *in.PolicyName)
	delete(r.inline, *in.PolicyName)
	return &iam.DeleteRolePolicyOutput{}, nil
}

func (s *Service) listRolePolicies(_ context.Context, in *iam.ListRolePoliciesInput) (*iam.ListRolePoliciesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	page, marker, err := paginate(slices.Sorted(maps.Keys(r.Inline)), in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListRolePoliciesOutput{PolicyNames: page, Marker: marker, IsTruncated: marker != nil}, nil
}
