# SPDX-License-Identifier: MIT
"""Validates what --json prints against the schemas of sweeps/json, on stores of several kinds.

    check_json.py PROGRAM SOURCE_DIR STORE…

Each schema is that of the command of its name; the one of export is that of its format json. Without the package jsonschema (Debian: python3-jsonschema)
the exit status is 77. Every key that a schema requires must also be refused when it is missing: a schema
that accepts anything proves nothing.
"""
import copy
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    print("skipped: jsonschema is missing")
    sys.exit(77)

program, source, stores = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:]
schemas = {p.stem: json.loads(p.read_text()) for p in (source / "sweeps" / "json").glob("*.json")}
parts = schemas.pop("parts")
failed = 0
WORDS = {"export": ["--format", "json"]}


def validator(schema):
    # By inlining: the packages of Debian 12 and 13 differ in how they resolve references to files.
    text = json.dumps(schema).replace("parts.json#/$defs/", "#/$defs/")
    whole = json.loads(text)
    whole["$defs"] = parts["$defs"]
    jsonschema.Draft202012Validator.check_schema(whole)
    return jsonschema.Draft202012Validator(whole)


def report(ok, what):
    global failed
    failed += not ok
    print("ok   " if ok else "FAIL ", what)


for name, schema in sorted(schemas.items()):
    check = validator(schema)
    seen = 0
    for store in stores:
        got = subprocess.run([program, name, store, *WORDS.get(name, ["--json"])], capture_output=True, text=True)
        if got.returncode:  # a store without a trial has none to show
            report(got.returncode == 2 and got.stdout == "" and got.stderr.count("\n") == 1,
                   f"{name} {store} refuses: {got.stderr.strip()}")
            continue
        document = json.loads(got.stdout)
        errors = [f"{list(e.absolute_path)}: {e.message}" for e in check.iter_errors(document)]
        report(not errors, f"{name} {store}: {errors[:3] or 'valid'}")
        for key in schema["required"]:
            broken = copy.deepcopy(document)
            del broken[key]
            report(not check.is_valid(broken), f"{name}: {key} is required")
        seen += 1
    report(seen > 0, f"{name} was seen in {seen} stores")
sys.exit(failed > 0)
