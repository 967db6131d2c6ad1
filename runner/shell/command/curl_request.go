package command

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// curlAsk is a request in the order and the case that curl gives it.
type curlAsk struct {
	method string
	target *url.URL
	lines  []string // "Name: value"
	body   string
}

// ask makes the request to a URL. first is the URL that the user named: what
// proves who one is goes to its scheme, host and port only, as curl has it
// since 7.83; -b's cookies too, which curl 7.88 lets go to another port. referer is the URL that redirected here, for -e ';auto'.
func (o *curlOptions) ask(target, first *url.URL, referer string) curlAsk {
	a := curlAsk{method: o.verb(), target: target}
	trusted := sameOrigin(target, first)
	own := make(map[string]bool) // headers that -H gives or takes away
	var given []string
	for _, line := range o.header {
		name, value, ok := strings.Cut(line, ":")
		empty := !ok && strings.HasSuffix(strings.TrimRight(line, " "), ";")
		if !ok && !empty {
			continue
		}
		if empty {
			name = strings.TrimSuffix(strings.TrimRight(line, " "), ";")
			line = name + ":"
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if !trusted && (name == "authorization" || name == "cookie" || name == "host") {
			continue
		}
		switch {
		case name == "host" && !own[name] && strings.TrimSpace(value) != "":
			a.lines = append(a.lines, "Host:"+value)
		case name != "host" && (empty || strings.TrimSpace(value) != ""):
			given = append(given, line)
		}
		own[name] = true
	}
	add := func(name, value string) {
		if !own[strings.ToLower(name)] {
			a.lines = append(a.lines, name+": "+value)
		}
	}
	add("Host", target.Host)
	switch {
	case o.user != "" && trusted:
		add("Authorization", basic(o.user))
	case target.User != nil:
		password, _ := target.User.Password()
		add("Authorization", basic(target.User.Username()+":"+password))
	}
	if o.agent != "" {
		add("User-Agent", o.agent)
	}
	add("Accept", "*/*")
	if o.compressed {
		add("Accept-Encoding", "gzip")
	}
	if o.referer != "" && referer == "" {
		add("Referer", o.referer)
	} else if o.autoReferer && referer != "" {
		add("Referer", referer)
	}
	if o.cookie != "" && trusted {
		add("Cookie", o.cookie)
	}
	a.lines = append(a.lines, given...)
	if o.hasData && !o.get && !o.head {
		a.body = strings.Join(o.data, "&")
		if !own["transfer-encoding"] {
			add("Content-Length", fmt.Sprint(len(a.body)))
		}
		add("Content-Type", "application/x-www-form-urlencoded")
		if len(a.body) > 1<<20 {
			add("Expect", "100-continue")
		}
	}
	return a
}

// framed reports whether the request ends where its head says. curl would send
// what it is told; here a second request, hidden behind the first, would go
// without the Config's Mark.
func (a curlAsk) framed() bool {
	ends := 0 // lines that say where the body ends
	for _, line := range a.lines {
		if strings.ContainsAny(line, "\r\n") {
			return false
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "content-length":
			if ends++; name != strings.TrimSpace(name) || value != strconv.Itoa(len(a.body)) {
				return false
			}
		case "transfer-encoding":
			if ends++; name != strings.TrimSpace(name) || !strings.EqualFold(value, "chunked") || a.body == "" {
				return false
			}
		}
	}
	return ends <= 1 && (ends == 1 || a.body == "")
}

func basic(user string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user))
}

// sameOrigin compares scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}

// head is the request's head over that version of HTTP.
func (a curlAsk) head(proto string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s\r\n", a.method, a.target.RequestURI(), proto)
	for _, line := range a.lines {
		if proto == "HTTP/2" {
			name, value, _ := strings.Cut(line, ":")
			if name != "Host" { // curl shows :authority as that
				line = strings.ToLower(name) + ":" + value
			}
		}
		b.WriteString(line + "\r\n")
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// request is the same for net/http, which frames the body and speaks HTTP/2.
func (a curlAsk) request(ctx context.Context) (*http.Request, error) {
	var body io.Reader = http.NoBody
	if a.body != "" {
		body = strings.NewReader(a.body)
	}
	plain := *a.target
	plain.User = nil
	req, err := http.NewRequestWithContext(ctx, a.method, plain.String(), body)
	if err != nil {
		return nil, err
	}
	// Keeps net/http from adding its own; HTTP/2 writes these.
	req.Header["User-Agent"] = nil
	for _, line := range a.lines {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name = http.CanonicalHeaderKey(name); name {
		case "Host":
			req.Host = value
		case "Content-Length": // net/http counts
		case "Transfer-Encoding":
			if strings.EqualFold(value, "chunked") && a.body != "" {
				req.TransferEncoding, req.ContentLength = []string{"chunked"}, -1
			}
		default:
			req.Header[name] = append(req.Header[name], value)
		}
	}
	return req, nil
}
