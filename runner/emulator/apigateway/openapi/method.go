package openapi

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// verbs are the methods that a path has in a document. OpenAPI's trace is none of
// API Gateway's.
var verbs = []struct{ key, method string }{
	{"get", "GET"},
	{"put", "PUT"},
	{"post", "POST"},
	{"delete", "DELETE"},
	{"options", "OPTIONS"},
	{"head", "HEAD"},
	{"patch", "PATCH"},
	{extension + "any-method", "ANY"},
}

// operation is a method while it is read.
type operation struct {
	path   string // as the document has it
	verb   string
	node   *node
	shared []*node // the path's parameters
	parts  []string
	method *types.Method
}

// methods reads the methods of a path.
func (r *reader) methods(at int, path string, item *node) error {
	item = r.resolve(item)
	for _, verb := range verbs {
		n := item.get(verb.key)
		if !n.isObject() {
			continue
		}
		op := &operation{
			path: path, verb: verb.method, node: n, shared: item.get("parameters").elements(), parts: segments(*r.out.Resources[at].Path),
			method: &types.Method{HttpMethod: aws.String(verb.method), ApiKeyRequired: aws.Bool(false), AuthorizationType: aws.String("NONE"), OperationName: n.get("operationId").str()},
		}
		for _, part := range []func(*operation) error{r.parameters, r.requestBody, r.methodResponses, r.integration} {
			if err := part(op); err != nil {
				return err
			}
		}
		r.secure(op)
		r.validator(op)
		if r.out.Resources[at].ResourceMethods == nil {
			r.out.Resources[at].ResourceMethods = map[string]types.Method{}
		}
		r.out.Resources[at].ResourceMethods[verb.method] = *op.method
	}
	return nil
}

// parameters reads what a request has in its path, query and headers. Variables of
// the path are there and required without being said (LocalStack,
// test_import_with_global_api_key_authorizer). Cookies and forms are not API
// Gateway's and are left out; no record of a warning was found.
func (r *reader) parameters(op *operation) error {
	required := map[string]bool{}
	for _, part := range op.parts {
		if name, ok := strings.CutPrefix(part, "{"); ok && strings.HasSuffix(name, "}") {
			required["method.request.path."+strings.TrimSuffix(strings.TrimSuffix(name, "}"), "+")] = true
		}
	}
	for _, n := range slices.Concat(op.shared, op.node.get("parameters").elements()) {
		n = r.resolve(n)
		place := map[string]string{"query": "querystring", "header": "header", "path": "path"}[n.get("in").plain()]
		name := n.get("name").plain()
		if place == "" || name == "" {
			continue
		}
		if err := r.spend(64 + len(name)); err != nil {
			return err
		}
		required["method.request."+place+"."+name] = n.get("required").isTrue() || place == "path"
	}
	if len(required) > 0 {
		op.method.RequestParameters = required
	}
	return nil
}

// requestBody reads the models of a request: by content type.
func (r *reader) requestBody(op *operation) error {
	if r.three {
		body := r.resolve(op.node.get("requestBody"))
		for _, content := range body.get("content").all() {
			if err := r.requestModel(op, content.key, content.value.get("schema")); err != nil {
				return err
			}
		}
		return nil
	}
	for _, n := range slices.Concat(op.shared, op.node.get("parameters").elements()) {
		if n = r.resolve(n); n.get("in").plain() != "body" {
			continue
		}
		for _, contentType := range r.contentTypes(op.node, "consumes") {
			if err := r.requestModel(op, contentType, n.get("schema")); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *reader) requestModel(op *operation, contentType string, schema *node) error {
	if schema == nil {
		return nil
	}
	name, err := r.modelOf(schema, "request of method '"+op.verb+" "+op.path+"'")
	if err != nil {
		return err
	}
	if err := r.spend(64 + len(contentType)); err != nil {
		return err
	}
	switch {
	case name != "":
		if op.method.RequestModels == nil {
			op.method.RequestModels = map[string]string{}
		}
		op.method.RequestModels[contentType] = name
	case r.three && schema.get("$ref") != nil:
		r.warn("Invalid format for model %s for method %s", contentType, op.verb)
	case schema.get("$ref") != nil:
		// The method cannot be put then: AWS says of which model, "null".
		op.method.RequestModels = map[string]string{contentType: "null"}
	}
	return nil
}

// contentTypes gives what an operation of OpenAPI 2.0 takes or gives.
func (r *reader) contentTypes(op *node, key string) []string {
	for _, n := range []*node{op.get(key), r.root.get(key)} {
		if all := n.strings(); len(all) > 0 {
			return all
		}
	}
	return []string{"application/json"}
}

// methodResponses reads what a method answers. Only status codes count: OpenAPI's
// "default" and "4XX" are none.
func (r *reader) methodResponses(op *operation) error {
	for _, m := range op.node.get("responses").all() {
		if !isStatus(m.key) {
			continue
		}
		n := r.resolve(m.value)
		response := types.MethodResponse{StatusCode: aws.String(m.key)}
		for _, header := range n.get("headers").all() {
			if err := r.spend(64 + len(header.key)); err != nil {
				return err
			}
			if response.ResponseParameters == nil {
				response.ResponseParameters = map[string]bool{}
			}
			response.ResponseParameters["method.response.header."+header.key] = false
		}
		if err := r.responseModels(op, &response, n); err != nil {
			return err
		}
		if op.method.MethodResponses == nil {
			op.method.MethodResponses = map[string]types.MethodResponse{}
		}
		op.method.MethodResponses[m.key] = response
	}
	return nil
}

func isStatus(s string) bool {
	return len(s) == 3 && s[0] >= '1' && s[0] <= '5' && strings.Trim(s, "0123456789") == ""
}

func (r *reader) responseModels(op *operation, response *types.MethodResponse, n *node) error {
	schemas := map[string]*node{}
	var order []string
	if r.three {
		for _, content := range n.get("content").all() {
			schemas[content.key] = content.value.get("schema")
			order = append(order, content.key)
		}
	} else if schema := n.get("schema"); schema != nil {
		order = r.contentTypes(op.node, "produces")
		for _, contentType := range order {
			schemas[contentType] = schema
		}
	}
	for _, contentType := range order {
		if schemas[contentType] == nil {
			continue
		}
		name, err := r.modelOf(schemas[contentType], *response.StatusCode+" response to method '"+op.verb+" "+op.path+"'")
		if err != nil {
			return err
		}
		if err := r.spend(64 + len(contentType)); err != nil {
			return err
		}
		if name != "" {
			if response.ResponseModels == nil {
				response.ResponseModels = map[string]string{}
			}
			response.ResponseModels[contentType] = name
		}
	}
	return nil
}

// validator reads which request validator a method has: its own or the document's.
func (r *reader) validator(op *operation) {
	op.method.RequestValidatorId = op.node.get(extension + "request-validator").str()
	if op.method.RequestValidatorId == nil {
		op.method.RequestValidatorId = r.root.get(extension + "request-validator").str()
	}
}
