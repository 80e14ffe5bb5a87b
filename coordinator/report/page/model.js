// SPDX-License-Identifier: MIT
//
// From the document in the page to a frame: all trials of the sweeps that are shown, in columns.
// Several sweeps become one frame with a parameter "sweep"; a parameter that a sweep does not have
// is inactive there. A row is the index of a trial in the frame.

const arrays = {u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array};

// A column is "f4:<base64>", little-endian, or "k:<number>", the same for all n rows.
page.column = function (text, n) {
    const kind = text.slice(0, text.indexOf(":")), body = text.slice(kind.length + 1);
    if (kind === "k") return new Float64Array(n).fill(body === "NaN" ? NaN : Number(body));
    const raw = atob(body), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return new arrays[kind](bytes.buffer);
};

// Values of a parameter for drawing: indices of its texts, or numbers; NaN: inactive.
function paramValues(param, n) {
    const column = page.column(param.column, n), values = new Float64Array(n);
    const none = param.texts ? (column instanceof Uint16Array ? 65535 : 255) : NaN;
    for (let i = 0; i < n; i++) values[i] = param.texts && column[i] === none ? NaN : column[i];
    return values;
}

// Decodes a sweep once.
function decoded(sweep) {
    if (sweep.cols) return sweep;
    const n = sweep.n;
    sweep.cols = {};
    for (const name in sweep.trials) sweep.cols[name] = page.column(sweep.trials[name], n);
    sweep.params.forEach(p => { p.values = paramValues(p, n); });
    sweep.goals.forEach(g => { g.values = page.column(g.column, n); });
    sweep.executionRow = page.column(sweep.executions.row, sweep.executions.n);
    sweep.executionValue = page.column(sweep.executions.value, sweep.executions.n);
    if (sweep.curves) {
        const c = sweep.curves;
        c.rows = page.column(c.row, c.n);
        c.firsts = page.column(c.first, c.n + 1);
        c.epochs = page.column(c.epoch, c.points);
        c.bands = c.values.map(v => ({mean: page.column(v.mean, c.points), lo: page.column(v.lo, c.points),
                                      hi: page.column(v.hi, c.points)}));
        c.at = new Map();
        c.rows.forEach((row, i) => c.at.set(row, i));
    }
    return sweep;
}

// The order of a trial against another, as the program ranks: with a result before those without,
// trained to the end before stopped, without failures before those with, then the key.
function compareTrials(a, b, sign) {
    return a.none - b.none || a.pruned - b.pruned || a.failed - b.failed || (a.front - b.front) ||
           (Number.isNaN(a.key) - Number.isNaN(b.key)) || sign * (a.key - b.key) || a.row - b.row;
}

const copied = ["number", "mean", "sd", "lo", "hi", "key", "n", "n_failed", "n_pruned", "n_constant", "tied", "front", "wall_s",
                "weights", "flops", "ended"];

function addParams(frame, sweep, base, several) {
    for (const p of sweep.params) {
        if (!p.varies && !several) continue;
        let q = frame.params.find(x => x.name === p.name);
        if (!q) {
            q = {name: p.name, label: p.label, kind: p.kind, log: p.log, texts: p.texts ? [] : null, numbers: null,
                 lo: Infinity, hi: -Infinity, values: new Float64Array(frame.n).fill(NaN), varies: p.varies};
            frame.params.push(q);
        }
        q.varies = q.varies || p.varies;
        if (p.texts && !q.texts) { // numbers in one sweep, few values in another: numbers
            for (let i = 0; i < sweep.n; i++) q.values[base + i] = Number(p.texts[p.values[i]]);
        } else if (!p.texts && q.texts) {
            q.values = q.values.map(v => Number.isNaN(v) ? NaN : Number(q.texts[v]));
            q.texts = null;
            q.values.set(p.values, base);
        } else if (p.texts) {
            const to = p.texts.map(t => q.texts.includes(t) ? q.texts.indexOf(t) : q.texts.push(t) - 1);
            for (let i = 0; i < sweep.n; i++) q.values[base + i] = Number.isNaN(p.values[i]) ? NaN : to[p.values[i]];
        } else {
            q.values.set(p.values, base);
        }
    }
}

// What is derived from the values of a parameter.
function finishParam(p, n) {
    if (p.texts && p.texts.every(t => t !== "" && !Number.isNaN(Number(t)))) {
        const order = d3.range(p.texts.length).sort((a, b) => p.texts[a] - p.texts[b]), to = [];
        order.forEach((old, i) => { to[old] = i; });
        p.values = p.values.map(v => Number.isNaN(v) ? NaN : to[v]);
        p.texts = order.map(i => p.texts[i]);
        p.numbers = p.texts.map(Number);
    }
    p.inactive = false;
    const seen = new Set();
    for (let i = 0; i < n; i++) {
        const v = p.values[i];
        if (Number.isNaN(v)) p.inactive = true;
        else {
            if (v < p.lo) p.lo = v;
            if (v > p.hi) p.hi = v;
            if (seen.size < 2) seen.add(v);
        }
    }
    p.varies = seen.size > 1 || (seen.size === 1 && p.inactive);
    p.log = p.log && !p.texts && p.lo > 0;
}

// The number that a value of a parameter stands for; an index where it is a word.
page.number = (p, v) => p.numbers ? p.numbers[v] : v;
page.valueText = (p, v) => Number.isNaN(v) ? "–" : p.texts ? p.texts[v] : page.short(v);

// Starts of the rows' executions, whose values follow one another.
function gatherExecutions(frame, parts) {
    const start = frame.executionStart = new Uint32Array(frame.n + 1);
    parts.forEach(({sweep, base}) => sweep.executionRow.forEach(row => { start[base + row + 1]++; }));
    for (let i = 0; i < frame.n; i++) start[i + 1] += start[i];
    const next = start.slice();
    frame.executionValue = new Float32Array(start[frame.n]);
    parts.forEach(({sweep, base}) => sweep.executionRow.forEach((row, i) => {
        frame.executionValue[next[base + row]++] = sweep.executionValue[i];
    }));
}

// Places in the ranking: one sweep has its own; several are ranked together by the same rule.
function rankRows(frame, parts) {
    const rows = d3.range(frame.n);
    if (parts.length === 1) {
        const place = parts[0].sweep.cols.place;
        rows.sort((a, b) => place[a] - place[b]);
    } else {
        const sign = frame.maximize ? -1 : 1;
        const worth = rows.map(row => ({row, none: frame.n_of[row] > 0 ? 0 : 1, pruned: frame.n_pruned[row] > 0 ? 1 : 0, front: 0,
                                        failed: frame.n_of[row] + frame.n_failed[row] > 0 && frame.failuresCount
                                            ? frame.n_failed[row] / (frame.n_of[row] + frame.n_failed[row]) : 0,
                                        key: frame.key[row]}));
        rows.sort((a, b) => compareTrials(worth[a], worth[b], sign));
    }
    frame.byPlace = Uint32Array.from(rows);
    frame.place = new Uint32Array(frame.n);
    rows.forEach((row, place) => { frame.place[row] = place; });
    // A page may hold a sample of a sweep's trials: each stands for itself and those that were left
    // out before it, and has the rank that it has among all.
    frame.weight = new Float64Array(frame.n);
    frame.rank = new Float64Array(frame.n);
    const last = frame.sweeps.map(() => -1);
    rows.forEach((row, place) => {
        const i = frame.sweepOf[row], own = parts[i].sweep.cols.place[row - parts[i].base];
        frame.weight[row] = own - last[i];
        last[i] = own;
        frame.rank[row] = parts.length === 1 ? own + 1 : place + 1;
    });
    frame.scored = d3.sum(rows, row => frame.n_of[row] > 0 ? 1 : 0);
}

page.frame = function (sweeps) {
    sweeps.forEach(decoded);
    let n = 0;
    const parts = sweeps.map(sweep => { const base = n; n += sweep.n; return {sweep, base}; });
    const first = sweeps[0];
    const frame = {n, parts, sweeps, params: [], metric: first.metric, maximize: first.maximize, goals: [],
                   failuresCount: first.failed_executions !== "ignore"};
    for (const name of copied) {
        const to = frame[name === "n" ? "n_of" : name] = new Float64Array(n);
        parts.forEach(({sweep, base}) => to.set(sweep.cols[name], base));
    }
    frame.sweepOf = new Uint16Array(n);
    parts.forEach(({sweep, base}, i) => frame.sweepOf.fill(i, base, base + sweep.n));
    first.goals.forEach((goal, k) => {
        if (!sweeps.every(s => s.goals[k] && s.goals[k].name === goal.name && s.goals[k].maximize === goal.maximize)) return;
        const values = new Float64Array(n);
        parts.forEach(({sweep, base}) => values.set(sweep.goals[k].values, base));
        frame.goals.push({name: goal.name, maximize: goal.maximize, values});
    });
    if (sweeps.length > 1) {
        frame.params.push({name: "sweep", label: "sweep", kind: "choice", log: false, texts: sweeps.map(s => s.title), numbers: null,
                           lo: 0, hi: sweeps.length - 1, values: Float64Array.from(frame.sweepOf), varies: true});
    }
    parts.forEach(({sweep, base}) => addParams(frame, sweep, base, sweeps.length > 1));
    frame.params.forEach(p => finishParam(p, n));
    frame.fixed = frame.params.filter(p => !p.varies);
    frame.params = frame.params.filter(p => p.varies);
    gatherExecutions(frame, parts);
    rankRows(frame, parts);
    frame.curveOf = row => {
        const part = parts[frame.sweepOf[row]], c = part.sweep.curves;
        const i = c ? c.at.get(row - part.base) : undefined;
        return i === undefined ? null : {metrics: c.metrics, from: c.firsts[i], to: c.firsts[i + 1], epochs: c.epochs, bands: c.bands};
    };
    frame.label = row => (sweeps.length > 1 ? sweeps[frame.sweepOf[row]].title + " " : "") + "trial " + frame.number[row];
    return frame;
};
