# SPDX-License-Identifier: MIT
#
# Exports of a store that a run is writing to: they answer, harm nothing, and the run ends as it would have;
# an export that is interrupted leaves nothing behind.
. "$(dirname "$0")/../lib.sh"

cat >sweep.json <<'J'
{"name": "long", "seed": 5, "data": {"synthetic": "circles", "points": 400},
 "hidden": [{"units": {"choice": [4, 8]}, "activation": {"choice": ["relu", "tanh"]}}],
 "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": {"choice": [0, 0.9]}}]},
 "learning_rate": {"float": [1e-3, 1e-1], "log": true}, "epochs": 40,
 "search": {"method": "random", "max_trials": 60, "executions_per_trial": 3}}
J
for journal in wal delete; do
    run sweep.json --store alone.db --workers 2 --journal $journal; equal "$journal: a run alone" $status 0
    "$MLPSWEEP" run sweep.json --store shared.db --workers 2 --journal $journal --progress plain >run.log 2>&1 & pid=$!
    wait_for shared.db 3
    for format in csv json optuna tensorboard mlflow; do
        check "$journal: $format while it runs" "$MLPSWEEP" export shared.db --format $format -o $format.out
    done
    wait $pid; equal "$journal: the run" $? 0
    equal "$journal: the same numbers" "$(numbers shared.db | sha256sum)" "$(numbers alone.db | sha256sum)"
    equal "$journal: the store is sound" "$(sql shared.db 'pragma integrity_check')" ok
    check "$journal: the study is sound" test "$(sql optuna.out 'pragma integrity_check; pragma foreign_key_check')" = ok
    rm -rf -- *.out alone.db* shared.db*
done

# The pipe is full after its first bytes, so that the export waits in the middle of its work.
run sweep.json --store whole.db --workers 2
mkfifo pipe
"$MLPSWEEP" export whole.db --format json >pipe 2>errors.txt & pid=$!
exec 3<pipe
read -r -n 1 -u 3 first
kill -INT $pid
cat <&3 >/dev/null
exec 3<&-
wait $pid; equal "interrupted" $? 3
check "it says so" has errors.txt "mlpsweep export: interrupted"
equal "nothing is left" "$(ls -d -- *.part* 2>/dev/null)" ""
check "and the next one works" "$MLPSWEEP" export whole.db --format json -o out.json
finish
