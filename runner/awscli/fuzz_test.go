package awscli

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"awslab/runner/awsmodel"
)

// FuzzPrinters: every value that JSON can hold is printed in every format.
func FuzzPrinters(f *testing.F) {
	for _, seed := range []string{`{"a":[{"b":1,"c":null},{"d":[]}],"e":{"f":"한글"}}`, `[[1,[2]],[]]`, `[1,{"a":2}]`, `"x"`, `null`, `[{"a":{}},{}]`, `{"":{"":""}}`, `[[],[[]]]`, `[null]`, `[[],[5]]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		if v, err := decodeJSON(document); err == nil {
			printAll(t, v)
		}
	})
}

// FuzzQuery: an expression is refused or gives a value that can be printed.
func FuzzQuery(f *testing.F) {
	document := `{"a":[{"b":1,"c":"x"},{"b":2.5,"c":"y"}],"d":{"e":null},"f":"한글","g":[[1,[2]],[]],"h":true}`
	for _, seed := range []string{"a[].b", "a[?b>`1`].c", "sort_by(a,&b)[-1]", "{x:a[0],y:@}", "g[][]", "max(a[].b)", "join(',',a[].c)", "a[::-1]", "length(f)", "to_string(@)", "'", "a[", "&a", "`50.0`", `"a"`, "not_null(d.e,h)", "map(&[b],a)", "a|[0]", "!h", "a[*].*", "g[0]/g[1]", "merge(d,{z:`1`})", "[f,a]", "[f,d]", "[d,f]", "[g[1],d]", "to_number('nan')", "ceil(to_number('1e999'))"} {
		f.Add(seed, document)
	}
	f.Fuzz(func(t *testing.T, expression, document string) {
		q, err := compileQuery(expression)
		if err != nil {
			return
		}
		v, err := decodeJSON(document)
		if err != nil {
			return
		}
		if found, err := q.search(v); err == nil {
			printAll(t, found)
		}
	})
}

// FuzzInput: --cli-input-json and --cli-input-yaml give a request or an error
// with its exit code, whatever they hold.
func FuzzInput(f *testing.F) {
	for _, seed := range []string{`{"FunctionName":"f","Environment":{"Variables":{"A":"b"}}}`, "FunctionName: f\nTimeout: 3\n", "{}", "[]", "a: &a [*a]", "FunctionName: !!binary eA==", `{"Timeout":1e99}`, "? a\n: b", "\x00", `{"VpcConfig":{"SubnetIds":[null]}}`} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, inJSON bool) {
		option := "--cli-input-yaml"
		if inJSON {
			option = "--cli-input-json"
		}
		var stderr strings.Builder
		// There is no region: all goes its way up to the call.
		code := Run(context.Background(), Config{Args: []string{"lambda", "update-function-configuration", option, text}, Stdout: io.Discard, Stderr: &stderr})
		if code != ExitUsage && code != ExitEnvironment && code != ExitGeneral || stderr.Len() == 0 {
			t.Errorf("%q: %d %q", text, code, stderr.String())
		}
		service, _ := awsmodel.ServiceByName("lambda")
		facts, err := library.load("lambda")
		if err != nil {
			t.Fatal(err)
		}
		operation, _ := service.Operation("UpdateFunctionConfiguration")
		c := newCommand(operation, facts)
		v, err := decodeJSON(text)
		if !inJSON {
			v, err = decodeYAML(text)
		}
		if err != nil {
			return
		}
		printAll(t, v)
		if o, ok := v.(*awsmodel.Object); ok {
			if _, err := decodeBlobs(o, c.input, false); err == nil && validate(o, c.input) == nil {
				wireValues(o, c.input)
			}
		}
	})
}

// FuzzArguments: no command line does more than fail.
func FuzzArguments(f *testing.F) {
	for _, seed := range []string{"lambda\nlist-functions\n--max-items\n1", "--\nlambda", "iam\n--=\nx", "logs\ntail\n--since\n1h", "lambda\ninvoke\n-\n--payload=x", "--output=text\nsts", "configure\nget\nx.y.z", "lambda\nwait\nfunction-exists", "lambda\ncreate-function\n--environment\nVariables={A=b}\n--generate-cli-skeleton\nyaml-input"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		args := strings.Split(text, "\n")
		code := Run(context.Background(), Config{Args: args, Stdout: io.Discard, Stderr: io.Discard})
		if code < 0 || code > 255 {
			t.Errorf("%q: %d", args, code)
		}
		Candidates(args, "")
		Candidates(args, "--")
	})
}

// printAll prints a value in every format: as JSON it is valid, and the lines
// of a table are of one width.
func printAll(t *testing.T, v any) {
	t.Helper()
	var jsonText, text, table strings.Builder
	if err := writeJSON(&jsonText, v); err != nil {
		t.Error(err)
	}
	finite := !strings.Contains(jsonText.String(), "NaN") && !strings.Contains(jsonText.String(), "Infinity") // Python's JSON has these
	if finite && jsonText.Len() > 0 && utf8.ValidString(jsonText.String()) && !json.Valid([]byte(jsonText.String())) {
		t.Errorf("no JSON: %q", jsonText.String())
	}
	if err := writeText(&text, v); err != nil && !strings.HasSuffix(err.Error(), "object has no attribute 'items'") {
		t.Error(err)
	}
	if err := writeTable(&table, "Title", v, false); err != nil {
		return // rows of different lengths, of which the AWS CLI says the same
	}
	if strings.Contains(jsonText.String(), `\n`) {
		return // a cell's text has a line's end in it
	}
	lines := strings.Split(strings.TrimSuffix(table.String(), "\n"), "\n")
	for _, line := range lines {
		if got := textWidth(line); got != textWidth(lines[0]) {
			t.Errorf("%q is %d wide, not %d, in\n%s", line, got, textWidth(lines[0]), table.String())
			return
		}
	}
}
