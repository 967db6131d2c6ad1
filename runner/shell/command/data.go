package command

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"awslab/runner/shell/workspace"
)

// dataCommands are those that encode, pack and query.
func dataCommands(cfg Config) []Spec {
	random := cfg.Rand
	if random == nil {
		random = rand.Reader
	}
	return []Spec{
		{Name: "jq", Run: jq},
		{Name: "zip", Run: zipFiles},
		{Name: "unzip", Run: unzip},
		{Name: "openssl", Run: openssl(random)},
		{Name: "base64", Run: base64Command},
		{Name: "sha256sum", Run: sha256sum},
		{Name: "jwt", Run: jwtCommand, Verbs: true},
	}
}

func base64Command(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "dDiw:", map[string]byte{"decode": 'd', "wrap": 'w', "ignore-garbage": 'i'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	decode, columns := false, 76
	for _, o := range opts {
		switch o.flag {
		case 'd', 'D':
			decode = true
		case 'w':
			if columns, err = strconv.Atoi(o.value); err != nil || columns < 0 {
				return c.Fail(1, "invalid wrap size: '%s'", o.value)
			}
		}
	}
	if len(names) > 1 {
		return c.Fail(1, "extra operand '%s'", names[1])
	}
	return c.each(names, func(_ string, in io.Reader) error {
		data, err := c.readAll(in)
		if err != nil {
			return err
		}
		if !decode {
			return wrapped(c.Stdout, base64.StdEncoding.EncodeToString(data), columns)
		}
		text := strings.NewReplacer("\n", "", "\r", "").Replace(string(data))
		out, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			_, _ = c.Stdout.Write(out) // base64(1) prints what it could read, too
			return fmt.Errorf("invalid input")
		}
		_, err = c.Stdout.Write(out)
		return err
	})
}

// wrapped prints a text in lines of so many columns; 0 is one line, and no
// newline after it.
func wrapped(to io.Writer, text string, columns int) error {
	out := bufio.NewWriter(to)
	for columns > 0 && len(text) > columns {
		_, _ = fmt.Fprintln(out, text[:columns]) // Flush reports it
		text = text[columns:]
	}
	_, _ = out.WriteString(text) // Flush reports it
	if columns > 0 && text != "" {
		_ = out.WriteByte('\n') // Flush reports it
	}
	return out.Flush()
}

func openssl(random io.Reader) Command {
	return func(_ context.Context, c *Call) int {
		if len(c.Args) == 0 || c.Args[0] != "rand" {
			return c.Fail(1, "%s", c.words.OpensslRand)
		}
		form, file, count := "", "", -1
		for args := c.Args[1:]; len(args) > 0; args = args[1:] {
			switch arg := strings.Replace(args[0], "--", "-", 1); arg {
			case "-base64", "-hex":
				form = arg
			case "-out":
				if len(args) < 2 {
					return c.Fail(1, "rand: Option -out needs a value")
				}
				file, args = args[1], args[1:]
			default:
				n, err := strconv.Atoi(arg)
				if err != nil || n < 0 || n > 1<<24 {
					return c.Fail(1, "rand: Can't parse \"%s\" as a number", arg)
				}
				count = n
			}
		}
		if count < 0 {
			return c.Fail(1, "rand: %s", c.words.OpensslBytes)
		}
		data := make([]byte, count)
		if _, err := io.ReadFull(random, data); err != nil {
			return c.Fail(1, "rand: %v", err)
		}
		out := c.Stdout
		if file != "" {
			f, err := c.Create(file)
			if err != nil {
				return c.Fail(1, "rand: Can't open \"%s\" for writing, %s", file, workspace.Reason(err))
			}
			defer func() { _ = f.Close() }() // a failed write is reported below
			out = f
		}
		var err error
		switch form {
		case "-base64":
			err = wrapped(out, base64.StdEncoding.EncodeToString(data), 64)
		case "-hex":
			_, err = fmt.Fprintln(out, hex.EncodeToString(data))
		default:
			_, err = out.Write(data)
		}
		return ended(err, 0)
	}
}

func sha256sum(_ context.Context, c *Call) int {
	_, names, err := parse(c.Args, "bt", nil)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	return c.each(names, func(name string, in io.Reader) error {
		hash := sha256.New()
		if _, err := io.Copy(hash, in); err != nil {
			return err
		}
		_, err := fmt.Fprintf(c.Stdout, "%x  %s\n", hash.Sum(nil), name)
		return err
	})
}
