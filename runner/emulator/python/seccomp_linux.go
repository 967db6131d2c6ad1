package python

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Landlock rules files and TCP, and says nothing of other ways out: a socket by
// its path (an ssh agent's, Docker's), datagrams, memory that is in no process,
// the kernel's key rings. A seccomp filter closes them: it looks at the number
// and the first arguments of each system call (seccomp(2), bpf(4)).

// denied are calls that fail with EPERM.
var denied = []uint32{
	unix.SYS_IO_URING_SETUP,                                       // does the others' work past this filter
	unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET, unix.SYS_SHMGET, // memory that no process is seen to have
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_KEYCTL,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
	unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	unix.SYS_MOUNT, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT,
	unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_MQ_OPEN,
}

// architecture is how seccomp names the one that this program is built for; 0
// where the filter was not written for it.
func architecture() uint32 {
	switch runtime.GOARCH {
	case "amd64":
		return unix.AUDIT_ARCH_X86_64
	case "arm64":
		return unix.AUDIT_ARCH_AARCH64
	}
	return 0
}

// Where the filter finds what it looks at, in struct seccomp_data (both
// architectures are little-endian).
const (
	atNumber = 0
	atArch   = 4
	atFirst  = 16 // low half of the first argument
	atSecond = 24
)

// x32 marks the numbers of amd64's second set of calls.
const x32 = 0x40000000

const sockTypeMask = 0xf // the rest of the type are flags

// callFilter is the program: sockets are TCP's alone, the calls of denied fail,
// all others pass.
func callFilter(arch uint32) []unix.SockFilter {
	load := func(at uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: at}
	}
	answer := func(k uint32) unix.SockFilter { return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k} }
	jump := func(test uint16, k uint32, yes, no uint8) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_JMP | test | unix.BPF_K, K: k, Jt: yes, Jf: no}
	}
	deny := answer(unix.SECCOMP_RET_ERRNO | uint32(unix.EPERM))
	program := []unix.SockFilter{
		load(atArch), jump(unix.BPF_JEQ, arch, 1, 0), answer(unix.SECCOMP_RET_KILL_PROCESS),
		load(atNumber), jump(unix.BPF_JGE, x32, 0, 1), deny,
	}
	for _, number := range denied {
		program = append(program, jump(unix.BPF_JEQ, number, 0, 1), deny)
	}
	return append(program,
		jump(unix.BPF_JEQ, unix.SYS_SOCKET, 1, 0), answer(unix.SECCOMP_RET_ALLOW),
		load(atFirst), jump(unix.BPF_JEQ, unix.AF_INET, 2, 0), jump(unix.BPF_JEQ, unix.AF_INET6, 1, 0), deny,
		load(atSecond), unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: sockTypeMask},
		jump(unix.BPF_JEQ, unix.SOCK_STREAM, 1, 0), deny, answer(unix.SECCOMP_RET_ALLOW))
}

// filterCalls puts the calling thread, and what it starts, under the filter.
// no_new_privs is set already.
func filterCalls() error {
	arch := architecture()
	if arch == 0 {
		return nil
	}
	program := callFilter(arch)
	fprog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	if err := unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&fprog)), 0, 0); err != nil { //nolint:gosec // prctl takes a pointer
		return fmt.Errorf("seccomp: %w", err)
	}
	runtime.KeepAlive(program)
	return nil
}
