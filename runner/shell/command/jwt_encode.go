package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"awslab/runner/text"
)

// jwtTimes are claims that count seconds (RFC 7519, 4.1).
var jwtTimes = map[string]bool{"exp": true, "nbf": true, "iat": true}

// encode prints a signed token. Options go before what the operand says.
func (j *jwtCall) encode() int {
	given, err := j.operand(false, j.say.OneClaims)
	if err != nil {
		return j.Fail(2, "%v", err)
	}
	claims := jwt.MapClaims{}
	if given != "" {
		if claims, err = j.object(given); err != nil {
			return j.Fail(1, "%v", err)
		}
	}
	maps.Copy(claims, j.claims)
	key, code, err := j.key(true)
	if err != nil {
		return j.Fail(code, "%v", err)
	}
	token := jwt.NewWithClaims(jwt.GetSigningMethod(j.alg), claims)
	maps.Copy(token.Header, j.header)
	signed, err := token.SignedString(key)
	if err != nil {
		return j.Fail(1, "%v", j.own(j.say.Unsigned, text.Args{"cause": err.Error()}))
	}
	_, err = fmt.Fprintln(j.Stdout, signed)
	return ended(err, 0)
}

// object reads claims that are given as JSON.
func (j *jwtCall) object(given string) (jwt.MapClaims, error) {
	names, err := memberNames([]byte(given))
	if err == nil {
		if name := repeated(names); name != "" {
			return nil, j.own(j.say.Twice, text.Args{"name": name})
		}
		claims := jwt.MapClaims{}
		dec := json.NewDecoder(strings.NewReader(given))
		dec.UseNumber()
		if err = dec.Decode(&claims); err == nil {
			return claims, nil
		}
	}
	return nil, j.own(j.say.NotClaims, text.Args{"cause": err.Error()})
}

// member reads NAME=TEXT or NAME:=JSON, as httpie has it.
func (j *jwtCall) member(of map[string]any, option, given string) error {
	name, value, ok := strings.Cut(given, "=")
	if !ok || name == "" || name == ":" {
		return j.own(j.say.Member, text.Args{"option": option, "value": given})
	}
	if name, isJSON := strings.CutSuffix(name, ":"); isJSON {
		dec := json.NewDecoder(strings.NewReader(value))
		dec.UseNumber()
		var tree any
		if err := dec.Decode(&tree); err != nil || dec.More() {
			return j.own(j.say.MemberJSON, text.Args{"option": option, "value": given})
		}
		return j.set(of, name, tree)
	}
	if jwtTimes[name] && option == "--claim" {
		return j.own(j.say.Seconds, text.Args{"name": name})
	}
	return j.set(of, name, value)
}

func (j *jwtCall) set(of map[string]any, name string, value any) error {
	if _, twice := of[name]; twice {
		return j.own(j.say.Twice, text.Args{"name": name})
	}
	of[name] = value
	return nil
}

// lasting reads a time from now: as Go has it (1h30m), in days (7d), or a number
// of seconds; less than nothing is the past.
func lasting(given string) (time.Duration, bool) {
	var d time.Duration
	if days, ok := strings.CutSuffix(given, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n > 36500 || n < -36500 {
			return 0, false
		}
		return time.Duration(n) * 24 * time.Hour, true
	}
	if n, err := strconv.ParseInt(given, 10, 64); err == nil {
		if n > int64(maxLasting/time.Second) || n < -int64(maxLasting/time.Second) {
			return 0, false
		}
		return time.Duration(n) * time.Second, true
	}
	d, err := time.ParseDuration(given)
	return d, err == nil && d <= maxLasting && d >= -maxLasting
}

var errNotObject = errors.New("it is not a JSON object")
