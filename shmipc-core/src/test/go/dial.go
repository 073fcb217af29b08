package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/cloudwego/shmipc-go"
)

// dialOptions says whom a client connects to and what memory it creates for that.
type dialOptions struct {
	network, addr, memory, pathPrefix, sliceSizes string
	sessions                                      int
	bufferBytes, queueCap                         uint
}

func defineAddress(flags *flag.FlagSet, network, addr *string) {
	flags.StringVar(network, "network", "unix", "unix or tcp")
	flags.StringVar(addr, "addr", "", "socket path, or host:port")
}

func (o *dialOptions) define(flags *flag.FlagSet, bufferBytes uint, bufferUsage string) {
	defineAddress(flags, &o.network, &o.addr)
	flags.StringVar(&o.memory, "memory", "file", "memfd (unix only) or file")
	flags.StringVar(&o.pathPrefix, "path-prefix", "",
		"ShareMemoryPathPrefix, to which shmipc-go appends _<pid> (default /dev/shm/shmipc-peer-<random>)")
	flags.UintVar(&o.bufferBytes, "buffer-bytes", bufferBytes, bufferUsage)
	flags.UintVar(&o.queueCap, "queue-cap", 8192, "elements per queue")
	flags.StringVar(&o.sliceSizes, "slice-sizes", "",
		"size:percent,… of the region's slices (default shmipc-go's 8172:50,32748:30,131052:20)")
}

// connect opens the sessions. Closing the manager and removing its files is left to the process's clean-up.
func (o *dialOptions) connect(p *process) (*shmipc.SessionManager, error) {
	config, err := o.config()
	if err != nil {
		return nil, err
	}
	files := config.ShareMemoryPathPrefix + "_" + strconv.Itoa(os.Getpid()) + "_*"
	p.onCleanUp(func() { removeFiles(files) })
	manager, err := shmipc.NewSessionManager(config)
	if err != nil {
		return nil, err
	}
	p.ready(o.addr)
	return manager, nil
}

// closeManager gives up on a manager that does not come to rest.
func closeManager(manager *shmipc.SessionManager) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = guarded(manager.Close)
	}()
	select {
	case <-closed:
	case <-time.After(killGrace / 2):
	}
}

func (o *dialOptions) config() (*shmipc.SessionManagerConfig, error) {
	config := shmipc.DefaultSessionManagerConfig()
	config.Network, config.Address = o.network, o.addr
	config.SessionNum = max(o.sessions, 1)
	config.LogOutput = os.Stderr
	config.QueueCap = uint32(o.queueCap)
	config.ShareMemoryBufferCap = uint32(o.bufferBytes)
	switch o.memory {
	case "file":
		config.MemMapType = shmipc.MemMapTypeDevShmFile
	case "memfd":
		config.MemMapType = shmipc.MemMapTypeMemFd
	default:
		return nil, fmt.Errorf("-memory must be memfd or file, not %q", o.memory)
	}
	config.ShareMemoryPathPrefix = o.pathPrefix
	if o.pathPrefix == "" {
		var random [8]byte
		if _, err := rand.Read(random[:]); err != nil {
			return nil, err
		}
		config.ShareMemoryPathPrefix = "/dev/shm/shmipc-peer-" + hex.EncodeToString(random[:])
	}
	if o.sliceSizes != "" {
		pairs, err := parseSliceSizes(o.sliceSizes)
		if err != nil {
			return nil, err
		}
		config.BufferSliceSizes = pairs
	}
	return config, nil
}

func parseSliceSizes(text string) ([]*shmipc.SizePercentPair, error) {
	var pairs []*shmipc.SizePercentPair
	for _, item := range strings.Split(text, ",") {
		size, percent, found := strings.Cut(item, ":")
		sizeBytes, sizeErr := strconv.ParseUint(size, 10, 32)
		share, shareErr := strconv.ParseUint(percent, 10, 32)
		if !found || sizeErr != nil || shareErr != nil {
			return nil, errors.New("-slice-sizes needs size:percent,…")
		}
		pairs = append(pairs, &shmipc.SizePercentPair{Size: uint32(sizeBytes), Percent: uint32(share)})
	}
	return pairs, nil
}
