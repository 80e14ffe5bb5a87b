"""Dispatch: trials of an analytic function per second, each of them durable in the store.

    python tests/bench/dispatch.py [--program build/mlpsweep] [--trials 50000] [--workers 2] [--rounds 3]

Every trial is proposed, sent, evaluated, sent back and committed (synchronous=FULL) as a trial of hours
would be. The clock is the store's own, from the first trial's beginning to the last one's end, so that
starting mpirun does not count; the median of the rounds is printed. It fails below 5,000 a second on 2 workers.
"""
import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile

GOAL = 5000

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
parser.add_argument("--program", default="build/mlpsweep")
parser.add_argument("--trials", type=int, default=50000)
parser.add_argument("--workers", type=int, default=2)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--function", default="beale")
args = parser.parse_args()


def one_round(folder, number):
    sweep = {"seed": number, "objective": {"function": args.function},
             "search": {"method": "random", "max_trials": args.trials}}
    path, store = os.path.join(folder, "dispatch.json"), os.path.join(folder, f"{number}.db")
    with open(path, "w") as f:
        json.dump(sweep, f)
    subprocess.run([args.program, "run", path, "--store", store, "--workers", str(args.workers),
                    "--progress", "none"], check=True)
    with sqlite3.connect(store) as db:
        done, metrics = db.execute("SELECT (SELECT count(*) FROM execution WHERE state = 'done'),"
                                   " (SELECT count(*) FROM epoch_metric)").fetchone()
        assert done == metrics == args.trials, f"{done} executions with {metrics} values are in the store"
        seconds, = db.execute("SELECT 86400 * (max(julianday(ended_at)) - (SELECT min(julianday("
                              "created_at)) FROM trial)) FROM attempt").fetchone()
        rows = db.execute("SELECT count(*) FROM attempt WHERE outcome = 'completed'").fetchone()[0]
        assert rows == args.trials
    return args.trials / seconds, os.path.getsize(store) / args.trials


with tempfile.TemporaryDirectory() as folder:
    rounds = [one_round(folder, i) for i in range(args.rounds)]
rates = [r for r, _ in rounds]
rate = statistics.median(rates)
print(f"{args.trials} trials of {args.function} on {args.workers} workers: {rate:,.0f} trials/s "
      f"(rounds: {', '.join(f'{r:,.0f}' for r in rates)}), {rounds[0][1]:,.0f} bytes of store a trial")
if args.workers == 2 and rate < GOAL:
    sys.exit(f"fewer than {GOAL} a second")
