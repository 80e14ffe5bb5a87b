# A trainer dies, mpirun dies: nothing twice, nothing missing, the same numbers as an undisturbed run.
. "$(dirname "$0")/../lib.sh"

sed 's/"executions_per_trial": *[0-9]*/"executions_per_trial": 2/; s/"epochs": *[0-9]*/"epochs": 2500/' \
    "$sweeps/a2-optimizer-rate.json" >slow.json

# The trainers of a run: the children of worker ranks.
trainers() { pgrep -f "run --progress none slow.json --store $1" | while read -r p; do
    pgrep -P "$p" -f "run --progress none slow.json --store $1" ; done | sort -u | while read -r p; do
    [ "$(tr '\0' '\n' <"/proc/$p/environ" 2>/dev/null | sed -n 's/^OMPI_COMM_WORLD_RANK=//p')" ] &&
    [ -z "$(pgrep -P "$p")" ] && echo "$p"; done; }

quiet() { "$MLPSWEEP" run --progress none slow.json --store "$1" --workers 2 >run.log 2>&1; }

quiet calm.db; equal "undisturbed run finishes" $? 0
numbers calm.db >calm.txt

quiet hurt.db & run_pid=$!
sleep 1.5
killed=0
for _ in 1 2 3; do
    victim=$(trainers hurt.db | shuf -n 1)
    [ -n "$victim" ] && kill -9 "$victim" && killed=$((killed + 1))
    sleep 0.7
done
wait $run_pid; equal "run with killed trainers finishes" $? 0
check "trainers were killed in mid-run" test "$killed" -gt 0
numbers hurt.db >hurt.txt
check "same rows as undisturbed" cmp calm.txt hurt.txt
equal "each kill is recorded as a crashed attempt" \
    "$(sql hurt.db "select count(*) from attempt where outcome = 'crashed'")" $killed
equal "and was run again" "$(sql hurt.db "select count(*) from execution where state <> 'done'")" 0

quiet cut.db & run_pid=$!
sleep 2
pkill -9 -f "mpirun.*slow.json --store cut.db"
wait $run_pid; code=$?
check "killed mpirun is not called success ($code)" test $code -eq 3
half=$(sql cut.db "select count(*) from execution where state = 'done'")
check "it was in the middle ($half of 24 done)" test "$half" -gt 0 -a "$half" -lt 24
quiet cut.db; equal "the same command finishes it" $? 0
numbers cut.db >cut.txt
check "same rows as undisturbed" cmp calm.txt cut.txt
equal "no execution twice" "$(sql cut.db "select count(*) from attempt where outcome = 'completed'")" 24
equal "nothing left running" "$(sql cut.db "select count(*) from execution where state <> 'done'")" 0
equal "integrity" "$(sql cut.db 'pragma integrity_check')" ok
quiet cut.db; equal "once more: nothing to do" $? 0
check "no lock, journal or WAL left behind" test "$(ls cut.db*)" = cut.db
finish
