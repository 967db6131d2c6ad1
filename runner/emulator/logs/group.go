package logs

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"awslab/runner/emulator/awsproto"
)

// group is one log group, as it is kept in snapshots.
type group struct {
	Name      string              `json:"name"`
	Created   int64               `json:"created"` // ms since 1970
	Class     types.LogGroupClass `json:"class"`
	KmsKey    string              `json:"kmsKey,omitempty"`
	Retention int32               `json:"retention,omitempty"` // days; 0 is for ever
	Tags      map[string]string   `json:"tags,omitempty"`

	Streams map[string]*stream `json:"-"`
}

// retentions are the days that PutRetentionPolicy takes.
var retentions = []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// cutoff is the time before which events have expired, in ms since 1970.
func (g *group) cutoff(now time.Time) int64 {
	if g.Retention == 0 {
		return 0
	}
	return now.Add(-time.Duration(g.Retention) * 24 * time.Hour).UnixMilli()
}

func (s *Service) groupARN(name string) string {
	return "arn:aws:logs:" + s.region + ":" + s.account + ":log-group:" + name
}

// findGroup returns the group of a name. The caller holds the lock.
func (s *Service) findGroup(name *string) (*group, error) {
	if err := checkGroupName("logGroupName", name); err != nil {
		return nil, err
	}
	g := s.groups[*name]
	if g == nil {
		return nil, noGroup()
	}
	return g, nil
}

// identifyGroup returns the group that a request names by name or by
// identifier, which is a name or an ARN. The caller holds the lock.
func (s *Service) identifyGroup(name, identifier *string) (*group, error) {
	if identifier == nil {
		return s.findGroup(name)
	}
	if name != nil { // LocalStack's recording test_create_and_delete_log_stream
		return nil, awsproto.Error("ValidationException", http.StatusBadRequest, "LogGroup name and LogGroup ARN are mutually exclusive parameters.")
	}
	prefix := s.groupARN("")
	plain, isARN := strings.CutPrefix(*identifier, prefix)
	if !isARN && strings.HasPrefix(*identifier, "arn:") {
		return nil, noGroup() // another account's or region's
	}
	plain = strings.TrimSuffix(plain, ":*")
	return s.findGroup(&plain)
}

func (s *Service) createLogGroup(ctx context.Context, in *cloudwatchlogs.CreateLogGroupInput) (*cloudwatchlogs.CreateLogGroupOutput, error) {
	if err := checkGroupName("logGroupName", in.LogGroupName); err != nil {
		return nil, err
	}
	if err := checkTags(nil, in.Tags); err != nil {
		return nil, err
	}
	if aws.ToBool(in.DeletionProtectionEnabled) {
		return nil, awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate the deletion protection of log groups")
	}
	class := in.LogGroupClass
	if class == "" {
		class = types.LogGroupClassStandard
	}
	if !slices.Contains(class.Values(), class) {
		return nil, violation(string(class), "logGroupClass", "Member must satisfy enum value set: [STANDARD, INFREQUENT_ACCESS, DELIVERY]")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	name := *in.LogGroupName
	if s.groups[name] != nil {
		return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The specified log group already exists")}
	}
	s.groups[name] = &group{
		Name:    name,
		Created: awsproto.CallFrom(ctx).Time.UnixMilli(),
		Class:   class,
		KmsKey:  aws.ToString(in.KmsKeyId),
		Tags:    maps.Clone(in.Tags),
		Streams: map[string]*stream{},
	}
	return &cloudwatchlogs.CreateLogGroupOutput{}, nil
}

func (s *Service) deleteLogGroup(_ context.Context, in *cloudwatchlogs.DeleteLogGroupInput) (*cloudwatchlogs.DeleteLogGroupOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	for _, st := range g.Streams {
		s.store.forget(st.ID)
	}
	delete(s.groups, g.Name)
	return &cloudwatchlogs.DeleteLogGroupOutput{}, nil
}

func (s *Service) describeLogGroups(ctx context.Context, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil {
		return nil, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	if in.LogGroupNamePrefix != nil {
		if err := checkGroupName("logGroupNamePrefix", in.LogGroupNamePrefix); err != nil {
			return nil, err
		}
	}
	limit, err := checkLimit(in.Limit, 50, 50)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(awsproto.CallFrom(ctx).Time); err != nil {
		return nil, err
	}
	wanted := func(g *group) bool {
		if in.LogGroupClass != "" && g.Class != in.LogGroupClass {
			return false
		}
		if in.LogGroupNamePattern != nil {
			return strings.Contains(strings.ToLower(g.Name), strings.ToLower(*in.LogGroupNamePattern))
		}
		if len(in.LogGroupIdentifiers) > 0 && !slices.ContainsFunc(in.LogGroupIdentifiers, func(id string) bool {
			return id == g.Name || strings.TrimSuffix(id, ":*") == s.groupARN(g.Name)
		}) {
			return false
		}
		return strings.HasPrefix(g.Name, aws.ToString(in.LogGroupNamePrefix))
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		if wanted(s.groups[name]) {
			names = append(names, name)
		}
	}
	page, next, err := namePage(names, in.NextToken, limit)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: []types.LogGroup{}, NextToken: next}
	for _, name := range page {
		out.LogGroups = append(out.LogGroups, s.describe(s.groups[name]))
	}
	return out, nil
}

// describe is the group as answers show it. AWS brings storedBytes up to date
// only after hours; here it is exact. The caller holds the lock.
func (s *Service) describe(g *group) types.LogGroup {
	var bytes int64
	for _, st := range g.Streams {
		bytes += s.store.size(st.ID)
	}
	arn := s.groupARN(g.Name)
	out := types.LogGroup{
		Arn:                       aws.String(arn + ":*"),
		CreationTime:              aws.Int64(g.Created),
		DeletionProtectionEnabled: aws.Bool(false),
		LogGroupArn:               aws.String(arn),
		LogGroupClass:             g.Class,
		LogGroupName:              aws.String(g.Name),
		MetricFilterCount:         aws.Int32(0),
		StoredBytes:               aws.Int64(bytes),
	}
	if g.KmsKey != "" {
		out.KmsKeyId = aws.String(g.KmsKey)
	}
	if g.Retention != 0 {
		out.RetentionInDays = aws.Int32(g.Retention)
	}
	return out
}

func (s *Service) putRetentionPolicy(_ context.Context, in *cloudwatchlogs.PutRetentionPolicyInput) (*cloudwatchlogs.PutRetentionPolicyOutput, error) {
	if in.RetentionInDays == nil {
		return nil, missing("retentionInDays")
	}
	if !slices.Contains(retentions, *in.RetentionInDays) {
		return nil, badRetention(*in.RetentionInDays)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	g.Retention = *in.RetentionInDays
	return &cloudwatchlogs.PutRetentionPolicyOutput{}, nil
}

func (s *Service) deleteRetentionPolicy(_ context.Context, in *cloudwatchlogs.DeleteRetentionPolicyInput) (*cloudwatchlogs.DeleteRetentionPolicyOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	g.Retention = 0
	return &cloudwatchlogs.DeleteRetentionPolicyOutput{}, nil
}
