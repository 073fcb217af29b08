#!/usr/bin/env bash
# Takes the pictures of the sample's page anew: PageIT makes them in a browser, the documentation shows them.
# Look at them before you commit them.
set -euo pipefail
cd "$(dirname "$0")/.."

SHMIPC_REQUIRE_BROWSER=true ./mvnw -q -Dquick -pl sample-app -am verify -Dtest=None -Dit.test=PageIT \
    -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
for section in live measure break; do
    for colours in light dark; do
        cp "sample-app/target/quick/screenshots/$section-$colours.webp" "docs/images/sample-$section-$colours.webp"
    done
done
ls -l docs/images
