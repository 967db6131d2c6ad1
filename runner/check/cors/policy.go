package cors

import (
	"net/netip"
	"strings"
)

// resourcePolicy is the cross-origin resource policy check of an opaque answer, for
// a page without an embedder policy of its own
// (https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check).
// It is not known where only the list of public suffixes tells whether two hosts
// are of one site.
func (f *fetch) resourcePolicy(answer Answer) (blocked, known bool) {
	policy, _ := get(answer.Header, "Cross-Origin-Resource-Policy")
	url := f.current()
	switch policy {
	case "same-origin":
		return url.origin() != f.origin, true
	case "same-site":
		page, err := parseURL(f.origin, nil)
		if err != nil || page.scheme == "http" && url.scheme == "https" {
			return true, true
		}
		if page.host == url.host {
			return false, true
		}
		return true, !shareDomain(page.host, url.host)
	}
	return false, true
}

// shareDomain says whether two hosts end in the same two labels, and so may be of
// one site.
func shareDomain(a, b string) bool {
	for _, host := range []string{a, b} {
		if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
			return false
		}
	}
	last := func(host string) string {
		labels := strings.Split(strings.TrimSuffix(host, "."), ".")
		if len(labels) < 2 {
			return ""
		}
		return strings.Join(labels[len(labels)-2:], ".")
	}
	return last(a) != "" && last(a) == last(b)
}
