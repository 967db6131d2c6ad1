package executeapi

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// verdictMembers are those that the answer of an authorizer of a REST API may have;
// another one makes it none (public execution logs: Unrecognized field).
var verdictMembers = []string{"principalId", "policyDocument", "context", "usageIdentifierKey"}

// readRESTVerdict reads the answer of an authorizer of a REST API. That it has no
// principalId is nothing to AWS (public curl transcripts; in public logs it is "").
// The error is errUnauthorized or a [*badAuthorizer], whose lines follow public
// execution logs as far as there were any.
func (h *Handler) readRESTVerdict(reply Reply) (*verdict, error) {
	if reply.Failed && errorMessage(reply.Payload) == errUnauthorized.Error() {
		return nil, errUnauthorized
	}
	bad := func(detail, logged string) (*verdict, error) { return nil, &badAuthorizer{detail, []string{logged}} }
	if !reply.Failed && string(bytes.TrimSpace(reply.Payload)) == "null" {
		return bad("its answer is null", noPolicy)
	}
	members, ok := object(reply.Payload)
	unknown, logged := "", badAnswer
	strange := slices.ContainsFunc(slices.Collect(maps.Keys(members)), func(name string) bool { return !slices.Contains(verdictMembers, name) })
	if strange {
		unknown = clip(unknownMember(reply.Payload))
		logged += `: Unrecognized field "` + unknown + `" , not marked as ignorable`
	}
	switch {
	case reply.Failed:
		return bad("it failed: "+errorText(reply.Payload), logged)
	case !ok:
		return bad("its answer is no object", logged)
	case strange:
		return bad("its answer has a member that none may have: "+unknown, logged)
	}
	raw, ok := present(members, "policyDocument")
	if !ok {
		return bad("it has no policyDocument", noPolicy)
	}
	said := &verdict{document: string(raw), size: len(reply.Payload)}
	var err error
	if said.policy, err = h.readPolicy(raw); err != nil {
		return bad(err.Error(), badPolicy)
	}
	for name, into := range map[string]*string{"principalId": &said.principal, "usageIdentifierKey": &said.usageKey} {
		if raw, ok := present(members, name); ok {
			if *into, ok = scalar(raw); !ok {
				return bad("its "+name+" is no text", badAnswer)
			}
		}
	}
	// A context's own principalId or integrationLatency would be one of two; of which
	// AWS passes on no record was found.
	if said.context, err = readContext(members, true, "principalId", "integrationLatency"); err != nil {
		return bad(err.Error(), badAnswer)
	}
	return said, nil
}

// What of these lines was seen is in ExpanseLLC/lambda_authorizer#1 (null),
// aws/aws-lambda-java-libs#184 (a policy that is none) and, with a field's name
// behind it, in logs of functions that failed.
const (
	noPolicy  = "Could not parse policy"
	badPolicy = "Unable to parse given policy"
	badAnswer = "Invalid JSON in response"
)

// unknownMember is the first member that an authorizer's answer may not have: which
// one that is a map does not know.
func unknownMember(object []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return ""
	}
	for decoder.More() {
		token, err := decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return ""
		}
		if !slices.Contains(verdictMembers, name) {
			return name
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return ""
		}
	}
	return ""
}
