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
		"by a name under it":      {host: "abc.execute-api.localhost:4566", signed: true, status: 200},
		"another host":            {host: "evil.example", signed: true, status: 421},
		"a host that looks alike": {host: "localhost.evil.example", signed: true, status: 421},
		"the network's address":   {host: "192.168.0.2:4566", signed: true, status: 421},
		"from a page":             {host: "localhost:4566", headers: map[string]string{"Origin": "https://evil.example"}, signed: true, status: 403},
		"from a page of ours":     {host: "localhost:4566", headers: map[string]string{"Origin": "http://localhost:4566"}, signed: true, status: 403},
		"across sites":            {host: "localhost:4566", headers: map[string]string{"Sec-Fetch-Site": "cross-site"}, signed: true, status: 403},
		"unsigned":                {host: "localhost:4566", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "http://"+tt.host+"/", strings.NewReader(body))
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
