package shell

import (
	"context"
	"runtime"
	"runtime/metrics"
	"time"
)

// watchEvery is how often a block's memory is looked at.
const watchEvery = 20 * time.Millisecond

// watchMemory stops a block when the heap has grown by more than max bytes
// since now. The heap is the whole process's: the bound is wide enough for an
// emulator's work beside the block. The returned function ends the watch.
func watchMemory(ctx context.Context, max uint64, cancel context.CancelCauseFunc) func() {
	// Garbage of earlier work is no part of the start: it will go.
	before := read("/gc/heap/live:bytes")
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(watchEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
			if heap() <= before+max {
				continue
			}
			runtime.GC() // what is garbage does not count
			if heap() > before+max {
				cancel(&LimitError{Limit: LimitMemory, Bound: int64(max)})
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

// heap is how many bytes the heap's objects take, garbage included.
func heap() uint64 { return read("/memory/classes/heap/objects:bytes") }

func read(metric string) uint64 {
	sample := []metrics.Sample{{Name: metric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
