package main

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudwego/shmipc-go"
)

// retryPause is the pace of asking again for a stream.
const retryPause = 10 * time.Millisecond

type clientOptions struct {
	dial              dialOptions
	streams, count    int
	sizes             []int
	mode, prefix      string
	putBack, reuse    bool
	callsPerStream    int
	deadline          time.Duration
	duration          time.Duration
	tolerateUnhealthy bool
}

// client runs its workers, a stream each, and adds up what they saw.
type client struct {
	clientOptions
	process *process
	manager *shmipc.SessionManager
	// sequence numbers requests over all streams; it is taken after the stream, so that it grows within each.
	sequence atomic.Uint64
	sessions sync.Map

	roundTrips, lost, corrupt, refused, unhealthy, bytes atomic.Int64
	bySize                                               []atomic.Int64
	firstError                                           firstError
}

type clientResult struct {
	RoundTrips       int64   `json:"roundtrips"`
	Errors           int64   `json:"errors"`
	Lost             int64   `json:"lost"`
	Corrupt          int64   `json:"corrupt"`
	Refused          int64   `json:"refused"`
	UnhealthyRetries int64   `json:"unhealthyRetries"`
	Bytes            int64   `json:"bytes"`
	Sessions         int     `json:"sessions"`
	FallbackWrites   uint64  `json:"fallbackWrites"`
	FallbackReads    uint64  `json:"fallbackReads"`
	QueueFull        uint64  `json:"queueFull"`
	Seconds          float64 `json:"seconds"`
	FirstError       string  `json:"firstError"`
}

func defineClient(flags *flag.FlagSet) func(p *process) error {
	o := clientOptions{}
	o.dial.define(flags, 33554432, "bytes of the buffer region")
	flags.IntVar(&o.dial.sessions, "sessions", 1, "sessions of the manager")
	flags.IntVar(&o.streams, "streams", 1, "goroutines, each with a stream of its own")
	flags.IntVar(&o.count, "count", 100, "round trips of each goroutine for each size")
	sizes := flags.String("sizes", "1,100,10240,1048576", "payload bytes of the requests")
	flags.StringVar(&o.mode, "mode", "sync", "sync (blocking reads) or callback (StreamCallbacks)")
	flags.StringVar(&o.prefix, "prefix", "go:", "what the server's replies begin with")
	flags.BoolVar(&o.putBack, "putback", true,
		"sync mode: PutBack and GetStream around each round trip; false: keep the stream")
	flags.BoolVar(&o.reuse, "reuse", false,
		"with -putback=false in sync mode: ReleaseReadAndReuse instead of ReleasePreviousRead")
	flags.IntVar(&o.callsPerStream, "calls-per-stream", 0,
		"where streams are kept: close one after that many round trips; 0: at the end")
	flags.DurationVar(&o.deadline, "deadline", 10*time.Second, "of one round trip")
	flags.DurationVar(&o.duration, "duration", 0, "run that long, or until stop on stdin, instead of -count")
	flags.BoolVar(&o.tolerateUnhealthy, "tolerate-unhealthy", false,
		"wait while GetStream says ErrSessionUnhealthy, up to 60s, instead of counting an error")
	return func(p *process) error {
		var err error
		if o.sizes, err = parseSizes(*sizes); err != nil {
			return err
		}
		if o.mode != "sync" && o.mode != "callback" {
			return fmt.Errorf("-mode must be sync or callback, not %q", o.mode)
		}
		c := &client{clientOptions: o, process: p, bySize: make([]atomic.Int64, len(o.sizes))}
		return c.run()
	}
}

func parseSizes(text string) ([]int, error) {
	var sizes []int
	for _, item := range strings.Split(text, ",") {
		size, err := strconv.Atoi(item)
		if err != nil || size < 0 || size > maxPayload {
			return nil, fmt.Errorf("-sizes: %q is not a size up to %d", item, maxPayload)
		}
		sizes = append(sizes, size)
	}
	return sizes, nil
}

func (c *client) run() error {
	c.process.readCommands(c.handleCommand)
	manager, err := c.dial.connect(c.process)
	if err != nil {
		return err
	}
	c.manager = manager
	begin := time.Now()
	workers := make([]*worker, max(c.streams, 1))
	for i := range workers {
		workers[i] = &worker{client: c}
	}
	if c.duration > 0 {
		timer := time.AfterFunc(c.duration, c.process.stop)
		defer timer.Stop()
		eachWorker(workers, c.runUntilStopped)
		for i, size := range c.sizes {
			c.process.ok("size=%d count=%d", size, c.bySize[i].Load())
		}
	} else {
		for i, size := range c.sizes {
			eachWorker(workers, func(w *worker) { c.runCount(w, i) })
			c.process.ok("size=%d count=%d", size, c.bySize[i].Load())
		}
	}
	seconds := time.Since(begin).Seconds()
	eachWorker(workers, (*worker).closeStream)
	result := c.result(seconds)
	closeManager(manager)
	c.process.done(result)
	if result.Errors > 0 {
		return errReported
	}
	return nil
}

func eachWorker(workers []*worker, run func(w *worker)) {
	var running sync.WaitGroup
	for _, w := range workers {
		running.Add(1)
		go func() {
			defer running.Done()
			run(w)
		}()
	}
	running.Wait()
}

func (c *client) runCount(w *worker, sizeIndex int) {
	for i := 0; i < c.count && !c.process.isStopping(); i++ {
		c.call(w, sizeIndex)
	}
}

func (c *client) runUntilStopped(w *worker) {
	for i := 0; !c.process.isStopping(); i++ {
		c.call(w, i%len(c.sizes))
	}
}

// call makes one round trip and books its outcome.
func (c *client) call(w *worker, sizeIndex int) {
	if err := c.acquire(w); err != nil {
		if !c.process.isStopping() || !errors.Is(err, shmipc.ErrSessionUnhealthy) {
			c.refused.Add(1)
			c.note("refused", err)
			c.process.pause(retryPause)
		}
		return
	}
	size := c.sizes[sizeIndex]
	sequence := c.sequence.Add(1)
	switch err := w.roundTrip(sequence, size); {
	case err == nil:
		c.roundTrips.Add(1)
		c.bySize[sizeIndex].Add(1)
		c.bytes.Add(int64(2*size + len(c.prefix)))
	case errors.Is(err, errCorrupt):
		c.corrupt.Add(1)
		c.note("corrupt", err)
	default:
		c.lost.Add(1)
		c.note("lost", fmt.Errorf("sequence %d, %d bytes: %w", sequence, size, err))
	}
}

// acquire gives the worker a stream, waiting for a healthy session when that is wanted.
func (c *client) acquire(w *worker) error {
	for begin := time.Now(); ; {
		err := w.ensureStream()
		if err == nil {
			c.sessions.LoadOrStore(w.stream.Session(), nil)
			return nil
		}
		if !c.tolerateUnhealthy || !errors.Is(err, shmipc.ErrSessionUnhealthy) || time.Since(begin) > time.Minute {
			return err
		}
		c.unhealthy.Add(1)
		if !c.process.pause(retryPause) {
			return err
		}
	}
}

func (c *client) note(kind string, err error) {
	c.firstError.note(fmt.Errorf("%s: %w", kind, err))
	c.process.fail("%s %v", kind, err)
}

func (c *client) handleCommand(words []string) {
	if words[0] == "stats" {
		c.process.stats(c.result(0))
		return
	}
	c.process.fail("unknown command %q", words[0])
}

func (c *client) result(seconds float64) clientResult {
	r := clientResult{
		RoundTrips: c.roundTrips.Load(), Lost: c.lost.Load(), Corrupt: c.corrupt.Load(), Refused: c.refused.Load(),
		UnhealthyRetries: c.unhealthy.Load(), Bytes: c.bytes.Load(), Seconds: seconds,
		FirstError: c.firstError.text(),
	}
	r.Errors = r.Lost + r.Corrupt + r.Refused
	c.sessions.Range(func(key, _ any) bool {
		r.Sessions++
		_ = guarded(func() error {
			_, stability, _ := key.(*shmipc.Session).GetMetrics()
			r.FallbackWrites += stability.FallbackWriteCount
			r.FallbackReads += stability.FallbackReadCount
			r.QueueFull += stability.QueueFullErrorCount
			return nil
		})
		return true
	})
	return r
}
