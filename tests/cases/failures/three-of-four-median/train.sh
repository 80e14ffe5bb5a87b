#!/bin/sh
# SPDX-License-Identifier: MIT
# train.sh RATE: with rate 1, all executions but the first end without a number.
if [ "$1" = 2 ]; then
    echo '{"val_loss": 0.2}'
elif [ "$MLPSWEEP_EXECUTION" = 0 ]; then
    echo '{"val_loss": 0.1}'
else
    echo '{"val_loss": nan}'
fi
