"""The core of OpenBLAS that mlpsweep chooses, beside every core asked for by name.

    python3 tests/bench/core.py [--rounds 7] [--sgemm build/tests/bench_sgemm]

OpenBLAS is made not to know the processor: OPENBLAS_CORETYPE names the core that it falls back to, and
MLPSWEEP_DETECTED_CORE says that this is no user's choice. Rounds alternate between the cores; the figures
are medians of GFLOP/s in processor time. Exit status 1 if mlpsweep's choice is below 0.95 of the best core.
"""
import argparse
import os
import platform
import statistics
import subprocess
import sys

CORES = ["Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX"]  # that can be asked for by name
GOAL = 0.95


def rate(program, **variables):
    """GFLOP/s and the core that ran."""
    env = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"} | variables
    value, core = subprocess.run([program], env=env, capture_output=True, text=True, check=True).stdout.split()
    return float(value), core


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sgemm", default="build/tests/bench_sgemm")
    args = parser.parse_args()
    if platform.machine() != "x86_64":
        print("only x86 has cores to choose from")
        return 77
    flags = open("/proc/cpuinfo").read().split("flags", 1)[1].split("\n", 1)[0].split()
    needs = {"Nehalem": "sse4_2", "Sandybridge": "avx", "Haswell": "avx2", "Zen": "avx2", "SkylakeX": "avx512vl"}
    cores = [c for c in CORES if needs.get(c, "sse2") in flags]
    rates, chosen = {}, None
    for _ in range(args.rounds):
        value, chosen = rate(args.sgemm, OPENBLAS_CORETYPE="Prescott", MLPSWEEP_DETECTED_CORE="Prescott")
        rates.setdefault("mlpsweep", []).append(value)
        value, own = rate(args.sgemm)
        rates.setdefault("OpenBLAS", []).append(value)
        for core in cores:
            value, ran = rate(args.sgemm, OPENBLAS_CORETYPE=core)
            if ran == core:
                rates.setdefault(core, []).append(value)
    median = {name: statistics.median(values) for name, values in rates.items()}
    for name, value in median.items():
        which = {"mlpsweep": f"'s choice of {chosen}", "OpenBLAS": f"'s own choice of {own}"}.get(name, "")
        print(f"{value:8.1f}  {name}{which}")
    best = max(median, key=median.get)
    share = median["mlpsweep"] / median[best]
    print(f"mlpsweep's choice: {share:.3f} of the best, {best}; must be {GOAL}")
    return 0 if share >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
