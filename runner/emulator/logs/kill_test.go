package logs

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// TestKilled kills a process that writes events as fast as it can, and looks
// for each that Write had returned for.
func TestKilled(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("AWSLAB_TEST_LOGS_DIR"); dir != "" {
		writeUntilKilled(t, dir)
	}
	for range 5 {
		dir := t.TempDir()
		child := exec.Command(os.Args[0], "-test.run=^TestKilled$")
		child.Env = append(os.Environ(), "AWSLAB_TEST_LOGS_DIR="+dir)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		last := -1
		for lines := bufio.NewScanner(out); lines.Scan(); {
			n, err := strconv.Atoi(lines.Text())
			if err != nil {
				break // the last line was cut
			}
			if last = n; last == 300 {
				if err := child.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = child.Wait() // it was killed, and says so
		w := newWorld(t, dir)
		w.create("s") // the same world as the child's: the same stream id
		var found int
		in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName)}
		for {
			page := must[cloudwatchlogs.FilterLogEventsOutput](w, &in)
			for _, line := range filtered(page) {
				if line != strconv.Itoa(found) {
					t.Fatalf("event %d is %q", found, line)
				}
				found++
			}
			if in.NextToken = page.NextToken; in.NextToken == nil {
				break
			}
		}
		if found <= last || last < 300 {
			t.Errorf("%d events are left; the last that was answered was number %d", found, last)
		}
	}
}

func writeUntilKilled(t *testing.T, dir string) {
	w := newWorld(t, dir)
	w.create("s")
	for i := 0; ; i++ {
		if err := w.Write(groupName, "s", start, []Event{{start, strconv.Itoa(i)}}); err != nil {
			t.Fatal(err)
		}
		fmt.Println(i)
	}
}
