// SPDX-License-Identifier: MIT
//
// The head of the page, which answers before anything is looked at: which trial is best, how sure
// that is, and what it cost.

function fact(name, value, small) {
    return el("div", {}, el("dt", {}, name), el("dd", {}, value, small ? el("small", {}, small) : ""));
}

function describe(sweep) {
    const by = sweep.by === "mean" ? "the mean" : {median: "the median", worst: "the worst", lower_bound: "the bound"}[sweep.by] || sweep.by;
    return `${sweep.metric}, ${sweep.maximize ? "larger" : "smaller"} is better, taken at the ${sweep.at_text || sweep.at} epoch and ranked by ` +
           `${by} over executions`;
}

function facts(frame) {
    const sum = f => d3.sum(frame.sweeps, f), list = el("dl", {class: "facts"});
    const planned = sum(s => s.trials_planned || 0), ended = sum(s => s.scored), all = sum(s => s.trials_all);
    list.append(fact("Trials with result", page.count(ended), planned > all ? `of ${page.count(planned)} planned` : ended < all ? `of ${page.count(all)}` : ""));
    const done = sum(s => s.counts.done + s.counts.failed), left = sum(s => s.counts.waiting + s.counts.running);
    list.append(fact("Executions", page.count(done), left > 0 ? `${page.count(left)} to go` : ""));
    const failed = sum(s => s.executions_failed), stopped = sum(s => s.executions_stopped);
    list.append(fact("Failed", page.count(failed), failed ? `of ${page.count(done)} executions` : ""));
    if (stopped) list.append(fact("Stopped early", page.count(stopped), "executions, by the scheduler"));
    list.append(fact("Training time", page.duration(sum(s => s.seconds)), `by ${page.plural(d3.max(frame.sweeps, s => s.run.workers || 0), "worker")}`));
    return list;
}

// What the winner's score is worth, told apart from the score.
function worth(frame, sweep, text) {
    const w = sweep.winner, lines = [], mean = m => text(m.mean) + (m.sd !== null && m.n > 1 ? " ± " + text(m.sd) : "") + ` over ${page.plural(m.n, "execution")}`;
    if (!w) return lines;
    if (w.confirmed) lines.push(`Confirmed by fresh executions of it alone: ${mean(w.confirmed)}`);
    else if (w.network && frame.scored > 1) lines.push("Its score is biased upward, because it was chosen for it" + (sweep.at.startsWith("best") ? " and is taken at the best epoch" : "") + "; search.confirm runs fresh executions, which are not.");
    if (w.row_error !== null) lines.push(`${page.count(w.rows)} validation rows leave an error of ± ${page.short(Number(w.row_error.toPrecision(2)))}, however many executions there are`);
    if (w.tested) lines.push(`On the test set: ${w.test_metric} ${mean(w.tested)}`);
    return lines;
}

function winner(frame) {
    const box = el("div", {class: "winner"});
    if (frame.scored === 0) {
        box.append(el("h2", {}, "No trial has a result yet"));
        return box;
    }
    const row = frame.byPlace[0], text = page.digits(frame);
    box.append(el("h2", {}, "Best: " + frame.label(row)));
    const parts = [el("b", {}, text(frame.mean[row]))];
    parts.push(el("span", {}, frame.metric + (frame.sd[row] >= 0 ? ` ± ${text(frame.sd[row])} over ${frame.n_of[row]} executions` : ", one execution")));
    box.append(el("div", {class: "big"}, ...parts));
    if (!Number.isNaN(frame.lo[row]))
        box.append(el("p", {class: "note"}, `95 % interval of the mean ${text(frame.lo[row])} … ${text(frame.hi[row])}`));
    worth(frame, frame.sweeps[frame.sweepOf[row]], text).forEach(line => box.append(el("p", {class: "note"}, line)));
    const list = el("ul", {class: "config", "aria-label": "Its parameters"});
    frame.params.forEach(p => {
        if (!Number.isNaN(p.values[row])) list.append(el("li", {}, el("span", {}, p.label), page.valueText(p, p.values[row])));
    });
    if (list.children.length) box.append(list);
    return box;
}

const sentence = (text, named) => (named ? text : text[0].toUpperCase() + text.slice(1)) + (/[.!?]$/.test(text) ? "" : ".");

page.summary = function (frame, doc, show) {
    const head = document.getElementById("head"), first = frame.sweeps[0];
    head.textContent = "";
    const several = frame.sweeps.length > 1;
    const title = (doc.family ? doc.family + ": " : "") + (several ? frame.sweeps.map(s => s.title).join(" · ") : first.title);
    document.title = title + " – mlpsweep report";
    const state = first.running ? "running: a snapshot" : first.state;
    head.append(el("p", {class: "eyebrow"}, `mlpsweep report · ${doc.created_at} UTC${several ? "" : " · " + state}`));
    head.append(el("h1", {}, title.length > 90 ? page.plural(frame.sweeps.length, "sweep") : title));
    head.append(el("p", {class: "lead"}, describe(first) + "."));
    if (doc.sweeps.length > 1) head.append(page.sweepChoice(frame, doc, show));
    const right = el("div", {}, el("h2", {}, "At a glance"), facts(frame));
    const left = winner(frame);
    frame.sweeps.forEach(s => {
        const name = several ? s.title + ": " : "";
        if (s.verdict) left.append(el("p", {class: "verdict"}, sentence(name + s.verdict, name)));
        if (s.winner && s.winner.method) left.append(el("p", {class: "verdict quiet"}, `${name}method: ${s.winner.method}, at 5 % for all trials together (${s.winner.source})`));
        if (s.failed_text) left.append(el("p", {class: "verdict quiet"}, sentence(name + s.failed_text, name)));
        (s.remarks || []).forEach(r => right.append(el("p", {class: "warn"}, name + r)));
    });
    head.append(el("div", {class: "answer"}, left, right));
};

// Which sweeps of the page are looked at: one, or all whose objective is the same.
page.sweepChoice = function (frame, doc, show) {
    const groups = d3.nest().key(s => s.metric + (s.maximize ? "+" : "-")).entries(doc.sweeps);
    const items = [];
    groups.forEach(g => {
        if (g.values.length > 1) items.push({value: g.values.map(s => s.index).join(","), text: `${g.values.length} sweeps together (${g.values[0].metric})`});
    });
    doc.sweeps.forEach(s => items.push({value: String(s.index), text: s.title}));
    const box = page.choice("Sweep", items, frame.sweeps.map(s => s.index).join(","), value => show(value.split(",").map(Number)));
    box.id = "which";
    box.classList.add("which");
    return box;
};
