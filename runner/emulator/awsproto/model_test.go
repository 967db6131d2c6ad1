package awsproto

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"awslab/runner/awsmodel"
	"awslab/runner/awsmodel/awsmodeltest"
)

// The tables of this package that repeat an API model are compared with it.
func TestTablesAreBotocores(t *testing.T) {
	t.Parallel()
	for _, service := range awsmodel.Services() {
		t.Run(service.Name, func(t *testing.T) {
			t.Parallel()
			model := awsmodeltest.Botocore(t, service.Name, service.Version)
			for name, shape := range model.Shapes {
				if shape.Error.HTTPStatusCode != 0 {
					compareStatus(t, service, name, shape)
				}
				if _, lower := shape.Members["message"]; service.Name == "lambda" && shape.Exception && lower != lowerCase[name] {
					t.Errorf("%s: its message in lower case: %v", name, lower)
				}
			}
			for name := range model.Operations {
				comparePlaces(t, service, model, name)
			}
		})
	}
}

func compareStatus(t *testing.T, service *awsmodel.Service, name string, shape *awsmodeltest.Shape) {
	t.Helper()
	status := http.StatusBadRequest
	if shape.Fault {
		status = http.StatusInternalServerError
	}
	if s, ok := statuses[service.Name][name]; ok {
		status = s
	}
	if status != shape.Error.HTTPStatusCode {
		t.Errorf("%s is %d, not %d", name, status, shape.Error.HTTPStatusCode)
	}
}

func comparePlaces(t *testing.T, service *awsmodel.Service, model *awsmodeltest.Model, name string) {
	t.Helper()
	boto := model.Operations[name]
	if boto.Output == nil {
		return
	}
	shape := model.Shapes[boto.Output.Shape]
	if model.Shapes[shape.Members[shape.Payload].Shape] != nil && model.Shapes[shape.Members[shape.Payload].Shape].Eventstream {
		return
	}
	operation, _ := service.Operation(name)
	goName := map[string]string{}
	for i := range operation.Output.NumField() {
		field := operation.Output.Field(i)
		goName[service.CLIName(operation.Output, field)] = field.Name
	}
	place := outputs[service.Name+":"+name]
	if place.payload != goName[shape.Payload] {
		t.Errorf("%s: the payload is %q, not %q", name, place.payload, shape.Payload)
	}
	for member, ref := range shape.Members {
		switch ref.Location {
		case "header":
			if !slices.Contains(place.headers, [2]string{goName[member], ref.LocationName}) {
				t.Errorf("%s: %s is the header %s", name, member, ref.LocationName)
			}
		case "statusCode":
			if place.status != goName[member] {
				t.Errorf("%s: %s is the status", name, member)
			}
		}
	}
}

// The verbs of AWS's operations, each once judged: a new one has to be looked at.
func TestEveryVerbIsJudged(t *testing.T) {
	t.Parallel()
	changing := strings.Fields(`Accept Acquire Add Associate Assume Attach Cancel Change Checkpoint Copy Create Deactivate Delete
		Deploy Detach Disable Disassociate Enable Flush Generate Import Invoke Publish Preview Put Reimport Reject Remove Reset Restore Resync
		Rollback Send Set Start Stop Tag Untag Update Upload`)
	for _, service := range awsmodel.Services() {
		for _, operation := range service.Operations() {
			verb := operation.Name
			if i := strings.IndexFunc(verb[1:], func(r rune) bool { return r >= 'A' && r <= 'Z' }); i >= 0 {
				verb = verb[:i+1]
			}
			if effectOf(operation.Name) == Changes && !slices.Contains(changing, verb) {
				t.Errorf("%s:%s is taken for a change", service.Name, operation.Name)
			}
		}
	}
}
