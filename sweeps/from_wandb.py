#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns a W&B sweep configuration (YAML) into a sweep file of mlpsweep.

    from_wandb.py wandb.yaml > sweep.json       what has no counterpart is named on standard error
    mlpsweep check sweep.json

The program is run as W&B runs it, with the same arguments. It prints its metrics instead of logging them:

    print(json.dumps({"epoch": epoch, "val_loss": loss}), flush=True)     # wandb.log({"val_loss": loss})

    W&B                                     sweep file
    program, command                        objective.command; ${args} becomes --NAME={NAME} for each parameter
    metric.name, .goal, .target             objective.metric, .goal; search.target
    method grid, random, bayes              search.method grid, random, gp
    run_cap                                 search.max_trials
    value                                   the argument itself; "epochs" becomes the field epochs
    values                                  {"choice": […]}
    min, max; int_uniform, uniform          {"int": […]}, {"float": […]}
    q_uniform                               … "step": q
    log_uniform_values, log_uniform         {"float": […], "log": true}; the bounds of log_uniform are exponents
    parameters of parameters                arguments with dots, --model.size=, of parameters called model_size
    early_terminate hyperband               search.scheduler, if the number of epochs is known

Exit status: 0 all of it has a counterpart, 1 converted with the differences that it names, 2 not converted.
Needs PyYAML (apt install python3-yaml).
"""
import json
import math
import pathlib
import sys

try:
    import yaml
except ImportError:
    sys.exit("from_wandb.py: needs PyYAML: apt install python3-yaml, or pip install pyyaml")

METHODS = {"grid": "grid", "random": "random", "bayes": "gp"}
DEFAULT_COMMAND = ["${env}", "${interpreter}", "${program}", "${args}"]
# Fields that say where and under which name W&B runs a sweep.
IGNORED = {"project", "entity", "description", "controller", "imageuri", "job", "template", "scheduler"}
KNOWN = IGNORED | {"name", "program", "command", "metric", "method", "run_cap", "parameters", "early_terminate"}


class Converter:
    def __init__(self):
        self.notes = []   # differences
        self.params = {}  # parameters of the sweep file
        self.fixed = {}   # names of constants and their values

    def note(self, text):
        self.notes.append(text)

    # --- parameters ------------------------------------------------------------

    def parameter(self, name, spec):
        if not isinstance(spec, dict):
            raise ValueError(f"parameters.{name}: found {spec!r}, expected value, values, min and max, or parameters")
        if "parameters" in spec:
            self.note(f"{name}: its parameters are arguments of their own, --{name}.…=; W&B passes one of all")
            for inner, inner_spec in spec["parameters"].items():
                self.parameter(f"{name}.{inner}", inner_spec)
            return
        kind = spec.get("distribution") or guess(spec)
        if kind == "constant":
            self.fixed[name] = spec["value"]
        elif kind in ("categorical", "categorical_w_probabilities"):
            if "probabilities" in spec:
                self.note(f"{name}: probabilities have no counterpart; every value is as likely")
            self.params[ours(name)] = {"choice": [choice(v) for v in spec["values"]]}
        elif kind in RANGES:
            self.params[ours(name)] = RANGES[kind](self, name, spec)
        else:
            raise ValueError(f"parameters.{name}: distribution '{kind}' is not one of W&B's")

    def interval(self, name, spec):
        for key in ("min", "max"):
            if not isinstance(spec.get(key), (int, float)):
                raise ValueError(f"parameters.{name}: {key} is missing, or no number")
        return spec["min"], spec["max"]

    def uniform(self, name, spec):
        return {"float": list(self.interval(name, spec))}

    def int_uniform(self, name, spec):
        return {"int": [math.ceil(spec["min"]), math.floor(spec["max"])]}

    def q_uniform(self, name, spec):
        low, high = self.interval(name, spec)
        q = spec.get("q", 1)
        first, last = round(low / q) * q, round(high / q) * q  # W&B rounds to multiples of q
        whole = all(float(x).is_integer() for x in (first, last, q))
        if whole:
            return {"int": [int(first), int(last)], "step": int(q)}
        return {"float": [float(f"{first:.12g}"), float(f"{last:.12g}")], "step": q}

    def log_values(self, name, spec):
        return {"float": list(self.interval(name, spec)), "log": True}

    def log_exponents(self, name, spec):
        low, high = self.interval(name, spec)
        return {"float": [float(f"{math.exp(x):.12g}") for x in (low, high)], "log": True}

    def q_log(self, name, spec):
        inner = {"q_log_uniform": self.log_exponents, "q_log_uniform_values": self.log_values}[spec["distribution"]]
        low, high = inner(name, spec)["float"]
        if spec.get("q", 1) == 1 and round(low) >= 1:
            return {"int": [round(low), round(high)], "log": True}
        self.note(f"{name}: q of a logarithmic distribution has no counterpart; values are not rounded")
        return {"float": [low, high], "log": True}

    def inverse_log(self, name, spec):
        self.note(f"{name}: {spec['distribution']} has no counterpart; it is uniform in the logarithm here")
        return (self.log_values if spec["distribution"].endswith("_values") else self.log_exponents)(name, spec)

    def normal(self, name, spec):
        kind, mu, sigma = spec["distribution"], spec.get("mu", 0), spec.get("sigma", 1)
        low, high = mu - 2 * sigma, mu + 2 * sigma
        if "log" in kind:
            self.note(f"{name}: {kind} has no counterpart; it is uniform in the logarithm over exp(mu ± 2 sigma) here")
            return {"float": [math.exp(low), math.exp(high)], "log": True}
        self.note(f"{name}: {kind} has no counterpart; it is uniform over mu ± 2 sigma here")
        return {"float": [low, high]}

    def beta(self, name, spec):
        self.note(f"{name}: {spec['distribution']} has no counterpart; it is uniform over 0 to 1 here")
        return {"float": [0, 1]}

    # --- the rest --------------------------------------------------------------

    def arguments(self, pattern):
        """One argument for each parameter, in the order of the file."""
        listed = []
        for name in self.names:
            if name == "epochs" and self.epochs:
                value = "{epochs}"
            elif name in self.fixed:
                value = escape(choice(self.fixed[name]))
            else:
                value = "{" + ours(name) + "}"
            listed.append(escape(pattern.format(name)) + value)
        return listed

    def command(self, config):
        if "program" not in config and "command" not in config:
            raise ValueError("program: missing; it says what is run")
        parts = {"${env}": ["/usr/bin/env"], "${interpreter}": ["python3"], "${program}": [config.get("program", "")],
                 "${args}": self.arguments("--{}="), "${args_no_hyphens}": self.arguments("{}=")}
        command = []
        for word in config.get("command", DEFAULT_COMMAND):
            word = str(word)
            if word in parts:
                command += parts[word] if word.startswith("${args") else [escape(w) for w in parts[word]]
            elif word.startswith("${"):
                self.note(f"command: {word} has no counterpart and is left out; parameters are in the environment "
                          "as JSON, MLPSWEEP_PARAMS")
            else:
                command.append(escape(word))
        return command

    def scheduler(self, early):
        if early.get("type") != "hyperband":
            raise ValueError(f"early_terminate.type: found {early.get('type')!r}; W&B has hyperband")
        epochs = self.epochs or early.get("max_iter")
        if not epochs:
            self.note("early_terminate: left out, as the number of epochs is not known (a constant epochs, or max_iter)")
            return None
        self.epochs = epochs
        self.note("early_terminate: W&B stops runs at its brackets as they go; here hyperband trains its brackets' best "
                  "trials on")
        return {"name": "hyperband", "eta": early.get("eta", 3)}

    def convert(self, config):
        for key in sorted(set(config) - KNOWN):
            self.note(f"{key}: has no counterpart")
        for name, spec in (config.get("parameters") or {}).items():
            self.parameter(str(name), spec)
        if not self.params:
            raise ValueError("parameters: nothing varies")
        metric = config.get("metric")
        if not metric or "name" not in metric:
            raise ValueError("metric.name: missing; it says what a sweep is judged by")
        method = config.get("method")
        if method not in METHODS:
            raise ValueError(f"method: found {method!r}; W&B has grid, random, bayes")
        epochs = self.fixed.get("epochs")
        self.epochs = epochs if isinstance(epochs, int) else None
        search = {"method": METHODS[method]}
        if config.get("early_terminate"):
            scheduler = self.scheduler(config["early_terminate"])
            if scheduler:
                search["scheduler"] = scheduler
        if "run_cap" in config:
            search["max_trials"] = config["run_cap"]
        elif method != "grid":
            search["max_trials"] = 100
            self.note("run_cap: missing, so that W&B goes on until it is stopped; max_trials is 100 here")
        if "target" in metric:
            search["target"] = metric["target"]
        self.names = [n for n in flat(config["parameters"]) if ours(n) in self.params or n in self.fixed]
        sweep = {"name": str(config["name"])} if "name" in config else {}
        sweep["objective"] = {"command": self.command(config), "metric": metric["name"],
                              "goal": metric.get("goal", "minimize")}
        sweep["params"] = self.params
        if self.epochs:
            sweep["epochs"] = self.epochs
        sweep["search"] = search
        return sweep


RANGES = {"uniform": Converter.uniform, "int_uniform": Converter.int_uniform, "q_uniform": Converter.q_uniform,
          "log_uniform": Converter.log_exponents, "log_uniform_values": Converter.log_values,
          "q_log_uniform": Converter.q_log, "q_log_uniform_values": Converter.q_log,
          "inv_log_uniform": Converter.inverse_log, "inv_log_uniform_values": Converter.inverse_log,
          "normal": Converter.normal, "q_normal": Converter.normal, "log_normal": Converter.normal,
          "q_log_normal": Converter.normal, "beta": Converter.beta, "q_beta": Converter.beta}


def guess(spec):
    """The distribution that W&B takes where none is named."""
    if "value" in spec:
        return "constant"
    if "values" in spec:
        return "categorical"
    if "mu" in spec or "sigma" in spec:
        return "normal"
    return "int_uniform" if isinstance(spec.get("min"), int) and isinstance(spec.get("max"), int) else "uniform"


def choice(value):
    """A value as W&B writes it into an argument: True, None, and lists as Python does."""
    return value if isinstance(value, (int, float, str)) and not isinstance(value, bool) else str(value)


def escape(text):
    return str(text).replace("{", "{{").replace("}", "}}")


def ours(name):
    """Dots are for paths in a sweep file."""
    return name.replace(".", "_")


def flat(parameters, before=""):
    for name, spec in parameters.items():
        if isinstance(spec, dict) and "parameters" in spec:
            yield from flat(spec["parameters"], f"{before}{name}.")
        else:
            yield f"{before}{name}"


def main(arguments):
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    converter = Converter()
    try:
        config = yaml.safe_load(pathlib.Path(arguments[0]).read_text())
        if not isinstance(config, dict):
            raise ValueError("not a W&B sweep configuration")
        sweep = converter.convert(config)
    except (OSError, ValueError, yaml.YAMLError) as error:
        print(f"from_wandb.py: {arguments[0]}: {error}", file=sys.stderr)
        return 2
    print(f"// From {pathlib.Path(arguments[0]).name}, by from_wandb.py. The program prints its metrics, one JSON object a line:")
    print('// print(json.dumps({"epoch": epoch, ' + json.dumps(sweep["objective"]["metric"]) + ": value}), flush=True)")
    for text in converter.notes:
        print(f"// differs: {text}")
        print(f"from_wandb.py: {text}", file=sys.stderr)
    print(json.dumps(sweep, indent=2))
    return 1 if converter.notes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
