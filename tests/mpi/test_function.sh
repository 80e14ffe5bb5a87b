# Sweeps of analytic functions: the mesh's best point by hand, and the same bits on any number of workers.
. "$(dirname "$0")/../lib.sh"

run "$sweeps/d0-beale-grid.json" --store grid.db --workers 2; equal "Beale's mesh finishes" $status 0
value() {
    sql "$1" "select objective from execution join trial using (trial_id)
              join param as x on x.trial_id = trial.trial_id and x.name = 'x' and x.value = $2
              join param as y on y.trial_id = trial.trial_id and y.name = 'y' and y.value = $3"
}
equal "11 x 11 trials" "$(sql grid.db "select count(*) from execution where state = 'done'")" 121
# Beale by hand: (1.5 - x + xy)² + (2.25 - x + xy²)² + (2.625 - x + xy³)²
equal "value at (3, 0)" "$(value grid.db 3 0)" 2.953125
equal "value at (3, 1)" "$(value grid.db 3 1)" 14.203125
equal "value at (2, 0)" "$(value grid.db 2 0)" 0.703125
equal "value at (-5, -5)" "$(value grid.db -5 -5)" 415071.703125
equal "the best mesh point" \
    "$(sql grid.db "select trial, best, parameters from leaderboard where rank = 1")" "82|0.703125|x=2 y=0"
equal "its neighbour is second" \
    "$(sql grid.db "select parameters from leaderboard where rank = 2")" "x=3 y=0"
equal "one epoch of one metric, named value" \
    "$(sql grid.db "select distinct metric, epoch from epoch_metric")" "value|1"
equal "a function has no weights" "$(sql grid.db "select count(weights) from trial")" 0
check "rank names it" grep -q 'value, smaller is better' <("$MLPSWEEP" rank grid.db)
check "show names it" grep -q '^value 0.703125' <("$MLPSWEEP" show grid.db 82)

cat >usual.json <<'J'
{"objective": {"function": "hartmann6"}, "search": {"method": "random", "max_trials": 300}}
J
for n in 1 2 5; do
    run usual.json --store usual$n.db --workers $n; equal "hartmann6 on $n workers finishes" $status 0
    numbers usual$n.db >usual$n.txt
    sql usual$n.db "select number, name, value from param join trial using (trial_id) order by 1, position" >params$n.txt
done
check "2 workers: same bits" cmp usual1.txt usual2.txt
check "5 workers: same bits" cmp usual1.txt usual5.txt
check "2 workers: same trials" cmp params1.txt params2.txt
check "5 workers: same trials" cmp params1.txt params5.txt
equal "the usual domain: six numbers in [0, 1]" \
    "$(sql usual1.db "select count(distinct name), min(value) >= 0, max(value) <= 1 from param")" "6|1|1"

# Searches that learn: the median over seeds of the best of 100 trials. The best of the mesh's 121 is 0.7.
median() {
    for seed in $(seq "$2"); do
        sed -E "s/\"seed\": [0-9]+,/\"seed\": $seed,/" "$sweeps/beale-$1.json" >seed.json
        run seed.json --store "$1$seed.db" --workers 2
        sql "$1$seed.db" "select min(objective) from execution having count(*) = 100"
    done | sort -g | sed -n "$((($2 + 1) / 2))p"
}
holds "TPE comes within 0.001" "$(median tpe 11) < 0.001"
holds "the Gaussian process does" "$(median gp 3) < 0.001"

# A user's OPENBLAS_NUM_THREADS must not change what the Gaussian process proposes.
points() {
    sql "$1" "select t.number, p.name, printf('%!.20g', p.value) from param p join trial t using (trial_id) order by 1, 2"
}
for n in 1 2; do
    OPENBLAS_NUM_THREADS=$n run "$sweeps/beale-gp.json" --store threads$n.db --workers 1
    points threads$n.db >threads$n.txt
done
equal "100 proposals of two numbers" "$(wc -l <threads1.txt)" 200
check "the same with two BLAS threads in the environment" cmp threads1.txt threads2.txt

# Killed and continued: nothing twice, nothing lost.
sed 's/300/20000/' usual.json >long.json
"$MLPSWEEP" run --progress none long.json --store "$work/long.db" --workers 2 & pid=$!
wait_for long.db 500
kill -9 $pid; wait $pid 2>/dev/null
await "the end of the killed run's ranks" no_run_on long.db
check "some were done" test "$(sql long.db "select count(*) from execution where state = 'done'")" -ge 500
run long.json --store long.db --workers 2; equal "continues" $status 0
equal "all are there once" \
    "$(sql long.db "select count(*), count(distinct execution_id) from epoch_metric")" "20000|20000"
sql usual1.db "select t.number, printf('%!.20g', objective) from execution join trial t using (trial_id) order by 1" >a.txt
sql long.db "select t.number, printf('%!.20g', objective) from execution join trial t using (trial_id) where t.number < 300 order by 1" >b.txt
check "and are what a shorter sweep found" cmp a.txt b.txt
finish
