# SPDX-License-Identifier: MIT
"""Opens the format mlflow with MLflow's client and its server, see tools.py."""
import math
import os
import pathlib
import subprocess
import sys

os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
from mlflow.tracking import MlflowClient  # noqa: E402

from tools import FAILS, SWEEP, Facts, Server, equal, export, make_store, near, run  # noqa: E402


def runs_of(uri, name):
    client = MlflowClient(f"file://{uri}" if not str(uri).startswith("sqlite") else str(uri))
    experiment = client.get_experiment_by_name(name)
    runs = client.search_runs([experiment.experiment_id], max_results=10000)
    return client, experiment, {r.info.run_name: r for r in runs}


def check_runs(client, runs, facts):
    equal("runs", sorted(runs), sorted([f"trial {t}" for t in facts.summary] +
                                       [f"trial {t} execution {x}" for t, x in facts.executions]))
    for trial, (n, _, mean, sd, n_pruned) in facts.summary.items():
        run = runs[f"trial {trial}"]
        equal(f"trial {trial}: mean", run.data.metrics.get("val_accuracy"), mean)
        near(f"trial {trial}: sd", run.data.metrics.get("sd"), sd, 1e-15)
        equal(f"trial {trial}: state", run.data.tags["state"], "pruned" if n_pruned else "completed")
        equal(f"trial {trial}: parameters", sorted(run.data.params), sorted(facts.params[trial]))
    for (trial, number), objective in facts.executions.items():
        run, what = runs[f"trial {trial} execution {number}"], f"trial {trial} execution {number}"
        equal(f"{what}: its parent", run.data.tags["mlflow.parentRunId"], runs[f"trial {trial}"].info.run_id)
        equal(f"{what}: objective", run.data.metrics.get("objective"), objective)
        for name, value in facts.params[trial].items():
            text = run.data.params[name]
            equal(f"{what}: {name}", text == str(value).lower() if isinstance(value, bool) else
                  type(value)(text) == value, True)
        for metric in facts.metrics if number == 0 else ():
            history = client.get_metric_history(run.info.run_id, metric)
            wanted = facts.curves.get((trial, number, metric), {})
            equal(f"{what}: {metric}", {m.step: m.value for m in history},
                  {e: math.nan if v is None else v for e, v in wanted.items()})


def test(program, folder):
    store = make_store(program, folder, SWEEP)
    facts = Facts(store)
    uri = export(program, store, "mlflow", folder / "mlruns")
    client, experiment, runs = runs_of(uri, facts.name)
    check_runs(client, runs, facts)

    fails = make_store(program, folder, FAILS)
    _, _, failed = runs_of(export(program, fails, "mlflow", folder / "failed"), "fails")
    equal("status", [failed[f"trial {t}"].info.status for t in range(3)], ["FINISHED", "FAILED", "FINISHED"])

    tool = [pathlib.Path(sys.executable).parent / "mlflow"]
    with Server(tool + ["server", "--backend-store-uri", uri, "--port", "PORT", "--workers", "1"]) as server:
        body = {"experiment_ids": [experiment.experiment_id], "max_results": 1000}
        answer = server.json("/api/2.0/mlflow/runs/search", body)["runs"]
        found = {r["info"]["run_name"]: {m["key"]: m["value"] for m in r["data"]["metrics"]} for r in answer}
        for trial, (n, _, mean, _, _) in facts.summary.items():
            equal(f"server: trial {trial}", found[f"trial {trial}"].get("val_accuracy"), mean)
        server.page(f"/#/experiments/{experiment.experiment_id}", ["tools &amp; "])

    database = f"sqlite:///{folder}/mlflow.db"
    moved = subprocess.run(tool + ["migrate-filestore", "--source", uri, "--target", database],
                           capture_output=True, text=True)
    equal("mlflow migrate-filestore", (moved.returncode, moved.stderr if moved.returncode else ""), (0, ""))
    if moved.returncode == 0:
        client, _, runs = runs_of(database, facts.name)
        check_runs(client, runs, facts)


run(test)
