package main

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cloudwego/shmipc-go"
)

// worker makes one round trip after the other. One goroutine uses it at a time.
type worker struct {
	client  *client
	stream  *shmipc.Stream
	replies *replyCallbacks
	calls   int
	request []byte
}

// ensureStream keeps the stream it has while that is usable.
func (w *worker) ensureStream() error {
	if w.stream != nil && w.stream.IsOpen() {
		return nil
	}
	w.closeStream()
	stream, err := w.client.manager.GetStream()
	if err != nil {
		return err
	}
	w.stream, w.calls = stream, 0
	if w.client.mode == "callback" {
		w.replies = &replyCallbacks{prefix: w.client.prefix, outcome: make(chan error, 1)}
		return stream.SetCallbacks(w.replies)
	}
	return nil
}

// roundTrip sends one request and waits for its verified reply. A stream that failed is not used again.
func (w *worker) roundTrip(sequence uint64, size int) error {
	if cap(w.request) < size {
		w.request = make([]byte, size)
	}
	request := w.request[:size]
	fillPattern(request, sequence)
	err := guarded(func() error {
		deadline := time.Now().Add(w.client.deadline)
		if w.client.mode == "callback" {
			return w.callBack(sequence, request, deadline)
		}
		return w.readBack(sequence, request, deadline)
	})
	w.calls++
	switch {
	case errors.Is(err, errSessionLost):
		w.stream = nil
	case err != nil:
		w.closeStream()
	case w.client.mode == "sync" && w.client.putBack:
		w.client.manager.PutBack(w.stream)
		w.stream = nil
	case w.client.callsPerStream > 0 && w.calls >= w.client.callsPerStream:
		w.closeStream()
	}
	return err
}

func (w *worker) readBack(sequence uint64, request []byte, deadline time.Time) error {
	if err := w.stream.SetDeadline(deadline); err != nil {
		return err
	}
	if err := writeFrame(w.stream, sequence, request); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	reply, err := readFrame(w.stream.BufferReader())
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if err := verifyReply(reply, sequence, len(request), w.client.prefix); err != nil {
		return err
	}
	switch {
	case w.client.putBack: // PutBack releases, and refuses to keep a stream with unread data
	case w.client.reuse:
		w.stream.ReleaseReadAndReuse()
	default:
		w.stream.BufferReader().ReleasePreviousRead()
	}
	return nil
}

func (w *worker) callBack(sequence uint64, request []byte, deadline time.Time) error {
	w.replies.expect(sequence, len(request))
	if err := w.stream.SetDeadline(deadline); err != nil {
		return err
	}
	if err := writeFrame(w.stream, sequence, request); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case err := <-w.replies.outcome:
		return err
	case <-timer.C:
		return fmt.Errorf("callback: %w", shmipc.ErrTimeout)
	}
}

// closeStream tells the server, where shmipc-go does: not while a data callback is running.
func (w *worker) closeStream() {
	if w.stream == nil {
		return
	}
	if w.client.mode == "callback" {
		time.Sleep(callbackSettle)
	}
	_ = guarded(w.stream.Close)
	w.stream = nil
}

// replyCallbacks verifies replies where they arrive, on shmipc-go's goroutines, and reports to the worker.
type replyCallbacks struct {
	prefix  string
	outcome chan error

	mu       sync.Mutex
	sequence uint64
	size     int
}

func (r *replyCallbacks) expect(sequence uint64, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sequence, r.size = sequence, size
}

// OnData is called again for as long as the stream has data.
func (r *replyCallbacks) OnData(reader shmipc.BufferReader) {
	err := guarded(func() error {
		reply, err := readFrame(reader)
		if err != nil {
			return err
		}
		r.mu.Lock()
		sequence, size := r.sequence, r.size
		r.mu.Unlock()
		if err := verifyReply(reply, sequence, size, r.prefix); err != nil {
			return err
		}
		reader.ReleasePreviousRead()
		return nil
	})
	r.report(err)
}

func (r *replyCallbacks) OnLocalClose() {}

func (r *replyCallbacks) OnRemoteClose() {
	r.report(fmt.Errorf("callback: %w", shmipc.ErrStreamClosed))
}

func (r *replyCallbacks) report(err error) {
	select {
	case r.outcome <- err:
	default: // the worker has its outcome or is about to leave
	}
}
