package awsproto

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"

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
