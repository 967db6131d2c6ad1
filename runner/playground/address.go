package playground

import (
	"net"
	"net/url"
	"strings"
)

// place is what the URL of an API's is addressed to, in the words of a trace.
type place struct {
	api string
	// paths are what a trace may have as the path: decoded, with the stage or, for
	// the stage $default, without.
	paths []string
}

// placeOf reads a URL of this machine's emulator as the emulator does, by host or
// by path; false: it is none.
func placeOf(u *url.URL, emulator *url.URL) (place, bool) {
	if u.Scheme != emulator.Scheme || u.Port() != emulator.Port() {
		return place{}, false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	path := u.EscapedPath()
	if api, rest, found := strings.Cut(host, "."); found && rest == "execute-api.localhost" && api != "" {
		return place{api, []string{decoded(path)}}, true
	}
	if ip := net.ParseIP(host); host != "localhost" && host != strings.ToLower(emulator.Hostname()) && (ip == nil || !ip.IsLoopback()) {
		return place{}, false
	}
	if rest, found := strings.CutPrefix(path, "/_aws/execute-api/"); found {
		api, rest, _ := strings.Cut(rest, "/")
		return staged(api, rest)
	}
	if rest, found := strings.CutPrefix(path, "/restapis/"); found {
		parts := strings.SplitN(rest, "/", 4)
		if len(parts) >= 3 && parts[2] == "_user_request_" {
			path := parts[1]
			if len(parts) == 4 {
				path += "/" + parts[3]
			}
			return staged(parts[0], path)
		}
	}
	return place{}, false
}

func staged(api, rest string) (place, bool) {
	stage, path, _ := strings.Cut(rest, "/")
	if api == "" {
		return place{}, false
	}
	return place{api, []string{decoded("/" + stage + "/" + path), decoded("/" + path)}}, true
}

// decoded is a path as traces can be compared by it: decoded once, up to a question
// mark that comes of it, with one slash at its beginning and none at its end.
func decoded(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	path, _, _ = strings.Cut(path, "?")
	return "/" + strings.Trim(path, "/")
}

// within reports whether a URL is beneath a base, which ends with a slash or is a
// whole origin.
func within(u *url.URL, base string) bool {
	b, err := url.Parse(base)
	if err != nil || u.Scheme != b.Scheme || !strings.EqualFold(u.Host, b.Host) {
		return false
	}
	for segment := range strings.SplitSeq(u.Path, "/") { // decoded: browsers take %2e%2e for two dots too
		if segment == ".." || segment == "." {
			return false
		}
	}
	return strings.HasPrefix(u.EscapedPath()+"/", strings.TrimSuffix(b.EscapedPath(), "/")+"/")
}

// origin is a URL's, as the browser writes it.
func origin(u *url.URL) string { return u.Scheme + "://" + strings.ToLower(u.Host) }
