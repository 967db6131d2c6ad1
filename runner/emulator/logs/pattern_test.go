package logs

import (
	"strings"
	"testing"
)

// The examples are those of AWS's page on the syntax and variations of them
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html).
func TestStructuredPatterns(t *testing.T) {
	t.Parallel()
	const (
		event  = `{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],"objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"cluster.name":"c","errorCode":400,"latency":"12.5","yes":true,"no":false}`
		access = `127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534`
	)
	for _, c := range []struct {
		pattern, event string
		fits           bool
	}{
		{`{ $.eventType = "UpdateTrail" }`, event, true},
		{`{$.eventType=UpdateTrail}`, event, true},
		{`{ $.eventType = "Update" }`, event, false},
		{`{ $.eventType = "Update*" }`, event, true},
		{`{ $.eventType != "*Trail" }`, event, false},
		{`{ $.eventType = %^Up.*l$% }`, event, true},
		{`{ $.eventType != %^Up% }`, event, false},
		{`{ $.sourceIPAddress != 123.123.* }`, event, true},
		{`{ $.arrayKey[0] = "value" }`, event, true},
		{`{ $.arrayKey[1] = "value" }`, event, false},
		{`{ $.arrayKey[9] = "value" }`, event, false},
		{`{ $.arrayKey[*] = "another*" }`, event, true},
		{`{ $.objectList[1].id = 2 }`, event, true},
		{`{ $.objectList[*].id > 1 }`, event, true},
		{`{ $.objectList[*].id > 2 }`, event, false},
		{`{ $["cluster.name"] = "c" }`, event, true},
		{`{ $.errorCode >= 400 && $.errorCode <= 4e2 }`, event, true},
		{`{ $.errorCode < 400 || $.errorCode > 400 }`, event, false},
		{`{ $.errorCode = 4* }`, event, true},
		{`{ $.latency > 12 }`, event, true},
		{`{ $.eventType > 12 }`, event, false},
		{`{ $.SomeObject IS NULL }`, event, true},
		{`{ $.errorCode IS NULL }`, event, false},
		{`{ $.SomeOtherObject NOT EXISTS }`, event, true},
		{`{ $.SomeObject NOT EXISTS }`, event, false},
		{`{ $.SomeObject EXISTS }`, event, true},
		{`{ $.yes IS TRUE }`, event, true},
		{`{ $.no is false }`, event, true},
		{`{ $.yes IS FALSE }`, event, false},
		{`{ ($.errorCode = 1 || $.yes IS TRUE) && $.no IS TRUE }`, event, false},
		{`{ $.errorCode = 1 && $.no IS TRUE || $.yes IS TRUE }`, event, true},
		{`{ $.errorCode = 400 }`, "START " + event, false},
		{`{ $.errorCode = 400 }`, event + event, false},
		{`[ip, user, username, timestamp, request, status_code, bytes]`, access, true},
		{`[ip, user, username, timestamp, request, status_code]`, access, false},
		{`[ip, user, username, timestamp, request, status_code = 4*, bytes > 1000]`, access, true},
		{`[ip, user, username, timestamp, request, status_code = 4* && status_code != 404, bytes]`, access, false},
		{`[ip, user, username, timestamp, request, status_code = 500 || status_code = 404, bytes]`, access, true},
		{`[ip, user, username, timestamp, request = *html*, ...]`, access, true},
		{`[..., request = "GET *", status_code, bytes]`, access, true},
		{`[..., status_code = 4*, bytes < 1000]`, access, false},
		{`[ip = %127\.0\.0\.[1-9]%, ...]`, access, true},
		{`[ip != %127%, ...]`, access, false},
		{`[timestamp, ..., last = 1534]`, access, true},
		{`[a, ...]`, "", false},
		{`[a]`, `"whole field`, false},
		{`[a, b]`, `"whole field`, true},
	} {
		p, err := parsePattern(c.pattern)
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		if p.matches(c.event) != c.fits {
			t.Errorf("%s fits %s: %v, want %v", c.pattern, c.event, !c.fits, c.fits)
		}
	}
}

func TestWrongStructuredPatterns(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"{}", "{ $ = 1 }", "{ a = 1 }", "{ $.a }", "{ $.a = }", "{ $.a == 1 }", "{ $.a > text }", "{ $.a = 1 && }", "{ ($.a = 1 }", "{ $.a = 1 $.b = 2 }",
		"{ $.a[x] = 1 }", "{ $.a[-1] = 1 }", "{ $.a IS 1 }", "{ $.a NOT NULL }", `{ $.["a"] = 1 }`, `{ $.a = "x }`, "{ $.a = %( % }", "{ $.a > %x% }", "{ $.a = %% }",
		"{" + strings.Repeat("(", 500) + "}",
		"[]", "[a,]", "[a b]", "[..., a, ...]", "[a = ]", "[a > x]", "[=]",
	} {
		_, err := parsePattern(text)
		if err == nil || !strings.Contains(err.Error(), "Invalid filter pattern: Invalid character(s) at ") {
			t.Errorf("%s is answered %v", text, err)
		}
	}
}

func FuzzFilterPattern(f *testing.F) {
	for _, text := range []string{"a b", `-"x" ?y`, "%a.*b%", `"\"`, "{ $.a = 1 }", `{ ($.a["b"][*] != %x.% || $.c IS NULL) && $.d NOT EXISTS }`, "[a, b]", "[..., a = 4* && a != 404, b > 1]", "?", "-"} {
		f.Add(text, "a message with x and y")
		f.Add(text, `{"a":{"b":["1",2]},"c":null}`)
	}
	f.Fuzz(func(t *testing.T, text, line string) {
		p, err := parsePattern(text)
		if err == nil {
			p.matches(line)
		}
	})
}
