package command

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func sleep(ctx context.Context, c *Call) int {
	if len(c.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	var total time.Duration
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
	for _, arg := range c.Args {
		number, unit := arg, time.Second
		if arg != "" {
			if u, ok := units[arg[len(arg)-1]]; ok {
				number, unit = arg[:len(arg)-1], u
			}
		}
		n, err := strconv.ParseFloat(number, 64)
		if err != nil || n < 0 || n > 1e6 {
			return c.Fail(1, "invalid time interval '%s'", arg)
		}
		total += time.Duration(n * float64(unit))
	}
	timer := time.NewTimer(total)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return 130
	case <-timer.C:
		return 0
	}
}

func date(_ context.Context, c *Call) int {
	opts, rest, err := parse(dateArgs(c.Args), "ud:I:R", map[string]byte{"rfc-email": 'R', "utc": 'u', "universal": 'u', "date": 'd', "iso-8601": 'I'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	now, layout := c.Now(), "%a %b %e %H:%M:%S %Z %Y"
	utc := false
	for _, o := range opts {
		if o.flag == 'u' {
			utc = true
		}
	}
	if utc {
		now = now.UTC()
	}
	for _, o := range opts {
		switch o.flag {
		case 'd':
			var ok bool
			if now, ok = when(now, o.value); !ok {
				return c.Fail(1, "invalid date '%s'", o.value)
			}
		case 'R':
			layout = "%a, %d %b %Y %T %z"
		case 'I':
			layout = map[string]string{"date": "%F", "hours": "%FT%H%:z", "minutes": "%FT%H:%M%:z", "seconds": "%FT%T%:z"}[o.value]
			if layout == "" {
				return c.Fail(1, "invalid argument '%s' for '--iso-8601'", o.value)
			}
		}
	}
	if utc {
		now = now.UTC()
	}
	if len(rest) > 0 {
		format, ok := strings.CutPrefix(rest[0], "+")
		if !ok || len(rest) > 1 {
			return c.Fail(1, "invalid date '%s'", rest[len(rest)-1])
		}
		layout = format
	}
	_, err = fmt.Fprintln(c.Stdout, strftime(now, layout))
	return ended(err, 0)
}

// dateArgs gives -I its default, which getopt would look for elsewhere.
func dateArgs(args []string) []string {
	out := make([]string, 0, len(args))
	for _, a := range args {
		switch {
		case a == "-I" || a == "--iso-8601":
			a = "-Idate"
		case strings.HasPrefix(a, "-Iseconds"), a == "-Is":
			a = "-Iseconds"
		}
		out = append(out, a)
	}
	return out
}

// dateLayouts are the dates that -d reads, in Go's terms.
var dateLayouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "20060102",
	"15:04:05", "15:04", time.RFC1123, time.RFC1123Z, "2 Jan 2006", "2 Jan 2006 15:04:05", "Jan 2 2006", "Jan 2, 2006", "2 January 2006",
	"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006",
}

var relative = regexp.MustCompile(`^\s*([+-]?)\s*(\d+)\s*(second|sec|minute|min|hour|day|week|month|year)s?(\s+ago)?\s*`)

// when reads the dates that -d takes.
func when(now time.Time, text string) (time.Time, bool) {
	text = strings.TrimSpace(text)
	if seconds, ok := strings.CutPrefix(text, "@"); ok {
		n, err := strconv.ParseFloat(seconds, 64)
		return time.UnixMilli(int64(n * 1000)).In(now.Location()), err == nil
	}
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	for word, t := range map[string]time.Time{"now": now, "today": now, "yesterday": now.AddDate(0, 0, -1), "tomorrow": now.AddDate(0, 0, 1), "midnight": midnight} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			now, text = t, rest
			break
		}
	}
	// A date first, then what is relative to it.
	words := strings.Fields(text)
dates:
	for n := min(len(words), 6); n > 0; n-- {
		for _, layout := range dateLayouts {
			t, err := time.ParseInLocation(layout, strings.Join(words[:n], " "), now.Location())
			if err != nil {
				continue
			}
			if strings.HasPrefix(layout, "15") {
				t = midnight.Add(t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, now.Location())))
			}
			now, text = t.In(now.Location()), strings.Join(words[n:], " ")
			break dates
		}
	}
	for strings.TrimSpace(text) != "" {
		m := relative.FindStringSubmatch(text)
		if m == nil {
			return now, false
		}
		n, err := strconv.Atoi(m[2])
		if err != nil || n > 1e9 {
			return now, false
		}
		if (m[1] == "-") != (m[4] != "") {
			n = -n
		}
		switch m[3] {
		case "second", "sec":
			now = now.Add(time.Duration(n) * time.Second)
		case "minute", "min":
			now = now.Add(time.Duration(n) * time.Minute)
		case "hour":
			now = now.Add(time.Duration(n) * time.Hour)
		case "day":
			now = now.AddDate(0, 0, n)
		case "week":
			now = now.AddDate(0, 0, 7*n)
		case "month":
			now = now.AddDate(0, n, 0)
		case "year":
			now = now.AddDate(n, 0, 0)
		}
		text = text[len(m[0]):]
	}
	return now, true
}

// layouts are strftime's letters in Go's terms.
var layouts = map[byte]string{
	'Y': "2006", 'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'H': "15", 'I': "03", 'M': "04", 'S': "05", 'p': "PM",
	'F': "2006-01-02", 'T': "15:04:05", 'R': "15:04", 'D': "01/02/06", 'Z': "MST", 'z': "-0700", 'a': "Mon", 'A': "Monday",
	'b': "Jan", 'h': "Jan", 'B': "January", 'j': "002",
	'r': "03:04:05 PM", 'c': "Mon Jan _2 15:04:05 2006", 'x': "01/02/06", 'X': "15:04:05",
}

func strftime(t time.Time, format string) string {
	var out strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' || i+1 == len(format) {
			out.WriteByte(format[i])
			continue
		}
		i++
		// A flag changes how the next one is filled up: not, with spaces, zeros.
		if flag := format[i]; strings.IndexByte("-_0^", flag) >= 0 && i+1 < len(format) {
			i++
			text := strftime(t, "%"+format[i:i+1])
			switch trimmed := strings.TrimLeft(text, " 0"); flag {
			case '-':
				if text = trimmed; text == "" {
					text = "0"
				}
			case '_':
				text = strings.Repeat(" ", len(text)-len(trimmed)) + trimmed
			case '0':
				text = strings.ReplaceAll(text, " ", "0")
			case '^':
				text = strings.ToUpper(text)
			}
			out.WriteString(text)
			continue
		}
		isoYear, isoWeek := t.ISOWeek()
		switch ch := format[i]; {
		case ch == 'k':
			fmt.Fprintf(&out, "%2d", t.Hour())
		case ch == 'l':
			fmt.Fprintf(&out, "%2d", (t.Hour()+11)%12+1)
		case ch == 'w':
			fmt.Fprint(&out, int(t.Weekday()))
		case ch == 'u':
			fmt.Fprint(&out, (int(t.Weekday())+6)%7+1)
		case ch == 'U':
			fmt.Fprintf(&out, "%02d", (t.YearDay()+6-int(t.Weekday()))/7)
		case ch == 'C':
			fmt.Fprintf(&out, "%02d", t.Year()/100)
		case ch == 'G':
			fmt.Fprint(&out, isoYear)
		case ch == 'V':
			fmt.Fprintf(&out, "%02d", isoWeek)
		case ch == 's':
			out.WriteString(strconv.FormatInt(t.Unix(), 10))
		case ch == 'N':
			fmt.Fprintf(&out, "%09d", t.Nanosecond())
		case ch >= '1' && ch <= '9' && i+1 < len(format) && format[i+1] == 'N':
			i++
			out.WriteString(fmt.Sprintf("%09d", t.Nanosecond())[:ch-'0'])
		case ch == ':' && i+1 < len(format) && format[i+1] == 'z':
			i++
			out.WriteString(t.Format("-07:00"))
		case ch == 'n':
			out.WriteByte('\n')
		case ch == 't':
			out.WriteByte('\t')
		case ch == '%':
			out.WriteByte('%')
		case layouts[ch] != "":
			out.WriteString(t.Format(layouts[ch]))
		default:
			out.WriteByte('%')
			out.WriteByte(ch)
		}
	}
	return out.String()
}
