package cors

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Null is the origin of a page that has none of its own: a sandboxed frame, a
// file, or a request that a redirect has tainted.
const Null = "null"

// Reasons why a text is not an origin; [ParseOrigin] wraps one of them.
var (
	ErrOriginEmpty       = errors.New("is empty")
	ErrOriginTooLong     = errors.New("is too long")
	ErrOriginControl     = errors.New("has control bytes or blanks in it")
	ErrOriginNotASCII    = errors.New("has letters that an origin writes in punycode")
	ErrOriginWildcard    = errors.New("is a wildcard, which is no page's origin")
	ErrOriginList        = errors.New("is a list, and a page has one origin")
	ErrOriginNoScheme    = errors.New("has no scheme")
	ErrOriginScheme      = errors.New("has a scheme other than http and https")
	ErrOriginUserinfo    = errors.New("has a user name in it")
	ErrOriginNoHost      = errors.New("has no host")
	ErrOriginHost        = errors.New("has a host that is none")
	ErrOriginPort        = errors.New("has a port that is none")
	ErrOriginSlash       = errors.New("ends with a slash")
	ErrOriginPath        = errors.New("has a path: it is a page's URL")
	ErrOriginQuery       = errors.New("has a query or a fragment: it is a page's URL")
	ErrOriginCase        = errors.New("has capital letters, which a browser writes small")
	ErrOriginDefaultPort = errors.New("names the scheme's own port, which a browser leaves out")
	ErrOriginNullCase    = errors.New("is not null as a browser writes it")
)

// OriginError says why a text is not an origin.
type OriginError struct {
	// Text is safe to show.
	Text string
	// Reason is one of the errors above.
	Reason error
	// Suggestion is the origin that was probably meant, or "".
	Suggestion string
}

func (e *OriginError) Error() string {
	return fmt.Sprintf("%q is not an origin: it %s", e.Text, e.Reason)
}

// Unwrap is the reason.
func (e *OriginError) Unwrap() error { return e.Reason }

// maxOrigin bounds an origin: a host has at most 253 bytes.
const maxOrigin = 300

// ParseOrigin is a serialized origin as a browser sends it in Origin, such as
// https://shop.example or http://127.0.0.1:8080, or null. Since servers compare it
// byte for byte, a text that merely means an origin is an [OriginError], which
// suggests the right one.
// (https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin)
func ParseOrigin(text string) (string, error) {
	fail := func(reason error, suggestion string) (string, error) {
		return "", &OriginError{Text: Show(text), Reason: reason, Suggestion: suggestion}
	}
	switch {
	case text == "":
		return fail(ErrOriginEmpty, "")
	case text == Null:
		return text, nil
	case len(text) > maxOrigin:
		return fail(ErrOriginTooLong, "")
	case strings.Contains(text, ","):
		return fail(ErrOriginList, "")
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c <= ' ' || c == 0x7f:
			return fail(ErrOriginControl, "")
		case c > 0x7f:
			return fail(ErrOriginNotASCII, "")
		}
	}
	lower := strings.ToLower(text)
	scheme, rest, ok := strings.Cut(lower, "://")
	switch {
	case strings.Contains(text, "*"):
		return fail(ErrOriginWildcard, "")
	case lower == Null:
		return fail(ErrOriginNullCase, Null)
	case !ok:
		return fail(ErrOriginNoScheme, "")
	case scheme == "":
		return fail(ErrOriginNoScheme, "")
	case scheme != "http" && scheme != "https":
		return fail(ErrOriginScheme, "")
	}
	end := strings.IndexAny(rest, `/\?#`)
	authority, tail := rest, ""
	if end >= 0 {
		authority, tail = rest[:end], rest[end:]
	}
	if strings.Contains(authority, "@") {
		return fail(ErrOriginUserinfo, "")
	}
	host, port, spelt, err := splitAuthority(scheme, authority)
	if err != nil {
		return fail(err, "")
	}
	if host, err = ipv4(host); err != nil {
		return fail(ErrOriginHost, "")
	}
	origin := scheme + "://" + host + port
	switch {
	case tail == "/":
		return fail(ErrOriginSlash, origin)
	case strings.HasPrefix(tail, "/") || strings.HasPrefix(tail, `\`):
		return fail(ErrOriginPath, origin)
	case tail != "":
		return fail(ErrOriginQuery, origin)
	case lower != text:
		return fail(ErrOriginCase, origin)
	case spelt:
		return fail(ErrOriginDefaultPort, origin)
	case origin != text:
		return fail(ErrOriginHost, origin)
	}
	return origin, nil
}

// splitAuthority is an authority's host and its port with the colon, which is ""
// for the scheme's own; spelt says that this was written out.
func splitAuthority(scheme, authority string) (host, port string, spelt bool, err error) {
	host = authority
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") {
		host, port = authority[:i], authority[i+1:]
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return "", "", false, ErrOriginPort
		}
		port = ":" + strconv.FormatUint(number, 10)
		if number == defaultPort(scheme) {
			port, spelt = "", true
		}
	}
	switch {
	case host == "":
		return "", "", false, ErrOriginNoHost
	case strings.HasPrefix(host, "["):
		inner, ok := strings.CutSuffix(host[1:], "]")
		addr, err := netip.ParseAddr(inner)
		if !ok || err != nil || !addr.Is6() || addr.Zone() != "" {
			return "", "", false, ErrOriginHost
		}
		if addr.Is4In6() {
			b := addr.As16()
			return fmt.Sprintf("[::ffff:%x:%x]", int(b[12])<<8|int(b[13]), int(b[14])<<8|int(b[15])), port, spelt, nil
		}
		return "[" + addr.String() + "]", port, spelt, nil
	case !hostOnly(host):
		return "", "", false, ErrOriginHost
	}
	return host, port, spelt, nil
}

func defaultPort(scheme string) uint64 {
	if scheme == "https" {
		return 443
	}
	return 80
}

// hostOnly says whether a host has no forbidden domain code point
// (https://url.spec.whatwg.org/#forbidden-domain-code-point).
func hostOnly(host string) bool {
	return !strings.ContainsAny(host, "#/:<>?@[\\]^|% ")
}
