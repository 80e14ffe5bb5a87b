// SPDX-License-Identifier: MIT
//
// The ranking as a table that holds only the rows in sight. A row draws the trial's executions, its
// mean and its interval on one axis for all rows; "tied" marks what cannot be told from the best.

const rowHeight = 31, spreadWidth = 190;

function boardColumns(frame) {
    const score = page.digits(frame), columns = [];
    const add = (title, width, value, text, more) => columns.push(Object.assign({title, width, value, text}, more));
    if (page.hasCurves(frame)) add("", 38, null, null, {pick: true});
    add("rank", 58, row => frame.place[row], row => frame.n_of[row] > 0 ? String(frame.rank[row]) : "–", {right: true});
    if (frame.sweeps.length > 1) add("sweep", 130, row => frame.sweepOf[row], row => frame.sweeps[frame.sweepOf[row]].title);
    add("trial", 74, row => frame.number[row], row => String(frame.number[row]), {right: true});
    add(frame.metric, 150, row => frame.mean[row],
        row => score(frame.mean[row]) + (frame.sd[row] >= 0 ? " ± " + score(frame.sd[row]) : ""), {score: true});
    add("executions", spreadWidth, row => frame.sd[row], null, {spread: true, title: "spread"});
    add("", 120, null, null, {marks: true});
    add("n", 50, row => frame.n_of[row], row => String(frame.n_of[row]), {right: true});
    if (frame.goals.length > 1) {
        add("front", 64, row => frame.front[row] || Infinity, row => frame.front[row] ? String(frame.front[row]) : "–", {right: true});
        frame.goals.slice(1).forEach(g => add(g.name, 100, row => g.values[row], row => page.short(g.values[row]), {right: true}));
    }
    frame.params.filter(p => p.name !== "sweep").forEach(p => add(p.label, Math.min(170, 34 + 8 * Math.max(p.label.length, 8)), row => page.number(p, p.values[row]),
        row => page.valueText(p, p.values[row]), {param: p, right: !p.texts || p.numbers !== null}));
    add("time", 84, row => frame.wall_s[row], row => page.duration(frame.wall_s[row]), {right: true});
    return columns;
}

// The executions of a row as a picture: points, the interval as a line, the mean as a tick.
function spreadPicture(frame, row, x) {
    const svg = d3.create("svg").attr("width", spreadWidth).attr("height", rowHeight - 1).attr("aria-hidden", "true");
    if (frame.n_of[row] === 0) return svg.node();
    const middle = rowHeight / 2 - 0.5;
    if (!Number.isNaN(frame.lo[row]))
        svg.append("line").attr("x1", x(frame.lo[row])).attr("x2", x(frame.hi[row])).attr("y1", middle).attr("y2", middle)
            .attr("stroke", "var(--faint)").attr("stroke-width", 3).attr("stroke-linecap", "round");
    for (let k = frame.executionStart[row]; k < frame.executionStart[row + 1]; k++)
        svg.append("circle").attr("cx", x(frame.executionValue[k])).attr("cy", middle).attr("r", 3).attr("fill", page.rankColour(frame.place[row] / Math.max(1, frame.scored)))
            .attr("fill-opacity", 0.75);
    svg.append("line").attr("x1", x(frame.mean[row])).attr("x2", x(frame.mean[row])).attr("y1", middle - 7).attr("y2", middle + 7)
        .attr("stroke", "var(--ink)").attr("stroke-width", 1.5);
    return svg.node();
}

function marks(frame, row) {
    const box = el("div", {class: "cell"});
    const mark = (text, kind, title) => box.append(el("span", {class: "mark " + kind, title}, text));
    if (frame.place[row] > 0 && frame.tied[row]) mark("=", "tied", "cannot be told apart from the best of its sweep");
    if (frame.n_pruned[row]) mark("stopped", "", "the scheduler ended it");
    if (frame.n_failed[row]) mark(`${frame.n_failed[row]} failed`, "bad", `${frame.n_failed[row]} of ${frame.n_failed[row] + frame.n_of[row]} executions left no value`);
    if (frame.n_constant[row]) mark("constant", "bad", "the network answers all rows alike");
    return box;
}

function boardRow(panel, state, index) {
    const row = state.order[index], frame = panel.frame, picked = panel.selection.picked.has(row);
    const line = el("div", {class: "row" + (frame.place[row] === 0 ? " first" : "") + (frame.n_of[row] === 0 ? " without" : "") + (picked ? " picked" : ""),
                            role: "row", tabindex: "-1", "aria-rowindex": index + 2, "aria-selected": String(picked)});
    line.style.top = index * rowHeight + "px";
    line.style.gridTemplateColumns = state.template;
    line.dataset.row = row;
    line.dataset.index = index;
    for (const c of state.columns) {
        let cell;
        if (c.pick) {
            const box = el("input", {type: "checkbox", "aria-label": `show the curves of ${frame.label(row)}`, onchange: () => panel.selection.pick(row)});
            box.checked = picked;
            cell = el("div", {class: "cell pick"}, box);
        } else if (c.spread) cell = el("div", {class: "cell spread"}, spreadPicture(frame, row, state.x));
        else if (c.marks) cell = marks(frame, row);
        else cell = el("div", {class: "cell" + (c.right ? " right" : "")}, c.text(row));
        cell.setAttribute("role", "gridcell");
        line.append(cell);
    }
    return line;
}

function sortRows(panel, state) {
    const rows = Array.from(panel.frame.byPlace).filter(row => panel.selection.mask[row]);
    const {by, down} = state;
    if (by && by.value) {
        const value = by.value;
        rows.sort((a, b) => {
            const x = value(a), y = value(b), none = Number.isNaN(x) - Number.isNaN(y);
            return none || (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1) || panel.frame.place[a] - panel.frame.place[b];
        });
    }
    state.order = rows;
}

function showRows(panel, state) {
    const from = Math.max(0, Math.floor(state.box.scrollTop / rowHeight) - 4);
    const to = Math.min(state.order.length, from + Math.ceil(state.box.clientHeight / rowHeight) + 8);
    if (state.from === from && state.to === to) return;
    Object.assign(state, {from, to});
    const focused = state.rows.contains(document.activeElement) ? document.activeElement.dataset.index : undefined;
    const lines = document.createDocumentFragment();
    for (let i = from; i < to; i++) lines.append(boardRow(panel, state, i));
    state.rows.textContent = "";
    state.rows.append(lines);
    if (focused !== undefined) focusRow(state, Number(focused));
}

function focusRow(state, index) {
    const line = state.rows.querySelector(`[data-index="${index}"]`);
    if (line) line.focus({preventScroll: true});
}

function moveFocus(panel, state, event) {
    const line = event.target.closest(".row");
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity}[event.key];
    if (event.key === " " && line && event.target === line) {
        panel.selection.pick(Number(line.dataset.row));
        event.preventDefault();
    }
    if (step === undefined) return;
    const last = state.order.length - 1, at = line ? Math.min(last, Math.max(0, Number(line.dataset.index) + step)) : 0;
    const top = at * rowHeight, height = state.box.clientHeight - 40;
    if (top < state.box.scrollTop) state.box.scrollTop = top;
    else if (top > state.box.scrollTop + height - rowHeight) state.box.scrollTop = top - height + rowHeight;
    showRows(panel, state);
    focusRow(state, at);
    event.preventDefault();
}

function headRow(panel, state, resort) {
    const cols = el("div", {class: "cols", role: "row", "aria-rowindex": "1"});
    cols.style.gridTemplateColumns = state.template;
    state.columns.forEach(c => {
        if (!c.value) {
            cols.append(el("span", {role: "columnheader"}));
            return;
        }
        const sorted = state.by === c ? (state.down ? "descending" : "ascending") : "none";
        cols.append(el("button", {role: "columnheader", class: c.right ? "right" : "", "aria-sort": sorted, title: c.param ? c.param.name : c.title, onclick: () => {
            const again = state.by === c;
            state.down = again ? !state.down : c.score && panel.frame.maximize;
            state.by = c;
            resort();
        }}, c.title + (sorted === "none" ? "" : state.down ? " ↓" : " ↑")));
    });
    return cols;
}

function filterBox(panel) {
    const input = el("input", {type: "search", id: "filter", placeholder: "filter: learning_rate<0.01 adam", "aria-label": "filter trials", spellcheck: "false",
                               title: "column<value, column=value, words, tied, failed, stopped; all must hold"});
    const say = el("span", {class: "note", role: "status"});
    say.style.margin = "0";
    input.addEventListener("input", () => {
        const parsed = page.parseFilter(panel.frame, input.value);
        say.textContent = parsed.problem || "";
        if (!parsed.problem) panel.selection.filter("text", parsed.test, input.value.trim(), () => { input.value = ""; });
    });
    panel.tools.append(say, input);
}

function buildBoard(panel) {
    const frame = panel.frame, values = []; // the better half has most of the axis
    frame.byPlace.slice(0, Math.max(8, Math.ceil(frame.scored / 2))).forEach(row => { for (let k = frame.executionStart[row]; k < frame.executionStart[row + 1]; k++) values.push(frame.executionValue[k]); });
    const state = panel.state;
    state.columns = boardColumns(frame);
    if (state.by) state.by = state.columns.find(c => c.title === state.by.title) || null;
    state.template = state.columns.map(c => c.width + "px").join(" ");
    state.x = page.scoreScale(values, frame.maximize, [10, spreadWidth - 10]);
    filterBox(panel);
    const box = state.box = el("div", {class: "board", role: "grid", tabindex: "0", "aria-rowcount": frame.n + 1, "aria-label": "Trials, best first"});
    // As high as without a filter: what is below must not move under a brush.
    box.style.minHeight = `min(${36 + rowHeight * frame.n}px, 420px)`;
    state.rows = el("div", {class: "rows", role: "rowgroup"});
    const under = el("div", {class: "under"});
    let cols = el("div");
    box.append(cols, state.rows);
    panel.body.append(box, under);
    const refresh = () => {
        sortRows(panel, state);
        state.from = state.to = -1;
        state.rows.style.height = state.order.length * rowHeight + "px";
        const next = headRow(panel, state, refresh);
        cols.replaceWith(next);
        cols = next;
        showRows(panel, state);
        under.textContent = "";
        under.append(el("span", {}, `${page.plural(state.order.length, "trial")}; spread: points are executions, the bar the 95 % interval, the tick the mean; the axis is that of the better half`),
                     el("span", {}, "= cannot be told apart from the best"),
                     page.hasCurves(frame) ? el("span", {}, "check a trial to see its curves") : "");
    };
    box.addEventListener("scroll", () => showRows(panel, state));
    box.addEventListener("keydown", event => moveFocus(panel, state, event));
    box.addEventListener("mouseover", event => {
        const line = event.target.closest(".row");
        if (line) panel.selection.hover(Number(line.dataset.row));
    });
    box.addEventListener("mouseleave", () => panel.selection.hover(-1));
    refresh();
    return {
        filter: refresh,
        pick: () => { state.from = -1; showRows(panel, state); },
        hover: () => state.rows.querySelectorAll(".row").forEach(line => line.classList.toggle("hover", Number(line.dataset.row) === panel.selection.hovered)),
    };
}

page.add({id: "leaderboard", nav: "Leaderboard", title: "Leaderboard", build: buildBoard});
