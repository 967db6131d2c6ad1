package awsproto

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"awslab/runner/awsmodel"
)

// placed says which members of an output do not stand in the JSON body.
type placed struct {
	headers [][2]string // member and header
	payload string      // the member that is the body itself
	status  string      // the member that is the HTTP status
}

// outputs are the operations whose output is not all body. The SDK publishes no
// bindings of outputs; these are the API models' (botocore 1.43), and a test
// compares them where a model is installed. Event streams are not emulated.
var outputs = map[string]placed{
	"lambda:Invoke": {
		headers: [][2]string{
			{"FunctionError", "X-Amz-Function-Error"},
			{"LogResult", "X-Amz-Log-Result"},
			{"ExecutedVersion", "X-Amz-Executed-Version"},
			{"DurableExecutionArn", "X-Amz-Durable-Execution-Arn"},
		},
		payload: "Payload",
		status:  "StatusCode",
	},
	"lambda:InvokeAsync":     {status: "Status"},
	"lambda:DeleteFunction":  {status: "StatusCode"},
	"apigateway:GetExport":   {headers: [][2]string{{"ContentType", "Content-Type"}, {"ContentDisposition", "Content-Disposition"}}, payload: "Body"},
	"apigateway:GetSdk":      {headers: [][2]string{{"ContentType", "Content-Type"}, {"ContentDisposition", "Content-Disposition"}}, payload: "Body"},
	"apigatewayv2:ExportApi": {payload: "Body"},
}

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
	place, status, contentType := outputs[model.Name+":"+op.Name], op.Status, "application/json"
	tree, _ := model.ToWire(output).(*awsmodel.Object)
	drop := func(name string) reflect.Value {
		field, _ := op.Output.FieldByName(name)
		tree.Delete(model.WireName(op.Output, field))
		return value.FieldByIndex(field.Index)
	}
	for _, header := range place.headers {
		if text, ok := drop(header[0]).Interface().(*string); ok && text != nil {
			w.Header().Set(header[1], *text)
		}
	}
	if given := w.Header().Get("Content-Type"); given != "" {
		contentType = given
	}
	if place.status != "" {
		if n := int(drop(place.status).Int()); n >= 200 && n < 600 {
			status = n
		}
	}
	body := []byte(nil)
	if place.payload != "" {
		body = drop(place.payload).Bytes()
	} else if status != http.StatusNoContent {
		body = marshal(tree)
	}
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return
	}
	writeAll(w, contentType, status, body)
}

func marshal(tree any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(tree) // trees hold nothing that JSON cannot say
	return bytes.TrimRight(b.Bytes(), "\n")
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
