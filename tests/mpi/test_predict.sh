# Predictions: the validation rows of a sweep, read and scaled as new rows are, give the stored metrics to the last bit,
# for every source, scaling, split and kind of missing value; files that do not fit are refused in one line.
. "$(dirname "$0")/../lib.sh"

# The same table of 90 rows for every source: two numbers (one far from 0), a category, a truth value, a class, a target.
awk 'BEGIN { srand(7); split("red green blue", colour, " "); print "a,b,colour,flag,label,price"
    for (i = 0; i < 90; i++) { a = rand() * 10; c = int(rand() * 3) + 1
        printf "%s,%.3f,%s,%s,%s,%.2f\n", i % 13 == 5 ? "" : sprintf("%.6f", a), 1.7e9 + rand() * 1e5, colour[c],
            (rand() < 0.5) ? "true" : "false", (a + c + rand() > 7) ? "yes" : "no", 1e5 + 1e4 * a + 1000 * rand() } }' >t.csv

# sweep NAME DATA REST: trains two trials of two executions.
sweep() {
    cat >"$1.json" <<END
{"name": "$1", "seed": 5, "data": {$2, "scaling": "standard"}, "optimizer": "adam", "batch_size": 16, "epochs": 3,
 "hidden": [{"units": 6, "activation": "tanh"}], "learning_rate": {"choice": [0.01, 0.001]},
 "search": {"method": "grid", "executions_per_trial": 2}, "objective": {"metric": "val_loss"}${3:-}}
END
    rm -f "$1.db"
    run "$1.json" --store "$1.db" --workers 1
    equal "$1 is trained" $status 0
}

# exact NAME [ARG…]: the validation rows of every kept execution give its stored metrics.
exact() {
    local name=$1 e; shift
    for e in 0 1; do
        "$MLPSWEEP" predict "$name.db" --part validation --execution $e "$@" >"$name.$e.csv" 2>log
        check "$name, execution $e: $(tail -1 log)" grep -q "; the same as in the store$" log
    done
}
csv='"csv": "t.csv"'
labels="$csv, \"target\": \"label\", \"ignore\": [\"price\"], \"categorical\": [\"colour\"]"
prices="$csv, \"target\": \"price\", \"ignore\": [\"label\"], \"categorical\": [\"colour\"]"
sweep filled "$labels, \"missing\": \"mean\"" ', "metrics": ["auc", "f1_score"]'
exact filled
sweep dropped "$labels, \"missing\": \"drop\", \"split\": \"stratified\", \"test\": 0.1"
exact dropped
"$MLPSWEEP" predict dropped.db --part test --execution 0 2>&1 >p.csv | sed -n 's/^loss \([^,]*\),.*/\1/p' >loss
equal "the test rows give the test result" "$(awk '{ printf "%.17g", $1 }' loss)" \
    "$(sql dropped.db "select printf('%!.20g', value) from test_metric join execution using (execution_id) where metric = 'loss'
       and number = 0" | awk '{ printf "%.17g", $1 }')"
sweep folds "$labels, \"missing\": \"mean\", \"folds\": 3"
exact folds
for scaling in standard minmax log log1p; do
    sweep "price-$scaling" "$prices, \"missing\": \"mean\", \"folds\": 3, \"target_scaling\": \"$scaling\""
    exact "price-$scaling"
done
sweep price-cut "$prices, \"missing\": \"mean\", \"target_scaling\": \"standard\", \"split\": \"last\""
exact price-cut

# Targets of other kinds: one-hot columns, dates, a loss with an output that is no probability.
awk -F, 'NR == 1 { print "a,k0,k2,k1" } NR > 1 && $1 != "" {
    k = int($1 / 3.4); print $1 "," (k == 0) "," (k == 2) "," (k == 1) }' t.csv >hot.csv
sweep hot '"csv": "hot.csv", "target": ["k0", "k2", "k1"]'
exact hot
equal "classes are the columns" "$(head -1 hot.0.csv)" "row,prediction,p(k0),p(k2),p(k1)"
awk -F, 'NR == 1 { print "a,when,late" } NR > 1 && $1 != "" { printf "%s,2024-%02d-%02d,%s\n", $1, $1 + 1, NR % 28 + 1,
    ($1 > 5) ? "yes" : "no" }' t.csv >dates.csv
sweep dates '"csv": "dates.csv", "target": "when", "ignore": ["late"], "dates": "seconds", "target_scaling": "standard"'
exact dates
sweep margin '"csv": "dates.csv", "target": "late", "ignore": ["when"]' ', "loss": "hinge", "output": {"activation": "tanh"}'
exact margin
equal "outputs are called so" "$(head -1 margin.0.csv)" "row,prediction,output(yes)"

# A validation file of its own, and a database.
head -70 t.csv >train.csv
{ head -1 t.csv; tail -20 t.csv; } >val.csv
sweep files "${labels/t.csv/train.csv}, \"missing\": \"mean\", \"validation\": {\"file\": \"val.csv\"}"
exact files
"$MLPSWEEP" predict files.db --execution 0 --data val.csv >p.csv 2>log
check "the file given as new rows: the same answers" cmp p.csv files.0.csv
equal "and the same metrics" "$(tail -1 log | sed 's/ on .*//')" \
    "$("$MLPSWEEP" predict files.db --execution 0 --part validation 2>&1 >p.csv | tail -1 | sed 's/ on .*//')"
sqlite3 t.db '.mode csv' '.import t.csv t' '.import val.csv v'
tables=${labels/'"csv": "t.csv"'/'"sqlite": "t.db", "table": "t"'}
sweep database "${tables/colour/flag\", \"colour}, \"missing\": \"mean\""
exact database
"$MLPSWEEP" predict database.db --data t.db --query "SELECT flag, colour, b, a FROM v ORDER BY rowid" >p.csv 2>log
equal "rows of a query" "$(wc -l <p.csv)" 21

# Sparse text, points; indices that begin with 0.
awk -F, 'NR > 1 { printf "%d", $5 == "yes"; if ($1 != "") printf " 0:%s", $1; printf " 2:%d\n", $4 == "true" }' t.csv >t.svm
sweep sparse '"svmlight": "t.svm"'
exact sparse
head -5 t.svm | sed 's/ 0:[0-9.]*//' >new.svm
"$MLPSWEEP" predict sparse.db --data new.svm >p.csv 2>log
equal "indices begin where those of training did" "$(wc -l <p.csv)" 6
sweep points '"synthetic": "circles", "points": 100'
exact points
printf 'x2,x1\n0.5,-1\n' >new.csv
equal "new points come as CSV" "$("$MLPSWEEP" predict points.db --data new.csv 2>log | cut -d, -f1,2 | tail -1 | cut -c1-2)" 0,

# Arrays and images, by NumPy's and MNIST's formats.
if command -v python3 >/dev/null && python3 -c 'import numpy' 2>/dev/null; then python=python3
elif [ -x "$MS_SOURCE_DIR/build/oracles/bin/python" ]; then python=$MS_SOURCE_DIR/build/oracles/bin/python
else python=; fi
if [ -n "$python" ]; then
    "$python" - <<'END'
import numpy as np
r = np.random.default_rng(1)
x = r.normal(size=(90, 4)).astype("float32"); y = (x[:, 0] > 0).astype("int64") + (x[:, 1] > 1)
np.save("x.npy", x); np.save("y.npy", y); np.savez("xy.npz", x=x, y=y); np.savez("x.npz", x=x[:5])
images = r.integers(0, 256, (90, 3, 3)).astype("uint8"); labels = (images[:, 1, 1] // 86).astype("uint8")
def idx(name, a):
    with open(name, "wb") as f:
        f.write(bytes([0, 0, 8, a.ndim]) + b"".join(n.to_bytes(4, "big") for n in a.shape) + a.tobytes())
idx("train-images-idx3-ubyte", images); idx("train-labels-idx1-ubyte", labels); idx("new-images-idx3-ubyte", images[:7])
END
    sweep arrays '"npy": "x.npy", "target_file": "y.npy"'
    exact arrays
    "$MLPSWEEP" predict arrays.db --data x.npy 2>log >p.csv
    check "arrays without targets" grep -q "no metrics: x.npy has no target" log
    "$MLPSWEEP" predict arrays.db --data x.npy --targets y.npy 2>log >q.csv
    check "and with them" grep -q "accuracy .* on 90 rows" log
    check "the same answers" cmp p.csv q.csv
    sweep archive '"npz": "xy.npz"'
    exact archive
    equal "an archive without targets" "$("$MLPSWEEP" predict archive.db --data x.npz 2>log | wc -l)" 6
    sed -i 's/"scaling": "standard"/"scaling": {"name": "divide_by", "value": 255}/' arrays.json
    sweep pixels '"idx": "."'
    exact pixels
    equal "images without labels" "$("$MLPSWEEP" predict pixels.db --data new-images-idx3-ubyte 2>log | wc -l)" 8
else
    echo "skip  arrays and images: python3 has no NumPy"
fi

# Columns in another order, with others between them, without the target.
awk -F, '{ print $4 "," $1 ",x" NR "," $3 "," $2 }' t.csv | sed '1s/x1/extra/' >new.csv
"$MLPSWEEP" predict filled.db --data t.csv 2>log >p.csv
"$MLPSWEEP" predict filled.db --data new.csv -o q.csv --force 2>log
check "reordered and wider: the same answers" cmp q.csv p.csv
check "it says what it ignored" grep -q "new.csv has columns that t.csv lacks, ignored: 'extra'" log
check "and why there are no metrics" grep -q "no metrics: new.csv has no target 'label'" log
equal "names of the columns" "$(head -1 p.csv)" "row,prediction,p(no),p(yes)"
equal "names for a number" "$("$MLPSWEEP" predict price-log.db --data t.csv 2>log | head -1)" "row,prediction"
"$MLPSWEEP" predict filled.db --data t.csv --ensemble 2>log >e.csv
equal "an ensemble has deviations" "$(head -1 e.csv)" "row,prediction,p(no),p(yes),sd(no),sd(yes)"
"$MLPSWEEP" predict filled.db --data t.csv --execution 0 2>log >0.csv
"$MLPSWEEP" predict filled.db --data t.csv --execution 1 2>log >1.csv
holds "and the mean of its networks" \
    "$(paste -d, e.csv 0.csv 1.csv | awk -F, 'NR > 1 { d = $4 - ($10 + $14) / 2; if (d < 0) d = -d; if (d > m) m = d
        s = ($10 - $14) / sqrt(2); if (s < 0) s = -s; d = s - $6; if (d < 0) d = -d; if (d > m) m = d } END { print m + 0 }') < 1e-6"
equal "rows that training left out have no answer" \
    "$("$MLPSWEEP" predict dropped.db --data t.csv 2>log | grep -c '^[0-9]*,,,$')" "$(grep -c '^,' t.csv)"

# refused STORE PATTERN ARG…: one line, exit status 2, and no file.
refused() {
    local store=$1 pattern=$2; shift 2
    "$MLPSWEEP" predict "$store" "$@" -o nothing.csv >out 2>log
    equal "refused: $pattern" "$? $(wc -l <log) $(ls nothing.csv 2>/dev/null)" "2 1 "
    check "saying it" grep -q -- "$pattern" log || cat log
}
cut -d, -f2- t.csv >bad.csv; refused filled.db "bad.csv:1: there is no column 'a', which t.csv has" --data bad.csv
sed 's/colour/Colour/' t.csv >bad.csv; refused filled.db "did you mean 'Colour'" --data bad.csv
tail -n +2 t.csv >bad.csv; refused filled.db "bad.csv:1: the first line looks like data" --data bad.csv
sed '4s/^[^,]*/abc/' t.csv >bad.csv
refused filled.db "bad.csv:4: column 1 (a): expected a number, found 'abc', as in training" --data bad.csv
sed '4s/true\|false/7/' t.csv >bad.csv
refused filled.db "bad.csv:4: column 4 (flag): expected true or false, found '7', as in training" --data bad.csv
sed '4s/red\|green\|blue/mauve/' t.csv >bad.csv
refused filled.db "no row of t.csv has the category 'mauve'; --unseen ignore takes it" --data bad.csv
"$MLPSWEEP" predict filled.db --data bad.csv --unseen ignore -o bad.out 2>log
equal "or takes it for none" $? 0
head -1 t.csv >bad.csv; refused filled.db "a header, but no rows" --data bad.csv
refused filled.db "missing.csv: No such file" --data missing.csv
refused filled.db "which rows?"
refused filled.db "the sweep has no test rows" --part test
refused filled.db "keep_best" --data t.csv --trial "$(sql filled.db "select number from trial where trial_id not in (select trial_id from model)")"
refused filled.db "no trial 9" --data t.csv --trial 9
refused filled.db "mlpsweep refit" --data t.csv --refit
refused t.db "not a store\|no store\|mlpsweep" --data t.csv
sed '4s|\.|.1|' t.csv >new.csv
"$MLPSWEEP" predict filled.db --part training --data new.csv 2>log >q.csv
check "other bytes than were trained on" grep -q "note: .*new.csv is not the file that was trained on: its bytes differ" log
sed '4s/,[a-z]*,\([^,]*\)$/,maybe,\1/' t.csv >new.csv
"$MLPSWEEP" predict filled.db --data new.csv 2>log >q.csv
check "a class that training did not have costs the metrics" cmp q.csv p.csv
check "and is named" grep -q "no metrics: new.csv:4: column 5 (label): no row of t.csv has the class 'maybe'" log
finish
