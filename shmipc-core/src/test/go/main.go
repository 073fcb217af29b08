// Command peer is the other end of the interoperation tests: shmipc-go as a server, a client and a
// benchmark partner, driven as a child process. README.md describes every subcommand and every line it
// prints.
//
// Inside a stream it speaks frames. All integers are big-endian.
//
//	byte  0          4          8                     16               16 + length
//	      +----------+----------+---------------------+-----------------+
//	      | length   | crc32    | sequence            | payload …       |
//	      +----------+----------+---------------------+-----------------+
//	        u32        u32        u64
//
// length counts the payload alone. crc32 is the IEEE checksum of the payload. A request's payload of
// length n and sequence s holds (i*31 + s) mod 251 at index i. The reply carries the same sequence, and as
// its payload the server's prefix followed by the request's payload; its length and checksum cover both.
// Sequences grow strictly within one stream, in any steps.
//
// The benchmark subcommands send fixed-size messages without frames; bench.go describes them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

// errReported ends the process with exit code 1 when everything worth saying was already printed.
var errReported = errors.New("reported")

type command struct {
	name    string
	summary string
	// define declares the flags and gives back what to run once they are parsed.
	define func(flags *flag.FlagSet) func(p *process) error
}

var commands = []command{
	{"server", "answer framed requests", defineServer},
	{"client", "send framed requests and verify every reply", defineClient},
	{"write-then-close", "send frames and close the stream at once, reading nothing", defineWriteThenClose},
	{"half", "send frames, then read until the server closes", defineHalf},
	{"ping", "measure round trips, one message outstanding", definePing},
	{"pong", "echo fixed-size messages for ping", definePong},
	{"oneway-send", "send fixed-size messages as fast as they are taken", defineOnewaySend},
	{"oneway-recv", "take the messages of oneway-send", defineOnewayRecv},
}

func main() {
	out := takeStdout()
	if len(os.Args) < 2 || strings.TrimLeft(os.Args[1], "-") == "h" || os.Args[1] == "--help" {
		printCommands(out)
		return
	}
	for _, c := range commands {
		if c.name == os.Args[1] {
			os.Exit(run(c, os.Args[2:], out))
		}
	}
	fmt.Fprintf(os.Stderr, "unknown subcommand %q; see -h\n", os.Args[1])
	os.Exit(1)
}

func run(c command, args []string, out *os.File) int {
	flags := newFlagSet(c.name)
	start := c.define(flags)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		printFlags(out, c, flags)
		return 0
	} else if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", c.name, err)
		return 1
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "%s: unexpected argument %q\n", c.name, flags.Arg(0))
		return 1
	}
	p := newProcess(out)
	err := start(p)
	p.cleanUp()
	if err != nil {
		if !errors.Is(err, errReported) {
			fmt.Fprintf(os.Stderr, "%s: %v\n", c.name, err)
		}
		return 1
	}
	return 0
}

func newFlagSet(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(os.Stderr)
	flags.Usage = func() {}
	return flags
}

func printCommands(out *os.File) {
	fmt.Fprintln(out, "usage: peer <subcommand> [flags]     (peer <subcommand> -h lists the flags)")
	for _, c := range commands {
		fmt.Fprintf(out, "  %-17s %s\n", c.name, c.summary)
	}
	fmt.Fprintln(out, "stdin: commands, one a line; its end, like SIGTERM, ends the process.")
	fmt.Fprintln(out, "stdout: READY <addr>, then lines OK … or FAIL …, then DONE <json>. Logs go to stderr.")
	fmt.Fprintln(out, "SHMIPC_LOG_LEVEL: 0 trace … 4 error (default here) … 5 nothing.")
}

func printFlags(out *os.File, c command, flags *flag.FlagSet) {
	fmt.Fprintf(out, "usage: peer %s [flags]     %s\n", c.name, c.summary)
	flags.SetOutput(out)
	flags.PrintDefaults()
}
