# SPDX-License-Identifier: MIT
#
# status --follow sees a run from another process, and ends with it; status --json says the same in
# numbers. The sweep's program waits for files, so that the run is where the test wants it.
. "$(dirname "$0")/../lib.sh"

cat >wait.sh <<'J'
#!/bin/sh
echo "{\"epoch\": 1, \"score\": 0.$MLPSWEEP_TRIAL}"
until [ -e go ] || { [ "$MLPSWEEP_TRIAL" = 0 ] && [ -e first ]; }; do sleep 0.05; done
J
chmod +x wait.sh
cat >wait.json <<'J'
{"name": "wait", "objective": {"command": ["./wait.sh"], "metric": "score", "goal": "maximize"},
 "params": {"x": {"int": [1, 3]}}}
J
"$MLPSWEEP" run wait.json --store wait.db --workers 2 --progress none >run.log 2>&1 &
run=$!
running() { [ "$(sql wait.db "select count(*) from execution where state = 'running'" 2>/dev/null)" = "$1" ]; }
await "two executions run" running 2
"$MLPSWEEP" status wait.db --follow --interval 0.1 >follow.txt 2>follow.err &
follow=$!
comes "a log of the run begins" has follow.txt "wait: 0/3 done"
"$MLPSWEEP" status wait.db --json >running.json; equal "--json while it runs" $? 0
equal "two run" "$(python3 -c 'import json; d = json.load(open("running.json")); print(d["executions"]["running"], d["run"]["alive"])')" "2 True"
# On a terminal of 80 x 24: it is told to leave once it has drawn a worker.
check "--follow draws a screen" script -qec "stty rows 24 cols 80; '$MLPSWEEP' status wait.db --follow --interval 0.1 </dev/null &
    until grep -q worker screen.txt; do sleep 0.05; done; kill \$!; wait \$!" screen.txt >/dev/null
for part in '[?1049h' 'trials      0 of 3 ended' 'worker ' '0/0' '[?1049l'; do
    check "the screen has $part" has screen.txt "$part"
done
touch first
comes "the log goes on" has follow.txt "wait: 1/3 done"
touch go
wait $run; equal "the run ends well" $? 0
wait $follow; equal "the view ends with it" $? 0
equal "it says nothing on stderr" "$(cat follow.err)" ""
check "its last word is the status" grep -q '^  state       finished at ' follow.txt
"$MLPSWEEP" status wait.db --follow >after.txt; equal "a run that has ended is not waited for" $? 0
"$MLPSWEEP" status wait.db --json >ended.json
equal "the best trial" "$(python3 -c 'import json; b = json.load(open("ended.json"))["best"]; print(b["trial"], b["mean"], b["parameters"])')" \
    "2 0.2 {'x': 3}"
finish
