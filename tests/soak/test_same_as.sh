# Two builds of the program give the same bits. MLPSWEEP_BEFORE names the other one, such as the program
# before a change that must not change a result. Ten sweeps, one for each way to search and to evaluate,
# are compared in every parameter and every metric, to 20 digits; then this program continues a store that
# the other one began. Skipped if MLPSWEEP_BEFORE is not set.
. "$(dirname "$0")/../lib.sh"
[ -n "${MLPSWEEP_BEFORE:-}" ] || { echo "skipped: MLPSWEEP_BEFORE names no program to compare with"; exit 77; }

# net NAME SEARCH EPOCHS: a conditional space with every kind of parameter, and layers that have state.
net() {
    cat >"$1.json" <<JSON
{"name": "$1", "seed": 31, "data": {"synthetic": "circle", "points": 400, "validation": 0.25, "test": 0.1},
 "hidden": {"layers": {"int": [1, 2]}, "same": {"activation": {"choice": ["relu", "tanh"]}},
            "each": {"units": {"choice": [4, 8, 16]}, "dropout": {"float": [0, 0.4], "step": 0.2},
                     "normalization": {"choice": ["none", "batch_normalization"]}}},
 "optimizer": {"choice": [{"name": "sgd", "momentum": {"choice": [0, 0.9]}, "nesterov": {"bool": null}}, "adam"]},
 "learning_rate": $4, "reduce_on_plateau": {"monitor": "val_loss", "patience": 2},
 "batch_size": {"choice": [16, 64]}, "epochs": $3, "metrics": ["accuracy", "auc"],
 "search": $2, "objective": {"metric": "val_loss"}}
JSON
}
rate='{"float": [1e-3, 0.3], "log": true}'
net grid '{"method": "grid", "max_trials": 40}' 4 '{"choice": [0.01, 0.1]}'
net random '{"method": "random", "max_trials": 30, "executions_per_trial": 2}' 6 "$rate"
net tpe '{"method": {"name": "tpe", "n_startup_trials": 8}, "max_trials": 30}' 5 "$rate"
net gp '{"method": {"name": "gp", "n_startup_trials": 8}, "max_trials": 24}' 5 "$rate"
net evolution '{"method": {"name": "evolution", "population_size": 8, "sample_size": 4}, "max_trials": 30}' 5 "$rate"
net hyperband '{"method": "tpe", "max_trials": 40, "scheduler": "hyperband"}' 9 "$rate"
cat >stages.json <<'JSON'
{"name": "stages", "seed": 7, "data": {"synthetic": "xor", "points": 300, "test": 0.2},
 "hidden": {"layers": 1, "same": {"activation": "tanh", "units": 4}},
 "optimizer": "adam", "batch_size": 50, "epochs": 8,
 "search": {"executions_per_trial": 2}, "objective": {"metric": "val_loss"},
 "stages": [
   {"name": "layers", "hidden": {"layers": {"int": [1, 2]}, "each": {"units": {"choice": [2, 4, 8]}}}},
   {"name": "optimizer", "epochs": 10, "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": {"choice": [0.5, 0.9]}}]}},
   {"name": "rate", "learning_rate": {"float": [1e-3, 1], "log": true}, "search": {"method": "random", "max_trials": 5}}]}
JSON
cat >function.json <<'JSON'
{"name": "function", "seed": 3, "objective": {"function": "hartmann6"}, "search": {"method": "tpe", "max_trials": 200}}
JSON
cat >command.json <<'JSON'
{"name": "command", "seed": 5,
 "objective": {"command": ["awk", "-v", "lr={lr}", "-v", "seed={seed}",
   "BEGIN {{ for (e = 1; e <= 3; e++) printf \"{{\\\"epoch\\\": %d, \\\"val_loss\\\": %.17g}}\\n\", e, (lr - 0.01) ^ 2 / e + seed % 7 / 1000; exit lr > 0.9 }}"],
   "metric": "val_loss", "goal": "minimize"},
 "params": {"lr": {"float": [1e-4, 1], "log": true}}, "search": {"method": "random", "max_trials": 20, "executions_per_trial": 2}}
JSON

# ASHA promotes by what has ended when a worker is free. On one worker that is a fixed order as long as an
# attempt lasts longer than dispatch's batches (0.2 s), so each sleeps.
cat >asha.json <<'JSON'
{"name": "asha", "seed": 5,
 "objective": {"command": ["awk", "-v", "lr={lr}", "-v", "epochs={epochs}",
   "BEGIN {{ system(\"sleep 0.25\"); for (e = 1; e <= epochs; e++) printf \"{{\\\"epoch\\\": %d, \\\"val_loss\\\": %.17g}}\\n\", e, (lr - 0.01) ^ 2 / e }}"],
   "metric": "val_loss", "goal": "minimize"},
 "params": {"lr": {"float": [1e-4, 1], "log": true}}, "epochs": 9,
 "search": {"method": "random", "max_trials": 18, "scheduler": "asha"}}
JSON

# Everything a store knows that a clock did not write.
everything() {
    sql "$1" "select s.name, t.number, p.position, p.name, coalesce(printf('%!.20g', p.value), 'null'), p.text
              from param p join trial t using (trial_id) join sweep s using (sweep_id) order by 1, 2, 3"
    sql "$1" "select s.name, t.number, e.number, e.state, e.outcome, e.epochs, e.best_epoch,
                     coalesce(printf('%!.20g', e.objective), 'nan')
              from execution e join trial t using (trial_id) join sweep s using (sweep_id) order by 1, 2, 3"
    sql "$1" "select s.name, t.number, e.number, m.epoch, m.metric, coalesce(printf('%!.20g', m.value), 'nan')
              from epoch_metric m join execution e using (execution_id) join trial t using (trial_id)
              join sweep s using (sweep_id) order by 1, 2, 3, 4, 5"
    sql "$1" "select s.name, t.number, e.number, m.metric, printf('%!.20g', m.value)
              from test_metric m join execution e using (execution_id) join trial t using (trial_id)
              join sweep s using (sweep_id) order by 1, 2, 3, 4"
}

for name in grid random tpe gp evolution hyperband asha stages function command; do
    workers=2; [ $name = asha ] && workers=1
    "$MLPSWEEP_BEFORE" run --progress plain $name.json --store $name.before.db --workers $workers >before.log 2>&1
    was=$?
    run $name.json --store $name.db --workers $workers
    equal "$name: exit status as before" $status $was
    everything $name.before.db >$name.before.txt
    everything $name.db >$name.txt
    check "$name: $(wc -l <$name.txt) rows, every one the same" cmp $name.before.txt $name.txt

    # Begun by the other program, with fewer trials; continued by this one.
    [ $name = stages ] && continue
    sed -E 's/"max_trials": [0-9]+/"max_trials": 9/' $name.json >$name.few.json
    "$MLPSWEEP_BEFORE" run --progress plain $name.few.json --store $name.continued.db --workers $workers >before.log 2>&1
    run $name.json --store $name.continued.db --workers $workers
    everything $name.continued.db >$name.continued.txt
    # What it is compared with is the other program's own continuation: the first part's winner was tested.
    "$MLPSWEEP_BEFORE" run --progress plain $name.few.json --store $name.old.db --workers $workers >before.log 2>&1
    "$MLPSWEEP_BEFORE" run --progress plain $name.json --store $name.old.db --workers $workers >before.log 2>&1
    everything $name.old.db >$name.txt
    check "$name: begun before and continued, every row the same" cmp $name.continued.txt $name.txt
done

# Killed in the middle of its stages, and continued by this program.
MLPSWEEP=$MLPSWEEP_BEFORE run stages.json --store stages.continued.db --workers 1 &
wait_for stages.continued.db 5
pkill -9 -f "[m]lpsweep run .*stages.continued.db"
wait
run stages.json --store stages.continued.db --workers 2
everything stages.continued.db >stages.continued.txt
check "stages: begun before and continued, every row the same" cmp stages.continued.txt stages.txt
finish
