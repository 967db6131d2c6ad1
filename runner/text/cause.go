package text

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"syscall"
)

// Cause is an error underneath a problem or a notice: like a [Problem] its
// sentence is chosen where it arises, and said in a person's language by
// [Text.Why]. {cause} in the sentence stands for Err.
type Cause struct {
	Says func(*Causes) string
	Args Args
	Err  error
}

// Error says the cause in English, for logs and tests.
func (c *Cause) Error() string { return English().Why(c) }

// Unwrap gives the error underneath, if there is one.
func (c *Cause) Unwrap() error { return c.Err }

// Causes are the sentences of what stands behind `{cause}`.
type Causes struct {
	Damaged, NoEnd, NoChecksum, WrongChecksum, OutOfOrder, NotARecord string // of journals
	BlobMissing, BlobDiffers, JournalFormat, ProgressFormat           string
	Torn, NoSnapshot, Failed                                          string // notices of the emulator
	LogEvents, LogTail                                                string
	Record, NotEmulated, AnswersError, AnswersOutput                  string // a replay
	NotProgress, NotAFile, Held                                       string // of progress
	LedgerFormat, NoAddress, NoKey                                    string // of a home
	SeedOpen, SeedDamaged                                             string // of the seed of its secrets

	PythonNotUnpacked, PythonNotCompiled, PythonOpenToOthers    string // the embedded Python
	PythonEnded, PythonNoSeal, PythonChanged, ProgramNotStarted string

	System  map[string]string // by kind of failure of the machine or the network
	At      string            // such a failure of a file
	Foreign map[string]string // by what a library found wrong, see foreign.go
	Quoted  string            // words of another program that awslab has none for
}

// systemKinds are the failures of a machine that have a sentence, by what
// errors.Is knows them as; the first that fits counts.
var systemKinds = []struct {
	err  error
	kind string
}{
	{fs.ErrNotExist, "missing"},
	{fs.ErrPermission, "permission"},
	{fs.ErrExist, "exists"},
	{syscall.ENOSPC, "full"},
	{syscall.EROFS, "read-only"},
	{syscall.ENOTDIR, "no-folder"},
	{syscall.EISDIR, "folder"},
	{syscall.EADDRINUSE, "port-in-use"},
	{syscall.EADDRNOTAVAIL, "no-such-address"},
	{syscall.ECONNREFUSED, "refused"},
	{syscall.ECONNRESET, "reset"},
	{syscall.ENETUNREACH, "no-network"},
	{syscall.EHOSTUNREACH, "no-network"},
	{context.DeadlineExceeded, "timeout"},
	{os.ErrDeadlineExceeded, "timeout"},
	{context.Canceled, "cancelled"},
	{io.ErrUnexpectedEOF, "cut-short"},
	{io.EOF, "cut-short"},
}

// Why says an error in the language of t, on one line or more, harmless to a
// terminal: a problem or a cause by its sentence, a failure of the machine by
// its kind, and what another program said as a quotation.
func (t *Text) Why(err error) string {
	var problem *Problem
	var cause *Cause
	switch {
	case errors.As(err, &problem):
		what, _ := t.Problem(problem)
		return what
	case errors.As(err, &cause):
		return t.fill(cause.Says(&t.Causes), cause.Args, cause.Err)
	}
	var path *fs.PathError
	var link *os.LinkError
	said := t.system(err)
	switch {
	case said == "":
		return t.Foreign(err.Error())
	case errors.As(err, &path):
		return Args{"path": path.Path, "why": said}.Fill(t.Causes.At)
	case errors.As(err, &link):
		return Args{"path": link.New, "why": said}.Fill(t.Causes.At)
	}
	return said
}

// system says a failure of the machine or the network; "" if it is none.
func (t *Text) system(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return Args{"host": dns.Name}.Fill(t.Causes.System["no-host"])
	}
	for _, k := range systemKinds {
		if errors.Is(err, k.err) {
			return t.Causes.System[k.kind]
		}
	}
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) {
		return t.Causes.System["no-json"]
	}
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		return t.Causes.System["timeout"]
	}
	return ""
}

func englishCauses() Causes {
	return Causes{
		Damaged: "{file} is damaged at byte {offset}: {cause}",
		NoEnd:   "the record has no end", NoChecksum: "the record has no checksum", WrongChecksum: "the checksum does not fit the record",
		OutOfOrder: "record {seq} stands where {want} belongs", NotARecord: "what stands there is no record: {cause}",
		BlobMissing: "the file {file} is missing from the journal", BlobDiffers: "the content does not fit its name",
		JournalFormat: "the journal has format {found}, this awslab knows {known}", ProgressFormat: "{file} has format {found}, this awslab knows {known}",
		Torn:       "the last record of the journal was cut short ({bytes} bytes) and was dropped: its call was never answered",
		NoSnapshot: "no snapshot of the emulator's state was written: {cause}",
		Failed:     "{call} failed in awslab itself: {cause}",
		LogEvents:  "the log events: {cause}", LogTail: "the last record of the log events was cut short ({bytes} bytes) and is kept in {file}",
		Record: "record {seq}, {call}: {cause}", NotEmulated: "this awslab does not emulate the operation",
		AnswersError: "it answers “{now}”, recorded is “{then}”", AnswersOutput: "it answers {now}, recorded is {then}",
		NotProgress: "it is not the progress of this lesson", NotAFile: "it is no plain file of a sensible size ({bytes} bytes)", Held: "another awslab holds {file}",
		LedgerFormat: "byte {offset}: format {found}, this awslab knows {known}", NoAddress: "{file} names no address: {cause}",
		NoKey:    "{file} holds no access key: delete it, and awslab makes a new one ({cause})",
		SeedOpen: "others may read it (mode {mode}): chmod 600 {file}", SeedDamaged: "it is damaged",
		PythonNotUnpacked: "Python could not be unpacked: {cause}", PythonNotCompiled: "Python's library could not be compiled: {cause}: “{said}”",
		PythonOpenToOthers: "{dir} can be written by others: chmod go-w it", PythonEnded: "Python ended with exit code {code}",
		PythonNoSeal: "the unpacked Python has no seal: {cause}", PythonChanged: "{file} was changed since it was unpacked; delete {dir} and it is unpacked again",
		ProgramNotStarted: "{program} could not be started: {cause}",
		System: map[string]string{
			"missing": "no such file or folder", "permission": "permission denied", "exists": "it exists already", "full": "no space left on the disk",
			"read-only": "the file system is read-only", "no-folder": "it is not a folder", "folder": "it is a folder",
			"port-in-use": "the port is in use", "no-such-address": "this machine does not have the address",
			"refused": "the connection was refused", "reset": "the connection was cut", "no-network": "there is no way to it in the network",
			"timeout": "no answer in time", "cancelled": "cancelled", "cut-short": "it ends too early", "no-host": "there is no host {host}", "no-json": "it is not JSON",
		},
		At:      "{path}: {why}",
		Foreign: englishForeign(),
		Quoted:  "{words}",
	}
}
