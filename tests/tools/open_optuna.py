# SPDX-License-Identifier: MIT
"""Opens the format optuna with Optuna and with optuna-dashboard, see tools.py."""
import math
import pathlib
import sys
import warnings

import optuna

from tools import FAILS, GOALS, SWEEP, Facts, Server, equal, export, make_store, near, run

STATE = optuna.trial.TrialState


def load(file):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a distribution that Optuna corrects is one that we got wrong
        return optuna.load_study(study_name=None, storage=f"sqlite:///{file}")


def check_trial(trial, facts):
    number = trial.number
    n, n_failed, mean, sd, n_pruned = facts.summary[number]
    what = f"trial {number}"
    trial._validate()  # Optuna's own rules, which loading does not ask
    equal(f"{what}: state", trial.state, STATE.FAIL if not n else STATE.PRUNED if n_pruned else STATE.COMPLETE)
    equal(f"{what}: value", trial.value, mean)
    equal(f"{what}: parameters", trial.params, facts.params[number])
    for name, value in trial.params.items():
        equal(f"{what}: {name} is one of its values", trial.distributions[name]._contains(
            trial.distributions[name].to_internal_repr(value)), True)
    equal(f"{what}: executions", trial.user_attrs["executions"],
          [v for (t, _), v in sorted(facts.executions.items()) if t == number])
    near(f"{what}: sd", trial.user_attrs.get("sd"), sd, 1e-15)
    steps = {}
    for (t, _, metric), curve in sorted(facts.curves.items()):
        for epoch, value in curve.items() if (t, metric) == (number, "val_accuracy") else ():
            steps.setdefault(epoch, []).append(math.nan if value is None else value)
    wanted = {epoch: sum(values) / len(values) for epoch, values in steps.items()}
    equal(f"{what}: intermediate values", trial.intermediate_values, wanted)


def test(program, folder):
    store = make_store(program, folder, SWEEP)
    facts = Facts(store)
    file = export(program, store, "optuna", folder / "study.db")
    study = load(file)
    equal("name", study.study_name, facts.name)
    equal("direction", study.direction, optuna.study.StudyDirection.MAXIMIZE)
    equal("metric", study.metric_names, ["val_accuracy"])
    equal("number of trials", len(study.trials), len(facts.summary))
    equal("some are pruned", any(t.state == STATE.PRUNED for t in study.trials), True)
    for trial in study.trials:
        check_trial(trial, facts)
    equal("best value", study.best_value, max(f[2] for f in facts.summary.values() if f[0] and not f[4]))
    equal("importances are computed", len(optuna.importance.get_param_importances(study)) > 0, True)

    goals = make_store(program, folder, GOALS)
    study = load(export(program, goals, "optuna", folder / "goals.db"))
    wanted = Facts(goals)
    equal("two directions", [d.name for d in study.directions], ["MINIMIZE", "MINIMIZE"])
    equal("values of two objectives", [t.values for t in study.trials], list(wanted.goals.values()))
    equal("the front is not empty", len(study.best_trials) > 0, True)

    fails = make_store(program, folder, FAILS)
    study = load(export(program, fails, "optuna", folder / "fails.db"))
    equal("one failed", [t.state.name for t in study.trials], ["COMPLETE", "FAIL", "COMPLETE"])
    equal("why", study.trials[1].user_attrs["outcome"], "failed")
    equal("values", [t.value for t in study.trials], [0.5, None, 2.5])

    dashboard = pathlib.Path(sys.executable).parent / "optuna-dashboard"
    with Server([dashboard, f"sqlite:///{file}", "--port", "PORT"]) as server:
        listed = server.json("/api/studies")["study_summaries"]
        equal("dashboard: name", [s["study_name"] for s in listed], [facts.name])
        trials = server.json(f"/api/studies/{listed[0]['study_id']}")["trials"]
        for trial in trials:
            mean = facts.summary[trial["number"]][2]
            found = trial.get("values")
            equal(f"dashboard: value of trial {trial['number']}", found and found[0], mean)
            equal(f"dashboard: parameters of trial {trial['number']}", len(trial["params"]),
                  len(facts.params[trial["number"]]))
        server.page("/dashboard/", ["tools &amp; \"quotes\""])
        server.page(f"/dashboard/studies/{listed[0]['study_id']}", ["val_accuracy"])


optuna.logging.set_verbosity(optuna.logging.WARNING)
run(test)
