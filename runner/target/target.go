// Package target says where a lesson runs: on the emulator of a home, on AWS,
// or on another endpoint that speaks AWS's API, and what awslab may do there.
//
// It knows an emulator only as an http.Handler that cmd makes; it imports
// runner/journal for the ledger. Start at [Open]. Home is the file lock, the
// stable port and the taking over; Guard is the rule that what awslab did not
// create is never changed.
package target

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"awslab/runner/text"
)

// The emulator's account and the region of the course.
const (
	EmulatorAccount = "123456789012"
	DefaultRegion   = "ap-northeast-2"
)

// Config says which target.
type Config struct {
	// Target is "emulator" (or empty), "aws", or the URL of another endpoint.
	Target  string
	Region  string
	Profile string
	Home    HomeConfig
	Now     func() time.Time
	// NewID gives the ids of the ledger's entries.
	NewID func() string
}

// Target is an open target. Its methods may be called from many goroutines.
type Target struct {
	Emulator bool
	Endpoint string // base URL; empty for AWS itself
	Account  string
	Region   string
	Identity string // ARN of the caller

	aws    aws.Config
	home   *Home
	ledger *Ledger
	guard  *guard
}

// Open makes the target ready: it serves or finds the emulator, or asks AWS who
// the caller is. It changes nothing in an account.
func Open(ctx context.Context, cfg Config) (*Target, error) {
	switch cfg.Target {
	case "", "emulator":
		return openEmulator(ctx, cfg)
	case "aws":
		return openAWS(ctx, cfg, "")
	}
	u, err := url.Parse(cfg.Target)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.BadTarget }, Args: text.Args{"target": cfg.Target}, Class: text.Usage}
	}
	return openAWS(ctx, cfg, strings.TrimSuffix(cfg.Target, "/"))
}

func openEmulator(ctx context.Context, cfg Config) (*Target, error) {
	home, err := OpenHome(ctx, cfg.Home)
	if err != nil {
		return nil, err
	}
	region := cfg.Region
	if region == "" {
		region = DefaultRegion
	}
	creds := home.Credentials()
	return &Target{
		Emulator: true,
		Endpoint: home.URL(),
		Account:  EmulatorAccount,
		Region:   region,
		Identity: "arn:aws:iam::" + EmulatorAccount + ":user/student",
		aws: aws.Config{
			Region:       region,
			Credentials:  credentials.NewStaticCredentialsProvider(creds.AccessKeyID, creds.SecretAccessKey, ""),
			BaseEndpoint: aws.String(home.URL()),
		},
		home: home,
	}, nil
}

func openAWS(ctx context.Context, cfg Config, endpoint string) (*Target, error) {
	// The SDK's own remarks are no sentences for students.
	options := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})}
	if cfg.Region != "" {
		options = append(options, config.WithRegion(cfg.Region))
	}
	if cfg.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(cfg.Profile))
	}
	loaded, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoCredentials }, Err: err}
	}
	if endpoint != "" {
		loaded.BaseEndpoint = aws.String(endpoint)
		if loaded.Region == "" {
			loaded.Region = DefaultRegion
		}
	}
	if loaded.Region == "" {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoRegion }}
	}
	if _, err := loaded.Credentials.Retrieve(ctx); err != nil {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoCredentials }, Err: err}
	}
	who, err := sts.NewFromConfig(loaded).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, callerProblem(endpoint, err)
	}
	t := &Target{
		Endpoint: endpoint,
		Account:  aws.ToString(who.Account),
		Region:   loaded.Region,
		Identity: aws.ToString(who.Arn),
		aws:      loaded,
	}
	t.ledger, err = openLedger(filepath.Join(cfg.Home.Dir, "ledger", t.Key()), cfg.Now, cfg.NewID)
	if err != nil {
		return nil, err
	}
	t.guard = &guard{ledger: t.ledger, aws: loaded.Copy()}
	t.aws.APIOptions = append(t.aws.APIOptions, t.guard.install)
	return t, nil
}

func callerProblem(endpoint string, err error) error {
	var api smithy.APIError
	if errors.As(err, &api) || endpoint == "" {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoCredentials }, Err: err}
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.Unreachable }, Args: text.Args{"url": endpoint}, Err: err}
}

// AWS is the configuration with which every call of a lesson is made. On
// another target than the emulator each change passes the guard.
func (t *Target) AWS() aws.Config { return t.aws.Copy() }

// Key names the target where files of several targets lie side by side:
// "emulator", or account, region and host.
func (t *Target) Key() string {
	if t.Emulator {
		return "emulator"
	}
	key := t.Account + "-" + t.Region
	if u, err := url.Parse(t.Endpoint); err == nil && u.Host != "" {
		key += "-" + strings.NewReplacer(":", "-", "[", "", "]", "").Replace(u.Host)
	}
	return key
}

// Home is the emulator's home; nil on other targets.
func (t *Target) Home() *Home { return t.home }

// Ledger is the record of what awslab created; nil on the emulator.
func (t *Target) Ledger() *Ledger { return t.ledger }

// Close ends what Open began.
func (t *Target) Close() error {
	var errs []error
	if t.home != nil {
		errs = append(errs, t.home.Close())
	}
	if t.ledger != nil {
		errs = append(errs, t.ledger.Close())
	}
	return errors.Join(errs...)
}
