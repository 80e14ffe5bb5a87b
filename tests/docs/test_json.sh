# SPDX-License-Identifier: MIT
#
# What --json prints is what the published schemas say: of a sweep of networks with test rows, of one with
# failures, of a function, and of a store of version 2.
. "$(dirname "$0")/../lib.sh"

cat >net.json <<'J'
{"name": "net", "data": {"synthetic": "xor", "points": 200, "test": 0.2}, "hidden": [{"units": {"choice": [2, 3]}}],
 "optimizer": "adam", "epochs": 2, "search": {"executions_per_trial": 2}}
J
cat >fails.sh <<'J'
test "$MLPSWEEP_TRIAL" != 1 && printf '{"epoch": 1, "y": 1e999}\n{"epoch": 2, "y": 0.5}\n'
J
cat >fails.json <<'J'
{"name": "fails", "objective": {"command": ["sh", "fails.sh"], "metric": "y", "goal": "minimize"},
 "params": {"x": {"int": [1, 3]}, "s": {"choice": ["a b", "true"]}}}
J
run net.json --store net.db --workers 2; equal "a sweep of networks" $status 0
run fails.json --store fails.db --workers 2; equal "a sweep with failures" $status 1
run "$sweeps/d0-beale-grid.json" --store beale.db --workers 1; equal "a function" $status 0
for v in 4 3 2; do sqlite3 old.db <"$MS_SOURCE_DIR/tests/unit/store/store_v$v.sql"; done
python3 -B "$MS_SOURCE_DIR/tests/docs/check_json.py" "$MLPSWEEP" "$MS_SOURCE_DIR" net.db fails.db beale.db old.db >json.log; status=$?
cat json.log
[ $status -eq 77 ] && exit 77
equal "every document is valid" $status 0
finish
