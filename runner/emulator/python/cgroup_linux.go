package python

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"
)

// The kernel bounds the processes of everybody but root (see limit). For root,
// as in a build server's container, a control group does it where it may be
// made; elsewhere only counting does, which a fork bomb can outrun for a while.

// cgroups are where groups that count processes are made: version 1, version 2.
var cgroups = []string{"/sys/fs/cgroup/pids", "/sys/fs/cgroup"}

var groups atomic.Int64 // numbers the groups of this process, for their names

// enclose puts a new program into a group of its own that holds so many
// processes and threads; the returned function removes the group.
func enclose(pid, most int) (release func()) {
	if os.Geteuid() != 0 {
		return func() {}
	}
	name := fmt.Sprintf("awslab-%d-%d", os.Getpid(), groups.Add(1))
	for _, parent := range cgroups {
		group := filepath.Join(parent, name)
		if os.Mkdir(group, 0o755) != nil {
			continue
		}
		if set(filepath.Join(group, "pids.max"), most) && set(filepath.Join(group, "cgroup.procs"), pid) {
			return func() {
				// The kernel counts an ended process for a moment longer.
				for range 50 {
					if os.Remove(group) == nil {
						return
					}
					time.Sleep(10 * time.Millisecond)
				}
			}
		}
		_ = os.Remove(group) // it counts nothing
	}
	return func() {}
}

// set writes a number into a control file, which the kernel has made.
func set(name string, value int) bool {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return false
	}
	_, err = f.WriteString(strconv.Itoa(value))
	return f.Close() == nil && err == nil
}
