package openapi

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const extension = "x-amazon-apigateway-"

// reader reads one document.
type reader struct {
	root    *node
	options Options
	three   bool // OpenAPI 3.0; else 2.0
	left    int  // of maxOutput
	out     Definition

	models    map[string]bool   // the models that the document defines, by name
	inline    map[string]bool   // the names drawn for those that it does not name
	schemes   map[string]scheme // how a method can be secured, by name
	resources map[string]int    // places in out.Resources, by path
}

func (r *reader) warn(format string, args ...any) {
	r.out.Warnings = append(r.out.Warnings, fmt.Sprintf(format, args...))
}

// spend counts what is made of the document.
func (r *reader) spend(n int) error {
	if r.left -= n; r.left < 0 {
		return ErrInvalid
	}
	return nil
}

func (r *reader) read() (*Definition, error) {
	if !r.root.isObject() {
		return nil, ErrInvalid
	}
	switch version := r.root.get("openapi").plain(); {
	case version == "3.0" || strings.HasPrefix(version, "3.0."):
		r.three = true
	case strings.HasPrefix(r.root.get("swagger").plain(), "2"): // 2.0 is a number in YAML
	default:
		return nil, ErrInvalid
	}
	r.readAPI()
	r.unexpected()
	if err := r.readModels(); err != nil {
		return nil, err
	}
	r.readValidators()
	r.readSecurity()
	r.readGatewayResponses()
	if err := r.readPaths(); err != nil {
		return nil, err
	}
	return &r.out, nil
}

// readAPI reads what is said of the API itself. A version that is a number is
// taken (LocalStack, openapi.spec.tf.json).
func (r *reader) readAPI() {
	api, info := &r.out.API, r.root.get("info")
	api.Name, api.Description, api.Version = info.get("title").str(), info.get("description").str(), info.get("version").str()
	api.ApiKeySource = types.ApiKeySourceType(r.root.get(extension + "api-key-source").plain())
	if binary := r.root.get(extension + "binary-media-types"); binary != nil {
		api.BinaryMediaTypes = binary.strings()
	}
	if size := r.root.get(extension + "minimum-compression-size"); size.isScalar() {
		n, err := strconv.ParseInt(size.text, 10, 32)
		if err != nil {
			n = -1 // the service refuses it
		}
		api.MinimumCompressionSize = aws.Int32(int32(n))
	}
	if policy := r.root.get(extension + "policy"); policy.isObject() {
		api.Policy = aws.String(string(policy.appendJSON(nil, 0)))
	}
	for _, tag := range r.root.get("tags").elements() {
		if value := tag.get(extension + "tag-value").str(); value != nil && tag.get("name").isScalar() {
			if api.Tags == nil {
				api.Tags = map[string]string{}
			}
			api.Tags[tag.get("name").text] = *value
		}
	}
	r.readEndpoint()
}

// readEndpoint reads the endpoint's configuration: of the document or, in 3.0, of
// its first server.
func (r *reader) readEndpoint() {
	endpoint := r.root.get(extension + "endpoint-configuration")
	if servers := r.root.get("servers").elements(); r.three && len(servers) > 0 {
		if len(servers) > 1 { // recorded of an import of OpenAPI 3.0
			r.warn("More than one server provided. Ignoring all but the first for defining endpoint configuration")
		}
		if own := servers[0].get(extension + "endpoint-configuration"); own != nil {
			endpoint = own
		}
	}
	if disable := endpoint.get("disableExecuteApiEndpoint"); disable.isScalar() {
		r.out.DisableExecuteAPIEndpoint = aws.Bool(disable.isTrue())
	}
	if len(endpoint.get("types").strings()) == 0 && len(endpoint.get("vpcEndpointIds").strings()) == 0 {
		return
	}
	configuration := &types.EndpointConfiguration{VpcEndpointIds: endpoint.get("vpcEndpointIds").strings(), IpAddressType: types.IpAddressType(endpoint.get("ipAddressType").plain())}
	for _, name := range endpoint.get("types").strings() {
		configuration.Types = append(configuration.Types, types.EndpointType(strings.ToUpper(name)))
	}
	r.out.API.EndpointConfiguration = configuration
}

// unexpected warns of what OpenAPI 3.0 does not have at the document's top and in
// components. The words are those of the parser that AWS uses, swagger-parser
// (AWS's "Parse issue: " before them: moto, test_apigatewayv2_reimport; that a key of
// components warns: terraform-provider-aws, testAccRestAPIConfig_failOnWarnings).
func (r *reader) unexpected() {
	if !r.three {
		return
	}
	check := func(n *node, place string, known ...string) {
		for _, m := range n.all() {
			if !slices.Contains(known, m.key) && !strings.HasPrefix(m.key, "x-") {
				r.warn("Parse issue: attribute %s%s is unexpected", place, m.key)
			}
		}
	}
	check(r.root, "", "openapi", "info", "servers", "paths", "components", "security", "tags", "externalDocs")
	check(r.root.get("components"), "components.", "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks")
}

// readValidators reads request validators.
func (r *reader) readValidators() {
	for _, m := range r.root.get(extension + "request-validators").all() {
		r.out.RequestValidators = append(r.out.RequestValidators, types.RequestValidator{
			Name: aws.String(m.key), ValidateRequestBody: m.value.get("validateRequestBody").isTrue(), ValidateRequestParameters: m.value.get("validateRequestParameters").isTrue(),
		})
	}
}

// readPaths reads the resources with their methods.
func (r *reader) readPaths() error {
	r.resources = map[string]int{}
	base := r.basePath()
	if _, err := r.resource(nil); err != nil {
		return err
	}
	for _, m := range r.root.get("paths").all() {
		if strings.HasPrefix(m.key, "x-") {
			continue
		}
		if !strings.HasPrefix(m.key, "/") {
			// AWS's words, of HTTP APIs (serverless-application-model#2297).
			r.warn("Parse issue: attribute paths. Resource %s should start with /", m.key)
			continue
		}
		at, err := r.resource(append(slices.Clone(base), segments(m.key)...))
		if err != nil {
			return err
		}
		if err := r.methods(at, m.key, m.value); err != nil {
			return err
		}
	}
	return nil
}

// segments parts a path. Empty ones do not count.
func segments(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(s string) bool { return s == "" })
}

// resource gives the place of a path's resource, and makes it where it is not
// there, after those above it.
func (r *reader) resource(parts []string) (int, error) {
	path := "/" + strings.Join(parts, "/")
	if at, ok := r.resources[path]; ok {
		return at, nil
	}
	made := types.Resource{Path: &path}
	if n := len(parts); n > 0 {
		if _, err := r.resource(parts[:n-1]); err != nil {
			return 0, err
		}
		made.PathPart = &parts[n-1]
	}
	if len(parts) > maxDepth {
		return 0, ErrInvalid
	}
	if err := r.spend(64 + len(path)); err != nil {
		return 0, err
	}
	at := len(r.out.Resources)
	r.resources[path] = at
	r.out.Resources = append(r.out.Resources, made)
	return at, nil
}

var serverVariable = regexp.MustCompile(`\{([^{}]*)\}`)

// basePath gives the segments that stand before every path.
func (r *reader) basePath() []string {
	if r.options.BasePath != Prepend && r.options.BasePath != Split {
		return nil
	}
	path := r.root.get("basePath").plain()
	if r.three {
		path = ""
		if servers := r.root.get("servers").elements(); len(servers) > 0 {
			address := serverVariable.ReplaceAllStringFunc(servers[0].get("url").plain(), func(name string) string {
				return servers[0].get("variables").get(name[1 : len(name)-1]).get("default").plain()
			})
			if u, err := url.Parse(address); err == nil {
				path = u.Path
			}
		}
	}
	parts := segments(path)
	if r.options.BasePath == Split && len(parts) > 0 {
		parts = parts[1:]
	}
	return parts
}

// resolve follows references within the document: "#/parameters/Page". It gives
// nil where they lead nowhere.
func (r *reader) resolve(n *node) *node {
	for range 20 {
		ref := n.get("$ref")
		if ref == nil {
			return n
		}
		pointer, ok := strings.CutPrefix(ref.plain(), "#/")
		if !ok {
			return nil
		}
		n = r.root
		for segment := range strings.SplitSeq(pointer, "/") {
			if n = n.get(unescape(segment)); n == nil {
				return nil
			}
		}
	}
	return nil
}

// unescape undoes the escapes of a reference's segment (RFC 6901, section 6).
func unescape(segment string) string {
	if s, err := url.PathUnescape(segment); err == nil {
		segment = s
	}
	return strings.ReplaceAll(strings.ReplaceAll(segment, "~1", "/"), "~0", "~")
}
