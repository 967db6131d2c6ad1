// Package awscli is the `aws` command: it behaves as the AWS CLI v2 does, over
// the SDK's clients of the six services that awslab links (apigateway,
// apigatewayv2, iam, lambda, logs, sts).
//
// A run goes top down through these files: run.go takes the global options and
// finds the command; argparse.go is Python's argparse, whose habits and
// sentences people know; operation.go makes a call's options from the SDK's
// input type (shape.go) and the facts about it (facts.go); argument.go,
// shorthand.go and pyjson.go read values; validate.go refuses what the AWS CLI
// refuses; call.go and paginate.go make the call; query.go, json.go, text.go and
// table.go print the answer; failure.go holds the errors and exit codes. waiter.go,
// tail.go, configure.go and help.go are the commands that are no operation.
//
// The model is AWS CLI 2.9.19, whose source was read and whose output is
// recorded in testdata. Knowingly different: output in YAML and the pager do not
// exist; --debug shows requests and answers, not the CLI's own doings; a command's
// help is shorter; the region and the credentials come from Config.AWS, and of the
// environment only AWS_DEFAULT_OUTPUT is read.
//
// It imports awsmodel and the SDK; it may not import anything else of awslab.
package awscli

import (
	"context"
	"io"
	"time"

	"awslab/runner/text"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The exit codes of the AWS CLI v2.
const (
	ExitUsage       = 252 // an option or a value is wrong
	ExitEnvironment = 253 // no region or no credentials
	ExitService     = 254 // AWS answered with an error
	ExitGeneral     = 255 // anything else
	exitInterrupted = 130 // cancelled, as by ctrl+c
)

// Config is what one run of the command sees of the world.
type Config struct {
	// AWS is where calls go: region, credentials, endpoint, HTTP client and
	// retries. --region, --endpoint-url and --no-sign-request change a copy.
	AWS aws.Config
	// Args follow the word aws.
	Args           []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// ReadFile reads for file:// and fileb://; WriteFile writes an OUTFILE. Both
	// get the name as it was typed. Their errors are shown.
	ReadFile  func(name string) ([]byte, error)
	WriteFile func(name string, data []byte) error
	// Getenv is the environment of the command; nil has none.
	Getenv func(string) string
	// Profile is the name that --profile may give; empty knows only "default".
	Profile string
	// Now is the clock of `logs tail --since`; nil is the system's.
	Now func() time.Time
	// Sleep waits between the polls of `wait` and `logs tail --follow`; nil
	// waits by the system's clock. It returns early when ctx is done.
	Sleep func(ctx context.Context, d time.Duration) error
	// Version is awslab's own, for --version.
	Version string
	// Text is what help says; nil is English.
	Text *text.AWSCLI
}

// Run carries out one command and gives its exit code. It returns soon after
// ctx is done, with 130.
func Run(ctx context.Context, cfg Config) int {
	if cfg.Text == nil {
		cfg.Text = &text.English().AWSCLI
	}
	if cfg.Getenv == nil {
		cfg.Getenv = func(string) string { return "" }
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.Stdout == nil {
		cfg.Stdout = io.Discard
	}
	if cfg.Stderr == nil {
		cfg.Stderr = io.Discard
	}
	r := &run{cfg: cfg}
	return r.finish(ctx, r.main(ctx))
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
