#!/usr/bin/env bash
# Installs what the tests need beyond a JDK, if it is missing. May run any number of times.
set -euo pipefail

as_root() {
    if [[ $(id -u) -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

# need COMMAND PACKAGE: the Debian package that brings a command.
need() {
    if ! command -v "$1" > /dev/null; then
        as_root apt-get update -qq
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2"
    fi
    printf '%s: %s\n' "$1" "$(command -v "$1")"
}

# The Go programs that the tests talk to.
need go golang-go

# The browser that looks at the sample's page.
need chromium chromium
need chromedriver chromium-driver

# The Rust program that they talk to needs Rust 1.88. Debian 12's package cargo is older; cargo-web brings a newer one.
need cargo cargo-web

# What makes system calls fail for SyscallFaultIT.
need strace strace

# The container tests: Compose, an engine, and an image out of the default JDK.
need docker-compose docker-compose
as_root scripts/docker-engine.sh start
scripts/build-java-image.sh
