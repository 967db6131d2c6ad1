package command

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"awslab/runner/shell/workspace"
)

// curlOptions is a parsed command line.
type curlOptions struct {
	urls   []string
	method string
	header []string // "Name: value", "Name;" for an empty one, "Name:" for none

	data     []string
	hasData  bool
	json     bool
	dataType string // the Content-Type that the data brings
	get      bool
	head     bool

	include, verbose, silent, showError, follow, insecure, compressed, fail, failWithBody bool

	outputs    []string // one for each URL; "-O" takes the URL's last part
	writeOut   string
	dumpHeader string
	user       string
	agent      string
	maxRedirs  int

	maxTime, connectTimeout time.Duration
}

var curlLong = map[string]byte{
	"request": 'X', "header": 'H', "data": 'd', "data-ascii": 'd', "data-raw": 1, "data-binary": 2, "data-urlencode": 3, "json": 4,
	"get": 'G', "head": 'I', "include": 'i', "show-headers": 'i', "verbose": 'v', "silent": 's', "show-error": 'S', "location": 'L', "insecure": 'k',
	"fail": 'f', "fail-with-body": 5, "output": 'o', "remote-name": 'O', "write-out": 'w', "dump-header": 'D', "user": 'u',
	"user-agent": 'A', "referer": 'e', "max-time": 'm', "connect-timeout": 6, "max-redirs": 7, "url": 8, "compressed": 9, "retry": 14,
	"no-progress-meter": 'N', "no-buffer": 'N', "globoff": 'g', "http1.1": 'g', "http2": 'g', "path-as-is": 'g', "cookie": 'b', "retry-delay": 14, "retry-all-errors": 'g', "retry-connrefused": 'g',
}

const curlShort = "X:H:d:\x01:\x02:\x03:\x04:GIivsSLkf\x05o:Ow:D:u:A:e:m:\x06:\x07:\x08:\x09\x0e:Ngb:#"

func curlParse(c *Call) (*curlOptions, error) {
	o := &curlOptions{agent: "curl/8.14.1", maxRedirs: 50}
	opts, rest, err := parse(c.Args, curlShort, curlLong)
	if err != nil {
		return o, fmt.Errorf("%w\ncurl: try 'curl --help' for more information", err)
	}
	flags := map[byte]*bool{
		'G': &o.get, 'I': &o.head, 'i': &o.include, 'v': &o.verbose, 's': &o.silent, 'S': &o.showError,
		'L': &o.follow, 'k': &o.insecure, 'f': &o.fail, 9: &o.compressed,
	}
	for _, opt := range opts {
		if flag := flags[opt.flag]; flag != nil {
			*flag = true
			continue
		}
		var err error
		switch opt.flag {
		case 'X':
			o.method = opt.value
		case 'H':
			err = o.addHeader(c, opt.value)
		case 'd', 1, 2, 3, 4:
			err = o.addData(c, opt.flag, opt.value)
		case 5:
			o.fail, o.failWithBody = true, true
		case 'o':
			o.outputs = append(o.outputs, opt.value)
		case 'O':
			o.outputs = append(o.outputs, "-O")
		case 'w':
			o.writeOut = opt.value
			if name, ok := strings.CutPrefix(opt.value, "@"); ok {
				var data []byte
				data, err = c.ReadFile(name)
				o.writeOut = string(data)
			}
		case 'D':
			o.dumpHeader = opt.value
		case 'u':
			o.user = opt.value
		case 'A':
			o.agent = opt.value
		case 'e':
			o.header = append(o.header, "Referer: "+opt.value)
		case 'b':
			o.header = append(o.header, "Cookie: "+opt.value)
		case 'm':
			o.maxTime, err = seconds(opt.value)
		case 6:
			o.connectTimeout, err = seconds(opt.value)
		case 7:
			o.maxRedirs, err = strconv.Atoi(opt.value)
		case 8:
			rest = append(rest, opt.value)
		}
		if err != nil {
			return o, err
		}
	}
	o.urls = rest
	return o, nil
}

func seconds(text string) (time.Duration, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 1e6 {
		return 0, fmt.Errorf("expected a proper numerical parameter, not '%s'", text)
	}
	return time.Duration(n * float64(time.Second)), nil
}

func (o *curlOptions) addHeader(c *Call, value string) error {
	name, ok := strings.CutPrefix(value, "@")
	if !ok {
		o.header = append(o.header, value)
		return nil
	}
	data, err := c.ReadFile(name)
	if err != nil {
		return fmt.Errorf("Failed to open %s: %s", name, workspace.Reason(err)) //nolint:staticcheck // ST1005: these are curl's own words
	}
	for _, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			o.header = append(o.header, line)
		}
	}
	return nil
}

func (o *curlOptions) addData(c *Call, kind byte, value string) error {
	o.hasData = true
	if o.dataType == "" {
		o.dataType = "application/x-www-form-urlencoded"
	}
	file := func(name string) (string, error) {
		data, err := c.ReadFile(name)
		if err != nil {
			return "", fmt.Errorf("Failed to open %s: %s", name, workspace.Reason(err)) //nolint:staticcheck // ST1005: these are curl's own words
		}
		return string(data), nil
	}
	var err error
	switch kind {
	case 1: // --data-raw: as it stands
	case 3: // --data-urlencode: content, =content, name=content, @file, name@file
		name, content := "", value
		if i := strings.IndexAny(value, "=@"); i >= 0 {
			name, content = value[:i], value[i+1:]
			if value[i] == '@' {
				if content, err = file(content); err != nil {
					return err
				}
			}
		}
		if value = url.QueryEscape(content); name != "" {
			value = name + "=" + value
		}
	default:
		if name, ok := strings.CutPrefix(value, "@"); ok {
			if value, err = file(name); err != nil {
				return err
			}
			if kind == 'd' { // only --data-binary keeps the line ends
				value = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(value)
			}
		}
		if kind == 4 {
			o.json, o.dataType = true, "application/json"
			if len(o.data) > 0 { // --json twice is one text
				o.data[len(o.data)-1] += value
				return nil
			}
		}
	}
	o.data = append(o.data, value)
	return nil
}

// verb is the request's method.
func (o *curlOptions) verb() string {
	switch {
	case o.method != "":
		return o.method
	case o.head:
		return http.MethodHead
	case o.hasData && !o.get:
		return http.MethodPost
	}
	return http.MethodGet
}

// redirected adapts the options to a redirect: 303 always, and 301 and 302
// after a POST, ask with GET.
func (o *curlOptions) redirected(status int) {
	post := o.verb() == http.MethodPost
	if status == http.StatusSeeOther || post && (status == http.StatusMovedPermanently || status == http.StatusFound) {
		if o.method == "" || status == http.StatusSeeOther {
			o.method = ""
			o.data, o.hasData, o.json, o.dataType = nil, false, false, ""
		}
	}
}

// apply sets a request's headers.
func (o *curlOptions) apply(req *http.Request) {
	req.Header["Accept"] = []string{"*/*"}
	req.Header["User-Agent"] = []string{o.agent}
	if o.hasData && !o.get {
		req.Header["Content-Type"] = []string{o.dataType}
	}
	if o.json {
		req.Header["Accept"] = []string{"application/json"}
	}
	if o.compressed {
		req.Header["Accept-Encoding"] = []string{"gzip"}
	}
	if o.user != "" {
		req.Header["Authorization"] = []string{"Basic " + base64.StdEncoding.EncodeToString([]byte(o.user))}
	}
	given := make(map[string]bool)
	for _, line := range o.header {
		name, value, ok := strings.Cut(line, ":")
		empty := !ok && strings.HasSuffix(line, ";")
		name = http.CanonicalHeaderKey(strings.TrimSpace(strings.TrimSuffix(name, ";")))
		value = strings.TrimSpace(value)
		switch {
		case !ok && !empty:
		case name == "Host":
			req.Host = value
		case value == "" && !empty:
			req.Header.Del(name)
			if name == "User-Agent" || name == "Accept-Encoding" {
				req.Header[name] = nil // keeps net/http from adding its own
			}
		case given[name]:
			req.Header[name] = append(req.Header[name], value)
		default:
			given[name] = true
			req.Header[name] = []string{value}
		}
	}
}

// curlWithoutSecrets drops what must not go to another host.
func curlWithoutSecrets(header []string) []string {
	var kept []string
	for _, line := range header {
		name, _, _ := strings.Cut(line, ":")
		if n := strings.ToLower(strings.TrimSpace(name)); n != "authorization" && n != "cookie" && n != "host" {
			kept = append(kept, line)
		}
	}
	return kept
}
