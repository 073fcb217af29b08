#!/usr/bin/env bash
# Measures shmipc beside its peers.
#
#   benchmarks/run.sh full [GROUP...]    everything, half an hour; writes docs/performance.md and its charts
#   benchmarks/run.sh quick [GROUP...]   something of everything in under five minutes, to see that it works
#   benchmarks/run.sh report             writes docs/performance.md again from the samples of the last full run
#
# Groups: touch fill streaming paced footprint mechanisms. Each keeps its samples apart, and the page is made of all
# that are there: a full run can be done group by group. The page of quick goes to benchmarks/target.
#
# SHMIPC_BENCHMARK_PAGES names another directory for the page, SHMIPC_BENCHMARK_PAIRS some of the pairs, with commas.
# Nothing else should run meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-}
case $mode in
    full | report) plan=full pages=docs ;;
    quick) plan=quick pages=benchmarks/target/quick.docs ;;
    *)
        sed -n '2,13s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac
shift
groups=$(IFS=, && echo "${*:-all}")
pages=${SHMIPC_BENCHMARK_PAGES:-$pages}
samples=benchmarks/target/$plan.samples

work=$(mktemp -d /tmp/shmipc-benchmark-XXXXXX)
clean_up() {
    rm -rf "$work" /dev/shm/"${work##*/}"-*
}
trap clean_up EXIT
trap 'exit 130' INT TERM

export MAVEN_OPTS="${MAVEN_OPTS:-} -XX:-UsePerfData -Djava.io.tmpdir=$work"
./mvnw -q -Dquick -DskipTests -pl benchmarks -am package
class_path=benchmarks/target/quick/classes:$(<benchmarks/target/quick/classpath)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# What a run of one group has written to the page does not change what the next one measures.
revision=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
git diff --quiet HEAD -- . ':!docs' 2>/dev/null || revision+=-dirty

benchmarks() {
    "$java" -XX:-UsePerfData -Djava.io.tmpdir="$work" -Dshmipc.benchmark.revision="$revision" -cp "$class_path" \
        io.shmipc.benchmarks.harness.Benchmarks "$@"
}

failed=0
if [[ $mode != report ]]; then
    go_peer=()
    if ! command -v go >/dev/null; then
        echo 'There is no Go tool chain here: shmipc-go is left out.' >&2
    elif (cd shmipc-core/src/test/go && CGO_ENABLED=0 GOTMPDIR=$work go build -o "$work/peer" .); then
        go_peer=("$work/peer")
    else
        echo 'The Go peer does not build here: shmipc-go is left out.' >&2
    fi
    benchmarks measure "$plan" "$groups" "${SHMIPC_BENCHMARK_PAIRS:-all}" "$work" "$samples" "${go_peer[@]}" || failed=1
fi

benchmarks report "$samples" "$pages"
echo "written: $pages/performance.md"
exit "$failed"
