# SPDX-License-Identifier: MIT
"""The loader of sweeps/export.md, and CSV files, give pandas what the store has, see tools.py."""
import pathlib
import re
import subprocess

import pandas as pd

from tools import SWEEP, Facts, equal, make_store, near, run


def loader():
    page = (pathlib.Path(__file__).parents[2] / "sweeps/export.md").read_text()
    names = {}
    exec(re.search(r"^```python\n(.*?)^```", page, re.M | re.S).group(1), names)
    return names["load"]


def known(x):
    return None if isinstance(x, float) and x != x else x


def check_trials(what, trials, facts, bools):
    equal(f"{what}: trials", list(trials.index), list(facts.summary))
    names = sorted({name for p in facts.params.values() for name in p})
    for trial, (n, n_failed, mean, sd, _) in facts.summary.items():
        row = trials.loc[trial]
        equal(f"{what}: counts and mean of trial {trial}", (row["n"], row["n_failed"], known(row["mean"])),
              (n, n_failed, mean))
        near(f"{what}: sd of trial {trial}", row["sd"], sd, 1e-15)
        equal(f"{what}: parameters of trial {trial}", {name: known(row[name]) for name in names},
              {name: bools(facts.params[trial].get(name)) for name in names})
    equal(f"{what}: numbers are numbers", [str(trials[c].dtype) for c in ("learning_rate", "batch_size", "mean")],
          ["float64", "int64", "float64"])


def check_epochs(what, epochs, facts):
    found = {key: {} for key in facts.curves}
    for metric in facts.metrics:
        for (trial, execution, epoch), value in epochs[metric].items():
            found[trial, execution, metric][epoch] = known(value)
    equal(f"{what}: epochs", found, facts.curves)


def test(program, folder):
    store = make_store(program, folder, SWEEP)
    facts = Facts(store)
    trials, epochs = loader()(store, facts.name)
    check_trials("store", trials, facts, lambda v: int(v) if isinstance(v, bool) else v)
    check_epochs("store", epochs, facts)
    subprocess.run([program, "export", store, "--table", "all", "-o", folder / "csv"], check=True)
    check_trials("csv", pd.read_csv(folder / "csv/trials.csv", index_col="trial", float_precision="round_trip"), facts,
                 lambda v: v)
    check_epochs("csv", pd.read_csv(folder / "csv/epochs.csv", index_col=["trial", "execution", "epoch"],
                                    float_precision="round_trip"), facts)
    executions = pd.read_csv(folder / "csv/executions.csv", float_precision="round_trip")
    equal("csv: executions", {(r.trial, r.execution): known(r.objective) for r in executions.itertuples()},
          facts.executions)


run(test)
