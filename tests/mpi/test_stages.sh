# Stages: each starts from the winner of the one before. The results are the same on any number of workers, and
# after a kill in the middle of a stage.
. "$(dirname "$0")/../lib.sh"

cat >s.json <<'END'
{
  "name": "s", "seed": 7,
  "data": {"synthetic": "xor", "points": 300, "test": 0.2},
  "hidden": {"layers": 1, "same": {"activation": "tanh", "units": 4}},
  "optimizer": "adam", "batch_size": 50, "epochs": 8,
  "search": {"executions_per_trial": 2},
  "objective": {"metric": "val_loss"},
  "stages": [
    {"name": "layers", "hidden": {"layers": {"int": [1, 2]}, "each": {"units": {"choice": [2, 4, 8]}}}},
    {"name": "optimizer", "epochs": 10,
     "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": {"choice": [0.5, 0.9]}}, "rmsprop"]}},
    {"name": "rate", "learning_rate": {"float": [1e-3, 1], "log": true},
     "search": {"method": "random", "max_trials": 5}},
    {"name": "dropout", "hidden": {"same": {"dropout": {"choice": [0, 0.1, 0.3]}}}}
  ]
}
END

# Like `numbers`, for every stage, with its name and text: the text holds the winners of the stages before it.
staged() {
    sql "$1" "select name, text from sweep order by 1"
    sql "$1" "select s.name, t.number, e.number, m.epoch, m.metric, coalesce(printf('%!.20g', m.value), 'nan')
              from epoch_metric m join execution e using (execution_id) join trial t using (trial_id)
              join sweep s using (sweep_id) order by 1, 2, 3, 4, 5"
    sql "$1" "select s.name, t.number, e.number, m.metric, printf('%!.20g', m.value) from test_metric m
              join execution e using (execution_id) join trial t using (trial_id)
              join sweep s using (sweep_id) order by 1, 2, 3, 4"
}

for w in 1 2 5; do
    run s.json --store w$w.db --workers $w; equal "$w workers finish" $status 0
    staged w$w.db >w$w.txt
done
check "2 workers: the same stages, winners and numbers" cmp w1.txt w2.txt
check "5 workers: the same stages, winners and numbers" cmp w1.txt w5.txt

equal "a sweep for each stage" "$(sql w1.db "select group_concat(name, ' ') from (select name from sweep order by sweep_id)")" \
    "s:1-layers s:2-optimizer s:3-rate s:4-dropout"
equal "their trials" "$(sql w1.db "select group_concat(n, ' ') from (select count(*) n from trial group by sweep_id order by sweep_id)")" \
    "12 4 5 3"
# Stage 2 has the winner of stage 1, as the store ranks it.
units=$(sql w1.db "select group_concat(value, ' ') from (select p.value from leaderboard l join sweep s on s.name = l.sweep
    join trial t on t.sweep_id = s.sweep_id and t.number = l.trial join param p using (trial_id)
    where s.name = 's:1-layers' and l.rank = 1 and p.name like '%units' order by p.position)")
equal "stage 2 has the layers that won" \
    "$(sql w1.db "select group_concat(json_extract(value, '\$.units'), ' ') from sweep, json_each(text, '\$.hidden') where name = 's:2-optimizer'")" "$units"
equal "stage 2 changes the epochs from there on" \
    "$(sql w1.db "select group_concat(e, ' ') from (select max(x.epochs) e from execution x join trial using (trial_id) group by sweep_id order by sweep_id)")" "8 10 10 10"
rate=$(sql w1.db "select printf('%.12g', p.value) from leaderboard l join sweep s on s.name = l.sweep
    join trial t on t.sweep_id = s.sweep_id and t.number = l.trial join param p using (trial_id)
    where s.name = 's:3-rate' and l.rank = 1")
equal "stage 4 has the rate that won" \
    "$(sql w1.db "select printf('%.12g', json_extract(text, '\$.learning_rate')) from sweep where name = 's:4-dropout'")" "$rate"
equal "the test set judges the last winner alone" \
    "$(sql w1.db "select count(distinct s.name) || ' ' || max(s.name) from test_metric join execution using (execution_id) join trial using (trial_id) join sweep s using (sweep_id)")" \
    "1 s:4-dropout"
equal "the latest stage is shown" "$("$MLPSWEEP" rank w1.db --top 1 | head -1 | cut -d: -f1,2)" "s:4-dropout"

# Finished stages are not run again.
attempts=$(sql w2.db "select count(*) from attempt")
run s.json --store w2.db --workers 2; equal "once more: nothing to do" $status 0
equal "no attempt was added" "$(sql w2.db "select count(*) from attempt")" "$attempts"
staged w2.db >again.txt; check "and nothing changed" cmp w1.txt again.txt

# A kill in stage 2.
sed 's/"epochs": 10/"epochs": 4000/' s.json >slow.json
run slow.json --store "$work/calm.db" --workers 2; equal "undisturbed" $status 0
quiet() { "$MLPSWEEP" run --progress none slow.json --store "$work/$1" --workers 2 >run.log 2>&1; }
interrupt cut.db 26 32 kill_rank_0 quiet cut.db # 24 of stage 1, 8 of stage 2
equal "killed: interrupted but resumable" $code 3
equal "it was in stage 2" "$(sql cut.db "select count(*) from sweep")" 2
run slow.json --store cut.db --workers 1; equal "the same command goes on" $status 0
staged calm.db >calm.txt; staged cut.db >cut.txt
check "to the same stages, winners and numbers" cmp calm.txt cut.txt
equal "stage 1 was not run again" "$(sql cut.db "select count(*) from attempt join execution using (execution_id) join trial using (trial_id) where sweep_id = 1 and attempt.outcome = 'completed'")" 24

# More trials in the last stages; and a change that would replace the winner under a later stage.
sed 's/"max_trials": 5/"max_trials": 6/' s.json >more.json
cp w1.db more.db
run more.json --store more.db --workers 2
equal "one trial more in stage 3" "$(sql more.db "select count(*) from trial where sweep_id = 3")" 6
cp w1.db longer.db
sed 's/"epochs": 8/"epochs": 60/' s.json >longer.json
"$MLPSWEEP" run longer.json --store longer.db --workers 2 >run.log 2>&1; status=$?
if [ "$(sql longer.db "select trial from leaderboard where sweep = 's:1-layers' and rank = 1")" = \
     "$(sql w1.db "select trial from leaderboard where sweep = 's:1-layers' and rank = 1")" ]; then
    equal "longer stage 1, same winner: goes on" $status 0
else
    equal "another winner of stage 1: refused" $status 2
    check "naming the stage" grep -q "stage 2, s:2-optimizer: .*winner.*hidden" run.log
fi

# A stage whose trials all diverge has no winner.
sed 's/"name": "layers",/"name": "layers", "loss": "mse", "optimizer": "sgd", "learning_rate": 1e300,/; s/"output".*//' s.json |
    sed 's/"activation": "tanh"/"activation": "linear"/' >none.json
"$MLPSWEEP" run none.json --store none.db --workers 2 >run.log 2>&1; equal "no winner" $? 1
check "and it says so" grep -q "s:1-layers has no winner" run.log
equal "no stage after it" "$(sql none.db "select count(*) from sweep")" 1

# Refused before anything starts.
sed 's/{"name": "dropout"/{"name": "late", "optimizer": {"beta_1": {"choice": [0.8, 0.9]}}}, &/' s.json >wrong.json
"$MLPSWEEP" run wrong.json --store wrong.db --workers 2 >run.log 2>&1; equal "a stage that not every winner fits" $? 2
check "says for which" grep -q "stages.4.optimizer: .*'beta_1' of .*where stage 2 chooses" run.log
check "and makes no store" test ! -e wrong.db

# Stages of functions and of commands have winners too, although there is no test set for them.
cat >f.json <<'END'
{"name": "f", "seed": 2, "objective": {"function": "sphere"}, "params": {"a": 3, "b": 3, "c": 3},
 "stages": [{"name": "a", "params": {"a": {"int": [-2, 2]}}}, {"name": "b", "params": {"b": {"choice": [2, 1, 4]}}},
            {"name": "c", "params": {"c": {"float": [-1, 1]}}, "search": {"method": "random", "max_trials": 7}}]}
END
run f.json --store f.db --workers 2; equal "stages of a function" $status 0
equal "each goes on from the winner" "$(sql f.db "select group_concat(json_extract(text, '\$.params'), ' ') from sweep")" \
    '{"a":{"int":[-2,2]},"b":3,"c":3} {"a":0,"b":{"choice":[2,1,4]},"c":3} {"a":0,"b":1,"c":{"float":[-1,1]}}'
# beale(3, 0.5) = 0 and beale(0.5, 3) is not: a function gets its numbers in the order of the file, whatever is swept.
cat >o.json <<'END'
{"name": "o", "objective": {"function": "beale"}, "params": {"x": 2, "y": 0.5}, "search": {"method": "grid"},
 "stages": [{"name": "x", "params": {"x": {"int": [1, 4]}}}, {"name": "y", "params": {"y": {"choice": [0.4, 0.5, 0.6]}}},
            {"name": "again", "params": {"x": {"choice": [3, 5]}}}]}
END
run o.json --store o.db --workers 2; equal "stages of a function that is not symmetric" $status 0
equal "find its minimum" "$(sql o.db "select group_concat(value || ' of ' || parameters, ', ') from (select
    min(mean) as value, parameters from leaderboard join sweep on sweep.name = sweep group by sweep order by sweep_id)")" \
    "0.0 of x=3, 0.0 of y=0.5, 0.0 of x=3"
cat >echo.sh <<'END'
#!/bin/sh
echo "{\"cost\": $(($1 * $1 + $2))}"
END
chmod +x echo.sh
cat >c.json <<'END'
{"name": "c", "objective": {"command": ["./echo.sh", "{x}", "{y}"], "metric": "cost", "goal": "minimize"},
 "params": {"x": 9, "y": 9},
 "stages": [{"params": {"x": {"int": [-1, 3]}}}, {"params": {"y": {"choice": [4, 2, 7]}}}]}
END
run c.json --store c.db --workers 2; equal "stages of a command" $status 0
equal "its best" "$(sql c.db "select group_concat(best, ' ') from leaderboard where rank = 1")" "9.0 2.0"

# The wall time is that of all stages. These programs wait until it is over, and end then.
cat >gate.sh <<'END'
#!/bin/sh
until [ -e over ]; do sleep 0.02; done
echo "{\"cost\": $1}"
END
chmod +x gate.sh
cat >gate.json <<'END'
{"name": "gate", "objective": {"command": ["./gate.sh", "{x}"], "metric": "cost", "goal": "minimize"}, "params": {"x": 9, "y": 9},
 "search": {"max_wall_seconds": 0.05},
 "stages": [{"params": {"x": {"int": [1, 300]}}}, {"params": {"y": {"choice": [4, 2, 7]}}}]}
END
"$MLPSWEEP" run --progress plain gate.json --store gate.db --workers 2 >run.log 2>&1 & run_pid=$!
await "max_wall_seconds to be over" has run.log "max_wall_seconds: 0.05 s have passed"
equal "while it runs nothing has come to its end" "$(n_done gate.db)" 0
touch over
wait $run_pid; equal "max_wall_seconds in the first stage" $? 3
equal "is interrupted" "$(sql gate.db "select state from run")" interrupted
check "what ran came to its end, and not all of the stage" test "$(n_done gate.db)" -lt 300
equal "nothing was cut off" "$(sql gate.db "select count(*) from attempt where outcome <> 'completed'")" 0
equal "no stage after it" "$(sql gate.db "select count(*) from sweep")" 1

# A search that is not complete has no winner to test. It has more executions than a worker is given at once.
sed 's/"executions_per_trial": 2/"executions_per_trial": 1000, "max_wall_seconds": 0.001/' s.json >wall.json
run wall.json --store wall.db --workers 2; equal "no time for the first stage" $status 3
equal "is interrupted" "$(sql wall.db "select state from run")" interrupted
equal "no stage after it, nothing tested" "$(sql wall.db "select (select count(*) from sweep), (select count(*) from test_metric)")" "1|0"
finish
