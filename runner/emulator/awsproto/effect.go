package awsproto

import "strings"

// splitRoute parts "POST /2015-03-31/functions" into method and URI template.
func splitRoute(route string) (method, path string) {
	method, path, _ = strings.Cut(route, " ")
	return method, path
}

// effectOf reads an operation's effect off its name, as AWS names them; Runs is
// said at the row.
func effectOf(name string) Effect {
	for _, verb := range []string{"Get", "List", "Describe", "Filter", "Test", "Simulate", "Export", "Decode"} {
		if strings.HasPrefix(name, verb) {
			return Reads
		}
	}
	return Changes
}
