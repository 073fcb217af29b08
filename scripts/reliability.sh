#!/usr/bin/env bash
# Measures what docs/reliability.md promises, and prints promised and measured side by side; fails when one falls short or
# is not measured, such as for want of Go, strace or root.
#
#   scripts/reliability.sh quick   scaled-down counts, minutes; every `./mvnw verify`, and so CI, runs the same tests
#   scripts/reliability.sh full    all of them, hours
#   scripts/reliability.sh table   what `./mvnw verify -Dshmipc.reliability.report=$PWD/target/reliability/table.tsv` measured
#
# `--only CLASSES` runs the tests of these classes alone; what follows goes to Maven, such as another count:
#   scripts/reliability.sh full --only ServerKillIT,PauseIT -Dshmipc.reliability.kills.server.java=500
# The table is written to target/reliability/ as it goes: whoever interrupts a run has what was reached.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

# How often, in a full run: the name of each figure, as its test says it. A quick run takes the counts of the tests.
full_counts() {
    cat <<'COUNTS'
kills.server.java 10000
kills.server.go 10000
kills.client.java 10000
kills.client.go 10000
kills.client.steps 1000
kills.server.steps 1000
pauses 10000
restarts 1000
silent.clients 1000
undrained.server.java 20000
undrained.server.go 20000
undrained.client.java 20000
frames.decoder 10000000
frames.connections 1000000
frames.servers 100000
memory.mutations 1000000
memory.live 1000000
memory.cut 1000
memory.full 1000
syscalls.failing 1230
soak.java 100000000
soak.go 100000000
COUNTS
}

[[ $# -ge 1 ]] || usage
mode=$1
shift
directory=$PWD/target/reliability
report=$directory/$mode.tsv
table=$directory/$mode.md
options=(-B -q -Dquick -pl shmipc-core verify -Dgroups=reliability -Dshmipc.reliability.report="$report")

case $mode in
    quick) ;;
    full)
        # A figure fails by the time limits of its steps; how long all of it takes says nothing.
        options+=(-Djunit.jupiter.execution.timeout.mode=disabled -Dtest.jvm.timeoutSeconds=0)
        # One figure that falls short does not keep the others from being measured.
        options+=(-Dmaven.test.failure.ignore=true)
        while read -r name count; do
            options+=("-Dshmipc.reliability.$name=$count")
        done < <(full_counts)
        ;;
    table) ;;
    *) usage ;;
esac

mapfile -t expected < <(full_counts | cut -d ' ' -f 1)

# figures_of CLASSES: the names of the figures that these test classes keep.
figures_of() {
    local class name
    for class in ${1//,/ }; do
        for name in "${expected[@]}"; do
            if grep -rqF --include="${class%%#*}.java" "\"$name\"" shmipc-core/src/test/java; then
                echo "$name"
            fi
        done
    done
}

if [[ ${1:-} == --only ]]; then
    [[ $# -ge 2 ]] || usage
    mapfile -t expected < <(figures_of "$2")
    options+=(-Dtest="$2" -Dit.test="$2" -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false)
    shift 2
fi

# Prints one line of name, promised, measured and verdict for each figure: of several with one name the last one counts.
figures() {
    awk -F '\t' -v expected="${expected[*]}" '
        !($1 in last) { order[++figures] = $1 }
        { last[$1] = $0 }
        END {
            for (i = 1; i <= figures; i++) print last[order[i]]
            names = split(expected, name, " ")
            for (i = 1; i <= names; i++) if (!(name[i] in last)) printf "%s\t\t\tnot measured\n", name[i]
        }' "$report"
}

write_table() {
    {
        printf '| figure | promised | measured | |\n| --- | --- | --- | --- |\n'
        figures | awk -F '\t' '{ gsub(/\|/, "/", $3); printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }'
    } > "$table.new"
    mv "$table.new" "$table"
}

print_table() {
    write_table
    printf '\n%s, JDK %s, %s, %s processors, %s\n\n' \
        "$(date -u '+%F %H:%M UTC')" "$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.version = //p')" \
        "$(uname -srm)" "$(nproc)" "commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)"
    cat "$table"
}

# Fails if a figure fell short or was not measured.
judge() {
    if [[ ! -s $report ]]; then
        echo 'No figure was measured.' >&2
        return 1
    fi
    local short
    if short=$(figures | awk -F '\t' '$4 != "pass" { printf " %s (%s)", $1, $4; short = 1 } END { exit !short }'); then
        echo "Short of what is promised:$short. What was skipped or failed before it began is in the reports of the tests." >&2
        return 1
    fi
}

if [[ $mode == table ]]; then
    print_table
    judge
    exit
fi

mkdir -p "$directory"
rm -f "$report" "$table"
touch "$report"

maven=
finish() {
    trap - EXIT INT TERM
    if [[ -n $maven ]] && kill -0 "$maven" 2> /dev/null; then
        kill "$maven"
        wait "$maven" || true
    fi
    print_table
}
trap finish EXIT
trap 'exit 130' INT TERM

./mvnw "${options[@]}" "$@" &
maven=$!
while kill -0 "$maven" 2> /dev/null; do
    write_table
    sleep 2
done
status=0
wait "$maven" || status=$?
maven=

judge
exit "$status"
