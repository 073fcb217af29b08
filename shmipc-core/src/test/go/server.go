package main

import (
	"errors"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudwego/shmipc-go"
)

// callbackSettle is how long to wait after a data callback before closing its stream: shmipc-go does not tell the
// peer about a close while the callback runs, and does not say when it has returned.
const callbackSettle = 10 * time.Millisecond

type serverOptions struct {
	network, addr, mode, prefix string
	delay                       time.Duration
	closeAfter                  int64
	reuse                       bool
	epoch                       uint64
}

// server answers framed requests; transport says how streams reach it.
type server struct {
	serverOptions
	process   *process
	transport transport

	streams, open, ended, aborted              atomic.Int64
	received, replied, unanswered, bytes, errs atomic.Int64
	firstError                                 firstError
}

// transport is what differs between the callback mode (a Listener) and the sync mode (AcceptStream).
type transport interface {
	address() string
	run() error
	hotRestart(epoch uint64) error
	isHotRestartDone() bool
	setUnlinkOnClose(unlink bool)
	close() error
}

type serverResult struct {
	Streams    int64  `json:"streams"`
	Open       int64  `json:"open"`
	Ended      int64  `json:"ended"`
	Aborted    int64  `json:"aborted"`
	Received   int64  `json:"received"`
	Replied    int64  `json:"replied"`
	Unanswered int64  `json:"unanswered"`
	Bytes      int64  `json:"bytes"`
	Errors     int64  `json:"errors"`
	FirstError string `json:"firstError"`
}

func defineServer(flags *flag.FlagSet) func(p *process) error {
	o := serverOptions{}
	defineAddress(flags, &o.network, &o.addr)
	flags.StringVar(&o.mode, "mode", "sync", "sync (AcceptStream, a goroutine a stream) or callback (Listener)")
	flags.StringVar(&o.prefix, "prefix", "go:", "what each reply's payload begins with")
	flags.DurationVar(&o.delay, "delay", 0, "wait before each reply")
	flags.Int64Var(&o.closeAfter, "close-after", 0, "close a stream after that many replies; 0: never")
	flags.BoolVar(&o.reuse, "reuse", false,
		"sync mode: ReleaseReadAndReuse after each frame instead of ReleasePreviousRead")
	flags.Uint64Var(&o.epoch, "hot-restart-epoch", 1, "the epoch of the command hotrestart without a number")
	return func(p *process) error {
		s := &server{serverOptions: o, process: p}
		return s.run()
	}
}

func (s *server) run() (err error) {
	switch s.mode {
	case "sync":
		s.transport, err = newStreamServer(s.network, s.addr, s.serveStream)
	case "callback":
		s.transport, err = newCallbackServer(s)
	default:
		err = fmt.Errorf("-mode must be sync or callback, not %q", s.mode)
	}
	if err != nil {
		return err
	}
	s.process.onCleanUp(removeMappedFiles)
	s.process.readCommands(s.handleCommand)
	s.process.ready(s.transport.address())
	ran := make(chan error, 1)
	go func() { ran <- s.transport.run() }()
	select {
	case err = <-ran:
	case <-s.process.stopping.Done():
	}
	if closeErr := s.transport.close(); closeErr != nil && err == nil {
		err = closeErr
	}
	releaseMemory()
	s.process.done(s.result())
	return err
}

func (s *server) handleCommand(words []string) {
	switch argument := append(words[1:], "")[0]; words[0] {
	case "hotrestart":
		epoch := s.epoch
		if argument != "" {
			var err error
			if epoch, err = strconv.ParseUint(argument, 10, 64); err != nil {
				s.process.fail("hotrestart %v", err)
				return
			}
		}
		go s.hotRestart(epoch) // shmipc-go blocks for ever when telling a session fails
	case "unlink":
		unlink, err := strconv.ParseBool(argument)
		if err != nil {
			s.process.fail("unlink %v", err)
			return
		}
		s.transport.setUnlinkOnClose(unlink)
		s.process.ok("unlink %t", unlink)
	case "stats":
		s.process.stats(s.result())
	case "close":
		s.process.stop()
	default:
		s.process.fail("unknown command %q", words[0])
	}
}

func (s *server) hotRestart(epoch uint64) {
	begin := time.Now()
	if err := s.transport.hotRestart(epoch); err != nil {
		s.process.fail("hotrestart epoch=%d %v", epoch, err)
		return
	}
	s.process.ok("hotrestart epoch=%d", epoch)
	for !s.transport.isHotRestartDone() {
		time.Sleep(10 * time.Millisecond)
	}
	s.process.line("HOTRESTART-DONE epoch=%d millis=%d", epoch, time.Since(begin).Milliseconds())
}

// serveStream is the sync mode's goroutine for one stream.
func (s *server) serveStream(stream *shmipc.Stream) {
	s.streams.Add(1)
	s.open.Add(1)
	defer s.open.Add(-1)
	conversation := conversation{server: s, stream: stream}
	err := guarded(func() error {
		for {
			if err := conversation.answerOne(stream.BufferReader()); err != nil {
				return err
			}
			if s.reuse {
				stream.ReleaseReadAndReuse()
			} else {
				stream.BufferReader().ReleasePreviousRead()
			}
		}
	})
	s.noteEnd(stream, err)
	if !errors.Is(err, errSessionLost) {
		_ = guarded(stream.Close)
	}
}

// conversation is what the server remembers of one stream. Its stream calls it from one goroutine at a time.
type conversation struct {
	server  *server
	stream  *shmipc.Stream
	last    uint64
	any     bool
	replies int64
}

// errCloseAfter ends a stream that has had all the replies it may have.
var errCloseAfter = errors.New("enough replies")

// answerOne reads, checks and answers one frame. What it read is not yet released.
func (c *conversation) answerOne(reader shmipc.BufferReader) error {
	s := c.server
	request, err := readFrame(reader)
	if err != nil {
		return err
	}
	s.received.Add(1)
	s.bytes.Add(int64(len(request.payload)))
	if !matchesPattern(request.payload, request.sequence) {
		return fmt.Errorf("%w: %d bytes are not those of sequence %d",
			errCorrupt, len(request.payload), request.sequence)
	}
	if c.any && request.sequence <= c.last {
		s.noteError(fmt.Errorf("%w: sequence %d after %d on stream %d",
			errCorrupt, request.sequence, c.last, c.stream.StreamID()))
	}
	c.last, c.any = request.sequence, true
	if s.delay > 0 {
		time.Sleep(s.delay)
	}
	err = writeFrame(c.stream, request.sequence, []byte(s.prefix), request.payload)
	switch {
	case errors.Is(err, shmipc.ErrStreamClosed): // the client did not wait; what it sent still counts
		s.unanswered.Add(1)
		return nil
	case err != nil:
		return fmt.Errorf("reply %d: %w", request.sequence, err)
	}
	s.replied.Add(1)
	c.replies++
	if s.closeAfter > 0 && c.replies >= s.closeAfter {
		return errCloseAfter
	}
	return nil
}

// noteEnd books how a stream ended.
func (s *server) noteEnd(stream *shmipc.Stream, err error) {
	switch {
	case errors.Is(err, errEnd), errors.Is(err, errCloseAfter):
		s.ended.Add(1)
	case errors.Is(err, errSessionLost), isEnd(err), stream.Session().IsClosed():
		s.aborted.Add(1)
	default:
		s.noteError(fmt.Errorf("stream %d: %w", stream.StreamID(), err))
	}
}

func (s *server) noteError(err error) {
	s.errs.Add(1)
	s.firstError.note(err)
	s.process.fail("%v", err)
}

func (s *server) result() serverResult {
	return serverResult{
		Streams: s.streams.Load(), Open: s.open.Load(), Ended: s.ended.Load(), Aborted: s.aborted.Load(),
		Received: s.received.Load(), Replied: s.replied.Load(), Unanswered: s.unanswered.Load(),
		Bytes: s.bytes.Load(), Errors: s.errs.Load(), FirstError: s.firstError.text(),
	}
}

// firstError keeps the first of many errors.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) note(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

func (f *firstError) text() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		return ""
	}
	return f.err.Error()
}
