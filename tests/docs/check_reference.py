#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares the reference of sweep files (sweeps/*.md, README.md) with the program.

    check_reference.py fields   PROGRAM ROOT   names and defaults are those of `check --fields`
    check_reference.py examples PROGRAM ROOT   every example passes `check`
    check_reference.py links    PROGRAM ROOT   every page of the tree links to files that exist

A table of the reference follows a line that says what it lists:

    <!-- fields: data -->      the fields of a section:    | `field` | values | default | meaning |
                               (of the file itself: "top"; of an array's elements: "hidden[]")
    <!-- rows: optimizer -->   the rows of a table:        | `name` | `argument` default, … | meaning |
    <!-- shared: optimizer --> arguments of many rows:     | `argument` | values | default | meaning |

It lists all of them and nothing else. A default is written as the program writes it; `required` and
– (no default) are defaults too.

An example stands in a fence. ```jsonc is a whole sweep file; ```jsonc fragment is a part of one: its
members are laid over the smallest file that they make sense in.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

NETWORK = {"name": "example", "data": {"synthetic": "circles"}, "hidden": [{"units": 8}]}


def default_of(text):
    """The default in the parenthesis that ends a description: "what it is (a number; default 0)"."""
    found = re.search(r"\(((?:[^()]|\([^()]*\))*)\)$", text)
    for part in (found.group(1) if found else "").split("; "):
        if part == "required":
            return part
        if part.startswith("default "):
            return part.removeprefix("default ")
    return "–"


def program_tables(text):
    """Of `check --fields`: {("fields", "data"): {"synthetic": default, …}, ("rows", "optimizer"):
    {"adam": {"beta_1": default, …}, …}, ("shared", "optimizer"): {…}}."""
    # A description begins in column 31; one that does not fit goes on in the lines below it.
    entries = []
    for line in text.splitlines():
        if line.startswith(" " * 30) and entries:
            entries[-1] = f"{entries[-1].rstrip()}{'  ' if '  ' not in entries[-1].strip() else ' '}{line.strip()}"
        else:
            entries.append(line.rstrip())
    tables, section, path, row = {}, None, [], None
    for entry in entries:
        title = re.match(r"(\w[\w ]*): a name", entry)
        field = re.match(r"( *)([a-z0-9_]\w*)(?: {2,}(.*))?$", entry, re.I)
        group = re.match(r"( *)\w+ [\w ]+:(?: {2,}|$)", entry)  # "of a layer:", "and with many of them:"
        if title:
            section, row = title.group(1), None
            tables["rows", section] = {}
        elif field and section is None:  # a field of a sweep file
            depth = len(field.group(1)) // 2
            path = path[:depth] + [field.group(2)]
            tables.setdefault(("fields", ".".join(filter(None, path[:-1]))), {})[path[-1]] = default_of(field.group(3) or "")
        elif group and section is None and path:
            path = path[:len(group.group(1)) // 2]
            path = path[:-1] + [path[-1] + "[]"] + [""]
        elif group and section:
            row = tables.setdefault(("shared", section), {})
        elif field and len(field.group(1)) == 2:
            row = tables["rows", section][field.group(2)] = {}
        elif field:
            row[field.group(2)] = default_of(field.group(3) or "")
    return tables


def plain(cell):
    return cell.strip().strip("`")


def reference_tables(pages, problem):
    """The same of the pages."""
    tables = {}
    for page in pages:
        for kind, name, body in re.findall(r"^<!-- (fields|rows|shared): (.*?) *-->\n\n?((?:\|.*\n)+)", page.read_text(),
                                           re.M):
            name = "" if name == "top" else name
            table = tables.setdefault((kind, name), {})
            for line in body.splitlines()[2:]:
                cells = re.split(r"(?<!\\)\|", line)[1:-1]
                for entry in cells[0].split(", "):
                    if plain(entry) in table:
                        problem(f"{page.name}: {kind} {name}: {plain(entry)} stands there twice")
                    table[plain(entry)] = plain(cells[2]) if kind != "rows" else {
                        plain(argument): plain(value)
                        for argument, _, value in (part.partition(" ") for part in cells[1].strip().split(", ") if part)}
    return tables


def compare(program, reference, problem):
    for (kind, name), wanted in program.items():
        what = f"{kind} of {name}" if name else "fields of a sweep file"
        if (kind, name) not in reference:
            problem(f"no table of the {what}")
            continue
        found = reference[kind, name]
        for key in sorted(wanted.keys() - found.keys()):
            problem(f"{what}: {key} is missing in the reference")
        for key in sorted(found.keys() - wanted.keys()):
            problem(f"{what}: the program knows no {key}")
        for key in sorted(wanted.keys() & found.keys()):
            if kind != "rows":
                if wanted[key] != found[key]:
                    problem(f"{what}: {key} has the default {wanted[key]}, not {found[key]}")
                continue
            for argument in sorted(wanted[key].keys() | found[key].keys()):
                here, there = found[key].get(argument), wanted[key].get(argument)
                if here != there:
                    problem(f"{what}: {key}: {argument} is {here} in the reference and {there} in the program")
    for kind, name in reference.keys() - program.keys():
        problem(f"the program has no {kind} of {name}")


def check_fields(program, pages, problem):
    text = subprocess.run([program, "check", "--fields"], check=True, capture_output=True, text=True).stdout
    tables = program_tables(text)
    if len(tables) < 20:
        problem(f"only {len(tables)} tables could be read from check --fields")
    compare(tables, reference_tables(pages, problem), problem)
    return sum(len(table) for table in tables.values())


def without_comments(text):
    return re.sub(r'("(?:[^"\\]|\\.)*")|//[^\n]*', lambda found: found.group(1) or "", text)


def completed(fragment):
    """A fragment's members, laid over a sweep file that needs them."""
    members = json.loads("{" + without_comments(fragment).strip().rstrip(",") + "}")
    objective = members.get("objective", {})
    trains = not isinstance(objective, dict) or not {"function", "command"} & objective.keys()
    return json.dumps({**(NETWORK if trains else {"name": "example"}), **members}, indent=1)


def check_examples(program, pages, problem):
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        for page in pages:
            text = page.read_text()
            for found in re.finditer(r"^```(\w+)( fragment)?\n(.*?)^```$", text, re.M | re.S):
                language, fragment, body = found.groups()
                if language not in ("json", "jsonc"):
                    continue
                count += 1
                line = text.count("\n", 0, found.start()) + 1
                file = pathlib.Path(folder) / f"{page.stem}-{line}.json"
                try:
                    file.write_text(completed(body) if fragment else body)
                except json.JSONDecodeError as error:
                    problem(f"{page.name}:{line}: {error}")
                    continue
                run = subprocess.run([program, "check", str(file)], capture_output=True, text=True)
                if run.returncode != 0:
                    problem(f"{page.name}:{line}: {(run.stdout + run.stderr).replace(folder + '/', '').strip()}")
    return count


def check_links(_, pages, problem):
    """Of all pages of the tree around README.md, not only those of the reference."""
    root, count = pages[0].parent, 0
    for page in sorted(root.rglob("*.md")):
        if page.relative_to(root).parts[0].startswith("build"):
            continue
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            count += 1
            if not (page.parent / target).exists():
                problem(f"{page.relative_to(root)} links to {target}, which does not exist")
    return count


CHECKS = {"fields": check_fields, "examples": check_examples, "links": check_links}


def pages_of(root):
    return [root / "README.md", *sorted((root / "sweeps").glob("*.md"))]


def main(arguments):
    if len(arguments) != 3 or arguments[0] not in CHECKS:
        sys.exit(__doc__)
    problems = []
    count = CHECKS[arguments[0]](arguments[1], pages_of(pathlib.Path(arguments[2])), problems.append)
    for text in problems:
        print(text)
    print(f"{count} {arguments[0]}, {len(problems)} problems")
    return 1 if problems or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
