package command

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// curlOptions is a parsed command line.
type curlOptions struct {
	urls   []string
	method string
	header []string // "Name: value", "Name;" for an empty one, "Name:" for none

	data    []string
	hasData bool
	json    bool
	get     bool
	head    bool

	include, verbose, silent, showError, follow, insecure, compressed, fail, failWithBody bool

	outputs    []string // one for each URL; "-O" takes the URL's last part
	writeOut   string
	dumpHeader string
	user       string
	agent      string
	cookie     string
	referer    string
	maxRedirs  int

	autoReferer, pathAsIs, http11 bool

	retries                  int
	retryRefused, retryAll   bool
	retryDelay, retryMaxTime time.Duration
	maxTime, connectTimeout  time.Duration
}

var curlLong = map[string]byte{
	"request": 'X', "header": 'H', "data": 'd', "data-ascii": 'd', "data-raw": 1, "data-binary": 2, "data-urlencode": 3, "json": 4,
	"get": 'G', "head": 'I', "include": 'i', "show-headers": 'i', "verbose": 'v', "silent": 's', "show-error": 'S', "location": 'L', "insecure": 'k',
	"fail": 'f', "fail-with-body": 5, "output": 'o', "remote-name": 'O', "write-out": 'w', "dump-header": 'D', "user": 'u',
	"user-agent": 'A', "referer": 'e', "max-time": 'm', "connect-timeout": 6, "max-redirs": 7, "url": 8, "compressed": 9, "retry": 14, "retry-delay": 15, "retry-max-time": 16, "retry-all-errors": 17, "retry-connrefused": 18, "path-as-is": 19, "http1.1": 20,
	"no-progress-meter": 'N', "no-buffer": 'N', "globoff": 'g', "cookie": 'b', "http2": 'g',
}

const curlShort = "X:H:d:\x01:\x02:\x03:\x04:GIivsSLkf\x05o:Ow:D:u:A:e:m:\x06:\x07:\x08:\x09\x0e:\x0f:\x10:\x11\x12\x13\x14Ngb:#"

func curlParse(c *Call) (*curlOptions, error) {
	o := &curlOptions{agent: "curl/8.14.1", maxRedirs: 50}
	opts, rest, err := parse(c.Args, curlShort, curlLong)
	if err != nil {
		if wrong, ok := errors.AsType[optionError](err); ok {
			err = fmt.Errorf("option %s: %s", wrong.option, wrong.curl)
		}
		return o, fmt.Errorf("%w\ncurl: try 'curl --help' for more information", err)
	}
	flags := map[byte]*bool{
		'G': &o.get, 'I': &o.head, 'i': &o.include, 'v': &o.verbose, 's': &o.silent, 'S': &o.showError,
		'L': &o.follow, 'k': &o.insecure, 'f': &o.fail, 9: &o.compressed,
		17: &o.retryAll, 18: &o.retryRefused, 19: &o.pathAsIs, 20: &o.http11,
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
				o.writeOut = strings.NewReplacer("\r", "", "\n", "").Replace(string(data)) // as curl: \n is written as an escape
			}
		case 'D':
			o.dumpHeader = opt.value
		case 'u':
			o.user = opt.value
		case 'A':
			o.agent = opt.value
		case 'e':
			o.referer, o.autoReferer = strings.CutSuffix(opt.value, ";auto")
		case 'b':
			if !strings.Contains(opt.value, "=") {
				return o, c.own(c.words.CurlCookies, text.Args{"value": opt.value})
			}
			if o.cookie != "" {
				o.cookie += "; "
			}
			o.cookie += opt.value
		case 14:
			o.retries, err = strconv.Atoi(opt.value)
			if err != nil || o.retries < 0 {
				err = errors.New("option --retry: expected a proper numerical parameter")
			}
		case 15:
			o.retryDelay, err = seconds(opt.value)
		case 16:
			o.retryMaxTime, err = seconds(opt.value)
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
	if o.json { // a -d and two -H, unless they are given
		o.imply("Content-Type: application/json")
		o.imply("Accept: application/json")
	}
	o.urls = rest
	return o, nil
}

// imply adds a header line unless -H has that header.
func (o *curlOptions) imply(line string) {
	wanted, _, _ := strings.Cut(line, ":")
	if !slices.ContainsFunc(o.header, func(line string) bool {
		name, _, _ := strings.Cut(line, ":")
		return strings.EqualFold(strings.TrimSuffix(name, ";"), wanted)
	}) {
		o.header = append(o.header, line)
	}
}

func seconds(text string) (time.Duration, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 0 || n > 1e6 {
		return 0, fmt.Errorf("expected a proper numerical parameter, not '%s'", text)
	}
	return time.Duration(n * float64(time.Second)), nil
}

// curlFileError is a file of an option that cannot be read.
type curlFileError struct {
	name string
	err  error
}

func (e curlFileError) Error() string {
	return fmt.Sprintf("Failed to open %s: %s", e.name, workspace.Reason(e.err))
}

func (o *curlOptions) addHeader(c *Call, value string) error {
	name, ok := strings.CutPrefix(value, "@")
	if !ok {
		o.header = append(o.header, value)
		return nil
	}
	data, err := c.ReadFile(name)
	if err != nil {
		return curlFileError{name, err}
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
	file := func(name string) (string, error) {
		data, err := c.ReadFile(name)
		if err != nil {
			return "", curlFileError{name, err}
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
			o.json = true
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
// after a POST, ask with GET. What -X says stays, as in curl.
func (o *curlOptions) redirected(status int) {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther:
		o.data, o.hasData = nil, false
	}
}
