package lambda

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"awslab/runner/emulator/python"
)

//go:embed bootstrap.py
var bootstrap []byte

// instance is one execution environment: a process, its Runtime API and its
// log stream. It serves one invocation at a time.
type instance struct {
	version version
	stream  string
	region  string
	api     *runtimeAPI
	process *python.Process
	output  *output
	tmp     string
	closed  chan struct{}
	once    sync.Once

	began    time.Time     // of the init phase
	init     time.Duration // once it is over
	fresh    bool          // no invocation yet
	streamed bool          // the log stream was made
	idleAt   time.Time     // since when nothing is under way
}

// invocation is one event on its way through an instance.
type invocation struct {
	requestID     string
	arn           string
	traceID       string
	clientContext string
	payload       []byte
	deadline      time.Time
}

// startInstance starts a process for a function; its init phase runs while the
// caller goes on.
func (p *pool) startInstance(f version, stream string) (_ *instance, err error) {
	task, err := p.unpack(f)
	if err != nil {
		return nil, err
	}
	i := &instance{version: f, stream: stream, region: p.cfg.Region, closed: make(chan struct{}), fresh: true}
	if i.tmp, err = os.MkdirTemp(p.dir, "tmp-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			i.close()
		}
	}()
	if i.api, err = newRuntimeAPI(i.closed); err != nil {
		return nil, err
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = write.Close() }() // the process has its own
	i.output = &output{pipe: read, clock: time.Now}
	sandbox := python.Sandbox{
		Env: i.environment(task), Dir: task, Read: []string{task}, Write: []string{i.tmp},
		Connect: i.api.port(), Stdout: write, Stderr: write,
		Memory: int64(f.Memory) << 20, Children: 1024,
	}
	if strings.HasPrefix(f.Runtime, "provided.") {
		sandbox.Program = filepath.Join(task, "bootstrap")
	} else {
		home, err := p.home()
		if err != nil {
			return nil, err
		}
		script := filepath.Join(p.dir, "bootstrap.py")
		sandbox.Home, sandbox.Args, sandbox.Read = home, []string{"-I", "-S", script}, append(sandbox.Read, script)
	}
	i.began = time.Now()
	if i.process, err = python.Start(sandbox); err != nil {
		return nil, err
	}
	go i.output.read()
	return i, nil
}

// environment is exactly what AWS gives a function (Developer Guide, "Defined
// runtime environment variables"), and the function's own; nothing of ours.
func (i *instance) environment(task string) []string {
	f := i.version
	env := []string{
		"AWS_DEFAULT_REGION=" + i.region, "AWS_REGION=" + i.region,
		"AWS_EXECUTION_ENV=AWS_Lambda_" + f.Runtime,
		fmt.Sprintf("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=%d", f.Memory),
		"AWS_LAMBDA_FUNCTION_NAME=" + f.Function, "AWS_LAMBDA_FUNCTION_VERSION=" + f.Number,
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=" + f.LogGroup, "AWS_LAMBDA_LOG_STREAM_NAME=" + i.stream,
		"AWS_LAMBDA_RUNTIME_API=" + i.api.addr(),
		"LAMBDA_RUNTIME_DIR=/var/runtime", "LAMBDA_TASK_ROOT=" + task,
		"LANG=en_US.UTF-8", "LC_CTYPE=C.UTF-8", "PATH=/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin", "TZ=:UTC",
		"TMPDIR=" + i.tmp, "_HANDLER=" + f.Handler,
	}
	for name, value := range f.Environment {
		env = append(env, name+"="+value)
	}
	return env
}

// close ends the process and everything that belongs to it. It may be called
// more than once.
func (i *instance) close() {
	i.once.Do(func() {
		close(i.closed)
		if i.process != nil {
			i.process.Kill()
			<-i.process.Done()
		}
		if i.api != nil {
			i.api.close()
		}
		if i.output != nil {
			_ = i.output.pipe.Close() // read to its end
		}
		_ = os.RemoveAll(i.tmp) // what is left is emptied at the next start
	})
}

// outcome is how an invocation ended.
type outcome struct {
	payload []byte
	failed  bool
	events  []LogEvent
	retire  bool   // the instance cannot be used again
	version string // that ran
}

// run takes one invocation through the instance. began is when it was asked for.
func (i *instance) run(next *invocation, limit time.Duration) outcome {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	var events []LogEvent
	cold := i.fresh
	if cold {
		events = append(events, LogEvent{Time: i.began, Message: fmt.Sprintf("INIT_START Runtime Version: %s\tRuntime Version ARN: %s\n", runtimeVersion(i.version.Runtime), runtimeARN(i.region, i.version.Runtime))})
		if warning := runtimeWarning(i.version.Runtime); warning != "" {
			events = append(events, LogEvent{Time: i.began, Message: warning})
		}
		select {
		case <-i.api.ready:
			i.init = time.Since(i.began)
		case said := <-i.api.answers:
			i.init = time.Since(i.began)
			return i.finish(next, events, cold, time.Now(), ended{answer: said})
		case <-i.process.Done():
			i.init = time.Since(i.began)
			return i.finish(next, events, cold, time.Now(), i.lastWord())
		case <-timer.C:
			i.init = limit
			return i.finish(next, events, cold, time.Now().Add(-limit), ended{timeout: limit})
		}
		events = append(events, i.output.take()...)
		timer.Reset(limit) // the init phase has a time of its own
	}
	i.fresh = false
	started := time.Now()
	next.deadline = started.Add(limit)
	select {
	case i.api.work <- next:
	case <-i.process.Done():
		return i.finish(next, events, cold, started, ended{exited: true})
	}
	select {
	case said := <-i.api.answers:
		return i.finish(next, events, cold, started, ended{answer: said})
	case <-i.process.Done():
		return i.finish(next, events, cold, started, i.lastWord())
	case <-timer.C:
		return i.finish(next, events, cold, started, ended{timeout: limit})
	}
}

// lastWord is how a process that has ended ended: with the answer it gave just
// before, if it gave one.
func (i *instance) lastWord() ended {
	select {
	case said := <-i.api.answers:
		return ended{answer: said}
	default:
		return ended{exited: true}
	}
}

// ended says which of the ends it was.
type ended struct {
	answer  *answer
	exited  bool
	timeout time.Duration
}

// finish puts the log together and the payload that the caller gets.
func (i *instance) finish(next *invocation, events []LogEvent, cold bool, started time.Time, how ended) outcome {
	duration := time.Since(started)
	result := outcome{}
	status := ""
	if how.timeout > 0 || how.exited {
		result.retire = true
		i.process.Kill()
		<-i.process.Done()
	}
	printed := i.output.take()
	initFailed := cold && i.fresh
	if initFailed {
		// What was printed belongs to the init phase, before START.
		events = append(events, printed...)
		printed = nil
		duration = 0
		if how.timeout == 0 {
			result.retire = true
		}
	}
	events = append(events, LogEvent{Time: started, Message: "START RequestId: " + next.requestID + " Version: " + i.version.Number + "\n"})
	events = append(events, printed...)
	switch {
	case how.timeout > 0:
		duration = how.timeout
		text := fmt.Sprintf("Task timed out after %.2f seconds", how.timeout.Seconds())
		events = append(events, LogEvent{Time: time.Now(), Message: time.Now().UTC().Format("2006-01-02T15:04:05.000Z") + " " + next.requestID + " " + text + "\n\n"})
		result.payload, result.failed = fault("Sandbox.Timedout", "RequestId: "+next.requestID+" Error: "+text), true
		status = "\tStatus: timeout"
	case how.exited:
		kind, text := "Runtime.ExitError", "Runtime exited with error: "+i.process.Status()
		if i.process.Exceeded() == "memory" {
			kind, text = "Runtime.OutOfMemory", "Runtime exited with error: signal: killed"
		} else if i.process.ExitCode() == 0 {
			text = "Runtime exited without providing a reason"
		}
		events = append(events, LogEvent{Time: time.Now(), Message: "RequestId: " + next.requestID + " Error: " + text + "\n"})
		events = append(events, LogEvent{Time: time.Now(), Message: kind + "\n"})
		result.payload, result.failed = fault(kind, "RequestId: "+next.requestID+" Error: "+text), true
		status = "\tStatus: error\tError Type: " + kind
	case how.answer.tooLarge:
		result.payload, result.failed = fault("Function.ResponseSizeTooLarge", fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxResponse)), true
		status = "\tStatus: error\tError Type: Function.ResponseSizeTooLarge"
	default:
		result.payload, result.failed = how.answer.payload, how.answer.failed
		if how.answer.init {
			status = "\tStatus: error\tError Type: " + how.answer.kind
		}
	}
	events = append(events,
		LogEvent{Time: time.Now(), Message: "END RequestId: " + next.requestID + "\n"},
		LogEvent{Time: time.Now(), Message: i.report(next, duration, cold, status)})
	result.events = events
	return result
}

// report is the REPORT line, tabs and trailing blank as on AWS
// (AWS-BEHAVIOUR §1.6). A cold start bills its init phase.
func (i *instance) report(next *invocation, duration time.Duration, cold bool, status string) string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	billed := duration
	if cold {
		billed += i.init
	}
	wholeBilled := (billed + time.Millisecond - 1) / time.Millisecond
	used := max(i.process.PeakMemory()>>20, 1)
	line := fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB\t",
		next.requestID, ms(duration), wholeBilled, i.version.Memory, min(used, int64(i.version.Memory)))
	if cold {
		line += fmt.Sprintf("Init Duration: %.2f ms\t", ms(i.init))
	}
	if status != "" {
		line = strings.TrimSuffix(line, "\t") + status
	}
	return line + "\n"
}

// fault is the payload of an error that the service itself reports.
func fault(kind, message string) []byte {
	data, _ := json.Marshal(struct { // strings always marshal
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{kind, message})
	return data
}

// runtimeVersion is what INIT_START names.
func runtimeVersion(runtime string) string {
	if version, ok := strings.CutPrefix(runtime, "python"); ok {
		return "python:" + version + ".awslab"
	}
	return strings.Replace(runtime, "provided.", "provided:", 1) + ".awslab"
}

// runtimeWarning says so where the function asks for another Python than runs.
func runtimeWarning(runtime string) string {
	version, ok := strings.CutPrefix(runtime, "python")
	if !ok || version == "3.14" {
		return ""
	}
	return fmt.Sprintf("[awslab] %s is asked for; this emulator runs it on Python %s\n", runtime, python.Release)
}
