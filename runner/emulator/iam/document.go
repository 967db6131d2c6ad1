package iam

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// document is a policy document, read once and kept beside its text.
type document struct {
	Version    string
	Statements []statement
}

// statement is one statement. A nil list was absent, an empty one was written
// so.
type statement struct {
	Sid, Effect            string
	Principal              map[string][]string // "AWS", "Service", "Federated", "CanonicalUser"; "*" alone is {"*": {"*"}}
	NotPrincipal           bool
	Action, NotAction      []string
	Resource, NotResource  []string
	Conditions             []condition
	actions                []string // Action or NotAction in lower case
	variables              bool     // the policy's version knows ${…}
	principalNotAnObject   bool
	hasPrincipal, hasEmpty bool // Principal was written; it was {}
}

// The grammar: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.
var (
	topElements       = []string{"Version", "Id", "Statement"}
	statementElements = []string{"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
	vendorText        = regexp.MustCompile(`^[a-zA-Z0-9.-]+$`)
	accountText       = regexp.MustCompile(`^\d{12}$`)
)

// malformed is IAM's error for a document; its wordings come from moto 5.2.1
// (iam/policy_validation.py) and, for trust policies, from versity/versitygw
// (iamapi) and the issues named beside them.
func malformed(message string) error {
	return &types.MalformedPolicyDocumentException{Message: aws.String(message)}
}

// errSyntax is any breach of the grammar; invalidJSON is what CreateRole says
// when the text is no JSON at all (awslabs' recordings: AWSCookbook/Security#2).
const (
	errSyntax   = "Syntax errors in policy."
	invalidJSON = "This policy contains invalid Json"
)

// parseDocument reads a document of either sort. It checks the grammar that
// both share, not what each demands besides.
func parseDocument(text string) (*document, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &top); err != nil || top == nil {
		return nil, malformed(errSyntax)
	}
	for name := range top {
		if !slices.Contains(topElements, name) {
			return nil, malformed(errSyntax)
		}
	}
	doc := &document{}
	if raw, ok := top["Version"]; ok {
		if err := json.Unmarshal(raw, &doc.Version); err != nil || doc.Version != "2012-10-17" && doc.Version != "2008-10-17" {
			return nil, malformed(errSyntax)
		}
	}
	var id string
	if raw, ok := top["Id"]; ok && json.Unmarshal(raw, &id) != nil {
		return nil, malformed(errSyntax)
	}
	var raws []json.RawMessage
	raw := bytes.TrimSpace(top["Statement"])
	switch {
	case len(raw) == 0:
		return nil, malformed(errSyntax)
	case raw[0] == '{':
		raws = []json.RawMessage{raw}
	default:
		if err := json.Unmarshal(raw, &raws); err != nil || raws == nil {
			return nil, malformed(errSyntax)
		}
	}
	for _, raw := range raws {
		st, err := parseStatement(raw)
		if err != nil {
			return nil, err
		}
		st.variables = doc.Version == "2012-10-17"
		doc.Statements = append(doc.Statements, st)
	}
	return doc, nil
}

func parseStatement(raw json.RawMessage) (statement, error) {
	var (
		st       statement
		elements map[string]json.RawMessage
	)
	if err := json.Unmarshal(raw, &elements); err != nil || elements == nil {
		return st, malformed(errSyntax)
	}
	for name := range elements {
		if !slices.Contains(statementElements, name) {
			return st, malformed(errSyntax)
		}
	}
	both := func(a, b string) bool {
		_, hasA := elements[a]
		_, hasB := elements[b]
		return hasA && hasB
	}
	if both("Action", "NotAction") || both("Resource", "NotResource") || both("Principal", "NotPrincipal") {
		return st, malformed(errSyntax)
	}
	for name, into := range map[string]*string{"Sid": &st.Sid, "Effect": &st.Effect} {
		if raw, ok := elements[name]; ok && json.Unmarshal(raw, into) != nil {
			return st, malformed(errSyntax)
		}
	}
	for name, into := range map[string]*[]string{"Action": &st.Action, "NotAction": &st.NotAction, "Resource": &st.Resource, "NotResource": &st.NotResource} {
		if raw, ok := elements[name]; ok {
			list, err := stringOrList(raw)
			if err != nil {
				return st, err
			}
			*into = list
		}
	}
	for _, action := range slices.Concat(st.Action, st.NotAction) {
		st.actions = append(st.actions, lower(action))
	}
	if raw, ok := elements["Condition"]; ok {
		conditions, err := parseCondition(raw)
		if err != nil {
			return st, err
		}
		st.Conditions = conditions
	}
	_, st.NotPrincipal = elements["NotPrincipal"]
	if raw, ok := elements["Principal"]; ok {
		if err := st.parsePrincipal(raw); err != nil {
			return st, err
		}
	}
	return st, nil
}

func (st *statement) parsePrincipal(raw json.RawMessage) error {
	st.hasPrincipal = true
	var all string
	if json.Unmarshal(raw, &all) == nil {
		st.Principal = map[string][]string{"*": {all}}
		st.principalNotAnObject = all != "*"
		return nil
	}
	var byKind map[string]json.RawMessage
	if err := json.Unmarshal(raw, &byKind); err != nil {
		return malformed(errSyntax)
	}
	st.hasEmpty = len(byKind) == 0
	st.Principal = map[string][]string{}
	for kind, raw := range byKind {
		list, err := stringOrList(raw)
		if err != nil {
			return err
		}
		st.Principal[kind] = list
	}
	return nil
}

// stringOrList reads a string or a list of strings; the list is not nil.
func stringOrList(raw json.RawMessage) ([]string, error) {
	var one *string
	if err := json.Unmarshal(raw, &one); err == nil && one != nil {
		return []string{*one}, nil
	}
	var list []*string
	if err := json.Unmarshal(raw, &list); err != nil || list == nil {
		return nil, malformed(errSyntax)
	}
	out := make([]string, 0, len(list))
	for _, s := range list {
		if s == nil {
			return nil, malformed(errSyntax)
		}
		out = append(out, *s)
	}
	return out, nil
}

// checkTrust reads a role's trust policy and refuses what IAM refuses, in its
// words. The caller holds the lock: principals may be roles.
func (s *Service) checkTrust(text string) (*document, error) {
	if policySize(text) > maxTrustBytes {
		return nil, limitExceeded("ACLSizePerRole", maxTrustBytes)
	}
	if !json.Valid([]byte(text)) {
		return nil, malformed(invalidJSON)
	}
	doc, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	if len(doc.Statements) == 0 {
		return nil, malformed("Could not parse the policy: Statement is empty!")
	}
	if doc.repeatsSid() {
		return nil, malformed("The Statement Ids in the policy are not unique")
	}
	for i := range doc.Statements {
		if err := s.checkTrustStatement(&doc.Statements[i]); err != nil {
			return nil, err
		}
	}
	return doc, nil
}

func (s *Service) checkTrustStatement(st *statement) error {
	switch {
	case st.Effect == "":
		return malformed("Missing required field Effect")
	case st.Effect != "Allow" && st.Effect != "Deny":
		return malformed("Invalid effect: " + st.Effect)
	case st.NotPrincipal && st.Effect == "Allow":
		return malformed("Allow with NotPrincipal is not allowed.")
	case st.NotPrincipal:
		return malformed("AssumeRole policy must not contain NotPrincipal field.")
	case !st.hasPrincipal:
		return malformed("Missing required field Principal")
	case st.hasEmpty:
		return malformed("Missing required field Principal cannot be empty!")
	case st.principalNotAnObject:
		return malformed("Principal must be a JSON object.")
	case st.Action == nil && st.NotAction == nil:
		return malformed("Missing required field Action")
	case st.Resource != nil:
		return malformed("Has prohibited field Resource") // kubernetes-sigs/external-dns#3085
	case st.NotResource != nil:
		return malformed("AssumeRole policy must not contain resources.")
	}
	for _, action := range slices.Concat(st.Action, st.NotAction) {
		if vendor, name, _ := strings.Cut(action, ":"); !strings.EqualFold(vendor, "sts") || name == "" {
			return malformed("AssumeRole policy may only specify STS AssumeRole actions.")
		}
	}
	return s.checkPrincipals(st.Principal)
}

// checkPrincipals refuses principals that do not exist, as far as can be known
// here: the account's own roles and AWS's services. Principals of other
// accounts, users and identity providers are believed.
func (s *Service) checkPrincipals(principals map[string][]string) error {
	for _, kind := range []string{"*", "AWS", "Service", "Federated", "CanonicalUser"} {
		names, ok := principals[kind]
		if !ok {
			continue
		}
		if len(names) == 0 {
			// terraform-aws-modules/terraform-aws-iam#47
			return malformed("Invalid principal in policy: com.amazon.balsa.error.InvalidPolicyException: The passed in policy has a statement with no principals!")
		}
		for _, name := range names {
			if kind == "AWS" && !s.isPrincipal(name) || kind == "Service" && !isService(name) {
				// hashicorp/terraform#35086, opstrace/opstrace#88
				return malformed(fmt.Sprintf("Invalid principal in policy: %q:%q", strings.ToUpper(kind), name))
			}
		}
	}
	for kind := range principals {
		if !slices.Contains([]string{"*", "AWS", "Service", "Federated", "CanonicalUser"}, kind) {
			return malformed(fmt.Sprintf("Invalid principal in policy: %q", kind))
		}
	}
	return nil
}

// isPrincipal says whether name can stand under "AWS".
func (s *Service) isPrincipal(name string) bool {
	if name == "*" || accountText.MatchString(name) {
		return true
	}
	parts := strings.SplitN(name, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" || parts[3] != "" || !accountText.MatchString(parts[4]) {
		return false
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	switch {
	case parts[2] == "sts":
		return kind == "assumed-role" || kind == "federated-user"
	case parts[2] != "iam":
		return false
	case kind == "root":
		return rest == ""
	case kind == "role" && parts[4] == s.account:
		return s.byARN(name) != nil
	}
	return (kind == "role" || kind == "user") && rest != ""
}

// checkPermissions reads an identity policy and refuses what IAM refuses, in
// the order and words of moto 5.2.1, whose authors tried them on AWS.
func checkPermissions(text string) (*document, error) {
	doc, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	if len(doc.Statements) == 0 {
		return nil, malformed(errSyntax)
	}
	for _, st := range doc.Statements {
		if !strings.EqualFold(st.Effect, "Allow") && !strings.EqualFold(st.Effect, "Deny") {
			return nil, malformed(errSyntax)
		}
	}
	if doc.Version != "2012-10-17" {
		return nil, malformed("Policy document must be version 2012-10-17 or greater.")
	}
	for _, st := range doc.Statements {
		switch {
		case st.Effect != "Allow" && st.Effect != "Deny", !st.legacyDates():
			return nil, malformed("The policy failed legacy parsing")
		case st.hasPrincipal || st.NotPrincipal: // hashicorp/terraform#13449
			return nil, malformed("Policy document should not specify a principal.")
		}
	}
	if doc.repeatsSid() {
		return nil, malformed("Statement IDs (SID) in a single policy must be unique.")
	}
	for _, st := range doc.Statements {
		if len(st.Action) == 0 && len(st.NotAction) == 0 {
			return nil, malformed("Policy statement must contain actions.")
		}
	}
	for _, st := range doc.Statements {
		for _, resource := range slices.Concat(st.Resource, st.NotResource) {
			if err := checkResource(resource); err != nil {
				return nil, err
			}
		}
		for _, action := range slices.Concat(st.Action, st.NotAction) {
			if err := checkAction(action); err != nil {
				return nil, err
			}
		}
	}
	for _, st := range doc.Statements {
		if len(st.Resource) == 0 && len(st.NotResource) == 0 {
			return nil, malformed("Policy statement must contain resources.")
		}
	}
	return doc, nil
}

func checkAction(action string) error {
	vendor, name, colon := strings.Cut(action, ":")
	switch {
	case action == "*":
		return nil
	case !colon:
		return malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
	case strings.Contains(name, ":"):
		return malformed("Actions/Condition can contain only one colon.")
	case vendor != "*" && !vendorText.MatchString(vendor):
		return malformed("Vendor " + vendor + " is not valid")
	}
	return nil
}

func checkResource(resource string) error {
	if resource == "*" {
		return nil
	}
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 2 {
		return malformed("Resource " + resource + ` must be in ARN format or "*".`)
	}
	if p := parts[1]; p != "*" && p != "aws" && !strings.HasPrefix(p, "aws-") {
		rest := append(parts[2:], "*", "*", "*", "*")
		return malformed(fmt.Sprintf(`Partition "%s" is not valid for resource "arn:%s:%s:%s:%s:%s".`, p, p, rest[0], rest[1], rest[2], rest[3]))
	}
	if len(parts) < 3 {
		return malformed("Resource vendor must be fully qualified and cannot contain regexes.")
	}
	if len(parts) < 6 && !strings.Contains(resource, "*") || parts[2] == "" {
		return malformed("The policy failed legacy parsing")
	}
	return nil
}

func (d *document) repeatsSid() bool {
	seen := map[string]bool{}
	for _, st := range d.Statements {
		if st.Sid != "" && seen[st.Sid] {
			return true
		}
		seen[st.Sid] = true
	}
	return false
}

// policySize is a document's length as quotas count it: white space is free.
func policySize(text string) int {
	size := 0
	for _, r := range text {
		if !strings.ContainsRune(" \t\r\n", r) {
			size++
		}
	}
	return size
}

// encodeDocument escapes a document as IAM does in answers: RFC 3986, everything
// but letters, digits and -._~ (API reference of GetRole).
func encodeDocument(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
