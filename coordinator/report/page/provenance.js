// SPDX-License-Identifier: MIT
//
// What stands behind the numbers: how several sweeps differ, the data, the program and machines,
// the command, and the sweep file itself.

// A sweep file without its comments, parsed; null where that fails.
function parsedFile(text) {
    try {
        return JSON.parse(text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*/g, (all, string) => string || ""));
    } catch (problem) {
        return null;
    }
}
function flatten(value, path, to) {
    if (value && typeof value === "object" && !Array.isArray(value)) Object.keys(value).forEach(k => flatten(value[k], path ? path + "." + k : k, to));
    else to[path] = JSON.stringify(value);
    return to;
}

// Fields in which sweep files differ: [path, [text by sweep]].
page.differences = function (sweeps) {
    const files = sweeps.map(s => flatten(parsedFile(s.text) || {}, "", {})), paths = new Set();
    files.forEach(f => Object.keys(f).forEach(p => paths.add(p)));
    return Array.from(paths).map(p => [p, files.map(f => f[p] === undefined ? "–" : f[p])]).filter(([, texts]) => new Set(texts).size > 1);
};

const compareFacts = [
    ["best", (s, t) => t.best], ["trials with a result", (s, t) => page.count(t.n)], ["cannot be told apart", (s, t) => t.tied],
    ["executions", s => page.count(s.counts.done + s.counts.failed)], ["failed", s => page.count(s.counts.failed)], ["training time", (s, t) => page.duration(t.seconds)],
];

function totalsOf(frame, i) {
    const rows = Array.from(frame.byPlace).filter(row => frame.sweepOf[row] === i), best = rows.find(row => frame.n_of[row] > 0), text = page.digits(frame);
    return {n: rows.filter(row => frame.n_of[row] > 0).length, seconds: d3.sum(rows, row => frame.wall_s[row] || 0),
            tied: page.count(d3.sum(rows, row => frame.tied[row])),
            best: best === undefined ? "–" : `trial ${frame.number[best]}: ${text(frame.mean[best])}${frame.sd[best] >= 0 ? " ± " + text(frame.sd[best]) : ""}`};
}

function buildCompare(panel) {
    const frame = panel.frame, table = el("table", {class: "plain"}), totals = frame.sweeps.map((s, i) => totalsOf(frame, i));
    const scroll = el("div", {class: "scroll-x"}, table);
    table.append(el("tr", {}, el("th", {}, ""), ...frame.sweeps.map(s => el("th", {}, s.title))));
    compareFacts.forEach(([name, of]) => table.append(el("tr", {}, el("th", {}, name), ...frame.sweeps.map((s, i) => el("td", {}, of(s, totals[i]))))));
    const differences = page.differences(frame.sweeps);
    differences.slice(0, 60).forEach(([path, texts]) => table.append(el("tr", {}, el("th", {}, path), ...texts.map(t => el("td", {}, page.cut(t, 160))))));
    panel.body.append(scroll);
    if (!differences.length) panel.body.append(el("p", {class: "note"}, "Their sweep files are the same: they are stages of one file, or runs of it into several stores."));
    if (differences.length > 60) panel.body.append(el("p", {class: "note"}, `and ${differences.length - 60} more`));
    return {};
}

function buildData(panel) {
    panel.frame.sweeps.forEach(s => {
        const lines = s.data.filter(l => !l.startsWith("note: "));
        if (panel.frame.sweeps.length > 1 && s.data.length) panel.body.append(el("h3", {}, s.title));
        lines.forEach(l => panel.body.append(el("p", {class: l.startsWith("warning") ? "warn" : "note"}, l.replace(/^data: /, ""))));
        const notes = s.data.filter(l => l.startsWith("note: "));
        if (notes.length) panel.body.append(el("details", {}, el("summary", {}, `What was assumed (${notes.length})`), ...notes.map(l => el("p", {class: "note"}, l.slice(6)))));
        if (s.files.length) {
            const table = el("table", {class: "plain"}, el("tr", {}, el("th", {}, "file"), el("th", {class: "right"}, "bytes"), el("th", {}, "sha256")));
            s.files.forEach(f => table.append(el("tr", {}, el("td", {}, `${f.path} (${f.part})`), el("td", {class: "right"}, page.count(f.bytes)), el("td", {}, el("code", {title: f.sha256}, f.sha256)))));
            panel.body.append(table);
        }
    });
    return {};
}

function runRows(s) {
    const r = s.run, start = r.started_at && r.started_at.slice(0, 19), end = r.ended_at && r.ended_at.slice(0, 19);
    return [["run again", r.command_line && el("code", {}, r.command_line)], ["store", s.store], ["sweep file", `${s.file}, sha256 ${s.text_sha256.slice(0, 16)}…`], ["seed", String(s.seed)],
            ["program", r.version && "mlpsweep " + r.version], ["machine", [r.user && r.host ? `${r.user}@${r.host}` : r.host, r.workers ? page.plural(r.workers, "worker") : ""].filter(x => x).join(", ")],
            ["MPI", r.mpi], ["BLAS", [r.blas, r.gflops ? `${page.short(Number(r.gflops.toPrecision(3)))} GFLOP/s a thread` : ""].filter(x => x).join("; ")],
            ["latest run", start && `${start} … ${end || "(not ended)"} UTC${r.runs > 1 ? `, the last of ${r.runs} runs` : ""}`]].filter(([, value]) => value);
}

function buildProvenance(panel) {
    panel.frame.sweeps.forEach(s => {
        if (panel.frame.sweeps.length > 1) panel.body.append(el("h3", {}, s.title));
        const table = el("table", {class: "plain"});
        runRows(s).forEach(([name, value]) => table.append(el("tr", {}, el("th", {}, name), el("td", {}, value))));
        panel.body.append(table, el("details", {}, el("summary", {}, "The sweep file"), el("pre", {tabindex: "0"}, s.text)));
    });
    return {};
}

page.add({id: "compare", nav: "Compare", title: "The sweeps beside one another", build: buildCompare, wanted: frame => frame.sweeps.length > 1,
          note: "Results, and the fields in which the sweep files differ."});
page.add({id: "data-line", nav: "Data", title: "Data", build: buildData, wanted: frame => frame.sweeps.some(s => s.data.length)});
page.add({id: "provenance", nav: "Provenance", title: "Where it comes from", build: buildProvenance});
