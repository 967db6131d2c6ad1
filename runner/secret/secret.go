// Package secret makes the secrets of a student's lessons, and hides them
// wherever awslab shows text.
//
// A value is not stored: it is derived from a random seed that a home keeps, by
// HKDF over the names of course, lesson and variable. So it is the same each
// time, another for each student, and one lesson's tells nothing of another's.
//
// Start at [Open], which gives the [Seed] of a home, and at [NewMask].
package secret

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Name is whose secret it is. Two that differ in anything have values that have
// nothing in common.
type Name struct{ Course, Lesson, Variable string }

// Encoding is how the bytes of a secret are written as text.
type Encoding string

// The encodings. Base64 is the standard one, padded, without line breaks.
const (
	Base64 Encoding = "base64"
	Hex    Encoding = "hex"
)

// Encodings are their names, for messages.
func Encodings() []string { return []string{string(Base64), string(Hex)} }

// The fewest and the most bytes that a secret may have, and how many it has
// unless a lesson says otherwise. RFC 7518, 3.2: a key of HS256 has 32 at least.
const (
	MinBytes     = 16
	MaxBytes     = 1024
	DefaultBytes = 32
)

// context keeps what is derived here apart from whatever else a later awslab may
// derive from a seed.
const context = "awslab lesson secret, version 1"

// Value is the secret of a name: so many random bytes as text.
func (s Seed) Value(name Name, bytes int, encoding Encoding) (string, error) {
	info, err := json.Marshal([]string{context, name.Course, name.Lesson, name.Variable}) // no two names give the same
	if err != nil {
		return "", fmt.Errorf("derive %s: %w", name.Variable, err)
	}
	key, err := hkdf.Key(sha256.New, s.bytes, nil, string(info), bytes)
	if err != nil {
		return "", fmt.Errorf("derive %s: %w", name.Variable, err)
	}
	if encoding == Hex {
		return hex.EncodeToString(key), nil
	}
	return base64.StdEncoding.EncodeToString(key), nil
}
