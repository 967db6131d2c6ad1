package awscli

import (
	"encoding/json"
	"slices"

	"awslab/runner/awsmodel"

	"github.com/goccy/go-yaml"
)

// addInput adds what --cli-input-json or --cli-input-yaml holds and no option
// has set (awscli/customizations/cliinput.py).
func (r *run) addInput(params *awsmodel.Object, p parsed) error {
	inJSON, hasJSON := p.text("cli-input-json")
	inYAML, hasYAML := p.text("cli-input-yaml")
	name, text, read := "cli-input-json", inJSON, decodeJSON
	switch {
	case hasJSON && hasYAML:
		return badParameter("Only one --cli-input- parameter may be specified.")
	case hasYAML:
		name, text, read = "cli-input-yaml", inYAML, decodeYAML
	case !hasJSON:
		return nil
	}
	value, err := r.fromFile(argument{name: name}, text)
	if err != nil {
		return err
	}
	if data, ok := value.([]byte); ok {
		value = string(data)
	}
	loaded, err := read(value.(string))
	if err != nil {
		if hasYAML {
			return parameterError(name, "Invalid YAML received.")
		}
		return parameterError(name, "Invalid JSON received.")
	}
	o, ok := loaded.(*awsmodel.Object)
	if !ok {
		return parameterError("--"+name, "Invalid type: expecting map, received "+pyType(loaded))
	}
	for _, k := range o.Keys() {
		if _, set := params.Get(k); !set {
			params.Set(k, valueOf(o, k))
		}
	}
	return nil
}

// decodeYAML reads one YAML document into the same tree as decodeJSON.
func decodeYAML(text string) (any, error) {
	var v any
	if err := yaml.UnmarshalWithOptions([]byte(text), &v, yaml.UseOrderedMap()); err != nil {
		return nil, err
	}
	return fromYAML(v), nil
}

func fromYAML(v any) any {
	switch v := v.(type) {
	case yaml.MapSlice:
		o := &awsmodel.Object{}
		for _, item := range v {
			o.Set(pyStr(fromYAML(item.Key)), fromYAML(item.Value))
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = fromYAML(e)
		}
		return list
	case float64:
		return floatNumber(v)
	case int, int64, uint64:
		data, err := json.Marshal(v)
		if err != nil {
			return nil
		}
		return json.Number(data)
	}
	return v
}

// writeSkeleton prints an input to be filled in, or what an answer looks like
// (awscli/customizations/generatecliskeleton.py). The AWS CLI also has the
// documentation of each member in its YAML; we say only what is required.
func (r *run) writeSkeleton(c *command, kind string, params *awsmodel.Object) error {
	switch kind {
	case "output":
		if err := validate(params, c.input); err != nil {
			return err
		}
		return r.print(c.operation.Name, skeleton(c.output, "", true, nil))
	case "yaml-input":
		return r.writeYAMLSkeleton(c)
	}
	o := skeleton(c.input, "", false, nil)
	if input, ok := o.(*awsmodel.Object); ok && len(input.Keys()) == 0 {
		return r.write("{}\n")
	}
	return writeJSON(r.cfg.Stdout, o)
}

func (r *run) writeYAMLSkeleton(c *command) error {
	document := yaml.MapSlice{}
	comments := yaml.CommentMap{}
	for _, m := range c.input.members() {
		document = append(document, yaml.MapItem{Key: m.name, Value: toYAML(skeleton(m.shape, m.name, false, nil))})
		if m.required {
			comments["$."+m.name] = []*yaml.Comment{yaml.LineComment(" [REQUIRED]")}
		}
	}
	data, err := yaml.MarshalWithOptions(document, yaml.WithComment(comments), yaml.IndentSequence(false))
	if err != nil {
		return err
	}
	return r.write(string(data))
}

func toYAML(v any) any {
	switch v := v.(type) {
	case *awsmodel.Object:
		document := yaml.MapSlice{}
		for _, k := range v.Keys() {
			document = append(document, yaml.MapItem{Key: k, Value: toYAML(valueOf(v, k))})
		}
		return document
	case []any:
		list := make([]any, len(v))
		for i, e := range v {
			list[i] = toYAML(e)
		}
		return list
	case json.Number:
		if isFloat(v) {
			f, err := v.Float64()
			if err == nil {
				return f
			}
		}
		if n, err := v.Int64(); err == nil {
			return n
		}
	}
	return v
}

// skeleton is a value with every member in it (botocore's ArgumentGenerator).
// above are the structures that it stands in; named puts a text's name in its
// place, as answers have it.
func skeleton(s shape, name string, named bool, above []string) any {
	switch s.kind {
	case kindStructure:
		o := &awsmodel.Object{}
		above = append(slices.Clone(above), s.typ.Name())
		if count(above, s.typ.Name()) > 1 {
			return o
		}
		for _, m := range s.members() {
			o.Set(m.name, skeleton(m.shape, m.name, named, above))
		}
		return o
	case kindList:
		return []any{skeleton(s.element(), name, named, above)}
	case kindMap:
		o := &awsmodel.Object{}
		o.Set("KeyName", skeleton(s.element(), "", named, above))
		return o
	case kindInteger, kindLong:
		return json.Number("0")
	case kindFloat, kindDouble:
		return json.Number("0.0")
	case kindBoolean:
		return true
	case kindTimestamp:
		return "1970-01-01T00:00:00"
	case kindBlob:
		return nil
	case kindDocument:
		return &awsmodel.Object{}
	}
	if named {
		return name
	}
	if enum := enumValues(s.typ); len(enum) > 0 {
		return enum[0]
	}
	return ""
}

func count(list []string, word string) int {
	n := 0
	for _, w := range list {
		if w == word {
			n++
		}
	}
	return n
}
