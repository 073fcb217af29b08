package main

import (
	"encoding/binary"
	"flag"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/cloudwego/shmipc-go"
)

type onewayResult struct {
	Size              int     `json:"size"`
	Fill              bool    `json:"fill"`
	Count             int     `json:"count"`
	Window            int     `json:"window"`
	Seconds           float64 `json:"seconds"`
	MessagesPerSecond float64 `json:"messagesPerSecond"`
}

// oneway is one run of count messages; both ends are given the same.
type oneway struct {
	pattern
	count, window int
}

func defineOneway(flags *flag.FlagSet) func() (oneway, error) {
	makePattern := definePattern(flags)
	count := flags.Int("count", 1000000, "messages of a run")
	window := flags.Int("window", 0, "messages that may be unacknowledged; 0: from the size")
	return func() (oneway, error) {
		pattern, err := makePattern()
		if err == nil && *count < 1 {
			err = fmt.Errorf("-count must be positive, not %d", *count)
		}
		if err != nil {
			return oneway{}, err
		}
		return oneway{pattern: pattern, count: *count, window: pattern.window(*window)}, nil
	}
}

func (o oneway) result(begin time.Time) onewayResult {
	seconds := time.Since(begin).Seconds()
	return onewayResult{Size: o.size, Fill: o.fill, Count: o.count, Window: o.window, Seconds: seconds,
		MessagesPerSecond: float64(o.count) / seconds}
}

func defineOnewaySend(flags *flag.FlagSet) func(p *process) error {
	dial := dialOptions{}
	dial.define(flags, 0, "bytes of the buffer region; 0: what size and window need, at least 32 MiB")
	makeRun := defineOneway(flags)
	return func(p *process) error {
		run, err := makeRun()
		if err != nil {
			return err
		}
		run.fitMemory(&dial, run.window)
		return onBenchStream(p, &dial, func(stream *shmipc.Stream) (any, error) {
			begin := time.Now()
			err := run.send(stream)
			return run.result(begin), err
		})
	}
}

func (o oneway) send(stream *shmipc.Stream) error {
	acknowledged := 0
	for sent := 0; sent < o.count; sent++ {
		for sent-acknowledged >= o.window {
			n, err := readAcknowledgement(stream)
			if err != nil {
				return err
			}
			acknowledged = n
		}
		if err := o.write(stream, uint64(sent)); err != nil {
			return err
		}
	}
	for acknowledged < o.count {
		n, err := readAcknowledgement(stream)
		if err != nil {
			return err
		}
		acknowledged = n
	}
	return nil
}

func readAcknowledgement(stream *shmipc.Stream) (int, error) {
	span, err := stream.BufferReader().ReadBytes(8)
	if err != nil {
		return 0, err
	}
	n := binary.LittleEndian.Uint64(span)
	stream.BufferReader().ReleasePreviousRead()
	return int(n), nil
}

func defineOnewayRecv(flags *flag.FlagSet) func(p *process) error {
	var network, addr string
	defineAddress(flags, &network, &addr)
	makeRun := defineOneway(flags)
	return func(p *process) error {
		run, err := makeRun()
		if err != nil {
			return err
		}
		var messages, errs atomic.Int64
		err = runSyncServer(p, network, addr, func(stream *shmipc.Stream) {
			begin := time.Now()
			if err := guarded(func() error { return run.receive(stream, &messages) }); err != nil {
				errs.Add(1)
				p.fail("%v", err)
				return
			}
			result := run.result(begin)
			p.ok("count=%d seconds=%f messagesPerSecond=%.0f", run.count, result.Seconds, result.MessagesPerSecond)
			waitForEnd(stream)
		})
		p.done(map[string]int64{"messages": messages.Load(), "errors": errs.Load()})
		return err
	}
}

func (o oneway) receive(stream *shmipc.Stream, messages *atomic.Int64) error {
	every := max(o.window/2, 1)
	for had := 1; had <= o.count; had++ {
		if err := o.readExpecting(stream, uint64(had-1)); err != nil {
			return fmt.Errorf("after %d messages: %w", had-1, err)
		}
		messages.Add(1)
		stream.BufferReader().ReleasePreviousRead()
		if had%every == 0 || had == o.count {
			span, err := stream.BufferWriter().Reserve(8)
			if err != nil {
				return err
			}
			binary.LittleEndian.PutUint64(span, uint64(had))
			if err := stream.Flush(false); err != nil {
				return err
			}
		}
	}
	return nil
}

// waitForEnd leaves closing to the sender, which may not have read the last acknowledgement yet.
func waitForEnd(stream *shmipc.Stream) {
	_ = guarded(func() error {
		_, err := stream.BufferReader().ReadByte()
		return err
	})
}
