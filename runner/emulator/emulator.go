// Package emulator is AWS in a box: an http.Handler that answers the AWS API
// as AWS does, down to the wording of its errors. It knows no lesson.
//
// [New] joins the services, each in a package of its own, over awsproto's
// protocols; commit.go is the rule by which calls meet the journal, control.go
// the API for awslab itself, front.go what never reaches a service. The state is
// the journal of mutating calls, replayed; what Lambda functions write goes to
// a file of log events beside it. Services meet here through the small
// interfaces that each declares, and nowhere else.
//
// Listening, the lock of a home and its port are runner/target's.
package emulator

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"sync"
	"time"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/apigateway"
	"awslab/runner/emulator/apigatewayv2"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/executeapi"
	"awslab/runner/emulator/iam"
	"awslab/runner/emulator/lambda"
	"awslab/runner/emulator/logs"
	"awslab/runner/emulator/python"
	"awslab/runner/emulator/sts"
	"awslab/runner/emulator/upstream"
	"awslab/runner/journal"
	"awslab/runner/text"
)

// Config says which account is emulated and where its state is kept.
type Config struct {
	// Dir is the folder of the journal; empty keeps everything in memory.
	Dir             string
	Account, Region string
	AccessKeyID     string
	SecretAccessKey string
	// Python runs functions; nil refuses to invoke them.
	Python *python.Installation
	// Strict is as slow and awkward as AWS: a function is Pending for a while
	// after it was made, and InProgress after it was changed.
	Strict bool
	Clock  func() time.Time
	// NewRand gives each call its randomness; nil takes the system's.
	NewRand func() *rand.Rand
	// Reach gives the reason why an HTTP integration may not connect to a URL, for
	// a request that is marked as a lesson's (empty: nobody's); nil takes
	// [executeapi.Confined].
	Reach func(lesson string, u *url.URL) error
	// Notice is told what a person should know, as an error that stops nothing
	// (text.NoticeOf).
	Notice func(error)
}

// Emulator is one account in one region. Two in one process share nothing.
type Emulator struct {
	cfg        Config
	api        *awsproto.Handler
	verifier   *awsproto.Verifier             // of the control API
	operations map[string]*awsproto.Operation // by "service:Operation"
	stateful   map[string]stateful
	functions  *lambda.Service
	executeAPI *executeapi.Handler
	logs       *logs.Service
	upstreams  *upstream.Set
	blobs      blobs
	changes    *feed[change]
	traces     *feed[executeapi.Trace]

	commit  sync.RWMutex // see do
	journal *journal.Journal
	latest  time.Time // of the last change
	behind  error     // why the services are ahead of the journal

	mu      sync.Mutex
	closing bool
	ended   chan struct{} // closed when it closes
	calls   sync.WaitGroup
}

// stateful is a service whose state stands in snapshots.
type stateful interface {
	Snapshot() (json.RawMessage, error)
	Restore(json.RawMessage) error
}

// New makes an emulator and takes up its journal. The error is a
// [*journal.DamagedError], a [*journal.VersionError], a [*ReplayError], a [*LogEventsError] or one of
// the file system; nothing on disk was changed then.
func New(cfg Config) (*Emulator, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Notice == nil {
		cfg.Notice = func(error) {}
	}
	e := &Emulator{cfg: cfg, operations: map[string]*awsproto.Operation{}, blobs: &journal.MemoryBlobs{}, ended: make(chan struct{})}
	e.changes = newFeed(keptChanges, func(c *change) *uint64 { return &c.Seq })
	e.traces = newFeed(keptTraces, func(t *executeapi.Trace) *uint64 { return &t.Seq })
	if cfg.Dir != "" {
		e.blobs = journal.BlobsIn(cfg.Dir)
	}
	var err error
	if e.upstreams, err = upstream.Open(cfg.Dir, executeapi.NewUpstream()); err != nil {
		return nil, err
	}
	e.join()
	if cfg.Dir == "" {
		return e, nil
	}
	if e.journal, err = journal.Open(cfg.Dir, e.replay()); err != nil {
		return nil, errors.Join(err, e.functions.Close(), e.logs.Close())
	}
	if err := e.logs.Open(); err != nil {
		return nil, errors.Join(&LogEventsError{&text.Cause{Says: func(c *text.Causes) string { return c.LogEvents }, Err: err}}, e.Close())
	}
	return e, nil
}

// LogEventsError says that the file of log events cannot be taken up. Nothing
// of it was changed.
type LogEventsError struct{ Err error }

func (e *LogEventsError) Error() string { return e.Err.Error() }

// Unwrap gives what is wrong with the file.
func (e *LogEventsError) Unwrap() error { return e.Err }

// join makes the services and their one handler.
func (e *Emulator) join() {
	logsDir, scratch := "", ""
	if e.cfg.Dir != "" {
		logsDir, scratch = filepath.Join(e.cfg.Dir, "log-events"), filepath.Join(e.cfg.Dir, "scratch")
	}
	roles := iam.New(iam.Config{Account: e.cfg.Account, Clock: e.cfg.Clock})
	logGroups := logs.New(logs.Config{Account: e.cfg.Account, Region: e.cfg.Region, Dir: logsDir, Notice: e.cfg.Notice})
	functions := lambda.New(lambda.Config{
		Account: e.cfg.Account, Region: e.cfg.Region,
		Python:  e.cfg.Python,
		Logs:    &logSink{e, logGroups},
		Roles:   roles,
		Code:    e.blobs,
		Clock:   e.cfg.Clock,
		Scratch: scratch,
	})
	sessions := sts.New(sts.Config{Roles: assumable{roles}, IsOwn: func(id string) bool { _, _, own := e.credentials(id); return own }})
	httpAPIs := apigatewayv2.New(apigatewayv2.Config{Account: e.cfg.Account, Region: e.cfg.Region})
	plane := &dataPlane{emulator: e, apis: httpAPIs, functions: functions, logs: logGroups}
	restAPIs := apigateway.New(apigateway.Config{Account: e.cfg.Account, Region: e.cfg.Region, Roles: roles, Methods: plane, Caches: plane})
	plane.restAPIs = restAPIs
	e.stateful = map[string]stateful{"apigateway": restAPIs, "iam": roles, "logs": logGroups, "lambda": functions, "sts": sessions, "apigatewayv2": httpAPIs}
	e.functions, e.logs = functions, logGroups
	var services []awsproto.Service
	for name, operations := range map[string][]awsproto.Operation{
		"apigateway": restAPIs.Operations(), "apigatewayv2": httpAPIs.Operations(),
		"iam": roles.Operations(), "logs": logGroups.Operations(), "lambda": functions.Operations(), "sts": sessions.Operations(),
	} {
		model, ok := awsmodel.ServiceByName(name)
		if !ok {
			panic("emulator: no model of " + name)
		}
		services = append(services, awsproto.Service{Model: model, Operations: operations})
		for i := range operations {
			e.operations[name+":"+operations[i].Name] = &operations[i]
		}
	}
	e.verifier = awsproto.NewVerifier(e.credentials)
	plane.verifier = e.verifier.Knowing(sessions.Session)
	e.executeAPI = executeapi.New(executeapi.Config{
		Account: e.cfg.Account, Region: e.cfg.Region, Clock: e.cfg.Clock,
		HTTPAPIs: plane, RESTAPIs: plane, Functions: plane, Roles: authorizerRoles{roles}, Signatures: plane, AccessLogs: plane, ExecutionLogs: plane,
		Trace: plane.trace, Upstream: e.upstreams, Reach: e.reach,
		Failed: func(err error) { e.failed("execute-api", "Invoke", err) },
	})
	e.api = awsproto.New(awsproto.Config{
		Services: services, Credentials: e.credentials, Sessions: sessions.Session,
		Account: e.cfg.Account, Region: e.cfg.Region, Clock: e.cfg.Clock, NewRand: e.cfg.NewRand,
		Do:     e.do,
		Failed: e.failed,
	})
}

// reach is Config.Reach, but that what is answered here is in everybody's reach.
func (e *Emulator) reach(lesson string, u *url.URL) error {
	switch {
	case e.upstreams.Covers(u):
		return nil
	case e.cfg.Reach != nil:
		return e.cfg.Reach(lesson, u)
	}
	return executeapi.Confined(lesson, u)
}

// failed tells of a mistake of the program.
func (e *Emulator) failed(service, operation string, err error) {
	e.cfg.Notice(&text.Cause{Says: func(c *text.Causes) string { return c.Failed }, Args: text.Args{"call": service + ":" + operation}, Err: err})
}

// Principal is the ARN of the emulator's one user.
func (e *Emulator) principal() string { return "arn:aws:iam::" + e.cfg.Account + ":user/student" }

func (e *Emulator) credentials(accessKeyID string) (secret, principal string, ok bool) {
	ok = subtle.ConstantTimeCompare([]byte(accessKeyID), []byte(e.cfg.AccessKeyID)) == 1
	return e.cfg.SecretAccessKey, e.principal(), ok
}

// assumable are IAM's roles as STS asks for them.
type assumable struct{ *iam.Service }

// Assume asks IAM.
func (a assumable) Assume(principal, roleARN string, keys map[string][]string, at time.Time) (sts.Role, bool) {
	name, id, seconds, ok := a.MayAssume(principal, roleARN, keys, at)
	return sts.Role{Name: name, ID: id, MaxSeconds: seconds}, ok
}

// Dump is the state of all services as JSON, equal to the byte for equal
// states.
func (e *Emulator) Dump() ([]byte, error) {
	if err := e.settle(); err != nil {
		return nil, err
	}
	e.commit.RLock()
	defer e.commit.RUnlock()
	return e.dump()
}

// enter counts a call in, unless the emulator is closing.
func (e *Emulator) enter() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing {
		return false
	}
	e.calls.Add(1)
	return true
}

// Close refuses new calls, ends functions and streams, waits for the calls
// under way and closes the files.
func (e *Emulator) Close() error {
	e.mu.Lock()
	again := e.closing
	e.closing = true
	e.mu.Unlock()
	if again {
		return nil
	}
	close(e.ended)
	e.changes.end()
	e.traces.end()
	e.executeAPI.Close()
	err := e.functions.Close() // ends calls that run for long
	e.calls.Wait()
	err = errors.Join(err, e.logs.Close())
	if e.journal != nil {
		err = errors.Join(err, e.journal.Close())
	}
	return err
}

// ServeHTTP answers one request, if it may come in at all.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { e.front(w, r) }
