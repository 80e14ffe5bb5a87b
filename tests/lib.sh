# Shared by the whole-program tests. Sourced; needs MLPSWEEP (the program) and MS_SOURCE_DIR.
# Each script works in a folder of its own and prints "N passed, N failed" at its end.
set -u
# By hand, without ctest: bash tests/mpi/test_x.sh
MS_SOURCE_DIR=${MS_SOURCE_DIR:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}
MLPSWEEP=${MLPSWEEP:-$MS_SOURCE_DIR/build/mlpsweep}
passed=0 failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/mlpsweep-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
sweeps=$MS_SOURCE_DIR/sweeps

# check NAME COMMAND…: passes if the command succeeds.
check() {
    local name=$1; shift
    if "$@"; then passed=$((passed + 1)); echo "ok    $name"
    else failed=$((failed + 1)); echo "FAIL  $name: $*"; fi
}

# equal NAME FOUND WANTED
equal() {
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); echo "ok    $1 ($2)"
    else failed=$((failed + 1)); echo "FAIL  $1: found '$2', wanted '$3'"; fi
}

# holds NAME EXPRESSION: a comparison of numbers, stated as it is tested ("0.91 >= 0.87").
holds() {
    if awk "BEGIN { exit !($2) }"; then passed=$((passed + 1)); echo "ok    $1 ($2)"
    else failed=$((failed + 1)); echo "FAIL  $1: not $2"; fi
}

# run ARGS…: mlpsweep run with plain output into run.log; sets $status.
run() {
    "$MLPSWEEP" run --progress plain "$@" >run.log 2>&1
    status=$?
    [ $status -le 1 ] || sed 's/^/      | /' run.log
}

sql() { sqlite3 -batch -cmd '.timeout 60000' "$1" "$2"; }

# Every number of a store as text, in an order that is independent of the order of completion.
# %!.17g: SQLite's own 15 digits would hide differences.
numbers() {
    sql "$1" "select t.number, e.number, m.epoch, m.metric, coalesce(printf('%!.20g', m.value), 'nan')
              from epoch_metric m join execution e on e.execution_id = m.execution_id
              join trial t on t.trial_id = e.trial_id order by 1, 2, 3, 4"
}

# Every kept weight as text, with the epoch and the execution that it belongs to.
weights() {
    sql "$1" "select s.name, t.number, m.execution, m.kind, m.epoch, m.n_weights, hex(m.weights) from model m
              join trial t using (trial_id) join sweep s using (sweep_id) order by 1, 2, 3, 4"
}

# The MPI rank of process $1, "" where it has none.
rank_of() { tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | sed -n 's/^OMPI_COMM_WORLD_RANK=//p'; }

# await WHAT COMMAND…: waits until the command succeeds. If it does not within 150 seconds, the check fails.
await() {
    local what=$1 end=$((SECONDS + 150)); shift
    until "$@"; do
        if [ $SECONDS -ge $end ]; then
            failed=$((failed + 1)); echo "FAIL  waited in vain for $what"
            return 1
        fi
        sleep 0.02
    done
}

# comes WHAT COMMAND…: a check that passes as soon as the command succeeds.
comes() { await "$@" && passed=$((passed + 1)) && echo "ok    $1"; }

# The number of executions of store $1 that are done; 0 while there is no store.
n_done() { sql "$1" "select count(*) from execution where state = 'done'" 2>/dev/null || echo 0; }
are_done() { [ "$(n_done "$1")" -ge "$2" ]; }

# wait_for STORE N: until N executions of a running sweep are done.
wait_for() { await "$2 executions done in $1" are_done "$1" "$2"; }

# has FILE TEXT: true if the log contains the text already.
has() { grep -qsF -- "$2" "$1"; }

# The processes of the run on store $1, named by its full path, that are rank $2: its shell and its trainer.
ranks_of() {
    local p
    for p in $(pgrep mlpsweep); do
        grep -qzsF -- "$work/$1" "/proc/$p/cmdline" && [ "$(rank_of "$p")" = "$2" ] && echo "$p"
    done
}
kill_rank_0() { kill -9 $(ranks_of "$1" 0); }
no_run_on() { ! pgrep -f -- "--store $work/$1" >/dev/null; }

# interrupt STORE N TOTAL KILL COMMAND…: runs the command, a sweep of TOTAL executions on STORE, in the
# background and calls KILL when N are done. A run that had finished all of them by then proves nothing: it
# is repeated with an empty store. Leaves the command's exit status in $code.
interrupt() {
    local store=$1 n=$2 total=$3 kill=$4 pid; shift 4
    for _ in $(seq 20); do
        rm -f "$store" "$store"-* "$store".*
        "$@" & pid=$!
        await "$n executions done in $store" are_done_or_ended "$store" "$n" $pid
        $kill "$store" 2>/dev/null
        wait $pid; code=$?
        [ $code -ne 0 ] && ! are_done "$store" "$total" && return
    done
    failed=$((failed + 1)); echo "FAIL  no run on $store was interrupted before its end"
}
are_done_or_ended() { are_done "$1" "$2" || ! kill -0 "$3" 2>/dev/null; }

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
