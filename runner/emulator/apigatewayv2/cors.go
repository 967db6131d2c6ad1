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

// cors is a configuration as it is stored; an empty one is none. AWS keeps names of
// headers in lower case and their order (go-to-k/cdk-real-drift#257, measured), and
// takes methods in either case (the acceptance test of terraform-provider-aws#12452
// has "put", and compares without case; what AWS reads back was not found).
func cors(given *types.Cors) *types.Cors {
	if given == nil || (given.AllowCredentials == nil && given.MaxAge == nil && len(given.AllowHeaders)+len(given.AllowMethods)+len(given.AllowOrigins)+len(given.ExposeHeaders) == 0) {
		return nil
	}
	kept := *given
	kept.AllowHeaders, kept.ExposeHeaders = each(given.AllowHeaders, strings.ToLower), each(given.ExposeHeaders, strings.ToLower)
	kept.AllowMethods = each(given.AllowMethods, strings.ToUpper)
	return &kept
}

// each gives a list with every text changed; none stays none.
func each(texts []string, change func(string) string) []string {
	changed := slices.Clone(texts)
	for i, text := range changed {
		changed[i] = change(text)
	}
	return changed
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
var origin = regexp.MustCompile(`^(\*|https?://[^\x00-\x20\x7f"<>\\^` + "`" + `{|}]+)$`)

// headerName is a token of RFC 9110; all headers are "*", which is one too.
var headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// checkCors checks a configuration. The first three texts are what AWS answered
// (aws-cdk#9076, where a maxAge out of range was not told; "Invalid format for
// origin null", and of capacitor://localhost, in deployments; "Method ANY is not
// supported", aws-cdk#13643); the range of maxAge is the API model's. No record of
// the other two texts was found.
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
			return badRequest("Method %s is not supported", method)
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
