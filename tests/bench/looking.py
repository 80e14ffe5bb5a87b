# SPDX-License-Identifier: MIT
"""What looking at a run costs it: a sweep of many trials alone, followed, and with a report made of it.

    looking.py --program PROGRAM [--trials 1000000] [--rounds 3]

A sweep of an analytic function is the hardest case: it writes as fast as rank 0 can. The three kinds take turns;
the medians of their trials per second are compared. Goal: no kind is more than 2 % slower than the run alone.
"""
import argparse
import json
import os
import pty
import signal
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("--program", required=True)
parser.add_argument("--trials", type=int, default=1000000)
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--workers", type=int, default=1)
args = parser.parse_args()
program = os.path.abspath(args.program)

SWEEP = {"name": "looking", "seed": 1, "objective": {"function": "beale", "goal": "minimize"},
         "params": {"x": {"float": [-4.5, 4.5]}, "y": {"float": [-4.5, 4.5]}},
         "search": {"method": "random", "max_trials": args.trials}}


def begun(store):
    """Waits until the store has trials."""
    while subprocess.run(["sqlite3", "-readonly", store, "select 1 from trial limit 1"],
                         capture_output=True, text=True).stdout != "1\n":
        time.sleep(0.1)


def follow(store):
    """A live view on a terminal of its own. Returns what ends it."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(program, [program, "status", store, "--follow"])

    def end():
        os.kill(pid, signal.SIGTERM)
        while True:
            try:
                if not os.read(terminal, 65536):
                    break
            except OSError:
                break
        os.waitpid(pid, 0)
    return end


def report(store):
    p = subprocess.Popen([program, "report", store, "-o", store + ".html"], stdout=subprocess.DEVNULL)
    return p.wait


def run(kind, folder):
    sweep, store = os.path.join(folder, "sweep.json"), os.path.join(folder, "looking.db")
    with open(sweep, "w") as f:
        json.dump(SWEEP, f)
    start = time.monotonic()
    p = subprocess.Popen([program, "run", sweep, "--store", store, "--workers", str(args.workers), "--progress", "none"])
    begun(store)
    end = kind(store) if kind else None
    p.wait()
    seconds = time.monotonic() - start
    if end:
        end()
    assert p.returncode == 0
    return args.trials / seconds


kinds = {"alone": None, "status --follow": follow, "report": report}
rates = {name: [] for name in kinds}
for _ in range(args.rounds):
    for name, kind in kinds.items():
        with tempfile.TemporaryDirectory() as folder:
            rates[name].append(run(kind, folder))
            print(f"{name}: {rates[name][-1]:,.0f} trials/s", flush=True)
alone = statistics.median(rates["alone"])
worst = 1
for name in kinds:
    ratio = statistics.median(rates[name]) / alone
    print(f"{name}: median {statistics.median(rates[name]):,.0f} trials/s, {ratio:.3f} of the run alone")
    worst = min(worst, ratio)
sys.exit(worst < 0.98)
