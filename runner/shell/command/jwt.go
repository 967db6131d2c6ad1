package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"awslab/runner/text"
)

// jwtAlgorithms are those of RFC 7518 that lessons meet, by what their keys are:
// a secret that both sides have, a pair of RSA keys, a pair of keys on a curve.
var jwtAlgorithms = []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", noAlgorithm}

// noAlgorithm signs nothing. It is taken where somebody asks for it by name.
const noAlgorithm = "none"

// jwtCall is one call of jwt.
type jwtCall struct {
	*Call
	say       text.JWTWords
	alg       string
	secret    string
	hasSecret bool
	quiet     bool // no remarks: a program reads the answer
	claims    jwt.MapClaims
	header    map[string]any
	operands  []string
}

// jwtOptions are the options of each verb, by letter; those with a colon take a
// value. A key and an algorithm are the caller's to say, also when verifying: what
// a token says of its own algorithm is what an attacker wrote.
var jwtOptions = map[string]string{"encode": "S:A:c:H:e:i", "decode": "j", "verify": "S:A:j"}

var jwtLong = map[string]byte{"secret": 'S', "alg": 'A', "claim": 'c', "header": 'H', "expires": 'e', "exp": 'e', "iat": 'i', "json": 'j'}

// JWTCandidates are what may stand behind some words of a call of jwt: a verb, or
// the verb's options.
func JWTCandidates(words []string) []string {
	if len(words) == 0 {
		return append(slices.Sorted(maps.Keys(jwtOptions)), "--help")
	}
	var names []string
	for name, letter := range jwtLong {
		if strings.ContainsRune(jwtOptions[words[0]], rune(letter)) && name != "exp" {
			names = append(names, "--"+name)
		}
	}
	slices.Sort(names)
	return names
}

func jwtCommand(_ context.Context, c *Call) int {
	j := jwtCall{Call: c, say: c.words.JWT, alg: "HS256", claims: jwt.MapClaims{}, header: map[string]any{}}
	if len(c.Args) == 0 {
		return c.Fail(2, "%s", j.say.NoCommand)
	}
	short, ok := jwtOptions[c.Args[0]]
	if !ok {
		return c.Fail(2, "%v", c.own(j.say.NoVerb, text.Args{"verb": c.Args[0]}))
	}
	long := maps.Clone(jwtLong)
	maps.DeleteFunc(long, func(_ string, letter byte) bool { return !strings.ContainsRune(short, rune(letter)) })
	opts, operands, err := parse(c.Args[1:], short, long)
	j.operands = operands
	for _, o := range opts {
		if err == nil {
			err = j.option(o)
		}
	}
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	switch c.Args[0] {
	case "encode":
		return j.encode()
	case "verify":
		return j.verify()
	default:
		return j.decode()
	}
}

func (j *jwtCall) option(o option) error {
	switch o.flag {
	case 'S':
		j.secret, j.hasSecret = o.value, true
	case 'A':
		if j.alg = o.value; !slices.Contains(jwtAlgorithms, o.value) {
			return j.own(j.say.Algorithm, text.Args{"name": o.value, "known": strings.Join(jwtAlgorithms, ", ")})
		}
	case 'c':
		return j.member(j.claims, "--claim", o.value)
	case 'H':
		if name, _, _ := strings.Cut(o.value, "="); strings.TrimSuffix(name, ":") == "alg" {
			return errors.New(j.say.HeaderAlg)
		}
		return j.member(j.header, "--header", o.value)
	case 'e':
		lasts, ok := lasting(o.value)
		if !ok {
			return j.own(j.say.Expiry, text.Args{"value": o.value})
		}
		return j.set(j.claims, "exp", j.Now().Add(lasts).Unix())
	case 'i':
		return j.set(j.claims, "iat", j.Now().Unix())
	case 'j':
		j.quiet = true
	}
	return nil
}

// operand is the one operand of a call; "-" stands for the input, as does none
// where one is needed.
func (j *jwtCall) operand(needed bool, twice string) (string, error) {
	switch {
	case len(j.operands) > 1:
		return "", errors.New(twice)
	case len(j.operands) == 1 && j.operands[0] != "-":
		return strings.TrimSpace(j.operands[0]), nil
	case len(j.operands) == 0 && !needed:
		return "", nil
	}
	data, err := j.readAll(j.Stdin)
	return strings.TrimSpace(string(data)), err
}

// decode takes a token apart. It believes nothing of it.
func (j *jwtCall) decode() int {
	given, err := j.operand(true, j.say.OneToken)
	if err != nil {
		return j.Fail(2, "%v", err)
	}
	token, fault := readToken(given)
	if fault != nil {
		return j.Fail(1, "%v", j.faulty(fault))
	}
	j.remark(j.say.Unverified, nil)
	if name := token.twice(); name != "" {
		j.remark(j.say.TokenTwice, text.Args{"name": name})
	}
	j.remarkExpiry(token)
	return j.print(token)
}

// verify takes a token apart if its signature is that of the key, and its time has
// come and is not over.
func (j *jwtCall) verify() int {
	given, err := j.operand(true, j.say.OneToken)
	if err != nil {
		return j.Fail(2, "%v", err)
	}
	key, code, err := j.key(false)
	if err != nil {
		return j.Fail(code, "%v", err)
	}
	token, fault := readToken(given)
	if fault != nil {
		return j.Fail(1, "%v", j.faulty(fault))
	}
	if name := token.twice(); name != "" {
		return j.Fail(1, "%v", j.own(j.say.TokenTwice, text.Args{"name": name}))
	}
	if found := token.algorithm(); found != j.alg {
		return j.Fail(1, "%v", j.own(j.say.OtherAlgorithm, text.Args{"found": found, "want": j.alg}))
	}
	if names := token.critical(); names != "" { // RFC 7515, 4.1.11; golang-jwt does not look
		return j.Fail(1, "%v", j.own(j.say.Critical, text.Args{"names": names}))
	}
	_, err = jwt.NewParser(jwt.WithJSONNumber(), jwt.WithStrictDecoding(), jwt.WithValidMethods([]string{j.alg}), jwt.WithTimeFunc(j.Now)).
		Parse(given, func(*jwt.Token) (any, error) { return key, nil })
	if err != nil {
		return j.Fail(1, "%v", j.refusal(err))
	}
	j.remarkExpiry(token)
	return j.print(token)
}

// faulty says what is no token.
func (j *jwtCall) faulty(fault *tokenFault) error {
	args := text.Args{"part": fmt.Sprint(fault.part)}
	switch fault.kind {
	case faultScheme:
		return j.own(j.say.Scheme, args)
	case faultLetters:
		return j.own(j.say.Letters, args)
	case faultJSON:
		return j.own(j.say.NoObject, args)
	}
	return j.own(j.say.NoToken, args)
}

// refusal says why a token is not believed.
func (j *jwtCall) refusal(err error) error {
	switch {
	case errors.Is(err, jwt.ErrTokenSignatureInvalid):
		return errors.New(j.say.Signature)
	case errors.Is(err, jwt.ErrTokenExpired):
		return errors.New(j.say.Expired)
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return errors.New(j.say.NotYet)
	case errors.Is(err, jwt.ErrInvalidType):
		return errors.New(j.say.NoTime)
	}
	return j.own(j.say.Unread, text.Args{"cause": err.Error()})
}

// print writes header and claims as JSON, just as the token has them.
func (j *jwtCall) print(token *rawToken) int {
	var b bytes.Buffer
	whole := []byte(`{"header":` + string(token.header) + `,"payload":` + string(token.claims) + `}`)
	if err := json.Indent(&b, whole, "", "  "); err != nil {
		return j.Fail(1, "%v", err)
	}
	b.WriteByte('\n')
	_, err := j.Stdout.Write(b.Bytes())
	return ended(err, 0)
}

// remark says what a reader should know, beside the answer.
func (j *jwtCall) remark(sentence string, args text.Args) {
	if !j.quiet {
		_, _ = fmt.Fprintf(j.Stderr, "%s: %s\n", j.Name, args.Fill(sentence)) // nobody is left to tell
	}
}

// remarkExpiry says in a reader's terms when a token expires.
func (j *jwtCall) remarkExpiry(token *rawToken) {
	at, ok := token.expiry()
	if !ok {
		return
	}
	args := text.Args{"time": at.UTC().Format("2006-01-02 15:04:05 UTC")}
	if at.After(j.Now()) {
		j.remark(j.say.ExpiresAt, args)
	} else {
		j.remark(j.say.ExpiredAt, args)
	}
}

// maxLasting bounds how far from now a token may expire: a hundred years.
const maxLasting = 100 * 365 * 24 * time.Hour
