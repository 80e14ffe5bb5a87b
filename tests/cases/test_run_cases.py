#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does run_cases.py find what is wrong? Each case below is wrong in one way, and must fail for that reason.

    test_run_cases.py PROGRAM
"""
import json
import os
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
import run_cases  # noqa: E402

SWEEP = {"objective": {"function": "sphere"}, "params": {"x": {"choice": [2]}, "y": {"choice": [1]}}}
GOOD = {"shows": "2² + 1² = 5", "values_from": "by hand", "values": {"value": 5}}

# What is changed in the good case, and a part of the complaint; None: there is none.
CASES = [
    ({}, None),
    ({"values": {"value": 5 + 1e-6}}, None),  # within the tolerance
    ({"values": {"value": 5.1}}, "value: found 5.0, wanted 5.1"),
    ({"values": {"value": 5.1}, "tolerance": 0.1}, None),
    ({"values": {"loss": 5}}, "loss: the store has no such value"),
    ({"values": {"trial": "0"}, "queries": {"trial": "SELECT number FROM trial"}}, "trial: found 0, wanted '0'"),
    ({"values": {"trial": None}, "queries": {"trial": "SELECT number FROM trial"}}, "trial: found 0, wanted None"),
    ({"exit": 1}, "exit status 0, wanted 1"),
    ({"prints": ["1/1 done"]}, None),
    ({"prints": ["2/2 done"]}, "does not print /2/2 done/"),
    ({"lacks": ["1/1 done"]}, "prints /1/1 done/"),
    ({"lack": []}, "unknown field lack"),
    ({"values_from": ""}, "without 'values_from'"),
    ({"values": None}, "nothing is expected"),
    ({"values": None, "steps": [{"values": {"value": 5}}, {"values": {"value": 6}}]}, "value: found 5.0, wanted 6"),
]
# What an oracle says, and a part of the complaint.
ORACLES = [("values = {'value': 2**2 + 1}", None), ("values = {'value': 5.001}", "oracle.py says 5.001"),
           ("values = {'values': 5}", "case.json has no values")]


def complaint(run, *arguments):
    try:
        run(*arguments)
    except run_cases.Wrong as e:
        return str(e)
    return None


def main(program):
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="mlpsweep-case.") as work:
        os.symlink(pathlib.Path(program).resolve(), f"{work}/mlpsweep")
        folder = pathlib.Path(work) / "case"
        folder.mkdir()
        (folder / "sweep.json").write_text(json.dumps(SWEEP))
        tries = [(change, wanted, None) for change, wanted in CASES]
        tries += [({}, wanted, oracle) for oracle, wanted in ORACLES]
        for change, wanted, oracle in tries:
            case = {k: v for k, v in {**GOOD, **change}.items() if v is not None}
            (folder / "case.json").write_text(json.dumps(case))
            if oracle:
                (folder / "oracle.py").write_text(oracle)
            found = complaint(run_cases.run_oracle, folder) if oracle else complaint(run_cases.run_case, folder, work)
            if (found is None) == (wanted is None) and (wanted or "") in (found or ""):
                passed += 1
            else:
                failed += 1
                print(f"FAIL  {change or oracle}: found {found!r}, wanted {wanted!r}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
