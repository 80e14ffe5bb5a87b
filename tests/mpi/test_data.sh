# What the program understood of data is one line, the same in run, plan, status, show and the store; a sweep whose
# data have changed is refused, naming what has changed, and can only begin anew beside its old results.
. "$(dirname "$0")/../lib.sh"

rows() { # rows HEADER N: columns that count to 3, to 5, …, and a target of 0 and 1
    awk -v header="$1" -v n="$2" 'BEGIN { k = split(header, name, ","); print header
        for (i = 0; i < n; i++) { line = ""
            for (j = 1; j < k; j++) line = line i % (2 * j + 1) ","
            print line i % 2 } }'
}
rows a,b,y 20 >d.csv
sweep() { # sweep TRIALS FILE OTHER
    cat <<END
{"name": "s", "data": {"csv": "$2", "target": "y"}, "hidden": [{"units": 2}], "optimizer": "sgd", "epochs": 1,
 "learning_rate": {"float": [0.001, 0.1]}, "search": {"method": "random", "max_trials": $1}${3:-}}
END
}
sweep 2 d.csv >s.json
run s.json --store s.db --workers 2
equal "the first run" $status 0
line=$(grep '^data: ' run.log)
check "it says what it understood" grep -q '^data: d.csv, 20 rows x 2 inputs, binary.*; 16 train, 4 validation' run.log
equal "the store has the line" "data: $(sql s.db 'select line from dataset')" "$line"
for command in "plan s.json --no-measure" "status s.db" "show s.db"; do
    equal "${command%% *} prints it" "$("$MLPSWEEP" $command | grep '^data: ')" "$line"
done
equal "plan --json prints numbers alone" "$("$MLPSWEEP" plan s.json --no-measure --json | cut -c1)" "{"
equal "every trial has its data set" "$(sql s.db 'select group_concat(dataset) from trial')" 0,0

# refused PATTERN: the sweep is not continued, and the store stays as it is.
refused() {
    local before; before=$(sql s.db 'select count(*), max(run_id) from run; select count(*) from trial')
    run s.json --store s.db --workers 1
    equal "refused" $status 2
    check "naming it: $1" grep -q -- "$1" run.log
    equal "nothing was written" "$(sql s.db 'select count(*), max(run_id) from run; select count(*) from trial')" "$before"
}
cp d.csv first.csv
sweep 4 d.csv >s.json
rows a,b,c,y 20 >d.csv
refused "sweep 's' cannot be continued: d.csv has changed since this sweep began: 4 columns (a, b, c, y), 3 then (a, b, y)"
check "the flag is named" grep -q -- "--accept-changed-data begins a new sweep" run.log
rows a,b,y 21 >d.csv
refused "21 rows, 20 then"
sed 's/^1,1,1$/2,1,1/' first.csv >d.csv
refused "other values in as many rows and columns"

run s.json --store s.db --workers 1 --accept-changed-data
equal "accepted" $status 0
equal "as a sweep of its own" "$(sql s.db 'select group_concat(name || ":" || coalesce(name_in_file, "")) from sweep')" "s:,s-2:s"
equal "with trials of its own" \
    "$(sql s.db 'select group_concat(n) from (select count(*) as n from trial group by sweep_id order by sweep_id)')" 2,4
check "it is said" grep -q "^note: s-2 has other data than s, and is a sweep of its own" run.log
equal "status shows the latest" "$("$MLPSWEEP" status s.db | head -1)" s-2

sweep 5 d.csv >s.json
run s.json --store s.db --workers 1
check "a plain run continues the sweep of these data" grep -q "^s-2: 5 trials.*4 of them done before" run.log
cp first.csv d.csv
run s.json --store s.db --workers 1
check "and with the first data the first sweep" grep -q "^s: 5 trials.*2 of them done before" run.log
rows a,b,c,y 20 >d.csv
run s.json --store s.db --workers 1 --accept-changed-data
equal "the next has the next name" "$(sql s.db 'select max(name) from sweep')" s-3
equal "no row is mixed" "$(sql s.db 'select count(distinct weights) from trial group by sweep_id' | sort -u)" 1

# A moved file is the same data, and so are other line ends.
mkdir elsewhere
sed 's/$/\r/' first.csv >elsewhere/moved.csv
sweep 6 elsewhere/moved.csv >s.json
run s.json --store s.db --workers 1
check "a moved file goes on" grep -q "^s: 6 trials.*5 of them done before" run.log
equal "its file is the latest" "$(sql s.db 'select part, f.sha256 from dataset_file as f join dataset using (dataset_id)
    where sweep_id = 1')" "training|$(sha256sum elsewhere/moved.csv | cut -d' ' -f1)"
sweep 6 elsewhere/moved.csv ', "batch_size": 3' >s.json
run s.json --store s.db --workers 1
equal "other changes are refused as before" $status 2
check "with their names" grep -q "batch_size: was not given, now 3" run.log

# Stages carry the edition in their names.
sweep 1 d.csv ', "stages": [{"name": "one"}, {"name": "two", "search": {"max_trials": 2}}]' >t.json
run t.json --store t.db --workers 1
rows a,b,y 20 >d.csv
run t.json --store t.db --workers 1
equal "stages are refused, too" $status 2
run t.json --store t.db --workers 1 --accept-changed-data
equal "stages of the next edition" "$(sql t.db 'select group_concat(name) from (select name from sweep order by sweep_id)')" "s:1-one,s:2-two,s-2:1-one,s-2:2-two"

# A store that does not know its data yet learns of them.
sql s.db "pragma foreign_keys = on; delete from dataset where sweep_id = 1"
cp first.csv d.csv
sweep 7 elsewhere/moved.csv >s.json
run s.json --store s.db --workers 1
check "unknown data are noted" grep -q "^note: the store does not say which data" run.log
equal "and recorded" "$(sql s.db 'select count(*) from dataset where sweep_id = 1')" 1

# The program of a command may change, with a warning.
echo 'echo "{\"m\": 1}" # first' >program.sh
cat >c.json <<'END'
{"objective": {"command": ["sh", "program.sh", "{a}"], "metric": "m", "goal": "minimize"},
 "params": {"a": {"choice": [1, 2]}}}
END
run c.json --store c.db --workers 1
equal "a command has no data" "$(grep -c '^data:' run.log)" 0
equal "its files are known" "$(sql c.db "select sha256 from program_file where path like '%program.sh'")" \
    "$(sha256sum program.sh | cut -d' ' -f1)"
run c.json --store c.db --workers 1
equal "no warning without a change" "$(grep -c '^warning' run.log)" 0
echo 'echo "{\"m\": 2}" # second' >program.sh
run c.json --store c.db --workers 1
equal "a change is no refusal" $status 0
check "but a warning" grep -q "^warning: .*program.sh has changed since the last run" run.log
finish
