package check

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"awslab/runner/awsmodel"
)

// maxEvidence bounds each part of an [Evidence], in bytes.
const maxEvidence = 8 << 10

// signature is the part of a presigned URL that works as a key.
var signature = regexp.MustCompile(`(X-Amz-(?:Signature|Security-Token|Credential)=)[^&"\s]+`)

// secretName is how variables are called whose values are secrets, whoever chose
// them.
var secretName = regexp.MustCompile(`(?i)secret|token|passw|private|credential|(^|_|api)key($|_)`)

// hideVariables takes the values of such variables out of functions' environments.
func hideVariables(tree any) {
	switch tree := tree.(type) {
	case *awsmodel.Object:
		for _, key := range tree.Keys() {
			value, _ := tree.Get(key)
			if variables, ok := value.(*awsmodel.Object); ok && key == "Variables" {
				for _, name := range variables.Keys() {
					if secretName.MatchString(name) {
						variables.Set(name, "****")
					}
				}
			}
			hideVariables(value)
		}
	case []any:
		for _, item := range tree {
			hideVariables(item)
		}
	}
}

// print writes a tree as indented JSON, masked and clipped.
func (p *probe) print(tree any) string {
	hideVariables(tree)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(tree); err != nil {
		return ""
	}
	text := strings.TrimSuffix(b.String(), "\n")
	return clip(p.mask(signature.ReplaceAllString(text, "${1}****")))
}

// clip cuts a text at the limit, between runes.
func clip(text string) string {
	if len(text) <= maxEvidence {
		return text
	}
	return strings.ToValidUTF8(text[:maxEvidence], "") + "…"
}

// reproduceAWS is the AWS CLI's command for a call.
func reproduceAWS(op *awsmodel.Operation, input any, w World) string {
	words := []string{"aws", op.Service.Name, op.CLIName}
	out := ""
	if w.Endpoint != "" {
		words = append(words, "--endpoint-url", quote(w.Endpoint))
	}
	if w.AWS.Region != "" {
		words = append(words, "--region", quote(w.AWS.Region))
	}
	tree, ok := op.Service.ToTree(input).(*awsmodel.Object)
	if !ok {
		return strings.Join(words, " ")
	}
	for _, key := range tree.Keys() {
		value, _ := tree.Get(key)
		option := "--" + awsmodel.OptionName(key)
		if op.Name == "Invoke" && key == "Payload" {
			out = " --cli-binary-format raw-in-base64-out /dev/stdout"
			if text, ok := value.(string); ok {
				if data, err := base64.StdEncoding.DecodeString(text); err == nil {
					value = string(data)
				}
			}
		}
		switch v := value.(type) {
		case bool:
			if !v {
				option = "--no-" + awsmodel.OptionName(key)
			}
			words = append(words, option)
		case string:
			words = append(words, option, quote(v))
		default:
			words = append(words, option, quote(encode(v)))
		}
	}
	return clip(strings.Join(words, " ") + out)
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_@%+=:,./-]+$`)

// quote makes one word of a text, for a POSIX shell.
func quote(text string) string {
	if plainWord.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
