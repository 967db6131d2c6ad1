package logs

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"awslab/runner/text"
)

// backing is what a store writes to: an *os.File, or memory.
type backing interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Close() error
}

// memory is a backing without a file. Its reads need no lock of the store's.
type memory struct {
	mu   sync.RWMutex
	data []byte
}

func (m *memory) ReadAt(p []byte, offset int64) (int, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if offset > int64(len(m.data)) {
		return 0, io.EOF
	}
	n := copy(p, m.data[offset:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (m *memory) WriteAt(p []byte, offset int64) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = append(m.data[:offset], p...)
	return len(p), nil
}

func (m *memory) Sync() error  { return nil }
func (m *memory) Close() error { return nil }

// load reads a file into the index. A record at the end that was never finished
// is put aside and dropped, with a notice; one that is damaged with others
// behind it is an error, and nothing is changed.
func (s *store) load(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	if size < int64(len(storeMagic)) {
		// New, or the process died while it wrote the first bytes.
		if _, err := file.WriteAt([]byte(storeMagic), 0); err != nil {
			return err
		}
		s.end = int64(len(storeMagic))
		return file.Truncate(s.end)
	}
	in := bufio.NewReaderSize(io.NewSectionReader(file, 0, size), 1<<16)
	magic := make([]byte, len(storeMagic))
	if _, err := io.ReadFull(in, magic); err != nil {
		return err
	}
	if string(magic) != storeMagic {
		return fmt.Errorf("%s is not a log-event store of this version of awslab", file.Name())
	}
	s.end = int64(len(storeMagic))
	var (
		head    [recordHead]byte
		payload []byte
	)
	for s.end < size {
		if size-s.end < recordHead {
			return s.drop(file, size)
		}
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return err
		}
		length := int64(binary.LittleEndian.Uint32(head[:]))
		behind := size - s.end - recordHead - length
		if behind < 0 {
			return s.drop(file, size)
		}
		payload = slices.Grow(payload[:0], int(length))[:length]
		if _, err := io.ReadFull(in, payload); err != nil {
			return err
		}
		sound := crc32.Checksum(payload, castagnoli) == binary.LittleEndian.Uint32(head[4:]) && s.index(payload, s.end+recordHead)
		if !sound {
			// The disk may have kept a file's new length but not its bytes.
			if behind == 0 || allZero(file, s.end, size) {
				return s.drop(file, size)
			}
			return fmt.Errorf("%s is damaged at offset %d, with %d bytes behind it", file.Name(), s.end, behind)
		}
		s.end += recordHead + length
	}
	return nil
}

// allZero says whether a file holds nothing but zeros between two offsets.
func allZero(file *os.File, from, to int64) bool {
	in := bufio.NewReader(io.NewSectionReader(file, from, to-from))
	for {
		b, err := in.ReadByte()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		if b != 0 {
			return false
		}
	}
}

// drop cuts the file after its last sound record; what is cut off is kept
// beside it.
func (s *store) drop(file *os.File, size int64) error {
	aside := filepath.Join(s.dir, storeName+".torn")
	out, err := os.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, io.NewSectionReader(file, s.end, size-s.end))
	if closeErr := out.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("keep the torn end of %s: %w", file.Name(), err)
	}
	if err := file.Truncate(s.end); err != nil {
		return err
	}
	if s.notice != nil {
		s.notice(&text.Cause{Says: func(c *text.Causes) string { return c.LogTail }, Args: text.Args{"bytes": strconv.FormatInt(size-s.end, 10), "file": aside}})
	}
	return nil
}

// Compaction pays when the file is big and mostly dead.
const compactFrom = 1 << 20

// settle drops what no stream has any more: cutoffs has every living stream
// and the time before which its events have expired. Where most of a big file
// is dead, the file is written anew.
func (s *store) settle(cutoffs map[uint64]int64) error {
	s.settled = true
	live := int64(len(storeMagic))
	for stream, x := range s.streams {
		cutoff, ok := cutoffs[stream]
		if !ok {
			delete(s.streams, stream)
			continue
		}
		x.entries = slices.Clone(s.since(stream, cutoff))
		x.size = 0
		for _, e := range x.entries {
			x.size += int64(e.length) + eventOverhead
			live += int64(e.length) + eventHead + recordHead + payloadHead
		}
	}
	if s.dir == "" || s.end < compactFrom || live > s.end/2 {
		return nil
	}
	if err := s.compact(); err != nil {
		return fmt.Errorf("compact log-event store: %w", err)
	}
	return nil
}

// compact writes the living events into a new file and puts it in the place of
// the old one, at once or not at all.
func (s *store) compact() error {
	path := filepath.Join(s.dir, storeName)
	file, err := os.OpenFile(path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	fresh := &store{dir: s.dir, file: file, opened: true, next: s.next, streams: map[uint64]*streamIndex{}}
	if err := fresh.copyFrom(s); err != nil {
		_ = file.Close()           // the first error says more
		_ = os.Remove(file.Name()) // so that nothing is left; the old file stays
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		_ = file.Close() // as above
		return err
	}
	_ = s.file.Close() // it was only read since it was opened
	s.file, s.end, s.streams = fresh.file, fresh.end, fresh.streams
	return syncFolder(s.dir)
}

// copyFrom writes the living events of old, stream by stream, in records of
// their own: that keeps their numbers and times of ingestion.
func (s *store) copyFrom(old *store) error {
	if _, err := s.file.WriteAt([]byte(storeMagic), 0); err != nil {
		return err
	}
	s.end = int64(len(storeMagic))
	next := s.next
	for stream, x := range old.streams {
		for _, e := range x.entries {
			text, err := message(old.file, e)
			if err != nil {
				return err
			}
			s.next = e.seq
			if _, err := s.append(stream, e.ingested, []Event{{Time: millis(e.time), Message: text}}); err != nil {
				return err
			}
		}
	}
	s.next = next
	return s.file.Sync()
}

// syncFolder makes a rename in a folder durable.
func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if closeErr := folder.Close(); err == nil {
		err = closeErr
	}
	return err
}
