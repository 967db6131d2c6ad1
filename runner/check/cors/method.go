package cors

import "slices"

// safelistedMethod says whether a method is a CORS-safelisted one
// (https://fetch.spec.whatwg.org/#cors-safelisted-method).
func safelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// forbiddenMethod says whether no script may use a method
// (https://fetch.spec.whatwg.org/#forbidden-method).
func forbiddenMethod(method string) bool {
	return slices.Contains([]string{"CONNECT", "TRACE", "TRACK"}, upper(method))
}

// normalizeMethod writes in capitals the methods that scripts have long written
// small; patch is not among them
// (https://fetch.spec.whatwg.org/#concept-method-normalize).
func normalizeMethod(method string) string {
	if known := upper(method); slices.Contains([]string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}, known) {
		return known
	}
	return method
}
