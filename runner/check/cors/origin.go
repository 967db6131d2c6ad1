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

// Reasons why a text is not an origin; [ParseOrigin] wraps one of them. Their texts
// are stable codes: runner/text has the sentence for each of [OriginReasons].
var (
	ErrOriginEmpty       = errors.New("origin.empty")
	ErrOriginTooLong     = errors.New("origin.too-long")
	ErrOriginControl     = errors.New("origin.control")   // control bytes or blanks
	ErrOriginNotASCII    = errors.New("origin.not-ascii") // a browser writes the host in punycode
	ErrOriginWildcard    = errors.New("origin.wildcard")
	ErrOriginList        = errors.New("origin.list")
	ErrOriginNoScheme    = errors.New("origin.no-scheme")
	ErrOriginScheme      = errors.New("origin.scheme") // neither http nor https
	ErrOriginUserinfo    = errors.New("origin.userinfo")
	ErrOriginNoHost      = errors.New("origin.no-host")
	ErrOriginHost        = errors.New("origin.host")
	ErrOriginPort        = errors.New("origin.port")
	ErrOriginSlash       = errors.New("origin.slash")
	ErrOriginPath        = errors.New("origin.path")  // the URL of a page
	ErrOriginQuery       = errors.New("origin.query") // or a fragment
	ErrOriginCase        = errors.New("origin.case")
	ErrOriginDefaultPort = errors.New("origin.default-port")
	ErrOriginForm        = errors.New("origin.form") // not as a browser writes it
	ErrOriginNullCase    = errors.New("origin.null-case")
)

// OriginReasons are all of them.
func OriginReasons() []error {
	return []error{
		ErrOriginEmpty, ErrOriginTooLong, ErrOriginControl, ErrOriginNotASCII, ErrOriginWildcard, ErrOriginList, ErrOriginNoScheme,
		ErrOriginScheme, ErrOriginUserinfo, ErrOriginNoHost, ErrOriginHost, ErrOriginPort, ErrOriginSlash, ErrOriginPath, ErrOriginQuery,
		ErrOriginCase, ErrOriginDefaultPort, ErrOriginForm, ErrOriginNullCase,
	}
}

// OriginError says why a text is not an origin.
type OriginError struct {
	// Text is safe to show.
	Text string
	// Reason is one of [OriginReasons].
	Reason error
	// Suggestion is the origin that was probably meant, or "".
	Suggestion string
}

func (e *OriginError) Error() string {
	return fmt.Sprintf("%q is not an origin: %s", e.Text, e.Reason)
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
		return fail(ErrOriginForm, origin)
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
