//go:build !unix

package progress

// syncDir does nothing where folders cannot be flushed (Windows).
func syncDir(string) error { return nil }
