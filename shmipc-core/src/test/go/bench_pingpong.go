package main

import (
	"flag"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/cloudwego/shmipc-go"
)

type pingResult struct {
	Size              int     `json:"size"`
	Fill              bool    `json:"fill"`
	Count             int     `json:"count"`
	P50               int64   `json:"p50Nanos"`
	P99               int64   `json:"p99Nanos"`
	P999              int64   `json:"p999Nanos"`
	MessagesPerSecond float64 `json:"messagesPerSecond"`
}

func definePing(flags *flag.FlagSet) func(p *process) error {
	dial := dialOptions{}
	dial.define(flags, 0, "bytes of the buffer region; 0: what the size needs, at least 32 MiB")
	makePattern := definePattern(flags)
	warmUp := flags.Int("warmup", 10000, "round trips that are not measured")
	count := flags.Int("count", 100000, "round trips that are measured")
	reuse := flags.Bool("reuse", true, "ReleaseReadAndReuse; false: ReleasePreviousRead")
	return func(p *process) error {
		pattern, err := makePattern()
		if err != nil {
			return err
		}
		if *count < 1 {
			return fmt.Errorf("-count must be positive, not %d", *count)
		}
		pattern.fitMemory(&dial, 2)
		return onBenchStream(p, &dial, func(stream *shmipc.Stream) (any, error) {
			return ping(stream, pattern, *warmUp, *count, *reuse)
		})
	}
}

func ping(stream *shmipc.Stream, p pattern, warmUp, count int, reuse bool) (pingResult, error) {
	nanos := make([]int64, count)
	var begin time.Time
	for i := 0; i < warmUp+count; i++ {
		if i == warmUp {
			begin = time.Now()
		}
		sent := time.Now()
		if err := p.write(stream, uint64(i)); err != nil {
			return pingResult{}, err
		}
		if err := p.readExpecting(stream, uint64(i)); err != nil {
			return pingResult{}, err
		}
		if i >= warmUp {
			nanos[i-warmUp] = time.Since(sent).Nanoseconds()
		}
		release(stream, reuse)
	}
	seconds := time.Since(begin).Seconds()
	slices.Sort(nanos)
	at := func(perMille int) int64 { return nanos[min(count-1, count*perMille/1000)] }
	return pingResult{Size: p.size, Fill: p.fill, Count: count, P50: at(500), P99: at(990), P999: at(999),
		MessagesPerSecond: float64(count) / seconds}, nil
}

func release(stream *shmipc.Stream, reuse bool) {
	if reuse {
		stream.ReleaseReadAndReuse()
	} else {
		stream.BufferReader().ReleasePreviousRead()
	}
}

func definePong(flags *flag.FlagSet) func(p *process) error {
	var network, addr string
	defineAddress(flags, &network, &addr)
	makePattern := definePattern(flags)
	reuse := flags.Bool("reuse", true, "ReleaseReadAndReuse before each answer; false: ReleasePreviousRead")
	return func(p *process) error {
		pattern, err := makePattern()
		if err != nil {
			return err
		}
		var messages, errs atomic.Int64
		err = runSyncServer(p, network, addr, func(stream *shmipc.Stream) {
			n := int64(0)
			err := guarded(func() error { return pong(stream, pattern, *reuse, &n) })
			messages.Add(n)
			if isEnd(err) {
				p.ok("messages=%d", n)
			} else {
				errs.Add(1)
				p.fail("messages=%d %v", n, err)
			}
		})
		p.done(map[string]int64{"messages": messages.Load(), "errors": errs.Load()})
		return err
	}
}

// pong releases the message before it reserves the answer, so that the answer can go into the same slice.
func pong(stream *shmipc.Stream, p pattern, reuse bool, messages *int64) error {
	for {
		number, err := p.read(stream)
		if err != nil {
			return err
		}
		release(stream, reuse)
		if err := p.write(stream, number); err != nil {
			return err
		}
		*messages++
	}
}
