# What a failed execution does to its trial, to a run's words and to its exit status.
. "$(dirname "$0")/../lib.sh"
says() { check "$1" grep -qF -- "$2" "$3"; }
# The three commands that count: run, status, rank.
look() { "$MLPSWEEP" status "$1" >status.txt; "$MLPSWEEP" rank "$1" >rank.txt; }
first() { "$MLPSWEEP" rank "$@" --csv | sed -n 2p | cut -d, -f2; }

# Of trial 0 three executions of four have no value, and one has the best of all.
cat >lucky.sh <<'J'
#!/bin/sh
# lucky.sh LR EXECUTION
if [ "$1" = 2 ]; then echo '{"val_loss": 0.2}'
elif [ "$2" = 0 ]; then echo '{"val_loss": 0.1}'
else echo '{"val_loss": NaN}'; fi
J
chmod +x lucky.sh
for by in mean median worst; do
    cat >lucky.json <<J
{"objective": {"command": ["./lucky.sh", "{lr}", "{execution}"], "metric": "val_loss", "goal": "minimize", "by": "$by"},
 "params": {"lr": {"choice": [1, 2]}}, "search": {"executions_per_trial": 4}}
J
    rm -f lucky.db
    run lucky.json --store lucky.db --workers 2; equal "by $by: what diverged is a result, too" $status 0
    equal "by $by: the lucky trial ranks behind" "$(first lucky.db)" 1
    equal "by $by: so in SQL" "$(sql lucky.db "select group_concat(trial || ':' || n || '/' || n_failed, ' ') from leaderboard")" "1:4/0 0:1/3"
    says "by $by: the run says so" "5/8 done, 3 failed, best val_loss 0.2 (trial 1)" run.log
done
says "the run says why" "3 of 8 executions failed: 3 diverged (printed no finite val_loss)" run.log
look lucky.db
says "status has the same number" "  executions  5 done, 0 running, 0 waiting, 3 failed" status.txt
says "and the reason" "  failures    3 of 8 executions failed: 3 diverged (printed no finite val_loss)" status.txt
says "rank, too" "3 of 8 executions failed: 3 diverged (printed no finite val_loss)" rank.txt
check "its row says how many count" grep -q '  1 of 4       3  ' rank.txt
says "and it is not compared" "only trial 1 has no failed execution; 1 trial with failed executions ranks below them" rank.txt
check "show says how many count" grep -qF '(1 of 4 executions, 3 failed)' <("$MLPSWEEP" show lucky.db 0)
equal "by choice they are ignored" "$(first lucky.db --failed-executions ignore)" 0
sed 's/"by": "worst"/"failed_executions": "ignore"/' lucky.json >ignore.json
run ignore.json --store ignore.db --workers 2; equal "or by the sweep: finishes" $status 0
equal "then it wins" "$(first ignore.db)$(sql ignore.db "select group_concat(trial, ' ') from leaderboard")" "00 1"
says "also in the run" "5/8 done, 3 failed, best val_loss 0.1 (trial 0)" run.log
look ignore.db
says "and rank says by which rule" "ranked by mean, failed executions ignored;" rank.txt
check "and how many count" grep -q '  1 of 4       3  ' rank.txt

# Equal trials: the smallest number, on any number of workers and in any order of results.
cat >equal.json <<'J'
{"objective": {"command": ["echo", "{{\"m\":1}}"], "metric": "m", "goal": "minimize"},
 "params": {"a": {"choice": [3, 2, 1, 4, 5]}}}
J
for args in "--workers 1" "--workers 2" "--workers 3" "--workers 2 --order last"; do
    rm -f equal.db
    run equal.json --store equal.db $args; equal "equal trials, $args" $status 0
    says "the best is trial 0" "5/5 done, best m 1 (trial 0)" run.log
done

# Nothing but failures: one sentence, one word, exit status 1.
cat >diverges.json <<'J'
{"data": {"synthetic": "prod", "points": 40}, "hidden": [{"units": 4}], "optimizer": "sgd",
 "learning_rate": {"choice": [1e30, 1e25]}, "epochs": 3}
J
for time in once again; do
    run diverges.json --store diverges.db --workers 2; equal "all diverge, $time" $status 1
    says "one sentence" "no trial has a result: all 2 diverged (the loss was not finite in epoch " run.log
    check "one word" grep -q '^diverges: 0/2 done, 2 failed' run.log
done
look diverges.db
says "in status" "  executions  0 done, 0 running, 0 waiting, 2 failed" status.txt
says "with the sentence" "  failures    no trial has a result: all 2 diverged (the loss" status.txt
says "in rank" "no trial has a result: all 2 diverged (the loss" rank.txt
sed 's/1e25/0.01/' diverges.json >some.json
run some.json --store some.db --workers 2; equal "one diverges, the other has a result" $status 0
says "which is said" "1 of 2 executions failed: 1 diverged (the loss was not finite in epoch " run.log
check "and counted" grep -q '^some: 1/2 done, 1 failed, best val_loss [0-9.]* (trial 1)' run.log

# A value that is undefined at the end is none.
cat >last.sh <<'J'
#!/bin/sh
echo '{"loss": 1}'
[ "$1" = good ] && echo '{"loss": 2}' || echo '{"loss": NaN}'
J
chmod +x last.sh
cat >last.json <<'J'
{"objective": {"command": ["./last.sh", "{kind}"], "metric": "loss", "at": "last"}, "params": {"kind": {"choice": ["bad", "good"]}}}
J
run last.json --store last.db --workers 1; equal "one is undefined" $status 0
says "why" "1 of 2 executions failed: 1 undefined (loss has no finite value in the last epoch)" run.log
equal "it is among the failures" "$(sql last.db "select trial || outcome || execution_state || message from failures")" \
    "0undefineddoneloss has no finite value in the last epoch"
sed 's/, "at": "last"//' last.json >best.json
run best.json --store best.db --workers 1; equal "its best epoch has a value" "$status$(sql best.db "select count(*) from failures")" 00

# A network that answers all rows alike: all of its units are dead.
cat >dead.json <<'J'
{"data": {"synthetic": "circles", "points": 100}, "hidden": [{"units": 4, "activation": "relu",
 "kernel_initializer": {"choice": ["zeros", "glorot_uniform"]}}], "learning_rate": 0.001, "epochs": 2}
J
run dead.json --store dead.db --workers 2; equal "dead units: no failure" $status 0
look dead.db
check "but marked in rank" test "$(grep -c ' constant ' rank.txt)" = 1
equal "the trial that it is" "$(sql dead.db "select group_concat(trial || ':' || n_constant, ' ') from trial_summary")" "0:1 1:0"
check "and in show" grep -q 'completed, constant' <("$MLPSWEEP" show dead.db 0)

# Too large for memory.
cat >large.json <<'J'
{"data": {"synthetic": "prod", "points": 40}, "hidden": {"layers": 8, "each": {"units": 65536}}, "epochs": 1}
J
run large.json --store large.db --workers 1; equal "too large for memory" $status 1
check "the run says why, of the trial" grep -q '^trial 0: infeasible: needs [0-9.]* GB of memory, a worker has ' run.log
check "and at its end" grep -q '^no trial has a result: 1 failed (infeasible: needs ' run.log
look large.db
says "status says why" "  failures    no trial has a result: 1 failed (infeasible: needs " status.txt
says "rank says why" "no trial has a result: 1 failed (infeasible: needs " rank.txt
check "show says why" grep -q 'infeasible: needs ' <("$MLPSWEEP" show large.db 0)
equal "so does the view" "$(sql large.db "select outcome || substr(message, 1, 11) from failures")" "errorinfeasible:"

# Stages: the winner is the trial without failures.
cat >stages.json <<'J'
{"objective": {"command": ["./lucky.sh", "{lr}", "{execution}"], "metric": "val_loss", "goal": "minimize"},
 "params": {"lr": 2, "x": 0}, "search": {"executions_per_trial": 4},
 "stages": [{"name": "rate", "params": {"lr": {"choice": [1, 2]}}}, {"name": "x", "params": {"x": {"choice": [1, 2]}}}]}
J
run stages.json --store stages.db --workers 2; equal "a stage with failures" $status 0
says "its winner has none" "stage 2 of 2 continues from trial 1 of stages:1-rate" run.log
finish
