# SPDX-License-Identifier: MIT
#
# Every search method on 1 and 5 workers gives the same trials and the same metrics, bit for bit, and so does
# a search that ended early and is continued on 2.
. "$(dirname "$0")/../lib.sh"

# sweep METHOD TRIALS: A2's network, and a conditional space with all kinds of parameters.
sweep() {
    cat <<JSON
{
  "name": "samplers", "seed": 11,
  "data": {"synthetic": "prod", "points": 200},
  "hidden": {"layers": {"int": [1, 2]}, "same": {"activation": {"choice": ["relu", "tanh"]}},
             "each": {"units": {"int": [2, 16], "step": 2}}},
  "output": {"activation": "linear"},
  "loss": "mse",
  "optimizer": {"choice": [{"name": "sgd", "momentum": {"float": [0, 0.95]}, "nesterov": {"bool": null}}, "adam"]},
  "learning_rate": {"float": [1e-4, 0.1], "log": true},
  "batch_size": {"choice": [20, 50]},
  "epochs": 3,
  "require": ["hidden.2.units <= hidden.1.units"],
  "search": {"method": $1, "max_trials": $2, "try_first": [{"optimizer": "adam", "learning_rate": 0.01}]},
  "objective": {"metric": "val_loss"}
}
JSON
}

params() {
    sql "$1" "select t.number, p.name, coalesce(printf('%!.20g', p.value), 'null'), typeof(p.value), p.value
              from param p join trial t on t.trial_id = p.trial_id order by 1, 2"
}

method() {
    case $1 in
    grid | random | sobol) echo "\"$1\"" ;;
    latin_hypercube) echo '{"name": "latin_hypercube", "strata": 10}' ;;
    evolution) echo '{"name": "evolution", "population_size": 6, "sample_size": 3}' ;;
    *) echo "{\"name\": \"$1\", \"n_startup_trials\": 6}" ;;
    esac
}

trials=24
for name in grid random latin_hypercube sobol tpe gp evolution; do
    sweep "$(method $name)" $trials >$name.json
    # A grid has no continuous parameters.
    [ $name = grid ] && sed -i 's/"float": \[0, 0.95\]/"choice": [0, 0.9]/; s/"float": \[1e-4, 0.1\], "log": true/"choice": [0.001, 0.01, 0.1]/' $name.json
    for workers in 1 5; do
        run $name.json --store $name.$workers.db --workers $workers
        equal "$name on $workers: exit status" $status 0
        params $name.$workers.db >$name.$workers.params
        numbers $name.$workers.db >$name.$workers.numbers
    done
    equal "$name: trials" "$(sql $name.1.db 'select count(*) from trial')" $trials
    check "$name: parameters recorded" test "$(wc -l <$name.1.params)" -ge $((trials * 5))
    check "$name: values recorded" test "$(wc -l <$name.1.numbers)" -ge $((trials * 6))
    check "$name: trials on 5 workers as on 1" cmp $name.1.params $name.5.params
    check "$name: metrics on 5 workers as on 1" cmp $name.1.numbers $name.5.numbers
done

# The methods that learn do learn: with the opposite goal the first trials are the same, and later ones are not.
for name in random tpe gp evolution; do
    sed 's/"metric": "val_loss"/"metric": "val_loss", "goal": "maximize"/' $name.json >opposite.json
    run opposite.json --store $name.opposite.db --workers 2
    params $name.opposite.db >opposite.params
    first() { awk -F'|' '$1 < 6' "$1"; }
    check "$name: the same beginning" cmp <(first $name.1.params) <(first opposite.params)
    if [ $name = random ]; then check "$name does not learn" cmp $name.1.params opposite.params
    else check "$name learns" test -n "$(cmp $name.1.params opposite.params)"; fi
done

# Continued: half the trials, then all, on another number of workers.
for name in random latin_hypercube sobol tpe gp evolution; do
    sed 's/"max_trials": 24/"max_trials": 13/' $name.json >half.$name.json
    run half.$name.json --store $name.half.db --workers 5
    equal "$name, half: exit status" $status 0
    run $name.json --store $name.half.db --workers 2
    equal "$name, continued: exit status" $status 0
    params $name.half.db >half.params
    numbers $name.half.db >half.numbers
    check "$name: trials of a continued search" cmp $name.1.params half.params
    check "$name: metrics of a continued search" cmp $name.1.numbers half.numbers
done

finish
