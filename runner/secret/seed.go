package secret

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"awslab/runner/text"
)

// seedBytes is how long a seed is: as long as the hash that works on it.
const seedBytes = sha256.Size

// maxFile bounds what is read of a seed's file, which has one line.
const maxFile = 1 << 10

// Seed is what a student's secrets are derived from.
type Seed struct{ bytes []byte }

// Open reads the seed of a home, and makes one first if there is none: from
// random, or from the system's randomness where that is nil. A seed that others
// can read, or that is not as it was written, is refused with a [*text.Problem];
// making a new one is the student's to decide, for it changes every secret.
func Open(home string, random io.Reader) (Seed, error) {
	file := filepath.Join(home, "secrets.seed")
	data, err := read(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(file, random); err == nil {
			data, err = read(file)
		}
	}
	if err != nil {
		return Seed{}, problem(file, err)
	}
	seed, err := parse(data)
	if err != nil {
		return Seed{}, problem(file, err)
	}
	return seed, nil
}

// read gives the content of a seed's file that is its owner's alone.
func read(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); mode.IsRegular() && mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.SeedOpen }, Args: text.Args{"file": file, "mode": fmt.Sprintf("%#o", mode.Perm())}}
	}
	return io.ReadAll(io.LimitReader(f, maxFile))
}

// A seed's file is one line: the seed and the beginning of its checksum, in
// hexadecimal digits. Without the checksum a seed with a wrong digit in it would
// quietly give other secrets.
func encode(seed []byte) []byte {
	return []byte(hex.EncodeToString(seed) + " " + checksum(seed) + "\n")
}

func checksum(seed []byte) string {
	sum := sha256.Sum256(seed)
	return hex.EncodeToString(sum[:4])
}

func parse(data []byte) (Seed, error) {
	digits, _, _ := bytes.Cut(data, []byte(" "))
	seed := make([]byte, hex.DecodedLen(len(digits)))
	_, err := hex.Decode(seed, digits)
	if err != nil || len(seed) != seedBytes || !bytes.Equal(data, encode(seed)) {
		return Seed{}, &text.Cause{Says: func(c *text.Causes) string { return c.SeedDamaged }}
	}
	return Seed{seed}, nil
}

// create writes a seed of mode 0600. Of two processes that make one at once, the
// first to link it wins.
func create(file string, random io.Reader) error {
	if random == nil {
		random = rand.Reader
	}
	seed := make([]byte, seedBytes)
	if _, err := io.ReadFull(random, seed); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".secrets-*") // of mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(encode(seed))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		if err = os.Link(f.Name(), file); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(f.Name()))
}

func problem(file string, err error) error {
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoSeed }, Args: text.Args{"file": file}, Err: err}
}
