# A list of objectives: the first guides the search, all of them rank by fronts, and sqlite3 alone finds the same.
. "$(dirname "$0")/../lib.sh"

cat >g.json <<'END'
{
  "name": "g", "seed": 7,
  "data": {"synthetic": "circles", "points": 400},
  "hidden": {"layers": {"int": [1, 2]}, "same": {"activation": "tanh", "units": {"choice": [2, 4, 8, 16]}}},
  "optimizer": "adam", "learning_rate": 0.02, "batch_size": 20, "epochs": 15,
  "metrics": ["mae"],
  "search": {"executions_per_trial": 2},
  "objective": [{"metric": "val_accuracy"}, {"metric": "weights", "goal": "minimize"}]
}
END
run g.json --store g.db --workers 2; equal "finishes" $status 0
equal "the list is in the store" "$(sql g.db "select group_concat(position || metric || goal, ' ') from objective")" \
    "0val_accuracymaximize 1weightsminimize"
"$MLPSWEEP" rank g.db --csv | tr -d '\r' >rank.csv
column() { head -1 rank.csv | tr ',' '\n' | grep -n "^$1\$" | cut -d: -f1; }
front=$(column front) trial=$(column trial) weights=$(column weights)
check "rank has a column for the fronts and one for each further objective" test -n "$front" -a -n "$weights"
equal "weights as the store counts them" \
    "$(tail -n +2 rank.csv | cut -d, -f"$trial,$weights" | sort -n | tr "\n" " ")" \
    "$(sql g.db "select number || ',' || weights from trial order by number" | tr "\n" " ")"
# Front 1 by its definition, computed from the raw rows.
sql g.db "with v as (select t.number n, avg(e.objective) a, t.weights w from trial t join execution e using (trial_id) group by 1)
          select n from v where not exists (select 1 from v u where u.a >= v.a and u.w <= v.w and (u.a > v.a or u.w < v.w)) order by n" >wanted.txt
awk -F, -v f="$front" -v t="$trial" 'NR > 1 && $f == 1 { print $t }' rank.csv | sort -n >front.txt
sql g.db "select trial from pareto order by 1" >view.txt
check "front 1 of rank" cmp wanted.txt front.txt
check "front 1 of the view" cmp wanted.txt view.txt
check "not all are on it, and not one alone" test "$(wc -l <front.txt)" -gt 1 -a "$(wc -l <front.txt)" -lt 8
check "the fronts come in order" sort -c -n -t, -k"$front,$front" <(tail -n +2 rank.csv)
"$MLPSWEEP" rank g.db >rank.txt
check "and says what front 1 is" grep -q "^front 1: $(wc -l <front.txt) trials that no other beats" rank.txt

# Another metric is taken from the epoch where the first is best; seconds come from the attempts.
sed 's/"metric": "weights", "goal": "minimize"/"metric": "val_mae"}, {"metric": "seconds"/' g.json >m.json
run m.json --store m.db --workers 2; equal "metrics and seconds" $status 0
equal "at the epoch that counts" \
    "$(sql m.db "select group_concat(printf('%.12g', value), ' ') from (select value from trial_goal where metric = 'val_mae' order by trial)")" \
    "$(sql m.db "select group_concat(printf('%.12g', v), ' ') from (select avg(m.value) v from execution x join epoch_metric m on m.execution_id = x.execution_id
        and m.metric = 'val_mae' and m.epoch = x.best_epoch join trial t using (trial_id) group by t.number order by t.number)")"
equal "seconds of every trial" "$(sql m.db "select count(*) from trial_goal where metric = 'seconds' and value > 0")" 8
sed 's/"goal": "minimize"/"goal": "maximize"/' g.json >other.json
"$MLPSWEEP" run other.json --store g.db >run.log 2>&1; equal "another list: refused" $? 2
check "by its name" grep -q "objective: was" run.log

# Trials that the scheduler ended are in no front: few seconds are no merit of a training that was cut off.
sed 's/"search": {/"search": {"scheduler": "hyperband", /; s/"metric": "weights", "goal": "minimize"/"metric": "seconds"/' g.json >h.json
run h.json --store h.db --workers 2; equal "with a scheduler" $status 0
sql h.db "select t.number from trial t where not exists (select 1 from execution x where x.trial_id = t.trial_id and outcome = 'pruned')" | sort >whole.txt
check "some were ended by it, some not" test "$(wc -l <whole.txt)" -ge 1 -a "$(wc -l <whole.txt)" -lt 8
sql h.db "select trial from pareto" | sort >view.txt
check "the view has none of those" test -s view.txt -a -z "$(comm -23 view.txt whole.txt)"
"$MLPSWEEP" rank h.db --csv --top 0 | tr -d '\r' | awk -F, -v f="$front" -v t="$trial" 'NR > 1 && $f == 1 { print $t }' | sort >front.txt
check "front 1 neither, and it is the same" cmp view.txt front.txt
check "a pause is no failure" test -z "$("$MLPSWEEP" show h.db | grep 'did not complete')"
finish
