// SPDX-License-Identifier: MIT
//
// The score against what a trial costs, and the trials that nothing beats in both: the front. With
// several goals the second one is the first choice of the cost.

function costs(frame) {
    const list = frame.goals.slice(1).map(g => ({name: g.name, values: g.values, maximize: g.maximize}));
    const per = frame.wall_s.map((s, row) => s / Math.max(1, frame.n_of[row] + frame.n_failed[row]));
    const add = (name, values, format) => {
        if (!list.some(c => c.name === name) && new Set(values.filter(v => v > 0)).size > 1) list.push({name, values, maximize: false, format});
    };
    add("seconds an execution", per, page.duration);
    add("weights", frame.weights);
    add("flops", frame.flops);
    return list;
}

// Rows on the front of cost and score, by cost: trials that count, as in the ranking.
function frontOf(frame, cost) {
    const first = frame.byPlace[0], clean = row => (frame.n_pruned[row] > 0) === (frame.n_pruned[first] > 0) && (!frame.failuresCount || (frame.n_failed[row] > 0) === (frame.n_failed[first] > 0));
    const sign = cost.maximize ? -1 : 1, better = frame.maximize ? (a, b) => a > b : (a, b) => a < b;
    const rows = Array.from(frame.byPlace).filter(row => frame.n_of[row] > 0 && Number.isFinite(cost.values[row]) && clean(row));
    rows.sort((a, b) => sign * (cost.values[a] - cost.values[b]) || frame.place[a] - frame.place[b]);
    const front = [];
    for (const row of rows) if (!front.length || better(frame.mean[row], frame.mean[front[front.length - 1]])) front.push(row);
    return front;
}

function costScale(cost, rows, range) {
    const values = rows.map(row => cost.values[row]).filter(Number.isFinite), lo = d3.min(values), hi = d3.max(values), log = lo > 0 && hi / lo > 8;
    const scale = (log ? d3.scaleLog() : d3.scaleLinear()).domain(lo === hi ? [lo * 0.9, hi * 1.1 || 1] : [lo, hi]).range(range);
    scale.isLog = log;
    return scale;
}

function buildCost(panel) {
    const frame = panel.frame, s = panel.selection, theme = page.theme(), all = costs(frame), cost = all.find(c => c.name === panel.state.cost) || all[0];
    panel.tools.append(page.choice("cost", all.map(c => ({value: c.name, text: c.name})), cost.name, v => { panel.state.cost = v; panel.redraw(); }));
    const width = panel.width(), height = 320, m = {left: 56, right: 14, top: 22, bottom: 36};
    const rows = Array.from(frame.byPlace).filter(row => frame.n_of[row] > 0 && Number.isFinite(cost.values[row]) && cost.values[row] > -Infinity).reverse();
    const stage = page.stage(panel.body, width, height, m, `${frame.metric} against ${cost.name}`), front = frontOf(frame, cost);
    const x = costScale(cost, rows, [m.left + 8, stage.right - 8]), y = page.scoreScale(rows.map(row => frame.mean[row]), frame.maximize, [stage.bottom - 5, m.top + 5]);
    const svg = stage.svg(), layer = stage.layer(), top = stage.layer(), bottom = d3.axisBottom(x).tickSizeOuter(0);
    if (x.isLog) bottom.tickValues(page.logTicks(x.domain(), Math.min(6, width / 80)));
    else bottom.ticks(Math.min(6, width / 80));
    page.axes(svg, stage, bottom.tickFormat(cost.format || page.short), page.scoreAxis(d3.axisLeft(), y, 6), cost.name + (x.isLog ? " (log)" : ""), frame.metric + (y.isLog ? " (log)" : ""));
    const px = row => x(cost.values[row]), py = row => y(frame.mean[row]), radius = rows.length > 3000 ? 1.8 : rows.length > 300 ? 2.8 : 4;
    const points = page.scatter(frame, s, rows, px, py, radius);
    const draw = () => {
        layer.clearRect(0, 0, width, height);
        points.draw(layer);
        layer.beginPath();
        front.forEach((row, i) => { if (i) { layer.lineTo(px(row), py(front[i - 1])); layer.lineTo(px(row), py(row)); } else layer.moveTo(px(row), py(row)); });
        layer.strokeStyle = theme.accent;
        layer.lineWidth = 1.6;
        layer.setLineDash(page.dashes[1]);
        layer.stroke();
        layer.setLineDash([]);
        front.forEach(row => {
            layer.beginPath();
            layer.arc(px(row), py(row), radius + 2.5, 0, 2 * Math.PI);
            layer.stroke();
        });
    };
    page.point(stage.svg(), stage, points, panel, (x0, y0, x1, y1) => ({
        test: row => frame.n_of[row] > 0 && px(row) >= x0 && px(row) <= x1 && py(row) >= y0 && py(row) <= y1,
        text: `${frame.metric} by ${cost.name}`}));
    const legend = el("div", {class: "legend"}, page.key("line", theme.accent, `front: nothing is better in both (${page.plural(front.length, "trial")})`, page.dashes[1]),
        el("button", {class: "button", onclick: () => { const on = new Set(front); s.filter("front", row => on.has(row), `front of ${cost.name}`); }}, "select the front"));
    if (front.length && frame.goals.length < 2) legend.append(el("span", {}, "means are compared as they are, without allowing for noise"));
    panel.body.append(legend);
    draw();
    return {filter: draw, hover: () => page.ring(top, stage, s.hovered, points.place, frame)};
}

page.add({id: "cost", nav: "Cost", title: "Score against cost", span: "half", build: buildCost, wanted: frame => frame.scored > 1 && costs(frame).length > 0,
          note: "What a better trial costs; the dashed line is the front."});
