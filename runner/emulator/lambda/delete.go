package lambda

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/emulator/awsproto"
)

// deleteFunction deletes a function with all that belongs to it, or one
// published version. Deleting a version that is not there is no error, nor
// refused by other emulators that were compared with AWS (LocalStack, provider.py;
// floci, LambdaService.java); the texts are from there too.
func (s *Service) deleteFunction(ctx context.Context, in *lambda.DeleteFunctionInput) (*lambda.DeleteFunctionOutput, error) {
	call := awsproto.CallFrom(ctx)
	t, err := s.parse(call, in.FunctionName, in.Qualifier)
	if err != nil {
		return nil, err
	}
	switch {
	case t.qualifier == latest:
		return nil, invalid("$LATEST version cannot be deleted without deleting the function.")
	case t.alias():
		return nil, invalid("Deletion of aliases is not currently supported.")
	}
	f, ok := s.find(t.name)
	if !ok {
		return nil, notFound(s.arn(call, t.name, t.qualifier))
	}
	if t.qualifier == "" {
		s.mu.Lock()
		delete(s.functions, f.Name)
		s.mu.Unlock()
		s.pool.retire(func(v version) bool { return v.Function == f.Name })
		return &lambda.DeleteFunctionOutput{}, nil
	}
	var users []string
	for _, name := range slices.Sorted(maps.Keys(f.Aliases)) {
		if f.Aliases[name].uses(t.qualifier) {
			users = append(users, name)
		}
	}
	if len(users) > 0 {
		return nil, conflict("Unable to delete version because the following aliases reference it: [" + strings.Join(users, ", ") + "]")
	}
	f = f.edit()
	f.Versions = slices.DeleteFunc(f.Versions, func(v version) bool { return v.Number == t.qualifier })
	delete(f.Policies, t.qualifier)
	s.put(f)
	s.pool.retire(func(v version) bool { return v.Function == f.Name && v.Number == t.qualifier })
	return &lambda.DeleteFunctionOutput{}, nil
}
