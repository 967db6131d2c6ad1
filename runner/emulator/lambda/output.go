package lambda

import (
	"bytes"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Bounds of what a function may print: what is beyond is dropped, and a line in
// the log says so. AWS has no such bound but the price.
const (
	maxPrinted = 1 << 20   // bytes of one invocation
	maxEvent   = 256 << 10 // bytes of one log event (CloudWatch Logs quotas)
	tailLength = 4 << 10   // bytes of LogResult (API Reference, Invoke)
)

// output reads what an instance prints and makes log events of it: one a line,
// or one a frame (see bootstrap.py). It is read as it comes, into the events of
// the invocation under way.
type output struct {
	pipe  *os.File
	clock func() time.Time

	mu      sync.Mutex
	partial []byte
	frame   bool // partial is inside a frame
	events  []LogEvent
	printed int
	cut     bool // something was dropped
}

// take gives the events that are complete and forgets them, and what is printed
// without a newline too: the invocation is over.
func (o *output) take() []LogEvent {
	o.drain()
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.partial) > 0 && !o.frame {
		o.add(o.partial)
		o.partial = nil
	}
	events := o.events
	o.events, o.printed, o.cut = nil, 0, false
	return events
}

// feed takes printed bytes. The caller holds mu.
func (o *output) feed(data []byte) {
	if o.printed += len(data); o.printed > maxPrinted {
		if !o.cut {
			o.cut = true
			o.partial, o.frame = nil, false
			o.add([]byte("[awslab] this invocation printed more than 1 MiB; what follows is not logged\n"))
		}
		return
	}
	o.partial = append(o.partial, data...)
	for {
		frame := len(o.partial) > 0 && o.partial[0] == 0
		var end int // behind the event; -1 while it is not complete
		if frame {
			end = bytes.Index(o.partial[1:], []byte("\x00\n"))
			if end >= 0 {
				end += 3
			}
		} else {
			end = bytes.IndexByte(o.partial, '\n') + 1
			if end == 0 {
				end = -1
			}
		}
		o.frame = frame && end < 0
		if end < 0 {
			if len(o.partial) > maxEvent {
				o.add(o.partial)
				o.partial, o.frame = nil, false
			}
			return
		}
		line := o.partial[:end]
		if frame {
			line = line[1 : len(line)-2]
		}
		o.add(line)
		o.partial = append([]byte(nil), o.partial[end:]...)
	}
}

// add makes one event. The caller holds mu.
func (o *output) add(line []byte) {
	if len(line) > maxEvent {
		line = line[:maxEvent]
	}
	text := strings.ToValidUTF8(string(line), string(utf8.RuneError))
	if strings.TrimRight(text, "\n") == "" {
		return // CloudWatch Logs has no empty events
	}
	o.events = append(o.events, LogEvent{Time: o.clock(), Message: text})
}

// tail is the end of a log, at most 4 KB of it, cut at a rune.
func tail(events []LogEvent) string {
	var b strings.Builder
	for _, event := range events {
		b.WriteString(event.Message)
		if !strings.HasSuffix(event.Message, "\n") {
			b.WriteByte('\n')
		}
	}
	text := b.String()
	if len(text) > tailLength {
		text = text[len(text)-tailLength:]
		for len(text) > 0 && !utf8.RuneStart(text[0]) {
			text = text[1:]
		}
	}
	return text
}
