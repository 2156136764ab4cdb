#!/bin/sh
# page.sh - the page of a visit (--html) in a browser, without a screen: silent, closed, stepped by keys, readable with
# scripts off, clean for axe-core (in build/node_modules, where .ci/run puts it).
set -u
vitrine=${VITRINE:-./vitrine}
command -v python3 >/dev/null 2>&1 || { echo "skipped: there is no python3"; exit 0; }
command -v chromium >/dev/null 2>&1 || { echo "skipped: there is no chromium"; exit 0; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
$vitrine visit --seed 5 --html "$dir/visit.html" --what-if loss:7,cert:expired >/dev/null 2>&1 ||
    { echo "FAIL there is no page"; exit 1; }
python3 tests/interop/page_browser.py "$dir/visit.html" "${BUILD:-build}/node_modules/axe-core/axe.min.js"
