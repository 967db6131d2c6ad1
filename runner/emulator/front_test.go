package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"awslab/runner/emulator/emulatortest"
)

func TestWhatMayComeIn(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	const body = "Action=GetCallerIdentity&Version=2011-06-15"
	for name, tt := range map[string]struct {
		host    string
		headers map[string]string
		signed  bool
		status  int
	}{
		"signed":                  {host: "localhost:4566", signed: true, status: 200},
		"by address":              {host: "127.0.0.1:4566", signed: true, status: 200},
		"by IPv6 address":         {host: "[::1]:4566", signed: true, status: 200},
		"by a name under it":      {host: "abc.localhost:4566", signed: true, status: 200},
		"an API's own name":       {host: "abc.execute-api.localhost:4566", signed: true, status: 404}, // its data plane
		"another host":            {host: "evil.example", signed: true, status: 421},
		"a host that looks alike": {host: "localhost.evil.example", signed: true, status: 421},
		"any loopback address":    {host: "127.8.9.1:4566", signed: true, status: 200},
		"without a port":          {host: "localhost", signed: true, status: 200},
		"in capitals, with a dot": {host: "LocalHost.:4566", signed: true, status: 200},
		"a host with a zone":      {host: "[fe80::1%25lo]:4566", signed: true, status: 421},
		"all addresses":           {host: "0.0.0.0:4566", signed: true, status: 421},
		"two ports":               {host: "localhost:4566:80", signed: true, status: 421},
		"an empty origin":         {host: "localhost:4566", headers: map[string]string{"Origin": ""}, signed: true, status: 403},
		"from a file":             {host: "localhost:4566", headers: map[string]string{"Origin": "null"}, signed: true, status: 403},
		"from the same site":      {host: "localhost:4566", headers: map[string]string{"Sec-Fetch-Site": "same-site"}, signed: true, status: 403},
		"the network's address":   {host: "192.168.0.2:4566", signed: true, status: 421},
		"from a page":             {host: "localhost:4566", headers: map[string]string{"Origin": "https://evil.example"}, signed: true, status: 403},
		"from a page of ours":     {host: "localhost:4566", headers: map[string]string{"Origin": "http://localhost:4566"}, signed: true, status: 403},
		"across sites":            {host: "localhost:4566", headers: map[string]string{"Sec-Fetch-Site": "cross-site"}, signed: true, status: 403},
		"unsigned":                {host: "localhost:4566", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(body))
			r.Host, r.URL.Host = tt.host, tt.host
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if tt.signed {
				emulatortest.Sign(t, r, body, "sts")
			}
			for name, value := range tt.headers {
				r.Header.Set(name, value)
			}
			answer := httptest.NewRecorder()
			w.ServeHTTP(answer, r)
			if answer.Code != tt.status {
				t.Errorf("status %d, want %d: %s", answer.Code, tt.status, answer.Body)
			}
			if tt.status != 200 && strings.Contains(answer.Body.String(), "<Arn>") {
				t.Error("a service was reached")
			}
		})
	}
}

func TestTheControlAPIIsSigned(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	for name, service := range map[string]string{"unsigned": "", "for another service": "sts", "right": "awslab"} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost:4566/_awslab/info", nil)
		if service != "" {
			emulatortest.Sign(t, r, "", service)
		}
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		if want := map[bool]int{true: 200, false: 403}[service == "awslab"]; answer.Code != want {
			t.Errorf("%s: status %d, want %d", name, answer.Code, want)
		}
	}
}

// What a browser is refused of the AWS API, it is refused of the control API;
// and a person who opens the address is told what is there.
func TestTheControlAPIAndTheFrontPage(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	for name, tt := range map[string]struct {
		path, host, origin string
		signed             bool
		status             int
		says               string
	}{
		"the page":              {path: "/", host: "localhost:4566", status: 200, says: "awslab's AWS emulator"},
		"the page, rebound":     {path: "/", host: "evil.example", status: 421, says: "evil.example"},
		"control from a page":   {path: "/_awslab/info", host: "localhost:4566", origin: "http://localhost:4566", signed: true, status: 403, says: "not for web pages"},
		"control, rebound":      {path: "/_awslab/info", host: "evil.example", signed: true, status: 421, says: "evil.example"},
		"control, no such call": {path: "/_awslab/secrets", host: "localhost:4566", signed: true, status: 404, says: "no such call"},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+tt.path, nil)
		r.Host, r.URL.Host = tt.host, tt.host
		if tt.signed {
			emulatortest.Sign(t, r, "", "awslab")
		}
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		body := answer.Body.String()
		if answer.Code != tt.status || !strings.Contains(body, tt.says) || strings.Contains(body, emulatortest.SecretAccessKey) || strings.Contains(body, emulatortest.AccessKeyID) {
			t.Errorf("%s: %d %s", name, answer.Code, body)
		}
	}
}

func TestAClosedEmulatorAnswersNothing(t *testing.T) {
	t.Parallel()
	w := open(t, t.TempDir())
	w.role(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.createRole(t, "late"); err == nil || !strings.Contains(err.Error(), "the emulator is closing") {
		t.Errorf("a change: %v", err)
	}
	for _, call := range []string{"mark", "rewind"} {
		if answer := control(t, w, http.MethodPost, "/_awslab/"+call, "{}"); answer.Code != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s", call, answer.Code, answer.Body)
		}
	}
}
