#!/bin/bash
# SPDX-License-Identifier: MIT
#
# From a fresh clone to a ranked sweep in a few minutes: installs what is missing, builds, trains
# sweeps/demo.json on three workers and looks at the result. Run again, it finds the store complete
# and only shows it.
#
#   deploy/demo.sh [STORE]     default: demo.db
set -euo pipefail
store=$(realpath -m -- "${1:-demo.db}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash deploy/setup.sh --test
cmake --preset release >/dev/null
cmake --build --preset release --target mlpsweep --parallel "$(nproc)"

show() {
    printf '\n$ %s\n' "$*"
    "$@"
}
show build/mlpsweep run sweeps/demo.json --workers 3 --store "$store"
show build/mlpsweep rank "$store"
show sqlite3 -box "$store" "
  SELECT rank, trial, n, round(mean, 4) AS mean, round(low95, 4) AS low95, round(high95, 4) AS high95,
         parameters
  FROM leaderboard LIMIT 5"
