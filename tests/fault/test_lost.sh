# A whole worker rank dies or falls asleep; a reader sits on a rollback journal: the sweep goes on.
. "$(dirname "$0")/../lib.sh"

sed 's/"executions_per_trial": *[0-9]*/"executions_per_trial": 2/; s/"epochs": *[0-9]*/"epochs": 6000/' \
    "$sweeps/a2-optimizer-rate.json" >slow.json
start_run() { "$MLPSWEEP" run --progress plain --lost-after 2 slow.json --store "$work/$1" "${@:2}" >"$1.log" 2>&1; }
# The process that is rank $2 (its shell, not its trainer) of the run on store $1.
shell_of() {
    local p parent
    for p in $(pgrep mlpsweep); do
        grep -qz -- "$work/$1" "/proc/$p/cmdline" 2>/dev/null && [ "$(rank_of "$p")" = "$2" ] || continue
        parent=$(ps -o ppid= -p "$p" | tr -d ' ')
        [ "$(rank_of "$parent")" = "$2" ] || echo "$p"
    done
}

start_run calm.db --workers 2; equal "undisturbed run finishes" $? 0
numbers calm.db >calm.txt

start_run dead.db --workers 3 & run_pid=$!
wait_for dead.db 2
victim=$(shell_of dead.db 2)
check "a worker rank was found" test -n "$victim"
kill -9 $victim
wait $run_pid; equal "run that lost a worker rank finishes" $? 0
numbers dead.db >dead.txt
check "same rows as undisturbed" cmp calm.txt dead.txt
equal "what it ran is recorded as lost" \
    "$(sql dead.db "select count(*) > 0 from attempt where outcome = 'lost'")" 1
equal "and nothing was completed twice" \
    "$(sql dead.db "select count(*) from attempt where outcome = 'completed'")" 24

start_run asleep.db --workers 2 & run_pid=$!
wait_for asleep.db 2
victim=$(shell_of asleep.db 1)
kill -STOP $victim; sleep 4; kill -CONT $victim
wait $run_pid; equal "run whose worker slept finishes" $? 0
check "it was given up, and came back" grep -q 'speaks again' asleep.db.log
numbers asleep.db >asleep.txt
check "same rows as undisturbed" cmp calm.txt asleep.txt

start_run locked.db --workers 2 --journal delete & run_pid=$!
wait_for locked.db 2
# A reader that keeps its lock for 4 seconds.
(echo 'begin; select count(*) from epoch_metric;'; sleep 4; echo 'commit;') | sqlite3 -batch locked.db >/dev/null
wait $run_pid; equal "run with a reader on a rollback journal finishes" $? 0
numbers locked.db >locked.txt
check "same rows as undisturbed" cmp calm.txt locked.txt
finish
