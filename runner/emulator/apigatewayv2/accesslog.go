package apigatewayv2

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// maxLogFormat is how long a format may be, in bytes (Developer Guide, quotas:
// "Access log template size").
const maxLogFormat = 3 << 10

var logGroup = regexp.MustCompile(`^arn:aws[a-z-]*:logs:[a-z0-9-]+:\d{12}:log-group:([^:*]+)(:\*)?$`)

var logGroupName = regexp.MustCompile(`^[a-zA-Z0-9_\-/.]+$`)

// checkAccessLog checks where access logs go, and in what form (texts: stackd,
// stages.go; bench, pf-apigwv2-access-log-format-request-id,
// -access-log-destination-log-group, where a delivery stream is refused in words
// about characters).
func checkAccessLog(settings *types.AccessLogSettings) error {
	if settings == nil {
		return nil
	}
	destination, format := aws.ToString(settings.DestinationArn), aws.ToString(settings.Format)
	if destination == "" || format == "" {
		return badRequest("Access Log value missing. Expected destinationArn and format.")
	}
	name := destination
	if parts := strings.SplitN(destination, ":", 6); len(parts) == 6 {
		name = parts[5]
	}
	m := logGroup.FindStringSubmatch(destination)
	if m != nil {
		name = m[1]
	}
	if m == nil || !logGroupName.MatchString(name) {
		return badRequest("Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': '%s'", name)
	}
	if !strings.Contains(format, "$context.requestId") && !strings.Contains(format, "$context.extendedRequestId") {
		return badRequest("Access Log format must include either $context.requestId or $context.extendedRequestId")
	}
	if len(format) > maxLogFormat {
		return badRequest("Access Log format must not be longer than %d bytes", maxLogFormat) // no record was found
	}
	return nil
}
