package command

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"strings"
	"time"
)

// rawToken is a token taken apart: what it says, not what is true.
type rawToken struct {
	header, claims []byte // JSON objects
	names          [2][]string
}

// tokenFault is why a text is no token.
type tokenFault struct {
	kind tokenFaultKind
	part int // the first is 1
}

type tokenFaultKind int

const (
	faultParts   tokenFaultKind = iota // not three of them
	faultScheme                        // a word stands in front of it, as in a header
	faultLetters                       // a part is not base64url
	faultJSON                          // a part is not a JSON object
)

// readToken reads the compact form of RFC 7515, 7.1, to the letter. golang-jwt
// reads the same, but passes over line ends within a part, as Go's base64 does.
func readToken(given string) (*rawToken, *tokenFault) {
	if strings.Contains(given, " ") && strings.Count(given, ".") >= 2 {
		return nil, &tokenFault{kind: faultScheme}
	}
	if strings.Count(given, ".") != 2 {
		return nil, &tokenFault{kind: faultParts}
	}
	var token rawToken
	for i, part := range strings.Split(given, ".") {
		data, err := base64.RawURLEncoding.Strict().DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") {
			return nil, &tokenFault{faultLetters, i + 1}
		}
		if i == 2 {
			break
		}
		if token.names[i], err = memberNames(data); err != nil {
			return nil, &tokenFault{faultJSON, i + 1}
		}
		if i == 0 {
			token.header = data
		} else {
			token.claims = data
		}
	}
	return &token, nil
}

// memberNames are the names of a JSON object's members, as often as they stand
// there. The error says what is no object.
func memberNames(data []byte) ([]string, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if first, err := dec.Token(); err != nil {
		return nil, err
	} else if first != json.Delim('{') {
		return nil, errNotObject
	}
	names := []string{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, errNotObject
		}
		names = append(names, name)
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNotObject
	}
	return names, nil
}

// repeated is the first name that stands twice; "" if none does.
func repeated(names []string) string {
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if seen[name] {
			return name
		}
		seen[name] = true
	}
	return ""
}

// twice is a name that header or claims have twice. Readers do not agree on the
// value of such a member: RFC 7519, 4, has them refuse it, or take the last.
func (t *rawToken) twice() string {
	if name := repeated(t.names[0]); name != "" {
		return name
	}
	return repeated(t.names[1])
}

// get is a member of header or claims; nil if it is not there.
func get(object []byte, name string) any {
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	members := map[string]any{}
	if err := dec.Decode(&members); err != nil {
		return nil
	}
	return members[name]
}

// algorithm is what the token says of its signature; "?" if that is no text.
func (t *rawToken) algorithm() string {
	if alg, ok := get(t.header, "alg").(string); ok {
		return alg
	}
	return "?"
}

// critical are the extensions that a reader must understand or refuse the token.
func (t *rawToken) critical() string {
	value := get(t.header, "crit")
	if value == nil {
		return ""
	}
	var names []string
	if list, ok := value.([]any); ok {
		for _, item := range list {
			if name, ok := item.(string); ok {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return "?"
	}
	return strings.Join(names, ", ")
}

// expiry is when a token expires by its own words; ok is false where it does not
// say, or nothing that is a time.
func (t *rawToken) expiry() (at time.Time, ok bool) {
	number, ok := get(t.claims, "exp").(json.Number)
	if !ok {
		return time.Time{}, false
	}
	seconds, err := number.Float64()
	const last = 253402300800 // the end of the year 9999
	if err != nil || math.Abs(seconds) >= last {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0), true
}
