package apigateway

import (
	"encoding/base64"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// A page of a list has 25 items where the call does not say, and 500 at most
// (API Reference, "limit").
const (
	pageSize    = 25
	maxPageSize = 500
)

// page cuts what a call asks for out of a list; next is the position of the
// following page, nil at the end. Items are never nil: empty lists are written.
func page[T any](position *string, limit *int32, all []T) (items []T, next *string, err error) {
	size := pageSize
	if limit != nil && *limit > 0 { // 0 and less count as not said; no record was found
		size = min(int(*limit), maxPageSize)
	}
	start := 0
	if position != nil {
		text, err := base64.StdEncoding.DecodeString(*position)
		if err == nil {
			start, err = strconv.Atoi(string(text))
		}
		if err != nil || start < 0 || start > len(all) {
			return nil, nil, badRequest("Invalid position parameter specified") // no record was found
		}
	}
	end := min(start+size, len(all))
	if end < len(all) {
		next = aws.String(base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end))))
	}
	return append([]T{}, all[start:end]...), next, nil
}
