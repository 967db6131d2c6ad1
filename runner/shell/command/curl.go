package command

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"
)

// curl's exit codes.
const (
	curlWeirdReply  = 1
	curlUsageError  = 2
	curlBadURL      = 3
	curlNoHost      = 6
	curlNoConnect   = 7
	curlPartial     = 18
	curlHTTPError   = 22
	curlWriteError  = 23
	curlReadError   = 26
	curlTimeout     = 28
	curlTLS         = 35
	curlRedirects   = 47
	curlEmptyReply  = 52
	curlRecvFailure = 56
	curlCertificate = 60
	curlBadEncoding = 61
)

const curlOneMethod = `Warning: You can only select one HTTP request method! You asked for both POST 
Warning: (-d, --data) and HEAD (-I, --head).`

func curl(cfg Config) Command {
	return func(ctx context.Context, c *Call) int {
		o, err := curlParse(c)
		if err != nil {
			code := curlUsageError
			if errors.As(err, new(curlFileError)) {
				code = curlReadError
			}
			return c.curlFail(o, code, err.Error())
		}
		if o.head && o.hasData && !o.get {
			if !o.silent {
				_, _ = fmt.Fprintln(c.Stderr, curlOneMethod) // nobody is left to tell
			}
			return curlUsageError
		}
		if len(o.urls) == 0 {
			return c.curlFail(o, curlUsageError, "no URL specified!")
		}
		client, wire := newCurlClient(cfg, o)
		defer client.CloseIdleConnections()
		// Small answers leave in one piece, as curl's do: "curl -i … | head -n 1"
		// must not depend on who is faster.
		out := bufio.NewWriter(c.Stdout)
		buffered := *c
		buffered.Stdout = out
		var dump bytes.Buffer
		status := 0
		for i, raw := range o.urls {
			status = curlTries(ctx, curlTransfer{ // the last one's counts, as in curl
				c: &buffered, cfg: cfg, client: client, wire: wire, raw: raw, index: i, dump: &dump,
			}, o)
			if status == SIGPIPE || status == 130 {
				return status
			}
		}
		if o.dumpHeader != "" && o.dumpHeader != "-" {
			if err := writeTo(c, o.dumpHeader, dump.Bytes()); err != nil {
				status = c.curlFail(o, curlWriteError, err.Error())
			}
		}
		if err := out.Flush(); err != nil && status == 0 {
			return ended(err, curlWriteError)
		}
		return status
	}
}

// curlFail complains as curl does, unless -s says not to.
func (c *Call) curlFail(o *curlOptions, code int, message string) int {
	if !o.silent || o.showError {
		prefix := fmt.Sprintf("(%d) ", code)
		if code == curlUsageError || code == curlReadError {
			prefix = ""
		}
		_, _ = fmt.Fprintf(c.Stderr, "curl: %s%s\n", prefix, message) // nobody is left to tell
	}
	return code
}

// curlTries makes a transfer, and makes it again as --retry says.
func curlTries(ctx context.Context, t curlTransfer, o *curlOptions) int {
	started, wait := time.Now(), time.Second // curl's first wait; it doubles, up to 10 minutes
	for left := o.retries; ; left-- {
		try, opts := t, *o // a redirect changes the options of its transfer
		try.o = &opts
		try.run(ctx)
		why, asked := try.transient()
		pause := wait
		switch {
		case asked > 0:
			pause = asked
		case o.retryDelay > 0:
			pause = o.retryDelay
		}
		last := why == "" || left <= 0 || o.retryMaxTime > 0 && time.Since(started)+pause > o.retryMaxTime
		if code := try.report(o, last); last {
			return code
		}
		if !o.silent {
			ies := "ies"
			if left == 1 {
				ies = "y"
			}
			_, _ = fmt.Fprintf(t.c.Stderr, "Warning: Problem : %s. Will retry in %d seconds. %d retr%s left.\n", why, int(pause.Seconds()), left, ies) // nobody is left to tell
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return 130
		case <-timer.C:
		}
		wait = min(2*wait, 10*time.Minute)
	}
}
