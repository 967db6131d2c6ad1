// Package sts is the part of AWS Security Token Service that labs use: who is
// calling, and temporary keys for a role or for oneself. Other operations are
// refused by name.
//
// Start at [New] and [Service.Operations]. assume.go says who may assume a role,
// session.go what a temporary key is; awsproto asks [Service.Session] for its
// secret when a request is signed with it. The package imports awsproto and the
// SDK, nothing else of awslab; roles are reached through [Roles].
package sts

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"awslab/runner/emulator/awsproto"
)

// Role is what STS must know of a role.
type Role struct {
	Name, ID   string
	MaxSeconds int32 // its longest session
}

// Roles knows the account's roles.
type Roles interface {
	// Assume says whether a principal may assume a role at a time, with the
	// condition keys of the request (their names in lower case), and what role
	// that is. One that does not exist may not be assumed.
	Assume(principal, roleARN string, keys map[string][]string, at time.Time) (Role, bool)
	// HasRole says whether the role of a name has that unique id.
	HasRole(name, id string) bool
}

// Config says what the service stands on.
type Config struct {
	Roles Roles
	// IsOwn says whether an id is that of the account's lasting access key; nil
	// knows none.
	IsOwn func(accessKeyID string) bool
}

// Service holds the temporary keys of one account. It is safe for concurrent use.
type Service struct {
	roles Roles
	isOwn func(accessKeyID string) bool

	mu       sync.RWMutex
	issued   uint64
	sessions map[string]*session // by access key id
}

// New makes the service.
func New(config Config) *Service {
	return &Service{roles: config.Roles, isOwn: config.IsOwn, sessions: map[string]*session{}}
}

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	const all = "the keys may do everything: the role's policies are not enforced on its sessions' calls"
	return []awsproto.Operation{
		awsproto.RPC("AssumeRole", s.assumeRole).Lacking(all + "; session policies, session tags, source identities and MFA are refused"),
		awsproto.RPC("GetAccessKeyInfo", s.getAccessKeyInfo).Lacking("only keys that have the account in their id, as those since 2019, and the student's own"),
		awsproto.RPC("GetCallerIdentity", s.getCallerIdentity),
		awsproto.RPC("GetSessionToken", s.getSessionToken).Changing().Lacking("MFA is refused"),
	}
}

// userID is the user's unique id, AIDA and 17 more characters on AWS; the
// emulator's one user always has the same.
const userID = "AIDAAWSLABSTUDENT0000"

func (s *Service) getCallerIdentity(ctx context.Context, _ *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
	call := awsproto.CallFrom(ctx)
	id := userID
	switch {
	case call.UserID != "":
		id = call.UserID
	case strings.HasSuffix(call.Principal, ":root"):
		id = call.Account
	}
	return &sts.GetCallerIdentityOutput{
		Account: aws.String(call.Account),
		Arn:     aws.String(call.Principal),
		UserId:  aws.String(id),
	}, nil
}
