# refit: a trial is trained on training and validation rows. Without scaling, noise and validation it is the training
# that a sweep without validation rows makes, to the bit.
. "$(dirname "$0")/../lib.sh"

awk 'BEGIN { srand(7); print "a,b,c,y"; for (i = 0; i < 400; i++) { a = rand(); b = rand(); c = rand() - 0.5
    printf "%.4f,%.4f,%.4f,%.4f\n", a, b, c, a * b + c * c } }' >points.csv
sweep() { # NAME VALIDATION OBJECTIVE EXTRA
    cat <<EOF
{"name": "$1", "seed": 11,
 "data": {"csv": "points.csv", "target": "y", "split": "last", "validation": $2},
 "hidden": [{"units": 8, "activation": "tanh"}, {"units": 4, "activation": "relu", "normalization": "batch_normalization"}],
 "optimizer": "adam", "learning_rate": {"choice": [0.001, 0.01]}, "batch_size": 40, "epochs": 12$4,
 "search": {"executions_per_trial": 3}, "objective": $3, "keep_best": 2}
EOF
}
weights_of() { # STORE SWEEP KIND
    sql "$1" "select t.number, m.execution, m.n_weights, hex(m.weights) from model m join trial t using (trial_id)
              join sweep s using (sweep_id) where s.name = '$2' and kind = '$3' order by 1, 2"
}
refit() { "$MLPSWEEP" refit "$@" >refit.log 2>&1; status=$?; }

sweep both 0.25 '{"metric": "val_loss"}' '' >both.json
sweep alone 0 '{"metric": "loss", "at": "last"}' '' >alone.json
run both.json --store r.db --workers 2; equal "a sweep with validation rows" $status 0
run alone.json --store r.db --workers 2; equal "a sweep without" $status 0
weights_of r.db alone kept >alone.txt
equal "all of its executions are kept" "$(wc -l <alone.txt)" 6
numbers r.db >before.txt
for trial in 0 1; do
    refit r.db --sweep both --trial $trial --executions 3 --epochs 12; equal "refit of trial $trial" $status 0
done
weights_of r.db both refit >both.txt
check "the weights of the training without validation" cmp alone.txt both.txt
check "no metric of the sweeps has changed" sh -c "$(declare -f sql numbers); numbers r.db | cmp - before.txt"
refit r.db --sweep both --trial 1 --executions 3 --epochs 12
weights_of r.db both refit >again.txt
check "once more: the same" cmp both.txt again.txt

# The epochs are the median of the best ones, the trial is the one that ranks first.
refit r.db --sweep both; equal "without options" $status 0
winner=$(sql r.db "select trial from leaderboard where sweep = 'both' and rank = 1")
median=$(sql r.db "select best_epoch from execution join trial using (trial_id) join sweep using (sweep_id)
                   where name = 'both' and trial.number = $winner order by 1 limit 1 offset 1")
check "the winner, for the median of its best epochs" has refit.log \
    "trial $winner: 400 rows (300 training, 100 validation), $median epochs (the median of the best epochs of its 3 executions)"
equal "the store says so" "$(sql r.db "select m.epoch from model m join trial t using (trial_id) join sweep using (sweep_id)
    where name = 'both' and t.number = $winner and kind = 'refit' and execution = 0")" "$median"

# Folds, and what watches validation rows.
sweep folds '{"folds": 4}' '{"metric": "val_loss"}' \
    ', "early_stopping": {"monitor": "val_loss", "patience": 20}, "reduce_on_plateau": {"monitor": "val_loss", "patience": 2}' |
    sed 's/"split": "last", "validation": {"folds": 4}/"folds": 4/; s/"executions_per_trial": 3/"executions_per_trial": 4/' >folds.json
run folds.json --store f.db --workers 2; equal "folds" $status 0
refit f.db; equal "are refitted on all rows" $status 0
check "all rows" has refit.log "400 rows"
check "early_stopping is named" has refit.log "early_stopping is left out"
check "reduce_on_plateau, too" has refit.log "reduce_on_plateau is left out"

# Refusals: a line each, and nothing is written.
n_models() { sql r.db "select count(*) from model"; }
models=$(n_models)
refuse() { # NAME TEXT ARGS…
    local name=$1 text=$2; shift 2
    refit "$@"; equal "$name is refused" $status 2
    check "and said in a line" has refit.log "$text"
    equal "of one line" "$(wc -l <refit.log)" 1
}
refuse "a trial that is not there" "no trial 7: sweep 'both' has 0 to 1" r.db --sweep both --trial 7
refuse "another word" "'bset' is neither best nor a trial's number" r.db --sweep both --trial bset
echo '{"name": "f", "objective": {"function": "beale"}, "search": {"method": "random", "max_trials": 3}}' >f.json
run f.json --store r.db --workers 1
refuse "a function" "sweep 'f' trains no networks" r.db
mv points.csv moved.csv
refuse "data that are gone" "points.csv" r.db --sweep both
sed '5s/^0/1/' moved.csv >points.csv
refuse "data that have changed" "refit needs the data of the sweep" r.db --sweep both
mv moved.csv points.csv
echo '{"name": "sleep", "objective": {"command": ["sleep", "600"], "metric": "x", "goal": "minimize"}}' >sleep.json
"$MLPSWEEP" run --progress none sleep.json --store r.db --workers 1 >sleep.log 2>&1 & pid=$!
sleeps() { [ "$(sql r.db "select count(*) from execution where state = 'running'")" = 1 ]; }
await "a run" sleeps
refuse "a store in use" "another run" r.db --sweep both
kill -TERM $pid; wait $pid
equal "nothing was written" "$(n_models)" "$models"
refuse "no store" "no such file" gone.db
check "and no store was made" test ! -e gone.db
finish
