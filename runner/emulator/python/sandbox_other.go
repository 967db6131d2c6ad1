//go:build !linux

package python

import "os/exec"

// Sandboxed reports whether this system confines programs: it does not.
func (i *Installation) Sandboxed() bool { return false }

func confine(string, Sandbox) error { return nil }

func startIsolated(cmd *exec.Cmd) error { return cmd.Start() }

func enclose(int, int) (release func()) { return func() {} }

func limit(int, int) {}

func killGroup(int) {}

func usage(int, int) (used, bool) { return used{}, false }
