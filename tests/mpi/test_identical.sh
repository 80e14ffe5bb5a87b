# The same file and seed give the same bits, whatever the number of workers or the order of completion.
. "$(dirname "$0")/../lib.sh"

sed 's/"max_trials"/"max_trials"/; s/"executions_per_trial": *[0-9]*/"executions_per_trial": 3/' \
    "$sweeps/a2-optimizer-rate.json" >a2.json
grep -q '"executions_per_trial": 3' a2.json || { echo "a2 has no executions_per_trial to set"; exit 1; }

run a2.json --store w1.db --workers 1; equal "1 worker finishes" $status 0
run a2.json --store w2.db --workers 2; equal "2 workers finish" $status 0
run a2.json --store w5.db --workers 5; equal "5 workers finish" $status 0
run a2.json --store last.db --workers 2 --order last; equal "reverse order finishes" $status 0

for s in w1 w2 w5 last; do numbers $s.db >$s.txt; done
equal "12 trials x 3 executions x 150 epochs x 4 metrics" "$(wc -l <w1.txt)" $((12 * 3 * 150 * 4))
check "2 workers: every epoch_metric bit-identical" cmp w1.txt w2.txt
check "5 workers: every epoch_metric bit-identical" cmp w1.txt w5.txt
check "reverse order: every epoch_metric bit-identical" cmp w1.txt last.txt
first() { sql "$1" "select t.number from attempt a join execution e on e.execution_id = a.execution_id
                    join trial t on t.trial_id = e.trial_id order by a.ended_at limit 1"; }
check "reverse order really is another order" test "$(first w1.db)" != "$(first last.db)"
equal "executions differ from each other" \
    "$(sql w1.db "select count(distinct objective) from execution")" 36

# The text arrives whole, whatever its size. Several sizes, because allocators round up and so hide a missing end in most.
bad=0
for pad in $(seq 16); do
    printf '{"data": {"synthetic": "xor", "points": 50}, "hidden": [{"units": 2}], "epochs": 1} //%*s' "$pad" '' >pad.json
    run pad.json --store pad$pad.db --workers 1
    [ $status -eq 0 ] || bad=$((bad + 1))
done
equal "sweep files of 16 sizes: refused by a worker" $bad 0
finish
