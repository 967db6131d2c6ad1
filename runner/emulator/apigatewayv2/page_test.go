package apigatewayv2_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/google/go-cmp/cmp"
)

// 300 routes are as many as an API may have; they come in pages.
func TestPagesAndTheQuotaOfRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	for i := range 300 {
		w.route(api, fmt.Sprintf("GET /%d", i))
	}
	_, err := w.CreateRoute(t.Context(), &sdk.CreateRouteInput{ApiId: api, RouteKey: aws.String("GET /more")})
	wantError(t, err, "TooManyRequestsException", "Maximum number of Routes for this API has been reached.  Please contact AWS if you need additional Routes.")
	for maxResults, pages := range map[string]int{"": 12, "100": 3, "299": 2, "300": 1, "1000": 1} {
		seen, got := map[string]bool{}, 0
		in := &sdk.GetRoutesInput{ApiId: api}
		if maxResults != "" {
			in.MaxResults = &maxResults
		}
		for {
			out, err := w.GetRoutes(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			got++
			for _, route := range out.Items {
				seen[*route.RouteKey] = true
			}
			if in.NextToken = out.NextToken; in.NextToken == nil {
				break
			}
		}
		if len(seen) != 300 || got != pages {
			t.Errorf("in pages of %q there are %d routes on %d pages, want %d", maxResults, len(seen), got, pages)
		}
	}
	for _, in := range []*sdk.GetRoutesInput{{MaxResults: aws.String("0")}, {MaxResults: aws.String("many")}} {
		in.ApiId = api
		_, err := w.GetRoutes(t.Context(), in)
		wantError(t, err, "BadRequestException", "Invalid value for maxResults")
	}
	for _, token := range []string{"?", "LTE=", "MzAx", "YQ=="} {
		_, err := w.GetRoutes(t.Context(), &sdk.GetRoutesInput{ApiId: api, NextToken: &token})
		wantError(t, err, "BadRequestException", "Invalid nextToken")
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("dev")}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{*api, *api + "/stages/dev"} {
		arn := aws.String("arn:aws:apigateway:ap-northeast-2::/apis/" + path)
		if _, err := w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "1", "b": "2", "c": path}}); err != nil {
			t.Error(err)
		}
		if _, err := w.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a", "b", "none"}}); err != nil {
			t.Error(err)
		}
		out, err := w.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: arn})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"c": path}, out.Tags); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	got, err := w.GetApi(t.Context(), &sdk.GetApiInput{ApiId: api})
	if err != nil || got.Tags["c"] != *api {
		t.Errorf("%+v, %v", got, err)
	}
}
