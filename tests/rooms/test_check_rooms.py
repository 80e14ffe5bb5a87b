#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Does check_rooms.py find what it is there for? Each case spoils a copy of the tree in one way and
wants a new problem with the words that name it, and no other.

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


def append(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + text)


def put_first(path, text):
    path.write_text(text + path.read_text())


def replace(path, old, new):
    path.write_text(path.read_text().replace(old, new))


def write_readme(tree, text):
    (tree / "common/space/README.md").write_text(text)


def name_all(tree, left_out=""):
    """A README.md of common/space with every file but one, in nine lines."""
    names = [f"`{p.name}`" for p in (tree / "common/space").glob("*.[ch]") if p.name != left_out]
    write_readme(tree, "# space\n" + "\n" * 7 + " ".join(names) + "\n")


PICTURE = """
                  room        is for                            rests on
    coordinator/  show        what people see                   store, rank
    common/       space       parameters                        base
"""
LONG = "\nstatic int ms_long(void)\n{\n" + "    ;\n" * 60 + "}\n"

# Check, what the case is called, how the tree is spoilt, the words of the one new problem.
CASES = [
    ("includes", "an include upward",
     lambda tree: append(tree / "common/space/space.c", '#include "coordinator/store/store.h"\n'),
     "common/space/space.c includes coordinator/store/store.h: space may not use store"),
    ("includes", "a contract of a room above",
     lambda tree: append(tree / "common/space/space.c", '#include "mlpsweep/sweep.h"\n'),
     "common/space/space.c includes mlpsweep/sweep.h: space may not use sweep"),
    ("includes", "a contract that includes one above",
     lambda tree: append(tree / "include/mlpsweep/rng.h", '#include "mlpsweep/train.h"\n'),
     "include/mlpsweep/rng.h includes mlpsweep/train.h: base may not use train"),
    ("includes", "a way past the folder",
     lambda tree: append(tree / "common/space/space.c", '#include "../base/status.h"\n'),
     'common/space/space.c includes "../base/status.h", which is neither'),
    ("includes", "another room's header without its folder",
     lambda tree: append(tree / "common/space/space.c", '#include "store.h"\n'),
     'common/space/space.c includes "store.h", which is neither'),
    ("includes", "a library of another room",
     lambda tree: append(tree / "common/space/space.c", "#include <sqlite3.h>\n"),
     "common/space/space.c includes <sqlite3.h>: only coordinator/store may"),
    ("includes", "a library in a contract",
     lambda tree: append(tree / "include/mlpsweep/comm.h", "#include <mpi.h>\n"),
     "include/mlpsweep/comm.h includes <mpi.h>: only common/mpi may"),
    ("includes", "a contract without a room",
     lambda tree: append(tree / "include/mlpsweep/foundling.h", "\n"),
     "include/mlpsweep/foundling.h: include/mlpsweep/README.md does not give its room"),
    ("includes", "a folder that is no room",
     lambda tree: append(tree / "common/cellar/wine.c", "\n"),
     "common/cellar/wine.c: common/cellar is no room"),
    ("picture", "a room that is not shown",
     lambda tree: replace(tree / "README.md", "    common/       space       parameters                        base\n", ""),
     "README.md: the picture does not show space"),
    ("picture", "an arrow that the table does not have",
     lambda tree: replace(tree / "README.md", "store, rank", "store, plan"),
     "README.md: in the picture show rests on plan, which it may not use"),
    ("readmes", "a room without README.md",
     lambda tree: (tree / "common/space/README.md").unlink(), "common/space/README.md is missing"),
    ("readmes", "a file that README.md does not name",
     lambda tree: name_all(tree, "space.c"), "common/space/README.md does not name space.c"),
    ("readmes", "a long README.md",
     lambda tree: append(tree / "common/space/README.md", "\n" * 20), "common/space/README.md has 29 lines"),
    ("tests", "a source without a test",
     lambda tree: append(tree / "common/space/untested.c", "\n"),
     "common/space/untested.c: no tests/unit/space/test_untested.c"),
    ("tests", "a test that does not exist",
     lambda tree: append(tree / "common/space/README.md", "Tested elsewhere: by `tests/mpi/test_nothing.sh`\n"),
     "common/space/README.md: tests/mpi/test_nothing.sh does not exist"),
    ("heads", "a source without a licence",
     lambda tree: put_first(tree / "common/space/space.c", "\n"),
     "common/space/space.c: the first line is not"),
    ("heads", "a source without a purpose",
     lambda tree: put_first(tree / "common/space/space.c",
                            "// SPDX-License-Identifier: MIT\n#include <math.h>\n#include <stdio.h>\n"),
     "common/space/space.c does not open with its purpose"),
    ("sizes", "a long source",
     lambda tree: append(tree / "common/space/space.c", "// more\n" * 500), "common/space/space.c has "),
    ("sizes", "a long function",
     lambda tree: append(tree / "common/space/functions.c", LONG), "ms_long has 63 lines, more than 60"),
    ("sizes", "a long README.md",
     lambda tree: append(tree / "README.md", "word " * 9000), "README.md has "),
]


def main(root, table):
    failed, before = 0, {}  # before: the clean tree's own problems, by check
    with tempfile.TemporaryDirectory() as folder:
        clean = pathlib.Path(folder) / "clean"
        for part in ("common", "worker", "coordinator", "include", "tests"):
            only = shutil.ignore_patterns("corpus", "*.json", "*.py", "*.expect", "*.npz")
            shutil.copytree(root / part, clean / part, ignore=only)
        # Independent of the tree's own README.md files.
        (clean / "README.md").write_text(PICTURE)
        name_all(clean)
        for number, (check, title, spoil, words) in enumerate(CASES):
            tree = pathlib.Path(folder) / str(number)
            shutil.copytree(clean, tree)
            if check not in before:
                before[check] = problems(check, tree, table)
            spoil(tree)
            new = problems(check, tree, table) - before[check]
            good = len(new) == 1 and words in next(iter(new))
            failed += not good
            print(f"{'ok  ' if good else 'FAIL'}  {check}: {title}: {sorted(new)}")
            shutil.rmtree(tree)
        ring = pathlib.Path(folder) / "rooms.txt"
        ring.write_text(table.read_text().replace("common/base:", "common/base: store"))
        good = any(p.startswith("a ring of rooms: base uses store uses") for p in problems("includes", clean, ring))
        failed += not good
        print(f"{'ok  ' if good else 'FAIL'}  includes: a ring of rooms")
    print(f"{len(CASES) + 1} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()))
