# A wrong file or command is refused with one clear line and exit status 2, and nothing is written.
. "$(dirname "$0")/../lib.sh"

# refused NAME PATTERN ARGS…: run is refused with a message that matches, before any training.
refused() {
    local name=$1 pattern=$2; shift 2
    rm -f out.db
    "$MLPSWEEP" run --progress plain "$@" >out.txt 2>&1; local code=$?
    if [ $code -eq 2 ] && grep -qE -- "$pattern" out.txt && ! grep -q ' done' out.txt; then
        passed=$((passed + 1)); echo "ok    $name: $(grep -E -- "$pattern" out.txt | head -1)"
    else
        failed=$((failed + 1)); echo "FAIL  $name: exit $code"; sed 's/^/      | /' out.txt
    fi
}
sweep() { # sweep DATA > file
    echo "{\"data\": $1, \"hidden\": [{\"units\": 4}], \"epochs\": 1}"
}

refused "no such sweep file" 'nothere.json: No such file' nothere.json
refused "unknown option" "did you mean '--store'" demo.json --stor x.db
sweep '{"synthetic": "prdo"}' >bad.json
refused "unknown data set" "bad.json:1: data.synthetic: .*'prdo'.*did you mean 'prod'" bad.json --store out.db
check "nothing was written" test ! -e out.db

sweep '{"synthetic": "prod"}' >good.json
refused "store in a folder that is not there" 'nofolder/out.db' good.json --store nofolder/out.db --workers 2
mkdir adir
refused "store is a folder" 'adir' good.json --store adir --workers 2
refused_files() { (ulimit -n 20; refused "$@"; [ $failed -eq 0 ]); }
check "too few files that a process may open" refused_files "ulimit -n 20" \
    'a process may open 20 files here, and mpirun needs 60 for 2 workers: raise the limit \(ulimit -n 60' good.json --workers 2
echo "dear diary" >diary.txt
refused "store is another kind of file" 'diary.txt.*not' good.json --store diary.txt --workers 2
equal "which is left alone" "$(cat diary.txt)" "dear diary"
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod 555 locked
    refused "store in a folder without write permission" 'locked' good.json --store locked/out.db --workers 2
fi
[ -w /proc/version ] || refused "store that cannot be written" '/proc/out.db' good.json --store /proc/out.db --workers 2

sweep '{"csv": "nothere.csv", "target": "y"}' >csv.json
refused "missing data file" 'nothere.csv.*No such file' csv.json --store out.db --workers 2
check "nothing was written" test ! -e out.db
printf 'a,b\n1,2\n' >t.csv
sweep '{"csv": "t.csv", "target": "y"}' >csv.json
refused "no such column" "t.csv.*'y'" csv.json --store out.db --workers 2
printf 'a,y\n1,2\n3,oops oops\n4,x\n' >t.csv; printf 'a,y\n1,2\n,3\n' >m.csv
sweep '{"csv": "m.csv", "target": "y"}' >csv.json
refused "an empty cell" 'm.csv:3' csv.json --store out.db --workers 2

# IDX files: missing, truncated, wrong magic number.
mkdir idx
byte() { printf "\\$(printf %03o "$1")"; }
be32() { byte $(($1 >> 24 & 255)); byte $(($1 >> 16 & 255)); byte $(($1 >> 8 & 255)); byte $(($1 & 255)); }
images() { be32 "$1"; be32 "$2"; be32 2; be32 2; head -c "$3" /dev/zero; }
labels() { be32 2049; be32 "$1"; for i in $(seq "$1"); do byte $((i % 3)); done; }
sweep '{"idx": "idx"}' >idx.json
refused "missing IDX files" 'idx.*train-images' idx.json --store out.db --workers 2
labels 30 >idx/train-labels-idx1-ubyte
images 2051 30 100 >idx/train-images-idx3-ubyte
refused "truncated images" 'train-images.*(truncated|short|120)' idx.json --store out.db --workers 2
images 1234 30 120 >idx/train-images-idx3-ubyte
refused "bad magic number" 'train-images.*magic' idx.json --store out.db --workers 2
images 2051 30 120 >idx/train-images-idx3-ubyte; labels 29 >idx/train-labels-idx1-ubyte
refused "images and labels that differ" '30.*29|29.*30' idx.json --store out.db --workers 2
check "nothing was written" test ! -e out.db
labels 30 >idx/train-labels-idx1-ubyte
run idx.json --store out.db --workers 2; equal "and the mended files train" $status 0

echo '{"data": {"synthetic": "prod"}, "hidden": [{"units": 4}], "epochs": 1, "loss": "categorical_crossentropy"}' >loss.json
refused "a loss that does not fit the data" 'categorical_crossentropy' loss.json --store out2.db --workers 2

# A store of another sweep under the same name.
sed 's/"units": 4/"units": 5/' good.json >other/good.json 2>/dev/null || { mkdir other; sed 's/"units": 4/"units": 5/' good.json >other/good.json; }
run good.json --store g.db --workers 1; equal "first run" $status 0
before=$(sql g.db 'select count(*) from attempt')
refused "the same name with another field" 'hidden.*units.*4.*5' other/good.json --store g.db --workers 1
equal "the store is as before" "$(sql g.db 'select count(*) from attempt')" "$before"
finish
