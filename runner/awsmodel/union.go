package awsmodel

import (
	"reflect"

	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	iam "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

// unions are the members that are one of several types, which reflection cannot
// list. Event streams, which look alike, are not among them: no operation that
// has one is emulated. A test finds those that are new.
var unions = map[reflect.Type][]reflect.Type{
	reflect.TypeFor[iam.PolicyIdentifier](): {
		reflect.TypeFor[iam.PolicyIdentifierMemberInlinePolicyIdentifier](),
		reflect.TypeFor[iam.PolicyIdentifierMemberPolicyArn](),
		reflect.TypeFor[iam.PolicyIdentifierMemberPolicyType](),
	},
	reflect.TypeFor[logs.IntegrationDetails](): {reflect.TypeFor[logs.IntegrationDetailsMemberOpenSearchIntegrationDetails]()},
	reflect.TypeFor[logs.ResourceConfig]():     {reflect.TypeFor[logs.ResourceConfigMemberOpenSearchResourceConfig]()},
}

func isUnion(t reflect.Type) bool {
	_, ok := unions[t]
	return ok
}

// Union is the types that a union may be, as structs with one member, Value;
// none if t is no union. The name of the member on the wire follows "Member" in
// the name of the type.
func Union(t reflect.Type) []reflect.Type { return unions[t] }
