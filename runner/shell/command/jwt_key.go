package command

import (
	"encoding/pem"
	"errors"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"awslab/runner/text"
)

// jwtSecret is the variable with the key where no option gives one: whoever can
// list a machine's processes sees what they are called with, but not this.
const jwtSecret = "JWT_SECRET"

// key is what a token is signed with, or verified. The error comes with its exit
// code.
func (j *jwtCall) key(sign bool) (key any, code int, err error) {
	if j.alg == noAlgorithm {
		if j.hasSecret {
			return nil, 2, errors.New(j.say.NoneKey)
		}
		return jwt.UnsafeAllowNoneSignatureType, 0, nil
	}
	given, file := j.secret, ""
	switch {
	case !j.hasSecret && j.alg[:2] == "HS":
		if given = j.Getenv(jwtSecret); given == "" {
			return nil, 2, errors.New(j.say.NoSecret)
		}
	case !j.hasSecret:
		return nil, 2, j.own(j.say.NoKey, text.Args{"alg": j.alg})
	default:
		if name, ok := strings.CutPrefix(given, "@"); ok {
			data, err := j.ReadFile(name)
			if err != nil {
				return nil, 1, err
			}
			given, file = string(data), name
		}
	}
	if j.alg[:2] == "HS" {
		key, err = j.shared(given, file)
	} else {
		key, err = j.pair(given, sign)
	}
	return key, 1, err
}

// shared is the key of an HMAC: the text as it is. A public key is none, for
// everybody has it: whoever takes it for one believes what anybody signs.
func (j *jwtCall) shared(given, file string) (any, error) {
	if block, _ := pem.Decode([]byte(given)); block != nil {
		return nil, j.own(j.say.PEM, text.Args{"alg": j.alg})
	}
	if given == "" {
		return nil, errors.New(j.say.Empty)
	}
	if file != "" && strings.HasSuffix(given, "\n") {
		j.remark(j.say.LineEnd, text.Args{"file": file})
	}
	return []byte(given), nil
}

// pair is one half of a pair of keys: the private one signs, the public one (or
// the certificate that holds it) verifies.
func (j *jwtCall) pair(given string, sign bool) (any, error) {
	data := []byte(given)
	bits := 0
	if method, ok := jwt.GetSigningMethod(j.alg).(*jwt.SigningMethodECDSA); ok {
		bits = method.CurveBits
	}
	unfit := j.say.NoPublic
	if sign {
		unfit = j.say.NoPrivate
	}
	var key any
	var err error
	switch {
	case bits > 0 && sign:
		private, failed := jwt.ParseECPrivateKeyFromPEM(data)
		if failed == nil && private.Curve.Params().BitSize != bits {
			failed = jwt.ErrInvalidKey
		}
		key, err = private, failed
	case bits > 0:
		public, failed := jwt.ParseECPublicKeyFromPEM(data)
		if failed == nil && public.Curve.Params().BitSize != bits {
			failed = jwt.ErrInvalidKey
		}
		key, err = public, failed
	case sign:
		key, err = jwt.ParseRSAPrivateKeyFromPEM(data)
	default:
		key, err = jwt.ParseRSAPublicKeyFromPEM(data)
	}
	if err != nil {
		return nil, j.own(unfit, text.Args{"alg": j.alg})
	}
	return key, nil
}
