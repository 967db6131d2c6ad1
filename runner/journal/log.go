// Package journal is the append-only record on disk: of an emulator's mutating
// calls ([Journal]), and of what awslab created in somebody's account (a [Log]
// of entries that runner/target defines).
//
// A record is a line: a checksum, a space, JSON. It is on disk, flushed, before
// its call is answered. A record that was torn by a crash is the last one and has
// no end: it is dropped with a notice. Anything else that does not fit its
// checksum is damage, which stops with the offset, and nothing is overwritten.
//
// The package imports of awslab only its sentences (runner/text) and does not
// know what it records. Start at [OpenLog], then [Open].
package journal

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"awslab/runner/text"
)

// maxLine bounds a record in bytes. Large inputs are blobs, not lines.
const maxLine = 64 << 20

// DamagedError says that a file is damaged before its last record. Nothing was
// changed.
type DamagedError struct {
	File   string
	Offset int64 // bytes from the start of the file
	Why    error
}

func (e *DamagedError) Error() string {
	return e.cause().Error()
}

// Unwrap gives the sentence that a person reads.
func (e *DamagedError) Unwrap() error { return e.cause() }

func (e *DamagedError) cause() *text.Cause {
	return &text.Cause{Says: func(c *text.Causes) string { return c.Damaged }, Args: text.Args{"file": e.File, "offset": strconv.FormatInt(e.Offset, 10)}, Err: e.Why}
}

// Log is an append-only file of checked lines. One process writes it at a
// time; calls are not for several goroutines at once.
type Log struct {
	file   *os.File
	path   string
	size   int64 // of the records that are whole
	broken error // why nothing can be appended any more
}

// OpenLog opens or makes the file and tells each record's payload in order,
// from the byte offset from, which is where a record begins. torn is how many
// bytes of a torn last record were dropped.
func OpenLog(path string, from int64, each func(offset int64, payload []byte) error) (log *Log, torn int64, err error) {
	_, statErr := os.Stat(path)
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	if statErr != nil {
		if err := syncDir(filepath.Dir(path)); err != nil {
			return nil, 0, err
		}
	}
	l := &Log{file: file, path: path, size: from}
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		return nil, 0, err
	}
	torn, err = l.read(bufio.NewReaderSize(file, 1<<20), each)
	if err != nil {
		return nil, 0, err
	}
	if torn > 0 {
		if err := file.Truncate(l.size); err != nil {
			return nil, 0, err
		}
	}
	if _, err := file.Seek(l.size, io.SeekStart); err != nil {
		return nil, 0, err
	}
	return l, torn, nil
}

// read tells the records up to the end, and how much of a torn one stands there.
func (l *Log) read(r *bufio.Reader, each func(int64, []byte) error) (torn int64, err error) {
	for {
		line, err := readLine(r)
		if len(line) == 0 && errors.Is(err, io.EOF) {
			return 0, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, &DamagedError{l.path, l.size, err}
		}
		payload, why := check(line)
		if why != nil {
			if _, next := r.ReadByte(); errors.Is(next, io.EOF) && isTorn(line) {
				return int64(len(line)), nil
			}
			return 0, &DamagedError{l.path, l.size, why}
		}
		if err := each(l.size, payload); err != nil {
			return 0, err
		}
		l.size += int64(len(line))
	}
}

// isTorn reports whether the file's last line is what a crash leaves of a record
// that was being written: the start of it, or room for it that still reads as
// zeros. A line that has its end is damaged: its call may have been answered.
func isTorn(line []byte) bool {
	if bytes.HasSuffix(line, []byte("\n")) {
		return bytes.IndexByte(line, 0) >= 0
	}
	// Whole but for its last byte: it is the end that was changed.
	last := len(line) - 1
	_, why := check(append(bytes.Clone(line[:last]), '\n'))
	return why != nil
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > maxLine {
			return line, &text.Cause{Says: func(c *text.Causes) string { return c.NoEnd }}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

var table = crc32.MakeTable(crc32.Castagnoli)

func checksum(payload []byte) uint32 { return crc32.Checksum(payload, table) }

// line is a record as it stands in a file.
func line(payload []byte) []byte {
	line := make([]byte, 0, len(payload)+10)
	line = fmt.Appendf(line, "%08x ", checksum(payload))
	return append(append(line, payload...), '\n')
}

// check gives the payload of a whole line, or says what is wrong with it.
func check(line []byte) (payload []byte, why error) {
	body, whole := bytes.CutSuffix(line, []byte("\n"))
	if !whole {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.NoEnd }}
	}
	if len(body) < 10 || body[8] != ' ' {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.NoChecksum }}
	}
	sum, err := strconv.ParseUint(string(body[:8]), 16, 32)
	if err != nil {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.NoChecksum }}
	}
	if checksum(body[9:]) != uint32(sum) {
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.WrongChecksum }}
	}
	return body[9:], nil
}

// Append writes one record and flushes it to disk. When it fails the file is as
// it was before; when even that cannot be had, the log refuses every further
// record.
func (l *Log) Append(payload []byte) error {
	if l.broken != nil {
		return l.broken
	}
	line := line(payload)
	if len(line) > maxLine {
		return fmt.Errorf("writing %s: a record of %d bytes is more than the %d that a record may have", l.path, len(line), maxLine)
	}
	_, err := l.file.Write(line)
	if err == nil {
		err = l.file.Sync()
	}
	if err == nil {
		l.size += int64(len(line))
		return nil
	}
	err = fmt.Errorf("writing %s: %w", l.path, err)
	undo := l.file.Truncate(l.size)
	if undo == nil {
		_, undo = l.file.Seek(l.size, io.SeekStart)
	}
	if undo != nil {
		l.broken = errors.Join(err, undo)
	}
	return err
}

// Size is the length of the records in bytes: the offset of the next one.
func (l *Log) Size() int64 { return l.size }

// Close closes the file. Everything is on disk already.
func (l *Log) Close() error { return l.file.Close() }
