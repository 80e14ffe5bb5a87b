# Executions after the search: those that separate trials, and fresh ones of the winner. They are the same on any
# number of workers and after a kill at any point, in stages, with folds, under a scheduler, in functions and programs.
. "$(dirname "$0")/../lib.sh"

sweep() { # NAME, what comes before the search, the search
    cat >"$1.json" <<END
{
  "name": "$1", "seed": 3,
  $2
  "batch_size": 20, "epochs": 4, "optimizer": "adam",
  "hidden": [{"units": {"choice": [2, 3, 4, 6, 8, 12]}, "activation": {"choice": ["tanh", "relu"]}}],
  $3
  "objective": {"metric": "val_loss"}
}
END
}
data='"data": {"synthetic": "xor", "points": 200, "test": 0.2},'
sweep plain "$data" '"search": {"executions_per_trial": 2, "resolve": 30, "confirm": 3},'
sweep folds '"data": {"synthetic": "xor", "points": 200, "folds": 3},' '"search": {"resolve": 40, "confirm": 6},'
sweep band "$data" '"search": {"method": "random", "max_trials": 12, "executions_per_trial": 2, "resolve": 12, "confirm": 2,
  "scheduler": {"name": "hyperband", "eta": 2}},'
cat >staged.json <<'END'
{
  "name": "staged", "seed": 5, "data": {"synthetic": "xor", "points": 200, "test": 0.2},
  "hidden": [{"units": 4, "activation": "tanh"}], "batch_size": 20, "epochs": 3,
  "search": {"executions_per_trial": 2, "resolve": 16, "confirm": 2}, "objective": {"metric": "val_loss"},
  "stages": [{"name": "units", "hidden": [{"units": {"choice": [2, 4, 8]}}]},
             {"name": "rate", "learning_rate": {"choice": [0.01, 0.02, 0.03]}}]
}
END

# Every execution with its purpose, state and numbers, tests too: the order of completion plays no part.
everything() {
    sql "$1" "select s.name, t.number, e.number, e.purpose, e.state, coalesce(printf('%!.20g', e.objective), 'nan'), e.best_epoch
              from execution e join trial t using (trial_id) join sweep s using (sweep_id) order by 1, 2, 3"
    sql "$1" "select s.name, t.number, e.number, m.epoch, m.metric, coalesce(printf('%!.20g', m.value), 'nan')
              from epoch_metric m join execution e using (execution_id) join trial t using (trial_id)
              join sweep s using (sweep_id) order by 1, 2, 3, 4, 5"
    sql "$1" "select s.name, t.number, e.number, m.metric, printf('%!.20g', m.value) from test_metric m
              join execution e using (execution_id) join trial t using (trial_id)
              join sweep s using (sweep_id) order by 1, 2, 3, 4"
}
count() { sql "$1" "select count(*) from execution where purpose = '$2'"; }

for s in plain folds band staged; do
    for w in 1 2 5; do
        run "$s.json" --store "$s$w.db" --workers $w; equal "$s, $w workers: finished" $status 0
        cp run.log "$s.log"; everything "$s$w.db" >"$s$w.txt"
    done
    check "$s, 2 workers: the same" cmp "${s}1.txt" "${s}2.txt"
    check "$s, 5 workers: the same" cmp "${s}1.txt" "${s}5.txt"
    run "$s.json" --store "${s}1.db" --workers 2; equal "$s again: nothing is left to do" $status 0
    everything "${s}1.db" >again.txt; check "$s again: nothing changed" cmp "${s}1.txt" again.txt
done

equal "the search, resolving, confirming: executions" \
    "$(for p in search resolve confirm; do count plain1.db $p; done | tr '\n' ' ')" "24 30 3 "
equal "executions are numbered on, those that confirm are far from them" \
    "$(sql plain1.db "select group_concat(purpose || ' ' || lo || '-' || hi, ', ') from (select purpose, min(number) lo,
        max(number) hi from execution group by 1 order by 2)")" "search 0-1, resolve 2-4, confirm 60000-60002"
equal "the winner alone is confirmed" \
    "$(sql plain1.db "select distinct t.number from execution join trial t using (trial_id) where purpose = 'confirm'")" \
    "$(sql plain1.db "select trial from leaderboard where rank = 1")"
equal "the ranking counts what resolving ran, not what confirms" \
    "$(sql plain1.db "select sum(n) from leaderboard")" 54
equal "tested: what ranks the winner" \
    "$(sql plain1.db "select group_concat(distinct purpose) from (select purpose from test_metric join execution using (execution_id) order by 1 desc)")" \
    "search,resolve"
check "the end says what was confirmed" grep -q "^confirm: trial .* in 3 fresh executions" plain.log
equal "with folds, whole turns of them" "$(sql folds1.db "select group_concat(n, ' ') from (select distinct count(*) n from execution
    join trial t using (trial_id) where purpose <> 'confirm' group by trial_id order by 1)")" "6 9"
equal "each fold as often when confirming" "$(sql folds1.db "select group_concat(n, ' ') from (select count(*) n from execution
    where purpose = 'confirm' group by number % 3)")" "2 2 2"
equal "what a scheduler stopped gets no more" "$(sql band1.db "select count(*) from execution e where purpose <> 'search'
    and exists (select 1 from execution p where p.trial_id = e.trial_id and p.outcome = 'pruned')")" 0
equal "every stage confirms its winner" "$(sql staged1.db "select group_concat(n, ' ') from (select count(*) n from execution
    join trial using (trial_id) where purpose = 'confirm' group by sweep_id order by sweep_id)")" "2 2"

killed() { "$MLPSWEEP" run "$1" --store "$work/k.db" --workers 2 --progress none >/dev/null 2>&1; }
# Killed at any point: in the search, in each round, while confirming. Longer trainings, so that a kill comes in time.
sed 's/"epochs": 4/"epochs": 700/; s/"confirm": 3/"confirm": 20/' plain.json >long.json
run long.json --store long.db --workers 2; everything long.db >long.txt
for n in 5 30 45 57; do
    interrupt k.db $n 74 kill_rank_0 killed long.json
    await "the end of the killed run" no_run_on k.db
    run long.json --store k.db --workers 3; equal "killed after $n executions: finished" $status 0
    everything k.db >k.txt; check "killed after $n: the same" cmp long.txt k.txt
done

# More of it later is as if it had been so from the start: with a larger N, with more executions of the search.
sed 's/"resolve": 30/"resolve": 12/; s/"confirm": 3/"confirm": 1/' plain.json >less.json
run less.json --store grown.db --workers 2
run plain.json --store grown.db --workers 2; equal "a larger N continues" $status 0
ranked() { sql "$1" "select t.number, e.number, printf('%!.20g', objective) from execution e join trial t using (trial_id)
    where purpose <> 'confirm' order by 1, 2"; }
ranked grown.db >grown.txt; ranked plain1.db >wanted.txt
check "to the same executions" cmp wanted.txt grown.txt
sed 's/"executions_per_trial": 2, "resolve": 30/"executions_per_trial": 4, "resolve": 0/' plain.json >four.json
cp plain1.db four.db; run four.json --store four.db --workers 2; equal "more executions of the search" $status 0
equal "what resolving had run is the search's" "$(sql four.db "select purpose || ' ' || count(*) from execution where number < 4 group by purpose")" "search 48"
run four.json --store afresh.db --workers 2
sql four.db "select t.number, e.number, printf('%!.20g', objective) from execution e join trial t using (trial_id) where e.number < 4 order by 1, 2" >a.txt
sql afresh.db "select t.number, e.number, printf('%!.20g', objective) from execution e join trial t using (trial_id) where e.number < 4 order by 1, 2" >b.txt
check "to the same bits" cmp a.txt b.txt

# --resolve in place of the file's; interrupted and given up, it leaves nothing waiting.
sed 's/"resolve": 30, "confirm": 3/"max_executions": 30, "confirm": 2/' plain.json >bare.json
run bare.json --store bare.db --workers 2 --resolve 50; equal "--resolve" $status 0
equal "within max_executions, which leaves room to confirm" "$(count bare.db resolve) $(count bare.db confirm)" "4 2"
sql bare.db "insert into execution (trial_id, number, purpose) select min(trial_id), 50, 'resolve' from trial"
run bare.json --store bare.db --workers 2; equal "without it" $status 0
equal "nothing waits" "$(sql bare.db "select count(*) from execution where state = 'waiting'")" 0
"$MLPSWEEP" run bare.json --store no.db --resolve -1 >run.log 2>&1; equal "fewer than none is refused" $? 2
sed 's/"metric": "val_loss"/"metric": "val_loss", "by": "worst"/' bare.json >worst.json
"$MLPSWEEP" run worst.json --store no.db --resolve 5 >run.log 2>&1; equal "refused with by: worst" $? 2
check "and why" grep -q "objective.by is 'worst'" run.log
check "nothing was written" test ! -e no.db

# Functions have no spread: all executions of a trial are alike, and trials are told apart at once. A program.
cat >f.json <<'END'
{"name": "f", "objective": {"function": "beale"}, "params": {"x": {"choice": [1, 2, 3]}, "y": 0.5},
 "search": {"executions_per_trial": 2, "resolve": 9, "confirm": 2}}
END
run f.json --store f.db --workers 1; equal "a function" $status 0
equal "is resolved at once, and confirmed" "$(count f.db resolve) $(count f.db confirm)" "0 2"
cat >c.json <<'END'
{"name": "c", "objective": {"command": ["/bin/sh", "-c", "echo \"{{\\\"v\\\": $((({seed} / 7) % 100 + {x}))}}\""], "metric": "v", "goal": "minimize"},
 "params": {"x": {"choice": [1, 2, 3]}}, "search": {"executions_per_trial": 2, "resolve": 9, "confirm": 2}}
END
run c.json --store c.db --workers 2; equal "a program" $status 0
equal "is resolved and confirmed" "$(count c.db resolve) $(count c.db confirm)" "9 2"
# The objective as a mean over epochs: the same as SQL finds with a window, the epoch that counts its last one.
for at in best_mean last_mean; do
    sed "s/\"metric\": \"val_loss\"/\"metric\": \"val_loss\", \"at\": \"$at\", \"window\": 3/; s/\"epochs\": 4/\"epochs\": 7/; s/\"name\": \"band\"/\"name\": \"$at\"/; s/\"resolve\": 12/\"resolve\": 3/" band.json >$at.json
    run $at.json --store $at.db --workers 2; equal "$at" $status 0
    [ $at = best_mean ] && first="mean" || first="-epoch"
    equal "$at: objective and epoch of every execution are those of SQL" "$(sql $at.db "
        with w as (select execution_id, epoch, avg(value) over (partition by execution_id order by epoch rows 2 preceding) mean,
                          count(*) over (partition by execution_id) n from epoch_metric where metric = 'val_loss'),
        p as (select *, row_number() over (partition by execution_id order by $first, epoch) place from w where epoch >= min(3, n))
        select count(*) || ' ' || sum(abs(objective - mean) < 1e-12 and best_epoch = epoch) from execution join p using (execution_id) where place = 1")" \
        "$(sql $at.db "select count(*) || ' ' || count(*) from execution where objective is not null")"
    equal "$at: in the store" "$(sql $at.db "select at || ' ' || at_window from sweep")" "$at 3"
done
"$MLPSWEEP" rank best_mean.db >rank.txt; check "rank says so" grep -q "the mean of the best 3 epochs" rank.txt
finish
