package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"awslab/runner/text"
)

// envCommand prints the variables with which the real AWS CLI, SDKs and
// Terraform reach the target, the lesson's own, and functions for what a lesson's
// shell has and the student's may lack.
func (a *app) envCommand() *cobra.Command {
	var shell string
	cmd := &cobra.Command{
		Use: "env [LESSON]", Short: a.text.Command.Help.Env, Args: arguments(0, 1),
		Example: `  eval "$(awslab env)"`,
		RunE: func(cmd *cobra.Command, args []string) error {
			write, ok := dialects[shell]
			if !ok {
				return unknownShell(shell, "bash, fish, powershell")
			}
			l, err := a.openLab(cmd.Context(), opening{headless: true})
			if err != nil {
				return err
			}
			defer func() { _ = l.Close() }() // reading changes nothing that could be lost
			s, err := a.session(l, args)
			if err != nil {
				return err
			}
			vars := []variable{{name: "AWS_REGION", value: l.target.Region}, {name: "AWS_DEFAULT_REGION", value: l.target.Region}}
			if home := l.target.Home(); home != nil {
				creds := home.Credentials()
				vars = append(vars,
					variable{name: "AWS_ACCESS_KEY_ID", value: creds.AccessKeyID},
					variable{name: "AWS_SECRET_ACCESS_KEY", value: creds.SecretAccessKey},
					variable{name: "AWS_SESSION_TOKEN", unset: true},
					variable{name: "AWS_PROFILE", unset: true})
			}
			if l.target.Endpoint != "" {
				vars = append(vars, variable{name: "AWS_ENDPOINT_URL", value: l.target.Endpoint})
			}
			vars = append(vars, variable{name: "AWS_PAGER", value: ""}, variable{name: "AWSLAB_WORKSPACE", value: s.Workspace()})
			values, err := s.Variables(cmd.Context())
			if err != nil {
				return err
			}
			for _, v := range values {
				vars = append(vars, variable{name: v.Name, value: v.Value, unset: !v.Set})
			}
			program, err := os.Executable()
			if err != nil {
				return err
			}
			write(a.stdout, vars, l.target.Endpoint != "")
			jwtFunctions[shell](a.stdout, program)
			return nil
		},
	}
	cmd.Flags().StringVar(&shell, "shell", "bash", a.text.Command.Help.Shell)
	return cmd
}

func unknownShell(shell, known string) error {
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoShell }, Args: text.Args{"shell": shell, "shells": known}, Class: text.Usage}
}

type variable struct {
	name, value string
	unset       bool
}

// dialects write the variables for a shell, and there an aws function that
// passes the endpoint, which old CLIs do not read from the environment.
var dialects = map[string]func(w io.Writer, vars []variable, endpoint bool){
	"bash": func(w io.Writer, vars []variable, endpoint bool) {
		for _, v := range vars {
			if v.unset {
				fmt.Fprintf(w, "unset %s\n", v.name)
			} else {
				fmt.Fprintf(w, "export %s=%s\n", v.name, quotePosix(v.value))
			}
		}
		if endpoint {
			fmt.Fprintln(w, `aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`)
		} else {
			fmt.Fprintln(w, `unset -f aws`)
		}
	},
	"fish": func(w io.Writer, vars []variable, endpoint bool) {
		for _, v := range vars {
			if v.unset {
				fmt.Fprintf(w, "set -e %s\n", v.name)
			} else {
				fmt.Fprintf(w, "set -gx %s %s\n", v.name, quoteFish(v.value))
			}
		}
		if endpoint {
			fmt.Fprintln(w, `function aws; command aws --endpoint-url $AWS_ENDPOINT_URL $argv; end`)
		} else {
			fmt.Fprintln(w, `functions -e aws`)
		}
	},
	"powershell": func(w io.Writer, vars []variable, endpoint bool) {
		for _, v := range vars {
			if v.unset {
				fmt.Fprintf(w, "Remove-Item Env:%s -ErrorAction SilentlyContinue\n", v.name)
			} else {
				fmt.Fprintf(w, "$Env:%s = %s\n", v.name, quotePowerShell(v.value))
			}
		}
		if endpoint {
			fmt.Fprintln(w, `function aws { & (Get-Command aws -CommandType Application | Select-Object -First 1) --endpoint-url $Env:AWS_ENDPOINT_URL @args }`)
		}
	},
}

// jwtFunctions write a function jwt, which is the lesson's: a program of that name
// may be there (`command jwt` still finds it) and takes other options. The awslab
// that printed the function answers, or one in the PATH when that is gone.
var jwtFunctions = map[string]func(w io.Writer, program string){
	"bash": func(w io.Writer, program string) {
		fmt.Fprintf(w, "jwt() { \"$(command -v %s || echo awslab)\" jwt \"$@\"; }\n", quotePosix(program))
	},
	"fish": func(w io.Writer, program string) {
		program = quoteFish(program)
		fmt.Fprintf(w, "function jwt; if test -x %s; command %s jwt $argv; else; command awslab jwt $argv; end; end\n", program, program)
	},
	"powershell": func(w io.Writer, program string) {
		program = quotePowerShell(program)
		fmt.Fprintf(w, "function jwt { if (Test-Path -LiteralPath %s) { $input | & %s jwt @args } else { $input | & awslab jwt @args } }\n", program, program)
	},
}

func quotePosix(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func quoteFish(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func quotePowerShell(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
