# Sweeps A1 to A4 reproduce the claims of "analysis of the hyperparameter space". Each claim is stated as a
# comparison of validation losses (mean squared error; the target's variance is (4/3)²/16 = 0.111).
. "$(dirname "$0")/../lib.sh"

for a in a1-activation-width a2-optimizer-rate a3-sgd-rate a4-optimizer-wider-rates; do
    run "$sweeps/$a.json" --store "${a%%-*}.db"
    equal "$a finishes" $status 0
done

# loss STORE EPOCH WHERE: mean val_loss at an epoch over the executions of the trials that match. The
# where clause names parameters as columns p("name").
loss() {
    local where
    where=$(sed -E "s/p\(([^)]*)\)/(select value from param where trial_id = t.trial_id and name = '\1')/g" <<<"$3")
    sql "$1" "select avg(m.value) from epoch_metric m join execution e on e.execution_id = m.execution_id
              join trial t on t.trial_id = e.trial_id where m.metric = 'val_loss' and m.epoch = $2 and $where"
}
# variance of the target over the points = the loss of a constant
flat=0.1111  # E[(x1 x2 / 4)^2] = (4/3)^2 / 16

# A1
for activation in relu tanh sigmoid; do
    for units in 2 16; do
        eval "${activation}_$units=$(loss a1.db 100 "p(hidden.same.activation)='$activation' and p(hidden.same.units)=$units")"
    done
    eval "${activation}_early=$(loss a1.db 20 "p(hidden.same.activation)='$activation' and p(hidden.same.units)=16")"
done
for a in sigmoid tanh relu; do
    eval "two=\$${a}_2 sixteen=\$${a}_16"
    holds "too few units: 2 of $a stay above a quarter of the constant's loss" "$two > 0.25 * $flat"
    holds "enough of them do not" "$sixteen < 0.01 * $flat"
done
holds "more units help (relu 16 < relu 2)" "$relu_16 < $relu_2"
holds "relu gets there sooner than tanh" "$relu_early < $tanh_early"
holds "relu gets there sooner than sigmoid" "$relu_early < $sigmoid_early"

# A2
for o in sgd adam rmsprop adagrad; do
    for r in 0.001 0.005 0.01; do
        eval "${o}_${r#0.}=$(loss a2.db 150 "p(optimizer)='$o' and p(learning_rate)=$r")"
    done
done
holds "adam hardly depends on the rate" "($adam_001 - $adam_01 < 0.1 * $flat) && ($adam_01 - $adam_001 < 0.1 * $flat)"
holds "rmsprop hardly depends on the rate" "($rmsprop_001 - $rmsprop_01 < 0.1 * $flat) && ($rmsprop_01 - $rmsprop_001 < 0.1 * $flat)"
holds "adagrad needs the right rate" "$adagrad_001 > 0.5 * $flat && $adagrad_01 < $adagrad_001"
holds "adam beats plain sgd at every one of these rates" \
    "$adam_001 < $sgd_001 && $adam_005 < $sgd_005 && $adam_01 < $sgd_01"

# A3
for r in 0.00005 0.001 0.010 0.050; do
    eval "s_${r#0.}=$(loss a3.db 250 "abs(p(learning_rate)-$r)<1e-9")"
done
holds "plain sgd struggles at small rates" "$s_00005 > 0.9 * $flat && $s_001 > 0.8 * $flat"
holds "until its rate is raised to 0.05" "$s_050 < 0.5 * $s_001 && $s_050 < $s_010"

# A4
adam=$(loss a4.db 250 "p(optimizer)='adam' and abs(p(learning_rate)-0.01)<1e-9")
sgd=$(loss a4.db 250 "p(optimizer)='sgd' and abs(p(learning_rate)-0.05)<1e-9")
# reached STORE WHERE: the first epoch whose mean val_loss is below a tenth of the constant's.
reached() {
    local where
    where=$(sed -E "s/p\(([^)]*)\)/(select value from param where trial_id = t.trial_id and name = '\1')/g" <<<"$2")
    sql "$1" "select min(epoch) from (select m.epoch, avg(m.value) as v from epoch_metric m join execution e
              on e.execution_id = m.execution_id join trial t on t.trial_id = e.trial_id
              where m.metric = 'val_loss' and $where group by m.epoch) where v < 0.1 * $flat"
}
adam_epoch=$(reached a4.db "p(optimizer)='adam' and abs(p(learning_rate)-0.01)<1e-9")
sgd_epoch=$(reached a4.db "p(optimizer)='sgd' and abs(p(learning_rate)-0.05)<1e-9")
holds "sgd at 0.05 comes near adam" "$sgd < 0.2 * $flat"
holds "but slower (epochs until the loss is a tenth)" "$sgd_epoch > $adam_epoch && $sgd > $adam"
finish
