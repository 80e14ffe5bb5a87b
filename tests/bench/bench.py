"""Training speed on one thread, next to PyTorch, Keras and scikit-learn: one command, one table.

    python tests/bench/bench.py [--rounds 5] [--program build/mlpsweep] [--sgemm build/tests/bench_sgemm]

Rounds alternate between the programs, so that a noisy machine is noisy for all of them; the table
shows medians. Needs the packages of requirements.txt; a peer that is missing is skipped by name.
"""
import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
NETS = {  # epochs for mlpsweep; FLOPs of an epoch are filled in below
    "a2": dict(layers=[2, 16, 16, 1], rows=2500, batch=100, epochs=200),
    "mnist-128": dict(layers=[784, 128, 128, 10], rows=60000, batch=128, epochs=10),
    "mnist-512": dict(layers=[784, 512, 512, 10], rows=60000, batch=256, epochs=6),
}
SHARE_GOALS = {"mnist-512": 70}  # per cent of this machine's own SGEMM
GOALS = {("a2", "torch"): 60, ("a2", "keras"): 100, ("mnist-128", "torch"): 2, ("mnist-512", "torch"): 1.5}


def flops_of_epoch(net):
    """2·in·out a row forward, the same for the weights' gradient, and for the inputs' but the first."""
    layers, total = net["layers"], 0
    for i in range(len(layers) - 1):
        total += 2 * layers[i] * layers[i + 1] * (2 if i == 0 else 3)
    return total * net["rows"]


def sweep_file(name, folder):
    net = NETS[name]
    regression = name == "a2"
    sweep = {
        "name": name, "seed": 1,
        "data": {"synthetic": "prod", "points": net["rows"], "validation": 0} if regression else
                {"csv": "unused"},
        "hidden": [{"units": u, "activation": "relu"} for u in net["layers"][1:-1]],
        "optimizer": "adam", "learning_rate": 0.001, "batch_size": net["batch"], "epochs": net["epochs"],
        "metrics": [],
        "objective": {"metric": "loss"},
    }
    if not regression:
        sweep["data"] = {"idx": write_idx(folder, net), "validation": 0}
    path = os.path.join(folder, name + ".json")
    with open(path, "w") as f:
        json.dump(sweep, f)
    return path


def write_idx(folder, net):
    """Random images in MNIST's own format, as many as MNIST has."""
    import random
    where = os.path.join(folder, "idx")
    if os.path.isdir(where):
        return where
    os.mkdir(where)
    rng = random.Random(1)
    for kind, rows in (("train", net["rows"]), ("t10k", 100)):
        with open(f"{where}/{kind}-images-idx3-ubyte", "wb") as f:
            f.write(b"".join(v.to_bytes(4, "big") for v in (2051, rows, 28, 28)) + rng.randbytes(rows * 784))
        with open(f"{where}/{kind}-labels-idx1-ubyte", "wb") as f:
            f.write(b"".join(v.to_bytes(4, "big") for v in (2049, rows))
                    + bytes(b % 10 for b in rng.randbytes(rows)))
    return where


def run_ours(program, name, folder):
    store = os.path.join(folder, f"{name}.db")
    for suffix in ("", "-wal", "-shm", ".lock"):
        if os.path.exists(store + suffix):
            os.remove(store + suffix)
    subprocess.run([program, "run", os.path.join(folder, name + ".json"), "--store", store, "--workers", "1",
                    "--progress", "none"], check=True, stdin=subprocess.DEVNULL)
    with sqlite3.connect(store) as db:
        wall, = db.execute("select wall_s from attempt where outcome = 'completed' and test_epoch = 0").fetchone()
    return wall / NETS[name]["epochs"]


def run_peer(peer, name):
    done = subprocess.run([sys.executable, os.path.join(HERE, "peer.py"), peer, name], capture_output=True,
                          text=True)
    if done.returncode:
        print(f"{peer} is skipped:", done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return None
    return float(done.stdout.split()[-1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--program", default="build/mlpsweep")
    parser.add_argument("--sgemm", default="build/tests/bench_sgemm")
    parser.add_argument("--peers", default="torch,keras,sklearn")
    args = parser.parse_args()
    peers = [p for p in args.peers.split(",") if p]
    times, rates = {}, []
    with tempfile.TemporaryDirectory() as folder:
        for name in NETS:
            sweep_file(name, folder)
        for round_number in range(args.rounds):
            for name in NETS:
                rates.append(float(subprocess.run([args.sgemm], capture_output=True, text=True, check=True).stdout.split()[0]))
                times.setdefault((name, "mlpsweep"), []).append(run_ours(args.program, name, folder))
                for peer in peers:
                    seconds = run_peer(peer, name)
                    if seconds is not None:
                        times.setdefault((name, peer), []).append(seconds)
            print(f"round {round_number + 1} of {args.rounds} done", file=sys.stderr)
    rate = statistics.median(rates)
    print(f"SGEMM 2048^3, one thread: {rate:.1f} GFLOP/s; medians of {args.rounds} rounds; ms an epoch "
          "(times as slow as mlpsweep)")
    print(f"{'network':12}{'mlpsweep':>12}{'of SGEMM':>10}" + "".join(f"{p:>20}" for p in peers))
    short = 0
    for name in NETS:
        ours = statistics.median(times[name, "mlpsweep"])
        share = 100 * flops_of_epoch(NETS[name]) / ours / 1e9 / rate
        missed = share < SHARE_GOALS.get(name, 0)
        short += missed
        line = f"{name:12}{1e3 * ours:>12.3f}{share:>7.0f} %" + ("!" if missed else " ")
        for peer in peers:
            if (name, peer) not in times:
                line += f"{'skipped':>20}"
                continue
            theirs = statistics.median(times[name, peer])
            ratio = theirs / ours
            goal = GOALS.get((name, peer), 0)
            short += ratio < goal
            line += f"{1e3 * theirs:>10.2f} ({ratio:>5.1f}x)" + (" " if ratio >= goal else "!")
        print(line)
    print("'!' marks a figure below its goal:", ", ".join([f"{n} {p} {g}x" for (n, p), g in GOALS.items()]
                    + [f"{n} {g} % of SGEMM" for n, g in SHARE_GOALS.items()]))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
