package awsmodel_test

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/awsmodel"
	"awslab/runner/awsmodel/awsmodeltest"
)

func service(t testing.TB, name string) *awsmodel.Service {
	t.Helper()
	s, ok := awsmodel.ServiceByName(name)
	if !ok {
		t.Fatalf("no service %s", name)
	}
	return s
}

func TestToTreeIsWhatTheAWSCLIPrints(t *testing.T) {
	t.Parallel()
	whole := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	broken := whole.Add(123 * time.Millisecond)
	for _, tt := range []struct {
		name, service string
		value         any
		want          string
	}{
		{"names as they are", "sts", &sts.GetCallerIdentityOutput{Account: aws.String("1")}, `{"Account":"1"}`},
		{"names in lower case", "logs", &cloudwatchlogs.DescribeLogGroupsOutput{LogGroups: []logstypes.LogGroup{{LogGroupName: aws.String("<g>&"), CreationTime: aws.Int64(1)}}}, `{"logGroups":[{"creationTime":1,"logGroupName":"<g>&"}]}`},
		{"a name by exception", "logs", &cloudwatchlogs.DescribeDestinationsInput{DestinationNamePrefix: aws.String("p")}, `{"DestinationNamePrefix":"p"}`},
		{"lists of API Gateway", "apigateway", &apigateway.GetResourcesOutput{Items: nil, Position: aws.String("p")}, `{"position":"p"}`},
		{"time", "iam", &iamtypes.Role{CreateDate: &whole}, `{"CreateDate":"2026-11-23T12:00:00+00:00"}`},
		{"time with a fraction", "iam", &iamtypes.Role{CreateDate: &broken}, `{"CreateDate":"2026-11-23T12:00:00.123000+00:00"}`},
		{"blob", "lambda", &lambdatypes.FunctionCode{ZipFile: []byte{0, 255}}, `{"ZipFile":"AP8="}`},
		{"zero that is no pointer", "lambda", &lambdatypes.FunctionConfiguration{Timeout: aws.Int32(0)}, `{"CodeSize":0,"Timeout":0}`},
		{"empty list, no list", "iam", &iam.ListRolesOutput{Roles: []iamtypes.Role{}}, `{"IsTruncated":false,"Roles":[]}`},
		{"map in order", "lambda", &lambda.ListTagsOutput{Tags: map[string]string{"b": "2", "a": "1"}}, `{"Tags":{"a":"1","b":"2"}}`},
		{"union", "logs", &cloudwatchlogs.GetIntegrationOutput{IntegrationDetails: &logstypes.IntegrationDetailsMemberOpenSearchIntegrationDetails{}}, `{"integrationDetails":{"openSearchIntegrationDetails":{}}}`},
		{"nothing", "sts", (*sts.GetCallerIdentityOutput)(nil), `null`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			if err := encoder.Encode(service(t, tt.service).ToTree(tt.value)); err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSpace(b.String())
			var gotTree, wantTree any
			if json.Unmarshal([]byte(got), &gotTree) != nil || json.Unmarshal([]byte(tt.want), &wantTree) != nil || !cmp.Equal(gotTree, wantTree) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Every input and output comes back from its tree, and from the tree's JSON.
func TestTreesGoBothWays(t *testing.T) {
	t.Parallel()
	everything := cmp.Exporter(func(reflect.Type) bool { return true })
	for _, s := range awsmodel.Services() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			for _, op := range s.Operations() {
				for _, structure := range []reflect.Type{op.Input, op.Output} {
					value := reflect.New(structure)
					for i := range structure.NumField() {
						field := structure.Field(i)
						stream := field.Type == reflect.TypeFor[io.Reader]() || field.Type == reflect.TypeFor[io.ReadCloser]()
						if field.IsExported() && field.Name != "ResultMetadata" && !stream {
							awsmodeltest.Fill(t, value.Elem().Field(i), field.Name)
						}
					}
					tree := s.ToTree(value.Interface())
					data, err := json.Marshal(tree)
					if err != nil {
						t.Fatal(err)
					}
					var parsed map[string]any
					if err := json.Unmarshal(data, &parsed); err != nil {
						t.Fatal(err)
					}
					for name, from := range map[string]any{"tree": tree, "map": tree.(*awsmodel.Object).ToMap(), "JSON": parsed} {
						back := reflect.New(structure)
						if err := s.FromTree(from, back.Elem()); err != nil {
							t.Errorf("%s from its %s: %v", structure, name, err)
						} else if diff := cmp.Diff(value.Interface(), back.Interface(), everything); diff != "" {
							t.Errorf("%s from its %s:\n%s", structure, name, diff)
						}
					}
				}
			}
		})
	}
}

func TestFromTreeSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, tree, want string }{
		{"unknown member", `{"FunctionNam":"f"}`, `unknown member "FunctionNam" (known: `},
		{"unknown member inside", `{"Environment":{"Vars":{}}}`, `unknown member "Environment.Vars" (known: Variables)`},
		{"text for a number", `{"Timeout":"3"}`, "Timeout: a whole number is wanted, not 3"},
		{"a fraction", `{"Timeout":3.5}`, "Timeout: a whole number is wanted, not 3.5"},
		{"too big", `{"Timeout":2147483648}`, "Timeout: a whole number is wanted, not 2147483648"},
		{"number for text", `{"Handler":3}`, "Handler: a string is wanted, not 3"},
		{"text for a bool", `{"Publish":"yes"}`, "Publish: true or false is wanted, not yes"},
		{"object for a list", `{"Layers":{}}`, "Layers: a list is wanted, not map[]"},
		{"list for an object", `{"Environment":[]}`, "Environment: an object is wanted, not []"},
		{"inside a list", `{"FileSystemConfigs":[{"Arn":1}]}`, "FileSystemConfigs[0].Arn: a string is wanted, not 1"},
		{"no base64", `{"Code":{"ZipFile":"*"}}`, "Code.ZipFile: illegal base64 data"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var tree any
			decoder := json.NewDecoder(strings.NewReader(tt.tree))
			decoder.UseNumber()
			if err := decoder.Decode(&tree); err != nil {
				t.Fatal(err)
			}
			err := service(t, "lambda").FromTree(tree, reflect.New(reflect.TypeFor[lambda.CreateFunctionInput]()).Elem())
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestFromTreeTakesNumbersOfAnyKind(t *testing.T) {
	t.Parallel()
	for _, number := range []any{1_000_000, int64(1_000_000), uint64(1_000_000), 1e6, json.Number("1000000")} {
		var input cloudwatchlogs.PutRetentionPolicyInput
		if err := service(t, "logs").FromTree(map[string]any{"retentionInDays": number}, reflect.ValueOf(&input).Elem()); err != nil || *input.RetentionInDays != 1_000_000 {
			t.Errorf("%T: %v %v", number, input.RetentionInDays, err)
		}
	}
}

func TestOptionName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"FunctionName": "function-name", "restApiId": "rest-api-id", "CreateRestApi": "create-rest-api",
		"CodeSha256": "code-sha256", "EnableECSManagedTags": "enable-ecs-managed-tags", "KMSKeyArn": "kms-key-arn",
		"ProviderARNs": "provider-arns", "IpV6CidrBlock": "ip-v6-cidr-block", "GetAccount": "get-account",
		"UploadServerCertificate": "upload-server-certificate", "GetOpenIDConnectProvider": "get-open-id-connect-provider",
		"ListVirtualMFADevices": "list-virtual-mfa-devices", "httpMethod": "http-method", "S3Bucket": "s3-bucket",
		"CreateSAMLProvider": "create-saml-provider", "TagOpenIDConnectProvider": "tag-open-id-connect-provider",
	} {
		if got := awsmodel.OptionName(name); got != want {
			t.Errorf("%s gives %s, not %s", name, got, want)
		}
	}
}

func TestObjectKeepsItsOrder(t *testing.T) {
	t.Parallel()
	var o awsmodel.Object
	for _, key := range []string{"z", "a", "m", "a"} {
		o.Set(key, len(o.Keys()))
	}
	o.Delete("m")
	o.Delete("nothing")
	data, err := json.Marshal(&o)
	if err != nil || string(data) != `{"z":0,"a":3}` || !slices.Equal(o.Keys(), []string{"z", "a"}) {
		t.Errorf("got %s %v", data, err)
	}
}

func FuzzFromTree(f *testing.F) {
	f.Add("lambda", `{"FunctionName":"f","Code":{"ZipFile":"AA=="},"Environment":{"Variables":{"a":"b"}}}`)
	f.Add("logs", `{"resourceConfig":{"openSearchResourceConfig":{"retentionDays":1e2}}}`)
	f.Add("iam", `{"PolicyExclusionList":[{"PolicyArn":"a"}],"StartTime":"2026-01-31"}`)
	f.Fuzz(func(t *testing.T, name, data string) {
		s, ok := awsmodel.ServiceByName(name)
		var tree any
		if !ok || json.Unmarshal([]byte(data), &tree) != nil {
			t.Skip("no service, or no JSON")
		}
		for _, op := range s.Operations() {
			value := reflect.New(op.Input)
			if err := s.FromTree(tree, value.Elem()); err != nil {
				continue
			}
			if _, err := json.Marshal(s.ToTree(value.Interface())); err != nil {
				t.Errorf("%s: %v", op.Name, err)
			}
		}
	})
}
