package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/cloudwego/shmipc-go"
)

const (
	// killGrace is how long an ordered end may take before the process ends itself.
	killGrace = 5 * time.Second
	// failLineLimit keeps a broken run from flooding its parent; all failures are counted.
	failLineLimit = 100
)

// process is the one running subcommand: its lines on stdout, its commands from stdin, its end.
type process struct {
	// stopping ends when the run should finish what it is doing and then end.
	stopping context.Context
	stop     context.CancelFunc

	mu        sync.Mutex
	out       *os.File
	failLines int
	cleaners  []func()
}

// takeStdout keeps the real stdout for this process's own lines and points descriptor 1 at stderr, because
// shmipc-go writes its logs to stdout.
func takeStdout() *os.File {
	fd, err := syscall.Dup(1)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cannot duplicate stdout:", err)
		os.Exit(1)
	}
	syscall.CloseOnExec(fd)
	if err := syscall.Dup3(2, 1, 0); err != nil {
		fmt.Fprintln(os.Stderr, "cannot redirect stdout:", err)
		os.Exit(1)
	}
	if os.Getenv("SHMIPC_LOG_LEVEL") == "" {
		shmipc.SetLogLevel(4)
	}
	return os.NewFile(uintptr(fd), "stdout")
}

func newProcess(out *os.File) *process {
	p := &process{out: out}
	p.stopping, p.stop = context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		p.end("signal")
	}()
	return p
}

// readCommands hands each line of stdin to handle. "stop" and the end of stdin are understood everywhere.
func (p *process) readCommands(handle func(words []string)) {
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			words := strings.Fields(lines.Text())
			switch {
			case len(words) == 0:
			case words[0] == "stop":
				p.stop()
			case handle != nil:
				handle(words)
			default:
				p.fail("unknown command %q", words[0])
			}
		}
		p.end("end of stdin")
	}()
}

// end stops the run and makes sure that the process is gone soon after.
func (p *process) end(why string) {
	p.stop()
	time.AfterFunc(killGrace, func() {
		fmt.Fprintf(os.Stderr, "still running %s after %s\n", killGrace, why)
		p.cleanUp()
		os.Exit(1)
	})
}

// onCleanUp has f run when the process ends, in order or by force.
func (p *process) onCleanUp(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cleaners = append(p.cleaners, f)
}

func (p *process) cleanUp() {
	p.mu.Lock()
	cleaners := p.cleaners
	p.cleaners = nil
	p.mu.Unlock()
	for _, f := range cleaners {
		f()
	}
}

func (p *process) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	_, _ = p.out.WriteString(text + "\n") // the parent may be gone
}

func (p *process) ready(addr string)             { p.line("READY %s", addr) }
func (p *process) ok(format string, args ...any) { p.line("OK "+format, args...) }
func (p *process) done(result any)               { p.line("DONE %s", toJSON(result)) }
func (p *process) stats(result any)              { p.line("STATS %s", toJSON(result)) }
func (p *process) isStopping() bool              { return p.stopping.Err() != nil }
func (p *process) pause(d time.Duration) (on bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.stopping.Done():
		return false
	}
}

// fail prints a FAIL line, unless very many were printed already.
func (p *process) fail(format string, args ...any) {
	p.mu.Lock()
	p.failLines++
	print := p.failLines <= failLineLimit
	p.mu.Unlock()
	if print {
		p.line("FAIL "+format, args...)
	}
}

func toJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain structs and maps come here
	}
	return string(text)
}
