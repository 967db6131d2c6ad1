package awscli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"awslab/runner/awsmodel"
)

// followEvery is how often `logs tail --follow` asks, as in the AWS CLI.
const followEvery = 5 * time.Second

// tailOptions are those of "aws logs tail".
func tailOptions() []*option {
	return []*option{
		{name: "group_name", positional: true, required: true},
		{name: "--since"},
		{name: "--follow", arity: noValue},
		{name: "--format", choices: []string{"detailed", "short", "json"}},
		{name: "--filter-pattern"},
		{name: "--log-stream-names", arity: many},
		{name: "--log-stream-name-prefix"},
	}
}

// tail carries out "aws logs tail GROUP …".
func (r *run) tail(ctx context.Context, args []string) error {
	if len(args) == 1 && args[0] == "help" {
		return r.helpTail()
	}
	parsed, err := (&parser{tailOptions()}).parse(args)
	if err != nil {
		return err
	}
	if len(parsed.extras) > 0 {
		return badParameter("Unknown options: %s", strings.Join(parsed.extras, ","))
	}
	params, err := r.tailParameters(parsed)
	if err != nil {
		return err
	}
	service, _ := awsmodel.ServiceByName("logs")
	f, err := library.load(service.Name)
	if err != nil {
		return err
	}
	operation, _ := service.Operation("FilterLogEvents")
	c := newCommand(operation, f)
	if err := r.prepare(ctx, c, params); err != nil {
		return err
	}
	format, _ := parsed.text("format")
	out := tailWriter{w: r.cfg.Stdout, format: format, color: r.globals.color}
	follow, _ := parsed.values["follow"].(bool)
	return r.follow(ctx, c, params, follow, out)
}

func (r *run) tailParameters(parsed parsed) (*awsmodel.Object, error) {
	params := &awsmodel.Object{}
	group, _ := parsed.text("group_name")
	params.Set("logGroupName", group)
	params.Set("interleaved", true)
	since, ok := parsed.text("since")
	if !ok {
		since = "10m"
	}
	start, err := r.since(since)
	if err != nil {
		return nil, err
	}
	params.Set("startTime", json.Number(strconv.FormatInt(start, 10)))
	for option, member := range map[string]string{"filter-pattern": "filterPattern", "log-stream-name-prefix": "logStreamNamePrefix"} {
		if text, ok := parsed.text(option); ok {
			params.Set(member, text)
		}
	}
	if names, ok := parsed.values["log-stream-names"].([]string); ok {
		list := make([]any, len(names))
		for i, n := range names {
			list[i] = n
		}
		params.Set("logStreamNames", list)
	}
	return params, nil
}

var relativeTime = regexp.MustCompile(`^(\d{1,9})([smhdw])$`)

// since gives milliseconds since 1970 for 10m, 2h, or a date.
func (r *run) since(text string) (int64, error) {
	if m := relativeTime.FindStringSubmatch(text); m != nil {
		amount, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return 0, err
		}
		unit := map[string]int64{"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}[m[2]]
		return r.cfg.Now().UnixMilli() - amount*unit*1000, nil
	}
	t, ok := parseTimestamp(text)
	if !ok {
		return 0, generalError("Invalid timestamp \"%s\": Unknown string format: %s", text, text)
	}
	return t.UnixMilli(), nil
}

// follow prints events page after page; when following, it asks again from
// the newest on and passes over what it has shown.
func (r *run) follow(ctx context.Context, c *command, params *awsmodel.Object, forever bool, out tailWriter) error {
	newest, shown := int64(-1), map[string]bool{}
	for {
		answer, err := r.call(ctx, c, params)
		if err != nil {
			return err
		}
		events, _ := valueOf(answer, "events").([]any)
		for _, e := range events {
			event, ok := e.(*awsmodel.Object)
			if !ok {
				continue
			}
			id, _ := valueOf(event, "eventId").(string)
			at := millis(event)
			if forever && shown[id] && id != "" {
				continue
			}
			if at > newest {
				newest, shown = at, map[string]bool{}
			}
			if at == newest {
				shown[id] = true
			}
			if err := out.write(event); err != nil {
				return err
			}
		}
		if token, ok := valueOf(answer, "nextToken").(string); ok && token != "" {
			params.Set("nextToken", token)
			continue
		}
		if !forever {
			return nil
		}
		params.Delete("nextToken")
		if newest >= 0 {
			params.Set("startTime", json.Number(strconv.FormatInt(newest, 10)))
		}
		if err := r.cfg.Sleep(ctx, followEvery); err != nil {
			return err
		}
	}
}

func millis(event *awsmodel.Object) int64 {
	n, _ := valueOf(event, "timestamp").(json.Number)
	ms, _ := n.Int64() // an event without a time stands at 1970
	return ms
}

// tailWriter prints events as --format says.
type tailWriter struct {
	w      io.Writer
	format string
	color  bool
}

func (t tailWriter) write(event *awsmodel.Object) error {
	message, _ := valueOf(event, "message").(string)
	stream, _ := valueOf(event, "logStreamName").(string)
	at := time.UnixMilli(millis(event)).UTC()
	line := ""
	switch t.format {
	case "short":
		line = t.paint("\x1b[32m", at.Format("2006-01-02T15:04:05")) + " " + message
	case "json":
		layout := "2006-01-02T15:04:05.000000+00:00"
		if at.Nanosecond() == 0 {
			layout = "2006-01-02T15:04:05+00:00"
		}
		if v, err := decodeJSON(message); err == nil {
			var b strings.Builder
			b.WriteByte('\n')
			appendJSON(&b, v, "\n", "    ", true)
			message = b.String()
		}
		line = t.paint("\x1b[32m", at.Format(layout)) + " " + t.paint("\x1b[36m", stream) + " " + message
	default:
		line = t.paint("\x1b[32m", at.Format("2006-01-02T15:04:05.000000+00:00")) + " " + t.paint("\x1b[36m", stream) + " " + message
	}
	_, err := fmt.Fprintln(t.w, strings.TrimRightFunc(line, unicode.IsSpace))
	return err
}

func (t tailWriter) paint(color, text string) string {
	if !t.color {
		return text
	}
	return color + text + "\x1b[0m"
}
