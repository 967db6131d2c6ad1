package awscli

import (
	"strings"

	"awslab/runner/awsmodel"
)

// OnlyMembersOf spells the JSON of ours without the members that theirs lacks,
// for an AWS CLI that is older than the SDK's model.
func OnlyMembersOf(theirs, ours string) (string, error) {
	a, err := decodeJSON(theirs)
	if err != nil {
		return "", err
	}
	b, err := decodeJSON(ours)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	err = writeJSON(&out, onlyMembersOf(a, b))
	return out.String(), err
}

func onlyMembersOf(a, b any) any {
	switch b := b.(type) {
	case *awsmodel.Object:
		known, ok := a.(*awsmodel.Object)
		if !ok {
			return b
		}
		kept := &awsmodel.Object{}
		for _, k := range b.Keys() {
			if e, has := known.Get(k); has {
				kept.Set(k, onlyMembersOf(e, valueOf(b, k)))
			}
		}
		return kept
	case []any:
		known, ok := a.([]any)
		if !ok || len(known) != len(b) {
			return b
		}
		list := make([]any, len(b))
		for i := range b {
			list[i] = onlyMembersOf(known[i], b[i])
		}
		return list
	}
	return b
}
