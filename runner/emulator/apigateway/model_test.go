package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func op(kind types.Op, path, value string) []types.PatchOperation {
	return []types.PatchOperation{{Op: kind, Path: &path, Value: &value}}
}

func (w world) newModel(api *string, name, schema string) error {
	w.Helper()
	_, err := w.CreateModel(w.Context(), &sdk.CreateModelInput{RestApiId: api, Name: &name, ContentType: aws.String("application/json"), Schema: &schema})
	return err
}

// TestModels has LocalStack's test_model_lifecycle and test_update_model.
func TestModels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, _ := w.api()
	built, err := w.GetModels(t.Context(), &sdk.GetModelsInput{RestApiId: api})
	if err != nil {
		t.Fatal(err)
	}
	if len(built.Items) != 2 || *built.Items[0].Name != "Empty" || *built.Items[0].Description != "This is a default empty schema model" || *built.Items[1].Name != "Error" || *built.Items[1].ContentType != "application/json" {
		t.Errorf("built in: %+v", built.Items)
	}
	made, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{RestApiId: api, Name: aws.String("Calc"), Description: aws.String("d"), ContentType: aws.String("application/json"), Schema: aws.String(`{"title": "Calc", "type": "object"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if len(*made.Id) != 6 {
		t.Errorf("id %s", *made.Id)
	}
	changed, err := w.UpdateModel(t.Context(), &sdk.UpdateModelInput{RestApiId: api, ModelName: aws.String("Calc"), PatchOperations: []types.PatchOperation{
		{Op: types.OpReplace, Path: aws.String("/schema"), Value: aws.String(`{"type": "array"}`)}, {Op: types.OpReplace, Path: aws.String("/description"), Value: aws.String("e")},
	}})
	if err != nil || *changed.Schema != `{"type": "array"}` || *changed.Description != "e" || *changed.Id != *made.Id {
		t.Errorf("changed %+v, %v", changed, err)
	}
	got, err := w.GetModel(t.Context(), &sdk.GetModelInput{RestApiId: api, ModelName: aws.String("Calc")})
	if err != nil || *got.Schema != *changed.Schema {
		t.Errorf("got %+v, %v", got, err)
	}
	update := func(operations []types.PatchOperation) error {
		_, err := w.UpdateModel(t.Context(), &sdk.UpdateModelInput{RestApiId: api, ModelName: aws.String("Calc"), PatchOperations: operations})
		return err
	}
	wantError(t, update(op(types.OpAdd, "/wrong-path", "x")), "BadRequestException", "Invalid patch path  '/wrong-path' specified for op 'add'. Please choose supported operations")
	wantError(t, update(op(types.OpReplace, "/name", "x")), "BadRequestException", "Invalid patch path  '/name' specified for op 'replace'. Must be one of: [/description, /schema]")
	wantError(t, update(op(types.OpReplace, "/schema", "")), "BadRequestException", "Model schema must have at least 1 property or array items defined")
	if _, err := w.DeleteModel(t.Context(), &sdk.DeleteModelInput{RestApiId: api, ModelName: aws.String("Calc")}); err != nil {
		t.Error(err)
	}
	const gone = "Invalid model name specified: Calc"
	wantError(t, update(nil), "NotFoundException", gone)
	_, err = w.GetModel(t.Context(), &sdk.GetModelInput{RestApiId: aws.String("none"), ModelName: aws.String("Calc")})
	wantError(t, err, "NotFoundException", gone)
	_, err = w.DeleteModel(t.Context(), &sdk.DeleteModelInput{RestApiId: api, ModelName: aws.String("Calc")})
	wantError(t, err, "NotFoundException", gone)
	_, err = w.GetModels(t.Context(), &sdk.GetModelsInput{RestApiId: aws.String("none")})
	wantError(t, err, "NotFoundException", "Invalid API identifier specified 123456789012:none")
	_, err = w.GetModel(t.Context(), &sdk.GetModelInput{RestApiId: api, ModelName: aws.String("Empty"), Flatten: true})
	wantError(t, err, "NotImplementedException", "awslab does not emulate apigateway:GetModel with flatten")
	_, err = w.GetModelTemplate(t.Context(), &sdk.GetModelTemplateInput{RestApiId: api, ModelName: aws.String("Empty")})
	wantError(t, err, "NotImplementedException", "awslab does not emulate apigateway:GetModelTemplate")
}

func TestModelsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, _ := w.api()
	const wrong = "Invalid model specified: Validation Result: warnings : [], errors : ["
	own := "https://apigateway.amazonaws.com/restapis/" + *api + "/models/"
	for _, tt := range []struct{ name, contentType, schema, want string }{
		{"", "application/json", "{}", "Model name must be non-empty"},
		{"m-4", "application/json", "{}", "Model name must be alphanumeric: m-4"},
		{"m", "application/json", "", "Model schema must have at least 1 property or array items defined"},
		{"m", "application/xml", "", "Model schema must have at least 1 property or array items defined"},
		{"m", "notacontenttype", "{}", "Validation Result: warnings : [], errors : [Invalid content type specified: notacontenttype]"},
		{"m", "application/json", "{", wrong + "Invalid model schema specified]"},
		{"m", "application/json", "[]", wrong + "Invalid model schema specified]"},
		{"m", "application/json", `{"type": "file"}`, wrong + "Invalid model schema specified]"},
		{"m", "application/json", `{"properties": []}`, wrong + "Invalid model schema specified]"},
		{"m", "application/json", `{"properties": {"b": {"example": 1}, "a": {"items": [{"discriminator": "x"}]}}}`, wrong + `Invalid model schema specified. Unsupported keyword(s): ["discriminator","example"]]`},
		{"m", "application/json", `{"allOf": [{"$ref": "Pet"}]}`, wrong + "Model reference must be in canonical form]"},
		{"m", "application/json", `{"type": 1, "not": {"$ref": "https://x"}}`, wrong + "Invalid model schema specified, Model reference must be in canonical form]"},
		{"m", "application/json", `{"$ref": "` + own + `None"}`, wrong + "Model reference must be in canonical form]"},
		{"ok1", "application/json", `{"$ref": "` + own + `Empty", "definitions": {"a": {"$ref": "#/definitions/a"}}, "additionalProperties": false}`, ""},
		{"ok2", "application/json", `{"type": ["string", "null"], "properties": {"example": {"type": "string"}}, "required": ["example"], "dependencies": {"a": ["b"]}}`, ""},
		{"ok3", "application/xml", `<schema/>`, ""},
	} {
		_, err := w.CreateModel(t.Context(), &sdk.CreateModelInput{RestApiId: api, Name: &tt.name, ContentType: &tt.contentType, Schema: &tt.schema})
		if tt.want != "" {
			wantError(t, err, "BadRequestException", tt.want)
		} else if err != nil {
			t.Errorf("%s: %v", tt.schema, err)
		}
	}
	wantError(t, w.newModel(api, "Empty", "{}"), "ConflictException", "Model name already exists for this REST API")
	wantError(t, w.newModel(aws.String("none"), "m", "{}"), "NotFoundException", "Invalid API identifier specified 123456789012:none")
}

// TestModelsInUse has LocalStack's test_put_method_model.
func TestModelsInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, root := w.api()
	for _, name := range []string{"Asked", "Answered", "Part"} {
		if err := w.newModel(api, name, `{"type": "object"}`); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.newModel(api, "Whole", `{"$ref": "https://apigateway.amazonaws.com/restapis/`+*api+`/models/Part"}`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("ANY"), AuthorizationType: aws.String("NONE"), RequestModels: map[string]string{"application/json": "Asked"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.PutMethodResponse(t.Context(), &sdk.PutMethodResponseInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("ANY"), StatusCode: aws.String("200"), ResponseModels: map[string]string{"application/json": "Answered"}}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"Asked": "method request: //ANY", "Answered": "method response: //ANY", "Part": "model: Whole"} {
		_, err := w.DeleteModel(t.Context(), &sdk.DeleteModelInput{RestApiId: api, ModelName: &name})
		wantError(t, err, "ConflictException", "Cannot delete model '"+name+"', is referenced in "+want)
	}
	if _, err := w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("ANY")}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.DeleteModel(t.Context(), &sdk.DeleteModelInput{RestApiId: api, ModelName: aws.String("Asked")}); err != nil {
		t.Error(err)
	}
}
