package secret

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"
)

// compact is what a signed token may look like: header, claims and signature in
// base64url. Text has many words with dots that do; a header tells.
var compact = regexp.MustCompile(`\b([A-Za-z0-9_-]{4,})\.([A-Za-z0-9_-]*)\.([A-Za-z0-9_-]{4,})`)

// Tokens hides the signatures of the JSON Web Tokens in a text. Without it a token
// lets nobody in, and what it claims can still be read: that is what a reader of a
// check's evidence wants to know.
func Tokens(text string) string {
	if strings.Count(text, ".") < 2 {
		return text
	}
	return compact.ReplaceAllStringFunc(text, func(word string) string {
		parts := compact.FindStringSubmatch(word)
		header, err := base64.RawURLEncoding.DecodeString(parts[1])
		var says struct {
			Alg *string `json:"alg"`
		}
		if err != nil || json.Unmarshal(header, &says) != nil || says.Alg == nil {
			return word
		}
		return parts[1] + "." + parts[2] + "." + Sign
	})
}
