package awsproto

import (
	"net/http"
	"strings"

	"awslab/runner/awsmodel"
)

// protocol is how an error is to be written.
type protocol struct {
	model *awsmodel.Service // nil: not known
	kind  awsmodel.Protocol
}

// guessProtocol reads off a request, which need not be signed well, which
// protocol its caller speaks.
func guessProtocol(r *http.Request) protocol {
	if _, credential, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(credential, ",")
		if scope := strings.Split(credential, "/"); len(scope) > 3 {
			for _, model := range awsmodel.Services() {
				if model.SigningName == scope[3] {
					return protocol{model, model.Protocol}
				}
			}
		}
	}
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		return protocol{kind: awsmodel.JSON11}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"), r.URL.Query().Has("Action"):
		return protocol{kind: awsmodel.Query}
	}
	return protocol{kind: awsmodel.RESTJSON}
}

// queryCodes are the names that awsQuery services give the errors of signing
// (IAM API Reference, "Common errors").
var queryCodes = map[string]string{
	"MissingAuthenticationTokenException": "MissingAuthenticationToken",
	"InvalidSignatureException":           "SignatureDoesNotMatch",
	"ExpiredTokenException":               "ExpiredToken",
	"UnrecognizedClientException":         "InvalidClientTokenId",
	"IncompleteSignatureException":        "IncompleteSignature",
}

// lowerCase are the errors of Lambda whose message is "message" on the wire; of
// the others it is "Message" (API model 2015-03-31, botocore 1.43).
var lowerCase = map[string]bool{
	"CapacityProviderLimitExceededException":                    true,
	"CodeStorageExceededException":                              true,
	"FunctionVersionsPerCapacityProviderLimitExceededException": true,
	"InvalidParameterValueException":                            true,
	"InvalidRequestContentException":                            true,
	"PolicyLengthExceededException":                             true,
	"PreconditionFailedException":                               true,
	"ProvisionedConcurrencyConfigNotFoundException":             true,
	"RequestTooLargeException":                                  true,
	"ResourceConflictException":                                 true,
	"ResourceNotReadyException":                                 true,
	"SerializedRequestEntityTooLargeException":                  true,
	"TooManyRequestsException":                                  true,
	"UnsupportedMediaTypeException":                             true,
}

// fail writes an error.
func (h *Handler) fail(w http.ResponseWriter, p protocol, requestID string, err error) {
	f := faultOf(p.model, err)
	w.Header().Set("X-Amzn-Requestid", requestID)
	switch p.kind {
	case awsmodel.Query:
		if code, ok := queryCodes[f.code]; ok {
			f.code = code
		}
		writeAll(w, "text/xml", f.status, queryError(p.model, requestID, f))
	case awsmodel.JSON11:
		// Where REST services answer 401, 403 or 404, awsJson1_1 answers 400.
		if f.status > http.StatusBadRequest && f.status <= http.StatusNotFound {
			f.status = http.StatusBadRequest
		}
		writeAll(w, "application/x-amz-json-1.1", f.status, marshal(f.tree("__type", f.code, "message")))
	case awsmodel.RESTJSON:
		w.Header().Set("X-Amzn-Errortype", f.code)
		if f.retryAfter != "" {
			w.Header().Set("Retry-After", f.retryAfter)
		}
		if p.model == nil || p.model.Name != "lambda" || f.members == nil {
			writeAll(w, "application/json", f.status, marshal(f.tree("", "", "message")))
			return
		}
		kind, message := "User", "Message"
		if !f.sender {
			kind = "Service"
		}
		if lowerCase[f.code] {
			message = "message"
		}
		writeAll(w, "application/json", f.status, marshal(f.tree("Type", kind, message)))
	}
}

// tree is the body of an error in JSON, with one member in front where there is
// one to be.
func (f fault) tree(first, value, message string) *awsmodel.Object {
	tree := &awsmodel.Object{}
	if first != "" {
		tree.Set(first, value)
	}
	tree.Set(message, f.message)
	if f.members == nil {
		return tree
	}
	for _, key := range f.members.Keys() {
		member, _ := f.members.Get(key)
		tree.Set(key, member)
	}
	return tree
}
