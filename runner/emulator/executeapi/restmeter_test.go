package executeapi

import (
	"context"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func modelsOf(schemas ...string) *models {
	d := &RESTDeployment{}
	d.API.Id = aws.String("a1b2c3d4e5")
	for i, schema := range schemas {
		d.Models = append(d.Models, rest.Model{Name: aws.String("M" + strconv.Itoa(i)), Schema: aws.String(schema)})
	}
	return newModels(d)
}

// quick fails a test whose work is not done soon.
func quick(t *testing.T, work func(ctx context.Context)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx)
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("it does not end")
	}
}

// Bodies that any client can send, and models that any lesson can make, keep no
// processor busy.
func TestBodiesThatTakeLong(t *testing.T) {
	t.Parallel()
	const late = "deadline|too long"
	twice := `{"definitions":{"a":{"allOf":[{"properties":{"n":{"$ref":"#/definitions/a"}}},{"properties":{"n":{"$ref":"#/definitions/a"}}}]}},"$ref":"#/definitions/a"}`
	for name, tt := range map[string]struct{ schema, body, want string }{
		"exponents":      {`{"type":"array","items":{"type":"integer"}}`, "[" + strings.Repeat("1e999999,1E-999999,", 300) + "1]", "instance type .number"},
		"digits":         {`{"type":"integer"}`, strings.Repeat("1", 3_000_000), "Unknown error parsing request body"},
		"of the model's": {`{"type":"number","minimum":1e999999999}`, "1", "minimum"},
		"doubling":       {twice, strings.Repeat(`{"n":`, 60) + "1" + strings.Repeat("}", 60), late},
		"itself":         {`{"allOf":[{"$ref":"#"}]}`, "1", "cycle"},
		"pattern":        {`{"items":{"pattern":"^(?=a)(a+)+$"}}`, "[" + strings.Repeat(`"`+strings.Repeat("a", 40)+`!",`, 1000) + `""]`, late},
		"many problems":  {`{"items":{"type":"string"}}`, "[" + strings.Repeat("1,", 600_000) + "1]", late},
		"many names":     {`{"additionalProperties":{"type":"string"}}`, `{"a":"b"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			quick(t, func(ctx context.Context) {
				problems, _ := modelsOf(tt.schema).check(ctx, "M0", []byte(tt.body))
				got := strings.Join(problems, ", ")
				if !regexp.MustCompile(tt.want).MatchString(got) || (got == "") != (tt.want == "") {
					t.Errorf("%s, want %s", clip(got), tt.want)
				}
			})
		})
	}
}

// What a body has wrong is told in one order, and a format of the model's own holds.
func TestProblemsHaveAnOrder(t *testing.T) {
	t.Parallel()
	m := modelsOf(`{"properties":{"a":{"type":"string"},"b":{"type":"integer"},"c":{"type":"string","format":"ipv4"},"d":{"$ref":"https://apigateway.amazonaws.com/restapis/a1b2c3d4e5/models/M1"}},"required":["e"]}`, `{"enum":["x"]}`)
	const want = `object has missing required properties (["e"]), instance type (number) does not match any allowed primitive type (allowed: ["string"]), instance type (string) does not match any allowed primitive type (allowed: ["integer"]), "no" is not valid ipv4: `
	for range 20 {
		problems, where := m.check(t.Context(), "M0", []byte(`{"d":"y","c":"no","b":"1","a":1}`))
		if where != "/ (required), /a (type), /b (type), /c (format), /d (enum)" {
			t.Error(where)
		}
		got := strings.Join(problems, ", ")
		got, last, _ := strings.Cut(got, "expected four")
		if !strings.HasPrefix(got+last, want[:200]) || !strings.HasSuffix(last, `instance value ("y") not found in enum (possible values: ["x"])`) {
			t.Fatalf("%s|%s", got, last)
		}
	}
	if got, _ := m.check(t.Context(), "M0", []byte(`{"a":"1","b":1e3,"c":"127.0.0.1","d":"x","e":null}`)); got != nil {
		t.Error(got)
	}
}
