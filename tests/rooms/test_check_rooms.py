#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does check_rooms.py find what it is there for? Each case spoils a copy of the tree in one way, wants a
new problem with the words that name it, and no other, and mends the copy again.

    test_check_rooms.py ROOT ROOMS
"""
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
import check_rooms  # noqa: E402


def problems(check, root, table):
    house = check_rooms.House(root, table)
    check_rooms.CHECKS[check](house)
    return set(house.problems)


class Tree:
    """A copy of the tree whose files can be changed and all be put back."""

    def __init__(self, root):
        self.root = root
        self.kept = {}  # the bytes of every file that was changed; None: there was none

    def write(self, name, text):
        """The file becomes text; None removes it."""
        path = self.root / name
        self.kept.setdefault(path, path.read_bytes() if path.exists() else None)
        if text is None:
            path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def read(self, name):
        path = self.root / name
        return path.read_text() if path.exists() else ""

    def append(self, name, text):
        self.write(name, self.read(name) + text)

    def put_first(self, name, text):
        self.write(name, text + self.read(name))

    def replace(self, name, old, new):
        self.write(name, self.read(name).replace(old, new))

    def name_all(self, left_out=""):
        """A README.md of common/space with every file but one, in nine lines."""
        names = [f"`{p.name}`" for p in (self.root / "common/space").glob("*.[ch]") if p.name != left_out]
        self.write("common/space/README.md", "# space\n" + "\n" * 7 + " ".join(names) + "\n")

    def keep(self):
        """What was changed so far stays."""
        self.kept = {}

    def put_back(self):
        for path, content in self.kept.items():
            if content is not None:
                path.write_bytes(content)
                continue
            path.unlink()
            if not any(path.parent.iterdir()):  # a folder made for it
                path.parent.rmdir()
        self.kept = {}


PICTURE = """
                  room        is for                            rests on
    coordinator/  show        what people see                   store, rank
    common/       space       parameters                        base
"""
LONG = "\nstatic int ms_long(void)\n{\n" + "    ;\n" * 60 + "}\n"

# Check, what the case is called, how the tree is spoilt, the words of the one new problem.
CASES = [
    ("includes", "an include upward",
     lambda tree: tree.append("common/space/space.c", '#include "coordinator/store/store.h"\n'),
     "common/space/space.c includes coordinator/store/store.h: space may not use store"),
    ("includes", "a contract of a room above",
     lambda tree: tree.append("common/space/space.c", '#include "mlpsweep/sweep.h"\n'),
     "common/space/space.c includes mlpsweep/sweep.h: space may not use sweep"),
    ("includes", "a contract that includes one above",
     lambda tree: tree.append("include/mlpsweep/rng.h", '#include "mlpsweep/train.h"\n'),
     "include/mlpsweep/rng.h includes mlpsweep/train.h: base may not use train"),
    ("includes", "a way past the folder",
     lambda tree: tree.append("common/space/space.c", '#include "../base/status.h"\n'),
     'common/space/space.c includes "../base/status.h", which is neither'),
    ("includes", "another room's header without its folder",
     lambda tree: tree.append("common/space/space.c", '#include "store.h"\n'),
     'common/space/space.c includes "store.h", which is neither'),
    ("includes", "a library of another room",
     lambda tree: tree.append("common/space/space.c", "#include <sqlite3.h>\n"),
     "common/space/space.c includes <sqlite3.h>: only coordinator/export/export_optuna.c and "
     "coordinator/source/read_sqlite.c and coordinator/store may"),
    ("includes", "a library of one file beside it",
     lambda tree: tree.append("coordinator/source/file.c", "#include <sqlite3.h>\n"),
     "coordinator/source/file.c includes <sqlite3.h>: only coordinator/export/export_optuna.c and "
     "coordinator/source/read_sqlite.c and coordinator/store may"),
    ("includes", "a library in a contract",
     lambda tree: tree.append("include/mlpsweep/comm.h", "#include <mpi.h>\n"),
     "include/mlpsweep/comm.h includes <mpi.h>: only common/mpi may"),
    ("includes", "a contract without a room",
     lambda tree: tree.append("include/mlpsweep/foundling.h", "\n"),
     "include/mlpsweep/foundling.h: include/mlpsweep/README.md does not give its room"),
    ("includes", "a folder that is no room",
     lambda tree: tree.append("common/cellar/wine.c", "\n"),
     "common/cellar/wine.c: common/cellar is no room"),
    ("picture", "a room that is not shown",
     lambda tree: tree.replace("README.md", "    common/       space       parameters                        base\n", ""),
     "README.md: the picture does not show space"),
    ("picture", "an arrow that the table does not have",
     lambda tree: tree.replace("README.md", "store, rank", "store, plan"),
     "README.md: in the picture show rests on plan, which it may not use"),
    ("readmes", "a room without README.md",
     lambda tree: tree.write("common/space/README.md", None), "common/space/README.md is missing"),
    ("readmes", "a file that README.md does not name",
     lambda tree: tree.name_all("space.c"), "common/space/README.md does not name space.c"),
    ("readmes", "a file in a folder of the room",
     lambda tree: tree.append("common/space/page/orbit.js", "\n"), "common/space/README.md does not name orbit.js"),
    ("readmes", "a long README.md",
     lambda tree: tree.append("common/space/README.md", "\n" * 20), "common/space/README.md has 29 lines"),
    ("tests", "a source without a test",
     lambda tree: tree.append("common/space/untested.c", "\n"),
     "common/space/untested.c: no tests/unit/space/test_untested.c"),
    ("tests", "a test that does not exist",
     lambda tree: tree.append("common/space/README.md", "Tested elsewhere: by `tests/mpi/test_nothing.sh`\n"),
     "common/space/README.md: tests/mpi/test_nothing.sh does not exist"),
    ("heads", "a source without a licence",
     lambda tree: tree.put_first("common/space/space.c", "\n"),
     "common/space/space.c: the first line is not"),
    ("heads", "a source without a purpose",
     lambda tree: tree.put_first("common/space/space.c",
                            "// SPDX-License-Identifier: MIT\n#include <math.h>\n#include <stdio.h>\n"),
     "common/space/space.c does not open with its purpose"),
    ("sizes", "a long script",
     lambda tree: tree.append("common/space/page/orbit.js", "\n" * 501), "common/space/page/orbit.js has 501 lines"),
    ("sizes", "a long source",
     lambda tree: tree.append("common/space/space.c", "// more\n" * 500), "common/space/space.c has "),
    ("sizes", "a long function",
     lambda tree: tree.append("common/space/functions.c", LONG), "ms_long has 63 lines, more than 60"),
    ("sizes", "a long README.md",
     lambda tree: tree.append("README.md", "word " * 9000), "README.md has "),
]


def copy(root, folder):
    """What the checks read of a tree, independent of its own README.md files."""
    only = shutil.ignore_patterns("corpus", "*.json", "*.py", "*.expect", "*.npz")
    for part in ("common", "worker", "coordinator", "include", "tests"):
        shutil.copytree(root / part, folder / part, ignore=only)
    tree = Tree(folder)
    tree.write("README.md", PICTURE)
    tree.name_all()
    tree.keep()
    return tree


def report(good, check, title, found=""):
    print(f"{'ok  ' if good else 'FAIL'}  {check}: {title}{found}")
    return not good


def main(root, table):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = copy(root, pathlib.Path(folder) / "tree")
        # The clean tree's own problems, by check.
        before = {check: problems(check, tree.root, table) for check in {case[0] for case in CASES}}
        for check, title, spoil, words in CASES:
            spoil(tree)
            new = problems(check, tree.root, table) - before[check]
            failed += report(len(new) == 1 and words in next(iter(new)), check, title, f": {sorted(new)}")
            tree.put_back()
        for check, clean in sorted(before.items()):
            failed += report(problems(check, tree.root, table) == clean, check, "the tree is as it was")
        ring = pathlib.Path(folder) / "rooms.txt"
        ring.write_text(table.read_text().replace("common/base:", "common/base: store"))
        found = problems("includes", tree.root, ring)
        good = any(p.startswith("a ring of rooms: base uses store uses") for p in found)
        failed += report(good, "includes", "a ring of rooms")
    print(f"{len(CASES) + len(before) + 1} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
