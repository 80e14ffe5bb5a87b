#!/bin/bash
# SPDX-License-Identifier: MIT
#
# From a fresh clone to a ranked sweep in a few minutes: installs what is missing, builds, runs
# sweeps/demo.json on three workers and shows the result. If it is run again, the store is complete, and
# it only shows the result.
#
#   deploy/demo.sh [STORE]     default: demo.db
set -euo pipefail
store=$(realpath -m -- "${1:-demo.db}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash deploy/setup.sh --test
cmake --preset release >/dev/null
cmake --build --preset release --target mlpsweep --parallel "$(nproc)"

show() {
    local word
    printf '\n$'
    for word; do
        case $word in
        *[[:space:]]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    "$@"
}
show build/mlpsweep run sweeps/demo.json --workers 3 --store "$store"
show build/mlpsweep rank "$store"
# The store has a view for every sweep, with a column for each of its parameters.
show sqlite3 -box "$store" '
  SELECT "optimizer", "hidden.layers" AS layers, count(*) AS trials, round(avg(mean), 3) AS average,
         round(max(mean), 3) AS best, round(avg(sd), 4) AS spread
  FROM trials_demo GROUP BY 1, 2 ORDER BY best DESC'
