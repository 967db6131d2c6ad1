package iam

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// tagPattern is IAM's own, of keys and of values.
const tagPattern = `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`

var tagText = regexp.MustCompile(`^` + tagPattern + `$`)

// setTags returns tags with more set on top. Keys are compared without regard
// to case and keep the case they had first (IAM user guide, "Tags for IAM
// resources"); wording after moto 5.2.1.
func setTags(tags []tag, more []types.Tag) ([]tag, error) {
	tags = slices.Clone(tags)
	for i, one := range more {
		key, value := aws.ToString(one.Key), aws.ToString(one.Value)
		switch {
		case key == "":
			return nil, violation("tags.X.member.key", "Member must have length greater than or equal to 1")
		case utf8.RuneCountInString(key) > 128:
			return nil, violation("tags.X.member.key", "Member must have length less than or equal to 128")
		case utf8.RuneCountInString(value) > 256:
			return nil, violation("tags.X.member.value", "Member must have length less than or equal to 256")
		case !tagText.MatchString(key):
			return nil, violation("tags.X.member.key", "Member must satisfy regular expression pattern: "+strings.TrimSuffix(tagPattern, "*")+"+")
		case !tagText.MatchString(value):
			return nil, violation("tags.X.member.value", "Member must satisfy regular expression pattern: "+tagPattern)
		case slices.ContainsFunc(more[:i], func(t types.Tag) bool { return strings.EqualFold(aws.ToString(t.Key), key) }):
			return nil, invalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		if at := findTag(tags, key); at >= 0 {
			tags[at].Value = value
		} else {
			tags = append(tags, tag{Key: key, Value: value})
		}
	}
	if len(tags) > maxTags {
		return nil, violation("tags", "Member must have length less than or equal to 50")
	}
	return tags, nil
}

func findTag(tags []tag, key string) int {
	return slices.IndexFunc(tags, func(t tag) bool { return strings.EqualFold(t.Key, key) })
}

func tagsOf(tags []tag) []types.Tag {
	var out []types.Tag
	for _, t := range tags {
		out = append(out, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return out
}

// dropTags returns tags without those of the keys.
func dropTags(tags []tag, keys []string) []tag {
	for _, key := range keys {
		if at := findTag(tags, key); at >= 0 {
			tags = slices.Delete(tags, at, at+1)
		}
	}
	return tags
}

// tagPage is a page of tags and the marker of the next; the page is not nil.
func tagPage(tags []tag, marker *string, size *int32) ([]types.Tag, *string, error) {
	page, next, err := paginate(tags, marker, size)
	if err != nil {
		return nil, nil, err
	}
	out := tagsOf(page)
	if out == nil {
		out = []types.Tag{}
	}
	return out, next, nil
}

func (s *Service) tagRole(_ context.Context, in *iam.TagRoleInput) (*iam.TagRoleOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	tags, err := setTags(r.Tags, in.Tags)
	if err != nil {
		return nil, err
	}
	r.Tags = tags
	return &iam.TagRoleOutput{}, nil
}

func (s *Service) untagRole(_ context.Context, in *iam.UntagRoleInput) (*iam.UntagRoleOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.Tags = dropTags(r.Tags, in.TagKeys)
	return &iam.UntagRoleOutput{}, nil
}

func (s *Service) listRoleTags(_ context.Context, in *iam.ListRoleTagsInput) (*iam.ListRoleTagsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.find(in.RoleName)
	if err != nil {
		return nil, err
	}
	tags, marker, err := tagPage(r.Tags, in.Marker, in.MaxItems)
	if err != nil {
		return nil, err
	}
	return &iam.ListRoleTagsOutput{Tags: tags, Marker: marker, IsTruncated: marker != nil}, nil
}
