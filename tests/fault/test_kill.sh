# A trainer dies, mpirun dies: nothing twice, nothing missing, the same numbers as an undisturbed run.
. "$(dirname "$0")/../lib.sh"

# Three retries: on a busy machine the three kills may all hit one execution.
sed 's/"executions_per_trial": *[0-9]*/"executions_per_trial": 2, "max_retries_per_trial": 3/; s/"epochs": *[0-9]*/"epochs": 2500/' \
    "$sweeps/a2-optimizer-rate.json" >slow.json

# The trainers of the run on store $1: the children of its worker ranks.
trainers() {
    local p parent
    for p in $(pgrep mlpsweep); do
        parent=$(ps -o ppid= -p "$p" | tr -d ' ')
        grep -qz -- "$work/$1" "/proc/$p/cmdline" 2>/dev/null && [ -n "$parent" ] && [ "$(rank_of "$p")" != 0 ] &&
            [ "$(ps -o comm= -p "$parent")" = mlpsweep ] && [ -n "$(rank_of "$parent")" ] && echo "$p"
    done
}

# Stores by their full path, which is this test's alone: processes are found by it.
quiet() { "$MLPSWEEP" run --progress none slow.json --store "$work/$1" --workers 2 >run.log 2>&1; }

quiet calm.db; equal "undisturbed run finishes" $? 0
numbers calm.db >calm.txt

quiet hurt.db & run_pid=$!
wait_for hurt.db 1 # until the workers are at work: a trainer killed before that has nothing to lose
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
# At most, because a trainer may be killed between two jobs, which costs no attempt.
crashed=$(sql hurt.db "select count(*) from attempt where outcome = 'crashed'")
holds "kills are recorded as crashed attempts" "1 <= $crashed && $crashed <= $killed"
equal "and was run again" "$(sql hurt.db "select count(*) from execution where state <> 'done'")" 0

quiet cut.db & run_pid=$!
wait_for cut.db 4 # until some are done, and not all
pkill -9 -f "mpirun.*--store $work/cut.db"
[ $? -eq 0 ] || pkill -9 -f "prterun.*--store $work/cut.db"
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

# Rank 0 itself.
quiet zero.db & run_pid=$!
wait_for zero.db 2
for p in $(pgrep mlpsweep); do
    grep -qz -- "$work/zero.db" "/proc/$p/cmdline" 2>/dev/null && [ "$(rank_of "$p")" = 0 ] && kill -9 "$p"
done
start=$SECONDS
wait $run_pid; equal "killed rank 0: interrupted but resumable" $? 3
check "and noticed soon, not after the workers' patience" test $((SECONDS - start)) -lt 20
quiet zero.db; equal "the same command finishes it" $? 0
numbers zero.db >zero.txt
check "same rows as undisturbed" cmp calm.txt zero.txt
finish
