package apigatewayv2

import (
	"context"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// cors is a configuration as it is stored; an empty one is none.
func cors(given *types.Cors) *types.Cors {
	if given == nil || (given.AllowCredentials == nil && given.MaxAge == nil && len(given.AllowHeaders)+len(given.AllowMethods)+len(given.AllowOrigins)+len(given.ExposeHeaders) == 0) {
		return nil
	}
	c := *given
	return &c
}

func (s *Service) deleteCors(ctx context.Context, in *apigatewayv2.DeleteCorsConfigurationInput) (*apigatewayv2.DeleteCorsConfigurationOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	changed := *a.Api
	changed.CorsConfiguration = nil
	a.Api = &changed
	s.putChanged(call, a)
	return &apigatewayv2.DeleteCorsConfigurationOutput{}, nil
}

// corsMethods may be allowed (Developer Guide, "Configuring CORS for HTTP
// APIs").
var corsMethods = []string{"*", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// tokenForm is a header's name (RFC 9110, token).
var tokenForm = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// checkCors checks a configuration.
func checkCors(c *types.Cors) error {
	if c == nil {
		return nil
	}
	if aws.ToBool(c.AllowCredentials) {
		// The first is what AWS answered (aws-cdk#9076).
		if slices.Contains(c.AllowOrigins, "*") {
			return badRequest("allow-credentials is not supported if 'allow-origin' is *")
		}
	}
	return nil
}
