package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"awslab/runner/text"
)

func jwtCommand(_ context.Context, c *Call) int {
	if len(c.Args) == 0 {
		return c.Fail(2, "usage: jwt encode|decode|verify ...")
	}
	verb, words := c.Args[0], c.words.JWT
	opts, rest, err := parse(jwtArgs(c.Args[1:]), "S:A:e:ij", map[string]byte{"secret": 'S', "alg": 'A', "exp": 'e', "iat": 'i', "json": 'j'})
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	var secret string
	hasSecret := false
	claims := jwt.MapClaims{}
	now := c.Now()
	for _, o := range opts {
		switch o.flag {
		case 'S':
			secret, hasSecret = o.value, true
			if name, ok := strings.CutPrefix(secret, "@"); ok {
				data, err := c.ReadFile(name)
				if err != nil {
					return c.Fail(1, "%v", err)
				}
				secret = string(data)
			}
		case 'A':
			if o.value != "HS256" {
				return c.Fail(2, "%v", c.own(words.Algorithm, text.Args{"name": o.value}))
			}
		case 'e':
			n, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSuffix(o.value, "s"), "+"), 10, 64)
			if err != nil {
				return c.Fail(2, "%v", c.own(words.Expiry, text.Args{"value": o.value}))
			}
			claims["exp"] = now.Add(time.Duration(n) * time.Second).Unix()
		case 'i':
			claims["iat"] = now.Unix()
		}
	}
	if verb != "decode" && !hasSecret {
		return c.Fail(2, "%s", words.NoSecret)
	}
	if len(rest) > 1 {
		return c.Fail(2, "%s", map[bool]string{true: words.OneClaims, false: words.OneToken}[verb == "encode"])
	}
	var operand string
	if len(rest) == 1 && rest[0] != "-" {
		operand = rest[0]
	} else {
		data, err := c.readAll(c.Stdin)
		if err != nil {
			return ended(err, 1)
		}
		operand = string(data)
	}
	operand = strings.TrimSpace(operand)
	switch verb {
	case "encode":
		return jwtEncode(c, operand, secret, claims)
	case "decode":
		token, _, err := jwt.NewParser(jwt.WithJSONNumber()).ParseUnverified(operand, jwt.MapClaims{})
		if err != nil {
			return c.jwtRefuse(err)
		}
		return jwtPrint(c, token)
	case "verify":
		token, err := jwt.NewParser(jwt.WithJSONNumber(), jwt.WithValidMethods([]string{"HS256"}), jwt.WithTimeFunc(c.Now)).
			ParseWithClaims(operand, jwt.MapClaims{}, func(*jwt.Token) (any, error) { return []byte(secret), nil })
		if err != nil {
			return c.jwtRefuse(err)
		}
		return jwtPrint(c, token)
	}
	return c.Fail(2, "%v", c.own(words.NoVerb, text.Args{"verb": verb}))
}

// jwtRefuse says why a token is not read or not believed.
func (c *Call) jwtRefuse(err error) int {
	words := c.words.JWT
	switch {
	case errors.Is(err, jwt.ErrTokenMalformed):
		return c.Fail(1, "%s", words.NoToken)
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return c.Fail(1, "%s", words.Signature)
	case errors.Is(err, jwt.ErrTokenExpired):
		return c.Fail(1, "%s", words.Expired)
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return c.Fail(1, "%s", words.NotYet)
	}
	return c.Fail(1, "%v", c.own(words.Unread, text.Args{"cause": err.Error()}))
}

// jwtArgs lets --exp take a negative number apart from it.
func jwtArgs(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		if (args[i] == "--exp" || args[i] == "-e") && i+1 < len(args) {
			out = append(out, "--exp="+args[i+1])
			i++
			continue
		}
		out = append(out, args[i])
	}
	return out
}

func jwtEncode(c *Call, given, secret string, extra jwt.MapClaims) int {
	claims := jwt.MapClaims{}
	if given != "" {
		dec := json.NewDecoder(strings.NewReader(given))
		dec.UseNumber()
		if err := dec.Decode(&claims); err != nil {
			return c.Fail(1, "%v", c.own(c.words.JWT.NotClaims, text.Args{"cause": err.Error()}))
		}
	}
	for name, value := range extra {
		claims[name] = value
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(secret))
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	_, err = fmt.Fprintln(c.Stdout, signed)
	return ended(err, 0)
}

func jwtPrint(c *Call, token *jwt.Token) int {
	data, err := json.MarshalIndent(map[string]any{"header": token.Header, "payload": token.Claims}, "", "  ")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	_, err = fmt.Fprintln(c.Stdout, string(data))
	return ended(err, 0)
}
