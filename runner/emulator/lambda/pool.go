package lambda

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Bounds of the instances of one emulator. AWS runs 1,000 at once; a student's
// machine does not.
const (
	maxInstances = 16
	idleFor      = 5 * time.Minute // after which an instance is ended
)

// errNoRoom says that maxInstances are at work.
var errNoRoom = errors.New("as many instances are at work as this emulator runs")

// errReserved says that all executions reserved for a function are under way.
var errReserved = errors.New("as many instances of the function are at work as were reserved for it")

// pool keeps instances warm, by function and version.
type pool struct {
	cfg       Config
	unpacking sync.Mutex

	mu      sync.Mutex
	dir     string                 // scratch, once prepared
	idle    map[string][]*instance // by version.key
	working map[*instance]bool
	closed  bool
	reaper  func() bool    // stops the next reap; nil when nothing idles
	calls   sync.WaitGroup // invocations, asynchronous ones too
	ctx     context.Context
	cancel  context.CancelFunc
}

func newPool(cfg Config) *pool {
	p := &pool{cfg: cfg, idle: map[string][]*instance{}, working: map[*instance]bool{}}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

var errClosed = errors.New("the emulator is closing")

// enter counts an invocation in.
func (p *pool) enter() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return errClosed
	}
	p.calls.Add(1)
	return nil
}

// key names a version among those of all functions.
func (v version) key() string { return v.Function + ":" + v.Number }

// acquire gives a warm instance of a version, or starts one. No more than
// reserved instances of the function, whatever their version, are at work at
// once; nil is no such bound.
func (p *pool) acquire(v version, reserved *int32, stream func() string) (*instance, error) {
	p.mu.Lock()
	if err := p.prepare(); err != nil {
		p.mu.Unlock()
		return nil, err
	}
	if reserved != nil && p.atWork(v.Function) >= int(*reserved) {
		p.mu.Unlock()
		return nil, errReserved
	}
	warm := p.idle[v.key()]
	for len(warm) > 0 {
		i := warm[len(warm)-1]
		warm = warm[:len(warm)-1]
		p.idle[v.key()] = warm
		select {
		case <-i.process.Done(): // it died while idle
			go i.close()
			continue
		default:
		}
		p.working[i] = true
		p.mu.Unlock()
		return i, nil
	}
	if len(p.working) >= maxInstances {
		p.mu.Unlock()
		return nil, errNoRoom
	}
	placeholder := &instance{version: v}
	p.working[placeholder] = true
	p.mu.Unlock()
	i, err := p.startInstance(v, stream())
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.working, placeholder)
	if err != nil {
		return nil, err
	}
	if p.closed {
		go i.close()
		return nil, errClosed
	}
	p.working[i] = true
	return i, nil
}

// atWork counts a function's instances that are at work. The caller holds mu.
func (p *pool) atWork(name string) int {
	n := 0
	for i := range p.working {
		if i.version.Function == name {
			n++
		}
	}
	return n
}

// prepare makes the scratch folder. The caller holds mu.
func (p *pool) prepare() error {
	if p.closed {
		return errClosed
	}
	if p.dir != "" {
		return nil
	}
	dir, err := scratch(p.cfg)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "bootstrap.py"), bootstrap, 0o600); err != nil {
		return err
	}
	p.dir = dir
	return nil
}

// home is the Python installation, unpacked.
func (p *pool) home() (string, error) {
	if p.cfg.Python == nil {
		return "", errors.New("this emulator was made without Python")
	}
	return p.cfg.Python.Ensure(p.ctx)
}

// release gives an instance back after an invocation.
func (p *pool) release(i *instance, retire bool, current func(version) bool) {
	p.mu.Lock()
	delete(p.working, i)
	if retire || p.closed || !current(i.version) {
		p.mu.Unlock()
		i.close()
		return
	}
	i.idleAt = p.cfg.Clock()
	key := i.version.key()
	p.idle[key] = append(p.idle[key], i)
	if p.reaper == nil {
		p.reaper = p.cfg.AfterFunc(idleFor, p.reap)
	}
	p.mu.Unlock()
}

// reap ends instances that nobody has asked for in a while.
func (p *pool) reap() {
	now := p.cfg.Clock()
	p.mu.Lock()
	var old []*instance
	left := false
	for name, instances := range p.idle {
		var keep []*instance
		for _, i := range instances {
			if now.Sub(i.idleAt) >= idleFor {
				old = append(old, i)
			} else {
				keep = append(keep, i)
			}
		}
		p.idle[name] = keep
		left = left || len(keep) > 0
	}
	p.reaper = nil
	if left && !p.closed {
		p.reaper = p.cfg.AfterFunc(idleFor/5, p.reap)
	}
	p.mu.Unlock()
	for _, i := range old {
		i.close()
	}
}

// retire ends the idle instances of versions that are of the past; those at
// work end with their invocation.
func (p *pool) retire(past func(version) bool) {
	p.mu.Lock()
	var old []*instance
	for key, instances := range p.idle {
		var keep []*instance
		for _, i := range instances {
			if past(i.version) {
				old = append(old, i)
			} else {
				keep = append(keep, i)
			}
		}
		p.idle[key] = keep
	}
	p.mu.Unlock()
	for _, i := range old {
		go i.close()
	}
}

func (p *pool) retireAll() {
	p.mu.Lock()
	all := p.idle
	p.idle = map[string][]*instance{}
	p.mu.Unlock()
	for _, instances := range all {
		for _, i := range instances {
			go i.close()
		}
	}
}

// close ends every instance, waits for the invocations and empties the scratch
// folder.
func (p *pool) close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.cancel()
	if p.reaper != nil {
		p.reaper()
	}
	var all []*instance
	for _, instances := range p.idle {
		all = append(all, instances...)
	}
	for i := range p.working {
		if i.process != nil {
			i.process.Kill()
		}
	}
	p.mu.Unlock()
	for _, i := range all {
		i.close()
	}
	p.calls.Wait()
	if p.dir == "" {
		return nil
	}
	return os.RemoveAll(p.dir)
}
