package cors

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// address is a URL as the URL standard parses one of scheme http or https
// (https://url.spec.whatwg.org/#concept-basic-url-parser); of any other only the
// scheme is known. net/url parses another standard's: it refuses %zz and takes no
// backslash, and a browser does neither.
type address struct {
	scheme, host, port string
	credentials        bool
	path, query        string // the query with its ?
	fragment           string // with its #
}

var (
	errNotURL = errors.New("is not a URL")
	// ErrHostNotASCII is a host that a browser would write in punycode first.
	ErrHostNotASCII = errors.New("the host has letters outside ASCII: write it in punycode, as a browser sends it")
)

func (a *address) http() bool { return a.scheme == "http" || a.scheme == "https" }

func (a *address) origin() string { return a.scheme + "://" + a.host + a.port }

// String is the address as a request names it, without its fragment.
func (a *address) String() string { return a.origin() + a.path + a.query }

// parseURL parses text, which may be relative if there is a base.
func parseURL(text string, base *address) (*address, error) {
	text = strings.TrimFunc(text, func(r rune) bool { return r <= ' ' })
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(text)
	scheme, rest := cutScheme(text)
	switch {
	case scheme == "" && base == nil:
		return nil, errNotURL
	case scheme == "":
		scheme, rest = base.scheme, text
	case scheme != "http" && scheme != "https":
		return &address{scheme: scheme}, nil
	case base != nil && scheme == base.scheme && !slashes(rest):
		// http:other is relative where the base is http, as browsers have it.
	default:
		return parseAbsolute(scheme, rest)
	}
	if slashes(rest) {
		return parseAbsolute(scheme, rest)
	}
	return parseRelative(rest, base), nil
}

// cutScheme is a text's scheme in small letters, or "", and what follows its colon.
func cutScheme(text string) (scheme, rest string) {
	scheme, rest, found := strings.Cut(text, ":")
	if !found || scheme == "" {
		return "", text
	}
	for i := range len(scheme) {
		c := scheme[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(scheme[i]))) {
			return "", text
		}
	}
	return strings.ToLower(scheme), rest
}

func slashes(text string) bool {
	return len(text) >= 2 && (text[0] == '/' || text[0] == '\\') && (text[1] == '/' || text[1] == '\\')
}

func parseAbsolute(scheme, rest string) (*address, error) {
	rest = strings.TrimLeft(rest, `/\`)
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, `/\?#`); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	a := &address{scheme: scheme}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		a.credentials = strings.Trim(authority[:i], ":") != ""
		authority = authority[i+1:]
	}
	host, err := decodeHost(strings.TrimSuffix(authority, ":"))
	if err != nil {
		return nil, err
	}
	a.host, a.port, _, err = splitAuthority(scheme, strings.ToLower(host))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNotURL, err)
	}
	if a.host, err = ipv4(a.host); err != nil {
		return nil, err
	}
	a.setTail(tail, "/")
	return a, nil
}

// decodeHost undoes the percent-encoding of a host.
func decodeHost(host string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(host); i++ {
		c := host[i]
		if c == '%' && i+2 < len(host) {
			if n, err := strconv.ParseUint(host[i+1:i+3], 16, 8); err == nil {
				c, i = byte(n), i+2
			}
		}
		switch {
		case c > 0x7f:
			return "", ErrHostNotASCII
		case c <= ' ' || c == 0x7f:
			return "", errNotURL
		}
		b.WriteByte(c)
	}
	return b.String(), nil
}

// ipv4 is a host that ends in a number as the IPv4 address that it is
// (https://url.spec.whatwg.org/#concept-ipv4-parser); any other host stays.
func ipv4(host string) (string, error) {
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if _, err := ipv4Part(parts[len(parts)-1]); err != nil && strings.Trim(parts[len(parts)-1], "0123456789") != "" {
		return host, nil
	}
	if len(parts) > 4 {
		return "", errNotURL
	}
	var sum uint64
	for i, part := range parts {
		n, err := ipv4Part(part)
		if err != nil {
			return "", errNotURL
		}
		limit, shift := uint64(0xff), 8*(3-i)
		if i == len(parts)-1 {
			limit, shift = 1<<(8*(4-i))-1, 0
		}
		if n > limit {
			return "", errNotURL
		}
		sum |= n << shift
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}).String(), nil
}

func ipv4Part(part string) (uint64, error) {
	base, digits := 10, part
	switch {
	case part == "":
		return 0, errNotURL
	case strings.HasPrefix(part, "0x"):
		base, digits = 16, part[2:]
	case len(part) > 1 && part[0] == '0':
		base, digits = 8, part[1:]
	}
	if digits == "" {
		return 0, nil
	}
	if digits[0] == '+' || digits[0] == '-' {
		return 0, errNotURL
	}
	return strconv.ParseUint(digits, base, 64)
}

func parseRelative(text string, base *address) *address {
	a := *base
	a.credentials, a.fragment = base.credentials, ""
	switch {
	case text == "", text == "#":
	case text[0] == '#':
		a.fragment = "#" + escape(text[1:], true)
	case text[0] == '?':
		a.setTail(base.path+text, "")
	case text[0] == '/' || text[0] == '\\':
		a.setTail(text, "/")
	default:
		a.setTail(base.path[:strings.LastIndexByte(base.path, '/')+1]+text, "/")
	}
	return &a
}

// setTail sets what follows the authority.
func (a *address) setTail(tail, empty string) {
	tail, fragment, _ := strings.Cut(tail, "#")
	path, query, found := strings.Cut(tail, "?")
	a.query, a.fragment = "", ""
	if found {
		a.query = "?" + escape(query, true)
	}
	if fragment != "" {
		a.fragment = "#" + escape(fragment, true)
	}
	if path == "" {
		path = empty
	}
	a.path = removeDots(escape(strings.ReplaceAll(path, `\`, "/"), false))
}

// escape percent-encodes what neither a path nor a query may hold as it is
// (https://url.spec.whatwg.org/#path-percent-encode-set, #special-query-percent-encode-set).
func escape(text string, query bool) string {
	reserved := "\"#<>?^`{}"
	if query {
		reserved = `"#<>'`
	}
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > 0x7e || strings.IndexByte(reserved, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// removeDots resolves the segments . and .. of a path.
func removeDots(path string) string {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	kept := segments[:0]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case ".":
			if last {
				kept = append(kept, "")
			}
		case "..":
			if len(kept) > 0 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, segment)
		}
	}
	return "/" + strings.Join(kept, "/")
}
