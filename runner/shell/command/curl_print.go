package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// curlVerbose prints a hop as -v does. Of an answer that -f drops, and of 1xx ones, curl does not
// show the empty line.
func curlVerbose(w io.Writer, notes []string, sent []byte, heads [][]byte, dropped bool) {
	var b bytes.Buffer
	for _, note := range notes {
		b.WriteString("* " + note + "\n")
	}
	lines := func(mark string, head []byte) {
		for line := range bytes.Lines(head) {
			if mark == "< " && (dropped || headStatus(head)/100 == 1) && len(bytes.TrimSpace(line)) == 0 {
				continue
			}
			b.WriteString(mark)
			b.Write(line)
		}
	}
	lines("> ", sent)
	for _, head := range heads {
		lines("< ", head)
	}
	_, _ = w.Write(b.Bytes()) // nobody is left to tell
}

// writeOut prints the format of -w.
func (t *curlTransfer) writeOut(format string) error {
	var err error
	to := t.c.Stdout
	say := func(text string) {
		if _, werr := io.WriteString(to, text); err == nil {
			err = werr
		}
	}
	for i := 0; i < len(format); i++ {
		rest := format[i:]
		name, variable := inBraces(rest, "%{")
		header, isHeader := inBraces(rest, "%header{")
		switch {
		case variable:
			i += len("%{") + len(name)
			switch name {
			case "stdout":
				to = t.c.Stdout
			case "stderr":
				to = t.c.Stderr
			case "onerror":
				if t.code == 0 {
					return err
				}
			default:
				value, known := t.variable(name)
				if !known {
					_, _ = fmt.Fprintf(t.c.Stderr, "curl: unknown --write-out variable: '%s'\n", name) // nobody is left to tell
				}
				say(value)
			}
		case isHeader:
			i += len("%header{") + len(header)
			for _, line := range headerLines(t.head) {
				if strings.EqualFold(line.name, header) {
					say(line.value)
					break
				}
			}
		case strings.HasPrefix(rest, "%%"):
			i++
			say("%")
		case len(rest) > 1 && rest[0] == '\\' && strings.IndexByte("nrt", rest[1]) >= 0:
			i++
			say(map[byte]string{'n': "\n", 'r': "\r", 't': "\t"}[rest[1]])
		default:
			say(rest[:1])
		}
	}
	return err
}

// inBraces reads "%{name}" with that opening.
func inBraces(text, open string) (string, bool) {
	text, ok := strings.CutPrefix(text, open)
	if !ok {
		return "", false
	}
	name, _, ok := strings.Cut(text, "}")
	return name, ok
}

// variable is the value of a variable of -w.
func (t *curlTransfer) variable(name string) (string, bool) {
	since := func(at time.Time) string {
		if at.IsZero() {
			return "0.000000"
		}
		return fmt.Sprintf("%.6f", max(0, at.Sub(t.started).Seconds()))
	}
	count := func(n int) string { return strconv.Itoa(n) }
	res, url := t.res, t.raw
	if t.target != nil {
		url = t.target.String()
	}
	if res == nil {
		res = &http.Response{Header: http.Header{}}
	}
	times := t.seen.times
	switch name {
	case "http_code", "response_code":
		return fmt.Sprintf("%03d", res.StatusCode), true
	case "http_connect":
		return "000", true
	case "http_version":
		if res.ProtoMajor == 1 && res.ProtoMinor == 1 {
			return "1.1", true
		}
		return count(res.ProtoMajor), true
	case "url_effective":
		return url, true
	case "url":
		return t.raw, true
	case "urlnum":
		return count(t.index), true
	case "scheme":
		if t.target == nil {
			return "", true
		}
		return t.target.Scheme, true
	case "method":
		return t.ask.method, true
	case "content_type":
		return res.Header.Get("Content-Type"), true
	case "redirect_url":
		location := res.Header.Get("Location")
		if location == "" || t.o.follow && t.code == 0 {
			return "", true
		}
		to, err := t.target.Parse(location)
		if err != nil {
			return "", true
		}
		return to.String(), true
	case "exitcode":
		return count(t.code), true
	case "errormsg":
		return t.message, true
	case "size_download":
		return strconv.FormatInt(t.size, 10), true
	case "size_upload":
		return count(len(t.ask.body)), true
	case "size_header":
		return count(t.heads), true
	case "size_request":
		return count(len(t.seen.sent)), true
	case "speed_download":
		return strconv.FormatInt(int64(float64(t.size)/max(1e-6, time.Since(t.started).Seconds())), 10), true
	case "num_redirects":
		return count(t.redirects), true
	case "num_connects":
		return count(t.connects), true
	case "num_headers":
		return count(len(headerLines(t.head))), true
	case "header_json":
		return headerJSON(t.head), true
	case "filename_effective":
		if t.index < len(t.o.outputs) {
			return t.o.outputs[t.index], true
		}
		return "", true
	case "local_ip", "local_port":
		return address(t.seen.local, name == "local_ip"), true
	case "remote_ip", "remote_port":
		return address(t.seen.remote, name == "remote_ip"), true
	case "ssl_verify_result":
		return "0", true
	case "time_namelookup":
		return since(times.lookup), true
	case "time_connect":
		return since(times.connect), true
	case "time_appconnect":
		return since(times.tls), true
	case "time_pretransfer":
		return since(times.sent), true
	case "time_starttransfer":
		return since(times.first), true
	case "time_total":
		return since(time.Now()), true
	}
	return "", false
}

func address(a net.Addr, ip bool) string {
	if a == nil {
		return ""
	}
	host, port, err := net.SplitHostPort(a.String())
	switch {
	case err != nil:
		return ""
	case ip:
		return host
	}
	return port
}

// headerJSON is a head as %{header_json} prints it: names in lower case, in the
// order in which they first came, each with all of its values.
func headerJSON(head []byte) string {
	var names []string
	values := make(map[string][]string)
	for _, line := range headerLines(head) {
		name := strings.ToLower(line.name)
		if values[name] == nil {
			names = append(names, name)
		}
		values[name] = append(values[name], quoteJSON(line.value))
	}
	members := make([]string, len(names))
	for i, name := range names {
		members[i] = quoteJSON(name) + ":[" + strings.Join(values[name], ",") + "]"
	}
	return "{" + strings.Join(members, ",\n") + "\n}"
}

func quoteJSON(text string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	return strings.TrimSuffix(b.String(), "\n")
}
