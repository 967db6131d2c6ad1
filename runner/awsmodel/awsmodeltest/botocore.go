// Package awsmodeltest helps tests of AWS's names: it reads the API models that
// the AWS CLI is made from, as an oracle, and fills the SDK's structures. Only
// tests import it.
package awsmodeltest

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Model is as much of an API model as names need. The AWS CLI is made from
// these files, so they are the oracle of its names.
type Model struct {
	Operations map[string]Operation
	Shapes     map[string]*Shape
}

// Operation is one operation.
type Operation struct {
	Input, Output *Ref
	HTTP          struct {
		Method, RequestURI string
		ResponseCode       int
	}
}

// Ref is the use of a shape by a member.
type Ref struct {
	Shape        string
	Location     string // header, querystring, uri, statusCode; empty for the body
	LocationName string
}

// Shape is a structure, a list, a map or a scalar.
type Shape struct {
	Type        string
	Members     map[string]Ref
	Member      *Ref
	Value       *Ref
	Payload     string
	Exception   bool
	Fault       bool
	Eventstream bool
	Error       struct {
		HTTPStatusCode int
		Code           string
	}
}

// Botocore reads the API model of a service that an installed AWS
// CLI or Python carries. Without one the test is skipped: the tests over the
// SDK's own serialisers (TestEveryOperationGoesBothWays in awsproto) need no such file.
func Botocore(t testing.TB, service, version string) *Model {
	t.Helper()
	var folders []string
	if python, err := exec.LookPath("python3"); err == nil {
		out, err := exec.CommandContext(t.Context(), python, "-c", "import botocore, os; print(os.path.dirname(botocore.__file__))").Output()
		if err == nil {
			folders = append(folders, filepath.Join(strings.TrimSpace(string(out)), "data"))
		}
	}
	folders = append(folders,
		"/usr/lib/python3/dist-packages/awscli/botocore/data",     // Debian's awscli
		"/usr/local/aws-cli/v2/current/dist/awscli/botocore/data", // AWS's installer
	)
	for _, folder := range folders {
		for _, ending := range []string{".gz", ""} {
			file, err := os.Open(filepath.Join(folder, service, version, "service-2.json"+ending))
			if err != nil {
				continue
			}
			t.Cleanup(func() { _ = file.Close() }) // read only
			var r io.Reader = file
			if ending != "" {
				if r, err = gzip.NewReader(file); err != nil {
					t.Fatal(err)
				}
			}
			model := &Model{}
			if err := json.NewDecoder(r).Decode(model); err != nil {
				t.Fatal(err)
			}
			return model
		}
	}
	t.Skip("no botocore model of " + service + " is installed (it comes with the AWS CLI)")
	return nil
}
