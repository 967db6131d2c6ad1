package iam

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"math/rand/v2"
)

// managedData holds the AWS managed policies that labs meet: their documents as
// AWS publishes them, taken from moto 5.2.1's copy.
//
//go:embed managed.json
var managedData []byte

// managedPolicies reads managedData. Each policy is there at its default
// version; AWS keeps the last five. A mistake in the data is a mistake of the
// program, and panics.
func managedPolicies() map[string]*policy {
	var all []*struct {
		policy
		Version  string          `json:"version"`
		Document json.RawMessage `json:"document"`
	}
	if err := json.Unmarshal(managedData, &all); err != nil {
		panic("iam: managed.json: " + err.Error())
	}
	byARN := map[string]*policy{}
	for i, one := range all {
		p := &one.policy
		p.ARN, p.aws = managedAccountPart+p.Path+p.Name, true
		// AWS's ids of these policies are not public; any will do, as long as
		// it stays the same.
		p.ID = newID(rand.New(rand.NewPCG(1, uint64(i))), policyIDPrefix)
		var indented bytes.Buffer
		if err := json.Indent(&indented, one.Document, "", "    "); err != nil {
			panic("iam: managed.json: " + p.Name + ": " + err.Error())
		}
		text := indented.String()
		doc, err := checkPermissions(text)
		if err != nil {
			panic("iam: managed.json: " + p.Name + ": " + err.Error())
		}
		p.Default = one.Version
		p.Versions = []*version{{ID: one.Version, Created: p.Updated, Text: text, document: doc}}
		byARN[p.ARN] = p
	}
	return byARN
}
