# Metrics without a value, constant networks and balanced classes, from the data to what people read.
. "$(dirname "$0")/../lib.sh"
says() { check "$1" grep -qF -- "$2" "$3"; }
common='"hidden": [], "optimizer": {"name": "sgd", "learning_rate": 0}, "batch_size": 8, "epochs": 2'

# The validation rows, the last four, are of class 0 only; the output is 1/2 or below for each.
{ echo a,y; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "$((i % 5 - 9)),$((i % 2))"; done
  for i in 1 2 3 4; do echo "$((i - 9)),0"; done; } >one.csv
one() { # NAME METRIC
    cat >"$1.json" <<J
{"data": {"csv": "one.csv", "target": "y", "task": "binary", "validation": 0.25, "split": "last"}, $common,
 "output": {"kernel_initializer": "ones"},
 "metrics": ["accuracy", "precision", "recall", "f1_score", "auc"], "objective": {"metric": "$2"}}
J
    run "$1.json" --store "$1.db" --workers 1
}
one fine val_accuracy; equal "an objective with a value" $status 0
value() { sql fine.db "select coalesce(value, 'none') from epoch_metric where metric = '$1' and epoch = 2"; }
equal "accuracy: all are right" "$(value val_accuracy)" 1.0
for metric in precision recall f1_score auc; do
    equal "val_$metric has no value: NULL, and not 0" "$(value "val_$metric")" none
done
equal "no training output is above 1/2, but some targets are positive" \
    "$(value precision) $(value recall) $(value f1_score)" "none 0.0 0.0"
holds "training rows have both classes" "$(value auc) > 0"
"$MLPSWEEP" show fine.db 0 >show.txt
for reason in "val_precision is nan: no output above 1/2" "val_recall is nan: no positive target" \
    "val_f1_score is nan: no positive target and no output above 1/2" "val_auc is nan: targets of one class only"; do
    says "show says why" "$reason" show.txt
done
check "and speaks of no other metric" test "$(grep -c 'is nan' show.txt)" -eq 5 # the fifth: precision
"$MLPSWEEP" curves fine.db >curves.txt 2>curves.err
says "curves too, beside its table" "val_auc is nan: targets of one class only" curves.err
one auc val_auc; equal "an objective without a value: no trial has a result" $status 1
says "the run says why" "val_auc has no value: targets of one class only" run.log
equal "and the store" "$(sql auc.db "select message from failures")" "val_auc has no value: targets of one class only"

# Classes 0, 1, 2 of three training classes; validation has 0 and 1 alone. Inputs are one-hot, so is the answer.
{ echo a,b,c,y; for i in 1 2 3 4 5 6; do echo 1,0,0,p; echo 0,1,0,q; echo 0,0,1,r; done; } >three.csv
{ echo a,b,c,y; echo 1,0,0,p; echo 0,1,0,q; echo 1,0,0,p; } >two.csv
cat >absent.json <<J
{"data": {"csv": "three.csv", "target": "y", "validation": {"file": "two.csv"}}, "hidden": [],
 "output": {"kernel_initializer": "zeros"}, "metrics": ["f1_score"],
 "optimizer": {"name": "adam", "learning_rate": 0.5}, "batch_size": 18, "epochs": 40, "objective": {"metric": "val_f1_score", "at": "last"}}
J
run absent.json --store absent.db --workers 1; equal "a class that validation lacks" $status 0
equal "f1_score is that of the classes there are" "$(sql absent.db 'select objective from execution')" 1.0

# A dead network answers every row with its bias.
{ echo a,b,y; for i in 1 2 3 4 5 6 7 8 9 10; do echo "$i,$((i * i)),$i.5"; done; } >dead.csv
cat >dead.json <<J
{"data": {"csv": "dead.csv", "target": "y", "task": "regression", "validation": 0.2},
 "hidden": [{"units": 3, "kernel_initializer": {"choice": ["ones", "zeros"]}}],
 "optimizer": {"name": "sgd", "learning_rate": 0}, "epochs": 1, "search": {"executions_per_trial": 2}}
J
run dead.json --store dead.db --workers 2; equal "a dead network is no failure" $status 0
equal "it is marked" "$(sql dead.db "select group_concat(constant, '') from (select constant from trial join execution using (trial_id) order by trial.number, execution.number)")" 0011
"$MLPSWEEP" rank dead.db >rank.txt
check "rank marks its trial" grep -qE '^ +[12] +1 .*constant' rank.txt
check "and no other" grep -qE '^ +[12] +0 ' rank.txt
equal "one mark and its meaning" "$(grep -c constant rank.txt)" 2
says "in words" "constant: the network answers every row of training and validation with the same numbers" rank.txt
"$MLPSWEEP" show dead.db 1 >show.txt
says "show marks its executions" "completed, constant" show.txt
says "and says what it means" "constant: the network answers every row" show.txt
check "not those of the other" test -z "$("$MLPSWEEP" show dead.db 0 | grep constant)"

# Balanced classes: the bits of the same weights given. 9 rows of class 0, 3 of class 1 train:
# scikit-learn's weights are 12 / (2 * 9) and 12 / (2 * 3).
{ echo a,y; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "$((i % 7)),$((i % 4 == 0))"; done; echo 1,0; echo 2,1; echo 3,0; echo 4,0; } >b.csv
for weights in '"balanced"' '[0.66666666666666663, 2]' null; do
    cat >b.json <<J
{"data": {"csv": "b.csv", "target": "y", "task": "binary", "validation": 0.25, "split": "last"}, "hidden": [{"units": 4}],
 "class_weight": $weights, "optimizer": "adam", "batch_size": 5, "epochs": 3}
J
    run b.json --store "b$(echo "$weights" | cut -c1-2 | tr -d '["').db" --workers 1; equal "class_weight $weights" $status 0
done
numbers bb.db >balanced.txt; numbers b0.db >given.txt; numbers bnu.db >none.txt
check "balanced are the weights of scikit-learn, to the bit" cmp balanced.txt given.txt
check "and not none" test -n "$(cmp balanced.txt none.txt 2>&1)"
finish
