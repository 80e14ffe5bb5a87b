#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every query of sweeps/queries.md prints what the page says, on a store that is made here:

    queries.py PROGRAM ROOT            checks; the exit status is 1 if something differs
    queries.py PROGRAM ROOT --write    puts what sqlite3 prints into the page

The store has two sweeps of a made-up program, whose metrics are rounded, so that they are the same on
every machine. Times, hosts and test results, which no two runs share, are set afterwards by rules.
Outputs are compared cell by cell, as versions of sqlite3 draw boxes differently.
"""
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile

TRAIN = """# metrics of a made-up training, by the numbers of the trial and the execution
BEGIN {
    noise = (trial * 7919 + execution * 104729 + 12345) % 1000 / 1000 - 0.5
    if (rate >= 0.1)
        noise *= 3
    quality = (optimizer == "adam" ? 0.9 : momentum > 0 ? 0.87 : 0.8) + units / 1000
    speed = rate < 0.005 ? 0.25 : rate < 0.05 ? 0.7 : 0.5
    for (e = 1; e <= 8; e++) {
        if (rate >= 0.1 && momentum > 0 && e == 3) {
            print "loss is nan in epoch 3" > "/dev/stderr"
            exit 1
        }
        done = 1 - exp(-speed * e)
        printf "{\\"epoch\\": %d, \\"loss\\": %.4f, \\"val_loss\\": %.4f, \\"accuracy\\": %.4f, ", e,
            1 - quality * done, 1.05 - quality * done + 0.004 * e * units / 32 + 0.02 * noise, quality * done
        printf "\\"val_accuracy\\": %.4f, \\"size\\": %d}\\n", quality * done - 0.01 * units / 32 + 0.02 * noise,
            units * 12 + 4
    }
}
"""


def sweep(name, optimizer, rates, units, objectives):
    command = ["awk", "-f", "train.awk", "-vtrial={trial}", "-vexecution={execution}", "-voptimizer={optimizer}",
               "-vmomentum={optimizer.momentum}", "-vrate={learning_rate}", "-vunits={units}"]
    if "sgd" not in json.dumps(optimizer):
        command.remove("-vmomentum={optimizer.momentum}")
    first = {"command": [*command[:3], *command[3:]], "metric": "val_accuracy", "goal": "maximize"}
    return {"name": name, "seed": 1, "params": {"optimizer": {"choice": optimizer},
                                                 "learning_rate": {"choice": rates}, "units": {"choice": units}},
            "epochs": 8, "search": {"method": "grid", "executions_per_trial": 3},
            "objective": [first, *objectives] if objectives else first}


FIRST = sweep("first", [{"name": "sgd", "momentum": {"choice": [0, 0.9]}}, "adam"], [0.001, 0.01, 0.1], [8, 32], [])
SECOND = sweep("second", ["adam"], [0.003, 0.01, 0.03], [8, 16, 32, 64], [{"metric": "size", "goal": "minimize"}])

# Two workers on two hosts, one execution after the other; a worker waits half a second for each.
TIMES = """
CREATE TEMP TABLE plan AS
    SELECT a.execution_id, a.number, x.number AS execution, t.number AS trial, t.sweep_id,
           (a.execution_id + a.number) % 2 AS worker, 20 + (t.number * 7 + x.number * 3) % 11 * 6.5 AS wall_s
    FROM attempt AS a JOIN execution AS x USING (execution_id) JOIN trial AS t USING (trial_id);
CREATE TEMP TABLE clock AS
    SELECT *, sum(wall_s + 0.5) OVER (PARTITION BY sweep_id, worker ORDER BY execution_id, number)
              + 7200 * (sweep_id - 1) AS ended FROM plan;
UPDATE attempt SET
    worker_rank = 1 + c.worker, host = 'node' || (1 + c.worker), wall_s = c.wall_s, wait_s = 0.5,
    cpu_s = c.wall_s, max_rss_bytes = 50000000,
    started_at = strftime('%Y-%m-%d %H:%M:%f', '2026-01-31 12:00:00', (c.ended - c.wall_s) || ' seconds'),
    ended_at = strftime('%Y-%m-%d %H:%M:%f', '2026-01-31 12:00:00', c.ended || ' seconds')
    FROM clock AS c WHERE c.execution_id = attempt.execution_id AND c.number = attempt.number;
UPDATE run SET started_at = strftime('%Y-%m-%d %H:%M:%f', '2026-01-31 12:00:00', ((run_id - 1) * 7200) || ' seconds'),
    ended_at = (SELECT max(a.ended_at) FROM attempt AS a JOIN execution USING (execution_id)
                JOIN trial AS t USING (trial_id) WHERE t.sweep_id = run.sweep_id), host = 'node0', workers = 2;
UPDATE execution SET constant = trial_id = 2;
INSERT INTO test_metric SELECT x.execution_id, m.metric, x.best_epoch, round(m.value - 0.0125 + 0.002 * x.number, 4)
    FROM execution AS x JOIN epoch_metric AS m ON m.execution_id = x.execution_id AND m.epoch = x.best_epoch
        AND m.metric = 'val_accuracy'
    WHERE x.trial_id = (SELECT t.trial_id FROM leaderboard AS l JOIN trial AS t ON t.number = l.trial
                        JOIN sweep AS s ON s.sweep_id = t.sweep_id AND s.name = l.sweep
                        WHERE l.sweep = 'first' AND l.rank = 1);
UPDATE test_metric SET metric = 'accuracy';
"""


def make_store(program, folder):
    (folder / "train.awk").write_text(TRAIN)
    store = folder / "results.db"
    for s in (FIRST, SECOND):
        file = folder / f"{s['name']}.json"
        file.write_text(json.dumps(s))
        run = subprocess.run([program, "run", file, "--store", store, "--workers", "1", "--progress", "none"],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if run.returncode > 1:
            sys.exit(f"{s['name']}: {run.stdout}{run.stderr}")
    db = sqlite3.connect(store)
    db.executescript(TIMES)
    db.commit()
    db.close()
    return store


def cells(text):
    """The cells of a box, a tuple a row."""
    rows = []
    for line in text.strip().splitlines():
        if line.startswith("│"):
            rows.append(tuple(cell.strip() for cell in line.strip("│").split("│")))
    return rows


SECTION = re.compile(r"^## (.+?)\n(.*?)^```sql\n(.*?)^```\n(\n```text\n(.*?)^```\n)?", re.M | re.S)


def main(program, root, write):
    page = pathlib.Path(root) / "sweeps/queries.md"
    text = page.read_text()
    sections = list(SECTION.finditer(text))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(str(pathlib.Path(program).resolve()), pathlib.Path(folder))
        for match in reversed(sections):
            title, query, printed = match.group(1), match.group(3), match.group(5)
            done = subprocess.run(["sqlite3", "-batch", "-readonly", "-cmd", ".mode box --wrap 0", store, query],
                                  capture_output=True, text=True)
            good = done.returncode == 0 and done.stdout.strip()
            if write and good:
                text = text[:match.end(3)] + f"```\n\n```text\n{done.stdout}```\n" + text[match.end():]
            elif not good or cells(printed or "") != cells(done.stdout):
                failed += 1
                print(f"FAIL  {title}: printed\n{printed}sqlite3 says\n{done.stdout}{done.stderr}")
    if write:
        page.write_text(text)
    if len(sections) < 15:
        failed += 1
        print(f"FAIL  the page has {len(sections)} queries that can be read, not 15 or more")
    print(f"{len(sections)} queries, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:] == ["--write"]))
