package main

import (
	"bytes"
	"encoding/hex"
	"hash/crc32"
	"testing"
)

func TestPatternIsTheFormulaAtEverySizeAndSequence(t *testing.T) {
	for _, size := range []int{0, 1, 250, 251, 252, 502, 753, 8172, 100_003} {
		for _, sequence := range []uint64{0, 1, 250, 251, 1 << 40} {
			payload := make([]byte, size)
			fillPattern(payload, sequence)
			for i, b := range payload {
				if want := byte((uint64(i)*31 + sequence) % 251); b != want {
					t.Fatalf("size %d sequence %d index %d: %d instead of %d", size, sequence, i, b, want)
				}
			}
			if !matchesPattern(payload, sequence) {
				t.Fatalf("size %d sequence %d does not match itself", size, sequence)
			}
			if size > 0 {
				payload[size-1] ^= 1
				if matchesPattern(payload, sequence) {
					t.Fatalf("size %d sequence %d: a changed last byte went unnoticed", size, sequence)
				}
			}
		}
	}
}

// The bytes that README.md shows.
func TestExampleOfTheReadme(t *testing.T) {
	payload := make([]byte, 10)
	fillPattern(payload, 7)
	if got := hex.EncodeToString(payload); got != "0726456483a2c1e00423" {
		t.Errorf("payload %s", got)
	}
	if got := crc32.ChecksumIEEE(payload); got != 0xdde26b6c {
		t.Errorf("request checksum %08x", got)
	}
	if got := crc32.ChecksumIEEE(append([]byte("go:"), payload...)); got != 0xd29f797f {
		t.Errorf("reply checksum %08x", got)
	}
}

func TestVerifyReplyNamesWhatDiffers(t *testing.T) {
	payload := make([]byte, 300)
	fillPattern(payload, 9)
	good := frame{sequence: 9, payload: append([]byte("go:"), payload...)}
	if err := verifyReply(good, 9, 300, "go:"); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]frame{
		"sequence": {sequence: 10, payload: good.payload},
		"length":   {sequence: 9, payload: good.payload[:302]},
		"prefix":   {sequence: 9, payload: append([]byte("no:"), payload...)},
		"content":  {sequence: 9, payload: append([]byte("go:"), bytes.Repeat([]byte{1}, 300)...)},
	} {
		if verifyReply(bad, 9, 300, "go:") == nil {
			t.Errorf("a wrong %s was accepted", name)
		}
	}
}
