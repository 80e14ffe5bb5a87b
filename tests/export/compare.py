#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Exported models against this program's own answers, on 1,000 rows each.

    compare.py headers WRITE_MODELS            C headers, compiled as C99 and as C++11
    compare.py oracles WRITE_MODELS PYTHON     model.py with NumPy, PyTorch and Keras; ONNX by its
                                               checker and onnxruntime; safetensors by its library

WRITE_MODELS is the program that makes the models. PYTHON has the packages of requirements.txt;
where it lacks one, that part is skipped by name, and without any the exit status is 77. Answers
may differ by 1e-5 of the largest of 1, the answer, and what a scaled target was divided by.
"""
import array
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

ROWS = 1000
TOLERANCE = 1e-5


def cases(folder):
    """The cases in their order: (folder, what case.json says, values, outputs), numbers flat."""
    for path in sorted(folder.glob("[0-9]*"), key=lambda path: int(path.name)):
        case = json.loads((path / "case.json").read_text())
        numbers = []
        for name in ("values", "outputs"):
            data = array.array("d")
            data.frombytes((path / f"{name}.f64").read_bytes())
            assert len(data) == ROWS * case[f"n_{name}"], (path, name)
            numbers.append(data)
        yield path, case, *numbers


class Result:
    """Counts what was compared, and remembers what differs."""

    def __init__(self):
        self.worst, self.count, self.problems = {}, {}, []

    def compare(self, what, case, found, wanted):
        found, wanted = list(found), list(wanted)
        worst = 0.0 if len(found) == len(wanted) else float("inf")
        for f, w in zip(found, wanted):
            off = abs(f - w) / max(1.0, abs(w), case["target_divide"])
            worst = max(worst, off if off == off else float("inf"))
        self.worst[what] = max(self.worst.get(what, 0.0), worst)
        self.count[what] = self.count.get(what, 0) + 1
        if not worst <= TOLERANCE:
            self.problems.append(f"{what}: {case['name']}: off by {worst:.3g}")

    def check(self, what, case, ok):
        if not ok:
            self.problems.append(f"{case['name']}: {what}")

    def end(self):
        for what, worst in self.worst.items():
            print(f"{what}: {self.count[what]} models x {ROWS} rows, off by at most {worst:.2g}")
        for problem in self.problems:
            print(problem)
        return 1 if self.problems or not self.count else 0


# ---- C headers -----------------------------------------------------------------------------------

MAIN = """
#include <stdio.h>
#include <stdlib.h>
%s
static void answer(const char *path, void (*predict)(const double *, double *), int n_values,
                   int n_outputs)
{
    char name[4096];
    double values[64], outputs[64];
    snprintf(name, sizeof name, "%%s/values.f64", path);
    FILE *in = fopen(name, "rb");
    snprintf(name, sizeof name, "%%s/header.f64", path);
    FILE *out = fopen(name, "wb");
    if (!in || !out)
        exit(2);
    while (fread(values, sizeof *values, (size_t)n_values, in) == (size_t)n_values) {
        predict(values, outputs);
        fwrite(outputs, sizeof *outputs, (size_t)n_outputs, out);
    }
    fclose(in);
    if (fclose(out))
        exit(2);
}

int main(void)
{
%s    return 0;
}
"""


def headers(folder):
    """All headers in one program: their names must not meet."""
    result, found = Result(), list(cases(folder))
    includes = "".join(f'#include "{path}/model.h"\n' for path, *_ in found)
    calls = ""
    for path, case, *_ in found:
        name = case["identifier"]
        upper = name.upper()
        calls += f'    answer("{path}", {name}_predict, {upper}_N_VALUES, {upper}_N_OUTPUTS);\n'
        if case["n_classes"]:
            calls += (f"    {{ double y[64] = {{0}}; y[0] = 1; "
                      f"if (!{name}_classes[{name}_class(y)][0]) return 3; }}\n")
    source = MAIN % (includes, calls)
    strict = ["-Wall", "-Wextra", "-pedantic", "-Wconversion", "-Wshadow", "-Werror"]
    for language, ending, compiler in (("c99", "c", "cc"), ("c++11", "cc", "c++")):
        if not shutil.which(compiler):
            print(f"no {compiler}: {language} left out")
            continue
        file = folder / f"main.{ending}"
        file.write_text(source)
        subprocess.run([compiler, f"-std={language}", *strict, "-O1", str(file), "-o",
                        str(folder / "main"), "-lm"], check=True)
        subprocess.run([str(folder / "main")], check=True)
        for path, case, _, outputs in found:
            answers = array.array("d")
            answers.frombytes((path / "header.f64").read_bytes())
            result.compare(language, case, answers, outputs)
            (path / "header.f64").unlink()
    return result.end()


# ---- Python ----------------------------------------------------------------------------------------

def load(path):
    """The generated module of a case; a warning of its text is an error."""
    text = (path / "model.py").read_text()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compile(text, str(path / "model.py"), "exec")
    spec = importlib.util.spec_from_file_location(f"model_{path.name}", path / "model.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def columns_of(description, values):
    """A dict of columns as a user has it, from rows of raw values."""
    rows, at = {}, 0
    for column in description["columns"]:
        if "levels" in column:
            levels = column["levels"]
            rows[column["name"]] = [None if v != v else "never seen" if v < 0 else levels[int(v)]
                                    for v in values[:, at]]
            at += 1
        else:
            width = column["width"]
            rows[column["name"]] = values[:, at] if width == 1 else values[:, at:at + width]
            at += width
    return rows


def onnx_inputs(session, rows, description, np):
    """What its graph takes: a matrix of numbers, and texts under their columns' names."""
    types = {"tensor(float)": np.float32, "tensor(double)": np.float64}
    plain = [rows[c["name"]].reshape(ROWS, -1) for c in description["columns"] if "levels" not in c]
    feed = {}
    for given in session.get_inputs():
        if given.name == "x" and given.type in types:
            feed["x"] = np.concatenate(plain, axis=1).astype(types[given.type])
        else:
            name = given.name if given.name in rows and given.name != "x" else given.name[:-1]
            feed[given.name] = np.array(["" if v is None else v for v in rows[name]], object)
    return feed


def check_predictions(result, module, case, rows, unseen, outputs, np):
    """predict and predict_proba against the outputs."""
    place = outputs[:, 0] > 0.5 if case["n_outputs"] == 1 else outputs.argmax(axis=1)
    found = module.predict(rows, **unseen)
    if case["output"] == "prediction":
        result.check("predict", case, np.allclose(found.reshape(outputs.shape), outputs, 1e-5))
    elif case["n_classes"]:
        classes = module.MODEL["classes"]
        result.check("predict", case, list(found) == [classes[int(i)] for i in place])
    else:
        result.check("predict", case, list(found) == list(place))
    if case["output"] == "probabilities":
        p = module.predict_proba(rows, **unseen)
        result.check("predict_proba", case, np.allclose(p[:, -1], outputs[:, -1], atol=1e-5))
        result.check("predict_proba's width", case, p.shape[1] == max(2, case["n_outputs"]))


def check_refusals(result, module, case, rows, np):
    """A column that is not there, and a category that was never seen, are told of by name."""
    name = module.COLUMNS[0]
    try:
        module.predict({key: value for key, value in rows.items() if key != name})
        result.check("a missing column is accepted", case, False)
    except ValueError as error:
        result.check("the missing column is not named", case, repr(name) in str(error))
    if any("levels" in column for column in module.MODEL["columns"]):
        try:
            module.predict(rows)
            result.check("an unseen category is accepted", case, False)
        except ValueError as error:
            result.check("the category is not named", case, "'never seen'" in str(error))


def check_tensors(result, path, case, module):
    """The file as its own library reads it."""
    from safetensors import safe_open
    with safe_open(path / "model.safetensors", "np") as file:
        result.check("safetensors' metadata", case, file.metadata()["format"] == "pt")
        result.check("safetensors' names", case, set(file.keys()) == set(module.WEIGHTS))
        for name in file.keys():
            result.check(name, case, (file.get_tensor(name) == module.WEIGHTS[name]).all())


def run_onnx(result, path, case, rows, description, outputs, np):
    import onnx
    import onnxruntime
    model = onnx.load(path / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    domains = [opset.domain for opset in model.opset_import]
    categories = any("levels" in column for column in description["columns"])
    result.check("ONNX's domains", case, domains == (["", "ai.onnx.ml"] if categories else [""]))
    meta = {entry.key: entry.value for entry in model.metadata_props}
    result.check("ONNX's metadata", case, json.loads(meta["model"]) == description)
    session = onnxruntime.InferenceSession(str(path / "model.onnx"),
                                           providers=["CPUExecutionProvider"])
    feed = onnx_inputs(session, rows, description, np)
    answers, = session.run([case["output"]], feed)
    result.compare("onnxruntime", case, answers.ravel().tolist(), outputs.ravel())


def oracles(folder, have):
    """Everything that needs packages."""
    import numpy as np
    result = Result()
    for path, case, values, outputs in cases(folder):
        values = np.array(values).reshape(ROWS, -1)
        outputs = np.array(outputs).reshape(ROWS, -1)
        module = load(path)
        rows = columns_of(module.MODEL, values)
        unseen = {"unseen": "ignore"} if hasattr(module, "one_hot") else {}
        result.compare("NumPy", case, module.outputs(rows, **unseen).ravel(), outputs.ravel())
        check_predictions(result, module, case, rows, unseen, outputs, np)
        check_refusals(result, module, case, rows, np)
        inputs = module.encode(rows, **unseen)
        if "safetensors" in have:
            check_tensors(result, path, case, module)
        if "torch" in have:
            import torch
            network = module.torch_module()
            if "safetensors" in have:  # strict: all names, and no others
                from safetensors.torch import load_file
                network.load_state_dict(load_file(path / "model.safetensors"))
            with torch.no_grad():
                found = network(torch.tensor(inputs))
            result.compare("PyTorch", case, found.numpy().ravel().tolist(), outputs.ravel())
        if "keras" in have:
            network = module.keras_model()
            found = network.predict_on_batch(inputs)
            result.compare("Keras", case, found.ravel().tolist(), outputs.ravel())
        if "onnx" in have and "onnxruntime" in have:
            run_onnx(result, path, case, rows, module.MODEL, outputs, np)
    return result.end()


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "oracles" and not os.environ.get("COMPARE_INSIDE"):
        python = pathlib.Path(arguments[2])
        if not python.exists():
            print(f"skipped: no {python}")
            return 77
        environment = dict(os.environ, COMPARE_INSIDE="1", KERAS_BACKEND="torch",
                           TF_CPP_MIN_LOG_LEVEL="3")
        return subprocess.run([str(python), "-B", __file__, *arguments], env=environment).returncode
    if len(arguments) < 2 or arguments[0] not in ("headers", "oracles"):
        sys.exit(__doc__)
    packages = ("numpy", "torch", "keras", "onnx", "onnxruntime", "safetensors")
    have = {name for name in packages if importlib.util.find_spec(name)}
    if arguments[0] == "oracles":
        for name in packages:
            if name not in have:
                print(f"skipped: no package {name}")
        if "numpy" not in have:
            return 77
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([arguments[1], folder], check=True)
        if arguments[0] == "headers":
            return headers(pathlib.Path(folder))
        return oracles(pathlib.Path(folder), have)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
