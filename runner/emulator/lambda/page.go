package lambda

import (
	"encoding/base64"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// pageSize is how many items a list gives at once, whatever MaxItems says (API
// Reference, ListFunctions: 50).
const pageSize = 50

// page cuts what a call asks for out of a list that is sorted by key; next is
// the marker of the following page, nil at the end.
func page[T any](marker *string, maxItems *int32, all []T, key func(T) string) (items []T, next *string, err error) {
	limit := pageSize
	if maxItems != nil {
		if *maxItems < 1 || *maxItems > 10000 {
			return nil, nil, outOfRange(*maxItems, "maxItems", 1, 10000)
		}
		limit = min(int(*maxItems), pageSize)
	}
	after := ""
	if marker != nil {
		text, err := base64.StdEncoding.DecodeString(*marker)
		if err != nil {
			return nil, nil, invalid("Invalid marker")
		}
		after = string(text)
	}
	items = []T{} // empty lists are written
	for _, item := range all {
		if after != "" && key(item) <= after {
			continue
		}
		if len(items) == limit {
			return items, aws.String(base64.StdEncoding.EncodeToString([]byte(key(items[limit-1])))), nil
		}
		items = append(items, item)
	}
	return items, nil, nil
}
