package python

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	landlock "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// Sandboxed reports whether this system confines programs: Landlock with TCP
// rules (ABI 4, Linux 6.7).
func (i *Installation) Sandboxed() bool { return abi() >= 4 }

func abi() int {
	version, err := landlock.LandlockGetABIVersion()
	if err != nil {
		return 0
	}
	return version
}

const (
	readFile  = landlock.AccessFSReadFile
	readTree  = landlock.AccessFSReadFile | landlock.AccessFSReadDir
	writeTree = readTree | landlock.AccessFSWriteFile | landlock.AccessFSRemoveDir | landlock.AccessFSRemoveFile |
		landlock.AccessFSMakeDir | landlock.AccessFSMakeReg | landlock.AccessFSMakeSym | landlock.AccessFSMakeFifo |
		landlock.AccessFSMakeSock | landlock.AccessFSRefer | landlock.AccessFSTruncate
	allFiles = writeTree | landlock.AccessFSExecute | landlock.AccessFSMakeChar | landlock.AccessFSMakeBlock
)

// confine puts the calling thread, and what it starts, under Landlock. Threads
// of the rest of awslab are untouched: a domain belongs to a thread.
func confine(program string, s Sandbox) error {
	version := abi()
	if version < 4 {
		return nil
	}
	attr := landlock.RulesetAttr{HandledAccessFS: allFiles, HandledAccessNet: landlock.AccessNetBindTCP | landlock.AccessNetConnectTCP}
	if version >= 5 {
		attr.HandledAccessFS |= landlock.AccessFSIoctlDev
	}
	if version >= 6 {
		attr.Scoped = landlock.ScopeSignal | landlock.ScopeAbstractUnixSocket
	}
	ruleset, err := landlock.LandlockCreateRuleset(&attr, 0)
	if err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	defer func() { _ = unix.Close(ruleset) }()
	real, err := filepath.EvalSymlinks(program)
	if err != nil {
		return err
	}
	rules := []struct {
		access uint64
		paths  []string
	}{
		{readFile | landlock.AccessFSExecute, append([]string{real}, loaders()...)},
		{readTree, append([]string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/usr/share/zoneinfo", "/etc/localtime", "/dev/urandom", "/dev/random", "/dev/zero", s.Home, s.Dir}, s.Read...)},
		{readFile | landlock.AccessFSWriteFile, []string{nullDevice}},
		{writeTree, s.Write},
	}
	for _, rule := range rules {
		for _, path := range rule.paths {
			if err := allow(ruleset, path, rule.access); err != nil {
				return err
			}
		}
	}
	if s.Connect != 0 {
		if err := landlock.LandlockAddNetPortRule(ruleset, &landlock.NetPortAttr{AllowedAccess: landlock.AccessNetConnectTCP, Port: uint64(s.Connect)}, 0); err != nil {
			return fmt.Errorf("landlock: port %d: %w", s.Connect, err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no_new_privs: %w", err)
	}
	if err := landlock.LandlockRestrictSelf(ruleset, 0); err != nil {
		return fmt.Errorf("landlock: %w", err)
	}
	return filterCalls()
}

// loaders are the ELF interpreters: the kernel opens them for execution when it
// starts a program.
func loaders() []string {
	var found []string
	for _, pattern := range []string{"/lib64/ld-linux-*.so*", "/lib/ld-linux-*.so*", "/lib/ld-musl-*.so*"} {
		matches, err := filepath.Glob(pattern)
		if err == nil {
			found = append(found, matches...)
		}
	}
	return found
}

// allow adds a rule for a path; one that is not there needs none.
func allow(ruleset int, path string, access uint64) error {
	if path == "" {
		return nil
	}
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("landlock: %s: %w", path, err)
	}
	defer func() { _ = unix.Close(fd) }()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		access &= readFile | landlock.AccessFSWriteFile | landlock.AccessFSExecute | landlock.AccessFSTruncate
	}
	if err := landlock.LandlockAddPathBeneathRule(ruleset, &landlock.PathBeneathAttr{AllowedAccess: access, ParentFd: fd}, 0); err != nil {
		return fmt.Errorf("landlock: %s: %w", path, err)
	}
	return nil
}

// startIsolated starts the program in a process group of its own and, where
// that is allowed, in a PID namespace: when its first process ends, the kernel
// ends all others.
func startIsolated(cmd *exec.Cmd) error {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, Cloneflags: syscall.CLONE_NEWPID}
	if os.Geteuid() != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Geteuid(), HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getegid(), HostID: os.Getegid(), Size: 1}}
	}
	again := *cmd
	cmd.SysProcAttr = attr
	err := cmd.Start()
	if err == nil || !forbidden(err) {
		return err
	}
	// The system forbids namespaces to users: the group has to do.
	fresh := exec.Command(again.Path, again.Args[1:]...)
	fresh.Env, fresh.Dir, fresh.Stdin, fresh.Stdout, fresh.Stderr, fresh.WaitDelay = again.Env, again.Dir, again.Stdin, again.Stdout, again.Stderr, again.WaitDelay
	fresh.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	*cmd = *fresh
	return cmd.Start()
}

// forbidden reports whether the system does not let us make namespaces.
func forbidden(err error) bool {
	for _, errno := range []syscall.Errno{syscall.EPERM, syscall.ENOSPC, syscall.EINVAL, syscall.EACCES} {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}

// limit bounds what counting cannot: the size of a file, and core dumps.
//
// The number of processes, too, where the kernel counts them: not root's. It
// counts all of the user's, so those that the system has now are granted.
func limit(pid, children int) {
	bounds := map[int]uint64{unix.RLIMIT_FSIZE: maxFile, unix.RLIMIT_CORE: 0}
	var now unix.Sysinfo_t
	if unix.Sysinfo(&now) == nil {
		bounds[unix.RLIMIT_NPROC] = uint64(now.Procs) + uint64(children)
	}
	for resource, bound := range bounds {
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: bound, Max: bound}, nil) // it may have ended already
	}
}

func killGroup(pid int) {
	_ = unix.Kill(-pid, unix.SIGKILL) // there may be nobody left
}

// usage counts the processes of a program with its children, and, unless there
// are more than enough, their memory: a fork bomb must be seen before it has
// grown so far that counting takes longer than growing.
func usage(pid, enough int) (used, bool) {
	var use used
	all := family(pid, enough)
	for _, one := range all {
		use.processes += threads(one)
	}
	if use.processes > enough {
		return use, true
	}
	for _, one := range all {
		if len(all) == 1 {
			use.memory += resident(one)
		} else {
			use.memory += proportional(one)
		}
	}
	return use, use.processes > 0
}

// resident is what one process has in memory.
func resident(pid int) int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// proportional is a process's part of what it shares with its family: forks
// share their pages until they write to them.
func proportional(pid int) int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/smaps_rollup")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err != nil {
				return 0
			}
			return kib << 10
		}
	}
	return 0
}

// family is a process and its descendants, by asking each for its children,
// until there are more than enough.
func family(pid, enough int) []int {
	all := []int{pid}
	for i := 0; i < len(all) && len(all) <= enough; i++ {
		tasks, err := os.ReadDir("/proc/" + strconv.Itoa(all[i]) + "/task")
		if err != nil {
			continue
		}
		for _, task := range tasks {
			data, err := os.ReadFile("/proc/" + strconv.Itoa(all[i]) + "/task/" + task.Name() + "/children")
			if err != nil {
				continue
			}
			for _, field := range bytes.Fields(data) {
				if child, err := strconv.Atoi(string(field)); err == nil {
					all = append(all, child)
				}
			}
		}
	}
	return all
}

func threads(pid int) int {
	tasks, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
	if err != nil {
		return 0
	}
	return len(tasks)
}
