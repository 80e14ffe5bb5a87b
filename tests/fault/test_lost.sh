# A whole worker rank dies or falls asleep, or a reader holds its lock on a rollback journal: the sweep goes on.
. "$(dirname "$0")/../lib.sh"

sed 's/"executions_per_trial": *[0-9]*/"executions_per_trial": 2/; s/"epochs": *[0-9]*/"epochs": 1500/' \
    "$sweeps/a2-optimizer-rate.json" >slow.json
start_run() { "$MLPSWEEP" run --progress plain slow.json --store "$work/$1" "${@:2}" >"$1.log" 2>&1; }
# The process that is rank $2 (its shell, not its trainer) of the run on store $1.
shell_of() {
    local p parent
    for p in $(pgrep mlpsweep); do
        grep -qzs -- "$work/$1" "/proc/$p/cmdline" && [ "$(rank_of "$p")" = "$2" ] || continue
        parent=$(ps -o ppid= -p "$p" | tr -d ' ')
        [ "$(rank_of "$parent")" = "$2" ] || echo "$p"
    done
}

start_run calm.db --workers 2; equal "undisturbed run finishes" $? 0
numbers calm.db >calm.txt

# Each of these is repeated if the run was over before the test had hold of it.
for _ in $(seq 20); do
    rm -f dead.db*
    start_run dead.db --workers 3 --lost-after 5 & run_pid=$!
    wait_for dead.db 2
    victim=$(shell_of dead.db 2)
    kill -9 $victim
    wait $run_pid; code=$?
    lost=$(sql dead.db "select count(*) from attempt where outcome = 'lost'")
    [ "$lost" -gt 0 ] && break
done
check "a worker rank was found" test -n "$victim"
equal "run that lost a worker rank finishes" $code 0
numbers dead.db >dead.txt
check "same rows as undisturbed" cmp calm.txt dead.txt
holds "what it ran is recorded as lost" "$lost > 0"
equal "and nothing was completed twice" \
    "$(sql dead.db "select count(*) from attempt where outcome = 'completed'")" 24

# Worker 1 falls asleep while the trainer of worker 2 is stopped: the run cannot end before it wakes up.
for _ in $(seq 20); do
    rm -f asleep.db*
    start_run asleep.db --workers 2 --lost-after 3 & run_pid=$!
    wait_for asleep.db 2
    sleeper=$(shell_of asleep.db 1)
    held=$(ranks_of asleep.db 2 | grep -vxF "$(shell_of asleep.db 2)")
    kill -STOP $held $sleeper && [ "$(n_done asleep.db)" -lt 22 ] && break # its last results may be on their way
    kill -CONT $held $sleeper; wait $run_pid
done
comes "worker 1 to be given up" has asleep.db.log 'worker 1 ('
comes "it is said why" has asleep.db.log 'given up'
kill -CONT $sleeper
comes "it is back" has asleep.db.log 'speaks again'
kill -CONT $held
wait $run_pid; equal "run whose worker slept finishes" $? 0
numbers asleep.db >asleep.txt
check "same rows as undisturbed" cmp calm.txt asleep.txt

# A reader that keeps its lock for 2 seconds, in the middle of the run.
for _ in $(seq 20); do
    rm -f locked.db*
    start_run locked.db --workers 2 --journal delete & run_pid=$!
    wait_for locked.db 2
    seen=$( (echo ".timeout 60000"; echo "begin; select count(*) from execution where state = 'done';"; sleep 2; echo 'commit;') |
        sqlite3 -batch locked.db)
    wait $run_pid; code=$?
    [ "${seen:-24}" -lt 24 ] && break
done
check "the reader saw a run that was on its way ($seen of 24 done)" test "$seen" -lt 24
equal "run with a reader on a rollback journal finishes" $code 0
numbers locked.db >locked.txt
check "same rows as undisturbed" cmp calm.txt locked.txt
finish
