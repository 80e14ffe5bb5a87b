# SPDX-License-Identifier: MIT
"""Opens the format tensorboard with TensorBoard's reader and its server, see tools.py."""
import pathlib
import struct
import sys

from tensorboard.backend.event_processing import event_accumulator

from tools import FAILS, SWEEP, Facts, Server, equal, export, make_store, near, run


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def check_scalars(folder, facts):
    for (trial, number), objective in sorted(facts.executions.items()):
        what = f"trial {trial} execution {number}"
        events = event_accumulator.EventAccumulator(str(folder / f"trial-{trial}" / f"execution-{number}"))
        events.Reload()
        wanted = {m: [(e, single(v)) for e, v in sorted(facts.curves[trial, number, m].items())]
                  for m in facts.metrics if (trial, number, m) in facts.curves}
        found = {m: [(s.step, s.value) for s in events.Scalars(m)] for m in events.Tags()["scalars"]}
        last = found.pop("objective", [])
        equal(f"{what}: scalars", found, wanted)
        equal(f"{what}: objective", [v for _, v in last], [] if objective is None else [single(objective)])


def test(program, folder):
    store = make_store(program, folder, SWEEP)
    facts = Facts(store)
    events = export(program, store, "tensorboard", folder / "events")
    check_scalars(events, facts)
    fails = make_store(program, folder, FAILS)
    failed = export(program, fails, "tensorboard", folder / "failed")

    tool = [pathlib.Path(sys.executable).parent / "tensorboard", "--port", "PORT", "--load_fast", "false",
            "--reload_interval", "0", "--logdir"]
    with Server(tool + [events]) as server:
        tags = server.json("/data/plugin/scalars/tags")
        equal("runs", sorted(tags), sorted(f"trial-{t}/execution-{x}" for t, x in facts.executions))
        request = {"experimentName": "", "allowedStatuses": ["STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"],
                   "colParams": [{"metric": {"group": "", "tag": "objective"}}], "startIndex": 0, "sliceSize": 1000,
                   "aggregationType": "AGGREGATION_AVG"}
        groups = {g["name"]: g for g in server.json("/data/plugin/hparams/session_groups", request)["sessionGroups"]}
        equal("groups", sorted(groups), sorted(f"trial {t}" for t in facts.summary))
        for trial, (n, _, mean, _, _) in facts.summary.items():
            group = groups[f"trial {trial}"]
            equal(f"trial {trial}: parameters", group["hparams"], facts.params[trial])
            values = {m["name"]["tag"]: m["value"] for m in group["metricValues"]}
            near(f"trial {trial}: mean", values["objective"], mean, 1e-6)
        experiment = server.json("/data/plugin/hparams/experiment", {"experimentName": ""})
        equal("parameters of the experiment", sorted(h["name"] for h in experiment["hparamInfos"]),
              sorted({name for p in facts.params.values() for name in p}))
        equal("metrics of the experiment", sorted(m["name"]["tag"] for m in experiment["metricInfos"]),
              sorted(facts.metrics + ["objective"]))
        server.page("/", ["trial-0/execution-0"])
    with Server(tool + [failed]) as server:
        request["colParams"] = []
        groups = server.json("/data/plugin/hparams/session_groups", request)["sessionGroups"]
        equal("one failed", sorted(s["status"] for g in groups for s in g["sessions"]),
              ["STATUS_FAILURE", "STATUS_SUCCESS", "STATUS_SUCCESS"])


run(test)
