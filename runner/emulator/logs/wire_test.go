package logs

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/awsproto"
)

// inProcess carries requests to a handler without a port.
type inProcess struct{ http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	t.ServeHTTP(w, r)
	return w.Result(), nil
}

// TestOverTheWire does a lab's work with the real client, over the real
// protocol.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	model, ok := awsmodel.ServiceByName("logs")
	if !ok {
		t.Fatal("no model of logs")
	}
	service := New(Config{Account: "123456789012", Region: "ap-northeast-2"})
	handler := awsproto.New(awsproto.Config{
		Services: []awsproto.Service{{Model: model, Operations: service.Operations()}},
		Credentials: func(string) (string, string, bool) {
			return "secret", "arn:aws:iam::123456789012:user/student", true
		},
		Account: "123456789012", Region: "ap-northeast-2",
	})
	client := cloudwatchlogs.New(cloudwatchlogs.Options{
		Region: "ap-northeast-2", BaseEndpoint: aws.String("http://logs.test"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		HTTPClient:  &http.Client{Transport: inProcess{handler}}, RetryMaxAttempts: 1,
	})
	ctx := t.Context()
	name := aws.String(groupName)
	if _, err := client.CreateLogGroup(ctx, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: name, Tags: map[string]string{"course": "lambda"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: name, LogStreamName: aws.String("2026/11/23/[$LATEST]0123")}); err != nil {
		t.Fatal(err)
	}
	now := time.Now().UnixMilli()
	put, err := client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
		LogGroupName: name, LogStreamName: aws.String("2026/11/23/[$LATEST]0123"),
		LogEvents: []types.InputLogEvent{{Timestamp: aws.Int64(now), Message: aws.String("안녕\n")}, {Timestamp: aws.Int64(now), Message: aws.String("two")}},
	})
	if err != nil || put.NextSequenceToken == nil || put.RejectedLogEventsInfo != nil {
		t.Errorf("put %+v, %v", put, err)
	}
	found, err := client.FilterLogEvents(ctx, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: name, StartTime: aws.Int64(now - 1000)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"안녕\n", "two"}, filtered(found))
	if found.SearchedLogStreams == nil {
		t.Error("searchedLogStreams is left out; AWS sends an empty list")
	}
	read, err := client.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: name, LogStreamName: aws.String("2026/11/23/[$LATEST]0123"), StartFromHead: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"안녕\n", "two"}, got(read))
	groups, err := client.DescribeLogGroups(ctx, &cloudwatchlogs.DescribeLogGroupsInput{})
	if err != nil || len(groups.LogGroups) != 1 || *groups.LogGroups[0].MetricFilterCount != 0 {
		t.Errorf("groups %+v, %v", groups, err)
	}
	_, err = client.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String("none"), LogStreamName: aws.String("x")})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) || missing.ErrorMessage() != "The specified log group does not exist." {
		t.Errorf("a group that is not there: %v", err)
	}
}
