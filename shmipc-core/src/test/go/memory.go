package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// unmapTimeout bounds the wait for shmipc-go to unmap and unlink the memory of closed sessions: it does so at once, or,
// where the counters of slices taken and returned differ, much later.
const unmapTimeout = 200 * time.Millisecond

// releaseMemory waits until closed sessions have let go of their memory. Where shmipc-go's event loop hangs, it
// unlinks what that would have unlinked.
func releaseMemory() {
	for begin := time.Now(); time.Since(begin) < unmapTimeout; time.Sleep(5 * time.Millisecond) {
		if !strings.Contains(readMappings(), " rw-s ") {
			return
		}
	}
	removeMappedFiles()
}

// removeMappedFiles unlinks the files that this process has mapped to share them.
func removeMappedFiles() {
	for _, line := range strings.Split(readMappings(), "\n") {
		path := strings.Index(line, "/")
		if path < 0 || !strings.Contains(line, " rw-s ") || strings.HasPrefix(line[path:], "/memfd:") ||
			strings.HasSuffix(line, " (deleted)") {
			continue
		}
		removeFile(line[path:])
	}
}

func readMappings() string {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return string(maps)
}

// removeFiles removes at once what shmipc-go's event loop would remove within a second.
func removeFiles(pattern string) {
	paths, err := filepath.Glob(pattern)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	for _, path := range paths {
		removeFile(path)
	}
}

func removeFile(path string) {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		fmt.Fprintln(os.Stderr, err)
	}
}
