# SPDX-License-Identifier: MIT
"""Logistic regression on two noisy clouds, in plain Python: a program for command-python.json.

All that a sweep needs is print(json.dumps({...}), flush=True) once an epoch.
"""
import argparse
import json
import math
import random

parser = argparse.ArgumentParser()
parser.add_argument("--optimizer", choices=["sgd", "sign"], required=True)
parser.add_argument("--momentum", type=float, default=0.0)
parser.add_argument("--rate", type=float, required=True)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--epochs", type=int, default=1)
args = parser.parse_args()

data = random.Random(1)  # the same rows for all trials


def row():
    label = data.random() < 0.5
    centre = 1.0 if label else -1.0
    return [data.gauss(centre, 1.0), data.gauss(centre / 2, 1.0), 1.0], float(label)


train, validation = [row() for _ in range(400)], [row() for _ in range(200)]


def probability(weights, x):
    z = sum(w * v for w, v in zip(weights, x))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


def loss(weights, rows):
    total = 0.0
    for x, y in rows:
        p = min(max(probability(weights, x), 1e-12), 1 - 1e-12)
        total -= y * math.log(p) + (1 - y) * math.log(1 - p)
    return total / len(rows)


rng = random.Random(args.seed)
weights = [rng.gauss(0, 1) for _ in range(3)]
speed = [0.0] * 3
for epoch in range(1, args.epochs + 1):
    rng.shuffle(train)
    for start in range(0, len(train), 20):
        batch = train[start:start + 20]
        errors = [probability(weights, x) - y for x, y in batch]
        for k in range(3):
            gradient = sum(e * x[k] for e, (x, _) in zip(errors, batch)) / len(batch)
            if args.optimizer == "sign":
                gradient = math.copysign(1.0, gradient)
            speed[k] = args.momentum * speed[k] - args.rate * gradient
            weights[k] += speed[k]
    right = sum((probability(weights, x) > 0.5) == (y > 0.5) for x, y in validation)
    print(json.dumps({"epoch": epoch, "loss": loss(weights, train), "val_loss": loss(weights, validation),
                      "val_accuracy": right / len(validation)}), flush=True)
