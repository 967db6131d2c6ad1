//go:build unix

package emulator_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/emulatortest"
)

// child runs this test again in a process of its own, over dir.
func child(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "AWSLAB_TEST_EMULATOR_DIR="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// A disk that is full: what is refused cannot be read either, and when there is
// room again all goes on. Where even the journal cannot be read, nothing is
// answered until it can.
func TestAFullDisk(t *testing.T) {
	if dir := os.Getenv("AWSLAB_TEST_EMULATOR_DIR"); dir != "" {
		fillTheDisk(t, dir)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	out, err := child(t, dir).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	_, state, _ := strings.Cut(string(out), "STATE\n")
	want, _, _ := strings.Cut(state, "\nEND")
	if diff := cmp.Diff(want, open(t, dir).state(t)); diff != "" {
		t.Errorf("after a restart:\n%s", diff)
	}
}

func fillTheDisk(t *testing.T, dir string) {
	w := open(t, dir)
	signal.Ignore(syscall.SIGXFSZ)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	full := limit
	full.Cur = 16 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &full); err != nil {
		t.Fatal(err)
	}
	made := 0
	for ; ; made++ {
		before := w.state(t)
		err := w.createRole(t, fmt.Sprint("r", made))
		if err == nil {
			continue
		}
		if !strings.Contains(err.Error(), "could not record this call, so it did not happen") {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, w.state(t)); diff != "" {
			t.Fatalf("the refused call changed the state:\n%s", diff)
		}
		break
	}
	var missing *types.NoSuchEntityException
	if _, err := w.iam.GetRole(t.Context(), &iam.GetRoleInput{RoleName: aws.String(fmt.Sprint("r", made))}); !errors.As(err, &missing) {
		t.Fatalf("the role that was refused: %v", err)
	}
	if made == 0 {
		t.Fatal("no role was made")
	}

	// The journal cannot be read again.
	path := filepath.Join(dir, "journal")
	if err := errors.Join(os.Rename(path, path+"-away"), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := w.createRole(t, "refused"); err == nil {
		t.Fatal("a role was made on a full disk")
	}
	if _, err := w.iam.ListRoles(t.Context(), &iam.ListRolesInput{}); err == nil || !strings.Contains(err.Error(), "cannot read its journal again") {
		t.Fatalf("reading what is not recorded: %v", err)
	}
	if answer := control(t, w, "POST", "/_awslab/mark", ""); answer.Code != 503 {
		t.Fatalf("mark: %d %s", answer.Code, answer.Body)
	}
	if err := errors.Join(os.Remove(path), os.Rename(path+"-away", path), syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit)); err != nil {
		t.Fatal(err)
	}
	roles, err := w.iam.ListRoles(t.Context(), &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
	if err != nil || len(roles.Roles) != made {
		t.Fatalf("%d roles were made, there are %d, %v", made, len(roles.Roles), err)
	}
	if err := w.createRole(t, "after"); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("STATE\n%s\nEND\n", w.state(t))
}

// A process is killed at any moment of its work: what it was answered is there,
// code and all.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("AWSLAB_TEST_EMULATOR_DIR"); dir != "" {
		w := open(t, dir)
		lesson := emulatortest.AWS(w)
		lesson.APIOptions = append(lesson.APIOptions, emulatortest.Header("X-Awslab-Lesson", "lambda/kill"))
		w.cfg, w.iam, w.lambda = lesson, iam.NewFromConfig(lesson), lambda.NewFromConfig(lesson)
		roles, err := w.iam.ListRoles(t.Context(), &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
		if err != nil {
			t.Fatal(err)
		}
		for n := len(roles.Roles); n < 900; n++ {
			if err := w.createRole(t, fmt.Sprint("r", n)); err != nil {
				t.Fatal(err)
			}
			mark := strings.TrimSpace(control(t, w, "POST", "/_awslab/mark", "").Body.String())
			_, err := w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
				FunctionName: aws.String("f"), Role: aws.String("arn:aws:iam::" + emulatortest.Account + ":role/r0"), Runtime: "python3.14", Handler: aws.String("a.b"),
				Code: &lambdatypes.FunctionCode{ZipFile: zipped(t, "a.py", fmt.Sprint(n, rangeOfInts(4000)))},
			})
			if err != nil {
				t.Fatal(err)
			}
			if answer := control(t, w, "POST", "/_awslab/rewind", strings.TrimSuffix(mark, "}")+`,"lesson":"lambda"}`); answer.Code != 200 {
				t.Fatal(answer.Code, answer.Body)
			}
			fmt.Println(n)
		}
		return
	}
	t.Parallel()
	dir := t.TempDir()
	last := -1
	for round := range 8 {
		cmd := child(t, dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		until := last + 2 + round
		for lines := bufio.NewScanner(out); lines.Scan(); {
			n, err := strconv.Atoi(lines.Text())
			if err != nil {
				break
			}
			if last = n; last == until {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed, and says so
		if last != until {
			t.Fatalf("round %d: the process ended by itself after role %d", round, last)
		}
		w := reopen(t, dir)
		roles, err := w.iam.ListRoles(t.Context(), &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
		if err != nil || len(roles.Roles) <= last {
			t.Fatalf("round %d: role %d was answered, there are %d, %v", round, last, len(roles.Roles), err)
		}
		// A function stands there only if the kill came before its rewind.
		if _, err := w.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f")}); err == nil {
			next := open(t, dir)
			if _, err := next.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f")}); err != nil {
				t.Fatal(err)
			}
			if err := next.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}
