// Package lambda is the emulator's AWS Lambda: functions, their code and
// configuration, and invocations that really run, each instance a process of
// its own behind the Lambda Runtime API.
//
// Start at [New] and [Service.Operations]. create.go, update.go and read.go are
// the control plane, validate.go its rules in AWS's words; invoke.go takes an
// invocation to an instance, pool.go keeps instances warm, instance.go is one
// process from init to end, api.go the Runtime API it talks to, output.go turns
// what it prints into log events. bootstrap.py runs Python handlers.
//
// Not emulated, and refused by name: versions, aliases, layers, container
// images, event sources, function URLs, concurrency settings.
//
// Imported: awsproto, python and the SDK. What a function needs of other
// services comes in through [LogSink], [Roles] and [CodeStore].
package lambda

import (
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
	return &Service{cfg: cfg, pool: newPool(cfg), functions: map[string]*function{}}
}

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("CreateFunction", "POST /2015-03-31/functions", 201, s.createFunction),
		awsproto.REST("DeleteFunction", "DELETE /2015-03-31/functions/{FunctionName}", 204, s.deleteFunction),
		awsproto.REST("GetFunction", "GET /2015-03-31/functions/{FunctionName}", 200, s.getFunction),
		awsproto.REST("GetFunctionConfiguration", "GET /2015-03-31/functions/{FunctionName}/configuration", 200, s.getFunctionConfiguration),
		awsproto.REST("Invoke", "POST /2015-03-31/functions/{FunctionName}/invocations", 200, s.invoke).Running(),
		awsproto.REST("ListFunctions", "GET /2015-03-31/functions", 200, s.listFunctions),
		awsproto.REST("ListTags", "GET /2017-03-31/tags/{Resource}", 200, s.listTags),
		awsproto.REST("TagResource", "POST /2017-03-31/tags/{Resource}", 204, s.tagResource),
		awsproto.REST("UntagResource", "DELETE /2017-03-31/tags/{Resource}", 204, s.untagResource),
		awsproto.REST("UpdateFunctionCode", "PUT /2015-03-31/functions/{FunctionName}/code", 200, s.updateFunctionCode),
		awsproto.REST("UpdateFunctionConfiguration", "PUT /2015-03-31/functions/{FunctionName}/configuration", 200, s.updateFunctionConfiguration),
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
		if err := json.Unmarshal(data, &all); err != nil {
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

// find gives a copy of a function.
func (s *Service) find(name string) (function, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, ok := s.functions[name]
	if !ok {
		return function{}, false
	}
	return *f, true
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
