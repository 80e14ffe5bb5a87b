#!/bin/sh
# SPDX-License-Identifier: MIT
# Its arguments, one a line, and how many there are.
printf '<%s>\n' "$@" >>args.txt
echo "{\"n\": $#}"
