package journal

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"awslab/runner/text"
)

// Blobs are files named by the SHA-256 of their content: function code and
// other large inputs. One that nothing refers to is harmless. Its methods are
// safe for concurrent use.
type Blobs struct{ dir string }

// BlobsIn are the blobs of the journal in dir, before it is opened.
func BlobsIn(dir string) Blobs { return Blobs{dir: filepath.Join(dir, "blobs")} }

// Put stores data, flushed, and gives its SHA-256 in hex. A damaged blob of that
// name is mended.
func (b Blobs) Put(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	if _, err := b.Get(name); err == nil {
		return name, nil
	}
	return name, writeFile(filepath.Join(b.dir, name), data)
}

// Get reads a blob and checks that it is what its name says.
func (b Blobs) Get(name string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(b.dir, filepath.Base(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.BlobMissing }, Args: text.Args{"file": name}}
	}
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != name {
		return nil, &DamagedError{filepath.Join(b.dir, name), 0, &text.Cause{Says: func(c *text.Causes) string { return c.BlobDiffers }}}
	}
	return data, nil
}

// MemoryBlobs are blobs of an emulator without a folder.
type MemoryBlobs struct {
	mu   sync.Mutex
	data map[string][]byte
}

// Put keeps a copy of data.
func (b *MemoryBlobs) Put(data []byte) (string, error) {
	sum := sha256.Sum256(data)
	name := hex.EncodeToString(sum[:])
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.data == nil {
		b.data = map[string][]byte{}
	}
	b.data[name] = append([]byte(nil), data...)
	return name, nil
}

// Get gives what Put kept; it is not to be changed.
func (b *MemoryBlobs) Get(name string) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.data[name]
	if !ok {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.BlobMissing }, Args: text.Args{"file": name}}
	}
	return data, nil
}
