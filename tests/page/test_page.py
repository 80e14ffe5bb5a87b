#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The page of `mlpsweep report` in a headless Chromium:

    test_page.py MLPSWEEP                 what it must do, whatever time it takes
    test_page.py MLPSWEEP --bench         first paint, and a brush at 10,000 trials, in milliseconds
    test_page.py MLPSWEEP --keep FOLDER   as the first, and leaves pages and screenshots in FOLDER

What the page shows is compared with what sqlite3 finds in the store. Exit status 77: no browser.
"""
import argparse
import contextlib
import json
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import chrome

HERE = pathlib.Path(__file__).resolve().parent
# Charts by the sweeps that have them; every one must have drawn something.
CHARTS = {
    "leaderboard": {"stopped", "ten-thousand", "goals"},
    "parallel": {"stopped", "ten-thousand", "goals"},
    "importance": {"ten-thousand", "goals"},
    "pair": {"stopped", "ten-thousand", "goals"},
    "slices": {"stopped", "ten-thousand", "goals"},
    "history": {"stopped", "ten-thousand", "goals"},
    "edf": {"stopped", "ten-thousand", "goals"},
    "curves": {"stopped", "goals"},
    "small": {"stopped", "goals"},
    "cost": {"stopped", "goals"},
    "failures": {"stopped", "goals", "ten-thousand"},
    "timeline": {"stopped", "ten-thousand", "goals"},
    "data-line": {"goals"},
    "provenance": {"stopped", "ten-thousand", "goals"},
}
# Whether a section has ink: marks in its SVGs and rows, or a canvas with a pixel that is not empty.
DRAWN = """(id => {
    const s = document.getElementById(id);
    if (!s) return "absent";
    const canvas = Array.from(s.querySelectorAll("canvas")).some(c => c.width && c.height &&
        c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(x => x));
    const marks = s.querySelectorAll("svg path, svg circle, svg rect, svg line, .row, tr, .stack div").length;
    const words = ["failures", "data-line"].includes(id) && s.querySelector(".body").textContent.length > 20;
    return canvas || marks > 3 || words ? "drawn" : "empty: " + s.textContent.slice(0, 80);
})"""
passed = failed = 0


def check(name, truth, found=""):
    global passed, failed
    passed, failed = passed + bool(truth), failed + (not truth)
    print(("ok    " if truth else "FAIL  ") + name + (f": {found}" if found != "" and not truth else ""))


def equal(name, found, wanted):
    check(name, found == wanted, f"found {found!r}, wanted {wanted!r}")


class Case:
    """A sweep, its store and its page."""

    def __init__(self, program, folder, name):
        self.name = name
        self.store = folder / f"{name}.db"
        self.page = folder / f"{name}.html"
        run = subprocess.run([program, "run", f"{name}.json", "--store", str(self.store), "--workers", "2", "--progress", "none"],
                             cwd=folder, capture_output=True, text=True)
        equal(f"{name}: the sweep ends", run.returncode in (0, 1), True)
        made = subprocess.run([program, "report", str(self.store)], cwd=folder, capture_output=True, text=True)
        equal(f"{name}: the report ends", (made.returncode, made.stderr), (0, ""))

    def ask(self, sql):
        with contextlib.closing(sqlite3.connect(self.store)) as db:
            return db.execute(sql).fetchall()


def middle(tab, selector):
    """The middle of an element that is scrolled into view, once the page has drawn what waits."""
    frames(tab)
    return tab.evaluate(f"""(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: "center"}});
        const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2, r.left, r.top, r.width, r.height]; }})()""")


def frames(tab):
    """Lets the page draw what waits for the next frames."""
    tab.evaluate("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(f))))")


def ranks(tab):
    return tab.evaluate("Array.from(document.querySelectorAll('.board .row')).map(r => Number(mlpsweep.current.frame.number[r.dataset.row]))")


def count(tab):
    return tab.evaluate("mlpsweep.current.selection.count")


def test_drawn(tab, case):
    tab.evaluate("mlpsweep.drawAll()")
    frames(tab)
    for chart, sweeps in CHARTS.items():
        if case.name in sweeps:
            equal(f"{case.name}: {chart} is drawn", tab.evaluate(DRAWN + f"('{chart}')"), "drawn")


def test_board(tab, case):
    sweep = case.ask("SELECT max(sweep_id) FROM sweep")[0][0]
    by_rank = [r[0] for r in case.ask(f"SELECT trial FROM leaderboard JOIN sweep ON sweep.name = sweep WHERE sweep_id = {sweep} ORDER BY rank LIMIT 8")]
    if case.name != "goals":  # ranked by fronts there
        equal(f"{case.name}: the leaderboard is the store's", ranks(tab)[:8], by_rank)
    x, y, *_ = middle(tab, ".board .cols button:nth-of-type(2)")  # trial
    tab.click(x, y)
    numbers = [r[0] for r in case.ask(f"SELECT number FROM trial WHERE sweep_id = {sweep} ORDER BY number LIMIT 8")]
    equal(f"{case.name}: sorted by trial", ranks(tab)[:8], numbers)
    tab.click(*middle(tab, ".board .cols button:nth-of-type(2)")[:2])
    last = [r[0] for r in case.ask(f"SELECT number FROM trial WHERE sweep_id = {sweep} ORDER BY number DESC LIMIT 8")]
    equal(f"{case.name}: and the other way round", ranks(tab)[:8], last)
    tab.click(*middle(tab, ".board .cols button:nth-of-type(1)")[:2])
    tab.evaluate("document.querySelector('.board').scrollTop = 1e9")
    frames(tab)
    check(f"{case.name}: scrolls to the last rank", tab.evaluate("mlpsweep.current.frame.n - 1 === Number(Array.from(document.querySelectorAll('.board .row')).pop().dataset.index)"))
    check(f"{case.name}: and holds few rows", tab.evaluate("document.querySelectorAll('.board .row').length") < 60)
    tab.evaluate("document.querySelector('.board').scrollTop = 0")


def test_filter(tab, case):
    sweep = case.ask("SELECT max(sweep_id) FROM sweep")[0][0]
    text, sql = {"stopped": ("lr<0.05", "name = 'lr' AND value < 0.05"), "ten-thousand": ("a>0", "name = 'a' AND value > 0"),
                 "goals": ("learning_rate=0.01", "name = 'learning_rate' AND value = 0.01")}[case.name]
    wanted = case.ask(f"SELECT count(*) FROM param JOIN trial USING (trial_id) WHERE sweep_id = {sweep} AND {sql}")[0][0]
    box = "document.getElementById('filter')"
    tab.evaluate(f"{box}.value = '{text}'; {box}.dispatchEvent(new Event('input'))")
    equal(f"{case.name}: filter {text}", count(tab), wanted)
    equal(f"{case.name}: the bar says so", tab.evaluate("document.querySelector('#bar .n').textContent.split(' of ')[0].replace(',', '')"), str(wanted))
    tab.evaluate("mlpsweep.current.selection.clear()")
    equal(f"{case.name}: all again", count(tab), tab.evaluate("mlpsweep.current.frame.n"))
    equal(f"{case.name}: the box is empty", tab.evaluate(f"{box}.value"), "")


def test_brush(tab, case):
    _, _, left, top, width, height = middle(tab, "#history .stage")
    tab.drag(left + 60, top + 30, left + width / 2, top + height - 40)
    frames(tab)
    found = count(tab)
    check(f"{case.name}: a brush over the history selects", 0 < found < tab.evaluate("mlpsweep.current.frame.n"), found)
    tab.evaluate("document.getElementById('leaderboard').scrollIntoView()")
    tab.wait(f"document.querySelector('.board .rows').style.height === '{31 * found}px'")
    equal(f"{case.name}: and the leaderboard has no other", tab.evaluate("Number(document.querySelector('.board .rows').style.height.replace('px', '')) / 31"), found)
    tab.evaluate("mlpsweep.current.selection.clear()")
    equal(f"{case.name}: the brush is gone", tab.evaluate("document.querySelector('#history .brush .selection').style.display"), "none")


def test_axes(tab, case):
    """A brush along an axis of the parallel coordinates, by mouse and by keyboard, against the store."""
    sweep = case.ask("SELECT max(sweep_id) FROM sweep")[0][0]
    _, _, left, top, width, height = middle(tab, "#parallel g.brush .overlay")  # the first parameter
    name, lo, hi = tab.evaluate("(f => [f.params[0].name, f.params[0].lo, f.params[0].hi])(mlpsweep.current.frame)")
    tab.drag(left + width / 2, top + height / 2, left + width / 2, top + height - 2)
    frames(tab)
    selected = tab.evaluate("Array.from(mlpsweep.current.frame.number).filter((_, row) => mlpsweep.current.selection.mask[row])")
    values = dict(case.ask(f"SELECT number, value FROM param JOIN trial USING (trial_id) WHERE sweep_id = {sweep} AND name = '{name}'"))
    check(f"{case.name}: a brush on the axis of {name} selects some", 0 < len(selected) < len(values), len(selected))
    if all(isinstance(v, (int, float)) for v in values.values()):
        kept, others = [values[n] for n in selected], [v for n, v in values.items() if n not in set(selected)]
        check(f"{case.name}: namely the smaller values", max(kept) <= min(others), (max(kept), min(others)))
    check(f"{case.name}: and the bar names it", name.split(".")[-1] in tab.evaluate("document.querySelector('#bar .chip').textContent"))
    tab.evaluate("document.querySelector('#parallel g.brush').focus()")
    before = count(tab)
    for _ in range(4):
        tab.key("ArrowUp")
    moved = count(tab)
    tab.key("Escape")
    check(f"{case.name}: arrows move it", moved > 0 and tab.evaluate("mlpsweep.current.selection.filters().length") == 0, (before, moved))
    equal(f"{case.name}: escape removes it", count(tab), len(values) if case.name != "goals" else tab.evaluate("mlpsweep.current.frame.n"))


def test_pick(tab, case):
    """Checking a trial draws its curves."""
    if case.name == "ten-thousand":
        return
    tab.evaluate("mlpsweep.current.selection.pickOnly([])")
    tab.evaluate("document.getElementById('small').scrollIntoView()")
    tab.wait("document.querySelectorAll('#small figure').length === 0")
    equal(f"{case.name}: no trial, no curves", tab.evaluate("document.querySelectorAll('#small figure').length"), 0)
    tab.evaluate("document.getElementById('leaderboard').scrollIntoView()")
    tab.wait("document.querySelector('.board .row input') && document.querySelector('.board .rows').style.height === 31 * mlpsweep.current.frame.n + 'px'")
    frames(tab)
    tab.click(*middle(tab, ".board .row input")[:2])
    tab.evaluate("document.getElementById('small').scrollIntoView()")
    tab.wait("document.querySelectorAll('#small figure').length === 1")
    equal(f"{case.name}: a checked trial has its picture", tab.evaluate("document.querySelectorAll('#small figure').length"), 1)


def test_hover(tab, case):
    tab.evaluate("document.getElementById('leaderboard').scrollIntoView()")
    tab.wait("document.querySelector('.board .row .cell') !== null")
    frames(tab)
    x, y, *_ = middle(tab, ".board .row .cell")
    tab.move(x, y)
    check(f"{case.name}: hovering marks a trial", tab.evaluate("mlpsweep.current.selection.hovered >= 0"))
    place = tab.evaluate("""(() => { document.querySelector('#history .stage').scrollIntoView({block: "center"});
        const f = mlpsweep.current.frame, s = document.querySelector('#history .stage').getBoundingClientRect(); return [s.left, s.top, s.width, s.height]; })()""")
    found = False
    for k in range(60):
        tab.move(place[0] + 60 + (place[2] - 80) * (k % 12) / 12, place[1] + 30 + (place[3] - 80) * (k // 12) / 5)
        if tab.evaluate("!document.getElementById('tip').hidden"):
            found = True
            break
    check(f"{case.name}: hovering tells of a trial", found and "trial" in tab.evaluate("document.getElementById('tip').textContent"))
    tab.move(2, 2)


def test_case(browser, case, keep):
    for width, dark in ((1280, False), (400, True)):
        tab = browser.open(case.page, width=width, height=900, dark=dark)
        test_drawn(tab, case)
        equal(f"{case.name}: nothing wider than {width} pixels", tab.evaluate("document.documentElement.scrollWidth"), width)
        if width == 1280:
            for test in (test_board, test_filter, test_brush, test_axes, test_pick, test_hover):
                test(tab, case)
        if keep:
            tab.screenshot(keep / f"{case.name}-{width}.png")
        equal(f"{case.name}: no complaint at {width} pixels", tab.complaints(), [])
        tab.close()


ODD = {
    "no-trials": "PRAGMA foreign_keys = ON; DELETE FROM trial",
    "no-results": "DELETE FROM epoch_metric; DELETE FROM attempt; UPDATE execution SET state = 'waiting', outcome = NULL, objective = NULL, best_epoch = NULL",
    "no-text": "UPDATE sweep SET text = 'not a sweep file'",
    "evil": "UPDATE sweep SET name = '</script><img src=x onerror=alert(1)>'; UPDATE param SET text = '<b>' || char(27) || text; UPDATE attempt SET message = '<script>alert(1)</script>'",
    "one-trial": "PRAGMA foreign_keys = ON; DELETE FROM trial WHERE number <> (SELECT trial FROM leaderboard LIMIT 1)",
    "infinite": "UPDATE execution SET objective = 9e999 WHERE execution_id % 3 = 0 AND objective IS NOT NULL; UPDATE epoch_metric SET value = NULL WHERE epoch = 2",
}


def test_odd(browser, program, folder, case, keep):
    """Stores that lack what a page would like to show: it opens, says so, and complains of nothing."""
    for name, sql in ODD.items():
        store, page = folder / f"{name}.db", folder / f"{name}.html"
        shutil.copy(case.store, store)
        with contextlib.closing(sqlite3.connect(store)) as db:
            db.executescript(sql)
        made = subprocess.run([program, "report", str(store)], capture_output=True, text=True)
        equal(f"{name}: the report ends", (made.returncode, made.stderr), (0, ""))
        tab = browser.open(page)
        tab.evaluate("mlpsweep.drawAll()")
        frames(tab)
        check(f"{name}: has a head", tab.evaluate("document.querySelector('h1').textContent.length > 0"))
        equal(f"{name}: no markup of the store", tab.evaluate("document.querySelectorAll('main img, h1 img, main b > b, main script').length"), 0)
        if keep:
            tab.screenshot(keep / f"odd-{name}.png")
        equal(f"{name}: no complaint", tab.complaints(), [])
        tab.close()


def test_together(browser, program, folder, case):
    """Two stores in one page: all trials in one ranking, and what differs between the files."""
    other, page = folder / "other.db", folder / "both.html"
    shutil.copy(case.store, other)
    with contextlib.closing(sqlite3.connect(other)) as db:
        db.executescript("UPDATE sweep SET text = replace(text, '\"seed\": 5', '\"seed\": 6'); UPDATE execution SET objective = objective - 1")
    made = subprocess.run([program, "report", str(case.store), str(other), "-o", str(page)], capture_output=True, text=True)
    equal("together: the report ends", (made.returncode, made.stderr), (0, ""))
    tab = browser.open(page)
    tab.evaluate("mlpsweep.drawAll()")
    frames(tab)
    equal("together: all trials", count(tab), 2 * case.ask("SELECT count(*) FROM trial")[0][0])
    equal("together: the better sweep is first", tab.evaluate("(f => f.sweeps[f.sweepOf[f.byPlace[0]]].store)(mlpsweep.current.frame)"), "other.db")
    rows = tab.evaluate("Array.from(document.querySelectorAll('#compare tr')).map(r => Array.from(r.children).map(c => c.textContent))")
    equal("together: the field that differs", [r for r in rows if r[0] == "seed"], [["seed", "5", "6"]])
    tab.evaluate("(s => { s.selectedIndex = 1; s.dispatchEvent(new Event('change')); })(document.querySelector('#which select'))")
    tab.evaluate("mlpsweep.drawAll()")
    equal("together: one of them alone", count(tab), case.ask("SELECT count(*) FROM trial")[0][0])
    equal("together: no complaint", tab.complaints(), [])
    tab.close()


def test_running(browser, program, folder):
    """A snapshot of a sweep whose second trial waits for a file that the test makes afterwards."""
    (folder / "wait.json").write_text(json.dumps({
        "name": "wait", "objective": {"command": ["sh", "-c", "[ $0 = 0 ] || while [ ! -e go ]; do sleep 0.1; done; echo '{{\"loss\": 0.5}}'", "{x}"], "metric": "loss"},
        "params": {"x": {"choice": [0, 1]}}, "search": {"method": "grid"}}))
    store = folder / "wait.db"
    run = subprocess.Popen([program, "run", "wait.json", "--store", str(store), "--workers", "1", "--progress", "none"], cwd=folder)
    end = time.monotonic() + chrome.WAIT
    done = 0
    while not done and time.monotonic() < end:
        time.sleep(0.05)
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as db:
            done = db.execute("SELECT count(*) FROM execution WHERE state = 'done'").fetchone()[0]
    equal("running: one trial has ended", done, 1)
    made = subprocess.run([program, "report", str(store)], cwd=folder, capture_output=True, text=True)
    (folder / "go").touch()
    equal("running: the report ends", (made.returncode, made.stderr), (0, ""))
    equal("running: and so does the run", run.wait(), 0)
    tab = browser.open(folder / "wait.html")
    tab.evaluate("mlpsweep.drawAll()")
    check("running: the page says so", "running" in tab.evaluate("document.querySelector('.eyebrow').textContent"))
    equal("running: one result", tab.evaluate("mlpsweep.current.frame.scored"), 1)
    equal("running: no complaint", tab.complaints(), [])
    tab.close()


def test_output(program, folder, case):
    """Pages replace pages and nothing else; a failure leaves nothing."""
    def report(*words):
        return subprocess.run([program, "report", *map(str, words)], cwd=folder, capture_output=True, text=True)
    equal("a page replaces a page", report(case.store).returncode, 0)
    (folder / "mine.html").write_text("mine")
    equal("and no other file", (report(case.store, "-o", "mine.html").returncode, (folder / "mine.html").read_text()), (2, "mine"))
    equal("unless forced", report(case.store, "-o", "mine.html", "--force").returncode, 0)
    out = report(case.store, "-o", "-").stdout
    check("-: standard output", out.startswith("<!DOCTYPE html>") and out.rstrip().endswith("</html>"))
    check("nothing is fetched", "http" not in out.split('<script type="application/json"')[0].lower().replace("http-equiv", ""))
    equal("no store", report("none.db").returncode, 2)
    check("and no page", not (folder / "none.html").exists() and not list(folder.glob("*.part*")))


def bench(browser, case):
    """First paint and brushes in milliseconds: until the frame after the one in which the filter was set is begun."""
    paints, brushes = [], {}
    for _ in range(3):
        tab = browser.open(case.page, width=1280, height=900)
        tab.evaluate("new Promise(f => setTimeout(f, 3000))")
        paints.append(tab.evaluate("performance.getEntriesByType('paint').find(p => p.name === 'first-contentful-paint').startTime"))
        for chart in sorted(c for c in CHARTS if case.name in CHARTS[c] and c != "provenance"):
            tab.evaluate(f"document.getElementById('{chart}').scrollIntoView()")
            tab.evaluate("new Promise(f => setTimeout(f, 2000))")
            brushes.setdefault(chart, []).extend(tab.evaluate("""(async () => {
                const {frame, selection} = mlpsweep.current, times = [];
                for (let i = 0; i < 5; i++) {
                    const begin = performance.now();
                    selection.filter("bench", row => frame.params[0].values[row] > i - 4, "bench");
                    await new Promise(f => requestAnimationFrame(() => requestAnimationFrame(f)));
                    times.push(performance.now() - begin);
                }
                selection.clear();
                return times; })()"""))
        tab.close()
    paint = statistics.median(paints)
    print(f"first paint {paint:.0f} ms")
    check("first paint under 1,000 ms", paint < 1000, paint)
    for chart, times in brushes.items():
        print(f"brush, {chart} in sight: median {statistics.median(times):.0f} ms, largest {max(times):.0f} ms")
        check(f"a brush under 100 ms, {chart} in sight", statistics.median(times) < 100, statistics.median(times))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--keep", type=pathlib.Path)
    arguments.add_argument("--bench", action="store_true")
    args = arguments.parse_args()
    if not chrome.find():
        print("skipped: no chromium")
        return 77
    with tempfile.TemporaryDirectory(prefix="mlpsweep-page.") as name, chrome.Chrome() as browser:
        folder = pathlib.Path(name)
        for file in HERE.iterdir():
            if file.is_file():
                shutil.copy(file, folder)
        if args.bench:
            bench(browser, Case(str(pathlib.Path(args.program).resolve()), folder, "ten-thousand"))
        for sweep in () if args.bench else ("stopped", "goals", "ten-thousand"):
            case = Case(str(pathlib.Path(args.program).resolve()), folder, sweep)
            test_case(browser, case, args.keep)
            if sweep == "stopped":
                program = str(pathlib.Path(args.program).resolve())
                test_odd(browser, program, folder, case, args.keep)
                test_together(browser, program, folder, case)
                test_output(program, folder, case)
                test_running(browser, program, folder)
            if args.keep:
                shutil.copy(case.page, args.keep)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
