# Readers are welcome while a sweep runs, and many tiny trials lose nothing. tests/bench/load.sh measures the share
# of a core that rank 0 takes, and the share of their time that workers work.
. "$(dirname "$0")/../lib.sh"

cat >long.json <<'J'
{"name": "long", "seed": 1, "data": {"synthetic": "prod", "points": 20000},
 "hidden": [{"units": 64, "activation": "relu"}, {"units": 64, "activation": "relu"}],
 "batch_size": 100, "epochs": 1000000, "optimizer": "adam",
 "learning_rate": {"choice": [0.001, 0.002, 0.003, 0.004]}, "search": {"method": "grid"}}
J
"$MLPSWEEP" run --progress none long.json --store "$work/long.db" --workers 2 >run.log 2>&1 & run_pid=$!
live() { [ "$(sql long.db 'select count(*) from learning_curve' 2>/dev/null || echo 0)" -gt 0 ]; }
comes "live epochs that can be seen" live
errors=0
for _ in $(seq 20); do
    sqlite3 long.db 'select * from leaderboard limit 5' >rows.txt 2>rows.err || errors=$((errors + 1))
done
equal "20 reads of the leaderboard while it runs: errors" $errors 0
kill -INT $run_pid; wait $run_pid; equal "Ctrl-C: interrupted but resumable" $? 3

# A2's network, about 10 ms a trial.
cat >tiny.json <<'J'
{"name": "tiny", "seed": 1, "data": {"synthetic": "prod", "points": 2500},
 "hidden": [{"units": 16, "activation": "relu"}, {"units": 16, "activation": "relu"}],
 "batch_size": 100, "epochs": 50, "optimizer": "adam",
 "learning_rate": {"float": [1e-4, 1e-1], "log": true}, "search": {"method": "random", "max_trials": 500}}
J
run tiny.json --store tiny.db --workers 2; equal "500 tiny trials finish" $status 0
equal "all of them" "$(sql tiny.db "select count(*) from execution where state = 'done'")" 500
finish
