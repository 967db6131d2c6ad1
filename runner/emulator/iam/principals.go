package iam

import (
	_ "embed"
	"slices"
	"strings"
)

// principalData lists the names before ".amazonaws.com" under which AWS
// services assume roles, sorted. AWS publishes no complete list: this one has
// the endpoint prefixes of botocore 1.43 and the service principals that
// public policies name.
//
//go:embed principals.txt
var principalData string

// isService says whether name is a service principal that IAM would know. A
// region may stand in it ("logs.ap-northeast-2.amazonaws.com").
func isService(name string) bool {
	rest, ok := strings.CutSuffix(strings.TrimSuffix(name, ".cn"), ".amazonaws.com")
	if !ok {
		return false
	}
	known := strings.Fields(principalData)
	if _, found := slices.BinarySearch(known, rest); found {
		return true
	}
	first, region, _ := strings.Cut(rest, ".")
	_, found := slices.BinarySearch(known, first)
	return found && strings.Count(region, "-") >= 2
}
