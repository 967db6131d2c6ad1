package apigatewayv2

import (
	"encoding/base64"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// pageSize is how many items a list gives at once where MaxResults does not say.
const pageSize = 25

// page cuts what a call asks for out of a list; next is the token of the
// following page, nil at the end.
func page[T any](nextToken, maxResults *string, all []T) (items []T, next *string, err error) {
	limit := pageSize
	if maxResults != nil {
		if limit, err = strconv.Atoi(*maxResults); err != nil || limit < 1 {
			return nil, nil, badRequest("Invalid value for maxResults") // no record was found
		}
	}
	start := 0
	if nextToken != nil {
		text, err := base64.StdEncoding.DecodeString(*nextToken)
		if err == nil {
			start, err = strconv.Atoi(string(text))
		}
		if err != nil || start < 0 || start > len(all) {
			return nil, nil, badRequest("Invalid nextToken") // no record was found
		}
	}
	end := min(start+limit, len(all))
	if end < len(all) {
		next = aws.String(base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end))))
	}
	items = append([]T{}, all[start:end]...) // empty lists are written
	return items, next, nil
}
