package secret

import (
	"strings"
)

// Sign stands where a secret stood.
const Sign = "****"

// A secret shows in many forms: wrapped into lines, with slashes escaped as JSON
// may have them, as part of a URL, or cut off. So what is looked for is not the
// value but any run of its letters, in the same order, whatever white space and
// escaping stand between them.
const (
	// leastRun is how many letters in a row are hidden. Fewer tell nothing, and
	// may stand somewhere by chance.
	leastRun = 16
	// gramSize is how many of them find the place.
	gramSize = 8
	// heldRun is how many at the end of a piece of output make it wait for the
	// next: the beginning of a run, most likely.
	heldRun = 4
	// mostGap is how much white space a run may have between two letters, in
	// bytes.
	mostGap = 256
)

// Mask hides secrets in text. A nil mask hides nothing. It may be used from any
// goroutine.
type Mask struct {
	letters []byte             // of all secrets, a zero behind each
	grams   map[uint64][]int32 // where each gramSize letters stand
	starts  map[uint32][]int32 // where each heldRun letters stand
	hint    [1 << 10]uint64    // bits: some gram has this hash
}

// NewMask hides values of base64 or hexadecimal digits. A value that is shorter
// than a run is none that awslab makes, and is passed over.
func NewMask(values ...string) *Mask {
	m := &Mask{grams: map[uint64][]int32{}, starts: map[uint32][]int32{}}
	for _, value := range values {
		letters := symbolsOf(value)
		if len(letters) < leastRun {
			continue
		}
		first := len(m.letters)
		m.letters = append(append(m.letters, letters...), 0)
		for i := first; i < first+len(letters); i++ {
			if i+gramSize <= first+len(letters) {
				g := gram(m.letters[i:])
				m.grams[g] = append(m.grams[g], int32(i))
				h := hash(g)
				m.hint[h/64] |= 1 << (h % 64)
			}
			if i+heldRun <= first+len(letters) {
				g := start(m.letters[i:])
				m.starts[g] = append(m.starts[g], int32(i))
			}
		}
	}
	return m
}

// Text hides the secrets in a whole text.
func (m *Mask) Text(text string) string {
	if m == nil || len(m.letters) == 0 || len(text) < leastRun {
		return text
	}
	s := m.Stream()
	return s.push(text, true)
}

// Stream hides them in a text that comes in pieces.
func (m *Mask) Stream() *Stream { return &Stream{mask: m, at: -1} }

// Stream is one text that comes in pieces. What it holds back of a piece is
// bounded: the beginning of a run, and the white space in it.
type Stream struct {
	mask   *Mask
	held   string // not given out yet
	recent []byte // letters that were given out last, fewer than a run
	at     int    // within a run: where its next letter stands among the mask's; else -1
}

// Write takes a piece and gives what can be shown of the text by now.
func (s *Stream) Write(piece string) string { return s.push(piece, false) }

// Close gives what is left.
func (s *Stream) Close() string { return s.push("", true) }

func (s *Stream) push(piece string, final bool) string {
	if s.mask == nil || len(s.mask.letters) == 0 {
		return piece
	}
	v := newView(s.held+piece, s.recent, final)
	var out strings.Builder
	i := v.base
	if s.at >= 0 { // a run goes on
		for i < len(v.letters) && v.letters[i] == s.mask.letters[s.at] {
			i, s.at = i+1, s.at+1
		}
		if i == len(v.letters) && !final && s.mask.letters[s.at] != 0 {
			s.held = v.text[v.end(i-1):]
			return ""
		}
		s.at = -1
	}
	shown := v.end(i - 1) // what of v.text is decided
	first := 0            // letters before it are behind a sign
	if i > v.base {
		first = i
	}
	stop := -1 // the letter from which on it is undecided
	for j := max(i-gramSize+1, first); j+gramSize <= len(v.letters); {
		from, to, at := s.mask.run(v.letters, first, j)
		switch {
		case to == 0:
			j++
			continue
		case to-from < leastRun && to == len(v.letters) && !final:
			stop = from
		case to-from < leastRun:
			j++
			continue
		default:
			out.WriteString(v.text[shown:v.begin(from)])
			out.WriteString(Sign)
			shown, first, j = v.end(to-1), to, to
			if to == len(v.letters) && !final && s.mask.letters[at] != 0 {
				s.at = at
			}
			continue
		}
		break
	}
	if stop < 0 && !final && s.at < 0 {
		stop = s.mask.beginning(v.letters, first)
	}
	rest := len(v.text)
	switch {
	case final:
	case s.at >= 0:
		rest = shown
	case stop >= 0:
		rest = max(v.begin(stop), shown)
	default:
		rest = max(v.open, shown)
	}
	out.WriteString(v.text[shown:rest])
	s.held = v.text[rest:]
	s.recent = v.before(rest, first)
	return out.String()
}

// run is the run of a secret's letters around letters[j:j+gramSize], not before
// first, and where its next letter stands; to is 0 if there is none.
func (m *Mask) run(letters []byte, first, j int) (from, to, at int) {
	g := gram(letters[j:])
	if h := hash(g); m.hint[h/64]&(1<<(h%64)) == 0 {
		return 0, 0, 0
	}
	for _, place := range m.grams[g] {
		left, right := 0, gramSize
		for j-left > first && int(place)-left > 0 && letters[j-left-1] == m.letters[int(place)-left-1] {
			left++
		}
		for j+right < len(letters) && letters[j+right] == m.letters[int(place)+right] {
			right++
		}
		if left+right > to-from {
			from, to, at = j-left, j+right, int(place)+right
		}
	}
	return from, to, at
}

// beginning is the letter with which a run may begin that goes on behind the last
// one; -1 if none does.
func (m *Mask) beginning(letters []byte, first int) int {
	last := len(letters) - heldRun
	if last < first {
		return -1
	}
	from := -1
	for _, place := range m.starts[start(letters[last:])] {
		left := 0
		for last-left > first && int(place)-left > 0 && letters[last-left-1] == m.letters[int(place)-left-1] {
			left++
		}
		if from < 0 || last-left < from {
			from = last - left
		}
	}
	return from
}

func gram(b []byte) uint64 {
	_ = b[gramSize-1]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func start(b []byte) uint32 {
	_ = b[heldRun-1]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

func hash(g uint64) uint64 { return g * 0x9e3779b97f4a7c15 >> 48 }
