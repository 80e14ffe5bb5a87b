#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Every source is laid out as .clang-format says. Skipped (77) without clang-format 14: another
# version lays out some lines in another way.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
for tool in clang-format-14 clang-format ''; do
    [ -n "$tool" ] || { echo "SKIPPED: no clang-format 14"; exit 77; }
    "$tool" --version 2>/dev/null | grep -q 'version 14\.' && break
done
find include common worker coordinator tests -name '*.[ch]' -print0 |
    xargs -0 "$tool" --dry-run --Werror && echo "every source has the layout of .clang-format"
