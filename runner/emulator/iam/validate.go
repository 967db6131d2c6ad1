package iam

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"awslab/runner/emulator/awsproto"
)

var (
	nameText        = regexp.MustCompile(`^[\w+=,.@-]+$`)
	pathText        = regexp.MustCompile(`^/$|^/[\x21-\x7E]+/$`)
	descriptionText = regexp.MustCompile(`^[\x{0009}\x{000A}\x{000D}\x{0020}-\x{007E}\x{00A1}-\x{00FF}]*$`)
	policyARN       = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(aws|\d{12}):policy/.+$`)
)

// violation is the sentence of AWS's own framework for one broken constraint.
// IAM no longer repeats the value in it (versity/versitygw, 2026).
func violation(member, constraint string) error {
	return awsproto.Error("ValidationError", http.StatusBadRequest,
		fmt.Sprintf("1 validation error detected: Value at '%s' failed to satisfy constraint: %s", member, constraint))
}

func noSuchEntity(format string, args ...any) error {
	return &types.NoSuchEntityException{Message: aws.String(fmt.Sprintf(format, args...))}
}

func deleteConflict(message string) error {
	return &types.DeleteConflictException{Message: aws.String(message)}
}

func limitExceeded(quota string, limit int) error {
	return &types.LimitExceededException{Message: aws.String(fmt.Sprintf("Cannot exceed quota for %s: %d", quota, limit))}
}

func inlineTooLarge(role string) error {
	return &types.LimitExceededException{Message: aws.String(fmt.Sprintf("Maximum policy size of %d bytes exceeded for role %s", maxInlineBytes, role))}
}

func invalidInput(message string) error {
	return &types.InvalidInputException{Message: aws.String(message)}
}

// checkPresent wants a text of 1 to most characters.
func checkPresent(member string, value *string, most int) error {
	switch {
	case value == nil:
		return violation(member, "Member must not be null")
	case *value == "":
		return violation(member, "Member must have length greater than or equal to 1")
	case utf8.RuneCountInString(*value) > most:
		return violation(member, fmt.Sprintf("Member must have length less than or equal to %d", most))
	}
	return nil
}

// checkName wants the name of a role or policy (wording:
// aws-amplify/amplify-cli#9120).
func checkName(member string, value *string, most int) error {
	if err := checkPresent(member, value, most); err != nil {
		return err
	}
	if !nameText.MatchString(*value) {
		return awsproto.Error("ValidationError", http.StatusBadRequest,
			"The specified value for "+member+" is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")
	}
	return nil
}

// checkOneOf wants one of an enumeration's values, or none.
func checkOneOf[E interface {
	~string
	Values() []E
}](member string, value E) error {
	if value == "" || slices.Contains(value.Values(), value) {
		return nil
	}
	var all []string
	for _, v := range value.Values() {
		all = append(all, string(v))
	}
	return violation(member, "Member must satisfy enum value set: ["+strings.Join(all, ", ")+"]")
}

func checkPath(path string) error {
	if len(path) > 512 {
		return violation("path", "Member must have length less than or equal to 512")
	}
	if !pathText.MatchString(path) {
		return awsproto.Error("ValidationError", http.StatusBadRequest,
			"The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.")
	}
	return nil
}

func checkDescription(text *string) error {
	if text == nil {
		return nil
	}
	if utf8.RuneCountInString(*text) > 1000 {
		return violation("description", "Member must have length less than or equal to 1000")
	}
	if !descriptionText.MatchString(*text) {
		return violation("description", `Member must satisfy regular expression pattern: [\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*`)
	}
	return nil
}

func checkSession(seconds int32) error {
	if seconds < 3600 {
		return violation("maxSessionDuration", "Member must have value greater than or equal to 3600")
	}
	if seconds > 43200 {
		return violation("maxSessionDuration", "Member must have value less than or equal to 43200")
	}
	return nil
}

// checkPolicyARN wants the ARN of a policy (wording: LocalStack's recording
// test_role_attach_policy).
func checkPolicyARN(arn *string) error {
	switch {
	case arn == nil:
		return violation("policyArn", "Member must not be null")
	case len(*arn) < 20:
		return violation("policyArn", "Member must have length greater than or equal to 20")
	case !policyARN.MatchString(*arn):
		return invalidInput("ARN " + *arn + " is not valid.")
	}
	return nil
}

// paginate cuts the page out of all that marker and size ask for, and returns
// the marker of the next page, nil at the end. Pages hold 100 items unless the
// caller wants fewer.
func paginate[T any](all []T, marker *string, size *int32) ([]T, *string, error) {
	most := 100
	if size != nil {
		if *size < 1 {
			return nil, nil, violation("maxItems", "Member must have value greater than or equal to 1")
		}
		if *size > 1000 {
			return nil, nil, violation("maxItems", "Member must have value less than or equal to 1000")
		}
		most = int(*size)
	}
	start := 0
	if marker != nil {
		text, err := base64.StdEncoding.DecodeString(*marker)
		if err != nil {
			return nil, nil, invalidMarker()
		}
		if start, err = strconv.Atoi(strings.TrimPrefix(string(text), "awslab:")); err != nil || start < 0 || start > len(all) {
			return nil, nil, invalidMarker()
		}
	}
	end := min(start+most, len(all))
	page := slices.Clone(all[start:end])
	if page == nil {
		page = []T{}
	}
	if end == len(all) {
		return page, nil, nil
	}
	next := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "awslab:%d", end))
	return page, &next, nil
}

func invalidMarker() error {
	return awsproto.Error("ValidationError", http.StatusBadRequest, "Invalid Marker.")
}
