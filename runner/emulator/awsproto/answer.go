package awsproto

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"awslab/runner/awsmodel"
)

// outHeader is a member of an output that leaves in a header.
type outHeader struct{ field, header string }

// outHeaders are the outputs that are not all body. The SDK publishes no
// bindings of outputs; these are from the API models (botocore 1.43).
var outHeaders = map[string][]outHeader{
	"lambda:Invoke": {
		{"FunctionError", "X-Amz-Function-Error"},
		{"LogResult", "X-Amz-Log-Result"},
		{"ExecutedVersion", "X-Amz-Executed-Version"},
		{"DurableExecutionArn", "X-Amz-Durable-Execution-Arn"},
	},
}

// outPayload names the member that is the body itself, and outStatus the one
// that is the status.
var (
	outPayload = map[string]string{"lambda:Invoke": "Payload"}
	outStatus  = map[string]string{"lambda:Invoke": "StatusCode"}
)

// encode writes a successful answer.
func encode(w http.ResponseWriter, model *awsmodel.Service, op *Operation, requestID string, output any) {
	value := reflect.ValueOf(output).Elem()
	w.Header().Set("X-Amzn-Requestid", requestID)
	switch model.Protocol {
	case awsmodel.Query:
		writeAll(w, "text/xml", http.StatusOK, queryAnswer(model, op.Name, requestID, value))
	case awsmodel.JSON11:
		tree, _ := model.ToWire(output).(*awsmodel.Object)
		body := []byte{}
		if tree != nil && len(tree.Keys()) > 0 {
			body = marshal(tree)
		}
		writeAll(w, "application/x-amz-json-1.1", http.StatusOK, body)
	case awsmodel.RESTJSON:
		encodeREST(w, model, op, output, value)
	}
}

func encodeREST(w http.ResponseWriter, model *awsmodel.Service, op *Operation, output any, value reflect.Value) {
	key, status := model.Name+":"+op.Name, op.Status
	tree, _ := model.ToWire(output).(*awsmodel.Object)
	for _, out := range outHeaders[key] {
		if text, ok := value.FieldByName(out.field).Interface().(*string); ok && text != nil {
			w.Header().Set(out.header, *text)
		}
	}
	if field, ok := outStatus[key]; ok {
		if n := value.FieldByName(field).Int(); n != 0 {
			status = int(n)
		}
	}
	if field, ok := outPayload[key]; ok {
		writeAll(w, "application/json", status, value.FieldByName(field).Bytes())
		return
	}
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	writeAll(w, "application/json", status, marshal(tree))
}

func marshal(tree any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(tree) // trees hold nothing that JSON cannot say
	return bytes.TrimRight(b.Bytes(), "\n")
}

func queryAnswer(model *awsmodel.Service, name, requestID string, value reflect.Value) []byte {
	var b, result bytes.Buffer
	writeXML(&result, value)
	b.WriteString("<" + name + `Response xmlns="` + namespace(model) + `">`)
	if value.Type().NumField() > 2 { // more than ResultMetadata and the SDK's marker
		element(&b, name+"Result", func() { b.Write(result.Bytes()) })
	}
	element(&b, "ResponseMetadata", func() { element(&b, "RequestId", func() { escape(&b, requestID) }) })
	b.WriteString("</" + name + "Response>")
	return b.Bytes()
}

func namespace(model *awsmodel.Service) string {
	if model == nil {
		return "https://iam.amazonaws.com/doc/2010-05-08/"
	}
	return "https://" + model.Name + ".amazonaws.com/doc/" + model.Version + "/"
}

func writeAll(w http.ResponseWriter, contentType string, status int, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // a caller that went away hears nothing
}

// wireProtocol is how an error is to be written: that of the service, or a
// guess from the request where the service is not known yet.
type wireProtocol struct {
	model *awsmodel.Service
	kind  awsmodel.Protocol
}

func protocolOf(r *http.Request, model *awsmodel.Service) wireProtocol {
	switch {
	case model != nil:
		return wireProtocol{model, model.Protocol}
	case r.Header.Get("X-Amz-Target") != "":
		return wireProtocol{kind: awsmodel.JSON11}
	case strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return wireProtocol{kind: awsmodel.Query}
	}
	return wireProtocol{kind: awsmodel.RESTJSON}
}

// queryCodes are the names that awsQuery services give the errors of signing
// (IAM API Reference, "Common errors").
var queryCodes = map[string]string{
	"MissingAuthenticationTokenException": "MissingAuthenticationToken",
	"InvalidSignatureException":           "SignatureDoesNotMatch",
	"UnrecognizedClientException":         "InvalidClientTokenId",
	"IncompleteSignatureException":        "IncompleteSignature",
}

// fail writes an error.
func (h *Handler) fail(w http.ResponseWriter, p wireProtocol, requestID string, err error) {
	f := faultOf(p.model, err)
	w.Header().Set("X-Amzn-Requestid", requestID)
	switch p.kind {
	case awsmodel.Query:
		if code, ok := queryCodes[f.code]; ok {
			if f.code == "UnrecognizedClientException" {
				f.message = "The security token included in the request is invalid."
			}
			f.code = code
		}
		writeAll(w, "text/xml", f.status, queryError(p.model, requestID, f))
	case awsmodel.JSON11:
		tree := &awsmodel.Object{}
		tree.Set("__type", f.code)
		tree.Set("message", f.message)
		addMembers(tree, f)
		writeAll(w, "application/x-amz-json-1.1", f.status, marshal(tree))
	case awsmodel.RESTJSON:
		w.Header().Set("X-Amzn-Errortype", f.code)
		tree := &awsmodel.Object{}
		if p.model != nil && p.model.Name == "lambda" && f.members != nil {
			kind := "User"
			if !f.sender {
				kind = "Service"
			}
			tree.Set("Type", kind)
			tree.Set("Message", f.message)
		} else {
			tree.Set("message", f.message)
		}
		addMembers(tree, f)
		writeAll(w, "application/json", f.status, marshal(tree))
	}
}

func addMembers(tree *awsmodel.Object, f fault) {
	if f.members == nil {
		return
	}
	for _, key := range f.members.Keys() {
		value, _ := f.members.Get(key)
		tree.Set(key, value)
	}
}

func queryError(model *awsmodel.Service, requestID string, f fault) []byte {
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse xmlns="` + namespace(model) + `">`)
	element(&b, "Error", func() {
		kind := "Sender"
		if !f.sender {
			kind = "Receiver"
		}
		element(&b, "Type", func() { b.WriteString(kind) })
		element(&b, "Code", func() { escape(&b, f.code) })
		element(&b, "Message", func() { escape(&b, f.message) })
	})
	element(&b, "RequestId", func() { escape(&b, requestID) })
	b.WriteString("</ErrorResponse>")
	return b.Bytes()
}
