package check

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// base64Line is how many letters of base64 stand on a line, as openssl and base64
// write them.
const base64Line = 76

// keyVariant is what often becomes of a secret on its way into a function.
type keyVariant struct{ name, key string }

func variantsOf(key string) []keyVariant {
	var all []keyVariant
	if data, err := base64.StdEncoding.DecodeString(key); err == nil && len(data) > 0 {
		all = append(all, keyVariant{"decoded", string(data)})
	}
	if lines := wrapped(key); lines != key {
		first, _, _ := strings.Cut(lines, "\n")
		all = append(all, keyVariant{"wrapped", lines}, keyVariant{"wrapped", lines + "\n"}, keyVariant{"line", first})
	}
	return append(all, keyVariant{"newline", key + "\n"}, keyVariant{"newline", key + "\r\n"}, keyVariant{"quoted", `"` + key + `"`}, keyVariant{"quoted", "'" + key + "'"})
}

// wrapped is a text in lines, as base64 writes them.
func wrapped(text string) string {
	var lines []string
	for len(text) > base64Line {
		lines, text = append(lines, text[:base64Line]), text[base64Line:]
	}
	return strings.Join(append(lines, text), "\n")
}

// provenance finds which token the function takes instead: one that comes otherwise,
// or is signed with another key. It is a proof by the function's own answers; where
// there is none, it looks whether the function has the secret at all.
func (w *authorizerWhy) provenance(ctx context.Context, row *authorizerRow, said *decision) verdict {
	f := w.finding(authorizerScheme, row)
	f.Subject, f.Found = w.links.target.name, said.told()
	forms := []string{row.sent}
	for _, scheme := range w.otherSchemes() {
		sent := strings.TrimPrefix(scheme+" "+row.token, " ")
		forms = append(forms, sent)
		switch takes, v := w.takes(ctx, row, sent); {
		case len(v.findings) > 0:
			return v
		case takes && scheme == "":
			f.Variant = "alone"
			return failed(f)
		case takes:
			f.Args["scheme"] = scheme
			return failed(f)
		}
	}
	f.Code = authorizerSecret
	for _, form := range forms {
		for _, variant := range variantsOf(w.tokens.key) {
			token, err := w.tokens.variant(variant.key)
			if err != nil {
				return broken(err)
			}
			switch takes, v := w.takes(ctx, row, strings.TrimSuffix(form, row.token)+token); {
			case len(v.findings) > 0:
				return v
			case takes:
				f.Variant = variant.name
				if name := w.variableWith(variant.key); name != "" && variant.name != "decoded" {
					f.Variant, f.Args["variable"], f.Args["fix"] = variant.name+"-env", name, w.setVariable(name)
				}
				return failed(f)
			}
		}
	}
	return w.holds(ctx, f)
}

// otherSchemes are what may stand in front of a token instead.
func (w *authorizerWhy) otherSchemes() []string {
	if w.check.scheme != "" {
		return []string{""}
	}
	return []string{"Bearer"}
}

// takes reports whether the function takes what the header could hold.
func (w *authorizerWhy) takes(ctx context.Context, row *authorizerRow, sent string) (bool, verdict) {
	kept := len(w.p.evidence)
	said, v := w.consult(ctx, w.links.authorizer.Type, row.key, sent)
	if said == nil {
		return false, v
	}
	if !said.accepts() {
		w.p.evidence = w.p.evidence[:kept]
		return false, verdict{}
	}
	return true, verdict{}
}

// holds looks whether the function has the secret.
func (w *authorizerWhy) holds(ctx context.Context, f Finding) verdict {
	if w.variableWith(w.tokens.key) != "" {
		return verdict{}
	}
	environment := w.links.config.Environment
	if environment != nil && environment.Error != nil { // nobody may read it
		return verdict{}
	}
	if name := variableOf(w.check.secret); environment != nil && name != "" {
		if value, ok := environment.Variables[name]; ok && value != w.tokens.key {
			f.Variant, f.Args["variable"], f.Args["fix"] = "env", name, w.setVariable(name)
			return failed(f)
		}
	}
	code, v := w.code(ctx)
	if len(v.findings) > 0 {
		return v
	}
	if code != nil && !code.contains(w.tokens.key) {
		return failed(f)
	}
	return verdict{}
}

// variableWith is the variable of the function's environment that has a value.
func (w *authorizerWhy) variableWith(value string) string {
	if environment := w.links.config.Environment; environment != nil {
		for _, name := range slices.Sorted(maps.Keys(environment.Variables)) {
			if environment.Variables[name] == value {
				return name
			}
		}
	}
	return ""
}

// setVariable gives the function the secret, out of the environment of whoever runs
// it: no command line has it. The other variables stay.
func (w *authorizerWhy) setVariable(name string) string {
	function, secret := aws.ToString(w.links.config.FunctionName), variableOf(w.check.secret)
	if secret == "" {
		secret = "JWT_SECRET"
	}
	return then(
		"aws lambda get-function-configuration --function-name "+function+" --query Environment | jq '{Variables: ((.Variables // {}) + {"+name+": env."+secret+"})}' > environment.json",
		"aws lambda update-function-configuration --function-name "+function+" --environment file://environment.json",
		"rm environment.json",
	)
}
