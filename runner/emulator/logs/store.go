package logs

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// store keeps log events: an append-only file, and in memory where in it each
// event stands. With no folder the "file" is memory too.
//
// What is durable when: append hands the events to the operating system before
// it returns, in one write, so that they survive the death of this process
// (kill -9 included) and are seen by readers. the flusher brings them to the disk,
// where they survive the loss of power too; several callers share one fsync.
// PutLogEvents waits for it before it answers. Lambda's lines ([Service.Write])
// follow up to flushDelay later, and at close.
//
// Every field is guarded by the service's lock, but for the flusher's own.
type store struct {
	dir    string
	notice func(error)

	opened  bool
	openErr error
	settled bool
	file    backing
	end     int64 // length of the file
	next    uint64
	streams map[uint64]*streamIndex
	buffer  []byte

	flusher flusher
}

// streamIndex says where the events of one stream are.
type streamIndex struct {
	entries  []entry // by time, then by seq
	size     int64   // bytes as AWS counts them: messages and 26 for each event
	ingested int64   // last ingestion, ms since 1970
}

// entry is one event. Entries never change.
type entry struct {
	time, ingested int64 // ms since 1970
	seq            uint64
	offset         int64
	length         int32
}

// eventOverhead is what AWS adds to a message's bytes (API reference of
// PutLogEvents).
const eventOverhead = 26

// A file begins with storeMagic. Records follow: the payload's length and its
// CRC-32C, four bytes each, and the payload: stream, time of ingestion, number
// of the first event (numbers count all events of a store), count of events, and
// for each its time, the message's length and the message. Integers are
// little-endian.
const (
	storeName   = "events.log"
	storeMagic  = "awslab-log-events 1\n"
	recordHead  = 8
	payloadHead = 28
	eventHead   = 12
	flushDelay  = 100 * time.Millisecond
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func newStore(dir string, notice func(error)) *store {
	return &store{dir: dir, notice: notice, next: 1, streams: map[uint64]*streamIndex{}}
}

// open makes or reads the file, once.
func (s *store) open() error {
	if s.opened {
		return s.openErr
	}
	s.opened = true
	if s.dir == "" {
		s.file, s.end = &memory{}, 0
		return nil
	}
	if s.openErr = s.openFile(); s.openErr != nil {
		s.openErr = fmt.Errorf("open log-event store: %w", s.openErr)
	}
	return s.openErr
}

func (s *store) openFile() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(s.dir, storeName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := s.load(file); err != nil {
		_ = file.Close() // nothing was written; the first error says why
		return err
	}
	s.file = file
	return nil
}

// append writes events of a stream and puts them in the index. It returns the
// length of the file after it, for the flusher.
func (s *store) append(stream uint64, ingested int64, events []Event) (int64, error) {
	buffer := s.buffer[:0]
	buffer = append(buffer, make([]byte, recordHead)...)
	buffer = binary.LittleEndian.AppendUint64(buffer, stream)
	buffer = binary.LittleEndian.AppendUint64(buffer, uint64(ingested))
	buffer = binary.LittleEndian.AppendUint64(buffer, s.next)
	buffer = binary.LittleEndian.AppendUint32(buffer, uint32(len(events)))
	for _, event := range events {
		buffer = binary.LittleEndian.AppendUint64(buffer, uint64(event.Time.UnixMilli()))
		buffer = binary.LittleEndian.AppendUint32(buffer, uint32(len(event.Message)))
		buffer = append(buffer, event.Message...)
	}
	seal(buffer)
	if _, err := s.file.WriteAt(buffer, s.end); err != nil {
		return 0, fmt.Errorf("write log events: %w", err)
	}
	s.index(buffer[recordHead:], s.end+recordHead)
	s.end += int64(len(buffer))
	if cap(buffer) <= 1<<20 {
		s.buffer = buffer
	}
	return s.end, nil
}

// seal fills in the head of a record.
func seal(record []byte) {
	payload := record[recordHead:]
	binary.LittleEndian.PutUint32(record, uint32(len(payload)))
	binary.LittleEndian.PutUint32(record[4:], crc32.Checksum(payload, castagnoli))
}

// index puts the events of a payload that stands at offset in the index. It
// says whether the payload was well formed.
func (s *store) index(payload []byte, offset int64) bool {
	if len(payload) < payloadHead {
		return false
	}
	stream := binary.LittleEndian.Uint64(payload)
	ingested := int64(binary.LittleEndian.Uint64(payload[8:]))
	seq := binary.LittleEndian.Uint64(payload[16:])
	count := binary.LittleEndian.Uint32(payload[24:])
	at := s.streams[stream]
	if at == nil {
		at = &streamIndex{}
		s.streams[stream] = at
	}
	position := payloadHead
	for range count {
		if len(payload)-position < eventHead {
			return false
		}
		e := entry{
			time:     int64(binary.LittleEndian.Uint64(payload[position:])),
			ingested: ingested,
			seq:      seq,
			length:   int32(binary.LittleEndian.Uint32(payload[position+8:])),
		}
		position += eventHead
		if e.length < 0 || len(payload)-position < int(e.length) {
			return false
		}
		e.offset = offset + int64(position)
		position += int(e.length)
		seq++
		at.insert(e)
	}
	at.ingested = max(at.ingested, ingested)
	s.next = max(s.next, seq)
	return position == len(payload)
}

func (x *streamIndex) insert(e entry) {
	x.size += int64(e.length) + eventOverhead
	if n := len(x.entries); n == 0 || x.entries[n-1].before(e) {
		x.entries = append(x.entries, e)
		return
	}
	at, _ := slices.BinarySearchFunc(x.entries, e, entry.compare)
	x.entries = slices.Insert(x.entries, at, e)
}

func (e entry) compare(other entry) int {
	return cmp.Or(cmp.Compare(e.time, other.time), cmp.Compare(e.seq, other.seq))
}

func (e entry) before(other entry) bool { return e.compare(other) < 0 }

// since returns the events of a stream from a time on. The slice must not be
// kept beyond the service's lock, nor changed.
func (s *store) since(stream uint64, from int64) []entry {
	x := s.streams[stream]
	if x == nil {
		return nil
	}
	at, _ := slices.BinarySearchFunc(x.entries, entry{time: from}, entry.compare)
	return x.entries[at:]
}

// size returns a stream's bytes as AWS counts them.
func (s *store) size(stream uint64) int64 {
	if x := s.streams[stream]; x != nil {
		return x.size
	}
	return 0
}

// ingested returns when a stream last got events, in ms since 1970.
func (s *store) ingested(stream uint64) int64 {
	if x := s.streams[stream]; x != nil {
		return x.ingested
	}
	return 0
}

// forget drops a stream's events. In the file they stay until settle finds that
// no stream has them.
func (s *store) forget(stream uint64) { delete(s.streams, stream) }

// message reads the message of an event. It needs no lock: what was written
// never moves.
func message(from backing, e entry) (string, error) {
	text := make([]byte, e.length)
	if e.length == 0 {
		return "", nil
	}
	if _, err := from.ReadAt(text, e.offset); err != nil {
		return "", fmt.Errorf("read log event: %w", err)
	}
	return string(text), nil
}

// flushSoon has what was written so far synced after flushDelay.
func (s *store) flushSoon() { s.flusher.soon(s.file, s.end) }

// close syncs and closes the file. A store that is closed cannot be opened
// again.
func (s *store) close() error {
	if s.file == nil {
		return nil
	}
	err := s.flusher.stop(s.file, s.end)
	if closeErr := s.file.Close(); err == nil {
		err = closeErr
	}
	s.openErr, s.file = os.ErrClosed, nil
	return err
}

// flusher brings a file to the disk: calls that wait share one fsync.
type flusher struct {
	syncing sync.Mutex // held during an fsync
	synced  int64      // guarded by syncing

	mu    sync.Mutex // guards what is below; held for a moment only
	timer *time.Timer
	due   int64 // what the timer will flush
}

// flush waits until the file is on the disk up to end.
func (f *flusher) flush(file backing, end int64) error {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	if f.synced >= end {
		return nil
	}
	if err := file.Sync(); err != nil {
		return fmt.Errorf("flush log events: %w", err)
	}
	f.synced = end
	return nil
}

// soon has the file flushed up to end within flushDelay. What goes wrong then
// comes up at the next flush that somebody waits for, which tries again.
func (f *flusher) soon(file backing, end int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.due = end
	if f.timer != nil {
		return
	}
	f.timer = time.AfterFunc(flushDelay, func() {
		f.mu.Lock()
		end := f.due
		f.timer = nil
		f.mu.Unlock()
		_ = f.flush(file, end)
	})
}

// stop ends what soon began, and flushes.
func (f *flusher) stop(file backing, end int64) error {
	f.mu.Lock()
	if f.timer != nil {
		f.timer.Stop()
	}
	f.mu.Unlock()
	return f.flush(file, end)
}
