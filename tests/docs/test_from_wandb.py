#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sweeps/from_wandb.py: W&B's configurations, and the sweep file that each becomes, written down by hand from
W&B's and mlpsweep's pages; `mlpsweep check` accepts every one of them.

    test_from_wandb.py PROGRAM ROOT
"""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import yaml  # noqa: F401
except ImportError:
    print("SKIPPED: no PyYAML (apt install python3-yaml)")
    sys.exit(77)

ARGS = ["/usr/bin/env", "python3", "train.py"]
# Title, YAML, the sweep file, words of each difference that is named.
CASES = [
    ("a grid, as it is", """
program: train.py
method: grid
name: first
metric: {name: val_loss, goal: minimize}
parameters:
  lr: {values: [0.1, 0.01]}
  optimizer: {values: [adam, sgd]}
  nesterov: {values: [true, false]}
  batch_size: {value: 32}
""", {"name": "first", "objective": {"command": [*ARGS, "--lr={lr}", "--optimizer={optimizer}", "--nesterov={nesterov}",
                                                 "--batch_size=32"],
                                     "metric": "val_loss", "goal": "minimize"},
      "params": {"lr": {"choice": [0.1, 0.01]}, "optimizer": {"choice": ["adam", "sgd"]},
                 "nesterov": {"choice": ["True", "False"]}},
      "search": {"method": "grid"}}, []),
    ("ranges of every kind", """
program: train.py
method: bayes
run_cap: 40
metric: {name: acc, goal: maximize, target: 0.99}
parameters:
  units: {min: 8, max: 64}
  dropout: {min: 0.0, max: 0.5}
  lr: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
  wd: {distribution: log_uniform, min: -9, max: 0}
  momentum: {distribution: q_uniform, min: 0, max: 0.9, q: 0.3}
  width: {distribution: q_uniform, min: 30, max: 100, q: 32}
  depth: {distribution: q_log_uniform_values, min: 1, max: 16}
  heads: {distribution: int_uniform, min: 1, max: 4}
""", {"objective": {"command": [*ARGS, "--units={units}", "--dropout={dropout}", "--lr={lr}", "--wd={wd}",
                                "--momentum={momentum}", "--width={width}", "--depth={depth}", "--heads={heads}"],
                    "metric": "acc", "goal": "maximize"},
      "params": {"units": {"int": [8, 64]}, "dropout": {"float": [0.0, 0.5]},
                 "lr": {"float": [0.0001, 0.1], "log": True},
                 "wd": {"float": [0.000123409804087, 1.0], "log": True},  # exp(-9) = 1.2340980408668e-4
                 "momentum": {"float": [0.0, 0.9], "step": 0.3}, "width": {"int": [32, 96], "step": 32},
                 "depth": {"int": [1, 16], "log": True}, "heads": {"int": [1, 4]}},
      "search": {"method": "gp", "max_trials": 40, "target": 0.99}}, []),
    ("what has no counterpart", """
program: train.py
method: random
metric: {name: loss}
entity: somebody
parallel: 3
command: ["${env}", "python3", "-u", "${program}", "--fixed={a}", "${args_no_hyphens}", "${envvar:HOME}"]
parameters:
  x: {distribution: normal, mu: 1, sigma: 0.5}
  y: {distribution: inv_log_uniform_values, min: 0.001, max: 1.0}
  z: {distribution: beta, a: 2, b: 5}
  c: {values: [1, 2], probabilities: [0.9, 0.1]}
  layers: {values: [[8], [8, 8]]}
  model: {parameters: {size: {values: [1, 2]}, kind: {value: mlp}}}
""", {"objective": {"command": ["/usr/bin/env", "python3", "-u", "train.py", "--fixed={{a}}", "x={x}", "y={y}", "z={z}",
                                "c={c}", "layers={layers}", "model.size={model_size}", "model.kind=mlp"],
                    "metric": "loss", "goal": "minimize"},
      "params": {"x": {"float": [0.0, 2.0]}, "y": {"float": [0.001, 1.0], "log": True}, "z": {"float": [0, 1]},
                 "c": {"choice": [1, 2]}, "layers": {"choice": ["[8]", "[8, 8]"]}, "model_size": {"choice": [1, 2]}},
      "search": {"method": "random", "max_trials": 100}},
     ["parallel", "x: normal", "y: inv_log_uniform_values", "z: beta", "c: probabilities", "model: its parameters",
      "run_cap", "${envvar:HOME}"]),
    ("early termination", """
program: train.py
method: random
run_cap: 20
metric: {name: val_loss, goal: minimize}
early_terminate: {type: hyperband, min_iter: 3, eta: 2}
parameters:
  epochs: {value: 27}
  lr: {min: 0.001, max: 0.1}
""", {"objective": {"command": [*ARGS, "--epochs={epochs}", "--lr={lr}"], "metric": "val_loss", "goal": "minimize"},
      "params": {"lr": {"float": [0.001, 0.1]}}, "epochs": 27,
      "search": {"method": "random", "scheduler": {"name": "hyperband", "eta": 2}, "max_trials": 20}},
     ["early_terminate"]),
]
# YAML that is refused, and words of the reason.
REFUSED = [("program: a.py\nmethod: grid\nparameters: {x: {values: [1, 2]}}", "metric.name"),
           ("program: a.py\nmethod: simplex\nmetric: {name: a}\nparameters: {x: {values: [1]}}", "method"),
           ("method: grid\nmetric: {name: a}\nparameters: {x: {values: [1]}}", "program"),
           ("program: a.py\nmethod: grid\nmetric: {name: a}\nparameters: {x: {distribution: cauchy}}", "cauchy"),
           ("program: a.py\nmethod: grid\nmetric: {name: a}\nparameters: {x: {value: 1}}", "nothing varies"),
           ("[1, 2", "expected ',' or ']'"), ("3", "not a W&B sweep")]

failed = 0


def check(good, what, found=""):
    global failed
    failed += not good
    print(f"{'ok  ' if good else 'FAIL'}  {what}{'' if good else f': {found}'}")


def main(program, root):
    script = pathlib.Path(root) / "sweeps/from_wandb.py"
    with tempfile.TemporaryDirectory() as folder:
        file, sweep = pathlib.Path(folder) / "wandb.yaml", pathlib.Path(folder) / "sweep.json"
        (pathlib.Path(folder) / "train.py").write_text("")

        def convert(text):
            file.write_text(text)
            return subprocess.run([sys.executable, "-B", script, file], capture_output=True, text=True)

        for title, text, wanted, differences in CASES:
            done = convert(text)
            check(done.returncode == (1 if differences else 0), f"{title}: status", done.returncode)
            body = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("//"))
            found = json.loads(body or "null")
            check(found == wanted, title, body)
            named = done.stderr.splitlines()
            check(len(named) == len(differences) and all(any(d in n for n in named) for d in differences),
                  f"{title}: differences", done.stderr)
            check(done.stdout.count("// differs: ") == len(differences), f"{title}: differences in the file", done.stdout)
            sweep.write_text(done.stdout)
            checked = subprocess.run([program, "check", sweep], capture_output=True, text=True)
            check(checked.returncode == 0, f"{title}: mlpsweep check", checked.stdout + checked.stderr)
        for text, words in REFUSED:
            done = convert(text)
            check(done.returncode == 2 and words in done.stderr and not done.stdout, f"refused: {words}", done.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), sys.argv[2]))
