package apigateway

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// What a method's settings are where nothing is said (AWS CLI, examples
// update-stage).
var defaultSetting = types.MethodSetting{
	CacheTtlInSeconds: 300, RequireAuthorizationForCacheControl: true, ThrottlingBurstLimit: 5000, ThrottlingRateLimit: 10000,
	UnauthorizedCacheControlHeaderStrategy: types.UnauthorizedCacheControlHeaderStrategySucceedWithResponseHeader,
}

// Of the many paths that AWS lists, commas are missing between some.
const (
	stagePaths = "/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, " +
		"/{resourcePath}/{httpMethod}/metrics/enabled, /{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, " +
		"/{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit/{resourcePath}/{httpMethod}/caching/ttlInSeconds, " +
		"/{resourcePath}/{httpMethod}/caching/enabled, /{resourcePath}/{httpMethod}/caching/dataEncrypted, /{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, " +
		"/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, /*/*/logging/dataTrace, /*/*/logging/loglevel, " +
		"/*/*/throttling/burstLimit /*/*/throttling/rateLimit /*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, /*/*/caching/requireAuthorizationForCacheControl, " +
		"/*/*/caching/unauthorizedCacheControlHeaderStrategy, /variables/{variable_name}, /tracingEnabled"
	// settingPaths are told where only the end of a path is wrong (aws-sdk-java#1823).
	settingPaths = ".../metrics/enabled, .../logging/dataTrace, .../logging/loglevel,.../throttling/burstLimit, .../throttling/rateLimit, .../caching/ttlInSeconds, .../caching/enabled, " +
		".../caching/dataEncrypted, .../caching/requireAuthorizationForCacheControl, .../caching/unauthorizedCacheControlHeaderStrategy"
)

// splitSetting parts /~1pets/GET/logging/loglevel into the key of the method,
// ~1pets/GET, as a stage's answer has it, and its setting. The path of the resource
// may be any, the root's empty, and both it and the method may be *.
func splitSetting(path string) (key, setting string, ok bool) {
	parts := strings.Split(path, "/")
	if len(parts) != 5 || parts[0] != "" || (parts[2] != "*" && !slices.Contains(verbs, parts[2])) || parts[3] == "" || parts[4] == "" {
		return "", "", false
	}
	return parts[1] + "/" + parts[2], parts[3] + "/" + parts[4], true
}

func (s *stagePatching) setMethod(path, value string) error {
	key, name, ok := splitSetting(path)
	if !ok {
		return badRequest("Invalid method setting path: %s. Must be one of: [%s]", path, stagePaths)
	}
	setting, ok := s.MethodSettings[key]
	if !ok {
		setting = defaultSetting
	}
	var err error
	switch name {
	case "metrics/enabled":
		setting.MetricsEnabled = flag(value)
	case "logging/dataTrace":
		setting.DataTraceEnabled = flag(value)
	case "logging/loglevel":
		if !slices.Contains([]string{"OFF", "ERROR", "INFO"}, value) {
			return badRequest("Invalid logging level specified. Must be one of: [OFF, ERROR, INFO]") // no record was found
		}
		if value != "OFF" && s.cloudWatchRole == nil {
			return noRole()
		}
		setting.LoggingLevel = aws.String(value)
	case "throttling/burstLimit":
		setting.ThrottlingBurstLimit, err = limit(value)
	case "throttling/rateLimit":
		rate, wrong := strconv.ParseFloat(value, 64)
		if wrong != nil || math.IsNaN(rate) || math.IsInf(rate, 0) || rate < -1 {
			return badLimit()
		}
		setting.ThrottlingRateLimit = rate
	case "caching/ttlInSeconds":
		ttl, wrong := strconv.ParseInt(value, 10, 32)
		if wrong != nil || ttl < 0 || ttl > 3600 {
			return badRequest("Invalid time-to-live setting, must be an integer no greater than 3600") // bench, pf-apigw-stage-cache-ttl-range
		}
		setting.CacheTtlInSeconds = int32(ttl)
	case "caching/enabled":
		setting.CachingEnabled = flag(value)
	case "caching/dataEncrypted":
		setting.CacheDataEncrypted = flag(value)
	case "caching/requireAuthorizationForCacheControl":
		setting.RequireAuthorizationForCacheControl = flag(value)
	case "caching/unauthorizedCacheControlHeaderStrategy":
		strategy := types.UnauthorizedCacheControlHeaderStrategy(value)
		if !slices.Contains(strategy.Values(), strategy) {
			return badRequest("Invalid unauthorized cache control header strategy specified. Must be one of: [%s]", join(strategy.Values())) // no record was found
		}
		setting.UnauthorizedCacheControlHeaderStrategy = strategy
	default:
		return badRequest("Invalid method setting path: %s. Must be one of: [%s]", name, settingPaths)
	}
	if err != nil {
		return err
	}
	s.MethodSettings = with(s.MethodSettings, key, setting)
	return nil
}

// limit reads a limit of throttling; -1 is none (Terraform sends it).
func limit(value string) (int32, error) {
	n, err := strconv.ParseInt(value, 10, 32)
	if err != nil || n < -1 {
		return 0, badLimit()
	}
	return int32(n), nil
}

// badLimit: no record was found.
func badLimit() error {
	return badRequest("Invalid throttling setting, must be a number no less than 0")
}

// removeMethod takes all settings of a method away; the text has AWS's blank at
// its end.
func (s *stagePatching) removeMethod(path string) error {
	key := strings.TrimPrefix(path, "/")
	if _, ok := s.MethodSettings[key]; !ok {
		return badRequest("Cannot remove method setting %s because there is no method setting for this method ", key)
	}
	s.MethodSettings = maps.Clone(s.MethodSettings)
	delete(s.MethodSettings, key)
	return nil
}
