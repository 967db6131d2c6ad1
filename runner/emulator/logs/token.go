package logs

import (
	"fmt"
	"math/big"
	"strings"
)

// place is a point in a stream's events, or an event of it. AWS writes it as a
// number of 56 digits whose upper bits are the time in milliseconds: seen in the
// API reference's examples of eventId and of GetLogEvents' tokens. Here the bits
// below are the stream and the event's number.
type place struct {
	time   int64
	stream uint64
	seq    uint64
}

const (
	placeTimeShift   = 144
	placeStreamShift = 80
)

func (e entry) place(stream uint64) place { return place{time: e.time, stream: stream, seq: e.seq} }

func (p place) String() string {
	n := big.NewInt(p.time)
	n.Lsh(n, placeTimeShift)
	low := new(big.Int).SetUint64(p.stream)
	low.Lsh(low, placeStreamShift)
	n.Add(n, low)
	n.Add(n, new(big.Int).SetUint64(p.seq))
	return fmt.Sprintf("%056s", n.String())
}

func parsePlace(digits string) (place, bool) {
	if len(digits) != 56 || strings.Trim(digits, "0123456789") != "" {
		return place{}, false
	}
	n, ok := new(big.Int).SetString(digits, 10)
	if !ok {
		return place{}, false
	}
	low := func(shift uint) uint64 {
		part := new(big.Int).Rsh(n, shift)
		return part.And(part, new(big.Int).SetUint64(^uint64(0))).Uint64()
	}
	time := new(big.Int).Rsh(n, placeTimeShift)
	if !time.IsInt64() {
		return place{}, false
	}
	return place{time: time.Int64(), stream: low(placeStreamShift), seq: low(0)}, true
}

// token is a page token of GetLogEvents: forward, the events behind the place
// come next; backward, those before it.
type token struct {
	backward bool
	place    place
}

// String writes a token as AWS does: f/56 digits/s, or b/….
func (t token) String() string {
	direction := "f"
	if t.backward {
		direction = "b"
	}
	return direction + "/" + t.place.String() + "/s"
}

func parseToken(text string) (token, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 || parts[0] != "f" && parts[0] != "b" || parts[2] != "s" {
		return token{}, badToken()
	}
	p, ok := parsePlace(parts[1])
	if !ok {
		return token{}, badToken()
	}
	return token{backward: parts[0] == "b", place: p}, nil
}
