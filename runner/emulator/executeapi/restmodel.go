package executeapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/santhosh-tekuri/jsonschema/v6"
	problems "github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	printer "golang.org/x/text/message"
)

// models are an API's models as JSON schemas of draft 4, made fit when they are
// first asked for.
type models struct {
	base string // how a schema refers to another: base + name
	text map[string]string

	mu     sync.Mutex
	idle   map[string][]*meteredSchema
	broken map[string]error
}

func newModels(from *RESTDeployment) *models {
	m := &models{base: "https://apigateway.amazonaws.com/restapis/" + aws.ToString(from.API.Id) + "/models/", text: map[string]string{}, idle: map[string][]*meteredSchema{}, broken: map[string]error{}}
	for i := range from.Models {
		m.text[aws.ToString(from.Models[i].Name)] = aws.ToString(from.Models[i].Schema)
	}
	return m
}

// take gives a model's schema to one validation, which gives it back to idle.
func (m *models) take(name string) (*meteredSchema, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.broken[name]; err != nil {
		return nil, err
	}
	if idle := m.idle[name]; len(idle) > 0 {
		m.idle[name] = idle[:len(idle)-1]
		return idle[len(idle)-1], nil
	}
	s, err := m.compile(name)
	if err != nil {
		m.broken[name] = err
	}
	return s, err
}

// maxIdle bounds the schemas of one model that are kept.
const maxIdle = 8

func (m *models) giveBack(name string, s *meteredSchema) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.idle[name]) < maxIdle {
		m.idle[name] = append(m.idle[name], s)
	}
}

// apart lets nothing be loaded: a schema refers to models of its API alone.
type apart struct{ *models }

// Load gives a model that a schema refers to.
func (a apart) Load(url string) (any, error) {
	name, ok := strings.CutPrefix(url, a.base)
	text, known := a.text[name]
	if !ok || !known {
		return nil, errors.New("there is no model " + url)
	}
	return readJSON(text)
}

func (m *models) compile(name string) (*meteredSchema, error) {
	s := &meteredSchema{}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.UseLoader(apart{m})
	c.UseRegexpEngine(func(text string) (jsonschema.Regexp, error) {
		p, err := parsePattern(text)
		return schemaPattern{p, text, s}, err
	})
	var err error
	if s.schema, err = c.Compile(m.base + name); err != nil {
		return nil, err
	}
	s.meter(reflect.ValueOf(s.schema), map[*jsonschema.Schema]bool{})
	return s, nil
}

type schemaPattern struct {
	*pattern
	text string
	in   *meteredSchema
}

func (p schemaPattern) MatchString(s string) bool {
	p.in.step(1 + len(s)/64)
	if p.slow != nil { // may take all the time that it has
		p.in.alive()
	}
	return p.match(s)
}

func (p schemaPattern) String() string { return p.text }

// check holds a body against a model. The texts are those that API Gateway logs
// and gives as $context.error.validationErrorString: its validator is
// java-json-tools/json-schema-validator, whose words they are. Those of a missing
// property and of a body that is no JSON are in public execution logs. Where says it
// without the body's values.
func (m *models) check(ctx context.Context, name string, body []byte) (problems []string, where string) {
	tell := func(text string) ([]string, string) { return []string{text}, text }
	schema, err := m.take(name)
	if err != nil {
		return tell("Invalid model specified: " + err.Error())
	}
	defer m.giveBack(name, schema)
	value, err := readJSON(string(body))
	if err != nil {
		return tell("Unknown error parsing request body")
	}
	var invalid *jsonschema.ValidationError
	if err := schema.validate(ctx, value); errors.As(err, &invalid) {
		all := leaves(invalid, nil)
		slices.SortStableFunc(all, func(a, b *jsonschema.ValidationError) int { // an object's members are met in any order
			return cmp.Or(slices.Compare(a.InstanceLocation, b.InstanceLocation), cmp.Compare(a.SchemaURL, b.SchemaURL))
		})
		return problemTexts(all), places(all)
	} else if err != nil {
		return tell(err.Error())
	}
	return nil, ""
}

// leaves are the single problems of an error.
func leaves(e *jsonschema.ValidationError, out []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return append(out, e)
	}
	for _, cause := range e.Causes {
		out = leaves(cause, out)
	}
	return out
}

// places says where the first problems are, for a trace: without the values, which
// may be secrets.
func places(problems []*jsonschema.ValidationError) string {
	const most = 5
	texts := make([]string, 0, most+1)
	for _, e := range problems[:min(len(problems), most)] {
		texts = append(texts, "/"+strings.Join(e.InstanceLocation, "/")+" ("+strings.Join(e.ErrorKind.KeywordPath(), " ")+")")
	}
	if len(problems) > most {
		texts = append(texts, "…")
	}
	return strings.Join(texts, ", ")
}

// maxProblems bounds what is told of one body.
const maxProblems = 1000

// problemTexts are the problems in words.
func problemTexts(problems []*jsonschema.ValidationError) []string {
	problems = problems[:min(len(problems), maxProblems)]
	out := make([]string, len(problems))
	for i, e := range problems {
		out[i] = problem(e)
	}
	return out
}

func problem(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *problems.Required:
		return "object has missing required properties (" + quoted(slices.Sorted(slices.Values(k.Missing))) + ")"
	case *problems.Type:
		return "instance type (" + k.Got + ") does not match any allowed primitive type (allowed: " + quoted(k.Want) + ")"
	case *problems.Enum:
		return "instance value (" + asJSON(k.Got) + ") not found in enum (possible values: " + asJSON(k.Want) + ")"
	case *problems.AdditionalProperties:
		return "object instance has properties which are not allowed by the schema: " + quoted(slices.Sorted(slices.Values(k.Properties)))
	case *problems.MinLength:
		return fmt.Sprintf("string is too short (length: %d, required minimum: %d)", k.Got, k.Want)
	case *problems.MaxLength:
		return fmt.Sprintf("string is too long (length: %d, maximum allowed: %d)", k.Got, k.Want)
	case *problems.MinItems:
		return fmt.Sprintf("array is too short: must have at least %d elements but instance has %d elements", k.Want, k.Got)
	case *problems.MaxItems:
		return fmt.Sprintf("array is too long: must have at most %d elements but instance has %d elements", k.Want, k.Got)
	case *problems.Pattern:
		return fmt.Sprintf("ECMA 262 regex %s does not match input string %s", asJSON(k.Want), asJSON(k.Got))
	}
	return e.ErrorKind.LocalizedString(printer.NewPrinter(language.English))
}

func quoted(names []string) string { return asJSON(names) }

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// validate holds the request against what the method asks for. False means that it
// was answered.
func (x *restExchange) validate() bool {
	validator := x.api.validators[aws.ToString(x.method.RequestValidatorId)]
	if validator == nil {
		return true
	}
	if validator.ValidateRequestParameters {
		if missing := x.missingParameters(); len(missing) > 0 {
			text := "Missing required request parameters: [" + strings.Join(missing, ", ") + "]"
			x.refuse(refusal{kind: badRequestParameters, message: text, reason: "missing-parameters", detail: "the request lacks what its method requires: " + strings.Join(missing, ", ")})
			return false
		}
	}
	if !validator.ValidateRequestBody {
		return true
	}
	kind := mediaType(x.header("Content-Type"))
	if kind == "" {
		kind = jsonType
	}
	name, ok := x.method.RequestModels[kind]
	if !ok {
		name, ok = x.method.RequestModels["$default"]
	}
	if !ok { // no model is for this type (public reports: such a body passes)
		return true
	}
	ctx, cancel := x.within(workTime)
	defer cancel()
	found, where := x.api.models.check(ctx, name, x.body)
	if x.r.Context().Err() != nil {
		x.answerFault(goneFault)
		return false
	}
	if len(found) > 0 {
		x.validationError = "[" + strings.Join(found, ", ") + "]"
		x.refuse(refusal{
			kind: badRequestBody, message: "Invalid request body", reason: "invalid-body", detail: "the body does not match the model " + name + ": " + clip(where),
			logged: "Request body does not match model schema for content type " + kind + ": " + x.validationError,
		})
		return false
	}
	return true
}

// missingParameters names the required parameters that a request lacks, in
// alphabetical order (public reports: "[divisor, dividend]" says that AWS's is
// another one; none was found to be documented).
func (x *restExchange) missingParameters() []string {
	var missing []string
	for _, key := range slices.Sorted(maps.Keys(x.method.RequestParameters)) {
		if !x.method.RequestParameters[key] {
			continue
		}
		where, name, _ := strings.Cut(strings.TrimPrefix(key, "method.request."), ".")
		if _, ok := x.parameter(where, name); !ok {
			missing = append(missing, name)
		}
	}
	return missing
}
