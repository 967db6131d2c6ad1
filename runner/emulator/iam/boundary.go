package iam

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// bounded is the permissions boundary of a role as answers show it.
func (r *role) bounded() *types.AttachedPermissionsBoundary {
	if r.Boundary == "" {
		return nil
	}
	return &types.AttachedPermissionsBoundary{
		PermissionsBoundaryArn: aws.String(r.Boundary),
		// AWS sends "Policy"; the SDK's one constant is the API model's, which
		// has never been what is sent (API reference, "AttachedPermissionsBoundary").
		PermissionsBoundaryType: types.PermissionsBoundaryAttachmentType("Policy"),
	}
}

func (s *Service) putRolePermissionsBoundary(_ context.Context, in *iam.PutRolePermissionsBoundaryInput) (*iam.PutRolePermissionsBoundaryOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	p, err := s.attachable(in.PermissionsBoundary)
	if err != nil {
		return nil, err
	}
	r.Boundary = p.ARN
	return &iam.PutRolePermissionsBoundaryOutput{}, nil
}

func (s *Service) deleteRolePermissionsBoundary(_ context.Context, in *iam.DeleteRolePermissionsBoundaryInput) (*iam.DeleteRolePermissionsBoundaryOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.Boundary = ""
	return &iam.DeleteRolePermissionsBoundaryOutput{}, nil
}
