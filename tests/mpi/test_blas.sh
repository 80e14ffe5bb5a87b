# The core of OpenBLAS that a run uses: OpenBLAS's own choice where it is a good one, a better one where
# OpenBLAS does not know the processor (simulated: MLPSWEEP_DETECTED_CORE), the user's where he names one.
. "$(dirname "$0")/../lib.sh"

[ "$(uname -m)" = x86_64 ] && grep -q avx2 /proc/cpuinfo || { echo "needs a processor with AVX2"; exit 77; }

cat >net.json <<'JSON'
{"name": "net", "data": {"synthetic": "circles"}, "hidden": [{"units": 65}, {"units": 65}], "epochs": 2,
 "learning_rate": {"choice": [0.1, 0.01]}, "objective": {"metric": "val_loss"}}
JSON

# core STORE: that of the latest run, as its worker reported it.
core() { sql "$1" "select blas from run order by run_id desc limit 1" | sed -E 's/^OpenBLAS [^ ]+ ([^,]+),.*/\1/'; }

unset OPENBLAS_CORETYPE
run net.json --store own.db --workers 1

equal "OpenBLAS's own choice is no matter for words" "$(grep -c "OpenBLAS runs" run.log)" 0

OPENBLAS_CORETYPE=Prescott MLPSWEEP_DETECTED_CORE=Prescott run net.json --store detected.db --workers 2
check "a better core than that of 2004 is chosen" [ "$(core detected.db)" != Prescott ]
chosen=$(core detected.db)
"$MLPSWEEP" status detected.db >status.txt
check "status shows it with its speed and memory" grep -qE "^  computing   OpenBLAS's core $chosen, [0-9.e+]+ GFLOP/s on one thread; [0-9.]+ [GMT]iB of memory for a worker$" status.txt
check "and why it was chosen" has status.txt "OpenBLAS itself chose Prescott"
equal "the run's row has all of it" "$(sql detected.db "select core, core_note like 'OpenBLAS itself chose Prescott%', gflops > 0, worker_bytes > 0 from run")" "$chosen|1|1|1"
equal "a right choice needs no note" "$(sql own.db "select core_note is null, gflops > 0 from run")" "1|1"
own_bytes=$(sql own.db "select worker_bytes from run") both_bytes=$(sql detected.db "select worker_bytes from run")
holds "two workers share the memory" "$both_bytes * 2 <= $own_bytes + 2 && $both_bytes * 2 >= $own_bytes - 2"
check "and said once" [ "$(grep -c "OpenBLAS runs its core $chosen: OpenBLAS itself chose Prescott" run.log)" = 1 ]

OPENBLAS_CORETYPE="$chosen" run net.json --store asked.db --workers 1
equal "asked for by name it is the same core" "$(core asked.db)" "$chosen"
equal "and gives the same bits" "$(numbers detected.db | md5sum)" "$(numbers asked.db | md5sum)"

OPENBLAS_CORETYPE=Prescott run net.json --store user.db --workers 1
equal "the user's choice wins" "$(core user.db)" Prescott
check "and is said" has run.log "OpenBLAS runs its core Prescott: OPENBLAS_CORETYPE=Prescott"

OPENBLAS_CORETYPE=Prescott MLPSWEEP_DETECTED_CORE=Prescott \
    mpirun --allow-run-as-root --oversubscribe -n 2 "$MLPSWEEP" run net.json --store direct.db >run.log 2>&1
equal "under the user's own mpirun the same core is chosen" "$(core direct.db)" "$chosen"

# Workers that differ, as those of a cluster of two kinds of nodes do.
mpirun --allow-run-as-root --oversubscribe -n 1 "$MLPSWEEP" run net.json --store mixed.db : \
    -n 1 -x OPENBLAS_CORETYPE=Haswell "$MLPSWEEP" run net.json --store mixed.db : \
    -n 1 -x OPENBLAS_CORETYPE=Nehalem "$MLPSWEEP" run net.json --store mixed.db >run.log 2>&1
equal "a mixed run is said to be one, once" "$(grep -c "the same training may give other bits on another worker: .* Haswell, .* Nehalem, " run.log)" 1
equal "and the store knows" "$(sql mixed.db "select core_note like '%other bits on another worker%' from run")" 1

OPENBLAS_CORETYPE=Prescott MLPSWEEP_DETECTED_CORE=Prescott "$MLPSWEEP" plan net.json >plan.txt 2>&1
check "plan uses and shows the same core" grep -qE "^  machine      OpenBLAS's core $chosen, [0-9.e+]+ GFLOP/s on one thread; OpenBLAS itself" plan.txt
sed 's/"hidden": \[.*\], "epochs"/"hidden": {"layers": 40, "same": {"units": 65536}}, "epochs"/' net.json >wide.json
check "plan says which trials no memory here holds" has <("$MLPSWEEP" plan wide.json --workers 1 --no-measure) "2 of these trials need more memory than a worker has here"
run wide.json --store wide.db --workers 1
check "run refuses to train them" has <(sql wide.db "select message from attempt") "of memory, a worker has"

# Where no user has chosen, the workers take the best core that all of them have, in new trainers.
mpirun --allow-run-as-root --oversubscribe -n 1 "$MLPSWEEP" run net.json --store common.db : \
    -n 1 -x OPENBLAS_CORETYPE=Haswell -x MLPSWEEP_DETECTED_CORE=Haswell -x MLPSWEEP_VECTORS=AVX2 "$MLPSWEEP" run net.json --store common.db : \
    -n 1 -x OPENBLAS_CORETYPE=Nehalem -x MLPSWEEP_DETECTED_CORE=Nehalem -x MLPSWEEP_VECTORS=SSE4.2 "$MLPSWEEP" run net.json --store common.db >run.log 2>&1
equal "the common core is said, once" "$(grep -c "OpenBLAS runs its core Nehalem: the workers' processors differ, and it is the best core that all of them have$" run.log)" 1
equal "the trainers have it" "$(core common.db) $(sql common.db "select core from run")" "Nehalem Nehalem"
OPENBLAS_CORETYPE=Nehalem run net.json --store nehalem.db --workers 1
equal "and its bits" "$(numbers common.db | md5sum)" "$(numbers nehalem.db | md5sum)"

MLPSWEEP_TRAINER=Nonsense "$MLPSWEEP" 2>trainer.txt 3<&-
check "a trainer that does not get the common core says so" has trainer.txt "OpenBLAS's core Nonsense, which all workers were to take, is not to be had here"
MLPSWEEP_TRAINER=Nehalem OPENBLAS_CORETYPE=Nehalem "$MLPSWEEP" 2>trainer.txt 3<&-
equal "one that gets it does not" "$(cat trainer.txt)" ""

# A command may have an OpenBLAS of its own, which gets the user's word alone.
cat >command.json <<'JSON'
{"objective": {"command": ["sh", "-c", "echo \"{{\\\"m\\\": 1}}\"; env >env.txt"], "metric": "m", "goal": "minimize"},
 "params": {"a": {"choice": [1]}}}
JSON
OPENBLAS_CORETYPE=Prescott MLPSWEEP_DETECTED_CORE=Prescott run command.json --store command.db --workers 1
equal "a command needs no core" "$(sql command.db "select core is null and core_note is null from run")" 1
equal "a command does not get the program's choice" "$(grep -cE "^(OPENBLAS_CORETYPE|MLPSWEEP_CORE)=" env.txt)" 0
OPENBLAS_CORETYPE=Haswell run command.json --store command2.db --workers 1
check "but the user's" grep -q '^OPENBLAS_CORETYPE=Haswell$' env.txt

finish
