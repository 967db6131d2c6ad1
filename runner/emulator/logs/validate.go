package logs

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Patterns of names: API reference of CreateLogGroup and CreateLogStream.
var (
	groupText  = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`)
	streamText = regexp.MustCompile(`^[^:*]*$`)
	tagText    = regexp.MustCompile(`^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$`)
)

func noGroup() error {
	return &types.ResourceNotFoundException{Message: aws.String("The specified log group does not exist.")}
}

func noStream() error {
	return &types.ResourceNotFoundException{Message: aws.String("The specified log stream does not exist.")}
}

func invalid(format string, args ...any) error {
	return &types.InvalidParameterException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// violation is the sentence of AWS's own framework for one broken constraint.
func violation(value, member, constraint string) error {
	return invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s", value, member, constraint)
}

func missing(member string) error {
	return invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
}

func badRetention(days int32) error {
	var all []string
	for _, d := range retentions {
		all = append(all, fmt.Sprint(d))
	}
	return violation(fmt.Sprint(days), "retentionInDays", "Member must satisfy enum value set: ["+strings.Join(all, ", ")+"]")
}

func checkName(member string, name *string, text *regexp.Regexp, pattern string) error {
	switch {
	case name == nil:
		return missing(member)
	case *name == "":
		return violation("", member, "Member must have length greater than or equal to 1")
	case utf8.RuneCountInString(*name) > 512:
		return violation(*name, member, "Member must have length less than or equal to 512")
	case !text.MatchString(*name):
		return violation(*name, member, "Member must satisfy regular expression pattern: "+pattern)
	}
	return nil
}

func checkGroupName(member string, name *string) error {
	return checkName(member, name, groupText, `[\.\-_/#A-Za-z0-9]+`)
}

func checkStreamName(member string, name *string) error {
	return checkName(member, name, streamText, `[^:*]*`)
}

// checkLimit returns the number of items of a page.
func checkLimit(limit *int32, usual, most int32) (int, error) {
	switch {
	case limit == nil:
		return int(usual), nil
	case *limit < 1:
		return 0, violation(fmt.Sprint(*limit), "limit", "Member must have value greater than or equal to 1")
	case *limit > most:
		return 0, violation(fmt.Sprint(*limit), "limit", fmt.Sprintf("Member must have value less than or equal to %d", most))
	}
	return int(*limit), nil
}

// checkTags wants tags that may be added to those that a group has.
func checkTags(had, more map[string]string) error {
	count := len(had)
	for key, value := range more {
		switch {
		case utf8.RuneCountInString(key) < 1 || utf8.RuneCountInString(key) > 128:
			return invalid("Tag keys must have a length of 1 to 128 characters.")
		case utf8.RuneCountInString(value) > 256:
			return invalid("Tag values must have a length of at most 256 characters.")
		case !tagText.MatchString(key) || value != "" && !tagText.MatchString(value):
			return violation(key, "tags", `Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$`)
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("Tag keys that start with aws: are reserved for AWS.")
		}
		if _, ok := had[key]; !ok {
			count++
		}
	}
	if count > 50 {
		return &types.TooManyTagsException{Message: aws.String("A log group can have up to 50 tags.")}
	}
	return nil
}

func badToken() error { return invalid("The specified nextToken is invalid.") }

// namePage cuts the page that follows the name in a token out of names, and
// returns the token of the next page, nil at the end.
func namePage(names []string, token *string, limit int) ([]string, *string, error) {
	start := 0
	if token != nil {
		last, err := base64.RawURLEncoding.DecodeString(*token)
		if err != nil {
			return nil, nil, badToken()
		}
		at := slices.Index(names, string(last))
		if at < 0 {
			return nil, nil, badToken()
		}
		start = at + 1
	}
	end := min(start+limit, len(names))
	page := names[start:end]
	if end == len(names) {
		return page, nil, nil
	}
	return page, aws.String(base64.RawURLEncoding.EncodeToString([]byte(page[len(page)-1]))), nil
}
