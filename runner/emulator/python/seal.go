package python

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"awslab/runner/text"
)

// sealed is what stands in the seal of an installation: the hash of every file,
// and what tells cheaply that the interpreter itself was not exchanged.
type sealed struct {
	Executable stamp             `json:"executable"`
	Files      map[string]string `json:"files"` // path → SHA-256
}

type stamp struct {
	Size    int64 `json:"size"`
	ModTime int64 `json:"modTime"` // nanoseconds since 1970
}

const sealName = "awslab-seal.json"

// files are the names of the regular files in home.
func files(home string) (names []string, err error) {
	err = filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(home, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	return names, err
}

// hashes adds those of the named files that are not among them yet.
func hashes(home string, names []string, sums map[string]string) error {
	for _, name := range names {
		if _, known := sums[name]; known {
			continue
		}
		sum, err := hashFile(filepath.Join(home, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		sums[name] = sum
	}
	return nil
}

// seal writes the hashes; it is the last thing that is written.
func seal(home string, sums map[string]string) error {
	s := sealed{Files: sums}
	var err error
	if s.Executable, err = stampOf(executable(home)); err != nil {
		return err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(home, sealName), data, 0o600)
}

// whole reports whether home was unpacked to the end and has the interpreter
// that was sealed. It takes microseconds; Verify looks at everything.
func whole(home string) bool {
	s, err := readSeal(home)
	if err != nil {
		return false
	}
	now, err := stampOf(executable(home))
	return err == nil && now == s.Executable
}

// Verify compares every unpacked file with the seal: about 0.3 s. `awslab
// doctor` does it.
func (i *Installation) Verify() error {
	home := i.folder()
	s, err := readSeal(home)
	if err != nil {
		return &text.Cause{Says: func(c *text.Causes) string { return c.PythonNoSeal }, Err: err}
	}
	for name, want := range s.Files {
		sum, err := hashFile(filepath.Join(home, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		if sum != want {
			return &text.Cause{Says: func(c *text.Causes) string { return c.PythonChanged }, Args: text.Args{"file": name, "dir": home}}
		}
	}
	return nil
}

func readSeal(home string) (sealed, error) {
	var s sealed
	data, err := os.ReadFile(filepath.Join(home, sealName))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	return s, err
}

func stampOf(path string) (stamp, error) {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.Size(), info.ModTime().UnixNano()}, nil
}

func hashFile(path string) (sum string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // read only
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
