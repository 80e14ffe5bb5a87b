# SPDX-License-Identifier: MIT
#
# Every command that reads a store, on stores that are not what it hopes for: it answers, or refuses in one
# line with status 2; it never crashes, hangs, or leaves a file. Damage that hits what a command does not
# read may go unseen.
. "$(dirname "$0")/../lib.sh"

# The words after "mlpsweep COMMAND STORE"; a command of the help without a row here fails the test.
declare -A words=([status]='' [rank]='' [show]='' [curves]='' [export]='--table epochs' [importance]='' [report]='-o -' [plot]='history'
    [predict]='--part validation')
reading=$("$MLPSWEEP" --help | sed -n -E 's/^  ([a-z]+) +STORE.*/\1/p' | grep -vx refit) # which trains

cat >small.json <<'J'
{"name": "small", "data": {"synthetic": "xor", "points": 200, "test": 0.2}, "hidden": [{"units": {"choice": [2, 3]}}],
 "optimizer": {"choice": ["sgd", "adam"]}, "epochs": 2, "search": {"executions_per_trial": 2}}
J
run small.json --store whole.db --workers 2; equal "a small sweep" $status 0

mkdir stores
: >stores/empty-file.db
mkdir stores/folder.db
echo "no database at all" >stores/text.db
head -c 65536 /dev/urandom >stores/noise.db
sql stores/foreign.db "create table t (x); insert into t values (1)"
head -c 20000 whole.db >stores/cut.db
cp whole.db stores/newer.db; sql stores/newer.db "pragma user_version = 1000"
cp whole.db stores/no-trials.db; sql stores/no-trials.db "pragma foreign_keys = on; delete from trial"
cp whole.db stores/no-sweeps.db; sql stores/no-sweeps.db "pragma foreign_keys = on; delete from sweep"
cp whole.db stores/no-results.db; sql stores/no-results.db \
    "delete from epoch_metric; update execution set state = 'waiting', outcome = null, objective = null, best_epoch = null, epochs = null"
cp whole.db stores/no-text.db; sql stores/no-text.db "update sweep set text = 'not a sweep file'"
cp whole.db stores/strange-names.db
sql stores/strange-names.db "update sweep set name = char(27) || '[2Jevil'; update param set text = char(27) || '<script>' where name like '%units'"
sqlite3 stores/version-1.db <"$MS_SOURCE_DIR/tests/unit/store/store_v1.sql" 2>/dev/null
size=$(stat -c %s whole.db)
for i in 1 2 3 4 5 6; do # a page overwritten here and there
    cp whole.db stores/damaged-$i.db
    printf '%0.s\377\000Z' {1..300} | dd of=stores/damaged-$i.db bs=1 seek=$((4096 * i * (size / 4096 - 1) / 7)) conv=notrunc status=none
done
ln -s missing.db stores/dangling.db
mkfifo stores/fifo.db

# answers COMMAND STORE: it ends by itself with a clear word.
answers() {
    local code lines
    (cd out && timeout 60 "$MLPSWEEP" "$1" "$work/stores/$2" ${words[$1]} >"$work/said.txt" 2>"$work/errors.txt" </dev/null); code=$?
    lines=$(wc -l <errors.txt)
    if [ $code -eq 2 ] && [ "$lines" -eq 1 ] && [ -z "$(ls -A out)" ]; then return 0; fi
    [ $code -eq 0 ] && ! grep -qP '\x1b' said.txt && return 0
    echo "$1 $2: status $code, $lines lines: $(head -c 300 errors.txt); files: $(ls -A out)"
    return 1
}
mkdir out
for command in $reading; do
    if [ -z "${words[$command]+there}" ]; then check "$command is in this test" false; continue; fi
    for store in stores/*; do
        check "$command $(basename "$store")" answers $command "$(basename "$store")"
        rm -rf out; mkdir out
    done
    (cd out && "$MLPSWEEP" $command "$work/whole.db" ${words[$command]}) >said.txt 2>&1; equal "$command whole.db" $? 0
    rm -rf out; mkdir out
done
for format in json optuna tensorboard mlflow; do # of csv above
    words[export]="--format $format -o export"
    for store in stores/*; do
        check "export as $format $(basename "$store")" answers export "$(basename "$store")"
        rm -rf out; mkdir out
    done
done
equal "no store was changed" "$(sql whole.db "pragma integrity_check; select count(*) from execution")" "ok
8"
finish
