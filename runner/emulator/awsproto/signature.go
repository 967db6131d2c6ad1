package awsproto

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// Identity is who signed a request, and for what.
type Identity struct {
	AccessKeyID string
	Principal   string // ARN
	UserID      string // unique id, of a temporary key's owner only
	Session     bool   // the key is a temporary one
	Service     string // signing name in the credential scope: "lambda"
	Region      string
}

// Credentials gives the secret of an access key, and whose it is.
type Credentials func(accessKeyID string) (secret, principal string, ok bool)

// Session is a temporary access key: what AssumeRole gives out. A request that it
// signs says its token too.
type Session struct {
	Secret, Token     string
	Principal, UserID string
	Expires           time.Time
}

// Sessions gives the temporary key of an id, also one that has expired.
type Sessions func(accessKeyID string) (Session, bool)

// maxSkew is how far a request's time may be from ours: "Signature expired" and
// "Signature not yet current" beyond five minutes (AWS General Reference,
// "Signature Version 4 troubleshooting").
const maxSkew = 5 * time.Minute

const timeFormat = "20060102T150405Z"

// authorization is the taken-apart Authorization header, or the same things
// from a presigned URL's query.
type authorization struct {
	accessKeyID, date, region, service string
	signedHeaders                      []string
	signature                          string
	at                                 time.Time
	expires                            time.Duration // of a presigned URL
	token                              string        // of a temporary key
	presigned                          bool
}

// Verifier checks signatures. It is safe for concurrent use.
type Verifier struct {
	credentials Credentials
	sessions    Sessions   // nil: temporary keys are unknown
	signer      *v4.Signer // remembers derived keys
}

// NewVerifier makes a verifier over the access keys that it is to know.
func NewVerifier(credentials Credentials) *Verifier {
	return &Verifier{credentials: credentials, signer: v4.NewSigner()}
}

// Knowing gives a verifier that knows temporary keys too.
func (v *Verifier) Knowing(sessions Sessions) *Verifier {
	return &Verifier{credentials: v.credentials, sessions: sessions, signer: v.signer}
}

// Verify checks a request's Signature Version 4 by signing it again with the
// SDK's signer. body is the whole body. The error is a [*WireError] in AWS's
// words.
func (v *Verifier) Verify(r *http.Request, body []byte, now time.Time) (Identity, error) {
	claim, err := v.claim(r, now)
	if err != nil {
		return Identity{}, err
	}
	return claim.check(v.signer, r, body)
}

// claim is who a request says it is from, before its signature is checked.
type claim struct {
	authorization
	secret    string
	principal string
	userID    string
	session   bool
}

// claim reads what stands in the headers or the query, so that what cannot be
// right is refused before its body is read.
func (v *Verifier) claim(r *http.Request, now time.Time) (claim, error) {
	auth, err := parseAuthorization(r)
	if err != nil {
		return claim{}, err
	}
	said, err := v.owner(auth, now)
	if err != nil {
		return claim{}, err
	}
	return said, auth.checkTime(now)
}

// owner finds whose access key a request is signed with. A temporary key's token
// must come along, and a lasting key has none.
func (v *Verifier) owner(auth authorization, now time.Time) (claim, error) {
	unknown := &WireError{Code: "UnrecognizedClientException", Status: http.StatusForbidden, Message: "The security token included in the request is invalid."}
	if v.sessions != nil {
		if s, ok := v.sessions(auth.accessKeyID); ok {
			switch {
			case subtle.ConstantTimeCompare([]byte(auth.token), []byte(s.Token)) != 1:
				return claim{}, unknown
			case !now.Before(s.Expires):
				return claim{}, &WireError{Code: "ExpiredTokenException", Status: http.StatusForbidden, Message: "The security token included in the request is expired"}
			}
			return claim{auth, s.Secret, s.Principal, s.UserID, true}, nil
		}
	}
	secret, principal, ok := v.credentials(auth.accessKeyID)
	if !ok || auth.token != "" {
		return claim{}, unknown
	}
	return claim{auth, secret, principal, "", false}, nil
}

// check checks the signature.
func (c claim) check(signer *v4.Signer, r *http.Request, body []byte) (Identity, error) {
	payloadHash, err := payloadHash(r, body, c.presigned)
	if err != nil {
		return Identity{}, err
	}
	signature, err := c.sign(signer, r, payloadHash, aws.Credentials{AccessKeyID: c.accessKeyID, SecretAccessKey: c.secret})
	if err != nil || subtle.ConstantTimeCompare([]byte(signature), []byte(c.signature)) != 1 {
		return Identity{}, invalid("The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return Identity{AccessKeyID: c.accessKeyID, Principal: c.principal, UserID: c.userID, Session: c.session, Service: c.service, Region: c.region}, nil
}

func parseAuthorization(r *http.Request) (authorization, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		if query := r.URL.Query(); query.Get("X-Amz-Signature") != "" {
			return parsePresigned(query)
		}
		return authorization{}, &WireError{Code: "MissingAuthenticationTokenException", Status: http.StatusForbidden, Message: "Missing Authentication Token"}
	}
	algorithm, rest, _ := strings.Cut(header, " ")
	if algorithm != "AWS4-HMAC-SHA256" && strings.HasPrefix(algorithm, "AWS4-") {
		return authorization{}, incomplete("Unsupported AWS 'algorithm': '" + algorithm + "'.")
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return authorization{}, incomplete("'" + strings.TrimSpace(part) + "' not a valid key=value pair (missing equal-sign) in Authorization header: '" + header + "'.")
		}
		parts[key] = value
	}
	var lacking strings.Builder
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if parts[name] == "" {
			lacking.WriteString("Authorization header requires '" + name + "' parameter. ")
		}
	}
	if r.Header.Get("X-Amz-Date") == "" {
		lacking.WriteString("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
	}
	if lacking.Len() > 0 {
		return authorization{}, incomplete(lacking.String() + "Authorization=" + algorithm)
	}
	auth, err := newAuthorization(parts["Credential"], parts["SignedHeaders"], parts["Signature"], r.Header.Get("X-Amz-Date"), "")
	auth.token = r.Header.Get("X-Amz-Security-Token")
	return auth, err
}

func parsePresigned(query url.Values) (authorization, error) {
	if query.Get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" {
		return authorization{}, incomplete("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
	}
	auth, err := newAuthorization(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"), query.Get("X-Amz-Date"), query.Get("X-Amz-Expires"))
	auth.presigned, auth.token = true, query.Get("X-Amz-Security-Token")
	if auth.expires == 0 {
		auth.expires = 15 * time.Minute // as STS has it for a URL that does not say (aws-iam-authenticator, token.go)
	}
	return auth, err
}

func newAuthorization(credential, signedHeaders, signature, date, expires string) (authorization, error) {
	scope := strings.Split(credential, "/")
	if len(scope) != 5 || scope[4] != "aws4_request" {
		return authorization{}, incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + credential + "'")
	}
	at, err := time.Parse(timeFormat, date)
	if err != nil {
		return authorization{}, incomplete("Date must be in ISO-8601 'basic format'. Got '" + date + "'. See http://en.wikipedia.org/wiki/ISO_8601")
	}
	if at.Format("20060102") != scope[1] {
		return authorization{}, invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" + scope[1] + "' != '" + at.Format("20060102") + "', from '" + date + "'.")
	}
	if !slices.Contains(strings.Split(signedHeaders, ";"), "host") {
		return authorization{}, invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
	}
	auth := authorization{accessKeyID: scope[0], date: scope[1], region: scope[2], service: scope[3], signedHeaders: strings.Split(signedHeaders, ";"), signature: signature, at: at}
	if expires != "" {
		seconds, err := strconv.Atoi(expires)
		if err != nil || seconds < 1 || seconds > 604800 {
			return authorization{}, incomplete("X-Amz-Expires must be a number between 1 and 604800")
		}
		auth.expires = time.Duration(seconds) * time.Second
	}
	return auth, nil
}

func (a authorization) checkTime(now time.Time) error {
	lifetime := maxSkew
	if a.presigned {
		lifetime = a.expires
	}
	now = now.UTC()
	if end := a.at.Add(lifetime); now.After(end) {
		return invalid("Signature expired: " + a.at.Format(timeFormat) + " is now earlier than " + now.Add(-lifetime).Format(timeFormat) + " (" + now.Format(timeFormat) + " - 5 min.)")
	}
	if a.at.After(now.Add(maxSkew)) {
		return invalid("Signature not yet current: " + a.at.Format(timeFormat) + " is still later than " + now.Add(maxSkew).Format(timeFormat) + " (" + now.Format(timeFormat) + " + 5 min.)")
	}
	return nil
}

// payloadHash is the hash that the signature covers, after comparing it with
// the body.
func payloadHash(r *http.Request, body []byte, presigned bool) (string, error) {
	sent := r.Header.Get("X-Amz-Content-Sha256")
	if presigned && sent == "" {
		sent = r.URL.Query().Get("X-Amz-Content-Sha256")
	}
	if sent == "UNSIGNED-PAYLOAD" {
		return sent, nil
	}
	sum := hash(body)
	if sent != "" && sent != sum {
		return "", invalid("The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	return sum, nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// sign signs a copy of the request that has the signed headers only, as the
// caller did, and gives the signature.
func (a authorization) sign(signer *v4.Signer, r *http.Request, payloadHash string, credentials aws.Credentials) (string, error) {
	u := *r.URL
	u.Scheme, u.Host = "http", r.Host
	u.Path, u.RawPath = slashes.ReplaceAllString(u.Path, "/"), slashes.ReplaceAllString(u.RawPath, "/")
	again := &http.Request{Method: r.Method, URL: &u, Host: r.Host, Header: http.Header{}}
	for _, name := range a.signedHeaders {
		switch name {
		case "host":
		case "content-length":
			again.ContentLength = r.ContentLength
		default:
			for _, value := range r.Header.Values(name) {
				again.Header.Add(name, value)
			}
		}
	}
	if !a.presigned {
		if err := signer.SignHTTP(context.Background(), credentials, again, payloadHash, a.service, a.region, a.at); err != nil {
			return "", err
		}
		_, signature, _ := strings.Cut(again.Header.Get("Authorization"), "Signature=")
		return signature, nil
	}
	query := u.Query()
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Signature"} {
		query.Del(name) // the signer puts them in again
	}
	u.RawQuery = query.Encode()
	signed, _, err := signer.PresignHTTP(context.Background(), credentials, again, payloadHash, a.service, a.region, a.at)
	if err != nil {
		return "", err
	}
	parsed, err := url.Parse(signed)
	if err != nil {
		return "", err
	}
	return parsed.Query().Get("X-Amz-Signature"), nil
}

// slashes that follow one another are signed as one ("AWS services require
// consecutive slashes to be removed": botocore, utils.py).
var slashes = regexp.MustCompile("//+")

func invalid(message string) error {
	return &WireError{Code: "InvalidSignatureException", Status: http.StatusForbidden, Message: message}
}

func incomplete(message string) error {
	return &WireError{Code: "IncompleteSignatureException", Status: http.StatusForbidden, Message: message}
}
