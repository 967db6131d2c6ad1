package check

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"awslab/runner/lesson/yamltree"
)

// codesOfNames are the findings of a thing that is looked for by its name.
type codesOfNames struct{ missing, nearMiss, twice string }

// named finds the one thing that has an id or a name: an id beats names. The
// finding is nil where there is just one.
func named[T any](wanted string, all []T, id, name func(*T) *string, codes codesOfNames) (*T, *Finding) {
	var found []*T
	var names, ids []string
	for i := range all {
		one := &all[i]
		if aws.ToString(id(one)) == wanted {
			return one, nil
		}
		names = append(names, aws.ToString(name(one)))
		if aws.ToString(name(one)) == wanted {
			found, ids = append(found, one), append(ids, aws.ToString(id(one)))
		}
	}
	f := &Finding{Subject: wanted}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		f.Code = codes.missing
		if near := yamltree.Nearest(wanted, names); near != "" {
			f.Code, f.Expected, f.Found = codes.nearMiss, wanted, near
		}
	default:
		f.Code, f.Expected, f.Found = codes.twice, "1", fmt.Sprint(len(found))
		f.Args = map[string]string{"ids": strings.Join(ids, ", "), "id": ids[len(ids)-1]}
	}
	return nil, f
}
