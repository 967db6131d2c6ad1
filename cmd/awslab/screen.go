package main

import (
	"bytes"
	"os"
	"regexp"
	"sync"
	"unicode/utf8"

	"awslab/runner/lesson/yamltree"
)

// screen is a stream that a person may look at. Foreign text is made harmless
// where it comes in (text.Harmless); this is the last door: of all control
// sequences only colours pass, whoever forgot. Tabs, line ends and carriage
// returns pass, and U+FFFD stands for the rest.
//
// It has what charmbracelet/x/term wants of a file, so that help keeps its
// colours on a terminal.
type screen struct {
	file *os.File

	mu   sync.Mutex
	rest []byte // the start of a character or of a colour, not written yet
	// covered says that the terminal program has the screen: what is written
	// meanwhile is kept for afterwards, the first of it.
	covered bool
	kept    []byte
}

// maxKept bounds what is kept while the screen is covered, in bytes.
const maxKept = 64 << 10

// cover keeps what is written from now on until uncover.
func (s *screen) cover() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.covered = true
}

// uncover writes what was kept.
func (s *screen) uncover() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.covered = false
	kept := s.kept
	s.kept = nil
	return s.write(kept)
}

func (s *screen) isCovered() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.covered
}

func (s *screen) Read(p []byte) (int, error) { return s.file.Read(p) }
func (s *screen) Close() error               { return s.file.Close() }
func (s *screen) Fd() uintptr                { return s.file.Fd() }

// Write never keeps back more than the start of one character or colour; what
// is still kept at the end was none, and is not missed.
func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.covered {
		s.kept = append(s.kept, p[:min(len(p), maxKept-len(s.kept))]...)
		return len(p), nil
	}
	if err := s.write(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *screen) write(p []byte) error {
	data := p
	if len(s.rest) > 0 {
		data = append(s.rest, p...)
	}
	out, rest := shown(data)
	s.rest = bytes.Clone(rest)
	_, err := s.file.Write(out)
	return err
}

// A colour is "Select Graphic Rendition": CSI, numbers, m.
var (
	colour     = regexp.MustCompile(`^\x1b\[[0-9;:]*m`)
	halfColour = regexp.MustCompile(`^\x1b(\[[0-9;:]{0,40})?$`)
)

// shown is what of data may be written, and the part at its end that more bytes
// could complete.
func shown(data []byte) (out, rest []byte) {
	if bytes.IndexFunc(data, func(r rune) bool { return r == utf8.RuneError || yamltree.Control(r) }) < 0 {
		return data, nil
	}
	out = make([]byte, 0, len(data))
	for len(data) > 0 {
		switch {
		case data[0] == 0x1b && colour.Match(data):
			n := len(colour.Find(data))
			out, data = append(out, data[:n]...), data[n:]
			continue
		case data[0] == 0x1b && halfColour.Match(data), !utf8.FullRune(data):
			return out, data
		}
		r, size := utf8.DecodeRune(data)
		if yamltree.Control(r) {
			r = utf8.RuneError
		}
		out, data = utf8.AppendRune(out, r), data[size:]
	}
	return out, nil
}
