// SPDX-License-Identifier: MIT
//
// What went wrong, how often and why; and how many trials the scheduler stopped.

function buildFailures(panel) {
    const frame = panel.frame, s = panel.selection, table = el("table", {class: "plain"}), several = frame.sweeps.length > 1;
    table.append(el("tr", {}, several ? el("th", {}, "sweep") : "", el("th", {class: "right"}, "executions"), el("th", {}, "ended"), el("th", {}, "most frequent reason")));
    frame.sweeps.forEach(sweep => sweep.failures.forEach(f => table.append(el("tr", {}, several ? el("td", {}, sweep.title) : "",
        el("td", {class: "right"}, page.count(f.count)), el("td", {}, f.word), el("td", {}, (f.message || "–") + (f.message && f.with_message < f.count ? ` (${page.count(f.with_message)} of them)` : ""))))));
    if (table.children.length > 1) panel.body.append(table);
    else panel.body.append(el("p", {class: "none"}, d3.sum(frame.sweeps, x => x.counts.done + x.counts.failed) ? "Every execution that ended has a result." : "No execution has ended yet."));
    const failed = Array.from(frame.n_failed).filter(n => n > 0).length, stopped = Array.from(frame.n_pruned).filter(n => n > 0).length, box = el("div", {class: "legend"});
    const add = (n, text, name, test) => {
        if (n) box.append(el("button", {class: "button", onclick: () => s.filter(name, test, text)}, `select the ${page.plural(n, "trial")} ${text}`));
    };
    add(failed, "with failures", "failed", row => frame.n_failed[row] > 0);
    add(stopped, "stopped early", "stopped", row => frame.n_pruned[row] > 0);
    panel.body.append(box);
    const outcomes = frame.sweeps.map(sweep => (several ? sweep.title + ": " : "") + sweep.outcomes.map(o => `${page.count(o.count)} ${o.word}`).join(", ")).filter(t => t);
    if (outcomes.length) panel.body.append(el("p", {class: "note"}, "Attempts: " + outcomes.join("; ") + ". An execution that fails is tried again as often as the sweep file allows."));
    return {};
}

page.add({id: "failures", nav: "Failures", title: "Failures", span: "half", build: buildFailures, wanted: frame => frame.n > 0});
