package main

import (
	"fmt"
	"net"
	"os"

	"github.com/cloudwego/shmipc-go"
)

// runServer answers messages on the address until the process is killed.
func runServer(address string) error {
	listener, err := net.Listen("unix", address)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go serve(connection)
	}
}

func serve(connection net.Conn) {
	config := shmipc.DefaultConfig()
	config.LogOutput = os.Stderr
	session, err := shmipc.Server(connection, config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	for {
		stream, err := session.AcceptStream()
		if err != nil {
			return
		}
		go answer(stream)
	}
}

func answer(stream *shmipc.Stream) {
	defer stream.Close()
	for {
		m, err := read(stream)
		if err != nil {
			return
		}
		if m.kind == request {
			if err := write(stream, reaction(m)); err != nil {
				return
			}
		}
		stream.BufferReader().ReleasePreviousRead()
	}
}

func reaction(m message) message {
	if m.headers["route"] == "greet" {
		text := "Hello from Go, " + string(m.payload) + "!"
		return message{reply, m.correlation, map[string]string{"content-type": "text/plain"}, []byte(text)}
	}
	text := "Go does not know the route '" + m.headers["route"] + "'."
	return message{failure, m.correlation, map[string]string{"code": "unknown-route"}, []byte(text)}
}
