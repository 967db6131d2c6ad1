package awsproto

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"awslab/runner/awsmodel"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		template, path string
		labels         map[string]string // nil: no match
	}{
		{"/2015-03-31/functions", "/2015-03-31/functions", map[string]string{}},
		{"/2015-03-31/functions", "/2015-03-31/functions/", map[string]string{}},
		{"/2015-03-31/functions/", "/2015-03-31/functions", map[string]string{}},
		{"/2015-03-31/functions/{FunctionName}", "/2015-03-31/functions/", nil},
		{"/2015-03-31/functions/{FunctionName}", "/2015-03-31/functions//", nil},
		{"/2015-03-31/functions/{FunctionName}", "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A1%3Afunction%3Af", map[string]string{"FunctionName": "arn:aws:lambda:r:1:function:f"}},
		{"/tags/{ResourceArn}", "/tags/arn%3Aaws%3Aapigateway%3Ar%3A%3A%2Frestapis%2Fabc", map[string]string{"ResourceArn": "arn:aws:apigateway:r::/restapis/abc"}},
		{"/tags/{ResourceArn}", "/tags/arn:aws:apigateway:r::/restapis/abc", nil},
		{"/restapis/{RestApiId}/stages/{StageName}", "/restapis/a/stages/%24default", map[string]string{"RestApiId": "a", "StageName": "$default"}},
		{"/restapis/{RestApiId}", "/restapis/a%zz", nil},
		{"/restapis/{RestApiId}", "/restapis/a/b", nil},
		{"/restapis", "/RestApis", nil},
		{"/restapis?mode=import", "/restapis", map[string]string{}},
	} {
		segments, _ := parseTemplate(tt.template)
		labels, ok := match(segments, tt.path)
		if ok != (tt.labels != nil) || (ok && !maps.Equal(labels, tt.labels)) {
			t.Errorf("%s on %s: %v %v, want %v", tt.template, tt.path, labels, ok, tt.labels)
		}
	}
}

func TestChoosersAreTheSDKs(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, service := range awsmodel.Services() {
		for _, operation := range service.Operations() {
			binding, _ := operation.HTTP()
			_, fixed := parseTemplate(binding.URI)
			for name := range fixed {
				found[name] = true
			}
		}
	}
	if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, choosers) {
		t.Errorf("the SDK chooses by %v, not %v", got, choosers)
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/2015-03-31/functions/{FunctionName}", "/2015-03-31/functions/a%2Fb")
	f.Add("/{A}/{B}", "//")
	f.Fuzz(func(t *testing.T, template, path string) {
		withoutQuery, _, _ := strings.Cut(template, "?")
		segments, _ := parseTemplate("/" + withoutQuery)
		labels, ok := match(segments, path)
		if !ok && labels != nil {
			t.Errorf("%q on %q: labels without a match", template, path)
		}
		for name, value := range labels {
			if value == "" {
				t.Errorf("%q on %q: label %q is empty", template, path, name)
			}
		}
	})
}
