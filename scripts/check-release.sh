#!/usr/bin/env bash
# Publishes to target/staging, as a release would to its repository, and looks at what lies there: all files that belong
# to a release, the same bytes from a second build in another folder, and a Spring Boot application outside this tree
# that resolves the starter from there, starts, and gets an answer through shared memory; with a Spring Boot that is too
# old it is told so.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
staging=$root/target/staging
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() {
    printf '%4ds  %s\n' "$SECONDS" "$*"
}

fail() {
    printf 'release: %s\n' "$*" >&2
    exit 1
}

# build FOLDER: builds what git knows of this tree in a folder of its own, with the jars and what goes with them.
build() {
    mkdir "$1"
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
        [[ ! -e $file ]] || cp --parents "$file" "$1"
    done
    (cd "$1" && ./mvnw -q -Prelease -Dquick -Dmaven.test.skip=true -pl '!sample-app,!benchmarks' \
        -DaltDeploymentRepository="staging::file:$1/staging" deploy)
}

# The bytes that a user gets, one line each; SNAPSHOT versions get the time of their deployment in file names.
published() {
    (cd "$1" && find staging -name '*.jar' -o -name '*.pom' -o -name '*-cyclonedx.*' | grep -v '\.\(md5\|sha1\)$' | sort |
        while read -r file; do
            printf '%s  %s\n' "$(sha256sum < "$file" | cut -d ' ' -f 1)" "$(sed -E 's/[0-9]{8}\.[0-9]{6}-[0-9]+/SNAPSHOT/' <<< "$file")"
        done)
}

build "$work/one" &
first=$!
build "$work/two-with-another-name" &
second=$!
wait "$first" || fail 'it could not be published to a local repository (above)'
wait "$second" || fail 'a second build elsewhere failed (above)'
say 'published to a local repository, twice'
diff <(published "$work/one") <(published "$work/two-with-another-name") \
    || fail 'the same sources gave other bytes (above)'
say 'the second build elsewhere gave the same bytes'

rm -rf "$staging"
mkdir -p target
mv "$work/one/staging" "$staging"

jars=0
bom=$(find "$staging/io/shmipc/shmipc-bom" -name '*.pom')
for folder in "$staging"/io/shmipc/*/; do
    artifact=$(basename "$folder")
    pom=$(find "$folder" -name '*.pom')
    [[ -n $pom ]] || fail "$artifact has no POM"
    if grep -q '<packaging>pom</packaging>' "$pom"; then
        continue
    fi
    jars=$((jars + 1))
    base=${pom%.pom}
    for file in "$base.jar" "$base-sources.jar" "$base-javadoc.jar" "$base-cyclonedx.json"; do
        [[ -s $file ]] || fail "$artifact lacks $(basename "$file")"
    done
    manifest=$(unzip -p "$base.jar" META-INF/MANIFEST.MF)
    [[ $manifest == *Automatic-Module-Name:* ]] || fail "$artifact has no Automatic-Module-Name"
    unzip -l "$base.jar" META-INF/LICENSE > /dev/null || fail "$artifact comes without its licence"
    grep -q "<artifactId>$artifact</artifactId>" "$bom" || fail "$artifact is missing in shmipc-bom"
done
[[ $jars -ge 3 ]] || fail "only $jars jars were published"
say "$jars jars, each with sources, Javadoc, a bill of materials, a module name and a place in the BOM"

version=$(sed -n 's/.*<version>\(.*\)<\/version>.*/\1/p' "$bom" | head -n 1)

# application FOLDER SPRING_BOOT: starts an application outside this tree; what it prints is in FOLDER.log. It has a local
# repository of its own, on top of the usual one: what is resolved here is seen nowhere else.
application() {
    cp -r scripts/consumer "$1"
    sed -i -e "s|@shmipc.version@|$version|; s|@spring-boot.version@|$2|; s|@staging@|file:$staging|" "$1/pom.xml"
    (cd "$1" && "$root/mvnw" -q -Dmaven.repo.local="$1-repository" -Dmaven.repo.local.tail="$HOME/.m2/repository" \
        spring-boot:run) > "$1.log" 2>&1
}

# The first is the default; profiles that try another one come after it.
spring_boot=$(sed -n 's/.*<spring-boot.version>\(.*\)<\/spring-boot.version>.*/\1/p' pom.xml | head -n 1)
application "$work/application" "$spring_boot" \
    || { cat "$work/application.log"; fail 'the application ended with an error'; }
grep -q '^41 + 1 = 42$' "$work/application.log" || { cat "$work/application.log"; fail 'the application got no answer'; }
say 'an application outside this tree resolved the starter and got its answer through shared memory'

old_spring_boot=3.5.7
if application "$work/old-application" "$old_spring_boot" \
    || ! grep -q "shmipc needs Spring Boot .* or newer; this application runs with $old_spring_boot" \
        "$work/old-application.log"; then
    cat "$work/old-application.log"
    fail "an application with Spring Boot $old_spring_boot was not told what it needs"
fi
say "one with Spring Boot $old_spring_boot is told which it needs"
