package main

import (
	"encoding/binary"
	"fmt"

	"github.com/cloudwego/shmipc-go"
)

// The types of messages.
const (
	request = 1 + iota
	reply
	failure
	oneWay
)

const (
	prefixBytes = 16
	version     = 1
	maxBytes    = 16 << 20
)

// message is what docs/envelope.md describes.
type message struct {
	kind        byte
	correlation uint64
	headers     map[string]string
	payload     []byte
}

// write sends one message.
func write(stream *shmipc.Stream, m message) error {
	var headers []byte
	for name, value := range m.headers {
		headers = append(append(headers, byte(len(name))), name...)
		headers = append(binary.BigEndian.AppendUint16(headers, uint16(len(value))), value...)
	}
	prefix := binary.BigEndian.AppendUint32(nil, uint32(prefixBytes+len(headers)+len(m.payload)))
	prefix = append(prefix, version, m.kind)
	prefix = binary.BigEndian.AppendUint16(prefix, uint16(len(headers)))
	prefix = binary.BigEndian.AppendUint64(prefix, m.correlation)
	for _, part := range [][]byte{prefix, headers, m.payload} {
		if _, err := stream.BufferWriter().WriteBytes(part); err != nil {
			return err
		}
	}
	return stream.Flush(false)
}

// read waits for one message. Its payload is valid until the reader releases what was read.
func read(stream *shmipc.Stream) (m message, err error) {
	prefix, err := stream.BufferReader().ReadBytes(prefixBytes)
	if err != nil {
		return m, err
	}
	length, headerBytes := binary.BigEndian.Uint32(prefix), int(binary.BigEndian.Uint16(prefix[6:]))
	if length > maxBytes || int(length) < prefixBytes+headerBytes || prefix[4] != version {
		return m, fmt.Errorf("not a message: % x", prefix)
	}
	m.kind, m.correlation, m.headers = prefix[5], binary.BigEndian.Uint64(prefix[8:]), map[string]string{}
	rest, err := stream.BufferReader().ReadBytes(int(length) - prefixBytes)
	if err != nil {
		return m, err
	}
	for headers := rest[:headerBytes]; len(headers) > 0; {
		n := 1 + int(headers[0])
		v := n + 2 + int(binary.BigEndian.Uint16(headers[n:]))
		m.headers[string(headers[1:n])] = string(headers[n+2 : v])
		headers = headers[v:]
	}
	m.payload = rest[headerBytes:]
	return m, nil
}
