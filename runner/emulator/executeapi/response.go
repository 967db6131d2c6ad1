package executeapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// response2 reads a function's answer in payload format 2.0. One without a
// statusCode is the body as it stands (guide, "Lambda function response for
// format 2.0"; AWS-BEHAVIOUR §1.5).
func response2(payload []byte) (*answer, error) {
	members, ok := object(payload)
	if _, said := members["statusCode"]; !ok || !said {
		if !json.Valid(payload) {
			return nil, errors.New("it is no JSON")
		}
		return &answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/json"}}, body: payload}, nil
	}
	a, err := proxied(members)
	if err != nil {
		return nil, err
	}
	raw, ok := present(members, "cookies")
	if !ok {
		return a, nil
	}
	var cookies []string
	if err := json.Unmarshal(raw, &cookies); err != nil {
		return nil, errors.New("cookies is no list of strings")
	}
	for _, cookie := range cookies {
		if err := a.add("Set-Cookie", cookie); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// response1 reads a function's answer in payload format 1.0: statusCode must be
// there (aws/aws-sam-cli#2941). multiValueHeaders come first, the single value
// behind them, as for REST APIs (AWS-BEHAVIOUR §1.2).
func response1(payload []byte) (*answer, error) {
	members, ok := object(payload)
	if !ok {
		return nil, errors.New("it is no object")
	}
	return proxied(members, "multiValueHeaders")
}

// object reads a JSON object's members.
func object(payload []byte) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	if first := bytes.TrimLeft(payload, " \t\r\n"); len(first) == 0 || first[0] != '{' || json.Unmarshal(payload, &members) != nil {
		return nil, false
	}
	return members, true
}

// present gives a member that is not null.
func present(members map[string]json.RawMessage, name string) (json.RawMessage, bool) {
	raw, ok := members[name]
	return raw, ok && string(raw) != "null"
}

// proxied reads what both formats share. Members that are not known are passed
// over (aws/aws-sam-cli#2941), another kind of value is malformed.
func proxied(members map[string]json.RawMessage, lists ...string) (*answer, error) {
	a := &answer{header: http.Header{}}
	raw, ok := present(members, "statusCode")
	if !ok {
		return nil, errors.New("it has no statusCode")
	}
	text, ok := scalar(raw)
	status, err := strconv.Atoi(text)
	if !ok || err != nil || status < 200 || status > 599 {
		return nil, fmt.Errorf("statusCode %s is none", clip(string(raw)))
	}
	a.status = status
	for _, member := range lists {
		raw, ok := present(members, member)
		if !ok {
			continue
		}
		var all map[string][]json.RawMessage
		if err := json.Unmarshal(raw, &all); err != nil {
			return nil, fmt.Errorf("%s is no object of lists", member)
		}
		for name, values := range all {
			for _, value := range values {
				if err := a.addJSON(name, value); err != nil {
					return nil, err
				}
			}
		}
	}
	if raw, ok := present(members, "headers"); ok {
		var all map[string]json.RawMessage
		if err := json.Unmarshal(raw, &all); err != nil {
			return nil, errors.New("headers is no object")
		}
		for name, value := range all {
			if err := a.addJSON(name, value); err != nil {
				return nil, err
			}
		}
	}
	return a, a.readBody(members)
}

func (a *answer) readBody(members map[string]json.RawMessage) error {
	var encoded bool
	if raw, ok := present(members, "isBase64Encoded"); ok {
		text, isScalar := scalar(raw)
		if !isScalar || text != "true" && text != "false" {
			return errors.New("isBase64Encoded is no boolean")
		}
		encoded = text == "true"
	}
	raw, ok := present(members, "body")
	if !ok {
		return nil
	}
	text, isScalar := scalar(raw)
	if !isScalar {
		return errors.New("body is no string")
	}
	a.body = []byte(text)
	if encoded {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return errors.New("body is no base64, as isBase64Encoded says")
		}
		a.body = decoded
	}
	return nil
}

// scalar is the text of a string, a number or a boolean.
func scalar(raw json.RawMessage) (string, bool) {
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' {
		return "", false
	}
	if raw[0] != '"' {
		return string(raw), true
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", false
	}
	return s, true
}

func (a *answer) addJSON(name string, raw json.RawMessage) error {
	if string(raw) == "null" {
		return nil
	}
	value, ok := scalar(raw)
	if !ok {
		return fmt.Errorf("the header %s has a value that is no string", clip(name))
	}
	return a.add(name, value)
}

// add puts a header to the answer. What belongs to the connection is the
// server's own.
func (a *answer) add(name, value string) error {
	name = http.CanonicalHeaderKey(strings.TrimSpace(name))
	switch name {
	case "Connection", "Content-Length", "Date", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return nil
	}
	if !validName(name) || !validValue(value) {
		return fmt.Errorf("the header %q cannot be sent", clip(name))
	}
	a.header[name] = append(a.header[name], value)
	return nil
}
