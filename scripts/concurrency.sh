#!/usr/bin/env bash
# Runs the interleavings of the structures that two processes share, by jcstress; fails when one ends as none may.
#
#   scripts/concurrency.sh quick [OPTION...]   about ten minutes on two processors
#   scripts/concurrency.sh [OPTION...]         as jcstress does by default, an hour or so
#
# Options go to jcstress, such as -t StoppedPopTest for one test. Nothing else should run meanwhile.
# What each test saw is in target/concurrency/index.html.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=default
case ${1:-} in
    quick | sanity)
        mode=$1
        shift
        ;;
esac

./mvnw -q -Pjcstress -Dquick -DskipTests -pl concurrency -am package
class_path=$PWD/concurrency/target/quick/classes:$(<concurrency/target/quick/classpath)
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# jcstress leaves the samples where it is started.
mkdir -p target/concurrency
cd target/concurrency
exec "$java" -cp "$class_path" org.openjdk.jcstress.Main -m "$mode" -r "$PWD" "$@"
