package cors

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The limits of what a script may send to another origin unasked, in bytes: a
// safelisted header's value, and those of all together.
const (
	maxSafeValue  = 128
	maxSafeValues = 1024
)

// forbidden are the headers that only the browser sets
// (https://fetch.spec.whatwg.org/#forbidden-request-header).
var forbidden = []string{
	"accept-charset", "accept-encoding", "access-control-request-headers",
	"access-control-request-method", "connection", "content-length", "cookie",
	"cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin", "referer",
	"set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via",
}

// forbiddenHeader says whether the browser drops a header that a script sets.
func forbiddenHeader(header Header) bool {
	name := lower(header.Name)
	switch {
	case slices.Contains(forbidden, name),
		strings.HasPrefix(name, "proxy-"), strings.HasPrefix(name, "sec-"):
		return true
	case name == "x-http-method", name == "x-http-method-override", name == "x-method-override":
		return slices.ContainsFunc(split(header.Value), forbiddenMethod)
	}
	return false
}

// headerValue says whether a normalized value is one
// (https://fetch.spec.whatwg.org/#header-value).
func headerValue(value string) bool { return !strings.ContainsAny(value, "\x00\r\n") }

// nonWildcard says whether only its own name allows a header, never *
// (https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
func nonWildcard(name string) bool { return lower(name) == "authorization" }

// bodyHeader says whether a header describes the body, and goes with it
// (https://fetch.spec.whatwg.org/#request-body-header-name).
func bodyHeader(name string) bool {
	return slices.Contains([]string{"content-encoding", "content-language", "content-location", "content-type"}, lower(name))
}

// safelisted says whether a header is a CORS-safelisted request-header
// (https://fetch.spec.whatwg.org/#cors-safelisted-request-header), and if not, why.
func safelisted(header Header) (why Step, safe bool) {
	name, value := lower(header.Name), header.Value
	if !slices.Contains([]string{"accept", "accept-language", "content-language", "content-type", "range"}, name) {
		return step(headerName, "header", name), false
	}
	if len(value) > maxSafeValue {
		return step(headerLength, "header", name, "length", strconv.Itoa(len(value)), "limit", strconv.Itoa(maxSafeValue)), false
	}
	switch name {
	case "accept":
		return safeBytes(headerAccept, header, unsafeByte)
	case "accept-language", "content-language":
		return safeBytes(headerLanguage, header, func(c byte) bool {
			letter, digit := c|0x20 >= 'a' && c|0x20 <= 'z', c >= '0' && c <= '9'
			return !letter && !digit && strings.IndexByte(" *,-.;=", c) < 0
		})
	case "content-type":
		if why, safe := safeBytes(headerTypeByte, header, unsafeByte); !safe {
			return why, false
		}
		if !slices.Contains([]string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}, essence(value)) {
			return step(headerType, "header", name, "value", value), false
		}
	case "range":
		if !simpleRange(value) {
			return step(headerRange, "header", name, "value", value), false
		}
	}
	return Step{}, true
}

func safeBytes(code string, header Header, unsafe func(byte) bool) (Step, bool) {
	for i := range len(header.Value) {
		if c := header.Value[i]; unsafe(c) {
			shown := string(rune(c))
			if c <= ' ' || c >= 0x7f {
				shown = fmt.Sprintf("0x%02X", c)
			}
			return step(code, "header", lower(header.Name), "byte", shown), false
		}
	}
	return Step{}, true
}

// unsafeByte is a CORS-unsafe request-header byte
// (https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
func unsafeByte(c byte) bool {
	return c < 0x20 && c != '\t' || strings.IndexByte("\"():<>?@[\\]{}\x7f", c) >= 0
}

// essence is a MIME type's type and subtype, or "" if value is none
// (https://mimesniff.spec.whatwg.org/#parse-a-mime-type); its parameters cannot fail.
func essence(value string) string {
	const blanks = "\n\r\t "
	kind, rest, found := strings.Cut(strings.Trim(value, blanks), "/")
	subtype, _, _ := strings.Cut(rest, ";")
	subtype = strings.TrimRight(subtype, blanks)
	if !found || !isToken(kind) || !isToken(subtype) {
		return ""
	}
	return lower(kind + "/" + subtype)
}

// simpleRange says whether value is one range with a start, such as bytes=0-499
// (https://fetch.spec.whatwg.org/#simple-range-header-value).
func simpleRange(value string) bool {
	first, last, found := strings.Cut(strings.TrimPrefix(value, "bytes="), "-")
	if !found || !strings.HasPrefix(value, "bytes=") || first == "" || strings.Trim(first+last, "0123456789") != "" {
		return false
	}
	if last == "" {
		return true
	}
	first, last = strings.TrimLeft(first, "0"), strings.TrimLeft(last, "0")
	return len(first) < len(last) || len(first) == len(last) && first <= last
}

// unsafeNames are the CORS-unsafe request-header names, in small letters and sorted
// (https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names), each with the
// reason in whys.
func unsafeNames(headers []Header) (names []string, whys []Step) {
	var maybe []string
	size := 0
	for _, header := range headers {
		if why, safe := safelisted(header); !safe {
			names, whys = append(names, lower(header.Name)), append(whys, why)
			continue
		}
		maybe, size = append(maybe, lower(header.Name)), size+len(header.Value)
	}
	if size > maxSafeValues {
		names = append(names, maybe...)
		whys = append(whys, step(headersLength, "length", strconv.Itoa(size), "limit", strconv.Itoa(maxSafeValues)))
	}
	slices.Sort(names)
	return slices.Compact(names), whys
}

// noCORSSafelisted says whether mode no-cors lets a script set a header
// (https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
func noCORSSafelisted(header Header) bool {
	if lower(header.Name) == "range" {
		return false
	}
	_, safe := safelisted(header)
	return safe
}
