package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"runtime/debug"

	"github.com/cloudwego/shmipc-go"
)

const (
	frameHeaderLength = 16
	// maxPayload refuses a length that can only come from a broken frame.
	maxPayload = 256 << 20
	// patternPeriod is after how many bytes the payload's pattern repeats.
	patternPeriod = 251
)

var (
	// errEnd says that the stream ended between two frames.
	errEnd = errors.New("end of the stream")
	// errCorrupt is wrapped by everything that says: these are not the bytes that were sent.
	errCorrupt = errors.New("corrupt")
	// errSessionLost replaces the fault of touching shared memory that shmipc-go has already unmapped.
	errSessionLost = errors.New("session lost in the middle of an access to its memory")
)

type frame struct {
	sequence uint64
	// payload may lie in shared memory: it is valid until the reader releases what was read.
	payload []byte
}

// fillPattern writes the payload that belongs to a sequence.
func fillPattern(payload []byte, sequence uint64) {
	for i := 0; i < len(payload) && i < patternPeriod; i++ {
		payload[i] = byte((uint64(i)*31 + sequence%patternPeriod) % patternPeriod)
	}
	for n := patternPeriod; n < len(payload); n *= 2 {
		copy(payload[n:], payload[:n])
	}
}

func matchesPattern(payload []byte, sequence uint64) bool {
	var first [patternPeriod]byte
	fillPattern(first[:], sequence)
	if len(payload) <= patternPeriod {
		return bytes.Equal(payload, first[:len(payload)])
	}
	return bytes.Equal(payload[:patternPeriod], first[:]) &&
		bytes.Equal(payload[patternPeriod:], payload[:len(payload)-patternPeriod])
}

// readFrame blocks until a whole frame is there and checks its checksum.
func readFrame(reader shmipc.BufferReader) (frame, error) {
	header, err := reader.ReadBytes(frameHeaderLength)
	if err != nil {
		if isEnd(err) && reader.Len() == 0 {
			return frame{}, errEnd
		}
		return frame{}, fmt.Errorf("header with %d bytes there: %w", reader.Len(), err)
	}
	length := binary.BigEndian.Uint32(header)
	checksum := binary.BigEndian.Uint32(header[4:])
	f := frame{sequence: binary.BigEndian.Uint64(header[8:])}
	if length > maxPayload {
		return f, fmt.Errorf("%w: sequence %d claims %d bytes", errCorrupt, f.sequence, length)
	}
	if f.payload, err = reader.ReadBytes(int(length)); err != nil {
		return f, fmt.Errorf("payload of sequence %d, %d of %d bytes there: %w",
			f.sequence, reader.Len(), length, err)
	}
	if actual := crc32.ChecksumIEEE(f.payload); actual != checksum {
		return f, fmt.Errorf("%w: sequence %d, %d bytes: checksum %08x, header says %08x",
			errCorrupt, f.sequence, length, actual, checksum)
	}
	return f, nil
}

// writeFrame flushes one frame whose payload is all the parts, one after the other.
func writeFrame(stream *shmipc.Stream, sequence uint64, parts ...[]byte) error {
	var header [frameHeaderLength]byte
	length, checksum := 0, uint32(0)
	for _, part := range parts {
		length += len(part)
		checksum = crc32.Update(checksum, crc32.IEEETable, part)
	}
	binary.BigEndian.PutUint32(header[:], uint32(length))
	binary.BigEndian.PutUint32(header[4:], checksum)
	binary.BigEndian.PutUint64(header[8:], sequence)
	writer := stream.BufferWriter()
	if _, err := writer.WriteBytes(header[:]); err != nil {
		return err
	}
	for _, part := range parts {
		if _, err := writer.WriteBytes(part); err != nil {
			return err
		}
	}
	return stream.Flush(false)
}

// verifyReply checks a reply against the request that it answers.
func verifyReply(reply frame, sequence uint64, size int, prefix string) error {
	switch {
	case reply.sequence != sequence:
		return fmt.Errorf("%w: reply has sequence %d instead of %d", errCorrupt, reply.sequence, sequence)
	case len(reply.payload) != len(prefix)+size:
		return fmt.Errorf("%w: reply %d has %d bytes instead of %d",
			errCorrupt, sequence, len(reply.payload), len(prefix)+size)
	case string(reply.payload[:len(prefix)]) != prefix:
		return fmt.Errorf("%w: reply %d begins with %q instead of %q",
			errCorrupt, sequence, reply.payload[:len(prefix)], prefix)
	case !matchesPattern(reply.payload[len(prefix):], sequence):
		return fmt.Errorf("%w: reply %d does not hold the request's bytes", errCorrupt, sequence)
	}
	return nil
}

func isEnd(err error) bool {
	return errors.Is(err, shmipc.ErrEndOfStream) || errors.Is(err, shmipc.ErrStreamClosed)
}

// guarded runs f and turns the fault, which shmipc-go allows when a session ends while its memory is in
// use, into errSessionLost. The stream must not be touched after that.
func guarded(f func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%w: %v", errSessionLost, cause)
		}
	}()
	return f()
}
