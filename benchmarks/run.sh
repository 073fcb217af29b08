#!/usr/bin/env bash
# Measures shmipc beside its peers.
#
#   benchmarks/run.sh quick    something of everything in under five minutes; the page goes to benchmarks/target
#   benchmarks/run.sh full     everything, about an hour; writes docs/performance.md and its charts
#   benchmarks/run.sh report   writes the page again from the samples of the last full run
#
# SHMIPC_BENCHMARK_PAGES names another directory for the page. Nothing else should run meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-}
case $mode in
    full) pages=docs ;;
    quick) pages=benchmarks/target/docs ;;
    report) pages=docs mode_of_samples=full ;;
    *)
        sed -n '2,8s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac
pages=${SHMIPC_BENCHMARK_PAGES:-$pages}
samples=benchmarks/target/${mode_of_samples:-$mode}.samples

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

benchmarks() {
    "$java" -XX:-UsePerfData -Djava.io.tmpdir="$work" -cp "$class_path" \
        io.shmipc.benchmarks.harness.Benchmarks "$@"
}

if [[ $mode == report ]]; then
    benchmarks report "$samples" "$pages"
    exit
fi

go_peer=()
if command -v go >/dev/null; then
    if (cd shmipc-core/src/test/go && CGO_ENABLED=0 GOTMPDIR=$work go build -o "$work/peer" .); then
        go_peer=("$work/peer")
    else
        echo 'The Go peer does not build here: shmipc-go is left out.' >&2
    fi
else
    echo 'There is no Go tool chain here: shmipc-go is left out.' >&2
fi

benchmarks "$mode" "$work" "$samples" "$pages" "${go_peer[@]}"
echo "written: $pages/performance.md"
