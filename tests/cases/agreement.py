#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""200 files read by mlpsweep and by pandas' read_csv hold the same values, bit by bit in double precision:

    agreement.py run PRINT_TABLE        compares what PRINT_TABLE prints of each file with agreement.txt
    agreement.py oracles PYTHON         compares agreement.txt with pandas, run by PYTHON if there is such a file
    agreement.py write                  writes agreement.txt by pandas
    agreement.py show N                 file N, how it is described, and what pandas reads

The files are drawn from their number: quotes, blanks, missing words, decimal and thousands signs, encodings,
line ends, booleans, exponents, very long and very small numbers. agreement.txt has a hash of each file's values.
"""
import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

FILES = 200
HERE = pathlib.Path(__file__).resolve().parent
MISSING = ["", "NA", "NaN", "null", "None", "#N/A", "<NA>", "-nan", "N/A", "NULL", "n/a", "#NA", "-1.#IND", "nan"]
OWN = ["-", ".", "?", "missing", "-999"]
WORDS = ["red", "deep blue", "green", "a,b", "x;y", 'say "so"', "tab\there", "3 o'clock", "N", "bar|s", "x" * 300]
LETTERS = ["größe", "Århus", "señor", "œuvre"]  # the last one is no Latin-1
BOOLEANS = [("true", "false"), ("True", "False"), ("TRUE", "FALSE"), ("yes", "no"), ("Yes", "No")]


class File:
    """How file number n is written, its columns and its fields as text."""

    def __init__(self, n):
        draw = self.draw = random.Random(f"file {n}")
        self.delimiter = draw.choice([",", ",", ";", "\t", "|"])
        self.decimal = "," if self.delimiter != "," and draw.random() < 0.4 else "."
        self.thousands = draw.choice(["", "", "." if self.decimal == "," else ","])
        if self.thousands == self.delimiter:
            self.thousands = ""
        self.encoding = draw.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1"])
        self.end = draw.choice(["\n", "\n", "\r\n"])
        self.quote = draw.choice([0, 0.1, 0.5, 1])   # share of the fields in quotes that need none
        self.blanks = draw.choice(["", "", " ", "  "])
        self.header = draw.random() < 0.85
        self.last_end = draw.random() < 0.8
        self.empty_lines = draw.random() < 0.2
        self.own = draw.sample(OWN, 2) if draw.random() < 0.3 else []
        self.share = draw.choice([0, 0.1, 0.3])  # of missing values
        kinds = ["number"] * 3 + draw.choices(["number", "word", "boolean", "integer", "small", "long"], k=draw.randrange(1, 6))
        self.columns = [(self.name(k), kind) for k, kind in enumerate(kinds)]
        self.booleans = [draw.choice(BOOLEANS) for _ in kinds]
        self.rows = [[self.field(k, kind, row) for k, (_, kind) in enumerate(self.columns)]
                     for row in range(draw.randrange(3, 40))]

    def name(self, k):
        if not self.header:
            return str(k + 1)
        name = self.draw.choice(["a", "col umn", "x,y", "z;", "q|", 'with "quotes"', "price"] + self.letters())
        return f"{name}{k}"

    def letters(self):
        return LETTERS[:3] if self.encoding == "latin-1" else LETTERS

    def field(self, k, kind, row):
        draw = self.draw
        if row > 0 and draw.random() < self.share:
            return draw.choice(MISSING + self.own)
        if kind == "word":  # the first row tells a word from a missing value
            return draw.choice(WORDS + self.letters())
        if kind == "boolean":
            return draw.choice(self.booleans[k])
        return self.number(kind)

    def number(self, kind):
        draw = self.draw
        if kind == "integer":
            text = str(draw.choice([0, 7, -12, 1600000003, 9007199254740993, -18446744073709551617, 12345678]))
        elif kind == "small":
            text = draw.choice(["1e-320", "4.9e-324", "2.2250738585072011e-308", "1.7976931348623157e308", "-1e-400", "0e0",
                                "-0.0", "+1E+2", ".5", "-5.", "1e22", "1e23", "8.5e-7"])
        elif kind == "long":
            digits = "".join(draw.choice("0123456789") for _ in range(draw.randrange(20, 200)))
            place = draw.randrange(1, 20)
            text = draw.choice(["", "-"]) + digits[:place] + "." + digits[place:]
        else:
            text = draw.choice([repr(draw.gauss(0, 1000)), f"{draw.gauss(0, 1):.3f}", f"{draw.uniform(-9e9, 9e9):.2f}",
                                f"{draw.gauss(0, 1e-5):e}", str(draw.randrange(-10**6, 10**6))])
        return self.local(text)

    def local(self, text):
        sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
        whole, point, rest = digits.partition(".")
        if self.thousands and whole.isdigit() and len(whole) > 3 and whole[0] != "0":
            groups = [whole[max(0, k - 3):k] for k in range(len(whole), 0, -3)]
            whole = self.thousands.join(reversed(groups))
        return sign + whole + (self.decimal + rest if point else "")

    def text(self):
        def field(value):
            special = any(c in value for c in ('"', "\n", "\r", "\t", self.delimiter))
            if special or (value and self.draw.random() < self.quote):
                return '"' + value.replace('"', '""') + '"'
            return value

        def line(values):
            return (self.delimiter + self.blanks).join(field(v) for v in values)

        lines = [line([name for name, _ in self.columns])] if self.header else []
        for row in self.rows:
            lines.append(line(row))
            if self.empty_lines and self.draw.random() < 0.1:
                lines.append("")
        return self.end.join(lines) + (self.end if self.last_end else "")

    def data(self):
        """The data section of a sweep file. What can be found without being given, is not given."""
        names = [name for name, _ in self.columns]
        data = {"csv": "a.csv", "target": names[0], "missing": "mean"}
        words = [name for name, kind in self.columns if kind == "word"]
        optional = {"decimal": self.decimal if self.decimal != "." else None, "thousands": self.thousands or None,
                    "header": None if self.header else False, "missing_values": self.own or None,
                    "categorical": words or None}
        return {**data, **{k: v for k, v in optional.items() if v is not None}}

    def write(self, folder):
        with open(f"{folder}/a.csv", "wb") as file:
            file.write(self.text().encode(self.encoding))
        with open(f"{folder}/sweep.json", "w", encoding="utf-8") as file:
            json.dump({"data": self.data(), "hidden": [], "epochs": 1}, file)


def by_pandas(file, folder):
    """The lines that print_table prints, as pandas reads the file."""
    import pandas

    names = [name for name, _ in file.columns]
    table = pandas.read_csv(
        f"{folder}/a.csv", sep=file.delimiter, decimal=file.decimal, thousands=file.thousands or None, names=names,
        header=0 if file.header else None, encoding=file.encoding, na_values=file.own, skipinitialspace=True,
        float_precision="round_trip", dtype={name: str if kind in ("word", "boolean") else float for name, kind in file.columns})
    true = {word for pair in BOOLEANS for word in pair[:1]}

    def cell(value, kind):
        if pandas.isna(value):
            return "missing"
        if kind == "boolean":
            return float(value in true).hex()
        return "text " + json.dumps(value) if kind == "word" else value.hex()

    lines = ["names " + json.dumps(names)]
    for row in table.itertuples(index=False, name=None):
        lines.append(" ".join(cell(v, kind) for v, (_, kind) in zip(row, file.columns)))
    return lines


def stored():
    return (HERE / "agreement.txt").read_text(encoding="ascii").split()


def digest(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def canonical(printed):
    """What print_table printed, with numbers and text as Python writes them."""
    lines = []
    for line in printed.splitlines():
        cells = json.loads(line)
        lines.append("names " + json.dumps(cells) if not lines else " ".join(
            "missing" if c is None else float.fromhex(c[1:]).hex() if c[0] == "#" else "text " + json.dumps(c[1:]) for c in cells))
    return lines


def by_program(program):
    def read(file, folder):
        done = subprocess.run([program, f"{folder}/sweep.json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=600)
        printed = done.stdout.decode()
        return canonical(printed) if done.returncode == 0 else ["refused: " + printed.strip()]
    return read


def judge(read):
    hashes, failed = stored(), 0
    for n in range(FILES):
        with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as folder:
            file = File(n)
            file.write(folder)
            lines = read(file, folder)
        if digest(lines) != hashes[n]:
            failed += 1
            print(f"FAIL  file {n}: {lines[0] if len(lines) == 1 else 'other values than pandas'}; see agreement.py show {n}")
    print(f"{FILES - failed} passed, {failed} failed")
    return 1 if failed or len(hashes) != FILES else 0


def main(arguments):
    what = arguments[0] if arguments else ""
    if what == "run" and len(arguments) == 2:
        return judge(by_program(str(pathlib.Path(arguments[1]).resolve())))
    if what == "oracles" and len(arguments) == 2:
        other = pathlib.Path(arguments[1])
        if other.exists() and other.parent != pathlib.Path(sys.executable).parent:
            os.execv(other, [str(other), "-B", __file__, *arguments])
    if what in ("oracles", "write", "show"):
        try:
            import pandas  # noqa: F401
        except ModuleNotFoundError:
            print(f"skip  {FILES} files: pandas is not there")
            return 77
    if what == "oracles":
        return judge(by_pandas)
    with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as folder:
        if what == "show" and len(arguments) == 2:
            file = File(int(arguments[1]))
            file.write(folder)
            print(file.encoding, repr(file.end), json.dumps(file.data()), file.text(), *by_pandas(file, folder), sep="\n")
            return 0
        if what == "write":
            with open(HERE / "agreement.txt", "w", encoding="ascii") as out:
                for n in range(FILES):
                    file = File(n)
                    file.write(folder)
                    out.write(digest(by_pandas(file, folder)) + "\n")
            return 0
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
