# Sweep D's network and sweep B's first stages on Fashion-MNIST beside the same runs in Keras, which
# tests/numeric/distribution/keras_fashion.py made and stored. In both the last 12,000 training rows validate and
# bytes are divided by 255; the accuracies and losses after the last epoch are compared.
#
# D, trained in three ways: exact Mann-Whitney and Kolmogorov-Smirnov tests, 1 % each.
# B, layers × nodes and optimizers: a t-test of each configuration's val_accuracy, 1 % each, because Keras takes
# so long for the wide ones that the stored file holds few runs; and one test of all differences together.
#
# WAYS, UNITS, OPTIMIZERS and EXECUTIONS: the ordinary run takes one of the three ways and 5 executions.
# tests/soak takes all three, all of the first stage, and the second stage: the optimizers at 2 layers of
# 128 nodes.
. "$(dirname "$0")/../lib.sh"
[ -d /usr/share/datasets/fashion-mnist ] || { echo "skipped: package dataset-fashion-mnist is missing"; exit 77; }
stored=$MS_SOURCE_DIR/tests/numeric/distribution
ways=${WAYS:-rmsprop-784} units=${UNITS:-} executions=${EXECUTIONS:-5}
# The test files are left out, so that no winner is trained again for them.
mkdir fashion && ln -s /usr/share/datasets/fashion-mnist/train-* fashion/

# sweep FILE HIDDEN OUTPUT OPTIMIZER RATE BATCH EPOCHS
sweep() {
    cat >"$1.json" <<EOF
{
  "name": "$1", "seed": 1,
  "data": {"idx": "$work/fashion", "validation": 0.2, "split": "last"},
  "hidden": $2, "output": $3,
  "loss": "categorical_crossentropy", "optimizer": $4, "learning_rate": $5,
  "batch_size": $6, "epochs": $7, "metrics": ["accuracy"],
  "search": {"method": "grid", "executions_per_trial": $executions},
  "objective": {"metric": "val_accuracy", "at": "last"}
}
EOF
    run "$1.json" --store "$1.db" --workers 2
    equal "$1 finishes" $status 0
}

# keras FILE NAME: name <tab> side <tab> value of every run's last epoch.
keras() {
    sql :memory: "select r.value ->> 'name' || ' ' || m.value, 'keras', printf('%!.17g', r.value -> m.value ->> '\$[#-1]')
                  from json_each(readfile('$stored/$1'), '\$.results') r,
                       json_each('[\"loss\", \"accuracy\", \"val_loss\", \"val_accuracy\"]') m
                  where r.value ->> 'name' = '$2'" | tr '|' '\t'
}

# ours STORE NAME TRIAL
ours() {
    sql "$1" "select '$2 ' || m.metric, 'ours', printf('%!.17g', m.value)
              from epoch_metric m join execution e on e.execution_id = m.execution_id
              join trial t on t.trial_id = e.trial_id
              where t.number = $3 and m.epoch = e.epochs_asked
                and m.metric in ('loss', 'accuracy', 'val_loss', 'val_accuracy')" | tr '|' '\t'
}

uniform='"kernel_initializer": {"name": "random_uniform", "minval": -0.05, "maxval": 0.05}'
hidden="[{\"units\": 64, \"activation\": \"relu\", \"dropout\": 0.1, $uniform},
             {\"units\": 64, \"activation\": \"relu\", $uniform}]"
output="{\"activation\": \"softmax\", $uniform}"
sgd='{"name": "sgd", "momentum": 0.8}'
[[ $ways != *sgd-7* ]] || sweep sgd-7 "$hidden" "$output" "$sgd" \
    '{"schedule": "inverse_time", "initial": 0.1, "decay_steps": 1, "decay_rate": 0.0016666666666666668}' 7 1
[[ $ways != *sgd-196* ]] || sweep sgd-196 "$hidden" "$output" "$sgd" '{"schedule": "exponential_epoch", "initial": 0.1, "k": 0.1}' 196 10
sweep rmsprop-784 "$hidden" "$output" '{"name": "rmsprop", "rho": 0.9}' 0.001 784 10
for name in $ways; do keras keras_fashion_d.json $name; ours $name.db $name 0; done |
    awk -f "$MS_SOURCE_DIR/tests/two_samples.awk" >d.tsv
equal "$ways: four numbers each" "$(wc -l <d.tsv)" $((4 * $(wc -w <<<"$ways")))
while IFS=$'\t' read -r name n m median keras_median shift shape; do
    holds "D $name: medians $median ($n), Keras $keras_median ($m); Mann-Whitney" "$shift >= 0.01"
    holds "D $name: Kolmogorov-Smirnov" "$shape >= 0.01"
done <d.tsv

# stage STORE NAMES FILE: our trials, by NAMES (a query: number, name in FILE), beside Keras's runs.
stage() {
    while IFS='|' read -r trial name; do
        { keras "$3" "$name"; ours "$1.db" "$name" "$trial"; } | grep ' val_accuracy'
    done < <(sql "$1.db" "$2") | awk -f "$MS_SOURCE_DIR/tests/t_test.awk" >"$1.tsv"
    equal "$1: every trial, and all together" "$(wc -l <"$1.tsv")" $(($(sql "$1.db" "select count(*) from trial") + 1))
    while IFS=$'\t' read -r name n m mean keras_mean spread p; do
        if [ "$name" = all ]; then holds "B all $n: differences of one sign" "$m >= 0.01"
        else holds "B $name: means $mean ($n), Keras $keras_mean ($m), spread $spread" "$p >= 0.01"; fi
    done <"$1.tsv"
}

if [ -n "$units" ]; then
    sweep layers '{"layers": {"int": [2, 4]}, "same": {"activation": "relu", "units": {"choice": ['"$units"']}}}' \
        '{"activation": "softmax"}' '"adam"' 0.01 30000 10
    stage layers "select t.number, l.value || 'x' || u.value from trial t
                  join param l on l.trial_id = t.trial_id and l.name = 'hidden.layers'
                  join param u on u.trial_id = t.trial_id and u.name = 'hidden.same.units' order by 1" keras_fashion_b.json
fi
if [ -n "${OPTIMIZERS:-}" ]; then
    sweep optimizer '{"layers": 2, "same": {"activation": "relu", "units": 128}}' '{"activation": "softmax"}' \
        '{"choice": ["adagrad", "rmsprop", "sgd"]}' 0.01 30000 10
    stage optimizer "select t.number, p.text from trial t join param p using (trial_id) order by 1" keras_fashion_b2.json
fi
finish
