package lambda

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
)

// unpack puts a package's files into a folder that all its instances read.
func (p *pool) unpack(f version) (string, error) {
	dir := filepath.Join(p.dir, "task-"+f.Code)
	p.unpacking.Lock()
	defer p.unpacking.Unlock()
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	data, err := p.cfg.Code.Get(f.Code)
	if err != nil {
		return "", err
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", err
	}
	fresh := dir + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	for _, file := range archive.File {
		if err := unpackFile(fresh, file); err != nil {
			return "", err
		}
	}
	return dir, os.Rename(fresh, dir)
}

func unpackFile(dir string, file *zip.File) (err error) {
	path := filepath.Join(dir, filepath.FromSlash(file.Name))
	if file.FileInfo().IsDir() {
		return os.MkdirAll(path, 0o700)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if !file.Mode().IsRegular() {
		return nil // a link could lead out of the task folder
	}
	content, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // read to its end
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600|file.Mode().Perm()&0o111)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.LimitReader(content, maxUnzipped))
	if closed := out.Close(); err == nil {
		err = closed
	}
	return err
}
