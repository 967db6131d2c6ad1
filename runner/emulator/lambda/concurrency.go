package lambda

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// Quotas of an account in a region (Developer Guide, "Lambda quotas"): what AWS
// gives at first. The emulator itself runs fewer at once, see maxInstances.
const (
	accountConcurrency = 1000
	minUnreserved      = 100
	maxTotalCode       = 75 << 30 // bytes
)

// reserved is how many executions are set aside for functions.
func (s *Service) reserved() int32 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var sum int32
	for _, f := range s.functions {
		sum += aws.ToInt32(f.Reserved)
	}
	return sum
}

// putFunctionConcurrency sets executions aside for a function. Texts: LocalStack,
// provider.py, compared with AWS in TestLambdaReservedConcurrency.
func (s *Service) putFunctionConcurrency(ctx context.Context, in *lambda.PutFunctionConcurrencyInput) (*lambda.PutFunctionConcurrencyOutput, error) {
	f, err := s.locateFunction(awsproto.CallFrom(ctx), in.FunctionName, ":"+latest)
	if err != nil {
		return nil, err
	}
	if in.ReservedConcurrentExecutions == nil {
		return nil, missing("reservedConcurrentExecutions")
	}
	n := *in.ReservedConcurrentExecutions
	if n < 0 {
		return nil, outOfRange(n, "reservedConcurrentExecutions", 0, accountConcurrency)
	}
	if others := s.reserved() - aws.ToInt32(f.Reserved); n > accountConcurrency-minUnreserved-others {
		return nil, invalid("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", minUnreserved)
	}
	f = f.edit()
	f.Reserved = &n
	s.put(f)
	return &lambda.PutFunctionConcurrencyOutput{ReservedConcurrentExecutions: aws.Int32(n)}, nil
}

func (s *Service) getFunctionConcurrency(ctx context.Context, in *lambda.GetFunctionConcurrencyInput) (*lambda.GetFunctionConcurrencyOutput, error) {
	f, err := s.locateFunction(awsproto.CallFrom(ctx), in.FunctionName, "")
	if err != nil {
		return nil, err
	}
	return &lambda.GetFunctionConcurrencyOutput{ReservedConcurrentExecutions: f.Reserved}, nil
}

func (s *Service) deleteFunctionConcurrency(ctx context.Context, in *lambda.DeleteFunctionConcurrencyInput) (*lambda.DeleteFunctionConcurrencyOutput, error) {
	f, err := s.locateFunction(awsproto.CallFrom(ctx), in.FunctionName, ":"+latest)
	if err != nil {
		return nil, err
	}
	f = f.edit()
	f.Reserved = nil
	s.put(f)
	return &lambda.DeleteFunctionConcurrencyOutput{}, nil
}

func (s *Service) getAccountSettings(context.Context, *lambda.GetAccountSettingsInput) (*lambda.GetAccountSettingsOutput, error) {
	reserved := s.reserved()
	s.mu.RLock()
	defer s.mu.RUnlock()
	usage := &types.AccountUsage{FunctionCount: int64(len(s.functions))}
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		f := s.functions[name]
		usage.TotalCodeSize += f.Latest.CodeSize
		for _, v := range f.Versions {
			usage.TotalCodeSize += v.CodeSize
		}
	}
	return &lambda.GetAccountSettingsOutput{
		AccountLimit: &types.AccountLimit{
			ConcurrentExecutions: accountConcurrency, UnreservedConcurrentExecutions: aws.Int32(accountConcurrency - reserved),
			CodeSizeZipped: maxZip, CodeSizeUnzipped: maxUnzipped, TotalCodeSize: maxTotalCode,
		},
		AccountUsage: usage,
	}, nil
}
