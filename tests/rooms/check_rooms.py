#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the sources to the rules of the house, one check a command:

    check_rooms.py includes ROOT ROOMS    a room includes only what the table of rooms allows
    check_rooms.py picture  ROOT ROOMS    README.md's picture has all rooms, and arrows that go down
    check_rooms.py readmes  ROOT ROOMS    every room's README.md names every file of its folder
    check_rooms.py tests    ROOT ROOMS    every source has its test, or its README.md says where
    check_rooms.py heads    ROOT ROOMS    every source opens with its licence and its purpose
    check_rooms.py sizes    ROOT ROOMS    no long source, no long function, no long README.md
    check_rooms.py names    ROOT ROOMS LIBRARIES    shared names begin with their room or file

ROOT is the tree, ROOMS the table that CMake writes into the build folder (rooms.txt, a line
"folder: rooms it may use" for each room), LIBRARIES the folder of the rooms' archives. Every
problem is printed on a line of its own; the exit status is 1 when there is any. There are no
exceptions: what the rules do not allow is changed in the sources or in CMakeLists.txt's table.
"""
import pathlib
import re
import subprocess
import sys

SOURCE_LINES = 500
FUNCTION_LINES = 60
README_WORDS = 1200
ROOM_README_LINES = range(5, 26)
CONTRACTS = "include/mlpsweep"

# Headers from outside that only some rooms, or files, may include.
OUTSIDE = {
    "sqlite3.h": {"coordinator/store", "coordinator/source/read_sqlite.c", "coordinator/export/export_optuna.c"},
    "cblas.h": {"worker/train", "coordinator/search"},
    "f77blas.h": {"coordinator/search"},
    "lapacke.h": {"coordinator/search"},
    "mpi.h": {"common/mpi"},
    "cJSON.h": {"common/base", "common/space", "common/sweep"},
    "zlib.h": {"coordinator/source", "worker/train"},
}


class House:
    """The rooms of a tree: `uses[name]` is a set of names, `folder[name]` where its sources lie."""

    def __init__(self, root, table):
        self.root = root
        self.problems = []
        self.folder = {}
        self.uses = {}
        for line in table.read_text().splitlines():
            folder, _, uses = line.partition(":")
            name = folder.rsplit("/", 1)[-1]
            self.folder[name] = folder
            self.uses[name] = set(uses.split())
        self.room_of = {folder: name for name, folder in self.folder.items()}

    def problem(self, text):
        self.problems.append(text)

    def path(self, path):
        return str(path.relative_to(self.root))

    def sources(self, name, endings=(".c", ".h")):
        folder = self.root / self.folder[name]
        return sorted(p for p in folder.iterdir() if p.suffix in endings)

    def files(self, folder):
        """The files of a room, those in folders below it included, unless these are rooms themselves."""
        below = tuple(f"{other}/" for other in self.folder.values() if other.startswith(f"{folder}/"))
        return [path for path in sorted((self.root / folder).rglob("*"))
                if path.is_file() and not self.path(path).startswith(below)]

    def all_sources(self):
        """Pairs of room and source; the contracts have the room "" ."""
        pairs = [(name, path) for name in self.folder for path in self.sources(name)]
        return pairs + [("", path) for path in sorted((self.root / CONTRACTS).glob("*.h"))]

    def contracts(self):
        """The room that each header of include/mlpsweep belongs to, by the table of its README.md:
        | `header.h` | room | … |"""
        readme = self.root / CONTRACTS / "README.md"
        rows = re.findall(r"^\| `(\w+\.h)` \| (\w+) \|", readme.read_text(), re.M) if readme.exists() else []
        return dict(rows)


def check_table(house):
    """Every folder of sources is a room, every room is known, and no room leads back to itself."""
    for top in ("common", "worker", "coordinator"):
        for path in sorted((house.root / top).rglob("*.[ch]")):
            folder = house.path(path.parent)
            if folder not in house.room_of:
                house.problem(f"{house.path(path)}: {folder} is no room of CMakeLists.txt")
    for name, uses in house.uses.items():
        for used in sorted(uses - house.folder.keys()):
            house.problem(f"{name} uses {used}, which is no room")
    ended = set()

    def visit(name, trail):
        if name in trail:
            ring = trail[trail.index(name):] + [name]
            house.problem("a ring of rooms: " + " uses ".join(ring))
        elif name not in ended:
            for used in sorted(house.uses.get(name, ())):
                visit(used, trail + [name])
            ended.add(name)

    for name in house.folder:
        visit(name, [])


def owner_of(house, path, included, contracts):
    """The room of an include of `path`, None (with a problem) when there is no such header."""
    where = house.path(path)
    if included.startswith("mlpsweep/"):
        header = included.removeprefix("mlpsweep/")
        if not (house.root / "include" / included).exists():
            house.problem(f"{where} includes {included}, which is not in {CONTRACTS}")
        elif header not in contracts:
            house.problem(f"{where} includes {included}, whose room {CONTRACTS}/README.md does not give")
        elif contracts[header] not in house.folder:
            house.problem(f"{CONTRACTS}/README.md: {header} belongs to {contracts[header]}, which is no room")
        else:
            return contracts[header]
        return None
    if "/" in included:
        folder = included.rsplit("/", 1)[0]
        if folder in house.room_of and (house.root / included).exists():
            return house.room_of[folder]
    elif (path.parent / included).exists():
        folder = house.path(path.parent)
        return house.room_of.get(folder, "")
    house.problem(f"{where} includes \"{included}\", which is neither in its own room nor in one named "
                  "from the root nor in mlpsweep/")
    return None


def check_includes(house):
    check_table(house)
    contracts = house.contracts()
    for name, path in house.all_sources():
        where = house.path(path)
        room = name or contracts.get(path.name)
        if room is None:
            house.problem(f"{where}: {CONTRACTS}/README.md does not give its room")
            continue
        for quote, included in re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', path.read_text(), re.M):
            if quote == "<":
                rooms = OUTSIDE.get(included.rsplit("/", 1)[-1])
                if rooms is not None and (not name or not rooms & {house.folder[room], house.path(path)}):
                    house.problem(f"{where} includes <{included}>: only {' and '.join(sorted(rooms))} may")
                continue
            owner = owner_of(house, path, included, contracts)
            if owner is not None and owner != room and owner not in house.uses.get(room, ()):
                house.problem(f"{where} includes {included}: {room} may not use {owner}")


def check_picture(house):
    """The picture is the indented block of README.md whose first line ends with "rests on"."""
    block = re.search(r"rests on\n((?:    .*\n)+)", (house.root / "README.md").read_text())
    rows = re.findall(r"^ {4}(?:\w+/)? +(\w+) {2,}.*? {2,}([a-z, ]+)$", block.group(1), re.M) if block else []
    rows = [(name, used.split(", ")) for name, used in rows if used != "all rooms"]
    drawn = [name for name, _ in rows]
    for name in house.folder:
        if name not in drawn + ["base", "coordinator"]:
            house.problem(f"README.md: the picture does not show {name}")
    for position, (name, used) in enumerate(rows):
        for other in used:
            if other not in house.uses.get(name, ()):
                house.problem(f"README.md: in the picture {name} rests on {other}, which it may not use")
            if other in drawn[:position]:
                house.problem(f"README.md: the picture shows {other} above {name}, which rests on it")


def names(text, file):
    """Whether a README names a file: `dense.c`, or `dense.[ch]` for both."""
    stem, ending = file.rsplit(".", 1)
    pair = ending in "ch" and f"{stem}.[ch]" in text
    return pair or re.search(rf"(?<![\w.]){re.escape(file)}(?![\w.])", text) is not None


def check_readmes(house):
    for folder in list(house.folder.values()) + [CONTRACTS]:
        readme = house.root / folder / "README.md"
        if not readme.exists():
            house.problem(f"{folder}/README.md is missing")
            continue
        text = readme.read_text()
        lines = len(text.splitlines())
        if folder != CONTRACTS and lines not in ROOM_README_LINES:
            house.problem(f"{folder}/README.md has {lines} lines, not {ROOM_README_LINES[0]} to "
                          f"{ROOM_README_LINES[-1]}")
        for path in house.files(folder):
            if path.name != "README.md" and not names(text, path.name):
                house.problem(f"{folder}/README.md does not name {path.name}")


def check_tests(house):
    for name, folder in house.folder.items():
        readme = house.root / folder / "README.md"
        text = readme.read_text() if readme.exists() else ""
        elsewhere = re.split(r"^#", text.partition("Tested elsewhere:")[2], maxsplit=1, flags=re.M)[0]
        listed = set(re.findall(r"`(\w+\.c)`", elsewhere))
        sources = house.sources(name, (".c",))
        for path in sources:
            test = f"tests/unit/{name}/test_{path.name}"
            if not (house.root / test).exists() and path.name not in listed:
                house.problem(f"{house.path(path)}: no {test}, and {folder}/README.md does not list it "
                              "behind \"Tested elsewhere:\"")
        for file in sorted(listed - {path.name for path in sources}):
            house.problem(f"{folder}/README.md: {file}, tested elsewhere, does not exist")
        for path in sorted(set(re.findall(r"tests/[\w/.-]*\w", elsewhere))):
            if not (house.root / path).exists():
                house.problem(f"{folder}/README.md: {path} does not exist")


def check_heads(house):
    for _, path in house.all_sources():
        head = path.read_text().splitlines()[:3]
        if head[:1] != ["// SPDX-License-Identifier: MIT"]:
            house.problem(f"{house.path(path)}: the first line is not // SPDX-License-Identifier: MIT")
        elif not any(re.match(r"// \S", line) for line in head[1:]):
            house.problem(f"{house.path(path)} does not open with its purpose, a // comment under the licence")


def functions(lines):
    """Name, first line and length of every function of a formatted source: braces in column 1."""
    for end, line in enumerate(lines):
        if line != "}":
            continue
        start = end
        while start > 0 and lines[start] != "{":
            start -= 1
        while start > 0 and re.match(r"[^/#}\s]|\s+\S", lines[start - 1]):
            start -= 1
        signature = " ".join(lines[start:end]).split("{")[0]
        name = re.search(r"(\w+)\(", signature)
        yield (name.group(1) if name else "?"), start + 1, end - start + 1


def check_sizes(house):
    for _, path in house.all_sources():
        lines = path.read_text().splitlines()
        if len(lines) > SOURCE_LINES:
            house.problem(f"{house.path(path)} has {len(lines)} lines, more than {SOURCE_LINES}")
        for name, first, length in functions(lines):
            if length > FUNCTION_LINES:
                house.problem(f"{house.path(path)}:{first}: {name} has {length} lines, more than {FUNCTION_LINES}")
    for path in (path for folder in house.folder.values() for path in house.files(folder) if path.suffix == ".js"):
        lines = len(path.read_text().splitlines())
        if lines > SOURCE_LINES:
            house.problem(f"{house.path(path)} has {lines} lines, more than {SOURCE_LINES}")
    words = len((house.root / "README.md").read_text().split())
    if words > README_WORDS:
        house.problem(f"README.md has {words} words, more than {README_WORDS}")


def check_names(house, libraries):
    """A shared name is ms_<room>_… or its first word begins the file's name: ms_gp_fit in gp.c."""
    for room in house.folder:
        archive = libraries / ("libcli.a" if room == "coordinator" else f"lib{room}.a")
        if room == "base":
            continue
        listing = subprocess.run(["nm", "-A", "--defined-only", "--extern-only", str(archive)], check=True,
                                 capture_output=True, text=True).stdout
        for line in listing.splitlines():
            file, name = re.search(r":([^:]+)\.c\.o(?:bj)?:", line).group(1), line.split()[-1]
            first = re.match(r"ms_([a-z0-9]+)", name)
            if name.startswith("__"):  # a sanitizer's own
                continue
            if not first or not (first.group(1) == room or file.startswith(first.group(1))):
                house.problem(f"{house.folder[room]}/{file}.c: {name} begins neither with ms_{room}_ nor with the "
                              "file's name")


CHECKS = {"includes": check_includes, "picture": check_picture, "readmes": check_readmes, "tests": check_tests,
          "heads": check_heads, "sizes": check_sizes, "names": check_names}


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in CHECKS or len(arguments) != (4 if arguments[0] == "names" else 3):
        sys.exit(__doc__)
    house = House(pathlib.Path(arguments[1]).resolve(), pathlib.Path(arguments[2]))
    CHECKS[arguments[0]](house, *map(pathlib.Path, arguments[3:]))
    for problem in house.problems:
        print(problem)
    print(f"{len(house.folder)} rooms, {len(house.problems)} problems")
    return 1 if house.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
