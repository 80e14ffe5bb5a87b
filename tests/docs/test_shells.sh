# SPDX-License-Identifier: MIT
#
# The manual page and the completion of shells know every command and option that --help knows.
. "$(dirname "$0")/../lib.sh"

commands=$("$MLPSWEEP" --help | sed -n -E 's/^  ([a-z]+) .*/\1/p')
"$MLPSWEEP" manual >mlpsweep.1; equal "the manual is printed" $? 0
for shell in bash zsh fish; do "$MLPSWEEP" completion $shell >words.$shell; equal "completion $shell" $? 0; done
for command in $commands; do
    check "the manual has $command" grep -q "^\.SS mlpsweep $command$" mlpsweep.1
    for option in $("$MLPSWEEP" $command --help | sed -n -E 's/^  --([a-z-]+).*/\1/p' | grep -v '^help$'); do
        check "the manual has $command --$option" grep -q -F -e ".B \\-\\-${option//-/\\-}" mlpsweep.1
        check "zsh knows $command --$option" grep -q -e "'--$option[=[]" words.zsh
        check "fish knows $command --$option" grep -q -e "from $command' -l $option " words.fish
        check "bash knows $command --$option" grep -q -E -e "^ *$command\) .* --$option[ ']" words.bash
    done
done
if command -v mandoc >/dev/null; then
    equal "mandoc finds no fault" "$(mandoc -Tlint -W warning mlpsweep.1)" ""
fi
check "bash reads its words" bash -n words.bash
if command -v zsh >/dev/null; then check "zsh reads its words" zsh -n words.zsh; fi
if command -v fish >/dev/null; then check "fish reads its words" fish -n words.fish; fi

# What bash offers after these words.
offers() {
    bash -c '. ./words.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mlpsweep; echo "${COMPREPLY[*]}"' bash "$@"
}
touch some.json
equal "a command" "$(offers mlpsweep cu)" curves
equal "an option" "$(offers mlpsweep rank --t)" --top
equal "an option's value" "$(offers mlpsweep run --journal w)" wal
equal "a file" "$(offers mlpsweep run some)" some.json
equal "a number" "$(offers mlpsweep rank --top '')" ""
run completion tcsh; equal "another shell is refused" $status 2
finish
