package target

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"awslab/runner/text"
)

// DefaultAddr is where a home's emulator listens if the port is free when the
// home is first used.
const DefaultAddr = "127.0.0.1:4566"

// Credentials are the one access key of a home's emulator. The emulator runs
// code, so the secret is random, and readable by its owner alone.
type Credentials struct {
	AccessKeyID     string `json:"accessKeyId"`
	SecretAccessKey string `json:"secretAccessKey"`
}

// Server is an emulator as a home sees it.
type Server interface {
	http.Handler
	io.Closer
}

// HomeConfig says which home, and how to make its emulator.
type HomeConfig struct {
	Dir string
	// Addr is asked for by `awslab emulator --addr` and then kept; empty means
	// the address that the home has, or DefaultAddr, or a free port.
	Addr string
	// NewServer makes the emulator over a directory; only the process that owns
	// the home calls it.
	NewServer func(dir string, creds Credentials) (Server, error)
	// ReadTimeout is how long a request may take to arrive whole, so that nothing
	// waits for a body that does not come; 0 takes a minute. The answer may take
	// longer.
	ReadTimeout time.Duration
	// Notice is told what a person should know ("took over from process 12").
	Notice func(text.Notice)
}

// Home is the emulator of one home directory: served by this process, or by
// another awslab whose place this one takes when it ends.
//
// One process owns a home at a time: it holds the lock on emulator.lock, and
// the kernel drops the lock when the process dies, however it dies.
type Home struct {
	cfg   HomeConfig
	creds Credentials
	lock  *flock.Flock
	stop  context.CancelFunc
	done  chan struct{}

	mu     sync.Mutex
	addr   string // what the home's address file says
	server Server // nil while another process owns the home
	http   *http.Server
	failed error // why taking over did not work
}

// OpenHome owns the home and serves its emulator, or finds the process that
// does. It returns when calls to [Home.URL] will be answered.
func OpenHome(ctx context.Context, cfg HomeConfig) (*Home, error) {
	if cfg.Notice == nil {
		cfg.Notice = func(text.Notice) {}
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, homeProblem(cfg.Dir, err)
	}
	creds, err := loadCredentials(filepath.Join(cfg.Dir, "credentials.json"))
	if err != nil {
		return nil, homeProblem(cfg.Dir, err)
	}
	h := &Home{cfg: cfg, creds: creds, lock: flock.New(filepath.Join(cfg.Dir, "emulator.lock"), flock.SetPermissions(0o600)), done: make(chan struct{})}
	if err := h.settle(ctx); err != nil {
		_ = h.lock.Close() // the error above is the one that matters
		return nil, err
	}
	var background context.Context
	background, h.stop = context.WithCancel(context.Background())
	go h.succeed(background)
	return h, nil
}

// Credentials are the access key that the home's emulator accepts.
func (h *Home) Credentials() Credentials { return h.creds }

// URL is the emulator's base URL. It stays the same for the life of the home.
func (h *Home) URL() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return "http://" + h.addr
}

// Owner reports whether this process serves the emulator.
func (h *Home) Owner() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.server != nil
}

// Close stops serving, after the calls under way are answered, and frees the
// home for the next process.
func (h *Home) Close() error {
	h.stop()
	<-h.done
	h.mu.Lock()
	defer h.mu.Unlock()
	var errs []error
	if h.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		// The emulator first: it ends its streams, for which Shutdown would wait.
		errs = append(errs, h.server.Close())
		if err := h.http.Shutdown(ctx); err != nil {
			errs = append(errs, h.http.Close())
		}
		h.server = nil
	}
	return errors.Join(append(errs, h.lock.Close())...)
}

// settle owns the home, or waits until its owner answers.
func (h *Home) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		owned, err := h.takeOver(ctx)
		if owned || err != nil {
			return err
		}
		if addr, err := h.place().Kept(); err == nil && answers(ctx, addr) {
			if h.cfg.Addr != "" && h.cfg.Addr != addr {
				return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeServed }, Args: text.Args{"addr": addr}}
			}
			h.mu.Lock()
			h.addr = addr
			h.mu.Unlock()
			return nil
		}
		select {
		case <-ctx.Done():
			return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.OwnerSilent }, Args: text.Args{"dir": h.cfg.Dir}, Err: ctx.Err()}
		case <-tick.C:
		}
	}
}

// succeed waits for the owner's end and takes its place.
func (h *Home) succeed(ctx context.Context) {
	defer close(h.done)
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for !h.Owner() {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if owned, err := h.takeOver(ctx); err != nil {
			h.mu.Lock()
			told := h.failed != nil
			h.failed = err
			h.mu.Unlock()
			if !told {
				h.cfg.Notice(text.NoticeOf(err))
			}
		} else if owned {
			h.cfg.Notice(text.Notice{Says: func(n *text.Notices) string { return n.TookOver }, Args: text.Args{"addr": strings.TrimPrefix(h.URL(), "http://")}})
		}
	}
}

// takeOver makes this process the owner if there is none.
func (h *Home) takeOver(ctx context.Context) (owned bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server != nil {
		return true, nil
	}
	locked, err := h.lock.TryLock()
	if err != nil {
		return false, homeProblem(h.cfg.Dir, err)
	}
	if !locked {
		return false, nil
	}
	defer func() {
		if !owned {
			err = errors.Join(err, h.lock.Unlock())
		}
	}()
	listener, err := h.listen(ctx)
	if err != nil {
		return false, err
	}
	server, err := h.cfg.NewServer(filepath.Join(h.cfg.Dir, "emulator"), h.creds)
	if err != nil {
		return false, errors.Join(err, listener.Close())
	}
	h.addr = listener.Addr().String()
	h.server = server
	h.http = &http.Server{
		Handler: server, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: cmp.Or(h.cfg.ReadTimeout, time.Minute),
		IdleTimeout: 2 * time.Minute, // longer than the SDK's clients keep a connection: they are not to lose one while they send
	}
	go func() { _ = h.http.Serve(listener) }() // ends with ErrServerClosed at Close
	return true, nil
}

// place is where the home's emulator is.
func (h *Home) place() Place {
	return Place{File: filepath.Join(h.cfg.Dir, "address.json"), Default: DefaultAddr}
}

// listen opens the home's own port, and chooses it if there is none yet.
func (h *Home) listen(ctx context.Context) (net.Listener, error) {
	place := h.place()
	want := h.cfg.Addr
	if kept, err := place.Kept(); err == nil && want == "" {
		want = kept
	}
	if want == "" {
		listener, err := place.Choose(ctx)
		if err != nil {
			return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoPort }, Err: err}
		}
		return place.Keep(listener)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", want)
	if err != nil {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.PortTaken }, Args: text.Args{"addr": want}, Err: err}
	}
	return place.Keep(listener)
}

// answers reports whether something listens at addr. Whether it is our owner
// shows at the first signed call.
func answers(ctx context.Context, addr string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return false
	}
	return conn.Close() == nil
}

// loadCredentials reads a home's access key, and makes one first if there is
// none. Two processes that start at once agree: the first link wins.
func loadCredentials(file string) (Credentials, error) {
	var creds Credentials
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		id, secret := make([]byte, 10), make([]byte, 30)
		_, _ = rand.Read(id) // never fails, by its contract
		_, _ = rand.Read(secret)
		creds = Credentials{AccessKeyID: "AKIA" + base32.StdEncoding.EncodeToString(id), SecretAccessKey: base64.StdEncoding.EncodeToString(secret)}
		data, err = json.Marshal(creds)
		if err == nil {
			err = createOnce(file, data)
		}
		if err == nil {
			data, err = os.ReadFile(file)
		}
	}
	if err != nil {
		return creds, err
	}
	if err := json.Unmarshal(data, &creds); err != nil || creds.SecretAccessKey == "" {
		return creds, &text.Cause{Says: func(c *text.Causes) string { return c.NoKey }, Args: text.Args{"file": file}, Err: err}
	}
	return creds, nil
}

// createOnce puts data at file unless something is there already.
func createOnce(file string, data []byte) error {
	tmp, err := writeBeside(file, data)
	if err != nil {
		return err
	}
	err = os.Link(tmp, file)
	if errors.Is(err, fs.ErrExist) {
		err = nil
	}
	return errors.Join(err, os.Remove(tmp))
}

func writeAtomically(file string, data []byte) error {
	tmp, err := writeBeside(file, data)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	return nil
}

// writeBeside writes a file of mode 0600 next to file, flushed to disk.
func writeBeside(file string, data []byte) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return "", err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func homeProblem(dir string, err error) error {
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: text.Args{"dir": dir}, Err: err}
}
