package main

import (
	"errors"
	"net"
	"os"
	"sync"

	"github.com/cloudwego/shmipc-go"
)

// streamServer accepts connections itself and gives each accepted stream a goroutine.
type streamServer struct {
	listener net.Listener
	serve    func(stream *shmipc.Stream)

	mu       sync.Mutex
	closed   bool
	sessions map[*shmipc.Session]struct{}
}

func newStreamServer(network, addr string, serve func(stream *shmipc.Stream)) (*streamServer, error) {
	if info, err := os.Lstat(addr); network == "unix" && err == nil && info.Mode()&os.ModeSocket != 0 {
		if err := os.Remove(addr); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen(network, addr)
	if err != nil {
		return nil, err
	}
	return &streamServer{listener: listener, serve: serve, sessions: map[*shmipc.Session]struct{}{}}, nil
}

func (s *streamServer) address() string { return s.listener.Addr().String() }

func (s *streamServer) run() error {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		go s.serveConnection(conn)
	}
}

func (s *streamServer) serveConnection(conn net.Conn) {
	config := shmipc.DefaultConfig()
	config.LogOutput = os.Stderr
	session, err := shmipc.Server(conn, config)
	if err != nil {
		os.Stderr.WriteString("handshake failed: " + err.Error() + "\n")
		_ = conn.Close()
		return
	}
	if !s.add(session) {
		_ = session.Close()
		return
	}
	defer s.remove(session)
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return
		}
		go s.serve(stream)
	}
}

func (s *streamServer) add(session *shmipc.Session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.sessions[session] = struct{}{}
	return true
}

func (s *streamServer) remove(session *shmipc.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, session)
}

func (s *streamServer) close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.closed = true
	sessions := s.sessions
	s.sessions = map[*shmipc.Session]struct{}{}
	s.mu.Unlock()
	for session := range sessions {
		_ = session.Close()
	}
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

func (s *streamServer) setUnlinkOnClose(unlink bool) {
	if listener, ok := s.listener.(*net.UnixListener); ok {
		listener.SetUnlinkOnClose(unlink)
	}
}

func (s *streamServer) hotRestart(uint64) error {
	return errors.New("only a Listener, -mode callback, can hot restart")
}

func (s *streamServer) isHotRestartDone() bool { return true }
