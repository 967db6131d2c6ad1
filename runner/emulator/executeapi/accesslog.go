package executeapi

import (
	"context"
	"strings"
)

// piece is a part of an access log's format: text, or a $context variable.
type piece struct{ text, variable string }

// parseFormat takes a format apart. $context.name ends where the name does;
// anything else is text.
func parseFormat(format string) []piece {
	var pieces []piece
	for {
		before, after, found := strings.Cut(format, "$context.")
		if before != "" {
			pieces = append(pieces, piece{text: before})
		}
		if !found {
			return pieces
		}
		n := nameLength(after)
		if n == 0 {
			pieces = append(pieces, piece{text: "$context."})
		} else {
			pieces = append(pieces, piece{variable: after[:n]})
		}
		format = after[n:]
	}
}

// nameLength is how much of a text is a variable's name: letters, digits, _ and
// -, in parts between dots. A dot at the end is text.
func nameLength(s string) int {
	end := 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-':
			end = i + 1
		case c == '.' && end == i && i > 0:
		default:
			return end
		}
	}
	return end
}

// render fills a format in. A variable without a value is "-".
func render(format []piece, variable func(name string) (string, bool)) string {
	var b strings.Builder
	for _, p := range format {
		if p.variable == "" {
			b.WriteString(p.text)
			continue
		}
		if value, ok := variable(p.variable); ok {
			b.WriteString(value)
		} else {
			b.WriteByte('-')
		}
	}
	return b.String()
}

// log writes the stage's access log, if it has one. Requests that reach no stage
// are not logged (guide, "Routing API requests"), nor are those that match no
// route (stackd, http_logs.json, "full-unmatched").
func (x *httpExchange) log() {
	if x.h.cfg.AccessLogs == nil || x.route == nil || x.stage.logFormat == nil {
		return
	}
	x.h.cfg.AccessLogs.Write(context.WithoutCancel(x.r.Context()), x.stage.logGroup, x.at.api, x.stageName, x.received, render(x.stage.logFormat, x.variable))
}
