# A trainer or mpirun dies: nothing is done twice, nothing is missing, and the numbers are those of an undisturbed run.
. "$(dirname "$0")/../lib.sh"

# Eight retries: the kills may all hit one execution.
sed 's/"executions_per_trial": *[0-9]*/"executions_per_trial": 2, "max_retries_per_trial": 8/; s/"epochs": *[0-9]*/"epochs": 1200/' \
    "$sweeps/a2-optimizer-rate.json" | sed '0,/{/s//{"keep_best": 4,/' >slow.json

# The trainers of the run on store $1: the children of its worker ranks.
trainers() {
    local p parent
    for p in $(pgrep mlpsweep); do
        parent=$(ps -o ppid= -p "$p" | tr -d ' ')
        grep -qzs -- "$work/$1" "/proc/$p/cmdline" && [ -n "$parent" ] && [ "$(rank_of "$p")" != 0 ] &&
            [ "$(ps -o comm= -p "$parent")" = mlpsweep ] && [ -n "$(rank_of "$parent")" ] && echo "$p"
    done
}

# Stores are named by their full path, which no other test has: processes are found by it.
quiet() { "$MLPSWEEP" run --progress none slow.json --store "$work/$1" --workers 2 >run.log 2>&1; }

quiet calm.db; equal "undisturbed run finishes" $? 0
numbers calm.db >calm.txt
weights calm.db >calm.weights
equal "the weights of the best four trials are kept" "$(wc -l <calm.weights)" 8

# Three trainers are killed, each when the attempt of the one before is recorded, or when four more attempts have
# ended since: a trainer killed between two attempts costs none.
attempts() { sql "$1" "select count(*) from attempt where outcome $2"; }
recorded() { # STORE KILLED CRASHED ATTEMPTS, as they were before
    [ "$(attempts "$1" "= 'crashed'")" -gt "$2" ] || [ "$(attempts "$1" "is not null")" -ge $(($3 + 4)) ] ||
        ! kill -0 $run_pid 2>/dev/null
}
kill_trainers() {
    local before all victim
    killed=0
    while [ "$(attempts hurt.db "= 'crashed'")" -lt 3 ] && kill -0 $run_pid 2>/dev/null; do
        before=$(attempts hurt.db "= 'crashed'") all=$(attempts hurt.db "is not null")
        victim=$(trainers hurt.db | shuf -n 1)
        [ -n "$victim" ] && kill -9 "$victim" && killed=$((killed + 1)) &&
            await "the crash to be recorded" recorded hurt.db "$before" "$all"
    done
}
for _ in $(seq 20); do # a run that was over before any trainer was killed at work says nothing
    rm -f hurt.db*
    quiet hurt.db & run_pid=$!
    wait_for hurt.db 1 # until the workers are at work: a trainer killed before that has nothing to lose
    kill_trainers
    wait $run_pid; code=$?
    crashed=$(attempts hurt.db "= 'crashed'")
    [ "$crashed" -gt 0 ] && break
done
equal "run with killed trainers finishes" $code 0
numbers hurt.db >hurt.txt
check "same rows as undisturbed" cmp calm.txt hurt.txt
weights hurt.db >hurt.weights
check "same weights as undisturbed" cmp calm.weights hurt.weights
holds "kills are recorded as crashed attempts" "1 <= $crashed && $crashed <= $killed"
equal "and was run again" "$(sql hurt.db "select count(*) from execution where state <> 'done'")" 0

kill_mpirun() { pkill -9 -f "mpirun.*--store $work/$1" || pkill -9 -f "prterun.*--store $work/$1"; }
interrupt cut.db 4 24 kill_mpirun quiet cut.db
equal "killed mpirun is not called success" $code 3
half=$(n_done cut.db)
check "it was in the middle ($half of 24 done)" test "$half" -gt 0 -a "$half" -lt 24
await "the end of the ranks whose mpirun was killed" no_run_on cut.db
quiet cut.db; equal "the same command finishes it" $? 0
numbers cut.db >cut.txt
check "same rows as undisturbed" cmp calm.txt cut.txt
weights cut.db >cut.weights
check "same weights as undisturbed" cmp calm.weights cut.weights
equal "no execution twice" "$(sql cut.db "select count(*) from attempt where outcome = 'completed'")" 24
equal "nothing left running" "$(sql cut.db "select count(*) from execution where state <> 'done'")" 0
equal "integrity" "$(sql cut.db 'pragma integrity_check')" ok
quiet cut.db; equal "once more: nothing to do" $? 0
check "no lock, journal or WAL left behind" test "$(ls cut.db*)" = cut.db

# Rank 0 itself.
interrupt zero.db 2 24 kill_rank_0 quiet zero.db
equal "killed rank 0: interrupted but resumable" $code 3
check "and noticed by the supervisor, not by the workers' patience" has run.log "rank 0 died"
quiet zero.db; equal "the same command finishes it" $? 0
numbers zero.db >zero.txt
check "same rows as undisturbed" cmp calm.txt zero.txt
weights zero.db >zero.weights
check "same weights as undisturbed" cmp calm.weights zero.weights
finish
