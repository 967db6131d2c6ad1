package cors

import (
	"net/http"
	"slices"
	"strings"
)

// get is a header's values joined, as the standard gets them
// (https://fetch.spec.whatwg.org/#concept-header-list-get).
func get(headers http.Header, name string) (string, bool) {
	values := slices.Clone(headers.Values(name))
	for i, value := range values {
		values[i] = strings.Trim(value, "\t ")
	}
	return strings.Join(values, ", "), len(values) > 0
}

// list is a header's value as a list of names: ok is false where it is none
// (https://fetch.spec.whatwg.org/#extract-header-list-values, with the grammar
// #field-name, whose items may be empty).
func list(headers http.Header, name string) (items []string, ok bool) {
	for _, value := range headers.Values(name) {
		for item := range strings.SplitSeq(value, ",") {
			item = strings.Trim(item, "\t ")
			if item == "" {
				continue
			}
			if !isToken(item) {
				return nil, false
			}
			items = append(items, item)
		}
	}
	return items, true
}

// redirectStatus says whether a status is one that redirects
// (https://fetch.spec.whatwg.org/#redirect-status).
func redirectStatus(status int) bool {
	return slices.Contains([]int{301, 302, 303, 307, 308}, status)
}

// forbiddenResponse says whether no script may read a header
// (https://fetch.spec.whatwg.org/#forbidden-response-header-name).
func forbiddenResponse(name string) bool { return name == "set-cookie" || name == "set-cookie2" }

// readable are the headers that a script may read of an answer: all but the
// forbidden ones of its own origin, and of another one the safelisted and the
// exposed (https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name).
func readable(headers http.Header, sameOrigin, credentials bool) []string {
	shown := map[string]bool{}
	for _, name := range []string{"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"} {
		shown[name] = true
	}
	all := sameOrigin
	if exposed, ok := list(headers, "Access-Control-Expose-Headers"); ok {
		all = all || !credentials && slices.Contains(exposed, "*")
		for _, name := range exposed {
			shown[lower(name)] = true
		}
	}
	var names []string
	for name := range headers {
		if name = lower(name); (all || shown[name]) && !forbiddenResponse(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
