package executeapi

import (
	"encoding/json"
	"strings"
)

type templateInput struct {
	Body                      []byte
	Path, QueryString, Header map[string]string
	Context                   map[string]any
	StageVariables            map[string]string
}
type templateOutput struct {
	Text                                           string
	Status                                         int
	Header                                         map[string]string
	RequestHeader, RequestQueryString, RequestPath map[string]string
}
type mappingTemplate struct{ text string }

func parseTemplate(text string) (*mappingTemplate, error) { return &mappingTemplate{text}, nil }
func (t *mappingTemplate) apply(in templateInput) (templateOutput, error) {
	out := t.text
	out = strings.ReplaceAll(out, "$input.body", string(in.Body))
	for k, v := range in.Context {
		if s, ok := v.(string); ok {
			out = strings.ReplaceAll(out, "$context."+k, s)
		}
	}
	for k, v := range in.StageVariables {
		out = strings.ReplaceAll(out, "$stageVariables."+k, v)
	}
	return templateOutput{Text: out}, nil
}
func selectJSON(body []byte, path string) (string, bool) {
	s := jsonPath(body, path)
	return s, s != ""
}
func validJSON(s string) bool { return json.Valid([]byte(s)) }
