// Package lambda is the emulator's AWS Lambda: functions, their code and
// configuration, and invocations that really run, each instance a process of
// its own behind the Lambda Runtime API.
//
// Start at [New] and [Service.Operations]. function.go says what a function and
// its versions are, name.go how they are found by names, ARNs and qualifiers;
// create.go, update.go, delete.go, read.go, version.go, alias.go, permission.go,
// concurrency.go and tags.go are the control plane, validate.go its rules in AWS's words, policy.go
// what resource policies say, unsupported.go what is
// refused by name; invoke.go and async.go take an
// invocation to an instance, pool.go keeps instances warm, instance.go is one
// process from init to end, api.go the Runtime API it talks to, unpack.go lays
// out its code, output.go turns what it prints into log events. bootstrap.py
// runs Python handlers.
//
// Not emulated, and refused by name: layers, container images, event sources,
// function URLs, and settings that nothing here would obey.
//
// Imported: awsproto, python and the SDK. What a function needs of other
// services comes in through [LogSink], [Roles] and [CodeStore].
package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/python"
)

// LogEvent is one line of a function's log.
type LogEvent struct {
	Time    time.Time
	Message string
}

// LogSink takes log lines. An error means that the lines are lost: AWS answers
// the invocation all the same, and so does this service.
type LogSink interface {
	CreateLogStream(ctx context.Context, group, stream string) error
	PutLogEvents(ctx context.Context, group, stream string, events []LogEvent) error
}

// Roles answers what a role may do: whether the service may assume it, and
// whether its policies allow an action.
type Roles interface {
	CanAssume(roleARN, service string) bool
	Allows(roleARN, action, resource string) bool
}

// CodeStore keeps deployment packages by the hash of their content.
type CodeStore interface {
	Put(data []byte) (sum string, err error)
	Get(sum string) ([]byte, error)
}

// Config joins what the service needs. Logs, Roles and Code are needed.
type Config struct {
	Account, Region string
	Python          *python.Installation // nil: Python functions cannot be invoked
	Logs            LogSink
	Roles           Roles
	Code            CodeStore
	Clock           func() time.Time
	// AfterFunc calls f when d has passed and gives what stops that; nil takes
	// time's. By it instances are ended that idle, and failed events tried again.
	AfterFunc func(d time.Duration, f func()) (stop func() bool)
	// Scratch is the folder for unpacked code and /tmp of instances, emptied
	// when the service starts; empty takes a temporary one.
	Scratch string
}

// Service holds the functions of one account in one region and their
// instances. It is safe for concurrent use.
type Service struct {
	cfg  Config
	pool *pool

	mu        sync.RWMutex
	functions map[string]*function
}

// New makes a service without functions. It does not touch the disk.
func New(cfg Config) *Service {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.AfterFunc == nil {
		cfg.AfterFunc = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	return &Service{cfg: cfg, pool: newPool(cfg), functions: map[string]*function{}}
}

// defaultsOnly is what CreateFunction and UpdateFunctionConfiguration lack.
const defaultsOnly = "container images, code in S3, layers, VPCs, file systems, arm64, SnapStart, tracing, dead-letter queues and logs in JSON are refused"

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("AddPermission", "POST /2015-03-31/functions/{FunctionName}/policy", 201, s.addPermission).Lacking("whether an IAM principal exists is not looked at"),
		awsproto.REST("CreateFunction", "POST /2015-03-31/functions", 201, s.createFunction).Lacking(defaultsOnly),
		awsproto.REST("CreateAlias", "POST /2015-03-31/functions/{FunctionName}/aliases", 201, s.createAlias),
		awsproto.REST("DeleteAlias", "DELETE /2015-03-31/functions/{FunctionName}/aliases/{Name}", 204, s.deleteAlias),
		awsproto.REST("DeleteFunction", "DELETE /2015-03-31/functions/{FunctionName}", 204, s.deleteFunction),
		awsproto.REST("DeleteFunctionConcurrency", "DELETE /2017-10-31/functions/{FunctionName}/concurrency", 204, s.deleteFunctionConcurrency),
		awsproto.REST("GetAccountSettings", "GET /2016-08-19/account-settings", 200, s.getAccountSettings),
		awsproto.REST("GetAlias", "GET /2015-03-31/functions/{FunctionName}/aliases/{Name}", 200, s.getAlias),
		awsproto.REST("GetFunction", "GET /2015-03-31/functions/{FunctionName}", 200, s.getFunction).Lacking("no Code.Location: there is no S3"),
		awsproto.REST("GetFunctionConfiguration", "GET /2015-03-31/functions/{FunctionName}/configuration", 200, s.getFunctionConfiguration),
		awsproto.REST("GetFunctionConcurrency", "GET /2019-09-30/functions/{FunctionName}/concurrency", 200, s.getFunctionConcurrency),
		awsproto.REST("GetPolicy", "GET /2015-03-31/functions/{FunctionName}/policy", 200, s.getPolicy),
		awsproto.REST("Invoke", "POST /2015-03-31/functions/{FunctionName}/invocations", 200, s.invoke).Running(),
		awsproto.REST("ListAliases", "GET /2015-03-31/functions/{FunctionName}/aliases", 200, s.listAliases),
		awsproto.REST("ListFunctions", "GET /2015-03-31/functions", 200, s.listFunctions),
		awsproto.REST("ListTags", "GET /2017-03-31/tags/{Resource}", 200, s.listTags),
		awsproto.REST("ListVersionsByFunction", "GET /2015-03-31/functions/{FunctionName}/versions", 200, s.listVersionsByFunction),
		awsproto.REST("PublishVersion", "POST /2015-03-31/functions/{FunctionName}/versions", 201, s.publishVersion),
		awsproto.REST("PutFunctionConcurrency", "PUT /2017-10-31/functions/{FunctionName}/concurrency", 200, s.putFunctionConcurrency),
		awsproto.REST("RemovePermission", "DELETE /2015-03-31/functions/{FunctionName}/policy/{StatementId}", 204, s.removePermission),
		awsproto.REST("TagResource", "POST /2017-03-31/tags/{Resource}", 204, s.tagResource),
		awsproto.REST("UntagResource", "DELETE /2017-03-31/tags/{Resource}", 204, s.untagResource),
		awsproto.REST("UpdateAlias", "PUT /2015-03-31/functions/{FunctionName}/aliases/{Name}", 200, s.updateAlias),
		awsproto.REST("UpdateFunctionCode", "PUT /2015-03-31/functions/{FunctionName}/code", 200, s.updateFunctionCode).Lacking("container images, code in S3 and arm64 are refused"),
		awsproto.REST("UpdateFunctionConfiguration", "PUT /2015-03-31/functions/{FunctionName}/configuration", 200, s.updateFunctionConfiguration).Lacking(defaultsOnly),
	}
}

// Snapshot is the state, equal to the byte for equal states.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*function, 0, len(s.functions))
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		all = append(all, s.functions[name])
	}
	return json.Marshal(all)
}

// Restore replaces the state; nil empties it. Instances of before are ended.
func (s *Service) Restore(data json.RawMessage) error {
	var all []*function
	if data != nil {
		// Members that are not known are those of another awslab, whose snapshot
		// would lose them: the journal is replayed instead.
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&all); err != nil {
			return err
		}
	}
	s.pool.retireAll()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.functions = map[string]*function{}
	for _, f := range all {
		s.functions[f.Name] = f
	}
	return nil
}

// Close ends every instance and waits until it is gone.
func (s *Service) Close() error { return s.pool.close() }

// find gives a function, which is not to be changed: see [function.edit].
func (s *Service) find(name string) (*function, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, ok := s.functions[name]
	return f, ok
}

// put makes a function, or puts a changed one in the place of what it was.
func (s *Service) put(f *function) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.functions[f.Name] = f
}

// current reports whether a version is still what its function has under that
// number.
func (s *Service) current(v version) bool {
	f, ok := s.find(v.Function)
	if !ok {
		return false
	}
	now, ok := f.version(v.Number)
	return ok && now.Build == v.Build
}

// scratch makes the folder for instances, empty.
func scratch(cfg Config) (string, error) {
	if cfg.Scratch == "" {
		return os.MkdirTemp("", "awslab-lambda-")
	}
	if err := os.RemoveAll(cfg.Scratch); err != nil {
		return "", err
	}
	return filepath.Clean(cfg.Scratch), os.MkdirAll(cfg.Scratch, 0o700)
}
