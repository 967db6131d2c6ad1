package awscli

import (
	"context"
	"fmt"
	"strings"

	"awslab/runner/text"
)

// configureCommands stand in the AWS CLI's order.
var configureCommands = []string{"list", "get", "set", "add-model", "import", "list-profiles", "sso", "sso-session", "export-credentials", "wizard"}

// configure carries out "aws configure list", "get" and "list-profiles". awslab
// reads no configuration files here, so there is nothing to set, and no profile.
func (r *run) configure(ctx context.Context, args []string) error {
	p := &parser{[]*option{{name: "subcommand", positional: true, arity: optional, choices: configureCommands}}}
	if len(args) == 1 && args[0] == "help" {
		return r.write(r.cfg.Text.ConfigureHelp)
	}
	parsed, err := p.parse(args)
	if err != nil {
		return err
	}
	subcommand, _ := parsed.text("subcommand")
	switch subcommand {
	case "list":
		return r.configureList(ctx)
	case "get":
		return r.configureGet(ctx, parsed.extras)
	case "list-profiles":
		if r.cfg.Profile == "" {
			return nil
		}
		return r.write(r.cfg.Profile + "\n")
	case "":
		return badParameter("%s", r.cfg.Text.Configure)
	}
	return badParameter("%s", text.Args{"subcommand": subcommand}.Fill(r.cfg.Text.ConfigureNothing))
}

func (r *run) configureList(ctx context.Context) error {
	type row struct{ name, value, kind, place string }
	rows := []row{
		{"Name", "Value", "Type", "Location"},
		{"----", "-----", "----", "--------"},
		{"profile", "<not set>", "None", "None"},
	}
	key, secret := row{"access_key", "<not set>", "None", "None"}, row{"secret_key", "<not set>", "None", "None"}
	if r.cfg.AWS.Credentials != nil {
		if c, err := r.cfg.AWS.Credentials.Retrieve(ctx); err == nil {
			key = row{"access_key", mask(c.AccessKeyID), "awslab", ""}
			secret = row{"secret_key", mask(c.SecretAccessKey), "awslab", ""}
		}
	}
	region := row{"region", "<not set>", "None", "None"}
	if r.cfg.AWS.Region != "" {
		region = row{"region", r.cfg.AWS.Region, "awslab", ""}
	}
	var b strings.Builder
	for _, w := range append(rows, key, secret, region) {
		fmt.Fprintf(&b, "%10s %24s %16s    %s\n", w.name, w.value, w.kind, w.place)
	}
	return r.write(b.String())
}

// mask shows the last four characters of a key.
func mask(s string) string {
	return strings.Repeat("*", 16) + s[max(0, len(s)-4):]
}

func (r *run) configureGet(ctx context.Context, args []string) error {
	parsed, err := (&parser{[]*option{{name: "varname", positional: true, required: true}}}).parse(args)
	if err != nil {
		return err
	}
	name, _ := parsed.text("varname")
	value := ""
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "region":
		value = r.cfg.AWS.Region
	case "output":
		value = r.cfg.Getenv("AWS_DEFAULT_OUTPUT")
	case "aws_access_key_id":
		if r.cfg.AWS.Credentials != nil {
			if c, err := r.cfg.AWS.Credentials.Retrieve(ctx); err == nil {
				value = c.AccessKeyID
			}
		}
	}
	if value == "" {
		return exitCode(1)
	}
	return r.write(value + "\n")
}

func (r *run) write(text string) error {
	_, err := fmt.Fprint(r.cfg.Stdout, text)
	return err
}
