// SPDX-License-Identifier: MIT
//
// Several sweeps beside one another: what they found, what it cost, and the fields in which their
// files differ.

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
    ["best", (s, t) => t.best], ["trials with a result", s => page.count(s.scored)], ["cannot be told apart", (s, t) => t.tied],
    ["executions", s => page.count(s.counts.done + s.counts.failed)], ["failed", s => page.count(s.counts.failed)], ["training time", s => page.duration(s.seconds)],
];

function totalsOf(frame, i) {
    const rows = Array.from(frame.byPlace).filter(row => frame.sweepOf[row] === i), best = rows.find(row => frame.n_of[row] > 0), text = page.digits(frame);
    return {tied: page.count(d3.sum(rows, row => row === best ? 0 : frame.tied[row])) + " beside the best",
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

page.add({id: "compare", nav: "Compare", title: "The sweeps beside one another", build: buildCompare, wanted: frame => frame.sweeps.length > 1,
          note: "Results, and the fields in which the sweep files differ."});
