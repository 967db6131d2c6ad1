package apigatewayv2

import (
	"context"
	"regexp"
	"slices"
	"strings"

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
	return given
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

// corsMethods may be allowed: the methods of a route key, and all.
var corsMethods = []string{"*", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// origin is what may be allowed: all, all of a scheme (Developer Guide,
// "Configure CORS for HTTP APIs"), or a scheme and an authority. A path behind it
// is taken, and matches nothing.
var origin = regexp.MustCompile(`^(\*|https?://[^\s"<>\\^` + "`" + `{|}]+)$`)

// headerName is a token of RFC 9110; all headers are "*", which is one too.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// checkCors checks a configuration. The first text is what AWS answered
// (aws-cdk#9076; bench, pf-apigwv2-cors-credentials-wildcard), the second is seen
// in deployments ("Invalid format for origin capacitor://localhost"); the range of
// maxAge is the API model's. The other texts are our own.
func checkCors(c *types.Cors) error {
	if c == nil {
		return nil
	}
	if aws.ToBool(c.AllowCredentials) && slices.Contains(c.AllowOrigins, "*") {
		return badRequest("allow-credentials is not supported if 'allow-origin' is *")
	}
	for _, o := range c.AllowOrigins {
		if !origin.MatchString(o) {
			return badRequest("Invalid format for origin %s", o)
		}
	}
	for _, method := range c.AllowMethods {
		if !slices.Contains(corsMethods, strings.ToUpper(method)) {
			return badRequest("Invalid method for allow-methods: %s", method)
		}
	}
	for _, name := range slices.Concat(c.AllowHeaders, c.ExposeHeaders) {
		if !headerName.MatchString(name) {
			return badRequest("Invalid header name for allow-headers or expose-headers: %s", name)
		}
	}
	if c.MaxAge != nil && (*c.MaxAge < -1 || *c.MaxAge > 86400) {
		return badRequest("max-age must be between -1 and 86400")
	}
	return nil
}
