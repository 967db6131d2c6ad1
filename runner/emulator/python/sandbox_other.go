//go:build !linux

package python

import "os/exec"

// Sandboxed reports whether this system confines programs: it does not.
func (i *Installation) Sandboxed() bool { return false }

func confine(string, Sandbox) error { return nil }

func startIsolated(cmd *exec.Cmd) error { return cmd.Start() }

func limit(int) {}

func killGroup(int) {}

func usage(int) (used, bool) { return used{}, false }
