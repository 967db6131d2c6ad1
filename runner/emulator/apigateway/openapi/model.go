package openapi

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// readModels reads the models: schemas with a name.
func (r *reader) readModels() error {
	definitions := r.root.get("definitions")
	if r.three {
		definitions = r.root.get("components").get("schemas")
	}
	r.models, r.inline = map[string]bool{}, map[string]bool{}
	for _, m := range definitions.all() {
		r.models[m.key] = true
	}
	done := map[string]bool{}
	for _, m := range definitions.all() {
		if done[m.key] {
			continue
		}
		done[m.key] = true
		if err := r.addModel(m.key, definitions.get(m.key)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) addModel(name string, schema *node) error {
	text := string(r.schema(schema).appendJSON(nil, 0))
	if err := r.spend(64 + len(text)); err != nil {
		return err
	}
	r.out.Models = append(r.out.Models, types.Model{Name: &name, ContentType: aws.String("application/json"), Description: schema.get("description").str(), Schema: &text})
	return nil
}

// modelOf gives the name of a schema's model, "" where there is none. A schema that
// has no name gets a model of its own, whose name is MODEL and six hexadecimal
// digits (aws/aws-sdk#468: MODELd2a00d).
func (r *reader) modelOf(schema *node, place string) (string, error) {
	if ref := schema.get("$ref"); ref != nil {
		name, ok := r.modelRef(ref.plain())
		if !ok || !r.models[name] {
			// aws-api-gateway-developer-portal#571
			r.warn("Reference to model '%s' not found. Ignoring.", name)
			return "", nil
		}
		return name, nil
	}
	if class := r.primitive(schema); class != "" {
		r.warn("Unsupported model type '%s' in %s. Ignoring.", class, place)
		return "", nil
	}
	name := r.drawName()
	return name, r.addModel(name, schema)
}

func (r *reader) drawName() string {
	for n := 0; ; n++ {
		digits := n
		if r.options.Rand != nil {
			digits = r.options.Rand.IntN(1 << 24)
		}
		name := fmt.Sprintf("MODEL%06x", digits)
		if !r.models[name] && !r.inline[name] && (r.options.Taken == nil || !r.options.Taken(name)) {
			r.inline[name] = true
			return name
		}
	}
}

// primitive gives the class that swagger-parser has for a schema of OpenAPI 3.0
// that is neither an object nor a list: AWS makes no model of it where it has no
// name (recorded for StringSchema).
func (r *reader) primitive(schema *node) string {
	if !r.three {
		return ""
	}
	class := map[string]string{"string": "StringSchema", "integer": "IntegerSchema", "number": "NumberSchema", "boolean": "BooleanSchema"}[schema.get("type").plain()]
	if class != "StringSchema" {
		return class
	}
	byFormat := map[string]string{
		"date": "DateSchema", "date-time": "DateTimeSchema", "uuid": "UUIDSchema", "email": "EmailSchema", "byte": "ByteArraySchema", "binary": "BinarySchema", "password": "PasswordSchema",
	}
	if c, ok := byFormat[schema.get("format").plain()]; ok {
		return c
	}
	return class
}

func (r *reader) modelRef(ref string) (name string, local bool) {
	prefix := "#/definitions/"
	if r.three {
		prefix = "#/components/schemas/"
	}
	if name, ok := strings.CutPrefix(ref, prefix); ok {
		return unescape(name), true
	}
	if i := strings.LastIndex(ref, "/"); i >= 0 {
		return ref[i+1:], false
	}
	return ref, false
}

// keywords are a schema's in the order in which AWS writes them: that of the class
// Schema of swagger-parser (LocalStack, test_import_with_circular_models). Others
// follow as they were written.
var keywords = []string{
	"default", "title", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems",
	"maxProperties", "minProperties", "required", "type", "not", "properties", "additionalProperties", "description", "format", "$ref",
}

// schema gives a schema as it is stored: references lead to models of the API.
func (r *reader) schema(n *node) *node {
	if !n.isObject() {
		return n
	}
	out := &node{kind: object, members: slices.Clone(n.members)}
	rank := func(m member) int {
		if at := slices.Index(keywords, m.key); at >= 0 {
			return at
		}
		return len(keywords)
	}
	slices.SortStableFunc(out.members, func(x, y member) int { return rank(x) - rank(y) })
	for i, m := range out.members {
		switch m.key {
		case "$ref":
			if name, ok := r.modelRef(m.value.plain()); ok {
				out.members[i].value = &node{kind: text, text: r.options.ModelURL(name)}
			}
		case "properties", "patternProperties", "definitions", "dependencies":
			out.members[i].value = r.schemas(m.value)
		case "items", "additionalProperties", "additionalItems", "not":
			out.members[i].value = r.schemaOrList(m.value)
		case "allOf", "anyOf", "oneOf":
			out.members[i].value = r.schemaOrList(m.value)
		}
	}
	return out
}

func (r *reader) schemas(n *node) *node {
	if !n.isObject() {
		return n
	}
	out := &node{kind: object, members: slices.Clone(n.members)}
	for i := range out.members {
		out.members[i].value = r.schema(out.members[i].value)
	}
	return out
}

func (r *reader) schemaOrList(n *node) *node {
	if n == nil || n.kind != list {
		return r.schema(n)
	}
	out := &node{kind: list, items: slices.Clone(n.items)}
	for i := range out.items {
		out.items[i] = r.schema(out.items[i])
	}
	return out
}
