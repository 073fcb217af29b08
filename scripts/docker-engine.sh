#!/usr/bin/env bash
# docker-engine.sh start|stop|status: a Docker engine for the container tests on a bare Debian machine without systemd.
#
# start   does nothing if an engine answers already; else installs docker.io if it is missing, starts dockerd, waits
# stop    ends the dockerd that this script started, and no other
# status  tells whether an engine answers
#
# The engine gets no default bridge and no netfilter rules: nothing about the machine's network changes.
set -euo pipefail

readonly socket=/var/run/docker.sock
readonly own_pid_file=/var/run/shmipc-docker-engine.pid
readonly log=/var/log/shmipc-docker-engine.log
readonly patience_seconds=60

say() {
    printf 'docker engine: %s\n' "$*"
}

fail() {
    say "$1"
    tail -n 5 "$log" 2> /dev/null || true
    exit 1
}

answers() {
    command -v docker > /dev/null && timeout 5 docker version --format '{{.Server.Version}}' > /dev/null 2>&1
}

is_dockerd() {
    [[ -n $1 && $(cat "/proc/$1/comm" 2> /dev/null) == dockerd ]]
}

own_pid() {
    cat "$own_pid_file" 2> /dev/null || true
}

install_engine() {
    say 'installing docker.io'
    export DEBIAN_FRONTEND=noninteractive
    {
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 docker.io
    } > "$log" 2>&1 || fail 'docker.io cannot be installed:'
}

start() {
    # Two callers at a time: the second one finds an engine that answers.
    exec 9> /var/lock/shmipc-docker-engine.lock
    flock -w 300 9 || fail 'another start has been under way for five minutes'
    if answers; then
        say 'answers already'
        return
    fi
    command -v dockerd > /dev/null || install_engine
    setsid dockerd --host "unix://$socket" --bridge none --iptables=false --ip6tables=false \
        < /dev/null > "$log" 2>&1 9>&- &
    local pid=$! end=$((SECONDS + patience_seconds))
    echo "$pid" > "$own_pid_file"
    until answers; do
        is_dockerd "$pid" || kill -0 "$pid" 2> /dev/null || fail 'dockerd ended:'
        [[ $SECONDS -lt $end ]] || fail "no answer within $patience_seconds s:"
        sleep 0.2
    done
    say "version $(docker version --format '{{.Server.Version}}'), process $pid"
}

stop() {
    local pid
    pid=$(own_pid)
    rm -f "$own_pid_file"
    if ! is_dockerd "$pid"; then
        say 'none was started here'
        return
    fi
    kill -TERM "$pid"
    timeout "$patience_seconds" tail -f --pid "$pid" /dev/null || fail "process $pid does not end:"
    say "process $pid ended"
}

case ${1:-} in
    start) start ;;
    stop) stop ;;
    status)
        if answers; then
            say 'answers'
        else
            say 'does not answer'
            exit 1
        fi
        ;;
    *)
        echo "usage: $0 start|stop|status" >&2
        exit 2
        ;;
esac
