// SPDX-License-Identifier: MIT
//
// What stands behind the numbers: the data, the program and machines, the command, and the sweep
// file itself.

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

page.add({id: "data-line", nav: "Data", title: "Data", build: buildData, wanted: frame => frame.sweeps.some(s => s.data.length)});
page.add({id: "provenance", nav: "Provenance", title: "Where it comes from", build: buildProvenance});
