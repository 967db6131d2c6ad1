package emulator

import (
	"fmt"
	"net"
	"net/http"
	"strings"

	"awslab/runner/emulator/executeapi"
)

// front keeps out what must not drive an emulator that runs code: requests for
// other hosts (a page whose name was rebound to 127.0.0.1) and requests that a
// browser makes for a page. Both happen before any service is reached.
func (e *Emulator) front(w http.ResponseWriter, r *http.Request) {
	if !local(r.Host) {
		http.Error(w, "this AWS emulator answers for this machine's own names only, not for "+clean(r.Host), http.StatusMisdirectedRequest)
		return
	}
	if executeapi.Addressed(r) { // public, as on AWS: for browsers too, unsigned
		e.executeAPI.ServeHTTP(w, r)
		return
	}
	if len(r.Header.Values("Origin")) > 0 || crossSite(r.Header.Get("Sec-Fetch-Site")) {
		http.Error(w, "the AWS API is not for web pages", http.StatusForbidden)
		return
	}
	switch {
	case strings.HasPrefix(r.URL.Path, controlPrefix):
		e.control(w, r)
	case r.Method == http.MethodGet && r.URL.Path == "/" && r.URL.RawQuery == "" && r.Header.Get("Authorization") == "":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintln(w, "This is awslab's AWS emulator. It speaks the AWS API to signed requests:\n\n    eval \"$(awslab env)\"\n    aws sts get-caller-identity")
	default:
		e.api.ServeHTTP(w, r)
	}
}

// local reports whether a Host header names this machine: loopback addresses,
// localhost and what is under it, and the hosts of API Gateway's data plane,
// which clients resolve to it.
func local(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback()
	}
	name = strings.TrimSuffix(name, ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	_, rest, found := strings.Cut(name, ".")
	return found && strings.HasPrefix(rest, "execute-api.")
}

// crossSite reports whether a browser says that another site's page asks.
func crossSite(fetchSite string) bool {
	switch fetchSite {
	case "", "none", "same-origin":
		return false
	}
	return true
}

// clean makes a header fit for a message.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e {
			return '?'
		}
		return r
	}, s)
}
