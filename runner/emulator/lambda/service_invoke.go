package lambda

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// InvokeFor invokes a function synchronously for another service of the
// emulator, which has asked [Service.MayInvoke] before. function is an ARN, with a
// version or an alias if one is meant; ctx carries the call. failed says that the
// payload is the function's error. err is one of the SDK's typed errors, as
// Invoke has them: ResourceNotFoundException, TooManyRequestsException,
// RequestEntityTooLargeException and others.
//
// It returns when the function has ended, whatever becomes of ctx.
func (s *Service) InvokeFor(ctx context.Context, function string, payload []byte) (answer []byte, failed bool, err error) {
	out, err := s.invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(function), Payload: payload})
	if err != nil {
		return nil, false, err
	}
	return out.Payload, out.FunctionError != nil, nil
}
