package executeapi

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// resource is a resource of a REST API that has methods.
type resource struct {
	id, path string // "/pets/{petId}"
	names    []string
	methods  map[string]*restMethod // by method; "ANY" is for the rest
}

// find chooses the method of a request: one of its own before ANY. HEAD and
// OPTIONS are methods like any other.
func (r *resource) find(method string) *restMethod {
	if m, ok := r.methods[method]; ok {
		return m
	}
	return r.methods["ANY"]
}

// resourceNode is what the path of a resource leads to, segment by segment, so
// that the time to find one grows with the depth of the path.
type resourceNode struct {
	fixed  map[string]*resourceNode
	param  *resourceNode
	here   *resource // ends here
	greedy *resource // ends in a {name+} here
}

func (n *resourceNode) add(r *resource) {
	for _, segment := range segments(r.path) {
		name, variable := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case !variable || !closed:
			if n.fixed == nil {
				n.fixed = map[string]*resourceNode{}
			}
			if n.fixed[segment] == nil {
				n.fixed[segment] = &resourceNode{}
			}
			n = n.fixed[segment]
		case strings.HasSuffix(name, "+"): // the last segment
			r.names = append(r.names, strings.TrimSuffix(name, "+"))
			n.greedy = r
			return
		default:
			r.names = append(r.names, name)
			if n.param == nil {
				n.param = &resourceNode{}
			}
			n = n.param
		}
	}
	n.here = r
}

// segments are the parts of a path. Slashes before and behind it do not count
// (LocalStack's recorded events: /stage//hardcoded reaches /hardcoded, and
// /proxy-value/ gives {proxy+} "proxy-value"); inside it they do.
func segments(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// find chooses the resource of a path, and gives the values of its variables as
// they came, escaped (LocalStack's recorded events: proxy "test%2Balias"). A fixed
// segment wins over a variable, and that over a greedy one, from left to right. A
// resource without methods is passed over; the method does not matter: where the
// best resource lacks it there is none (guide, "Set up a proxy integration with a
// proxy resource": a sibling is not part of a proxy resource). A record of
// /a/{proxy+} beside /{x}/b was not found.
func (n *resourceNode) find(path string) (*resource, []parameter) {
	raw := segments(path)
	r, values := n.match(raw, make([]string, 0, 4))
	if r == nil {
		return nil, nil
	}
	parameters := make([]parameter, len(r.names))
	for i, name := range r.names {
		parameters[i] = parameter{name, values[i]}
	}
	return r, parameters
}

func (n *resourceNode) match(segments, values []string) (*resource, []string) {
	if len(segments) == 0 {
		return n.here, values
	}
	if next := n.fixed[unescape(segments[0])]; next != nil {
		if r, values := next.match(segments[1:], values); r != nil {
			return r, values
		}
	}
	if n.param != nil && segments[0] != "" {
		if r, values := n.param.match(segments[1:], append(values, segments[0])); r != nil {
			return r, values
		}
	}
	if n.greedy != nil {
		return n.greedy, append(values, strings.Join(segments, "/"))
	}
	return nil, nil
}

// newResources makes the tree of a deployment's resources.
func newResources(api *restAPI, all []rest.Resource) *resourceNode {
	root := &resourceNode{}
	for i := range all {
		from := &all[i]
		if len(from.ResourceMethods) == 0 {
			continue
		}
		root.add(newResource(api, from))
	}
	return root
}

func newResource(api *restAPI, from *rest.Resource) *resource {
	r := &resource{id: aws.ToString(from.Id), path: aws.ToString(from.Path), methods: make(map[string]*restMethod, len(from.ResourceMethods))}
	for name, method := range from.ResourceMethods {
		r.methods[name] = &restMethod{Method: method, api: api, key: name}
	}
	return r
}
