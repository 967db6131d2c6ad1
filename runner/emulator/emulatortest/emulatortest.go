// Package emulatortest gives tests SDK clients over a handler of AWS's API,
// without a port. It imports the SDK and nothing of awslab; tests of the whole
// emulator give it an emulator.Emulator, tests of one service an
// awsproto.Handler.
package emulatortest

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The access key that tests use.
const (
	AccessKeyID     = "AKIAIOSFODNN7EXAMPLE"
	SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	Region          = "ap-northeast-2"
	Account         = "123456789012"
	Principal       = "arn:aws:iam::123456789012:user/student"
)

// Credentials knows the tests' access key: what awsproto.Config wants.
func Credentials(accessKeyID string) (secret, principal string, ok bool) {
	return SecretAccessKey, Principal, accessKeyID == AccessKeyID
}

// AWS is a configuration whose clients call handler. One attempt, so that a
// test sees the first answer.
func AWS(handler http.Handler) aws.Config {
	return aws.Config{
		Region:           Region,
		Credentials:      credentials.NewStaticCredentialsProvider(AccessKeyID, SecretAccessKey, ""),
		BaseEndpoint:     aws.String("http://localhost:4566"),
		HTTPClient:       &http.Client{Transport: Transport{handler}},
		RetryMaxAttempts: 1,
	}
}

// Transport carries requests to a handler in the same goroutine.
type Transport struct{ Handler http.Handler }

// RoundTrip answers one request.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	request := r.Clone(r.Context())
	if request.Body == nil {
		request.Body = http.NoBody // a server's requests always have a body
	}
	if request.Host == "" {
		request.Host = request.URL.Host
	}
	request.RequestURI = request.URL.RequestURI()
	request.RemoteAddr = "127.0.0.1:1024"
	recorder := httptest.NewRecorder()
	t.Handler.ServeHTTP(recorder, request)
	answer := recorder.Result()
	body := recorder.Body.Bytes()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	answer.Request = r
	return answer, nil
}

// Header is an API option that adds a header to every call.
func Header(name, value string) func(*middleware.Stack) error {
	return smithyhttp.AddHeaderValue(name, value)
}
