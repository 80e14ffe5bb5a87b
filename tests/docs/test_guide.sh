# SPDX-License-Identifier: MIT
#
# The user guide, command by command: its sweep file, then every command of its sh blocks, in one folder.
. "$(dirname "$0")/../lib.sh"

guide=$sweeps/guide.md
mkdir bin && ln -s "$MLPSWEEP" bin/mlpsweep && PATH=$work/bin:$PATH
sed -n '/^```json$/,/^```$/{/^```/!p}' "$guide" >houses.json
sed -n '/^```sh$/,/^```$/{/^```/!p}' "$guide" >commands.sh
# A command begins at the start of a line; what it needs further is indented.
n=0 command=
try() {
    [ -n "$command" ] || return 0
    bash -c "$command" >said.txt 2>&1; local code=$?
    equal "$(head -n 1 <<<"$command" | cut -c 1-70)" $code 0
    [ $code -eq 0 ] || sed 's/^/      | /' said.txt
    n=$((n + 1))
}
while IFS= read -r line; do
    if [[ $line = ' '* ]]; then command+=$'\n'$line; else try; command=$line; fi
done <commands.sh
try
equal "commands of the guide" $n "$(grep -c '^[a-z]' commands.sh)"
equal "houses" "$(wc -l <houses.csv)" 2001
equal "two prices" "$(wc -l <prices.csv)" 3
check "the page is there" test -s houses.html
for file in houses.onnx houses.h houses.safetensors; do check "$file is there" test -s $file; done
finish
