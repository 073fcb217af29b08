package main

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/cloudwego/shmipc-go"
)

// callbackServer is a Listener whose streams have callbacks.
type callbackServer struct {
	server   *server
	listener *shmipc.Listener
}

func newCallbackServer(s *server) (*callbackServer, error) {
	config := shmipc.NewDefaultListenerConfig(s.addr, s.network)
	config.LogOutput = os.Stderr
	c := &callbackServer{server: s}
	var err error
	c.listener, err = shmipc.NewListener(c, config)
	return c, err
}

func (c *callbackServer) address() string               { return c.listener.Addr().String() }
func (c *callbackServer) run() error                    { return c.listener.Run() }
func (c *callbackServer) hotRestart(epoch uint64) error { return c.listener.HotRestart(epoch) }
func (c *callbackServer) isHotRestartDone() bool        { return c.listener.IsHotRestartDone() }
func (c *callbackServer) setUnlinkOnClose(unlink bool)  { c.listener.SetUnlinkOnClose(unlink) }
func (c *callbackServer) close() error                  { return c.listener.Close() }

// OnNewStream runs on shmipc-go's event loop, before the stream's first data is looked at.
func (c *callbackServer) OnNewStream(stream *shmipc.Stream) {
	c.server.streams.Add(1)
	c.server.open.Add(1)
	h := &streamCallbacks{conversation: conversation{server: c.server, stream: stream}}
	if err := stream.SetCallbacks(h); err != nil {
		c.server.noteError(err)
	}
}

func (c *callbackServer) OnShutdown(string) {}

// streamCallbacks answers the frames of one stream. shmipc-go calls OnData from one goroutine at a time, and
// the close callbacks from others.
type streamCallbacks struct {
	conversation
	once sync.Once
	over atomic.Bool
}

// OnData blocks in a partial frame until the rest is there, as its users do.
func (h *streamCallbacks) OnData(reader shmipc.BufferReader) {
	err := guarded(func() error {
		if h.over.Load() { // only an empty buffer lets the callback, and then the stream, come to its end
			_, err := reader.Discard(reader.Len())
			reader.ReleasePreviousRead()
			return err
		}
		for reader.Len() > 0 {
			if err := h.answerOne(reader); err != nil {
				return err
			}
			reader.ReleasePreviousRead()
		}
		return nil
	})
	if err == nil {
		if !h.stream.IsOpen() { // closed while this ran: then no close callback follows
			h.ended(errEnd)
		}
		return
	}
	h.ended(err)
	if !errors.Is(err, errSessionLost) {
		time.AfterFunc(callbackSettle, func() { _ = guarded(h.stream.Close) })
	}
}

func (h *streamCallbacks) OnLocalClose() { h.ended(errEnd) }

func (h *streamCallbacks) OnRemoteClose() {
	if h.stream.Session().IsClosed() {
		h.ended(errSessionLost)
		return // shmipc-go is closing the stream itself
	}
	h.ended(errEnd)
	_ = h.stream.Close()
}

func (h *streamCallbacks) ended(err error) {
	h.over.Store(true)
	h.once.Do(func() {
		h.server.open.Add(-1)
		h.server.noteEnd(h.stream, err)
	})
}
