package awsmodel_test

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awslab/runner/awsmodel"
	"awslab/runner/awsmodel/awsmodeltest"
)

// Every member of every operation, as deep as it goes, is called by the names
// that the AWS CLI's own models give it.
func TestNamesAreBotocores(t *testing.T) {
	t.Parallel()
	for _, s := range awsmodel.Services() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			model := awsmodeltest.Botocore(t, s.Name, s.Version)
			w := &nameWalk{t: t, service: s, model: model, seen: map[string]bool{}}
			for _, op := range s.Operations() {
				boto, ok := model.Operations[op.Name]
				if !ok {
					t.Logf("%s is newer than the model", op.Name)
					continue
				}
				w.struc(op.Input, boto.Input)
				w.struc(op.Output, boto.Output)
			}
			for name := range model.Operations {
				if _, ok := s.Operation(name); !ok {
					t.Errorf("the SDK has no %s", name)
				}
			}
			t.Logf("%d members of %d structures compared", w.members, len(w.seen))
			if w.members < 20 {
				t.Errorf("only %d members compared", w.members)
			}
		})
	}
}

type nameWalk struct {
	t       *testing.T
	service *awsmodel.Service
	model   *awsmodeltest.Model
	seen    map[string]bool
	members int
}

func (w *nameWalk) struc(goType reflect.Type, ref *awsmodeltest.Ref) {
	if ref == nil || w.seen[goType.String()+ref.Shape] {
		return
	}
	w.seen[goType.String()+ref.Shape] = true
	shape := w.model.Shapes[ref.Shape]
	matched := map[string]bool{}
	for i := range goType.NumField() {
		field := goType.Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" {
			continue
		}
		cli := w.service.CLIName(goType, field)
		member, ok := shape.Members[cli]
		if !ok {
			if w.hasFold(shape, field.Name) {
				w.t.Errorf("%s.%s: CLI name %q is none of %v", goType, field.Name, cli, slices.Sorted(maps.Keys(shape.Members)))
			} else {
				w.t.Logf("%s.%s is newer than the model, or ours", goType, field.Name)
			}
			continue
		}
		matched[cli] = true
		w.members++
		wire := member.LocationName
		if wire == "" {
			wire = cli
		}
		if got := w.service.WireName(goType, field); member.Location == "" && shape.Payload != cli && got != wire {
			w.t.Errorf("%s.%s: wire name %q, not %q", goType, field.Name, got, wire)
		}
		w.value(field.Type, &member)
	}
	for name, member := range shape.Members {
		if goType.Name() == "GetSdkTypesOutput" && name == "position" {
			continue // the SDK has dropped it
		}
		if !matched[name] && !w.model.Shapes[member.Shape].Eventstream {
			w.t.Errorf("%s lacks %s", goType, name)
		}
	}
}

func (w *nameWalk) value(goType reflect.Type, ref *awsmodeltest.Ref) {
	for goType.Kind() == reflect.Pointer {
		goType = goType.Elem()
	}
	shape := w.model.Shapes[ref.Shape]
	switch {
	case goType.Kind() == reflect.Struct && shape.Type == "structure":
		w.struc(goType, ref)
	case goType.Kind() == reflect.Slice && shape.Type == "list":
		w.value(goType.Elem(), shape.Member)
	case goType.Kind() == reflect.Map && shape.Type == "map":
		w.value(goType.Elem(), shape.Value)
	case goType.Kind() == reflect.Interface && shape.Type == "structure":
		w.union(goType, shape)
	}
}

func (w *nameWalk) union(goType reflect.Type, shape *awsmodeltest.Shape) {
	types := awsmodel.Union(goType)
	if len(types) < len(shape.Members) && !shape.Eventstream {
		w.t.Errorf("%s has %d members, and the table of unions %d", goType, len(shape.Members), len(types))
	}
	for _, t := range types {
		_, name, _ := strings.Cut(t.Name(), "Member")
		cli := w.service.CLIName(t, reflect.StructField{Name: name})
		member, ok := shape.Members[cli]
		if !ok {
			w.t.Errorf("%s: CLI name %q is none of %v", t, cli, slices.Sorted(maps.Keys(shape.Members)))
			continue
		}
		value, _ := t.FieldByName("Value")
		w.value(value.Type, &member)
	}
}

func (w *nameWalk) hasFold(shape *awsmodeltest.Shape, name string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(shape.Members)), func(k string) bool { return strings.EqualFold(k, name) })
}

// Method, path and every bound member of every REST operation are as the model
// has them.
func TestBindingsAreBotocores(t *testing.T) {
	t.Parallel()
	for _, s := range awsmodel.Services() {
		if s.Protocol != awsmodel.RESTJSON {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			model := awsmodeltest.Botocore(t, s.Name, s.Version)
			compared := 0
			for _, op := range s.Operations() {
				boto, ok := model.Operations[op.Name]
				if !ok {
					continue
				}
				compared++
				want := botocoreBinding(s, op, model, boto)
				got, _ := op.HTTP()
				if got.Method != want.Method || strings.TrimSuffix(got.URI, "/") != strings.TrimSuffix(want.URI, "/") {
					t.Errorf("%s is %s %s, not %s %s", op.Name, got.Method, got.URI, want.Method, want.URI)
				}
				for _, b := range want.Members {
					if !slices.Contains(got.Members, b) {
						t.Errorf("%s: no %+v in %+v", op.Name, b, got.Members)
					}
				}
			}
			if compared < 60 {
				t.Errorf("only %d operations compared", compared)
			}
		})
	}
}

var label = regexp.MustCompile(`\{[\w-]+\}`)

func botocoreBinding(s *awsmodel.Service, op *awsmodel.Operation, model *awsmodeltest.Model, boto awsmodeltest.Operation) awsmodel.HTTPBinding {
	goName := map[string]string{}
	for i := range op.Input.NumField() {
		field := op.Input.Field(i)
		goName[s.CLIName(op.Input, field)] = field.Name
	}
	want := awsmodel.HTTPBinding{Method: boto.HTTP.Method, URI: boto.HTTP.RequestURI}
	if boto.Input == nil {
		return want
	}
	shape := model.Shapes[boto.Input.Shape]
	labels := map[string]string{}
	for name, m := range shape.Members {
		b := awsmodel.Binding{Field: goName[name], Name: m.LocationName}
		switch {
		case m.Location == "uri":
			labels["{"+m.LocationName+"}"] = "{" + b.Field + "}"
			b.Place, b.Name = awsmodel.InPath, b.Field
		case m.Location == "querystring" && m.LocationName == "":
			b.Place = awsmodel.InQueryMap
		case m.Location == "querystring":
			b.Place = awsmodel.InQuery
		case m.Location == "header":
			b.Place = awsmodel.InHeader
		case shape.Payload == name:
			b.Place, b.Name = awsmodel.IsPayload, ""
		default:
			continue
		}
		if op.Name == "GetExport" && b.Field == "Accepts" {
			continue // the SDK says Accept: application/json whatever is asked
		}
		want.Members = append(want.Members, b)
	}
	want.URI = label.ReplaceAllStringFunc(want.URI, func(l string) string { return labels[l] })
	return want
}
