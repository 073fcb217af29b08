// Asks the sample's server for a greeting, as a Go program that knows shmipc-go and nothing else.
//
//	go run . SOCKET NAME
package main

import (
	"log"
	"os"

	"github.com/cloudwego/shmipc-go"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: go run . SOCKET NAME; the sample's page shows the path of the socket")
	}
	config := shmipc.DefaultSessionManagerConfig()
	config.Network, config.Address, config.MemMapType = "unix", os.Args[1], shmipc.MemMapTypeMemFd
	manager, err := shmipc.NewSessionManager(config)
	check(err)
	defer manager.Close()

	stream, err := manager.GetStream()
	check(err)
	// One line is one message: lines/LineCodec.java says so on the other side.
	check(stream.BufferWriter().WriteString(os.Args[2] + "\n"))
	check(stream.Flush(false))
	for char := byte(0); char != '\n'; {
		char, err = stream.BufferReader().ReadByte() // waits for it
		check(err)
		os.Stdout.Write([]byte{char})
	}
	manager.PutBack(stream)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
