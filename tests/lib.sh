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

# check NAME COMMAND…: passes when the command succeeds.
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

sql() { sqlite3 -batch "$1" "$2"; }

# Every number of a store as text, in an order that does not depend on the order of completion.
# %!.17g: SQLite's own 15 digits would hide differences.
numbers() {
    sql "$1" "select t.number, e.number, m.epoch, m.metric, coalesce(printf('%!.20g', m.value), 'nan')
              from epoch_metric m join execution e on e.execution_id = m.execution_id
              join trial t on t.trial_id = e.trial_id order by 1, 2, 3, 4"
}

# The MPI rank of process $1, "" where it has none.
rank_of() { tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | sed -n 's/^OMPI_COMM_WORLD_RANK=//p'; }

# wait_for STORE N: until N executions of a running sweep are done; 30 seconds at most.
wait_for() {
    for _ in $(seq 300); do
        [ "$(sql "$1" "select count(*) from execution where state = 'done'" 2>/dev/null || echo 0)" -ge "$2" ] && return
        sleep 0.1
    done
}

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}
