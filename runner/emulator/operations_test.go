package emulator

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/awsmodel"
)

var update = flag.Bool("update", false, "write README.md anew")

const readmeHead = `# What is emulated

Generated from the services' tables of operations: do not edit. A row of a table
says itself what it lacks (` + "`Lacking`" + `). To write this file anew:

    go test ./runner/emulator -run TestOperationsTable -update

"full" means that nothing is known to be missing; "partial" says what is. The
operations in the last line of a service are refused by name, with status 501.
`

// operationsTable is README.md as the code has it.
func operationsTable(e *Emulator) string {
	var b strings.Builder
	b.WriteString(readmeHead)
	for _, service := range awsmodel.Services() {
		var rows, absent []string
		for _, modelled := range service.Operations() {
			op, ok := e.operations[service.Name+":"+modelled.Name]
			switch {
			case !ok:
				absent = append(absent, modelled.Name)
			case op.Lacks != "":
				rows = append(rows, "| "+op.Name+" | partial: "+op.Lacks+" |\n")
			default:
				rows = append(rows, "| "+op.Name+" | full |\n")
			}
		}
		fmt.Fprintf(&b, "\n## %s\n\n%d of %d operations.\n", service.Name, len(rows), len(rows)+len(absent))
		if len(rows) > 0 {
			b.WriteString("\n| operation | emulated |\n| --- | --- |\n" + strings.Join(rows, ""))
		}
		if len(absent) > 0 {
			b.WriteString("\nAbsent: " + strings.Join(absent, ", ") + ".\n")
		}
	}
	return b.String()
}

func TestOperationsTable(t *testing.T) {
	t.Parallel()
	e, err := New(Config{Account: testAccount, Region: "ap-northeast-2"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, op := range e.operations {
		if strings.ContainsAny(op.Lacks, "|\n") || strings.HasSuffix(op.Lacks, ".") {
			t.Errorf("%s: what it lacks is to be one phrase that fits a table: %q", name, op.Lacks)
		}
	}
	table := operationsTable(e)
	if *update {
		if err := os.WriteFile("README.md", []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(written), table); diff != "" {
		t.Errorf("README.md is out of date; write it anew with -update:\n%s", diff)
	}
}
