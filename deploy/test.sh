#!/bin/bash
# SPDX-License-Identifier: MIT
#
# From a fresh clone to the test results: installs what is missing, builds, and runs the tests except the
# long ones. The exit status is ctest's. It can be run again at any time.
#
#   deploy/test.sh [ctest arguments]     such as -R dataset, or -L fault
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash deploy/setup.sh --test
cmake --preset release -DMLPSWEEP_TESTS=ON
cmake --build --preset release --parallel "$(nproc)"

results=build/test-results.xml
rm -f "$results"
status=0
# A line for each test as it ends, "12 of 107: unit/test_cost ... Passed 0.01 sec", and the whole output of a failed one.
ctest --test-dir build --output-on-failure --test-output-size-failed 10000000 --no-tests=error \
    --parallel "$(nproc)" --label-exclude '^(soak|bench|fuzz-long|lint)$' --output-junit "$(basename "$results")" "$@" |
    sed -u -E '/^ *Start +[0-9]+: [a-z-]+\/[a-z0-9_]+$/d; s|^ *([0-9]+)/([0-9]+) Test +#[0-9]+: |\1 of \2: |' || status=$?

# <testsuite … tests="40" failures="0" disabled="0" skipped="1" …>
count() {
    sed -n "1,20s/.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1
}
if [ -f "$results" ]; then
    tests=$(count tests) failed=$(count failures) skipped=$(count skipped)
    summary="$((tests - failed - skipped)) passed, $failed failed, $skipped skipped"
else
    summary="no results"
fi
if [ "$status" -eq 0 ]; then
    echo "PASS: $summary"
else
    echo "FAIL: $summary (ctest exit status $status)"
fi
exit "$status"
