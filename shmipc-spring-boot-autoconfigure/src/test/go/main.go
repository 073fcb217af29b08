// Command envelope speaks the message format of docs/envelope.md through shmipc-go: as the client of a Java listener,
// or as a server that a Java template calls.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: envelope client|server SOCKET")
		os.Exit(2)
	}
	run := runClient
	if os.Args[1] == "server" {
		run = runServer
	}
	if err := run(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("ok")
}
