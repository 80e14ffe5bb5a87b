#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does check_numbers.py find a number that is wrong? Each case spoils a copy of the pages in one way.

    test_check_numbers.py PROGRAM ROOT
"""
import contextlib
import io
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
import check_numbers  # noqa: E402

# The check, the page, what is replaced, by what, a part of the complaint.
CASES = [
    ("values", "sweeps/README.md", "// 16, 32, 64, 128", "// 16, 32, 64, 96", "the program says '16, 32, 64, 128'"),
    ("minima", "sweeps/objectives.md", "minimum 0.397887 at", "minimum 0.397888 at", "the program says '0.397887'"),
    ("minima", "sweeps/objectives.md", "minimum 0 at (3, 0.5)", "minimum 0 at (3, 0.25)", "minimum of beale"),
    ("counts", "sweeps/demo.json", "60 random trials", "61 random trials", "demo.json: trials"),
    ("counts", "sweeps/folds.json", "executions_per_trial is 5", "executions_per_trial is 4", "folds.json"),
    ("times", "sweeps/README.md", "| a first sweep: a conditional space, searched at random | ", "| a first sweep | 9",
     "time of demo.json"),
    ("times", "sweeps/README.md", "| `folds.json` |", "| `fold.json` |", "sweeps without a row: printed '', the program says 'folds.json'"),
]


def main(program, root):
    passed = failed = 0
    for check, page, old, new, wanted in CASES:
        with tempfile.TemporaryDirectory(prefix="mlpsweep-docs.") as work:
            copy = pathlib.Path(work)
            shutil.copytree(pathlib.Path(root) / "sweeps", copy / "sweeps",  # not what takes long
                            ignore=shutil.ignore_patterns("a*.json", "b?-*.json", "b-*.json", "c-*.json", "d2*.json", "d3*.json", "fashion*"))
            shutil.copy(pathlib.Path(root) / "README.md", copy)
            text = (copy / page).read_text(encoding="utf-8")
            (copy / page).write_text(text.replace(old, new, 1), encoding="utf-8")
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                getattr(check_numbers, f"check_{check}")(check_numbers.Checker(program, copy))
        if old in text and wanted in said.getvalue():
            passed += 1
        else:
            failed += 1
            print(f"FAIL  {page}: '{old}' to '{new}': {said.getvalue()}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
