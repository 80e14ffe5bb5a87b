# keep_best: the weights of the best trials' executions are the same on any number of workers, after kills and in
# parts, and no metric changes because of them.
. "$(dirname "$0")/../lib.sh"

cat >k.json <<'EOF'
{
  "name": "k", "seed": 7,
  "data": {"synthetic": "circles", "points": 600, "test": 0.2},
  "hidden": {"layers": {"int": [1, 2]}, "same": {"activation": "tanh"}, "each": {"units": {"choice": [4, 8, 16]}}},
  "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": 0.9}]},
  "learning_rate": {"float": [1e-3, 1e-1], "log": true}, "batch_size": 50, "epochs": 9,
  "search": {"method": "random", "max_trials": 40, "executions_per_trial": 3},
  "keep_best": 4
}
EOF

# The trials whose weights are there, and those that rank first.
kept() { sql "$1" "select group_concat(number) from (select distinct number from model join trial using (trial_id) order by 1)"; }
best() { sql "$1" "select group_concat(trial) from (select trial from leaderboard where rank <= $2 order by 1)"; }

for w in 1 2 5; do
    run k.json --store w$w.db --workers $w; equal "$w workers finish" $status 0
    weights w$w.db >w$w.txt; numbers w$w.db >n$w.txt
done
check "2 workers: the same weights" cmp w1.txt w2.txt
check "5 workers: the same weights" cmp w1.txt w5.txt
check "and the same metrics" cmp n1.txt n5.txt
equal "the best four trials are kept" "$(kept w1.db)" "$(best w1.db 4)"
check "show names them" sh -c "\"$MLPSWEEP\" show w1.db best | grep -q '^networks kept: executions 0, 1, 2$'"
equal "all of their executions, at the epoch that counts" \
    "$(sql w1.db "select count(*) || ' ' || sum(m.epoch = x.best_epoch) from model m join execution x
                  on x.trial_id = m.trial_id and x.number = m.execution")" "12 12"
equal "the test set judges the winner alone" \
    "$(sql w1.db "select count(distinct trial_id) from test_metric join execution using (execution_id)")" 1

sed 's/"keep_best": 4/"keep_best": 0/' k.json >none.json
run none.json --store none.db --workers 2; equal "without weights" $status 0
equal "none is kept" "$(sql none.db "select count(*) from model")" 0
numbers none.db >none.txt
check "and no metric differs" cmp n1.txt none.txt
tests_of() { sql "$1" "select metric, printf('%!.20g', value) from test_metric order by execution_id, 1"; }
equal "nor a test" "$(tests_of none.db)" "$(tests_of w1.db)"

# More are asked for later: what was not kept is trained again, to the same bits.
run k.json --store none.db --workers 2; equal "continued with keep_best 4" $status 0
weights none.db >later.txt
check "the same weights as if they had been kept at once" cmp w1.txt later.txt
sed 's/"keep_best": 4/"keep_best": 1/' k.json >one.json
run one.json --store none.db --workers 2
equal "and with keep_best 1 only the winner's stay" "$(kept none.db)" "$(best none.db 1)"

# In parts, under a scheduler: the epoch that counts may lie in a part before.
sed 's/"executions_per_trial": 3/"executions_per_trial": 2, "scheduler": "hyperband"/; s/"name": "k"/"name": "h"/' k.json >h.json
for w in 1 5; do
    run h.json --store h$w.db --workers $w; equal "hyperband, $w workers" $status 0
    weights h$w.db >h$w.txt
done
check "the same weights" cmp h1.txt h5.txt
equal "of the best four trials" "$(kept h1.db)" "$(best h1.db 4)"

# The last epoch may be the one that counts; folds differ from execution to execution.
sed 's/"search"/"objective": {"at": "last"}, "search"/; s/, "test": 0.2/, "folds": 3/' k.json >last.json
for w in 1 2; do
    run last.json --store l$w.db --workers $w; equal "the last epoch, $w workers" $status 0
    weights l$w.db >l$w.txt
done
check "the same weights" cmp l1.txt l2.txt
equal "after the last epoch" "$(sql l1.db "select group_concat(distinct epoch) from model")" 9

# Every stage keeps its own.
sed 's/"keep_best": 4/"keep_best": 2, "stages": [{"name": "one"}, {"name": "two", "search": {"max_trials": 6}, "batch_size": {"choice": [20, 50]}}]/' \
    k.json >stages.json
run stages.json --store s.db --workers 2; equal "stages" $status 0
equal "two trials of each" "$(sql s.db "select group_concat(n) from (select count(distinct m.trial_id) n from model m
    join trial using (trial_id) group by sweep_id)")" "2,2"

# A function has no weights.
echo '{"name": "f", "objective": {"function": "beale"}, "search": {"method": "random", "max_trials": 5}}' >f.json
run f.json --store f.db --workers 2; equal "a function" $status 0
equal "keeps nothing" "$(sql f.db "select count(*) from model")" 0
finish
