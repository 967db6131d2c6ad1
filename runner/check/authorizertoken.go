package check

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// How long tokens are good, and for how long one that is over has been. The time of
// issue lies a little back, so that a clock that is behind ours takes the token.
const (
	tokenLife = 5 * time.Minute
	tokenOver = time.Hour
	tokenSkew = time.Minute
)

// tokenMaker makes the tokens of a run, and keeps them and their key out of all that is
// shown: each is called by the name of its case.
type tokenMaker struct {
	algorithm      *jwt.SigningMethodHMAC
	key            string
	reference      string // what the fence says of the key
	claims, denied map[string]any
	now            func() time.Time
	random         io.Reader

	hidden   []string          // texts and what stands for them, in turn
	commands map[string]string // what makes a token anew, by what stands for it
	replacer *strings.Replacer // of hidden; nil when there are more
}

// newTokens fills the variables into key and claims.
func (c *authorizerCheck) newTokens(ctx context.Context, p *probe) (*tokenMaker, error) {
	t := &tokenMaker{algorithm: c.algorithm, reference: c.secret, now: p.now, random: p.Random, commands: map[string]string{}}
	if t.random == nil {
		t.random = rand.Reader
	}
	var err error
	if t.key, err = p.expand(ctx, c.secret); err != nil {
		return nil, err
	}
	for _, one := range []struct {
		from map[string]any
		to   *map[string]any
	}{{c.claims, &t.claims}, {c.denied, &t.denied}} {
		filled, err := p.filled(ctx, one.from)
		if err != nil {
			return nil, err
		}
		*one.to, _ = filled.(map[string]any)
	}
	if t.key == "" {
		return nil, &UnsetError{Name: cmp.Or(variableOf(c.secret), "secret")}
	}
	t.hide(t.key, "****")
	for _, variant := range variantsOf(t.key) {
		if variant.name == "decoded" {
			t.hide(variant.key, "****")
		}
	}
	for line := range strings.SplitSeq(wrapped(t.key), "\n") {
		t.hide(line, "****")
	}
	return t, nil
}

// leastHidden is the length of the shortest text that is kept out of what is shown:
// of a shorter one there would be holes everywhere.
const leastHidden = 4

func (t *tokenMaker) hide(text, mark string) {
	if len(text) >= leastHidden {
		t.hidden, t.replacer = append(t.hidden, text, mark), nil
	}
}

// mask takes tokens and their key out of a text.
func (t *tokenMaker) mask(text string) string {
	if t.replacer == nil {
		t.replacer = strings.NewReplacer(t.hidden...)
	}
	return t.replacer.Replace(text)
}

// mint makes the token of a case, "" for the case without one.
func (t *tokenMaker) mint(name string) (string, error) {
	id, err := t.id()
	if err != nil || name == caseNone {
		return "", err
	}
	claims, age, key := t.claims, -tokenLife, t.key
	switch name {
	case caseMalformed:
		return "not-a-token-" + id, nil // no cache has it
	case caseDeny:
		claims = t.denied
	case caseExpired:
		age = tokenOver
	case caseWrongKey:
		if key, err = t.id(); err != nil {
			return "", err
		}
		t.hide(key, "****")
	}
	text, err := t.sign(claims, id, age, key, name)
	if err != nil || name != caseTampered {
		return text, err
	}
	// The signature of the same claims with another jti.
	if id, err = t.id(); err != nil {
		return "", err
	}
	other, err := t.sign(claims, id, age, key, name)
	if err != nil {
		return "", err
	}
	changed := text[:strings.LastIndex(text, ".")] + other[strings.LastIndex(other, "."):]
	t.hide(changed, mark(name))
	return changed, nil
}

// variant makes a token of the case allow that is signed with another key.
func (t *tokenMaker) variant(key string) (string, error) {
	id, err := t.id()
	if err != nil {
		return "", err
	}
	return t.sign(t.claims, id, -tokenLife, key, caseAllow)
}

// mark stands for the token of a case where it is shown.
func mark(name string) string { return "<token:" + name + ">" }

// sign makes a token that has been over for age, or will be when that is negative.
func (t *tokenMaker) sign(claims map[string]any, id string, age time.Duration, key, name string) (string, error) {
	all := jwt.MapClaims{}
	maps.Copy(all, claims)
	end := t.now().Add(-age)
	all["jti"], all["exp"], all["iat"] = id, end.Unix(), min(t.now().Add(-tokenSkew).Unix(), end.Add(-tokenLife).Unix())
	var text string
	var err error
	if name == caseUnsigned {
		text, err = jwt.NewWithClaims(jwt.SigningMethodNone, all).SignedString(jwt.UnsafeAllowNoneSignatureType)
	} else {
		text, err = jwt.NewWithClaims(t.algorithm, all).SignedString([]byte(key))
	}
	if err != nil {
		return "", fmt.Errorf("a token cannot be made: %w", err)
	}
	t.hide(text, mark(name))
	// The part that works as a key, wherever a log has it alone.
	t.hide(text[strings.LastIndex(text, ".")+1:], "****")
	t.commands[mark(name)] = t.command(name)
	return text, nil
}

// id is a text that nobody else has.
func (t *tokenMaker) id() (string, error) {
	var b [16]byte
	if _, err := io.ReadFull(t.random, b[:]); err != nil {
		return "", fmt.Errorf("no random bytes: %w", err)
	}
	return hex.EncodeToString(b[:]), nil
}

// command is the one that makes a token of a case, with the key out of the
// environment, as awslab's shell and `awslab env` have it.
func (t *tokenMaker) command(name string) string {
	command := t.encode(t.claims, "5m")
	switch name {
	case caseDeny:
		command = t.encode(t.denied, "5m")
	case caseExpired:
		command = t.encode(t.claims, "-1h")
	case caseWrongKey:
		command += " --secret another-key"
	case caseUnsigned:
		command += " --alg none"
	case caseTampered:
		return "$(" + command + " | cut -d. -f1,2).$(" + t.encode(t.claims, "6m") + " | cut -d. -f3)"
	}
	return "$(" + command + ")"
}

// encode is a `jwt encode` with claims and a life.
func (t *tokenMaker) encode(claims map[string]any, life string) string {
	var words []string
	if name := variableOf(t.reference); name != "JWT_SECRET" {
		key := "…"
		if name != "" {
			key = `"$` + name + `"`
		}
		words = append(words, "JWT_SECRET="+key)
	}
	words = append(words, "jwt encode")
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		if text, ok := claims[name].(string); ok {
			words = append(words, "--claim", quote(name+"="+text))
		} else {
			words = append(words, "--claim", quote(name+":="+encode(claims[name])))
		}
	}
	words = append(words, "--expires="+life)
	if t.algorithm != jwt.SigningMethodHS256 {
		words = append(words, "--alg", t.algorithm.Alg())
	}
	return strings.Join(words, " ")
}

// variableOf is the name of the variable that a text is, "" for any other text.
func variableOf(text string) string {
	if match := reference.FindString(text); match == "" || match != text {
		return ""
	}
	return strings.Trim(text, "${}")
}

// runnable puts the commands that make tokens into a command in which their marks
// stand: those are in single quotes there, where nothing is expanded.
func (t *tokenMaker) runnable(command string) string {
	for _, mark := range slices.Sorted(maps.Keys(t.commands)) {
		command = strings.ReplaceAll(command, mark, `'"`+t.commands[mark]+`"'`)
	}
	return command
}
