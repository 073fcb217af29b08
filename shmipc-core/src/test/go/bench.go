package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"strconv"

	"github.com/cloudwego/shmipc-go"
)

// The benchmark's messages have no frames: every message is -size bytes, a multiple of 8 and at least 8, and is
// taken as little-endian u64 words. Word 0 is the message's number n, counting from 0 and including warm-up.
//
//	touch: only word 0 is written and read; the rest is whatever the memory holds.
//	fill:  word k is n + k mod 2^64. The receiver sums all words mod 2^64 and checks
//	       sum = words*n + words*(words-1)/2.
//
// ping sends message n and waits for pong's message n, of the same size and pattern, before it sends the next.
// oneway-send sends count messages. oneway-recv answers with one u64, how many messages it has had, after every
// max(window/2, 1) messages and after the last one; the sender never has more than window unacknowledged.
// The window is max(4, min(1024, 64 MiB / size)) unless -window says otherwise; both ends need the same.

// benchSlack is how many slices of the message's size the region holds besides those in flight.
const benchSlack = 8

type pattern struct {
	size int
	fill bool
}

func definePattern(flags *flag.FlagSet) func() (pattern, error) {
	size := flags.Int("size", 64, "bytes of a message, a multiple of 8")
	name := flags.String("pattern", "touch", "touch (8 bytes written and read) or fill (all of them)")
	return func() (pattern, error) {
		if *size < 8 || *size%8 != 0 || *size > maxPayload {
			return pattern{}, fmt.Errorf("-size must be a multiple of 8 up to %d, not %d", maxPayload, *size)
		}
		if *name != "touch" && *name != "fill" {
			return pattern{}, fmt.Errorf("-pattern must be touch or fill, not %q", *name)
		}
		return pattern{size: *size, fill: *name == "fill"}, nil
	}
}

// write reserves one message in the region and flushes it.
func (p pattern) write(stream *shmipc.Stream, number uint64) error {
	span, err := stream.BufferWriter().Reserve(p.size)
	if err != nil {
		return err
	}
	binary.LittleEndian.PutUint64(span, number)
	if p.fill {
		for word := number; len(span) >= 8; word++ {
			binary.LittleEndian.PutUint64(span, word)
			span = span[8:]
		}
	}
	return stream.Flush(false)
}

// read takes one message and gives its number. What was read is not yet released.
func (p pattern) read(stream *shmipc.Stream) (uint64, error) {
	span, err := stream.BufferReader().ReadBytes(p.size)
	if err != nil {
		return 0, err
	}
	number := binary.LittleEndian.Uint64(span)
	if !p.fill {
		return number, nil
	}
	sum := uint64(0)
	for ; len(span) >= 8; span = span[8:] {
		sum += binary.LittleEndian.Uint64(span)
	}
	words := uint64(p.size / 8)
	if want := words*number + words*(words-1)/2; sum != want {
		return number, fmt.Errorf("%w: message %d sums up to %d instead of %d", errCorrupt, number, sum, want)
	}
	return number, nil
}

func (p pattern) readExpecting(stream *shmipc.Stream, number uint64) error {
	got, err := p.read(stream)
	if err == nil && got != number {
		err = fmt.Errorf("%w: message %d instead of %d", errCorrupt, got, number)
	}
	return err
}

func (p pattern) window(flag int) int {
	if flag > 0 {
		return flag
	}
	return max(4, min(1024, (64<<20)/p.size))
}

// fitMemory sizes the region so that each message in flight lies in one slice: shmipc-go's Reserve falls back to
// the socket for what no slice can hold.
func (p pattern) fitMemory(o *dialOptions, inFlight int) {
	const smallest, header = 8172, 20
	if o.sliceSizes == "" && p.size > smallest {
		slice := (p.size+header+63)/64*64 - header
		o.sliceSizes = "8172:10," + strconv.Itoa(slice) + ":90"
	}
	if o.bufferBytes == 0 {
		o.bufferBytes = 32 << 20
		if p.size > smallest {
			o.bufferBytes = max(o.bufferBytes, uint(inFlight+benchSlack)*uint(p.size+2*header+64)*10/9+1<<20)
		}
	}
}

// checkSharedMemory refuses a figure that was measured over the socket.
func checkSharedMemory(stream *shmipc.Stream) error {
	_, stability, _ := stream.Session().GetMetrics()
	if n := stability.FallbackWriteCount + stability.FallbackReadCount; n > 0 {
		return fmt.Errorf("%d messages fell back to the socket: the region is too small", n)
	}
	return nil
}

// runSyncServer serves streams until the process is told to end.
func runSyncServer(p *process, network, addr string, serve func(stream *shmipc.Stream)) error {
	s, err := newStreamServer(network, addr, func(stream *shmipc.Stream) {
		serve(stream)
		_ = guarded(stream.Close)
	})
	if err != nil {
		return err
	}
	p.onCleanUp(removeMappedFiles)
	p.readCommands(nil)
	p.ready(s.address())
	ran := make(chan error, 1)
	go func() { ran <- s.run() }()
	select {
	case err = <-ran:
	case <-p.stopping.Done():
	}
	err = errors.Join(err, s.close())
	releaseMemory()
	return err
}

// onBenchStream runs a benchmark client's one stream.
func onBenchStream(p *process, o *dialOptions, run func(stream *shmipc.Stream) (any, error)) error {
	p.readCommands(nil)
	manager, err := o.connect(p)
	if err != nil {
		return err
	}
	defer closeManager(manager)
	stream, err := manager.GetStream()
	if err != nil {
		return err
	}
	go func() { // a benchmark that is told to end has no result
		<-p.stopping.Done()
		_ = guarded(stream.Close)
	}()
	var result any
	err = guarded(func() error {
		var err error
		if result, err = run(stream); err != nil {
			return err
		}
		return checkSharedMemory(stream)
	})
	if err != nil {
		p.fail("%v", err)
		return errReported
	}
	p.done(result)
	return nil
}
