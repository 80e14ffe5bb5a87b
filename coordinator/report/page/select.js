// SPDX-License-Identifier: MIT
//
// The one selection that all charts share. A filter is a predicate of a row, set under a name by the
// chart that owns it; a row is selected when every filter holds. Listeners hear "filter", "hover"
// and "pick"; hidden charts are drawn when they come into view.

page.selection = function (frame) {
    const filters = new Map(), listeners = {filter: [], hover: [], pick: []};
    const s = {frame, mask: new Uint8Array(frame.n).fill(1), count: frame.n, hovered: -1, picked: new Set()};
    const tell = what => listeners[what].forEach(listener => listener(s));

    s.on = (what, listener) => { listeners[what].push(listener); };
    // test: row → bool, null removes the filter. text: what people read; clear: undoes it where it was made.
    s.filter = function (name, test, text, clear) {
        if (test) filters.set(name, {test, text, clear});
        else if (!filters.delete(name)) return;
        const tests = Array.from(filters.values(), f => f.test);
        s.count = 0;
        for (let row = 0; row < frame.n; row++) {
            let keep = 1;
            for (let k = 0; k < tests.length && keep; k++) keep = tests[k](row) ? 1 : 0;
            s.mask[row] = keep;
            s.count += keep;
        }
        tell("filter");
    };
    s.filters = () => Array.from(filters, ([name, f]) => ({name, text: f.text, clear: f.clear}));
    s.clear = function () {
        const all = Array.from(filters.values());
        filters.clear();
        all.forEach(f => { if (f.clear) f.clear(); });
        s.mask.fill(1);
        s.count = frame.n;
        tell("filter");
    };
    s.hover = function (row) {
        if (row === s.hovered) return;
        s.hovered = row;
        tell("hover");
    };
    s.pick = function (row) {
        if (!s.picked.delete(row)) s.picked.add(row);
        tell("pick");
    };
    s.pickOnly = function (rows) {
        s.picked = new Set(rows);
        tell("pick");
    };
    return s;
};

// --- a filter in words: lr > 0.01 optimizer = adam !failed "text"

const comparisons = {
    "=": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, ">": (a, b) => a > b,
    "<=": (a, b) => a <= b, ">=": (a, b) => a >= b,
};

// The number and the word by which a row is compared under a name; null: no such name.
function fieldOf(frame, name) {
    const exact = frame.params.find(p => p.name === name || p.label === name);
    const param = exact || frame.params.find(p => p.name.endsWith("." + name));
    if (param) return row => ({number: page.number(param, param.values[row]), text: page.valueText(param, param.values[row])});
    const numbers = {trial: frame.number, rank: null, score: frame.mean, [frame.metric]: frame.mean, n: frame.n_of, sd: frame.sd,
                     failed: frame.n_failed, stopped: frame.n_pruned, constant: frame.n_constant, seconds: frame.wall_s,
                     weights: frame.weights, tied: frame.tied, front: frame.front};
    frame.goals.forEach(g => { numbers[g.name] = numbers[g.name] || g.values; });
    if (!(name in numbers)) return null;
    return row => {
        const number = name === "rank" ? frame.rank[row] : numbers[name][row];
        return {number, text: String(number)};
    };
}

// Returns {test} or {problem}; test null: an empty text. Every term must hold.
page.parseFilter = function (frame, text) {
    const tests = [];
    const terms = text.trim().match(/[^\s=<>!]+\s*(?:!=|<=|>=|=|<|>)\s*[^\s]+|\S+/g) || [];
    for (const term of terms) {
        const m = /^([^\s=<>!]+)\s*(!=|<=|>=|=|<|>)\s*(\S+)$/.exec(term);
        if (!m) {
            const word = term.toLowerCase();
            const flag = {tied: frame.tied, failed: frame.n_failed, stopped: frame.n_pruned, constant: frame.n_constant}[word];
            if (flag) tests.push(row => flag[row] > 0);
            else tests.push(row => frame.params.some(p => page.valueText(p, p.values[row]).toLowerCase().includes(word)));
            continue;
        }
        const field = fieldOf(frame, m[1]), number = Number(m[3]), compare = comparisons[m[2]];
        if (!field) return {problem: `no column is called “${m[1]}”`};
        if (Number.isNaN(number)) tests.push(row => compare(field(row).text, m[3]));
        else tests.push(row => compare(field(row).number, number));
    }
    return {test: tests.length ? row => tests.every(test => test(row)) : null};
};
