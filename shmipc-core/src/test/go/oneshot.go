package main

import (
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/cloudwego/shmipc-go"
)

// oneShot sends frames on a single stream and then leaves it in one of two ways.
type oneShot struct {
	dial         dialOptions
	frames, size int
	linger       time.Duration
	deadline     time.Duration
	prefix       string
}

type oneShotResult struct {
	Frames  int    `json:"frames"`
	Bytes   int64  `json:"bytes"`
	Replies int    `json:"replies"`
	Ended   string `json:"ended"`
}

func (o *oneShot) define(flags *flag.FlagSet) {
	o.dial.define(flags, 33554432, "bytes of the buffer region; too few make the stream fall back")
	flags.IntVar(&o.frames, "frames", 100, "how many, numbered from 1, a flush each")
	flags.IntVar(&o.size, "size", 100, "payload bytes of each")
	flags.DurationVar(&o.deadline, "deadline", 10*time.Second, "of the whole run on the stream")
}

func defineWriteThenClose(flags *flag.FlagSet) func(p *process) error {
	o := oneShot{}
	o.define(flags)
	flags.DurationVar(&o.linger, "linger", time.Second,
		"keep the session after the stream is closed; a hang-up discards what a Go server has not taken yet")
	return o.writeThenClose
}

func (o *oneShot) writeThenClose(p *process) error {
	return o.onStream(p, func(stream *shmipc.Stream, result *oneShotResult) error {
		if err := o.send(stream, result); err != nil {
			return err
		}
		if err := stream.Close(); err != nil {
			return err
		}
		result.Ended = "closed"
		p.ok("closed frames=%d bytes=%d", result.Frames, result.Bytes)
		p.pause(o.linger)
		return nil
	})
}

func defineHalf(flags *flag.FlagSet) func(p *process) error {
	o := oneShot{}
	o.define(flags)
	flags.StringVar(&o.prefix, "prefix", "go:", "what the server's replies begin with")
	return o.half
}

func (o *oneShot) half(p *process) error {
	return o.onStream(p, func(stream *shmipc.Stream, result *oneShotResult) error {
		if err := o.send(stream, result); err != nil {
			return err
		}
		err := o.readToEnd(stream, result)
		result.Ended = endName(stream, err)
		if result.Ended == "other" {
			return err
		}
		p.ok("ended=%s replies=%d", result.Ended, result.Replies)
		if result.Ended == "timeout" {
			return err
		}
		return stream.Close()
	})
}

func (o *oneShot) onStream(p *process, run func(stream *shmipc.Stream, result *oneShotResult) error) error {
	p.readCommands(nil)
	manager, err := o.dial.connect(p)
	if err != nil {
		return err
	}
	defer closeManager(manager)
	stream, err := manager.GetStream()
	if err != nil {
		return err
	}
	result := oneShotResult{}
	err = guarded(func() error { return run(stream, &result) })
	if err != nil {
		p.fail("%v", err)
		err = errReported
	}
	p.done(result)
	return err
}

func (o *oneShot) send(stream *shmipc.Stream, result *oneShotResult) error {
	if err := stream.SetDeadline(time.Now().Add(o.deadline)); err != nil {
		return err
	}
	payload := make([]byte, o.size)
	for sequence := uint64(1); sequence <= uint64(o.frames); sequence++ {
		fillPattern(payload, sequence)
		if err := writeFrame(stream, sequence, payload); err != nil {
			return fmt.Errorf("write %d: %w", sequence, err)
		}
		result.Frames++
		result.Bytes += int64(o.size)
	}
	return nil
}

func (o *oneShot) readToEnd(stream *shmipc.Stream, result *oneShotResult) error {
	for sequence := uint64(1); ; sequence++ {
		reply, err := readFrame(stream.BufferReader())
		if err != nil {
			return err
		}
		if err := verifyReply(reply, sequence, o.size, o.prefix); err != nil {
			return err
		}
		result.Replies++
		stream.BufferReader().ReleasePreviousRead()
	}
}

// endName says how reading ended: end-of-stream between two frames, truncated in the midst of one, session-lost
// when the session is gone too, for which shmipc-go gives a reader the same errors.
func endName(stream *shmipc.Stream, err error) string {
	switch {
	case errors.Is(err, shmipc.ErrTimeout):
		return "timeout"
	case errors.Is(err, errSessionLost), stream.Session().IsClosed():
		return "session-lost"
	case errors.Is(err, errEnd):
		return "end-of-stream"
	case isEnd(err):
		return "truncated"
	}
	return "other"
}
