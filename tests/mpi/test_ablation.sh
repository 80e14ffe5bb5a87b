# SPDX-License-Identifier: MIT
#
# A path from one trial to the winner: the file that `importance --ablation` writes runs to the same trials on 1 and 5
# workers, cut short or not; every step changes one parameter; the store prints the path.
. "$(dirname "$0")/../lib.sh"

cat >base.json <<'J'
{"name": "base", "seed": 3, "data": {"synthetic": "circles", "points": 300},
 "hidden": {"layers": {"int": [1, 2]}, "same": {"activation": {"choice": ["relu", "tanh"]}}, "each": {"units": {"int": [4, 64]}}},
 "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": {"float": [0, 0.9]}}]},
 "learning_rate": {"float": [1e-4, 1e-1], "log": true}, "batch_size": {"choice": [32, 128]}, "epochs": 6,
 "search": {"method": "random", "max_trials": 12, "executions_per_trial": 2,
            "try_first": [{"hidden.layers": 1, "optimizer": "sgd", "learning_rate": 0.0001}]},
 "objective": {"metric": "val_accuracy"}}
J
run base.json --store base.db --workers 2; equal "the sweep" $status 0
best=$(sql base.db 'select trial from leaderboard limit 1')

"$MLPSWEEP" importance base.db --ablation first >first.json; equal "a path from the file's first values" $? 0
check "it is a sweep file" "$MLPSWEEP" check first.json
"$MLPSWEEP" importance base.db --ablation try_first -o path.json >said.txt; equal "a path from try_first" $? 0
check "it says where it leads" grep -q "steps to trial $best, at most" said.txt
"$MLPSWEEP" importance base.db --ablation 0 -o path.json >/dev/null 2>said.txt; equal "nothing is replaced unasked" $? 2
"$MLPSWEEP" importance base.db --ablation "$best" >/dev/null 2>said.txt; equal "no path to itself" $? 2
check "it says so" grep -q "that is the best trial" said.txt
"$MLPSWEEP" importance base.db --ablation nobody >/dev/null 2>said.txt; equal "no such beginning" $? 2

for workers in 1 5; do
    run path.json --store path.$workers.db --workers $workers; equal "the path on $workers" $status 0
    numbers path.$workers.db >numbers.$workers
    sql path.$workers.db "select t.number, p.name, p.text from trial t join param p using (trial_id) order by 1, 2" >params.$workers
done
check "trials on 5 workers as on 1" cmp params.1 params.5
check "metrics on 5 workers as on 1" cmp numbers.1 numbers.5
winner() { sql "$1" "select name, text from param join trial t using (trial_id) where t.number = $2 order by 1"; }
equal "trial 1 is the winner" "$(winner path.1.db 1)" "$(winner base.db "$best")"

# A search that was cut short within a round goes on to the same trials.
sed 's/"method":/"max_trials": 4, "method":/' path.json >cut.json
run cut.json --store cut.db --workers 2; equal "a path cut short" $status 0
equal "it ends within a round" "$(sql cut.db 'select count(*) from trial')" 4
"$MLPSWEEP" importance cut.db >said.txt; equal "a path that is not at its end" $? 0
check "it says so" grep -q "not at its end yet" said.txt
run path.json --store cut.db --workers 2; equal "it goes on" $status 0
sql cut.db "select t.number, p.name, p.text from trial t join param p using (trial_id) order by 1, 2" >params.cut
numbers cut.db >numbers.cut
check "trials when it was cut short" cmp params.1 params.cut
check "metrics when it was cut short" cmp numbers.1 numbers.cut

"$MLPSWEEP" importance path.1.db >path.txt; equal "the path is printed" $? 0
cat path.txt
steps=$(grep -cE '^ +[0-9]+ .* → ' path.txt)
n=$(sql path.1.db 'select count(*) from trial')
equal "n(n+1)/2 + 1 trials" "$n" $((steps * (steps + 1) / 2 + 1))
check "it ends at trial 1" grep -qE "^ +$steps +1 " path.txt
equal "as JSON" "$("$MLPSWEEP" importance path.1.db --json | python3 -c 'import json, sys
path = json.load(sys.stdin)["path"]
gains = sum(s["gain"] for s in path[1:])
print(len(path) - 1, path[-1]["trial"], abs(path[-1]["mean"] - path[0]["mean"] - gains) < 1e-12)')" "$steps 1 True"
finish
