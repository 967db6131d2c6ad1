package runner_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"awslab/runner"
	"awslab/runner/shell"
	"awslab/runner/text"
)

// What stopped a block is said in the student's language, with its own values;
// in English the errors say the same to a developer.
func TestWhy(t *testing.T) {
	t.Parallel()
	noStep := &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoStep }, Args: text.Args{"lesson": "a", "step": "b"}}
	for _, c := range []struct {
		err     error
		english string
		korean  string
	}{
		{&shell.SyntaxError{Line: 2, Column: 3, Text: "a word"}, "line 2, column 3: a word", "2행 3열: “a word”"},
		{&shell.RefusedError{What: "~root"}, "~root is not available in the lesson's shell", "실습 셸에서 쓸 수 없습니다: ~root"},
		{&shell.RefusedError{Line: 2, What: "coproc"}, "line 2: coproc is not available in the lesson's shell", "2행: 실습 셸에서 쓸 수 없습니다: coproc"},
		{
			&shell.RefusedError{Line: 1, What: "unset", Kind: shell.EmptyName},
			"line 1: unset of an empty name is not available in the lesson's shell", "1행: 실습 셸에서 쓸 수 없습니다: unset, 이름이 비어 있는 경우",
		},
		{
			&shell.LookupError{Name: "A", Err: &shell.CircleError{Names: []string{"A", "B", "A"}}},
			"the lookup of A failed: it needs its own value: A → B → A", "A 변수의 값을 조회하지 못했습니다: 자기 자신의 값이 있어야 구할 수 있습니다: A → B → A",
		},
		{&shell.LimitError{Limit: shell.LimitTime, Bound: int64(5 * time.Minute)}, "stopped after 5m0s", "제한 시간이 지나 중단했습니다: 5m0s"},
		{&shell.LimitError{Limit: shell.LimitOutput, Bound: 1 << 20}, "stopped: more than 1024 KiB of output", "출력이 너무 많아 중단했습니다(한도 1024 KiB)"},
		{&shell.LimitError{Limit: shell.LimitMemory, Bound: 256 << 20}, "stopped: more than 256 MiB of memory", "메모리를 너무 많이 써서 중단했습니다(한도 256 MiB)"},
		{&shell.LimitError{Limit: shell.LimitGoroutines, Bound: 9}, "stopped: too many background jobs and pipes at once", "백그라운드 작업과 파이프가 한꺼번에 너무 많아 중단했습니다"},
		{&shell.LimitError{Limit: shell.LimitDepth, Bound: 9}, "stopped: functions call each other too deeply", "함수가 서로를 너무 깊이 호출해 중단했습니다"},
		{&shell.LimitError{Limit: shell.LimitText, Bound: 64 << 10}, "stopped: more than 64 KiB of shell text", "셸 명령이 너무 길어 중단했습니다(한도 64 KiB)"},
		{&shell.UnsetError{Name: "API_ID"}, "API_ID has no value", "API_ID 변수에 값이 없습니다"},
		{&shell.UnsetError{Name: "API_ID", Reason: "api"}, "API_ID has no value: api", "API_ID 변수에 값이 없습니다: api"},
		{&shell.LookupError{Name: "A", Code: 254}, "the lookup of A failed: the command ended with exit code 254", "A 변수의 값을 조회하지 못했습니다: 종료 코드 254"},
		{&shell.LookupError{Name: "A", Code: 254, Stderr: "\nAn error\n"}, "the lookup of A failed: An error", "A 변수의 값을 조회하지 못했습니다: An error"},
		{&shell.LookupError{Name: "A", Err: &shell.RefusedError{What: "~x"}}, "the lookup of A failed: ~x is not available in the lesson's shell", "A 변수의 값을 조회하지 못했습니다: 실습 셸에서 쓸 수 없습니다: ~x"},
		{&runner.CommandFailed{Code: 3}, "the command ended with exit code 3", "종료 코드 3"},
		{&runner.CommandFailed{Code: 2, Err: &shell.RefusedError{What: "~x"}}, "~x is not available in the lesson's shell", "실습 셸에서 쓸 수 없습니다: ~x"},
		{fmt.Errorf("wrapped: %w", noStep), "the lesson a has no step b", "a 실습에 b 단계가 없습니다"},
		{errors.New("foreign\nwords\x1b[2J"), "foreign words", "“foreign words”"},
	} {
		if got := runner.Why(text.English(), c.err); got != c.english {
			t.Errorf("%T: %q, want %q", c.err, got, c.english)
		}
		if got := runner.Why(text.Korean(), c.err); got != c.korean {
			t.Errorf("%T: %q, want %q", c.err, got, c.korean)
		}
	}
}
