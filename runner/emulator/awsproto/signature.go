package awsproto

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
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
	Service     string // signing name in the credential scope: "lambda"
	Region      string
}

// Credentials gives the secret of an access key, and whose it is.
type Credentials func(accessKeyID string) (secret, principal string, ok bool)

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
	presigned                          bool
}

// Verifier checks signatures. It is safe for concurrent use.
type Verifier struct {
	credentials Credentials
	signer      *v4.Signer // remembers derived keys
}

// NewVerifier makes a verifier over the access keys that it is to know.
func NewVerifier(credentials Credentials) *Verifier {
	return &Verifier{credentials, v4.NewSigner()}
}

// Verify checks a request's Signature Version 4 by signing it again with the
// SDK's signer. body is the whole body. The error is a [*WireError] in AWS's
// words.
func (v *Verifier) Verify(r *http.Request, body []byte, now time.Time) (Identity, error) {
	auth, err := parseAuthorization(r)
	if err != nil {
		return Identity{}, err
	}
	secret, principal, ok := v.credentials(auth.accessKeyID)
	if !ok {
		return Identity{}, &WireError{Code: "UnrecognizedClientException", Status: http.StatusForbidden, Message: "The security token included in the request is invalid."}
	}
	if err := auth.checkTime(now); err != nil {
		return Identity{}, err
	}
	payloadHash, err := payloadHash(r, body, auth.presigned)
	if err != nil {
		return Identity{}, err
	}
	signature, err := auth.sign(v.signer, r, payloadHash, aws.Credentials{AccessKeyID: auth.accessKeyID, SecretAccessKey: secret})
	if err != nil || subtle.ConstantTimeCompare([]byte(signature), []byte(auth.signature)) != 1 {
		return Identity{}, &WireError{Code: "InvalidSignatureException", Status: http.StatusForbidden, Message: "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."}
	}
	return Identity{AccessKeyID: auth.accessKeyID, Principal: principal, Service: auth.service, Region: auth.region}, nil
}

func parseAuthorization(r *http.Request) (authorization, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		if query := r.URL.Query(); query.Get("X-Amz-Signature") != "" {
			return parsePresigned(query)
		}
		return authorization{}, &WireError{Code: "MissingAuthenticationTokenException", Status: http.StatusForbidden, Message: "Missing Authentication Token"}
	}
	rest, ok := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	if !ok {
		return authorization{}, incomplete("Unsupported AWS 'algorithm': '" + firstWord(header) + "'. ")
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		key, value, found := strings.Cut(strings.TrimSpace(part), "=")
		if !found {
			return authorization{}, incomplete("'" + strings.TrimSpace(part) + "' not a valid key=value pair (missing equal-sign) in Authorization header: '" + header + "'.")
		}
		parts[key] = value
	}
	for _, name := range []string{"Credential", "SignedHeaders", "Signature"} {
		if parts[name] == "" {
			return authorization{}, incomplete("Authorization header requires '" + name + "' parameter. Authorization=" + firstWord(header))
		}
	}
	return newAuthorization(parts["Credential"], parts["SignedHeaders"], parts["Signature"], r.Header.Get("X-Amz-Date"), "")
}

func parsePresigned(query url.Values) (authorization, error) {
	if query.Get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" {
		return authorization{}, incomplete("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"")
	}
	auth, err := newAuthorization(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"), query.Get("X-Amz-Date"), query.Get("X-Amz-Expires"))
	auth.presigned = true
	return auth, err
}

func newAuthorization(credential, signedHeaders, signature, date, expires string) (authorization, error) {
	scope := strings.Split(credential, "/")
	if len(scope) != 5 || scope[4] != "aws4_request" {
		return authorization{}, incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '" + credential + "'")
	}
	at, err := time.Parse(timeFormat, date)
	if err != nil {
		return authorization{}, incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	if at.Format("20060102") != scope[1] {
		return authorization{}, &WireError{Code: "InvalidSignatureException", Status: http.StatusForbidden, Message: "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '" + scope[1] + "' != '" + at.Format("20060102") + "', from '" + date + "'."}
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
	invalid := func(message string) error {
		return &WireError{Code: "InvalidSignatureException", Status: http.StatusForbidden, Message: message}
	}
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
	if sent == "UNSIGNED-PAYLOAD" || (presigned && sent == "") {
		if presigned && len(body) == 0 && sent == "" {
			return hash(nil), nil
		}
		return "UNSIGNED-PAYLOAD", nil
	}
	sum := hash(body)
	if sent != "" && sent != sum {
		return "", &WireError{Code: "InvalidSignatureException", Status: http.StatusForbidden, Message: "The provided 'x-amz-content-sha256' header does not match what was computed."}
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
	for name := range query {
		if strings.HasPrefix(name, "X-Amz-") && name != "X-Amz-Expires" && name != "X-Amz-Security-Token" {
			query.Del(name)
		}
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

func incomplete(message string) error {
	return &WireError{Code: "IncompleteSignatureException", Status: http.StatusForbidden, Message: message}
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
