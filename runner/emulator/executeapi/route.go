package executeapi

import (
	"slices"
	"strings"
)

// routes are the routes of a stage as a tree of path segments, so that the time
// to find one grows with the depth of the path and not with their number.
type routes struct {
	root     *node
	catchAll *route
}

// node is what a path leads to, segment by segment.
type node struct {
	fixed  map[string]*node
	param  *node
	here   methods // routes that end here
	greedy methods // routes that end in a {name+} here
}

// methods are routes of one path by method; "ANY" is for the rest.
type methods map[string]*route

func (m methods) find(method string) *route {
	if r, ok := m[method]; ok {
		return r
	}
	return m["ANY"]
}

func newRoutes() *routes { return &routes{root: &node{}} }

func (t *routes) add(r *route) {
	if r.path == catchAll {
		t.catchAll = r
		return
	}
	n := t.root
	for segment := range strings.SplitSeq(strings.TrimPrefix(r.path, "/"), "/") {
		name, variable := strings.CutPrefix(segment, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case !variable || !closed:
			if n.fixed == nil {
				n.fixed = map[string]*node{}
			}
			if n.fixed[segment] == nil {
				n.fixed[segment] = &node{}
			}
			n = n.fixed[segment]
		case strings.HasSuffix(name, "+"): // the last segment
			r.names = append(r.names, strings.TrimSuffix(name, "+"))
			if n.greedy == nil {
				n.greedy = methods{}
			}
			n.greedy[r.method] = r
			return
		default:
			r.names = append(r.names, name)
			if n.param == nil {
				n.param = &node{}
			}
			n = n.param
		}
	}
	if n.here == nil {
		n.here = methods{}
	}
	n.here[r.method] = r
}

// parameter is the value of a variable of a route's path.
type parameter struct{ name, value string }

// find chooses the route of a request: one that matches the whole path and the
// method, then one with a greedy variable, then $default (guide, "Routing API
// requests"). Among several, fixed segments win over variables from left to
// right, and the longest fixed beginning among greedy ones: the guide's example
// says no more than that GET /pets/dog/1 is best served by the route of just
// that path, then by /pets/dog/{id}, then by /pets/{proxy+}. A method of its own
// wins over ANY.
//
// Paths are case-sensitive, and /pets/ is not /pets (storacha/w3infra#166). A
// path variable is never empty but a greedy one may be, for /pets/ on
// /pets/{proxy+}: seen in events with "proxy": "". Segments are decoded one by
// one, so %2F does not part them, .. is a segment like any other, and so is the
// empty one between //: what AWS does with these three was not found.
func (t *routes) find(method, path string) (*route, []parameter) {
	raw := strings.Split(strings.TrimPrefix(path, "/"), "/")
	segments := make([]string, len(raw))
	for i := range raw {
		segments[i] = unescape(raw[i])
	}
	values := make([]string, 0, 4)
	if r, values := t.root.full(method, segments, values); r != nil {
		return r, r.parameters(values)
	}
	if r, values := t.root.longest(method, segments, values); r != nil {
		return r, r.parameters(values)
	}
	return t.catchAll, nil
}

// full looks for a route that matches all segments.
func (n *node) full(method string, segments, values []string) (*route, []string) {
	if len(segments) == 0 {
		return n.here.find(method), values
	}
	if next := n.fixed[segments[0]]; next != nil {
		if r, values := next.full(method, segments[1:], values); r != nil {
			return r, values
		}
	}
	if n.param == nil || segments[0] == "" {
		return nil, nil
	}
	return n.param.full(method, segments[1:], append(values, segments[0]))
}

// longest looks for a route with a greedy variable.
func (n *node) longest(method string, segments, values []string) (*route, []string) {
	if len(segments) == 0 {
		return nil, nil
	}
	if next := n.fixed[segments[0]]; next != nil {
		if r, values := next.longest(method, segments[1:], values); r != nil {
			return r, values
		}
	}
	if n.param != nil && segments[0] != "" {
		if r, values := n.param.longest(method, segments[1:], append(slices.Clone(values), segments[0])); r != nil {
			return r, values
		}
	}
	if r := n.greedy.find(method); r != nil {
		return r, append(slices.Clone(values), strings.Join(segments, "/"))
	}
	return nil, nil
}

func (r *route) parameters(values []string) []parameter {
	if len(values) == 0 {
		return nil
	}
	out := make([]parameter, 0, len(values))
	for i, name := range r.names {
		out = append(out, parameter{name, values[i]})
	}
	slices.SortStableFunc(out, func(a, b parameter) int { return strings.Compare(a.name, b.name) })
	return out
}
