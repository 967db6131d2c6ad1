package apigateway

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) modelOperations() []awsproto.Operation {
	const (
		models = apiPath + "/models"
		model  = models + "/{ModelName}"
	)
	return []awsproto.Operation{
		awsproto.REST("CreateModel", "POST "+models, 201, s.createModel),
		awsproto.REST("DeleteModel", "DELETE "+model, 202, s.deleteModel),
		awsproto.REST("GetModel", "GET "+model, 200, s.getModel).Lacking("flatten is refused"),
		awsproto.REST("GetModels", "GET "+models, 200, s.getModels),
		awsproto.REST("UpdateModel", "PATCH "+model, 200, s.updateModel),
	}
}

func noSuchModel(name *string) error {
	return notFound("Invalid model name specified: %s", aws.ToString(name))
}

// model finds a model. Of an API that is not there AWS says the same as of a model
// (LocalStack, test_model_validation).
func (s *Service) model(call *awsproto.Call, apiID, name *string) (*api, *types.Model, error) {
	a, err := s.find(call, apiID)
	if err != nil {
		return nil, nil, noSuchModel(name)
	}
	m, ok := a.models[aws.ToString(name)]
	if !ok {
		return nil, nil, noSuchModel(name)
	}
	return a, m, nil
}

var modelName = regexp.MustCompile(`^[a-zA-Z0-9]+$`)

// checkModel checks what a model was made or changed to (LocalStack,
// test_model_validation; bench, pf-apigw-model-name-alphanumeric,
// pf-apigw-model-content-type). known says which models its schema may refer to.
func (a *api) checkModel(m *types.Model, known func(name string) bool) error {
	switch contentType := aws.ToString(m.ContentType); {
	case aws.ToString(m.Name) == "":
		return badRequest("Model name must be non-empty")
	case !modelName.MatchString(*m.Name):
		return badRequest("Model name must be alphanumeric: %s", *m.Name)
	case aws.ToString(m.Schema) == "":
		return badRequest("Model schema must have at least 1 property or array items defined")
	case checkTemplates(map[string]string{contentType: ""}) != nil || contentType == "$default":
		return badRequest("Validation Result: warnings : [], errors : [Invalid content type specified: %s]", contentType)
	case contentType != "application/json":
		return nil // only JSON's are schemas
	}
	return a.checkSchema(*m.Schema, known)
}

// keywords are those that a schema may have: JSON Schema's draft 4 (Developer
// Guide, "Data models for REST APIs"). AWS refuses others: "example" and
// "discriminator" of OpenAPI (aws-api-gateway-developer-portal#571,
// aws-apigateway-importer#200).
var keywords = []string{
	"$ref", "$schema", "additionalItems", "additionalProperties", "allOf", "anyOf", "default", "definitions", "dependencies", "description", "enum",
	"exclusiveMaximum", "exclusiveMinimum", "format", "id", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
	"minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "patternProperties", "properties", "required", "title", "type", "uniqueItems",
}

var schemaTypes = []string{"array", "boolean", "integer", "null", "number", "object", "string"}

// schemaCheck is what is found in a schema.
type schemaCheck struct {
	known       func(ref string) bool
	invalid     bool
	unsupported map[string]bool
	stray       bool // a reference that is not in canonical form
}

// checkSchema checks a schema. The errors are aws-apigateway-importer#75, #210 and
// serverless-todo-api-example-complete#3; which one a reference to a model that is
// not there has is not recorded.
func (a *api) checkSchema(text string, known func(name string) bool) error {
	prefix := modelURL(*a.Id, "")
	c := &schemaCheck{unsupported: map[string]bool{}, known: func(ref string) bool {
		name, ok := strings.CutPrefix(ref, prefix)
		if !ok && !strings.HasPrefix(ref, "#") {
			return false
		}
		return !ok || known(name)
	}}
	var schema any
	if err := json.Unmarshal([]byte(text), &schema); err != nil {
		c.invalid = true
	} else if _, ok := schema.(map[string]any); !ok {
		c.invalid = true
	} else {
		c.schema(schema)
	}
	var wrong []string
	switch {
	case len(c.unsupported) > 0:
		names, err := json.Marshal(slices.Sorted(maps.Keys(c.unsupported)))
		if err != nil {
			return err
		}
		wrong = append(wrong, "Invalid model schema specified. Unsupported keyword(s): "+string(names))
	case c.invalid:
		wrong = append(wrong, "Invalid model schema specified")
	}
	if c.stray {
		wrong = append(wrong, "Model reference must be in canonical form")
	}
	if wrong == nil {
		return nil
	}
	return badRequest("Invalid model specified: Validation Result: warnings : [], errors : [%s]", strings.Join(wrong, ", "))
}

// modelURL is how a schema refers to a model of an API (Developer Guide, "Data
// models for REST APIs").
func modelURL(apiID, name string) string {
	return "https://apigateway.amazonaws.com/restapis/" + apiID + "/models/" + name
}

func (c *schemaCheck) schema(value any) {
	schema, ok := value.(map[string]any)
	if !ok {
		return
	}
	for key, value := range schema {
		switch key {
		case "$ref":
			ref, ok := value.(string)
			c.invalid = c.invalid || !ok
			c.stray = c.stray || (ok && !c.known(ref))
		case "type":
			c.checkType(value)
		case "properties", "patternProperties", "definitions", "dependencies":
			parts, ok := value.(map[string]any)
			c.invalid = c.invalid || !ok
			for _, part := range parts {
				c.schema(part)
			}
		case "items", "additionalItems", "additionalProperties", "not", "allOf", "anyOf", "oneOf":
			if list, ok := value.([]any); ok {
				for _, part := range list {
					c.schema(part)
				}
			}
			c.schema(value)
		default:
			if !slices.Contains(keywords, key) {
				c.unsupported[key] = true
			}
		}
	}
}

func (c *schemaCheck) checkType(value any) {
	all, ok := value.([]any)
	if !ok {
		all = []any{value}
	}
	for _, one := range all {
		name, ok := one.(string)
		c.invalid = c.invalid || !ok || !slices.Contains(schemaTypes, name)
	}
}

func (s *Service) createModel(ctx context.Context, in *apigateway.CreateModelInput) (*apigateway.CreateModelOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	m := types.Model{Name: in.Name, ContentType: in.ContentType, Description: in.Description, Schema: in.Schema}
	if err := a.checkModel(&m, awsproto.KeyOf(a.models)); err != nil {
		return nil, err
	}
	if _, exists := a.models[*m.Name]; exists {
		return nil, conflict("Model name already exists for this REST API")
	}
	m.Id = a.newPartID(call)
	a.models[*m.Name] = &m
	s.put(a)
	return awsproto.As[apigateway.CreateModelOutput](m), nil
}

func (s *Service) getModel(ctx context.Context, in *apigateway.GetModelInput) (*apigateway.GetModelOutput, error) {
	call := awsproto.CallFrom(ctx)
	_, m, err := s.model(call, in.RestApiId, in.ModelName)
	if err != nil {
		return nil, err
	}
	if in.Flatten {
		return nil, awsproto.UnsupportedWith(call, "flatten")
	}
	return awsproto.As[apigateway.GetModelOutput](m), nil
}

func (s *Service) getModels(ctx context.Context, in *apigateway.GetModelsInput) (*apigateway.GetModelsOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.Position, in.Limit, values(sorted(a.models)))
	if err != nil {
		return nil, err
	}
	return &apigateway.GetModelsOutput{Items: items, Position: next}, nil
}

var modelPatches = patches[types.Model]{listing: true, paths: []patchPath[types.Model]{
	{path: "/description", replace: setText(func(m *types.Model) **string { return &m.Description })},
	{path: "/schema", replace: setText(func(m *types.Model) **string { return &m.Schema })},
}}

func (s *Service) updateModel(ctx context.Context, in *apigateway.UpdateModelInput) (*apigateway.UpdateModelOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	found, m, err := s.model(call, in.RestApiId, in.ModelName)
	if err != nil {
		return nil, err
	}
	a, changed := found.edit(), *m
	if err := modelPatches.apply(&changed, in.PatchOperations); err != nil {
		return nil, err
	}
	if err := a.checkModel(&changed, awsproto.KeyOf(a.models)); err != nil {
		return nil, err
	}
	a.models[*changed.Name] = &changed
	s.put(a)
	return awsproto.As[apigateway.UpdateModelOutput](changed), nil
}

func (s *Service) deleteModel(ctx context.Context, in *apigateway.DeleteModelInput) (*apigateway.DeleteModelOutput, error) {
	found, m, err := s.model(awsproto.CallFrom(ctx), in.RestApiId, in.ModelName)
	if err != nil {
		return nil, err
	}
	if user := found.modelUser(*m.Name); user != "" {
		return nil, conflict("Cannot delete model '%s', is referenced in %s", *m.Name, user)
	}
	a := found.edit()
	delete(a.models, *m.Name)
	s.put(a)
	return &apigateway.DeleteModelOutput{}, nil
}

// modelUser says where a model is used, "" if nowhere. Of two methods AWS named
// /test/ANY before //ANY (LocalStack, test_put_method_model). For responses see
// aws-apigateway-importer#113; how models that refer to it are told of is not
// recorded.
func (a *api) modelUser(name string) string {
	all := a.allResources()
	for _, r := range slices.Backward(all) {
		for _, verb := range slices.Sorted(maps.Keys(r.ResourceMethods)) {
			m := r.ResourceMethods[verb]
			if uses(m.RequestModels, name) {
				return "method request: " + *r.Path + "/" + verb
			}
			for _, response := range m.MethodResponses {
				if uses(response.ResponseModels, name) {
					return "method response: " + *r.Path + "/" + verb
				}
			}
		}
	}
	quoted := `"` + modelURL(*a.Id, name) + `"`
	for _, m := range sorted(a.models) {
		if *m.Name != name && strings.Contains(aws.ToString(m.Schema), quoted) {
			return "model: " + *m.Name
		}
	}
	return ""
}

func uses(models map[string]string, name string) bool {
	for _, model := range models {
		if model == name {
			return true
		}
	}
	return false
}
