#!/usr/bin/env bash
# What a newcomer does: clones, types the README's command, looks, measures, breaks, presses Ctrl-C. Nothing may be left.
#
#   scripts/first-run.sh [PORT]        a free port by default
set -euo pipefail
cd "$(dirname "$0")/.."

port=${1:-0}
directory=$(mktemp -d)
log=$directory/log

# What may come to /dev/shm and /tmp meanwhile and is not the sample's: the counters of Maven's JVM.
not_ours='hsperfdata_.*'

everything() {
    find /dev/shm /tmp -mindepth 1 -maxdepth 1 | sort
}
before=$(everything)

cleanup() {
    [[ -n ${maven:-} ]] && kill -INT -- "-$maven" 2> /dev/null || true
    rm -rf "$directory"
}
trap cleanup EXIT

fail() {
    printf 'first-run: %s\n' "$1" >&2
    cat "$log" >&2
    exit 1
}

# await SECONDS PATTERN: waits for a line in the log.
await() {
    for ((i = 0; i < $1 * 5; i++)); do
        grep -qE "$2" "$log" && return
        sleep 0.2
    done
    fail "no line like '$2' within $1 s"
}

git clone -q . "$directory/clone"
command=$(sed -n '/^## Run it/,/^## /p' README.md | sed -n '/^```/,/^```/p' | sed '/^```/d')
printf '==> %s\n' "$command"
set -m
(cd "$directory/clone" && exec $command "-Dspring-boot.run.arguments=--server.port=$port") > "$log" 2>&1 &
maven=$!
set +m

await 600 '64 bytes to the server and back'
grep -E 'Open http|Memory:|64 bytes' "$log"
base=$(sed -nE 's|.*Open (http://localhost:[0-9]+).*|\1|p' "$log")
processes=$(sed -nE 's|.*web application: process ([0-9]+), server: process ([0-9]+).*|\1 \2|p' "$log")

settled() {
    for ((i = 0; i < 600; i++)); do
        curl -fsS "$base/measure" "$base/break" | grep -q '"RUNNING"' || return 0
        sleep 0.2
    done
    fail 'a measurement or a breakage did not end'
}

settled
curl -fsS "$base/greet?name=Ada" && echo
curl -fsS "$base/" | grep -q '<title>shmipc' || fail 'there is no page'
curl -fsS -o /dev/null -X POST "$base/measure" && settled
curl -fsS "$base/measure.csv"
for breakage in kill-server hot-restart exhaust-memory slow-handler; do
    curl -fsS -o /dev/null -X POST "$base/break/$breakage" && settled
done
[[ $(curl -fsS "$base/break" | grep -o '"DONE"' | wc -l) -eq 4 ]] || fail "$(curl -fsS "$base/break")"

children=$(pgrep -P "${processes%% *}" || true)
kill -INT -- "-$maven"
maven_group=$maven
maven=
for ((i = 0; i < 150; i++)); do
    pgrep -g "$maven_group" > /dev/null || break
    sleep 0.2
done
for process in $processes $children; do
    kill -0 "$process" 2> /dev/null && fail "process $process is left over"
done
left=$(comm -13 <(echo "$before") <(everything) | grep -vE "/$not_ours$" || true)
[[ -z $left ]] || fail "left over: $left"
echo '==> nothing is left over'
