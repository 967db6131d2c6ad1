package awsmodel

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestHTTPBinding(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		service, operation string
		want               HTTPBinding
	}{
		{"lambda", "Invoke", HTTPBinding{"POST", "/2015-03-31/functions/{FunctionName}/invocations", []Binding{
			{"FunctionName", InPath, "FunctionName"},
			{"Qualifier", InQuery, "Qualifier"},
			{"InvocationType", InHeader, "X-Amz-Invocation-Type"},
			{"LogType", InHeader, "X-Amz-Log-Type"},
			{"ClientContext", InHeader, "X-Amz-Client-Context"},
			{"DurableExecutionName", InHeader, "X-Amz-Durable-Execution-Name"},
			{"TenantId", InHeader, "X-Amz-Tenant-Id"},
			{"Payload", IsPayload, ""},
		}}},
		{"lambda", "CreateFunction", HTTPBinding{"POST", "/2015-03-31/functions", nil}},
		{"lambda", "ListFunctions", HTTPBinding{"GET", "/2015-03-31/functions", []Binding{
			{"FunctionVersion", InQuery, "FunctionVersion"},
			{"Marker", InQuery, "Marker"},
			{"MasterRegion", InQuery, "MasterRegion"},
			{"MaxItems", InQuery, "MaxItems"},
		}}},
		{"lambda", "UntagResource", HTTPBinding{"DELETE", "/2017-03-31/tags/{Resource}", []Binding{
			{"Resource", InPath, "Resource"}, {"TagKeys", InQuery, "tagKeys"},
		}}},
		{"apigateway", "ImportRestApi", HTTPBinding{"POST", "/restapis?mode=import", []Binding{
			{"FailOnWarnings", InQuery, "failonwarnings"}, {"Parameters", InQueryMap, ""}, {"Body", IsPayload, ""},
		}}},
		{"lambda", "StopDurableExecution", HTTPBinding{"POST", "/2025-12-01/durable-executions/{DurableExecutionArn}/stop", []Binding{
			{"DurableExecutionArn", InPath, "DurableExecutionArn"}, {"Error", IsPayload, ""},
		}}},
		{"lambda", "InvokeAsync", HTTPBinding{"POST", "/2014-11-13/functions/{FunctionName}/invoke-async", []Binding{
			{"FunctionName", InPath, "FunctionName"}, {"InvokeArgs", IsPayload, ""},
		}}},
		{"lambda", "GetLayerVersionByArn", HTTPBinding{"GET", "/2018-10-31/layers?find=LayerVersion", []Binding{
			{"Arn", InQuery, "Arn"},
		}}},
		{"apigatewayv2", "GetRoutes", HTTPBinding{"GET", "/v2/apis/{ApiId}/routes", []Binding{
			{"ApiId", InPath, "ApiId"}, {"MaxResults", InQuery, "maxResults"}, {"NextToken", InQuery, "nextToken"},
		}}},
	} {
		t.Run(tt.service+"/"+tt.operation, func(t *testing.T) {
			t.Parallel()
			service, _ := ServiceByName(tt.service)
			operation, ok := service.Operation(tt.operation)
			if !ok {
				t.Fatal("no such operation")
			}
			got, ok := operation.HTTP()
			if !ok {
				t.Fatal("no binding")
			}
			if diff := cmp.Diff(tt.want, got, cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b Binding) bool { return a.Field < b.Field })); diff != "" {
				t.Errorf("want -, got +:\n%s", diff)
			}
		})
	}
}

// Every REST operation has to be nameable, so that what is not emulated can be
// refused by name.
func TestEveryRESTOperationHasABinding(t *testing.T) {
	t.Parallel()
	n := 0
	for _, service := range Services() {
		for _, operation := range service.Operations() {
			if service.Protocol != RESTJSON {
				continue
			}
			n++
			if b, ok := operation.HTTP(); !ok || b.Method == "" || b.URI == "" {
				_, err := operation.readBinding()
				t.Errorf("%s:%s has no binding: %v", service.Name, operation.Name, err)
			}
		}
	}
	if n < 250 {
		t.Errorf("only %d REST operations", n)
	}
}
