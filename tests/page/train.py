#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stands for a training in stopped.json: prints the curve of a made-up loss; large rates explode, and
some seeds of wide networks under sgd run out of memory."""
import json
import math
import random
import sys

rate, units, optimizer, epochs, seed = float(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
momentum = float(sys.argv[6]) if len(sys.argv) > 6 else 0
draw = random.Random(seed)
if rate > 0.4:
    sys.exit(f"loss exploded: rate {rate:g} is too large for {optimizer}")
if optimizer == "sgd" and units == 64 and draw.random() < 0.35:
    print("out of memory <b>for 64 units</b>", file=sys.stderr)
    sys.exit(7)
best = 0.1 + 0.3 * abs(math.log10(rate) + 1.5) + abs(units - 32) / 160 + (0.1 if optimizer == "sgd" else 0) - 0.05 * momentum
for epoch in range(1, epochs + 1):
    loss = best + 1.5 * math.exp(-8 * epoch * rate) + draw.gauss(0, 0.01)
    print(json.dumps({"epoch": epoch, "loss": 0.9 * loss - 0.02, "val_loss": loss}))
