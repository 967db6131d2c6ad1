package iam

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// managedData holds the AWS managed policies that labs meet: their documents as
// AWS publishes them, taken from moto 5.2.1's copy.
//
//go:embed managed.json
var managedData []byte

// managedPolicy is one AWS managed policy at its default version.
type managedPolicy struct {
	Name     string          `json:"name"`
	Path     string          `json:"path"`
	Version  string          `json:"version"`
	Created  time.Time       `json:"created"`
	Updated  time.Time       `json:"updated"`
	Document json.RawMessage `json:"document"`

	arn, id  string
	text     string // the document as GetPolicyVersion shows it
	document *document
}

// managedPolicies reads managedData. A mistake in it is a mistake of the
// program, and panics.
func managedPolicies() map[string]*managedPolicy {
	var all []*managedPolicy
	if err := json.Unmarshal(managedData, &all); err != nil {
		panic("iam: managed.json: " + err.Error())
	}
	byARN := map[string]*managedPolicy{}
	for i, p := range all {
		p.arn = managedAccountPart + p.Path + p.Name
		// AWS's ids of these policies are not public; any will do, as long as
		// it stays the same.
		p.id = newID(rand.New(rand.NewPCG(1, uint64(i))), managedIDPrefix)
		var indented bytes.Buffer
		if err := json.Indent(&indented, p.Document, "", "    "); err != nil {
			panic("iam: managed.json: " + p.Name + ": " + err.Error())
		}
		p.text = indented.String()
		doc, err := checkPermissions(p.text)
		if err != nil {
			panic("iam: managed.json: " + p.Name + ": " + err.Error())
		}
		p.document = doc
		byARN[p.arn] = p
	}
	return byARN
}

// policy returns the managed policy of an ARN.
func (s *Service) policy(arn *string) (*managedPolicy, error) {
	if err := checkPolicyARN(arn); err != nil {
		return nil, err
	}
	p, ok := s.managed()[*arn]
	if !ok {
		return nil, noSuchEntity("Policy %s was not found.", *arn)
	}
	return p, nil
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

// answer is the policy as answers show it. The caller holds the lock.
func (s *Service) answer(p *managedPolicy) types.Policy {
	attached, bounding := s.attachments(p.arn)
	return types.Policy{
		Arn:                           aws.String(p.arn),
		AttachmentCount:               aws.Int32(attached),
		CreateDate:                    aws.Time(p.Created),
		DefaultVersionId:              aws.String(p.Version),
		IsAttachable:                  true,
		Path:                          aws.String(p.Path),
		PermissionsBoundaryUsageCount: aws.Int32(bounding),
		PolicyId:                      aws.String(p.id),
		PolicyName:                    aws.String(p.Name),
		UpdateDate:                    aws.Time(p.Updated),
	}
}

func (s *Service) getPolicy(_ context.Context, in *iam.GetPolicyInput) (*iam.GetPolicyOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	out := s.answer(p)
	out.Tags = []types.Tag{}
	return &iam.GetPolicyOutput{Policy: &out}, nil
}

func (s *Service) getPolicyVersion(_ context.Context, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	// Only default versions are kept here; AWS keeps the last five.
	if aws.ToString(in.VersionId) != p.Version {
		return nil, noSuchEntity("Policy %s version %s does not exist or is not attachable.", p.arn, aws.ToString(in.VersionId))
	}
	return &iam.GetPolicyVersionOutput{PolicyVersion: &types.PolicyVersion{
		CreateDate:       aws.Time(p.Updated),
		Document:         aws.String(encodeDocument(p.text)),
		IsDefaultVersion: true,
		VersionId:        aws.String(p.Version),
	}}, nil
}

func (s *Service) listPolicies(_ context.Context, in *iam.ListPoliciesInput) (*iam.ListPoliciesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var chosen []string
	for _, arn := range slices.Sorted(maps.Keys(s.managed())) {
		attached, bounding := s.attachments(arn)
		switch {
		case in.Scope == types.PolicyScopeTypeLocal, // there are no customer managed ones
			!strings.HasPrefix(s.managed()[arn].Path, aws.ToString(in.PathPrefix)),
			in.OnlyAttached && attached == 0,
			in.PolicyUsageFilter == types.PolicyUsageTypePermissionsBoundary && bounding == 0:
			continue
		}
		chosen = append(chosen, arn)
	}
	page, marker, err := paginate(chosen, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	out := &iam.ListPoliciesOutput{Policies: []types.Policy{}, Marker: marker, IsTruncated: marker != nil}
	for _, arn := range page {
		out.Policies = append(out.Policies, s.answer(s.managed()[arn]))
	}
	return out, nil
}
