// Package sts is the part of AWS Security Token Service that labs use: who is
// calling. It keeps no state; other operations are refused by name.
package sts

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"awslab/runner/emulator/awsproto"
)

// Service answers the calls of STS. The zero value works.
type Service struct{}

// New makes the service.
func New() *Service { return &Service{} }

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.RPC("GetCallerIdentity", s.getCallerIdentity),
	}
}

// userID is the user's unique id, AIDA and 17 more characters on AWS; the
// emulator's one user always has the same.
const userID = "AIDAAWSLABSTUDENT0000"

func (s *Service) getCallerIdentity(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	call := awsproto.CallFrom(ctx)
	id := userID
	if strings.HasSuffix(call.Principal, ":root") {
		id = call.Account
	}
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(call.Account),
		Arn:     aws.String(call.Principal),
		UserId:  aws.String(id),
	}, nil
}
