package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/cloudwego/shmipc-go"
)

// runClient calls a listener with message methods and checks what it answers.
func runClient(address string) error {
	config := shmipc.DefaultSessionManagerConfig()
	config.Network, config.Address, config.LogOutput = "unix", address, os.Stderr
	config.MemMapType = shmipc.MemMapTypeMemFd
	manager, err := shmipc.NewSessionManager(config)
	if err != nil {
		return err
	}
	defer manager.Close()
	stream, err := manager.GetStream()
	if err != nil {
		return err
	}
	defer stream.Close()
	large := string(make([]byte, 300_000))
	return errors.Join(
		call(stream, "greet", "Ada", reply, "Hello, Ada!"),
		call(stream, "greet", large, reply, "Hello, "+large+"!"),
		call(stream, "trace", "", reply, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
		call(stream, "nowhere", "Ada", failure, "Nothing serves the route 'nowhere'."),
		write(stream, message{oneWay, 0, map[string]string{"route": "note"}, []byte("from Go")}),
		call(stream, "person", `{"name":"Ada","age":36}`, reply, `{"name":"Ada","age":37}`),
	)
}

func call(stream *shmipc.Stream, route, payload string, kind byte, expected string) error {
	headers := map[string]string{
		"route":       route,
		"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
	}
	correlation := uint64(len(route) + len(payload) + 1)
	if err := write(stream, message{request, correlation, headers, []byte(payload)}); err != nil {
		return err
	}
	answer, err := read(stream)
	if err != nil {
		return err
	}
	defer stream.BufferReader().ReleasePreviousRead()
	if answer.kind != kind || answer.correlation != correlation || string(answer.payload) != expected {
		return fmt.Errorf("route %s answered type %d, correlation %d, headers %v, %d bytes of payload: %.100q",
			route, answer.kind, answer.correlation, answer.headers, len(answer.payload), answer.payload)
	}
	if kind == failure && answer.headers["code"] != "unknown-route" {
		return fmt.Errorf("route %s answered the code %q", route, answer.headers["code"])
	}
	return nil
}
