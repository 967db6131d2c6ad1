package target

import (
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Resource is a thing in an account that the ledger can own.
type Resource struct {
	Kind string // "lambda:function", "iam:role", "logs:log-group", "apigateway:rest-api", "apigatewayv2:api"
	Name string // its name, or the id that AWS gave it
}

func (r Resource) String() string { return r.Kind + " " + r.Name }

// kind is how calls speak of one kind of resource.
type kind struct {
	name    string
	service string // last element of the SDK's package path
	// input members that carry the name or the ARN, the first that is set counts
	members []string
	create  string // the operation that makes one
	remove  string // the operation that deletes one
	// given is the member of create's output that holds an id chosen by AWS;
	// empty where the caller chooses the name.
	given string
}

var kinds = []kind{
	{name: "lambda:function", service: "lambda", members: []string{"FunctionName", "Resource"}, create: "CreateFunction", remove: "DeleteFunction"},
	{name: "iam:role", service: "iam", members: []string{"RoleName"}, create: "CreateRole", remove: "DeleteRole"},
	{name: "logs:log-group", service: "cloudwatchlogs", members: []string{"LogGroupName", "LogGroupIdentifier", "ResourceArn"}, create: "CreateLogGroup", remove: "DeleteLogGroup"},
	{name: "apigateway:rest-api", service: "apigateway", members: []string{"RestApiId", "ResourceArn"}, create: "CreateRestApi", remove: "DeleteRestApi", given: "Id"},
	{name: "apigatewayv2:api", service: "apigatewayv2", members: []string{"ApiId", "ResourceArn"}, create: "CreateApi", remove: "DeleteApi", given: "ApiId"},
}

// call is what the guard has to know of one SDK call.
type call struct {
	service   string // as in the SDK's package path
	operation string
	kind      kind // zero when the call is about a kind that the guard does not know
	resource  Resource
}

// callOf reads it from the type and the members of an SDK input.
func callOf(input any) call {
	v := reflect.Indirect(reflect.ValueOf(input))
	path := v.Type().PkgPath()
	c := call{
		service:   path[strings.LastIndexByte(path, '/')+1:],
		operation: strings.TrimSuffix(v.Type().Name(), "Input"),
	}
	for _, k := range kinds {
		if k.service != c.service {
			continue
		}
		if c.operation == k.create && k.given != "" {
			c.kind = k
			return c
		}
		for _, member := range k.members {
			if name := stringMember(v, member); name != "" {
				c.kind, c.resource = k, Resource{Kind: k.name, Name: nameIn(k.name, name)}
				return c
			}
		}
	}
	return c
}

// reads reports whether the call changes nothing that a person would have to
// clean up. Invoking a function counts as reading it: checks do it too.
func (c call) reads() bool {
	for _, prefix := range []string{"Get", "List", "Describe", "Filter", "Test", "Simulate", "Invoke", "Lookup", "Start", "Stop", "Decode"} {
		if strings.HasPrefix(c.operation, prefix) {
			return true
		}
	}
	return c.service == "sts"
}

func (c call) creates() bool { return c.kind.create == c.operation }
func (c call) removes() bool { return c.kind.remove == c.operation }

func stringMember(v reflect.Value, name string) string {
	f := v.FieldByName(name)
	if !f.IsValid() || f.Type() != reflect.TypeFor[*string]() {
		return ""
	}
	return aws.ToString(f.Interface().(*string))
}

// nameIn takes the bare name out of an ARN or a partial ARN.
func nameIn(kind, name string) string {
	switch kind {
	case "lambda:function": // NAME, NAME:QUALIFIER, ACCOUNT:function:NAME, arn:…:function:NAME:QUALIFIER
		if _, after, ok := strings.Cut(name, "function:"); ok {
			name = after
		}
		name, _, _ = strings.Cut(name, ":")
	case "logs:log-group": // NAME, arn:…:log-group:NAME:*
		if _, after, ok := strings.Cut(name, "log-group:"); ok {
			name = after
		}
		name, _, _ = strings.Cut(name, ":")
	case "apigateway:rest-api", "apigatewayv2:api": // ID, arn:aws:apigateway:R::/restapis/ID/stages/S
		for _, collection := range []string{"/restapis/", "/apis/"} {
			if _, after, ok := strings.Cut(name, collection); ok {
				name, _, _ = strings.Cut(after, "/")
			}
		}
	}
	return name
}

// tag marks a creation as ours, where its input can carry tags: a map or a list
// of key and value.
func tag(input any, key, value string) {
	f := reflect.Indirect(reflect.ValueOf(input)).FieldByName("Tags")
	if !f.IsValid() {
		return
	}
	switch f.Kind() {
	case reflect.Map:
		tags := reflect.MakeMap(f.Type()) // a copy: the caller's map stays as it is
		for _, k := range f.MapKeys() {
			tags.SetMapIndex(k, f.MapIndex(k))
		}
		tags.SetMapIndex(reflect.ValueOf(key), reflect.ValueOf(value))
		f.Set(tags)
	case reflect.Slice:
		one := reflect.New(f.Type().Elem()).Elem()
		one.FieldByName("Key").Set(reflect.ValueOf(aws.String(key)))
		one.FieldByName("Value").Set(reflect.ValueOf(aws.String(value)))
		f.Set(reflect.Append(f.Slice3(0, f.Len(), f.Len()), one))
	}
}

// givenName reads the id that AWS chose out of a creation's output.
func givenName(output any, member string) string {
	return stringMember(reflect.Indirect(reflect.ValueOf(output)), member)
}
