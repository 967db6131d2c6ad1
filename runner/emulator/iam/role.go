package iam

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"awslab/runner/emulator/awsproto"
)

// Quotas of IAM: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
const (
	maxRoles           = 1000
	maxTrustBytes      = 2048
	maxAttached        = 10
	maxInlineBytes     = 10240
	maxTags            = 50
	defaultSession     = int32(3600)
	roleIDPrefix       = "AROA"
	managedAccountPart = "arn:aws:iam::aws:policy"
)

// role is one role, as it is kept in snapshots.
type role struct {
	Name        string            `json:"name"`
	Path        string            `json:"path"`
	ID          string            `json:"id"`
	ARN         string            `json:"arn"`
	Description string            `json:"description,omitempty"`
	Created     time.Time         `json:"created"`
	Session     int32             `json:"session"` // longest session, seconds
	Trust       string            `json:"trust"`
	Boundary    string            `json:"boundary,omitempty"` // ARN of the permissions boundary
	Attached    []string          `json:"attached,omitempty"` // ARNs, in the order of attaching
	Inline      map[string]string `json:"inline,omitempty"`   // documents by name
	Tags        []tag             `json:"tags,omitempty"`

	trust  *document
	inline map[string]*document
}

// tag is one tag, in the order in which it was set.
type tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// parse reads the role's documents, so that no question about permissions has
// to read them again.
func (r *role) parse() error {
	trust, err := parseDocument(r.Trust)
	if err != nil {
		return err
	}
	inline := map[string]*document{}
	for name, text := range r.Inline {
		if inline[name], err = parseDocument(text); err != nil {
			return err
		}
	}
	r.trust, r.inline = trust, inline
	return nil
}

// roleKey is the key of a role's name: IAM keeps the case of names, but two
// roles cannot differ by case alone.
func roleKey(name string) string { return strings.ToLower(name) }

// find returns the role of a name. The caller holds the lock.
func (s *Service) find(name *string) (*role, error) {
	if err := checkName("roleName", name, 64); err != nil {
		return nil, err
	}
	r, ok := s.roles[roleKey(*name)]
	if !ok {
		return nil, noSuchEntity("The role with name %s cannot be found.", *name)
	}
	return r, nil
}

func (s *Service) createRole(ctx context.Context, in *iam.CreateRoleInput) (*iam.CreateRoleOutput, error) {
	call := awsproto.CallFrom(ctx)
	path := aws.ToString(in.Path)
	if in.Path == nil {
		path = "/"
	}
	session := defaultSession
	if in.MaxSessionDuration != nil {
		session = *in.MaxSessionDuration
	}
	for _, err := range []error{
		checkName("roleName", in.RoleName, 64),
		checkPath(path),
		checkPresent("assumeRolePolicyDocument", in.AssumeRolePolicyDocument, 131072),
		checkDescription(in.Description),
		checkSession(session),
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
	name := *in.RoleName
	if r, ok := s.roles[roleKey(name)]; ok {
		return nil, &types.EntityAlreadyExistsException{Message: aws.String("Role with name " + r.Name + " already exists.")}
	}
	trust, err := s.checkTrust(*in.AssumeRolePolicyDocument)
	if err != nil {
		return nil, err
	}
	if len(s.roles) >= maxRoles {
		return nil, limitExceeded("RolesPerAccount", maxRoles)
	}
	if in.PermissionsBoundary != nil {
		if _, err := s.attachable(in.PermissionsBoundary); err != nil {
			return nil, err
		}
	}
	r := &role{
		Name:        name,
		Path:        path,
		ID:          newID(call.Rand, roleIDPrefix),
		ARN:         "arn:aws:iam::" + s.account + ":role" + path + name,
		Description: aws.ToString(in.Description),
		Created:     call.Time.UTC().Truncate(time.Second),
		Session:     session,
		Trust:       *in.AssumeRolePolicyDocument,
		Boundary:    aws.ToString(in.PermissionsBoundary),
		Tags:        tags,
		trust:       trust,
		inline:      map[string]*document{},
	}
	s.roles[roleKey(name)] = r
	// AWS repeats neither the description nor the session's length here
	// (LocalStack's recording test_create_describe_role).
	out := r.answer()
	out.Description, out.MaxSessionDuration = nil, nil
	out.Tags, out.PermissionsBoundary = tagsOf(r.Tags), r.bounded()
	return &iam.CreateRoleOutput{Role: out}, nil
}

func (s *Service) getRole(_ context.Context, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	out := r.answer()
	out.Tags = tagsOf(r.Tags)
	out.RoleLastUsed = &types.RoleLastUsed{}
	out.PermissionsBoundary = r.bounded()
	return &iam.GetRoleOutput{Role: out}, nil
}

func (s *Service) listRoles(_ context.Context, in *iam.ListRolesInput) (*iam.ListRolesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	prefix := aws.ToString(in.PathPrefix)
	var names []string
	for _, key := range slices.Sorted(maps.Keys(s.roles)) {
		if strings.HasPrefix(s.roles[key].Path, prefix) {
			names = append(names, key)
		}
	}
	page, marker, err := paginate(names, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListRolesOutput{Roles: []types.Role{}, Marker: marker, IsTruncated: marker != nil}
	for _, key := range page {
		out.Roles = append(out.Roles, *s.roles[key].answer())
	}
	return out, nil
}

func (s *Service) deleteRole(_ context.Context, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	// Wording and order: ansible/ansible#22832, ekristen/aws-nuke#203.
	if len(r.Attached) > 0 {
		return nil, deleteConflict("Cannot delete entity, must detach all policies first.")
	}
	if len(r.Inline) > 0 {
		return nil, deleteConflict("Cannot delete entity, must delete policies first.")
	}
	delete(s.roles, roleKey(r.Name))
	return &iam.DeleteRoleOutput{}, nil
}

func (s *Service) updateRole(_ context.Context, in *iam.UpdateRoleInput) (*iam.UpdateRoleOutput, error) {
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	session := defaultSession
	if in.MaxSessionDuration != nil {
		session = *in.MaxSessionDuration
	}
	if err := checkSession(session); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	if in.Description != nil {
		r.Description = *in.Description
	}
	if in.MaxSessionDuration != nil {
		r.Session = session
	}
	return &iam.UpdateRoleOutput{}, nil
}

func (s *Service) updateRoleDescription(_ context.Context, in *iam.UpdateRoleDescriptionInput) (*iam.UpdateRoleDescriptionOutput, error) {
	if err := checkPresent("description", in.Description, 1000); err != nil {
		return nil, err
	}
	if err := checkDescription(in.Description); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.Description = *in.Description
	return &iam.UpdateRoleDescriptionOutput{Role: r.answer()}, nil
}

func (s *Service) updateAssumeRolePolicy(_ context.Context, in *iam.UpdateAssumeRolePolicyInput) (*iam.UpdateAssumeRolePolicyOutput, error) {
	if err := checkPresent("policyDocument", in.PolicyDocument, 131072); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	trust, err := s.checkTrust(*in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	r.Trust, r.trust = *in.PolicyDocument, trust
	return &iam.UpdateAssumeRolePolicyOutput{}, nil
}

// answer is the role as answers show it.
func (r *role) answer() *types.Role {
	out := &types.Role{
		Arn:                      aws.String(r.ARN),
		CreateDate:               aws.Time(r.Created),
		Path:                     aws.String(r.Path),
		RoleId:                   aws.String(r.ID),
		RoleName:                 aws.String(r.Name),
		AssumeRolePolicyDocument: aws.String(encodeDocument(r.Trust)),
		MaxSessionDuration:       aws.Int32(r.Session),
	}
	if r.Description != "" {
		out.Description = aws.String(r.Description)
	}
	return out
}

// newID makes an id as AWS makes them: 21 characters, the first four say of
// what (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
func newID(random *rand.Rand, prefix string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	id := []byte(prefix)
	for len(id) < 21 {
		id = append(id, alphabet[random.IntN(len(alphabet))])
	}
	return string(id)
}
