#!/bin/bash
# SPDX-License-Identifier: MIT
# plan measures on this machine or says that it did not, touches no store, and knows every sweep of
# sweeps/. tests/bench/plan_forecast.py measures how good its forecast is, which needs an idle machine.
. "$(dirname "$0")/../lib.sh"

field() { sed "s/.*\"$1\": \([^,}]*\).*/\1/" plan.json; }
# plan ARGS…: the totals into plan.json.
plan() { "$MLPSWEEP" plan --json "$@" >plan.json 2>plan.err; status=$?; }

cat >small.json <<'J'
{"name": "small", "seed": 1, "data": {"synthetic": "prod", "points": 1000},
 "hidden": [{"units": {"choice": [4, 8]}, "activation": {"choice": ["relu", "tanh"]}}],
 "epochs": 20, "search": {"method": "grid", "executions_per_trial": 3}}
J
plan small.json
equal "a small sweep's plan: exit status" $status 0
equal "all kinds of trial are measured" "$(field measured)" 4
equal "executions" "$(field executions)" 12
holds "seconds on one worker" "0 < $(field one_worker_s)"
plan small.json --no-measure; equal "nothing is measured when told so" "$(field measured)" 0
cp plan.json first.json
plan small.json --no-measure; check "without measuring a plan is the same each time" cmp plan.json first.json
plan small.json --no-measure --workers 64
holds "64 workers are not slower" "$(field wall_s) <= $(field one_worker_s)"
"$MLPSWEEP" plan small.json >text
check "the text says that it measured" grep -q "measured here" text
check "four trials are printed" [ "$(grep -c ' units=' text)" = 4 ]
equal "a search alone has no further executions" "$(grep -c "and at most" text)" 0
sed 's/"executions_per_trial": 3/&, "resolve": 40, "confirm": 5/' small.json >more.json
"$MLPSWEEP" plan more.json --no-measure >text
check "executions behind the search are named" \
    grep -qx " *and at most 40 to resolve and 5 to confirm the winner, which the time leaves out" text
plan more.json --no-measure
equal "they are apart from the search's" "$(field executions) $(field resolve_most) $(field confirm_most)" "12 40 5"
equal "no store is made" "$(ls -- *.db 2>/dev/null)" ""

for sweep in "$sweeps"/*.json; do
    name=$(basename "$sweep" .json)
    grep -q '"idx": "/usr' "$sweep" && [ ! -d /usr/share/datasets/fashion-mnist ] && continue
    plan "$sweep" --no-measure
    equal "plan of $name" "$status $(cat plan.err)" "0 "
done
finish
