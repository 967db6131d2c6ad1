package awsproto_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
	stsservice "awslab/runner/emulator/sts"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	model, _ := awsmodel.ServiceByName("sts")
	now := time.Now()
	handler := awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: stsservice.New(stsservice.Config{}).Operations()}},
		Credentials: emulatortest.Credentials, Account: emulatortest.Account,
		Clock: func() time.Time { return now },
	})
	ask := func(change func(*aws.Config)) error {
		cfg := emulatortest.AWS(handler)
		change(&cfg)
		_, err := sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		return err
	}
	for name, tt := range map[string]struct {
		change func(*aws.Config)
		code   string
	}{
		"right": {func(*aws.Config) {}, ""},
		"wrong secret": {func(c *aws.Config) {
			c.Credentials = credentials.NewStaticCredentialsProvider(emulatortest.AccessKeyID, "x", "")
		}, "SignatureDoesNotMatch"},
		"unknown key": {func(c *aws.Config) { c.Credentials = credentials.NewStaticCredentialsProvider("AKIAUNKNOWN", "x", "") }, "InvalidClientTokenId"},
		"unsigned":    {func(c *aws.Config) { c.Credentials = aws.AnonymousCredentials{} }, "MissingAuthenticationToken"},
		"body was changed": {func(c *aws.Config) {
			c.HTTPClient = &http.Client{Transport: meddler{emulatortest.Transport{Handler: handler}}}
		}, "SignatureDoesNotMatch"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := ask(tt.change)
			var api smithy.APIError
			switch {
			case tt.code == "" && err != nil:
				t.Error(err)
			case tt.code != "" && (!errors.As(err, &api) || api.ErrorCode() != tt.code):
				t.Errorf("want %s, got %v", tt.code, err)
			}
		})
	}
}

// meddler changes a parameter behind the signature's back.
type meddler struct{ next http.RoundTripper }

func (m meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	changed := r.Clone(r.Context())
	changed.Body = http.NoBody
	changed.ContentLength = 0
	return m.next.RoundTrip(changed)
}

// TestSlashesAreSignedAsOne: a client that leaves a label empty signs the path
// without the empty segment.
func TestSlashesAreSignedAsOne(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC()
	verifier := awsproto.NewVerifier(emulatortest.Credentials)
	for _, tt := range []struct {
		sent string
		ok   bool
	}{{"/restapis/stages", true}, {"/restapis//stages", true}, {"/restapis///stages", true}, {"/restapis/a/stages", false}} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1/restapis/stages", nil)
		empty := sha256.Sum256(nil)
		key := aws.Credentials{AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey}
		if err := v4.NewSigner().SignHTTP(t.Context(), key, r, hex.EncodeToString(empty[:]), "apigateway", emulatortest.Region, now); err != nil {
			t.Fatal(err)
		}
		r.URL.Path = tt.sent
		if _, err := verifier.Verify(r, nil, now); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.sent, err)
		}
	}
}

func TestExpiredSignature(t *testing.T) {
	t.Parallel()
	model, _ := awsmodel.ServiceByName("sts")
	for name, shift := range map[string]time.Duration{"expired": 10 * time.Minute, "not yet current": -10 * time.Minute} {
		handler := awsproto.New(awsproto.Config{
			Services:    []awsproto.Service{{Model: model, Operations: stsservice.New(stsservice.Config{}).Operations()}},
			Credentials: emulatortest.Credentials,
			Clock:       func() time.Time { return time.Now().Add(shift) },
		})
		_, err := sts.NewFromConfig(emulatortest.AWS(handler)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// What cannot be right is refused in the words and the form of AWS.
func TestRefusalsAreInEachProtocolsForm(t *testing.T) {
	t.Parallel()
	handler := serve(t, "lambda")
	for name, tt := range map[string]struct {
		header      map[string]string
		query, body string
		status      int
		contentType string
		errorType   string
		contains    string
	}{
		"REST, unsigned": {
			nil, "", "{}", 403, "application/json", "MissingAuthenticationTokenException", `{"message":"Missing Authentication Token"}`,
		},
		"JSON, unsigned": {
			map[string]string{"X-Amz-Target": "Logs_20140328.DescribeLogGroups", "Content-Type": "application/x-amz-json-1.1"},
			"", "{}", 400, "application/x-amz-json-1.1", "", `{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}`,
		},
		"query, unsigned": {
			map[string]string{"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
			"", "Action=GetCallerIdentity&Version=2011-06-15", 403, "text/xml", "", "<Type>Sender</Type><Code>MissingAuthenticationToken</Code><Message>Missing Authentication Token</Message>",
		},
		"query by GET, unsigned": {nil, "?Action=GetCallerIdentity", "", 403, "text/xml", "", "<Code>MissingAuthenticationToken</Code>"},
		"a bearer token": {
			map[string]string{"Authorization": "Bearer abc"},
			"", "", 403, "application/json", "IncompleteSignatureException", "'abc' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc'.",
		},
		"another algorithm": {
			map[string]string{"Authorization": "AWS4-ECDSA-P256-SHA256 Credential=a"},
			"", "", 403, "application/json", "IncompleteSignatureException", "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
		},
		"no signature": {
			map[string]string{"Authorization": "AWS4-HMAC-SHA256 Credential=A/20261123/r/sts/aws4_request", "X-Amz-Date": "20261123T120000Z"},
			"", "", 403, "text/xml", "", "Authorization header requires &#39;Signature&#39; parameter. Authorization header requires &#39;SignedHeaders&#39; parameter. Authorization=AWS4-HMAC-SHA256",
		},
		"a short scope": {
			map[string]string{"Authorization": "AWS4-HMAC-SHA256 Credential=A/r/lambda/aws4_request, SignedHeaders=host, Signature=00", "X-Amz-Date": "20261123T120000Z"},
			"", "", 403, "application/json", "IncompleteSignatureException", "Credential must have exactly 5 slash-delimited elements",
		},
		"another day in the scope": {
			map[string]string{"Authorization": "AWS4-HMAC-SHA256 Credential=A/20261122/r/lambda/aws4_request, SignedHeaders=host, Signature=00", "X-Amz-Date": "20261123T120000Z"},
			"", "", 403, "application/json", "InvalidSignatureException", "Date in Credential scope does not match YYYYMMDD",
		},
		"host not signed": {
			map[string]string{"Authorization": "AWS4-HMAC-SHA256 Credential=A/20261123/r/lambda/aws4_request, SignedHeaders=x-amz-date, Signature=00", "X-Amz-Date": "20261123T120000Z"},
			"", "", 403, "application/json", "InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "http://localhost:4566/2015-03-31/functions/"+tt.query, strings.NewReader(tt.body))
			for key, value := range tt.header {
				r.Header.Set(key, value)
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			h := w.Header()
			if w.Code != tt.status || h.Get("Content-Type") != tt.contentType || h.Get("X-Amzn-Errortype") != tt.errorType || !strings.Contains(w.Body.String(), tt.contains) {
				t.Errorf("got %d %v %s", w.Code, h, w.Body)
			}
			if h.Get("X-Amzn-Requestid") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestPresignedURL(t *testing.T) {
	t.Parallel()
	now := time.Now()
	handler := stsHandler(func() time.Time { return now })
	client := sts.NewPresignClient(sts.NewFromConfig(emulatortest.AWS(handler)))
	signed, err := client.PresignGetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change func(string) string
		after  time.Duration
		want   string
	}{
		"right":              {func(u string) string { return u }, 0, "<Account>" + emulatortest.Account},
		"another action":     {func(u string) string { return strings.Replace(u, "GetCallerIdentity", "GetSessionToken", 1) }, 0, "<Code>SignatureDoesNotMatch"},
		"longer lifetime":    {func(u string) string { return u + "&X-Amz-Expires=9000" }, 0, "<Code>SignatureDoesNotMatch"},
		"lifetime of a year": {func(u string) string { return u + "&X-Amz-Expires=31536000" }, 0, "<Code>IncompleteSignature"},
		"expired":            {func(u string) string { return u }, 20 * time.Minute, "Signature expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			handler := stsHandler(func() time.Time { return now.Add(tt.after) })
			r := httptest.NewRequest(signed.Method, tt.change(signed.URL), nil)
			r.Host = "localhost:4566"
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if !strings.Contains(w.Body.String(), tt.want) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
}

// A presigned call may carry headers of the operation in its query, which are
// signed, too.
func TestPresignedRESTCall(t *testing.T) {
	t.Parallel()
	handler := serve(t, "lambda", awsproto.REST("GetFunction", "GET /2015-03-31/functions/{FunctionName}", 200,
		func(_ context.Context, in *lambda.GetFunctionInput) (*lambda.GetFunctionOutput, error) {
			return &lambda.GetFunctionOutput{Tags: map[string]string{"name": *in.FunctionName}}, nil
		}))
	r := httptest.NewRequest(http.MethodGet, "http://localhost:4566/2015-03-31/functions/f%2Fg?X-Amz-Expires=60&X-Amz-Log-Type=Tail&Qualifier=%24LATEST", nil)
	sum := sha256.Sum256(nil)
	creds := aws.Credentials{AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey}
	url, _, err := v4.NewSigner().PresignHTTP(t.Context(), creds, r, hex.EncodeToString(sum[:]), "lambda", emulatortest.Region, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, nil))
	var answer struct{ Tags map[string]string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); w.Code != 200 || err != nil || answer.Tags["name"] != "f/g" {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	handler := stsHandler(time.Now)
	for name, tt := range map[string]struct {
		sign   bool
		status int
		want   string
	}{
		"signed":   {true, http.StatusRequestEntityTooLarge, "<Code>RequestEntityTooLargeException</Code>"},
		"unsigned": {false, http.StatusForbidden, "<Code>MissingAuthenticationToken</Code>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := "Action=" + strings.Repeat("x", 11<<20)
			r := httptest.NewRequest(http.MethodPost, "http://localhost:4566/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if tt.sign {
				emulatortest.Sign(t, r, body, "sts")
			}
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.want) {
				t.Errorf("got %d %.200s", w.Code, w.Body)
			}
		})
	}
}

func stsHandler(clock func() time.Time) http.Handler {
	model, _ := awsmodel.ServiceByName("sts")
	return awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: stsservice.New(stsservice.Config{}).Operations()}},
		Credentials: emulatortest.Credentials, Account: emulatortest.Account, Clock: clock,
	})
}

func FuzzAuthorizationHeader(f *testing.F) {
	f.Add("AWS4-HMAC-SHA256 Credential=A/20261123/r/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=00", "20261123T120000Z")
	f.Add("AWS4-HMAC-SHA256 Credential="+emulatortest.AccessKeyID+"/"+noon.UTC().Format("20060102")+"/r/sts/aws4_request, SignedHeaders=host;x-amz-date, Signature=00", noon.UTC().Format("20060102T150405Z"))
	f.Add("Bearer x", "")
	verifier := awsproto.NewVerifier(emulatortest.Credentials)
	f.Fuzz(func(t *testing.T, header, date string) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Header.Set("Authorization", header)
		r.Header.Set("X-Amz-Date", date)
		if _, err := verifier.Verify(r, nil, noon); err == nil {
			t.Errorf("%q was taken for signed", header)
		}
	})
}

func FuzzPresignedQuery(f *testing.F) {
	day, at := noon.UTC().Format("20060102"), noon.UTC().Format("20060102T150405Z")
	f.Add("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + emulatortest.AccessKeyID + "%2F" + day + "%2Fr%2Fsts%2Faws4_request&X-Amz-Date=" + at + "&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00&X-Amz-Security-Token=t")
	f.Add("X-Amz-Signature=00")
	verifier := awsproto.NewVerifier(emulatortest.Credentials)
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = query
		if _, err := verifier.Verify(r, nil, noon); err == nil {
			t.Errorf("%q was taken for signed", query)
		}
	})
}

// BenchmarkSignedCall is a signed call through the handler, and the bare
// net/http handler it is measured against (DESIGN §8).
func BenchmarkSignedCall(b *testing.B) {
	model, _ := awsmodel.ServiceByName("sts")
	now := time.Now()
	handler := awsproto.New(awsproto.Config{
		Services:    []awsproto.Service{{Model: model, Operations: stsservice.New(stsservice.Config{}).Operations()}},
		Credentials: emulatortest.Credentials, Account: emulatortest.Account,
		Clock: func() time.Time { return now },
	})
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	run := func(b *testing.B, handler http.Handler) {
		server := httptest.NewServer(handler)
		defer server.Close()
		client := server.Client()
		signed, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/", strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		emulatortest.Sign(b, signed, body, "sts") // once: the client's work is not measured
		for b.Loop() {
			r := signed.Clone(b.Context())
			r.Body = io.NopCloser(strings.NewReader(body))
			answer, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if answer.StatusCode != http.StatusOK {
				b.Fatal(answer.Status)
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				b.Fatal(err)
			}
			if err := answer.Body.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("emulator", func(b *testing.B) { run(b, handler) })
	b.Run("bare", func(b *testing.B) {
		run(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 400)) }))
	})
}
