#!/bin/sh
# SPDX-License-Identifier: MIT
# Gradient descent on x²/2 in shell: descent.sh RATE START EPOCHS
# All that a sweep needs from a program is lines of JSON on stdout and an exit status of 0.
set -eu
awk -v rate="$1" -v x="$2" -v epochs="$3" 'BEGIN {
    print "starting from " x          # other lines are passed over
    for (e = 1; e <= epochs; e++) {
        x -= 2 * rate * x
        if (x * x > 1e3) {
            print "diverged in epoch " e > "/dev/stderr"   # is kept with the attempt
            exit 1
        }
        printf "{\"epoch\": %d, \"height\": %.17g, \"x\": %.17g}\n", e, x * x / 2, x
        fflush()                      # so that the sweep sees it at once
    }
}'
