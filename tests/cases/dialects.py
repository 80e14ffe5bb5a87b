#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One table in many dialects gives the same bits of training, however it is written:

    dialects.py PROGRAM [SEED…]

For each seed, tables are drawn – a regression, words of two and of three classes, pictures of bytes, each
with and without missing values where all of its dialects can say so – and each is written in at least twelve
dialects. Every dialect is a sweep of its own, with the same seed. All rows of epoch_metric must be the same,
bit by bit, and so must the hash of the data that were packed, except where bytes stay bytes.
"""
import contextlib
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

import formats

SWEEP = {"name": "s", "seed": 3, "hidden": [{"units": 6, "activation": "tanh", "dropout": 0.1}],
         "optimizer": "adam", "learning_rate": 0.02, "batch_size": 8, "epochs": 3, "objective": {"metric": "val_loss"}}
ROWS = 40


class Table:
    """Rows of numbers, None where one is missing, and a target: a number, a word or a class's number."""

    def __init__(self, kind, missing, seed):
        draw = random.Random(f"{kind} {missing} {seed}")
        self.kind, self.missing = kind, missing
        width = 4
        self.names = [f"x{k + 1}" for k in range(width)]
        if kind == "bytes":
            self.rows = [[draw.randrange(256) for _ in range(width)] for _ in range(ROWS)]
        else:  # multiples of 1/8 up to 128: exact in half precision; never 0, as some are never 0 by chance
            self.rows = [[draw.randrange(1, 1024) / 8 * draw.choice([-1, 1]) for _ in range(width)] for _ in range(ROWS)]
        if missing:
            for row in self.rows[1:]:
                if draw.random() < 0.2:
                    row[draw.randrange(width)] = None
        self.target = {
            "regression": lambda row: draw.randrange(-4096, 4096) / 16,
            "binary": lambda row: draw.choice(["no", "yes"]),
            "multiclass": lambda row: draw.choice(["ant", "cow", "fox"]),
            "bytes": lambda row: draw.randrange(3),
        }[kind]
        self.targets = [self.target(row) for row in self.rows]
        if kind != "regression":  # every class occurs in the first rows
            labels = sorted(set(self.targets))
            self.targets[:len(labels)] = labels

    def data(self, **source):
        common = {"scaling": {"name": "divide_by", "value": 255} if self.kind == "bytes" else "standard"}
        if self.missing:
            common["missing"] = "mean"
        if self.kind in ("binary", "multiclass", "regression"):
            common["task"] = self.kind
        else:
            common["task"] = "multiclass"
        return {**source, **common}


def number(value, decimal=".", thousands="", exponent=False):
    if value is None or isinstance(value, str):
        return value
    text = f"{value:e}" if exponent else repr(value)
    if exponent and float(text) != value:
        text = repr(value)
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text)
    whole, point, rest = digits.partition(".")
    if thousands and len(whole) > 3 and whole.isdigit():
        whole = whole[:-3] + thousands + whole[-3:]
    return sign + whole + (decimal + rest if point else "")


def csv(path, table, delimiter=",", end="\n", quote=False, header=True, encoding="utf-8", decimal=".", thousands="",
        blanks="", trailing=False, nothing="", exponent=False, names=None):
    """Writes the table as text; what is left out of it is as most files have it."""
    def line(fields):
        fields = [nothing if f is None else str(f) for f in fields]
        if quote:
            fields = ['"' + f.replace('"', '""') + '"' if f else f for f in fields]
        return blanks + (blanks + delimiter + blanks).join(fields) + (delimiter if trailing else "") + end

    text = line((names or table.names) + ["y"]) if header else ""
    for row, target in zip(table.rows, table.targets):
        text += line([number(v, decimal, thousands, exponent) for v in [*row, target]])
    formats.write(path, text.encode(encoding))


def csv_dialects():
    """name: arguments of csv(), and what the sweep file says beside the source."""
    return {
        "commas": ({}, {}),
        "semicolons, decimal comma, CR LF": ({"delimiter": ";", "decimal": ",", "end": "\r\n"}, {"decimal": ","}),
        "tabs, byte order mark": ({"delimiter": "\t", "encoding": "utf-8-sig"}, {}),
        "bars, all quoted": ({"delimiter": "|", "quote": True}, {}),
        "no header": ({"header": False}, {"header": False, "target": "5"}),
        "no header, tabs, CR LF": ({"header": False, "delimiter": "\t", "end": "\r\n"}, {"header": False, "target": 5}),
        "UTF-16, semicolons": ({"encoding": "utf-16", "delimiter": ";"}, {}),
        "Latin-1, thousands": ({"encoding": "latin-1", "delimiter": ";", "decimal": ",", "thousands": ".",
                                "names": ["größe", "x2", "x3", "x4"]},
                               {"decimal": ",", "thousands": ".", "encoding": "latin-1"}),
        "blanks, NULL": ({"blanks": "  ", "nothing": "NULL"}, {}),
        "delimiter at the end": ({"trailing": True, "delimiter": ";"}, {}),
        "quoted decimal comma, own word": ({"quote": True, "decimal": ",", "nothing": "-", "delimiter": "|"},
                                           {"decimal": ",", "missing_values": ["-"]}),
        "exponents, delimiter given": ({"exponent": True, "delimiter": "!"}, {"delimiter": "!"}),
    }


def write_all(folder, table):
    """Writes the table in every dialect that can hold it. Yields the dialect's name and its data section."""
    for number_of, (name, (arguments, fields)) in enumerate(csv_dialects().items()):
        csv(f"{folder}/{number_of}.csv", table, **arguments)
        yield name, table.data(csv=f"{number_of}.csv", **{"target": "y", **fields})
    yield from arrays(folder, table)
    database(f"{folder}/a.db", table)
    yield "sqlite, a query", table.data(sqlite="a.db", query="SELECT x1, x2, x3, x4, y FROM t ORDER BY id", target="y")
    yield "sqlite, a table", table.data(sqlite="a.db", table="ordered", target="y")
    if table.kind in ("regression", "bytes") and not table.missing:
        sparse(f"{folder}/one.txt", table, 1)
        yield "svmlight", table.data(svmlight="one.txt")
        sparse(f"{folder}/zero.txt", table, 0)
        yield "svmlight from 0", table.data(svmlight="zero.txt")
    if table.kind == "bytes":
        formats.write_idx(f"{folder}/train-images-idx3-ubyte", [[row] for row in table.rows])
        formats.write_idx(f"{folder}/train-labels-idx1-ubyte.gz", table.targets)
        yield "idx", {"idx": "train-images-idx3-ubyte"}


def database(path, table):
    with contextlib.closing(sqlite3.connect(path)) as s:
        s.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, y, x4, x3, x2, x1)")
        s.executemany("INSERT INTO t (x1, x2, x3, x4, y) VALUES (?, ?, ?, ?, ?)",
                      [[*row, target] for row, target in zip(table.rows, table.targets)])
        s.execute("CREATE VIEW ordered AS SELECT x1, x2, x3, x4, y FROM t ORDER BY id")
        s.commit()


def sparse(path, table, first):
    """LIBSVM's text: zeros are left out, except that the first row has every index."""
    text = ""
    for i, (row, target) in enumerate(zip(table.rows, table.targets)):
        text += " ".join([repr(target)] + [f"{k + first}:{v!r}" for k, v in enumerate(row) if v or i == 0]) + "\n"
    formats.write(path, text.encode())


def arrays(folder, table):
    """NPY in every type that holds the table exactly, and an archive."""
    rows = [[float("nan") if v is None else v for v in row] for row in table.rows]
    types = ["<f8", ">f8", "<f4", ">f4", "<f2"]
    if table.kind == "bytes" and not table.missing:
        types += ["|u1", "<u2", ">i2", "<i4", ">u4", "<i8", "<u8"]
    label = {"regression": "<f8", "bytes": "<i4"}.get(table.kind, "<U3")
    formats.write_npy(f"{folder}/y.npy", table.targets, label)
    for dtype in types:
        path = f"x{dtype[1:]}{'-big' if dtype[0] == '>' else ''}.npy"
        formats.write_npy(f"{folder}/{path}", rows, dtype, fortran_order=dtype[1] == "f" and dtype[0] == ">")
        yield f"npy {dtype}", table.data(npy=path, target_file="y.npy")
    target = [[t] for t in table.targets]
    formats.write_npz(f"{folder}/a.npz", compressed=True, x=(rows, "<f8"), y=(target, label.replace("<U", ">U")))
    yield "npz", table.data(npz="a.npz")


def train(program, folder, name, data):
    """Every number of a training on these data as exact text, and the hash of what was packed."""
    path = pathlib.Path(folder) / "sweep.json"
    path.write_text(json.dumps({**SWEEP, "data": data}))
    store = pathlib.Path(folder) / "s.db"
    for old in pathlib.Path(folder).glob("s.db*"):
        old.unlink()
    done = subprocess.run([program, "run", path, "--workers", "1", "--store", store], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600)
    if done.returncode:
        raise RuntimeError(f"{name}: exit status {done.returncode}: {done.stdout.decode(errors='replace').strip()}")
    with contextlib.closing(sqlite3.connect(store)) as s:
        values = s.execute("SELECT metric, epoch, value FROM epoch_metric ORDER BY 1, 2").fetchall()
        packed = s.execute("SELECT sha256 FROM dataset").fetchone()[0]
    return [f"{metric} {epoch} {value.hex()}" for metric, epoch, value in values], packed


def compare(program, kind, missing, seed):
    """Trains a table in every dialect; the complaints, and how many dialects there were."""
    complaints, first, n = [], None, 0
    with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as folder:
        for name, data in write_all(folder, Table(kind, missing, seed)):
            n += 1
            try:
                numbers, packed = train(program, folder, name, data)
            except RuntimeError as e:
                complaints.append(str(e))
                continue
            first = first or (name, numbers, packed)
            if numbers != first[1]:
                complaints.append(f"{name}: other numbers than '{first[0]}': {sorted(set(numbers) ^ set(first[1]))[:2]}")
            elif packed != first[2] and name not in ("idx", "npy |u1"):
                complaints.append(f"{name}: the same numbers, but packed otherwise than '{first[0]}'")
    return complaints, n


def main(program, seeds):
    failed = passed = 0
    for seed in seeds or [1]:
        for kind, missing in (("regression", False), ("regression", True), ("binary", True), ("multiclass", False),
                              ("bytes", False)):
            complaints, n = compare(program, kind, missing, seed)
            if n < 12:
                complaints.append(f"only {n} dialects")
            for text in complaints:
                print(f"FAIL  {kind}{', missing values' if missing else ''}, seed {seed}: {text}")
            failed += bool(complaints)
            passed += not complaints
            print(f"{'FAIL ' if complaints else 'ok   '} {kind}{', missing values' if missing else ''}, seed {seed}: "
                  f"{n} dialects", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), [int(s) for s in sys.argv[2:]]))
