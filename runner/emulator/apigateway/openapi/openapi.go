// Package openapi reads the definition of a REST API: an OpenAPI document, 2.0 or
// 3.0, JSON or YAML, with API Gateway's extensions (x-amazon-apigateway-*). What
// comes out are values of the SDK's types, as AWS stores them after an import, and
// AWS's warnings. It knows nothing of the service that stores them: what a URI or
// a mapping must look like is checked there.
//
// Start at [Read]. tree.go, json.go and yaml.go make a tree of the document, bounded
// in size, depth and what its aliases unfold to; document.go walks it; then there
// is one file for each part: method.go, integration.go, response.go, security.go,
// model.go.
//
// The libraries for OpenAPI were tried and not taken: kin-openapi v0.152.0 refuses
// a document with one broken reference, which AWS imports with a warning, and loses
// the order of paths and of a schema's properties, which AWS keeps.
//
// "LocalStack" in a comment are its records of AWS's answers,
// tests/aws/services/apigateway/test_apigateway_import.snapshot.json, and the
// documents that they are of, tests/aws/files. Extensions that are not known are
// left alone. So is x-amazon-apigateway-documentation: documentation is accepted and not
// kept.
//
// Imported: the SDK and YAML.
package openapi

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// MaxSize bounds a document, in bytes (API Reference, ImportRestApi, body: "The
// maximum size of the API definition file is 6MB").
const MaxSize = 6 << 20

// ErrInvalid is a document that is not understood at all. AWS says so of what is
// neither JSON nor YAML, or YAML that is only a string (hashicorp/terraform#32281),
// and of OpenAPI 3.1 (aws/aws-cli#8191).
var ErrInvalid = errors.New("Invalid OpenAPI input.") //nolint:staticcheck // AWS's words

// malformed is an integration that cannot be read (localstack#4619: its URI was a
// CloudFormation function).
func malformed(path string) error {
	return fmt.Errorf("Unable to parse API definition because of a malformed integration at path %s.", path) //nolint:staticcheck // AWS's words
}

// BasePath says what becomes of the base path that a document has: basePath of
// OpenAPI 2.0, the path of the first server of 3.0 (Developer Guide, "Set the
// OpenAPI basePath property").
type BasePath string

// The values of BasePath. The base path is not used, put before every path, or put
// before every path without its first segment. Empty is Ignore.
const (
	Ignore  BasePath = "ignore"
	Prepend BasePath = "prepend"
	Split   BasePath = "split"
)

// Options say how to read a document.
type Options struct {
	BasePath BasePath
	// ModelURL gives how one model's schema refers to another model.
	ModelURL func(name string) string
	// Rand draws names of models for schemas that have none.
	Rand *rand.Rand
	// Taken says which of such names are not free; nil: all are.
	Taken func(name string) bool
}

// Definition is what a document defines. Nothing has an identifier.
type Definition struct {
	// API has what the document says of the API itself; the rest is zero.
	API types.RestApi
	// DisableExecuteAPIEndpoint is nil where the document does not say.
	DisableExecuteAPIEndpoint *bool
	// Resources are all that the paths need, in the order of the document, each
	// parent before its children, the root first. They have Path, PathPart and
	// ResourceMethods, whole. Where a method says AuthorizerId or
	// RequestValidatorId that is the name of one of the definition's.
	Resources         []types.Resource
	Models            []types.Model
	RequestValidators []types.RequestValidator
	Authorizers       []types.Authorizer
	GatewayResponses  []types.GatewayResponse
	// Warnings are AWS's, in the order of the document.
	Warnings []string
}

// Read reads a document. Its errors are in AWS's words.
func Read(document []byte, options Options) (*Definition, error) {
	if options.ModelURL == nil {
		options.ModelURL = func(name string) string { return name }
	}
	root, err := parse(document)
	if err != nil {
		return nil, err
	}
	r := &reader{root: root, options: options, left: maxOutput}
	return r.read()
}
