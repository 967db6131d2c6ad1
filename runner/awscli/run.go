package awscli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"awslab/runner/awsmodel"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/logging"

	"awslab/runner/text"
)

// run is one run of the command.
type run struct {
	cfg     Config
	globals globals
}

// globals are the options that every command takes.
type globals struct {
	output   string // json, text or table
	query    *query
	paginate bool
	color    bool
	rawBlobs bool // --cli-binary-format raw-in-base64-out
	// readTimeout is how long one call may take; 0 is without end.
	readTimeout time.Duration
}

// outputs are the formats in the order of the AWS CLI.
var outputs = []string{"json", "text", "table", "yaml", "yaml-stream"}

// globalOptions stand in the order in which the AWS CLI lists them.
func globalOptions() []*option {
	return []*option{
		{name: "--debug", arity: noValue},
		{name: "--endpoint-url"},
		{name: "--no-verify-ssl", arity: noValue},
		{name: "--no-paginate", arity: noValue},
		{name: "--output", choices: outputs},
		{name: "--query"},
		{name: "--profile"},
		{name: "--region"},
		{name: "--version", arity: noValue, version: true},
		{name: "--color", choices: []string{"on", "off", "auto"}},
		{name: "--no-sign-request", arity: noValue},
		{name: "--ca-bundle"},
		{name: "--cli-read-timeout"},
		{name: "--cli-connect-timeout"},
		{name: "--cli-binary-format", choices: []string{"base64", "raw-in-base64-out"}},
		{name: "--no-cli-pager", arity: noValue},
		{name: "--cli-auto-prompt", arity: noValue},
		{name: "--no-cli-auto-prompt", arity: noValue},
	}
}

func (r *run) main(ctx context.Context) error {
	commands := commandNames()
	p := &parser{append(globalOptions(), &option{name: "command", positional: true, required: true, choices: commands})}
	parsed, err := p.parse(r.cfg.Args)
	if errors.Is(err, errVersion) {
		return r.printVersion()
	}
	if wrong, ok := errors.AsType[*choiceError](err); ok && slices.Contains(strings.Fields(elsewhere), wrong.value) {
		return badParameter("%s", text.Args{"command": wrong.value, "commands": strings.Join(commands[:len(commands)-1], ", ")}.Fill(r.cfg.Text.NoCommand))
	}
	if err != nil {
		return err
	}
	if err := r.setGlobals(parsed); err != nil {
		return err
	}
	switch command, _ := parsed.text("command"); command {
	case "help":
		return r.helpTop(commands)
	case "configure":
		return r.configure(ctx, parsed.extras)
	default:
		service, _ := awsmodel.ServiceByName(command)
		return r.service(ctx, service, parsed.extras)
	}
}

// commandNames are the words that may follow aws.
func commandNames() []string {
	names := []string{"configure", "help"}
	for _, s := range awsmodel.Services() {
		names = append(names, s.Name)
	}
	slices.Sort(names)
	return names
}

func (r *run) printVersion() error {
	version := r.cfg.Version
	if version == "" {
		version = "devel"
	}
	_, err := fmt.Fprintf(r.cfg.Stdout, "aws-cli/2 (awslab/%s, after 2.9.19) %s/%s\n", version, runtime.GOOS, runtime.GOARCH)
	return err
}

func (r *run) setGlobals(p parsed) error {
	g := &r.globals
	set := func(key string) bool { on, _ := p.values[key].(bool); return on }
	if set("debug") {
		r.cfg.AWS.ClientLogMode |= aws.LogRequestWithBody | aws.LogResponseWithBody | aws.LogRetries
		r.cfg.AWS.Logger = logging.NewStandardLogger(r.cfg.Stderr)
	}
	for _, name := range []string{"cli-read-timeout", "cli-connect-timeout"} {
		if err := g.setTimeout(p, name); err != nil {
			return err
		}
	}
	if profile, ok := p.text("profile"); ok && profile != "default" && profile != r.cfg.Profile {
		return generalError("The config profile (%s) could not be found", profile)
	}
	g.paginate = !set("no-paginate")
	g.output, _ = p.text("output")
	if g.output == "" {
		g.output = r.cfg.Getenv("AWS_DEFAULT_OUTPUT")
	}
	if g.output == "" {
		g.output = "json"
	}
	if strings.HasPrefix(g.output, "yaml") {
		return badParameter("%s", text.Args{"output": g.output}.Fill(r.cfg.Text.NoOutput))
	}
	if !slices.Contains(outputs, g.output) {
		return generalError("Unknown output type: %s", g.output)
	}
	if text, ok := p.text("query"); ok {
		q, err := compileQuery(text)
		if err != nil {
			return badParameter("Bad value for --query %s: %s", text, err)
		}
		g.query = q
	}
	color, _ := p.text("color")
	g.color = color == "on"
	format, _ := p.text("cli-binary-format")
	g.rawBlobs = format == "raw-in-base64-out"
	if region, ok := p.text("region"); ok && region != "" {
		r.cfg.AWS.Region = region
	}
	if endpoint, ok := p.text("endpoint-url"); ok {
		if u, err := url.Parse(endpoint); err != nil || u.Scheme == "" {
			return badParameter("Bad value for --endpoint-url %q: scheme is missing.  Must be of the form http://<hostname>/ or https://<hostname>/", endpoint)
		}
		r.cfg.AWS.BaseEndpoint = aws.String(endpoint)
	}
	if set("no-sign-request") {
		r.cfg.AWS.Credentials = aws.AnonymousCredentials{}
	}
	return nil
}

// setTimeout reads a timeout; a read may take as long as it takes if it is 0.
func (g *globals) setTimeout(p parsed, name string) error {
	text, ok := p.text(name)
	if !ok {
		return nil
	}
	seconds, err := pyInt(text)
	if err != nil {
		return generalError("%s", err)
	}
	if name == "cli-read-timeout" && seconds > 0 {
		g.readTimeout = time.Duration(min(seconds, 1<<31)) * time.Second
	}
	return nil
}

// service carries out "aws SERVICE …".
func (r *run) service(ctx context.Context, service *awsmodel.Service, args []string) error {
	f, err := library.load(service.Name)
	if err != nil {
		return err
	}
	choices := operationNames(service, f)
	p := &parser{[]*option{{name: "operation", positional: true, required: true, choices: choices}}}
	parsed, err := p.parse(args)
	if err != nil {
		return err
	}
	name, _ := parsed.text("operation")
	switch {
	case name == "help":
		return r.helpService(service, choices)
	case name == "wait" && len(f.Waiters) > 0:
		return r.wait(ctx, service, f, parsed.extras)
	case name == "tail" && service.Name == "logs":
		return r.tail(ctx, parsed.extras)
	}
	operation, _ := service.OperationByCLI(name)
	return r.operation(ctx, newCommand(operation, f), parsed.extras)
}

// operationNames are the words that may follow the service's name.
func operationNames(service *awsmodel.Service, f *facts) []string {
	var names []string
	for _, o := range service.Operations() {
		switch o.Name {
		case "InvokeWithResponseStream", "StartLiveTail", "GetLogObject":
			continue // event streams, which the AWS CLI leaves out or handles by hand
		}
		names = append(names, o.CLIName)
	}
	if service.Name == "logs" {
		names = append(names, "tail")
	}
	if len(f.Waiters) > 0 {
		names = append(names, "wait")
	}
	return append(names, "help")
}

// print shows an answer in the format that was asked for.
func (r *run) print(title string, v any) error {
	if r.globals.query != nil {
		var err error
		if v, err = r.globals.query.search(v); err != nil {
			return err
		}
	}
	return writeOutput(r.cfg.Stdout, r.globals, title, v)
}

func writeOutput(w io.Writer, g globals, title string, v any) error {
	switch g.output {
	case "text":
		return writeText(w, v)
	case "table":
		return writeTable(w, title, v, g.color)
	}
	return writeJSON(w, v)
}
