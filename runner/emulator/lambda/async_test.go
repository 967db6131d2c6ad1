package lambda

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"
)

// timer is one that waits for the test.
type timer struct {
	after time.Duration
	fire  func()
}

// An event is tried again after the times that AWS says, by the injected clock:
// a function that cannot even start fails, one without reserved executions is
// throttled.
func TestEventsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		throttled bool
		want      []time.Duration
	}{
		"a function that fails": {false, []time.Duration{time.Minute, 2 * time.Minute}},
		"a throttled function":  {true, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}},
	} {
		timers := make(chan timer)
		w := newWorld(t, func(cfg *Config) {
			cfg.Clock = func() time.Time { return time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC) }
			cfg.AfterFunc = func(d time.Duration, f func()) func() bool {
				timers <- timer{d, f}
				return func() bool { return true }
			}
		})
		w.create(types.RuntimePython314, map[string][]byte{"a.py": nil}) // there is no Python here
		if tt.throttled {
			must[lambda.PutFunctionConcurrencyOutput](w, &lambda.PutFunctionConcurrencyInput{FunctionName: aws.String("f"), ReservedConcurrentExecutions: aws.Int32(0)})
		}
		must[lambda.InvokeOutput](w, &lambda.InvokeInput{FunctionName: aws.String("f"), InvocationType: types.InvocationTypeEvent})
		var got []time.Duration
		for range tt.want {
			next := <-timers
			got = append(got, next.after)
			if tt.throttled && len(got) == len(tt.want) { // it would go on for six hours
				must[lambda.DeleteFunctionOutput](w, &lambda.DeleteFunctionInput{FunctionName: aws.String("f")})
			}
			next.fire()
		}
		w.pool.calls.Wait() // nothing is tried after the last
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
