# SPDX-License-Identifier: MIT
#
# Every kind of plot, in the terminal and by gnuplot into valid SVG, PNG and PDF files with the series that
# they should have; what is refused, and how.
. "$(dirname "$0")/../lib.sh"

cat >net.json <<'J'
{"name": "net", "seed": 3, "keep_best": 2, "data": {"synthetic": "circles", "points": 300},
 "hidden": {"layers": {"int": [1, 2]}, "each": {"units": {"int": [4, 16]}}},
 "optimizer": {"choice": ["adam", {"name": "sgd", "momentum": {"float": [0, 0.9]}}]},
 "learning_rate": {"float": [1e-3, 1e-1], "log": true}, "batch_size": {"choice": [32, 128]}, "epochs": 5,
 "search": {"method": "random", "max_trials": 20, "executions_per_trial": 2}, "objective": {"metric": "val_accuracy"}}
J
cat >line.json <<'J'
{"name": "line", "keep_best": 1, "data": {"csv": "line.csv", "target": "y"}, "hidden": [{"units": {"choice": [4, 8]}, "activation": "tanh"}],
 "optimizer": "adam", "epochs": 3, "search": {}}
J
awk 'BEGIN {print "x,y"; for (i = 0; i < 60; i++) print i / 10 "," (i * i % 17) / 3}' >line.csv
run net.json --store net.db --workers 2; equal "a sweep of networks" $status 0
run line.json --store line.db --workers 2; equal "a regression over one input" $status 0
run "$sweeps/d0-beale-grid.json" --store beale.db --workers 1; equal "a function" $status 0

kinds="curves history parallel importance pair data fit"
for kind in $kinds; do
    "$MLPSWEEP" plot net.db $kind --text >$kind.txt; equal "$kind in the terminal" $? 0
    check "$kind has something to see" grep -q '[^ -~]' $kind.txt
    check "$kind stays within 80 columns" python3 -c 'import sys; sys.exit(any(len(l) > 80 for l in open(sys.argv[1]).read().split("\n")[2:]))' $kind.txt
done
for kind in data fit; do
    "$MLPSWEEP" plot line.db $kind >$kind.txt; equal "$kind over one input" $? 0
done
check "the network is a line" has fit.txt "A network"
for kind in history pair parallel; do
    "$MLPSWEEP" plot beale.db $kind >$kind.txt; equal "$kind of a function" $? 0
done

worst=$(sql net.db 'select trial from leaderboard order by rank desc limit 1')
"$MLPSWEEP" plot net.db fit --trial "$worst" >out.txt 2>err.txt; equal "no weights are kept of the worst trial" $? 2
check "it says what to do" has err.txt "mlpsweep refit"
"$MLPSWEEP" refit net.db --trial "$worst" >out.txt 2>&1; equal "it is trained again" $? 0
"$MLPSWEEP" plot net.db fit --trial "$worst" >out.txt; equal "then it is drawn" $? 0
check "as a refit" has out.txt "the network of trial $worst, refit"

# refused WORDS… – what it says: one line, exit status 2.
refused() {
    local says=$1; shift
    "$MLPSWEEP" plot "$@" >out.txt 2>err.txt; equal "$*: refused" $? 2
    check "$*: $says" has err.txt "$says"
    equal "$*: one line" "$(wc -l <err.txt)" 1
}
refused "did you mean 'history'?" net.db histori
refused "has no data" beale.db data
refused "is not a parameter of the sweep; did you mean 'learning_rate'?" net.db pair --x learning_rat
refused "no trial 99" net.db curves --trial 99
refused "did you mean 'val_loss'?" net.db curves --metric val_los
refused ".svg, .png, .pdf" net.db history -o history.jpg
refused "give one of them" net.db history --text -o history.svg
refused "none of the 2 inputs" net.db data --x x9
mkdir empty
PATH=$PWD/empty "$MLPSWEEP" plot net.db history -o history.svg >out.txt 2>err.txt; equal "without gnuplot" $? 2
check "it says what to install" has err.txt "gnuplot-nox"
equal "nothing is left behind" "$(ls | grep -c '^history\.svg\|\.part$')" 0

if ! command -v gnuplot >/dev/null; then
    echo "skipped: gnuplot is missing (package gnuplot-nox)"
    [ "$failed" -eq 0 ] && exit 77
    finish
fi
for kind in $kinds; do
    for ending in svg png pdf; do
        "$MLPSWEEP" plot net.db $kind -o $kind.$ending; equal "$kind.$ending" $? 0
    done
    check "$kind.svg is XML" python3 -c 'import sys, xml.etree.ElementTree as t; sys.exit(t.parse(sys.argv[1]).getroot().tag != "{http://www.w3.org/2000/svg}svg")' $kind.svg
    equal "$kind.png is one of 1520 x 1000" "$(python3 -c 'import struct, sys
b = open(sys.argv[1], "rb").read(); print(b[:4] == b"\x89PNG", *struct.unpack(">II", b[16:24]), b[-8:-4] == b"IEND")' $kind.png)" "True 1520 1000 True"
    equal "$kind.pdf is one" "$(head -c 4 $kind.pdf)" "%PDF"
done
texts() { python3 -c 'import sys, xml.etree.ElementTree as t
print("\n".join("".join(x.itertext()).strip() for x in t.parse(sys.argv[1]).iter("{http://www.w3.org/2000/svg}text")))' "$1"; }
best=$(sql net.db 'select trial from leaderboard limit 1')
texts curves.svg >texts.txt; check "curves: the best trial has a line" grep -q "^trial $best:" texts.txt
equal "curves: five trials" "$(texts curves.svg | grep -c '^trial [0-9]*:')" 5
texts history.svg >texts.txt; check "history: best so far" grep -qx "best so far" texts.txt
texts importance.svg >texts.txt; check "importance: its parameters" grep -qx "learning_rate" texts.txt
texts parallel.svg >texts.txt; check "parallel: an axis for a conditional parameter" grep -qx "not in force" texts.txt
texts pair.svg >texts.txt; check "pair: classes of trials" grep -qx "the best tenth" texts.txt
texts fit.svg >texts.txt; check "fit: the trial" grep -q "network of trial $best," texts.txt
equal "data: the classes" "$(texts data.svg | grep -x '[0-3]' | sort -u | tr -d '\n')" 0123
"$MLPSWEEP" plot net.db curves --trial 3,"$best" --metric loss -o two.svg; equal "chosen trials" $? 0
texts two.svg >texts.txt; check "their metric" grep -q "^net: loss of the chosen trials" texts.txt
"$MLPSWEEP" plot net.db history -o history.svg >out.txt 2>err.txt; equal "nothing is replaced unasked" $? 2
"$MLPSWEEP" plot net.db history -o history.svg --force; equal "--force replaces it" $? 0
"$MLPSWEEP" plot net.db history -o "it's \"a\" \$name.svg"; equal "a strange name" $? 0
check "it is there" test -s "it's \"a\" \$name.svg"
finish
