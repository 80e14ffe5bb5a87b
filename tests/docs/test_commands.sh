# SPDX-License-Identifier: MIT
#
# The commands that README.md and sweeps/store.md print work, on a store of the README's own sweep; and
# store.md names every table and view of a store, and its views exist.
. "$(dirname "$0")/../lib.sh"

sed -n '/^```jsonc$/,/^```$/{/^```/!p}' "$MS_SOURCE_DIR/README.md" >spirals.json
sed -e 's/"max_trials": 60/"max_trials": 13/' -e 's/"epochs": 300/"epochs": 3/' "$sweeps/demo.json" >demo.json
run spirals.json --workers 2 --store results.db; equal "the README's sweep finishes" $status 0
run demo.json --workers 2 --store demo.db; equal "the demo, cut short, finishes" $status 0

# The indented lines of a page that begin with one of the words, without their comments.
commands() { sed -n -E "s/^    ($2)/\1/p" "$MS_SOURCE_DIR/$1" | sed 's/ *# .*//'; }
while read -r command; do
    if bash -c "${command/build\/mlpsweep/$MLPSWEEP}" >out.txt 2>&1; then ok=0; else ok=$?; sed 's/^/      | /' out.txt; fi
    equal "$command" $ok 0
done < <(commands README.md 'build\/mlpsweep (check|plan|rank|status|show|curves|importance|report|plot|export)|sqlite3'; commands sweeps/store.md sqlite3)

named=$(sed -n '/^| view/,$p' "$sweeps/store.md" | grep -oE '`[a-z_]+(NAME)?`' | tr -d '`' | sed 's/NAME/demo/' | sort -u)
there=$(sql demo.db "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by 1")
equal "tables and views that store.md does not name" "$(comm -13 <(echo "$named") <(echo "$there") | tr '\n' ' ')" ""
for view in $(sed -n -E 's/^\| `([a-z_]+)(NAME)?` \|.*/\1\2/p' "$sweeps/store.md" | sed 's/NAME/demo/'); do
    check "$view exists" sql demo.db "select 1 from $view limit 0"
done
finish
