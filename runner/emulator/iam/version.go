package iam

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"awslab/runner/emulator/awsproto"
)

// version is one version of a managed policy. It never changes.
type version struct {
	ID      string    `json:"id"` // "v1"
	Created time.Time `json:"created"`
	Text    string    `json:"document"`

	document *document
}

// versionText is the pattern of a version's id in the API model.
var versionText = regexp.MustCompile(`^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$`)

// add makes one more version of a policy.
func (p *policy) add(text string, doc *document, now time.Time, makeDefault bool) *version {
	p.Made++
	v := &version{ID: fmt.Sprintf("v%d", p.Made), Created: now, Text: text, document: doc}
	p.Versions = append(p.Versions, v)
	p.Updated = now
	if makeDefault {
		p.Default = v.ID
	}
	return v
}

// version returns the version of an id, or nil.
func (p *policy) version(id string) *version {
	at := slices.IndexFunc(p.Versions, func(v *version) bool { return v.ID == id })
	if at < 0 {
		return nil
	}
	return p.Versions[at]
}

// document is what the policy says now: that of its default version.
func (p *policy) document() *document { return p.version(p.Default).document }

// parse reads the documents of all versions.
func (p *policy) parse() error {
	for _, v := range p.Versions {
		doc, err := parseDocument(v.Text)
		if err != nil {
			return err
		}
		v.document = doc
	}
	if p.version(p.Default) == nil {
		return fmt.Errorf("no version %s", p.Default)
	}
	return nil
}

// answer is the version as lists show it, without the document.
func (p *policy) answer(v *version) types.PolicyVersion {
	return types.PolicyVersion{CreateDate: aws.Time(v.Created), IsDefaultVersion: v.ID == p.Default, VersionId: aws.String(v.ID)}
}

func checkVersion(id *string) error {
	switch {
	case id == nil:
		return violation("versionId", "Member must not be null")
	case !versionText.MatchString(*id):
		return violation("versionId", `Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`)
	}
	return nil
}

func noVersion(arn, id string) error {
	return noSuchEntity("Policy %s version %s does not exist or is not attachable.", arn, id)
}

func (s *Service) createPolicyVersion(ctx context.Context, in *iam.CreatePolicyVersionInput) (*iam.CreatePolicyVersionOutput, error) {
	if err := checkPresent("policyDocument", in.PolicyDocument, 131072); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	doc, err := checkManaged(*in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	if len(p.Versions) >= maxVersions {
		// 99designs/iamy#21
		return nil, &types.LimitExceededException{Message: aws.String("A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")}
	}
	out := p.answer(p.add(*in.PolicyDocument, doc, awsproto.CallFrom(ctx).Time.UTC().Truncate(time.Second), in.SetAsDefault))
	return &iam.CreatePolicyVersionOutput{PolicyVersion: &out}, nil
}

func (s *Service) getPolicyVersion(_ context.Context, in *iam.GetPolicyVersionInput) (*iam.GetPolicyVersionOutput, error) {
	if err := checkVersion(in.VersionId); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	v := p.version(*in.VersionId)
	if v == nil {
		return nil, noVersion(p.ARN, *in.VersionId)
	}
	out := p.answer(v)
	out.Document = aws.String(encodeDocument(v.Text))
	return &iam.GetPolicyVersionOutput{PolicyVersion: &out}, nil
}

// listPolicyVersions shows the newest first, as AWS does.
func (s *Service) listPolicyVersions(_ context.Context, in *iam.ListPolicyVersionsInput) (*iam.ListPolicyVersionsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, err := s.policy(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	var all []types.PolicyVersion
	for _, v := range slices.Backward(p.Versions) {
		all = append(all, p.answer(v))
	}
	page, marker, err := paginate(all, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListPolicyVersionsOutput{Versions: page, Marker: marker, IsTruncated: marker != nil}, nil
}

func (s *Service) setDefaultPolicyVersion(ctx context.Context, in *iam.SetDefaultPolicyVersionInput) (*iam.SetDefaultPolicyVersionOutput, error) {
	if err := checkVersion(in.VersionId); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if p.version(*in.VersionId) == nil {
		return nil, noVersion(p.ARN, *in.VersionId)
	}
	p.Default, p.Updated = *in.VersionId, awsproto.CallFrom(ctx).Time.UTC().Truncate(time.Second)
	return &iam.SetDefaultPolicyVersionOutput{}, nil
}

func (s *Service) deletePolicyVersion(_ context.Context, in *iam.DeletePolicyVersionInput) (*iam.DeletePolicyVersionOutput, error) {
	if err := checkVersion(in.VersionId); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.own(in.PolicyArn)
	if err != nil {
		return nil, err
	}
	if *in.VersionId == p.Default {
		// redradrat/aws-iam-operator#13
		return nil, deleteConflict("Cannot delete the default version of a policy.")
	}
	if p.version(*in.VersionId) == nil {
		return nil, noVersion(p.ARN, *in.VersionId)
	}
	p.Versions = slices.DeleteFunc(p.Versions, func(v *version) bool { return v.ID == *in.VersionId })
	return &iam.DeletePolicyVersionOutput{}, nil
}
