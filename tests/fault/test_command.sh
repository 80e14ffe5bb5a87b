# Programs that misbehave: each costs its trial, whose record says what happened. The sweep goes on, and nothing
# is left of the programs, however they or the run end.
. "$(dirname "$0")/../lib.sh"

# Every process that the programs start carries this in its environment, however it detaches itself.
export OF_THIS_TEST=$work
processes() { grep -lzsF -- "OF_THIS_TEST=$work" /proc/[0-9]*/environ | cut -d/ -f3; }
left() {
    local p
    for p in $(processes); do
        { tr '\0' ' ' <"/proc/$p/cmdline"; } 2>/dev/null | grep -E 'bad.sh|sleep 10[0-9][0-9]'
    done
}
none_left() { [ -z "$(left)" ]; }

cat >bad.sh <<'J'
#!/bin/sh
case $1 in
good)      echo '{"epoch": 1, "val_loss": 0.5}';;
hang)      echo '{"epoch": 1, "val_loss": 3}'; echo "I wait" >&2; echo >>said; sleep 1000;;
stubborn)  trap '' TERM INT HUP; echo '{"val_loss": 3}'; echo >>said; while :; do sleep 1007; done;;
flood)     yes "spam spam" | head -c 20000000; exit 0;;
endless)   yes '{"val_loss": ';;
garbage)   head -c 300000 /dev/urandom; echo; echo '{"val_loss": oops'; echo '{}{}';;
line)      head -c 3000000 /dev/zero | tr '\0' '{'; echo; echo '{"loss": 1}';;
forks)     (setsid sleep 1001 >/dev/null 2>&1 &); sleep 1002 & echo '{"val_loss": 0.1}';;
forkhang)  (setsid sh -c 'trap "" TERM HUP; sleep 1003; sleep 1003' >/dev/null 2>&1 &)
           trap '' TERM; sleep 1004 & echo '{"val_loss": 0.1}'; echo >>said; sleep 1005; sleep 1005;;
segv)      echo "about to die" >&2; kill -SEGV $$;;
killed)    kill -KILL $$;;
exit3)     echo "first" >&2; echo "cannot find the data" >&2; exit 3;;
other)     echo '{"loss": 1, "acc": 0.5}';;
silent)    ;;
nan)       echo '{"epoch": 1, "val_loss": NaN}'; echo '{"epoch": 2, "val_loss": Infinity}';;
stderr)    head -c 1000000 /dev/zero | tr '\0' 'x' >&2; printf '\nbyte \377 and \303\244\n' >&2; exit 1;;
nothere)   exec ./nothere;;
guard)     kill -KILL $PPID; sleep 1006;;
back)      echo '{"epoch": 5, "val_loss": 2}'; echo '{"epoch": 3, "val_loss": 1}';;
esac
J
chmod +x bad.sh
# sweep KINDS SEARCH
sweep() {
    echo "{\"objective\": {\"command\": [\"./bad.sh\", \"{kind}\"], \"metric\": \"val_loss\"},
          \"params\": {\"kind\": {\"choice\": [$1]}}, \"search\": {$2 \"max_retries_per_trial\": 1}}"
}
sweep '"good", "flood", "garbage", "line", "forks", "segv", "killed", "exit3", "other", "silent", "nan", "stderr",
    "nothere", "guard", "back"' '' >bad.json
run bad.json --store bad.db --workers 2
equal "the sweep ends, with failed trials" $status 1
comes "the end of all that was left" none_left
# Programs that only a limit ends. The limit is long enough if six programs got to the line where they wait.
for limit in 2 8 32 128; do
    rm -f late.db said
    sweep '"hang", "stubborn", "endless", "forkhang"' "\"max_seconds\": $limit, " >late.json
    run late.json --store late.db --workers 4
    [ "$(wc -l <said)" -eq 6 ] && break
done
equal "the sweep of those without an end ends, too" $status 1
comes "the end of all that was left" none_left
of() { of_store bad.db "$1"; }
late() { of_store late.db "$1"; }
of_store() { sql "$1" "select group_concat(outcome || ': ' || coalesce(message, ''), '; ') from
    (select a.outcome, message from attempt a join execution using (execution_id) join param using (trial_id)
     where text = '$2' order by a.number)"; }
equal "good" "$(of good)" "completed: "
late="timeout: longer than max_seconds ($limit s)"
equal "hangs" "$(late hang)" "$late: I wait; $late: I wait"
equal "what it printed before is kept" "$(sql late.db "select m.value from epoch_metric m join execution
    using (execution_id) join param using (trial_id) where text = 'hang'")" 3.0
equal "ignores SIGTERM" "$(late stubborn)" "$late; $late"
equal "floods its output" "$(of flood)" \
    'error: printed no val_loss; metrics are lines such as {"val_loss": 0.5}'
equal "floods without an end" "$(late endless)" "$late; $late"
check "prints garbage" test "$(of garbage | grep -c 'could not be read')" = 1
check "prints an endless line" test "$(of line | grep -c 'it printed: loss.*more than 65536 bytes')" = 1
equal "leaves children behind" "$(of forks)" "completed: "
equal "leaves stubborn children behind" "$(late forkhang)" "$late; $late"
died="crashed: killed by signal 11 (Segmentation fault): about to die"
equal "dies by a signal, and is tried again" "$(of segv)" "$died; $died"
equal "is killed" "$(of killed)" "crashed: killed by signal 9 (Killed); crashed: killed by signal 9 (Killed)"
equal "exits with 3" "$(of exit3)" "error: exit status 3: cannot find the data"
equal "prints no objective" "$(of other)" "error: printed no val_loss; it printed: loss, acc"
equal "prints nothing" "$(of silent)" 'error: printed no val_loss; metrics are lines such as {"val_loss": 0.5}'
equal "prints NaN" "$(of nan)" "diverged: printed no finite val_loss"
equal "goes back in time" "$(of back)" \
    "completed: 1 of its lines could not be read, the first: epoch 3 after epoch 5"
check "runs what is not there" test "$(of nothere | grep -c '^error: exit status 127: .*not found')" = 1
check "kills its guard" test "$(of guard | grep -c '^crashed')" = 1
equal "floods stderr: the last line, as valid text" "$(of stderr)" "error: exit status 1: byte ? and ä"
if sql bad.db "select output from attempt" >/dev/null 2>&1; then
    equal "stderr is on the attempt" "$(sql bad.db "select output from attempt join execution using (execution_id)
        join param using (trial_id) where text = 'exit3'")" "first
cannot find the data"
    holds "and bounded" "$(sql bad.db "select max(length(output)) from attempt") <= 65536"
fi
cat >nothere.json <<'J'
{"objective": {"command": ["./no-such-program"], "metric": "val_loss"}, "params": {"x": {"int": [1, 2]}}}
J
run nothere.json --store nothere.db --workers 1; equal "no such program: ends" $status 1
equal "and says so" "$(sql nothere.db "select distinct message from attempt")" \
    "cannot run './no-such-program' in '.': No such file or directory"

# However a run ends, the processes that the programs started end with it.
cat >long.json <<'J'
{"objective": {"command": ["./bad.sh", "{kind}"], "metric": "val_loss"},
 "params": {"kind": {"choice": ["forkhang", "stubborn"]}}}
J
begin() {
    "$MLPSWEEP" run --progress none long.json --store "$1.db" --workers 2 >/dev/null 2>&1 & run_pid=$!
    await "the programs of run $1" sleeping
}
sleeping() { [ "$(left | grep -c sleep)" -ge 4 ]; }
# Processes of this run whose name is $1 (mlpsweep-train, mlpsweep-guard); of mlpsweep: with a rank.
ours() { comm -12 <(pgrep -x "$1" | sort) <(processes | sort); }
programs() { comm -12 <(pgrep -x 'bad.sh|sleep' | sort) <(processes | sort); }
no_old() { ! grep -qxF "$old" <(programs); }

begin int; check "programs are running" test -n "$(left)"
kill -INT $run_pid; wait $run_pid; equal "interrupted run" $? 3
comes "the end of all that was left by SIGINT" none_left

begin kill; check "programs are running" test -n "$(left)"
kill -9 $run_pid; wait $run_pid 2>/dev/null
comes "the end of all that the killed run left" none_left

begin shell; check "programs are running" test -n "$(left)"
for p in $(ours mlpsweep); do [ -n "$(rank_of $p)" ] && [ "$(rank_of $p)" != 0 ] && kill -9 $p; done
comes "the end of all that the killed workers left" none_left
kill -9 $run_pid 2>/dev/null; wait $run_pid 2>/dev/null

begin guard; check "programs are running" test -n "$(left)"
old=$(programs)
for p in $(ours mlpsweep-guard); do kill -9 $p; done
comes "the end of the programs whose guards were killed" no_old
kill -9 $(ours mlpsweep-train) 2>/dev/null
kill -INT $run_pid; wait $run_pid
comes "the end of all that killed guards and trainers left" none_left
finish
