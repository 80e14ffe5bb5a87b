#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The checks of .clang-tidy pass on every source of the product. Skipped (77) without clang-tidy 14.
#
#   clang_tidy.sh BUILD [SOURCE …]     BUILD holds compile_commands.json; default: all sources
set -euo pipefail
build=$(realpath "$1")
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for tool in clang-tidy-14 clang-tidy ''; do
    [ -n "$tool" ] || { echo "SKIPPED: no clang-tidy 14"; exit 77; }
    "$tool" --version 2>/dev/null | grep -q 'version 14\.' && break
done
files=("$@")
[ $# -gt 0 ] || mapfile -t -d '' files < <(find common worker coordinator -name '*.c' -print0)

# One process a file, so that none waits for a long one; what one finds is printed in one piece.
check() {
    found=$("$1" -quiet -p "$2" "$3" 2>/dev/null) && return
    printf '%s\n' "${found:-$3: $1 failed}"
    return 1
}
export -f check
printf '%s\0' "${files[@]}" |
    xargs -0 -P "$(nproc)" -I{} bash -c 'check "$@"' check "$tool" "$build" {} &&
    echo "${#files[@]} sources pass"
