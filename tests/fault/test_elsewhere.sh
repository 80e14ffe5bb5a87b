# Rank 0 runs on a node that does not have the supervisor's folder: the run's exit status still comes home.
. "$(dirname "$0")/../lib.sh"

mpirun=${MLPSWEEP_MPIRUN:-$(command -v mpirun.openmpi || command -v mpirun)}
cat >elsewhere <<END
#!/bin/sh
MLPSWEEP_RUN_DIR=/nonexistent/\${MLPSWEEP_RUN_DIR##*/} exec $mpirun "\$@"
END
chmod +x elsewhere
export MLPSWEEP_MPIRUN=$work/elsewhere

cat >s.json <<'END'
{"name": "s", "seed": 3, "data": {"synthetic": "circles"}, "hidden": [{"units": {"choice": [2, 4, 8]}}], "epochs": 3}
END
run s.json --store s.db --workers 2; equal "a run that finishes" $status 0
equal "all of it" "$(sql s.db "select state from run union all select count(*) from execution where state = 'done'" | tr '\n' ' ')" "finished 3 "
check "the marks are not shown" test -z "$(grep mlpsweep-run- run.log)"

sed 's/"epochs": 3/"epochs": 100000/' s.json >long.json
"$MLPSWEEP" run long.json --progress plain --store long.db --workers 2 >run.log 2>&1 & pid=$!
runs() { [ "$(sql "$1" "select count(*) from execution where state = 'running'" 2>/dev/null || echo 0)" -ge 1 ]; }
await "an execution of long.db that runs" runs long.db
kill -INT $pid; wait $pid; equal "Ctrl-C: interrupted" $? 3
equal "rank 0 heard of it, and closed the store" "$(sql long.db "select state from run")" interrupted
check "the marks are not shown" test -z "$(grep mlpsweep-run- run.log)"
finish
