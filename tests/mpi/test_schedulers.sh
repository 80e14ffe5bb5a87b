# Schedulers make the same decisions and give the same bits on any number of workers. Promoted trials are as if
# they had never been paused, a killed run continues to the same end, and budgets end a search.
. "$(dirname "$0")/../lib.sh"

# sweep SEARCH EPOCHS: dropout, momentum and a plateau have state that a pause must not lose.
sweep() {
    cat <<END
{"name": "s", "seed": 11, "data": {"synthetic": "circle", "points": 200, "validation": 0.25},
 "hidden": {"layers": {"int": [1, 2]},
            "each": {"units": {"choice": [4, 8, 16]}, "dropout": {"float": [0, 0.4], "step": 0.2}}},
 "optimizer": {"choice": [{"name": "sgd", "momentum": 0.9}, {"name": "adam"}]},
 "learning_rate": {"float": [1e-3, 0.3], "log": true},
 "reduce_on_plateau": {"monitor": "val_loss", "patience": 2},
 "batch_size": {"choice": [16, 64]}, "epochs": $2,
 "search": {$1}, "objective": {"metric": "val_loss"}}
END
}

# Everything that was decided: how far each execution was trained, what it reached, on which point.
decisions() {
    sql "$1" "select t.number, x.number, x.state, x.outcome, x.epochs, x.best_epoch,
                     coalesce(printf('%!.20g', x.objective), 'nan'),
                     (select group_concat(name || '=' || text, ' ')
                      from (select * from param p where p.trial_id = t.trial_id order by position))
              from trial t join execution x using (trial_id) order by 1, 2"
}

# same NAME SEARCH EPOCHS: with 1 and 5 workers; leaves $1.txt and $1.numbers.
same() {
    local n
    sweep "$2" "$3" >"$1.json"
    for n in 1 5; do
        run "$1.json" --store "$1$n.db" --workers $n
        equal "$1: $n workers finish" $status 0
        decisions "$1$n.db" >"$1$n.txt"
        numbers "$1$n.db" >"$1$n.numbers"
        equal "$1: $n workers leave no state behind" "$(sql "$1$n.db" "select count(*) from checkpoint")" 0
    done
    check "$1: 5 workers decide the same" cmp "$1"1.txt "$1"5.txt
    check "$1: 5 workers, every number the same" cmp "$1"1.numbers "$1"5.numbers
}

# part NAME WHOLE: every number of NAME is one of WHOLE.
part() { [ -s "$1" ] && [ -z "$(LC_ALL=C comm -23 <(LC_ALL=C sort "$1") <(LC_ALL=C sort "$2"))" ]; }

random='"method": "random", "executions_per_trial": 2'
learns='"method": {"name": "evolution", "population_size": 8, "sample_size": 4}, "executions_per_trial": 2'

same none "$random, \"max_trials\": 30" 9
for s in median_stop successive_halving hyperband; do
    same $s "$random, \"max_trials\": 30, \"scheduler\": \"$s\"" 9
    check "$s: every epoch as in a training without pauses" part ${s}1.numbers none1.numbers
    check "$s: saves epochs" test "$(wc -l <${s}1.numbers)" -lt "$(wc -l <none1.numbers)"
done
same evolution "$learns, \"max_trials\": 24, \"lag\": 4" 4
same bohb "$learns, \"max_trials\": 34, \"scheduler\": \"hyperband\", \"lag\": 4" 9
check "bohb: what is learned changes the trials" test "$(cut -d'|' -f8 bohb1.txt | sort -u | wc -l)" -gt 30
equal "hyperband: trials trained to the end" \
    "$(sql hyperband1.db "select count(*) from execution where outcome = 'completed' and epochs = 9")" \
    "$(sql hyperband1.db "select count(*) from execution where outcome = 'completed'")"
equal "a pause is an attempt of its own, and good" \
    "$(sql hyperband1.db "select count(*) from attempt where outcome = 'paused' and message is null and epochs in (1, 3)")" \
    "$(sql hyperband1.db "select count(*) from attempt where outcome <> 'completed'")"
equal "the winner was trained to its end" \
    "$(sql hyperband1.db "select min(x.outcome) from leaderboard l join trial t on t.number = l.trial
                          join execution x using (trial_id) where l.rank = 1")" completed
"$MLPSWEEP" status hyperband1.db >status.txt
check "status says how much time went into waiting" grep -q 'waiting .*% of the workers' status.txt

# asha: other trials may be promoted, but what a trial reaches is the same.
sweep "$random, \"max_trials\": 30, \"scheduler\": \"asha\"" 9 >asha.json
run asha.json --store asha.db --workers 3; equal "asha finishes" $status 0
check "asha says that it depends on timing" grep -q 'depends on the order of results' run.log
numbers asha.db >asha.numbers
check "asha: every epoch as in a training without pauses" part asha.numbers none1.numbers
equal "asha: nothing left" "$(sql asha.db "select count(*) from execution where state <> 'done'")" 0
check "asha: some are trained to the end" test "$(sql asha.db "select count(*) from execution where epochs = 9")" -gt 1
run asha.json --store asha.db --workers 2; equal "asha: once more" $status 0
equal "asha: a finished sweep is finished" \
    "$(sql asha.db "select count(*) from attempt")" "$(sql asha.db "select count(*) from attempt where epochs is not null")"
# One worker ends parts in the order in which it gets them, however short they are: the same again.
for n in 1 2 3; do
    run asha.json --store asha-one$n.db --workers 1; equal "asha: one worker, time $n" $status 0
    decisions asha-one$n.db >asha-one$n.txt
done
check "asha: one worker decides the same again" cmp asha-one1.txt asha-one2.txt
check "asha: and again" cmp asha-one1.txt asha-one3.txt

# More trials: the same decisions as of the larger sweep from its start.
for s in hyperband successive_halving; do
    sweep "$random, \"max_trials\": 13, \"scheduler\": \"$s\"" 9 >few.json
    run few.json --store grown-$s.db --workers 2; equal "$s with fewer trials" $status 0
    run $s.json --store grown-$s.db --workers 2; equal "$s with more of them" $status 0
    numbers grown-$s.db >grown.numbers
    check "$s: has all that the larger sweep has" part ${s}1.numbers grown.numbers
    decisions grown-$s.db | cut -d'|' -f1,2,8 >grown.txt
    check "$s: trials as the larger sweep has them" cmp grown.txt <(cut -d'|' -f1,2,8 ${s}1.txt)
    equal "$s: nothing left" "$(sql grown-$s.db "select count(*) from execution where state <> 'done'")" 0
done

# Killed in the middle, several times: each time after a number of further parts has ended.
n_parts() { sql "$1" "select count(*) from attempt where outcome in ('paused', 'completed')" 2>/dev/null || echo 0; }
parts_ended() { [ "$(n_parts "$1")" -ge "$2" ] || ! kill -0 $run_pid 2>/dev/null; }
is_there() { rank_0=$(ranks_of "$1" 0); [ -n "$rank_0" ] || ! kill -0 $run_pid 2>/dev/null; }
kill_often() { # NAME: a run that was over before it was killed once says nothing, and is made again
    local parts ended before
    for _ in $(seq 20); do
        rm -f "$1-cut.db"*
        n=0
        for parts in 2 9; do
            before=$(n_parts "$1-cut.db")
            "$MLPSWEEP" run --progress none "$1.json" --store "$work/$1-cut.db" --workers 2 >run.log 2>&1 & run_pid=$!
            await "rank 0 of $1" is_there "$1-cut.db"
            await "$parts parts of $1" parts_ended "$1-cut.db" $((before + parts))
            kill -9 $rank_0 2>/dev/null
            wait $run_pid; ended=$?
            [ $ended -eq 0 ] && break
            n=$((n + 1))
        done
        [ $n -ge 1 ] && return
    done
}
killed() { # NAME SEARCH
    sweep "$2" 54 | sed 's/"points": 200/"points": 6000/' >"$1.json"
    run "$1.json" --store "$1-calm.db" --workers 2; equal "$1: undisturbed" $status 0
    decisions "$1-calm.db" >"$1-calm.txt"; numbers "$1-calm.db" >"$1-calm.numbers"
    local n
    kill_often "$1"
    check "$1: killed in the middle ($n times)" test $n -ge 1
    run "$1.json" --store "$1-cut.db" --workers 2; equal "$1: finished after that" $status 0
    decisions "$1-cut.db" >"$1-cut.txt"; numbers "$1-cut.db" >"$1-cut.numbers"
    check "$1: the same decisions" cmp "$1-calm.txt" "$1-cut.txt"
    check "$1: the same numbers" cmp "$1-calm.numbers" "$1-cut.numbers"
    equal "$1: no state left behind" "$(sql "$1-cut.db" "select count(*) from checkpoint")" 0
    equal "$1: integrity" "$(sql "$1-cut.db" 'pragma integrity_check; pragma foreign_key_check')" ok
}
killed cut-hyperband "$random, \"max_trials\": 22, \"scheduler\": {\"name\": \"hyperband\", \"min_epochs\": 6}"
killed cut-bohb "$learns, \"max_trials\": 22, \"lag\": 3, \"scheduler\": {\"name\": \"hyperband\", \"min_epochs\": 6}"

# Budgets.
sweep "$random, \"max_trials\": 30, \"max_executions\": 7" 2 >budget.json
run budget.json --store budget.db --workers 2; equal "max_executions" $status 0
equal "7 executions" "$(sql budget.db "select count(*), count(objective) from execution")" "7|7"
check "and says so" grep -q 'max_executions is reached: the search ends after 4 trials' run.log
sed 's/"max_executions": 7/"max_executions": 60/' budget.json >more.json
run more.json --store budget.db --workers 2; equal "a larger budget continues" $status 0
equal "60 executions" "$(sql budget.db "select count(*) from execution where state = 'done'")" 60

# More trials than any machine trains in that time, which is longer if the first one did not get to its end.
for seconds in 0.5 2 8 32 128; do
    sweep "$random, \"max_trials\": 1000000, \"max_wall_seconds\": $seconds" 100 >wall.json
    run wall.json --store wall.db --workers 2
    done_now=$(n_done wall.db)
    [ "$done_now" -gt 0 ] && break
done
equal "max_wall_seconds: interrupted" $status 3
check "says so" grep -q 'max_wall_seconds' run.log
equal "the run, too" "$(sql wall.db "select distinct state from run")" interrupted
check "status says how it goes on" grep -q "interrupted at .*; mlpsweep run continues it" <("$MLPSWEEP" status wall.db)
check "some were trained, not all ($done_now)" test "$done_now" -gt 0 -a "$done_now" -lt 2000000
equal "none was cut off" "$(sql wall.db "select count(*) from attempt where outcome <> 'completed'")" 0
for _ in 1 2 3 4 5; do # as often as it takes to get to the end of one more
    run wall.json --store wall.db --workers 2
    [ "$(n_done wall.db)" -gt "$done_now" ] && break
done
equal "and again" $status 3
check "goes on" test "$(n_done wall.db)" -gt "$done_now"
# Time that runs out when the search is complete cuts nothing off, whether the last results just came or were in the store.
sweep "$random, \"max_trials\": 4, \"max_wall_seconds\": 0.001" 100 >short.json
sed 's/, "max_wall_seconds": 0.001//' short.json >whole.json
run short.json --store short.db --workers 2; equal "too little time for anything" $status 3
run whole.json --store short.db --workers 2; equal "without a limit it finishes" $status 0
run short.json --store short.db --workers 2; equal "what is complete stays so" $status 0
equal "as its runs say" "$(sql short.db "select group_concat(state, ' ') from run")" "interrupted finished finished"

best=$(sql none1.db "select mean from leaderboard where rank = 1")
sweep "$random, \"max_trials\": 30, \"lag\": 2, \"target\": $(sql none1.db "select printf('%.17g', mean + 1e-9) from leaderboard where rank = 1")" 9 >target.json
winner=$(sql none1.db "select trial from leaderboard where rank = 1")
run target.json --store target.db --workers 2; equal "target" $status 0
wanted=$((winner + 3 < 30 ? winner + 3 : 30))
equal "the search ends lag trials after the one that is good enough ($best)" "$(sql target.db "select count(*) from trial")" $wanted
finish
