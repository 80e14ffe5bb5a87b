# Sweeps of programs: arguments, environment, epochs as they arrive, names of metrics.
. "$(dirname "$0")/../lib.sh"

run "$sweeps/command-shell.json" --store shell.db --workers 2; equal "a shell program finishes" $status 0
equal "6 x 2 trials of 10 epochs and 2 metrics" \
    "$(sql shell.db "select count(*), count(distinct metric), count(distinct execution_id), max(epoch) from epoch_metric")" \
    "240|2|12|10"
# x is multiplied by 1 - 2·rate in every epoch.
worst=$(sql shell.db "select max(abs(m.value - s.value * pow(1 - 2 * r.value, m.epoch)) / abs(s.value))
    from epoch_metric m join execution using (execution_id) join param r using (trial_id)
    join param s using (trial_id) where m.metric = 'x' and r.name = 'rate' and s.name = 'start'" 2>/dev/null)
[ -z "$worst" ] || holds "the numbers are those of gradient descent" "$worst < 1e-12"
equal "at: last" "$(sql shell.db "select count(*) from execution where best_epoch = 10")" 12
check "rank goes by the command's metric" grep -q 'height, smaller is better, taken at the last epoch' <("$MLPSWEEP" rank shell.db)
check "curves show its names" grep -q 'height.*x' <("$MLPSWEEP" curves shell.db 0)

run "$sweeps/command-python.json" --store p1.db --workers 1; equal "a Python program finishes" $status 0
run "$sweeps/command-python.json" --store p2.db --workers 2; equal "on 2 workers, too" $status 0
numbers p1.db >p1.txt; numbers p2.db >p2.txt
check "same bits" cmp p1.txt p2.txt
equal "12 trials x 2 executions x 15 epochs x 3 metrics" "$(wc -l <p1.txt)" $((12 * 2 * 15 * 3))
equal "executions have seeds of their own" "$(sql p1.db "select count(distinct objective) > 20 from execution")" 1

mkdir sub
cat >sub/echo.sh <<'J'
#!/bin/sh
printf '%s\n' "$#" "$@" >>"log.$MLPSWEEP_TRIAL.$MLPSWEEP_EXECUTION"
env | grep -E '^(OMPI|PMIX)' >>"log.$MLPSWEEP_TRIAL.$MLPSWEEP_EXECUTION"
echo "$MLPSWEEP_TRIAL $MLPSWEEP_EXECUTION $MLPSWEEP_EPOCHS $OMP_NUM_THREADS $OPENBLAS_NUM_THREADS $MLPSWEEP_PARAMS" >"env.$MLPSWEEP_TRIAL.$MLPSWEEP_EXECUTION"
read line && echo "stdin is not empty" >>"log.$MLPSWEEP_TRIAL.$MLPSWEEP_EXECUTION"
echo "{\"score\": $MLPSWEEP_TRIAL, \"seed\": $MLPSWEEP_SEED, \"same\": $1}"
J
chmod +x sub/echo.sh
cat >sub/args.json <<'J'
{"seed": 5,
 "objective": {"command": ["./echo.sh", "{seed}", "a b;$HOME", "{{x}}", "{n}/{deep.fixed}", "--m={opt.m}",
               "{opt}", "{flag}{flag}", "{list}"], "metric": "score", "goal": "maximize"},
 "params": {"n": {"int": [7, 8]}, "deep": {"fixed": "it's"}, "flag": true, "list": [1, "two"],
            "opt": {"choice": [{"name": "sgd", "m": 0.5}, {"name": "adam"}]}},
 "epochs": 3, "threads_per_worker": 2, "search": {"executions_per_trial": 2}}
J
cat >sub/flags.json <<'J'
{"objective": {"command": ["./echo.sh", "{seed}", "{amp?}", "{amp}", "{big}", "{on}"], "metric": "score", "goal": "maximize"},
 "params": {"amp": {"choice": ["--amp", ""]}, "big": {"choice": [9007199254740993, 18446744073709551615]}, "on": {"bool": null}}}
J
run sub/flags.json --store flags.db --workers 2; equal "flags: finishes" $status 0
equal "a flag that is there" "$(tr '\n' '|' <sub/log.0.0 | cut -d'|' -f1,3-)" "5|--amp|--amp|9007199254740993|false|"
equal "an empty one is left out by {amp?} alone" "$(tr '\n' '|' <sub/log.7.0 | cut -d'|' -f1,3-)" "4||18446744073709551615|true|"
equal "64 bits in the environment" "$(grep -c '"big":18446744073709551615' sub/env.7.0)" 1
equal "64 bits in the store" "$(sql flags.db "select text, typeof(value), value from param where name = 'big' limit 1")" \
    "9007199254740993|real|9.00719925474099e+15"
rm sub/log.* sub/env.*

unset OMP_NUM_THREADS
run sub/args.json --store args.db --workers 2; equal "arguments: finishes" $status 0
seed=$(sql args.db "select cast(m.value as integer) from epoch_metric m join execution e using (execution_id)
    join trial t using (trial_id) where m.metric = 'seed' and t.number = 0 and e.number = 0")
equal "arguments are passed as they are" "$(cat sub/log.0.0)" "8
$seed
a b;\$HOME
{x}
7/it's
--m=0.5
sgd
truetrue
[1,\"two\"]"
equal "what a trial lacks is left out" "$(grep -c -- --m= sub/log.1.0)$(head -1 sub/log.1.0)" 07
equal "the environment says who it is" "$(cat sub/env.3.1)" \
    '3 1 3 2 2 {"deep":{"fixed":"it'"'"'s"},"flag":true,"list":[1,"two"],"n":8,"opt":{"name":"adam"}}'
equal "{seed} is MLPSWEEP_SEED" "$(sql args.db "select count(*) from epoch_metric a join epoch_metric b
    using (execution_id) where a.metric = 'seed' and b.metric = 'same' and a.value = b.value")" 8
equal "and differs between executions" \
    "$(sql args.db "select count(distinct value) from epoch_metric where metric = 'seed'")" 8

cat >forms.sh <<'J'
#!/bin/sh
case $1 in
counted) echo '{"loss": 3}'; echo 'some words'; echo '{"loss": 2}'; echo '  {"loss": 4, "more": true}';;
from0) for e in 0 1 2; do echo "{\"epoch\": $e, \"loss\": 2.$e}"; done;;
halves) echo '{"epoch": 1, "acc": 0.5}'; echo '{"epoch": 1, "loss": 6}'; echo '{"epoch": 1, "loss": 5}';;
gaps) echo '{"epoch": 10, "loss": 7}'; echo '{"epoch": 20, "loss": 6.5, "text": "x", "list": [1, {"a": 2}]}';;
nan) echo '{"loss": NaN}'; echo '{"loss": 9}'; echo '{"loss": -Infinity}'; echo '{"loss": null}';;
noend) printf '{"loss": 1}';;
header) echo '{"params": 12}'; echo '{"epoch": 0, "loss": 5}'; echo '{"epoch": 1, "loss": 4}';;
after) echo '{"epoch": 1, "acc": 0.5}'; echo '{"epoch": 2, "acc": 0.6}'; echo '{"loss": 8}';;
lines) for i in $(seq 40); do echo "{\"epoch\": 1, \"m$i\": $i}"; done; echo '{"epoch": 1, "loss": 3}';;
quiet) [ ! -e /proc/self/fd/3 ] || ls -l /proc/self/fd >&2; [ ! -e /proc/self/fd/3 ] && echo '{"loss": 1}';;
many) awk 'BEGIN { for (i = 1; i <= 20000; i++) printf "{\"epoch\": %d, \"loss\": %d}\n", i, i }';;
esac
J
chmod +x forms.sh
cat >forms.json <<'J'
{"objective": {"command": ["./forms.sh", "{form}"], "metric": "loss"},
 "params": {"form": {"choice": ["counted", "from0", "halves", "gaps", "nan", "noend", "many", "header", "after", "lines", "quiet"]}}}
J
run forms.json --store forms.db --workers 2; equal "forms of output: finishes" $status 0
of() { sql forms.db "select group_concat(metric || epoch || '=' || coalesce(value, 'nan'), ' ') from
    (select metric, epoch, m.value from epoch_metric m join execution using (execution_id)
     join param using (trial_id) where text = '$1' order by epoch, metric)"; }
equal "lines without epoch are counted" "$(of counted)" "loss1=3.0 loss2=2.0 loss3=4.0 more3=1.0"
equal "epochs from 0" "$(of from0)" "loss1=2.0 loss2=2.1 loss3=2.2"
equal "an epoch in several lines" "$(of halves)" "acc1=0.5 loss1=6.0"
equal "epochs left out, other values passed over" "$(of gaps)" "loss10=7.0 loss20=6.5"
equal "NaN, infinity, null" "$(of nan)" "loss1=nan loss2=9.0 loss3=-Inf loss4=nan"
equal "the best is a finite one" "$(sql forms.db "select objective, best_epoch from execution join param using (trial_id) where text = 'nan'")" "9.0|2"
equal "a last line without its end" "$(of noend)" "loss1=1.0"
equal "a line of other things before epoch 0" "$(of header)" "loss1=5.0 params1=12.0 loss2=4.0"
equal "a line without epoch after numbered ones" "$(of after)" "acc1=0.5 acc2=0.6 loss2=8.0"
equal "the objective after 40 others" "$(of lines | tr ' ' '\n' | grep -c .) $(of lines | grep -o 'loss1=3.0')" "32 loss1=3.0"
equal "and what was dropped is told" "$(sql forms.db "select message from attempt a join execution using (execution_id)
    join param using (trial_id) where text = 'lines'")" "9 values were not kept; allowed: 32 metrics an epoch, names of up to 63 bytes"
equal "no descriptors but 0, 1 and 2" "$(of quiet)" "loss1=1.0"
equal "20,000 epochs at once" "$(sql forms.db "select count(*), sum(m.value) from epoch_metric m join execution
    using (execution_id) join param using (trial_id) where text = 'many'")" "20000|200010000.0"

# Schedulers: a program that is promoted is run again with more epochs, and adds to what it printed before.
cat >rung.sh <<'J'
#!/bin/sh
# rung.sh HEIGHT EPOCHS: descends from HEIGHT for EPOCHS epochs; 0: until it is stopped
e=0
while [ "$2" = 0 ] || [ $e -lt "$2" ]; do
    e=$((e + 1))
    echo "{\"epoch\": $e, \"loss\": $1.$((100 - e))}"
    [ "$2" != 0 ] || sleep 0.02
done
J
chmod +x rung.sh
for told in '{epochs}' 0; do
    cat >rung.json <<J
{"objective": {"command": ["./rung.sh", "{height}", "$told"], "metric": "loss"}, "epochs": 9,
 "params": {"height": {"choice": [5, 3, 8, 1, 9, 2, 7, 4, 6]}},
 "search": {"scheduler": {"name": "successive_halving", "min_epochs": 1, "eta": 3}}}
J
    rm -f rung?.db
    for n in 1 2; do
        run rung.json --store rung$n.db --workers $n; equal "halving on $n workers finishes" $status 0
        numbers rung$n.db >rung$n.txt
    done
    check "same bits" cmp rung1.txt rung2.txt
    equal "9 programs of 1 epoch, 3 of 3, 1 of 9" \
        "$(sql rung1.db "select group_concat(n, ' ') from (select max(epoch) as n from epoch_metric group by execution_id order by n)")" \
        "1 1 1 1 1 1 3 3 9"
    equal "no epoch is told twice" "$(sql rung1.db "select count(*) from epoch_metric")" 21
    equal "the lowest one wins" "$(sql rung1.db "select parameters from leaderboard where rank = 1")" "height=1"
    equal "each part is an attempt" "$(sql rung1.db "select group_concat(outcome, ' ') from attempt
        join execution using (execution_id) join param using (trial_id) where text = '1'" 2>/dev/null || \
        sql rung1.db "select group_concat(a.outcome, ' ') from attempt a join execution using (execution_id)
        join param using (trial_id) where text = '1'")" "paused paused completed"
done
sed 's/"successive_halving", "min_epochs": 1, "eta": 3/"median_stop", "min_trials": 3/; s/"search": {/"search": {"lag": 0, /' rung.json >median.json
run median.json --store median.db --workers 1; equal "median stop finishes" $status 0
# By hand: 9, 7 and 6 are above the median of all before them after epoch 1; 4 is below it then (5.99, of
# 5, 3, 8, 1, 9, 2, 7), and above that of those that went on to epoch 2 (3.985, of 5, 3, 8, 1, 2).
equal "those above the median are pruned" "$(sql median.db "select group_concat(text || ':' || epochs, ' ') from
    (select text, epochs from execution join param using (trial_id) where outcome = 'pruned' order by trial_id)")" \
    "9:1 7:1 4:2 6:1"

# A program that reports only some epochs is still paused, and goes on where the next rung ends.
cat >some.sh <<'J'
#!/bin/sh
# some.sh HEIGHT: epochs 1, 2, 4, 6, … without an end
echo "{\"epoch\": 1, \"loss\": $1.9}"
e=0
while sleep 0.01; do
    e=$((e + 2))
    echo "{\"epoch\": $e, \"loss\": $1.$((90 - e))}"
done
J
chmod +x some.sh
sed 's/"epochs": 9/"epochs": 27/; s/"min_epochs": 1/"min_epochs": 3/; s|"./rung.sh", "{height}", "0"|"./some.sh", "{height}"|' rung.json >some.json
for n in 1 2; do
    run some.json --store some$n.db --workers $n; equal "some epochs: $n workers finish" $status 0
    sql some$n.db "select text, outcome, epochs, objective from execution join param using (trial_id) order by 1" >some$n.txt
done
check "the same" cmp some1.txt some2.txt
equal "the best goes on to the end" "$(head -1 some1.txt)" "1|completed|26|1.64"
equal "the others pause at the ends of their rungs" "$(cut -d'|' -f2,3 some1.txt | sort | uniq -c | sort -n | tr -s ' ' | tr '\n' ',')" \
    " 1 completed|26, 2 pruned|9, 6 pruned|3,"
run some.json --store some1.db --workers 2; equal "once more" $status 0
equal "nothing is run again" "$(sql some1.db "select count(*) from attempt")" 13
sed 's/"min_epochs": 3, //; s/"min_epochs": 3/"min_epochs": 1/' some.json >first.json
sed -i '/: 1,/d' some.sh
run first.json --store first.db --workers 2; equal "nothing to compare in the first rung" $status 1
check "and it says so" grep -q "failed: printed no loss up to epoch 1" run.log

# A trial that fails after its promotion was promoted, also for a run that continues.
cat >late.sh <<'J'
#!/bin/sh
# late.sh HEIGHT EPOCHS: the lowest one never gets beyond the second epoch
for e in $(seq "$2"); do
    [ "$1" = 1 ] && [ "$e" -gt 2 ] && echo "no further" >&2 && exit 1
    echo "{\"epoch\": $e, \"loss\": $1.$((90 - e))}"
done
J
chmod +x late.sh
sed 's|"./rung.sh", "{height}", "0"|"./late.sh", "{height}", "{epochs}"|' rung.json >late.json
run late.json --store late.db --workers 2; equal "a promoted trial fails" $status 1
state() { sql late.db "select text, outcome, epochs from execution join param using (trial_id) order by 1"; }
state >late.txt; attempts=$(sql late.db "select count(*) from attempt")
run late.json --store late.db --workers 1; equal "once more" $status 1
equal "nothing is decided otherwise" "$(state)" "$(cat late.txt)"
equal "and nothing is run" "$(sql late.db "select count(*) from attempt")" "$attempts"
# Only the numbers of the attempt that completed count: a program need not repeat itself to the bit.
cat >moody.sh <<'J'
#!/bin/sh
# moody.sh KIND: the first time it dies after ten good epochs, the second time it reports five others
if mkdir "tried.$1" 2>/dev/null; then
    for e in 1 2 3 4 5 6 7 8 9 10; do echo "{\"epoch\": $e, \"loss\": 0.0$e, \"extra\": 1}"; done
    [ "$1" = dies ] && kill -9 $$
    sleep 0.3; exit 7
fi
for e in 1 2 3 4 5; do echo "{\"epoch\": $e, \"loss\": 3.$e}"; done
J
chmod +x moody.sh
cat >moody.json <<'J'
{"objective": {"command": ["./moody.sh", "{kind}"], "metric": "loss"}, "params": {"kind": {"choice": ["dies", "fails"]}}}
J
run moody.json --store moody.db --workers 1; equal "one fails for good" $status 1
moody() { sql moody.db "select state, objective, best_epoch, epochs, (select count(*) from epoch_metric m where
    m.execution_id = x.execution_id) from execution x join param using (trial_id) where text = '$1'"; }
equal "the second attempt's numbers" "$(moody dies)" "done|3.1|1|5|5"
equal "a failure keeps what it told" "$(moody fails)" "failed|||10|20"
run moody.json --store moody.db --workers 1; equal "what failed stays failed" $status 1
check "and says how to try again" grep -q "1 execution failed in an earlier run; --retry-failed tries again" run.log
equal "and is not run" "$(sql moody.db "select count(*) from attempt")" 3
run moody.json --store moody.db --workers 1 --retry-failed; equal "unless that is asked for" $status 0
equal "by its numbers alone" "$(moody fails)" "done|3.1|1|5|5"
equal "nothing else is run" "$(sql moody.db "select count(*) from attempt")" 4

# A program knows how many epochs are wanted, and may save what it has learned after the last.
cat >saves.sh <<'J'
#!/bin/sh
for e in $(seq "$1"); do echo "{\"epoch\": $e, \"loss\": $e}"; done
sleep 6.5; echo '{"size": 5}'; touch saved
J
chmod +x saves.sh
cat >saves.json <<'J'
{"objective": {"command": ["./saves.sh", "{epochs}"], "metric": "loss"}, "params": {"x": 1}, "epochs": 3}
J
run saves.json --store saves.db --workers 1; equal "a program that saves after its last epoch" $status 0
check "gets to its end" test -e saved
equal "and its last words count" "$(sql saves.db "select epoch, value from epoch_metric where metric = 'size'")" "3|5.0"
finish
