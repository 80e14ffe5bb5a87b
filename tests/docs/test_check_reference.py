#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does check_reference.py find what it is there for? Each case spoils a copy of the pages in one way
and wants one problem that names it.

    test_check_reference.py PROGRAM ROOT
"""
import pathlib
import re
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
import check_reference  # noqa: E402

# Check, page, what is replaced (a pattern), by what, the words of the problem.
CASES = [
    ("fields", "search.md", r"\| `lag` \| integer \| `7` \|", "| `lag` | integer | `8` |",
     "fields of search: lag has the default 7, not 8"),
    ("fields", "search.md", r"\| `lag` .*\n", "", "fields of search: lag is missing in the reference"),
    ("fields", "data.md", r"\| `folds` ", "| `fold` ", "fields of data: the program knows no fold"),
    ("fields", "README.md", r"\| `seed` .*\n", "", "fields of a sweep file: seed is missing"),
    ("fields", "training.md", r"`momentum` 0, `nesterov`", "`momentum` 0.9, `nesterov`",
     "rows of optimizer: sgd: momentum is 0.9 in the reference and 0 in the program"),
    ("fields", "training.md", r", `nesterov` false", "",
     "rows of optimizer: sgd: nesterov is None in the reference and false in the program"),
    ("fields", "training.md", r"\| `adadelta` .*\n", "", "rows of optimizer: adadelta is missing"),
    ("fields", "training.md", r"\| `lion` ", "| `tiger` ", "rows of optimizer: the program knows no tiger"),
    ("fields", "network.md", r"<!-- rows: loss -->\n", "", "no table of the rows of loss"),
    ("examples", "objectives.md", r'"beale"', '"beagle"', "objective.function: "),
    ("links", "README.md", r"\]\(data.md\)", "](date.md)", "sweeps/README.md links to date.md, which does not exist"),
    ("examples", "network.md", r'"units": 64', '"unit": 64', "hidden.1.unit"),
]


def problems(check, program, folder):
    found = []
    check_reference.CHECKS[check](program, check_reference.pages_of(folder), found.append)
    return set(found)


def main(program, root):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        shutil.copy(root / "README.md", tree)
        (tree / "sweeps").mkdir()
        for page in (root / "sweeps").glob("*.md"):
            shutil.copy(page, tree / "sweeps")
        for check, name, pattern, replacement, words in CASES:
            page = tree / "sweeps" / name
            text = page.read_text()
            before = problems(check, program, tree)
            page.write_text(re.sub(pattern, lambda _: replacement, text, count=1))
            new = problems(check, program, tree) - before
            page.write_text(text)
            good = any(words in problem for problem in new)
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'}  {check}: {name}: {words}{'' if good else f': {sorted(new)}'}")
    print(f"{len(CASES)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2])))
