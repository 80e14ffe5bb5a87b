// SPDX-License-Identifier: MIT
//
// All learning curves of the chosen trials in one axes: colour is the first parameter that varies
// among them, line style the second, and the legend has only what varies. Validation is drawn full,
// training thin; the band goes from the lowest to the highest execution.

// The metrics of a sweep in pairs: {name, train, val}, indices of curves.metrics; -1: none.
page.metricPairs = function (metrics) {
    const pairs = [];
    metrics.forEach((name, i) => {
        const base = name.replace(/^val_/, ""), val = name !== base;
        let pair = pairs.find(p => p.name === base);
        if (!pair) pairs.push(pair = {name: base, train: -1, val: -1});
        pair[val ? "val" : "train"] = i;
    });
    return pairs;
};

page.chosenCurves = function (frame, selection) {
    const rows = Array.from(selection.picked).filter(row => frame.curveOf(row));
    return rows.sort((a, b) => frame.place[a] - frame.place[b]);
};

// Parameters that differ among rows, those with few values first; ties by the file's order.
page.varying = function (frame, rows) {
    const found = frame.params.map((p, i) => ({p, i, n: new Set(rows.map(row => page.valueText(p, p.values[row]))).size})).filter(v => v.n > 1);
    return found.sort((a, b) => (a.n > 8) - (b.n > 8) || a.i - b.i).map(v => v.p);
};

// Values of a parameter among rows, as it orders them.
function valuesAmong(p, rows) {
    const values = Array.from(new Set(rows.map(row => Number.isNaN(p.values[row]) ? "–" : p.values[row])));
    return values.sort((a, b) => (a === "–") - (b === "–") || a - b);
}

// How rows are told apart: {colourOf, dashOf, legend: [elements]}.
page.styles = function (frame, rows, colourBy, dashBy) {
    const colours = page.colours(), key = (p, row) => Number.isNaN(p.values[row]) ? "–" : p.values[row];
    const text = (p, v) => v === "–" ? "none" : page.valueText(p, v);
    const legend = [], theme = page.theme();
    let colourOf = () => colours[0], dashOf = () => [];
    if (colourBy === "trial") {
        colourOf = row => colours[rows.indexOf(row) % colours.length];
        dashOf = row => page.dashes[Math.floor(rows.indexOf(row) / colours.length) % page.dashes.length];
        rows.forEach(row => legend.push(page.key("line", colourOf(row), frame.label(row), dashOf(row))));
        return {colourOf, dashOf, legend};
    }
    if (colourBy) {
        const values = valuesAmong(colourBy, rows), few = values.length <= colours.length;
        const colour = i => few ? colours[i] : page.rankColour(i / (values.length - 1));
        colourOf = row => colour(values.indexOf(key(colourBy, row)));
        legend.push(el("b", {}, colourBy.label));
        values.filter((v, i) => few || i % Math.ceil(values.length / 6) === 0 || i === values.length - 1)
            .forEach(v => legend.push(page.key("line", colour(values.indexOf(v)), text(colourBy, v))));
    }
    if (dashBy) {
        const values = valuesAmong(dashBy, rows).slice(0, 200);
        dashOf = row => page.dashes[Math.min(page.dashes.length - 1, values.indexOf(key(dashBy, row)))];
        legend.push(el("b", {}, dashBy.label));
        values.slice(0, page.dashes.length).forEach((v, i) => legend.push(page.key("line", theme.ink, text(dashBy, v) + (i === page.dashes.length - 1 && values.length > i + 1 ? " and others" : ""), page.dashes[i])));
    }
    return {colourOf, dashOf, legend};
};

// The y scale for curves; a loss that falls over more than a decade and a half is drawn by its
// logarithm.
page.curveScale = function (list, range) {
    const values = [];
    list.forEach(({curve, metrics}) => metrics.forEach(k => {
        for (let i = curve.from; i < curve.to; i++) if (Number.isFinite(curve.bands[k].mean[i])) values.push(curve.bands[k].mean[i]);
    }));
    values.sort(d3.ascending);
    let lo = values.length ? values[0] : 0, hi = values.length ? d3.quantile(values, 0.995) : 1;
    const log = lo > 0 && values[values.length - 1] / lo > 30;
    if (log) hi = values[values.length - 1];
    if (lo === hi) { lo -= 0.5; hi += 0.5; }
    const pad = log ? 0 : (hi - lo) * 0.05;
    const scale = (log ? d3.scaleLog() : d3.scaleLinear()).domain([lo - pad, hi + pad]).range(range).clamp(true);
    scale.isLog = log;
    return scale;
};

page.curveLine = function (context, curve, k, x, y) {
    context.beginPath();
    let pen = false;
    for (let i = curve.from; i < curve.to; i++) {
        const v = curve.bands[k].mean[i];
        if (!Number.isFinite(v)) { pen = false; continue; }
        if (pen) context.lineTo(x(curve.epochs[i]), y(v));
        else context.moveTo(x(curve.epochs[i]), y(v));
        pen = true;
    }
    context.stroke();
};
page.curveBand = function (context, curve, k, x, y) {
    const band = curve.bands[k];
    context.beginPath();
    for (let i = curve.from; i < curve.to; i++) if (Number.isFinite(band.lo[i])) context.lineTo(x(curve.epochs[i]), y(band.lo[i]));
    for (let i = curve.to - 1; i >= curve.from; i--) if (Number.isFinite(band.hi[i])) context.lineTo(x(curve.epochs[i]), y(band.hi[i]));
    context.closePath();
    context.fill();
};

// What is asked for by the controls, with sensible beginnings.
function curveState(panel, rows) {
    const frame = panel.frame, state = panel.state, varying = page.varying(frame, rows);
    const first = frame.curveOf(rows[0]), pairs = page.metricPairs(first.metrics);
    if (!state.metric || !pairs.some(p => p.name === state.metric)) {
        const base = frame.metric.replace(/^val_/, "");
        state.metric = pairs.some(p => p.name === base) ? base : pairs[0].name;
    }
    const of = name => name === "trial" ? "trial" : frame.params.find(p => p.name === name);
    let colourBy = state.colour ? of(state.colour) : undefined, dashBy = state.dash === "none" ? null : state.dash ? of(state.dash) : undefined;
    if (colourBy === undefined) colourBy = varying[0] || "trial";
    if (dashBy === undefined) dashBy = colourBy === "trial" ? null : varying.find(p => p !== colourBy) || null;
    const show = state.show || (rows.length <= 8 ? "both" : "val");
    return {pair: pairs.find(p => p.name === state.metric), pairs, varying, colourBy, dashBy, show};
}

function curveControls(panel, c) {
    const state = panel.state, set = key => value => { state[key] = value; panel.redraw(); };
    const params = panel.frame.params.map(p => ({value: p.name, text: page.cut(p.label, 24)}));
    panel.tools.append(
        page.choice("metric", c.pairs.map(p => ({value: p.name, text: p.name})), c.pair.name, set("metric")),
        page.choice("show", [{value: "both", text: "training and validation"}, {value: "val", text: "validation"}, {value: "train", text: "training"}], c.show, set("show")),
        page.choice("colour", [{value: "trial", text: "trial"}].concat(params), c.colourBy === "trial" ? "trial" : c.colourBy.name, set("colour")),
        page.choice("style", [{value: "none", text: "none"}].concat(params), c.dashBy ? c.dashBy.name : "none", set("dash")));
}

function drawCurves(layer, list, style, c, x, y) {
    const theme = page.theme();
    if (list.length <= 12)
        list.forEach(({row, curve, metrics}) => {
            layer.fillStyle = style.colourOf(row);
            layer.globalAlpha = 0.13;
            page.curveBand(layer, curve, metrics[metrics.length - 1], x, y);
        });
    layer.globalAlpha = 1;
    list.slice().reverse().forEach(({row, curve, metrics}) => metrics.forEach((k, i) => {
        const main = i === metrics.length - 1;
        layer.strokeStyle = style.colourOf(row);
        layer.setLineDash(style.dashOf(row));
        layer.lineWidth = main ? 1.9 : 1;
        layer.globalAlpha = main ? 1 : 0.55;
        page.curveLine(layer, curve, k, x, y);
    }));
    layer.setLineDash([]);
    layer.globalAlpha = 1;
    layer.strokeStyle = theme.ink;
}

function hoverCurves(panel, stage, list, x, y) {
    const points = [];
    list.forEach(({row, curve, metrics}) => metrics.forEach(k => {
        for (let i = curve.from; i < curve.to; i++) if (Number.isFinite(curve.bands[k].mean[i])) points.push({row, i, k, curve});
    }));
    const tree = d3.quadtree().x(p => x(p.curve.epochs[p.i])).y(p => y(p.curve.bands[p.k].mean[p.i])).addAll(points);
    stage.box.addEventListener("mousemove", event => {
        const box = stage.box.getBoundingClientRect(), p = tree.find(event.clientX - box.left, event.clientY - box.top, 30);
        panel.selection.hover(p ? p.row : -1);
        if (!p) return page.tip(null);
        const lines = page.tipOf(panel.frame, p.row), b = p.curve.bands[p.k];
        lines.splice(1, 0, [`epoch ${p.curve.epochs[p.i]}: ${p.curve.metrics[p.k]}`, page.short(b.mean[p.i])]);
        if (b.hi[p.i] > b.lo[p.i]) lines.splice(2, 0, ["executions", `${page.short(b.lo[p.i])} … ${page.short(b.hi[p.i])}`]);
        page.tip(lines, event);
    });
    stage.box.addEventListener("mouseleave", () => { panel.selection.hover(-1); page.tip(null); });
}

function buildCurves(panel) {
    const frame = panel.frame, s = panel.selection, rows = page.chosenCurves(frame, s), redraw = {pick: () => panel.redraw()};
    if (rows.length === 0) {
        panel.body.append(el("p", {class: "none"}, "No trial is chosen: check some in the leaderboard."));
        return redraw;
    }
    const c = curveState(panel, rows), width = panel.width(), height = 360, m = {left: 60, right: 14, top: 22, bottom: 34};
    curveControls(panel, c);
    const list = rows.map(row => {
        const curve = frame.curveOf(row), pair = page.metricPairs(curve.metrics).find(p => p.name === c.pair.name) || {train: -1, val: -1};
        const metrics = [c.show !== "val" ? pair.train : -1, c.show !== "train" ? pair.val : -1].filter(k => k >= 0);
        return {row, curve, metrics: metrics.length ? metrics : [pair.val, pair.train].filter(k => k >= 0).slice(0, 1)};
    }).filter(l => l.metrics.length);
    const stage = page.stage(panel.body, width, height, m, `Learning curves of ${page.plural(list.length, "trial")}: ${c.pair.name} by epoch`);
    const x = d3.scaleLinear().domain([1, Math.max(2, d3.max(list, l => l.curve.epochs[l.curve.to - 1]))]).range([m.left + 2, stage.right - 4]);
    const y = page.curveScale(list, [stage.bottom - 3, m.top + 4]), style = page.styles(frame, rows, c.colourBy, c.dashBy);
    const svg = stage.svg(), layer = stage.layer(), top = stage.layer();
    page.axes(svg, stage, d3.axisBottom(x).ticks(Math.min(10, width / 80)).tickFormat(page.short).tickSizeOuter(0), page.scoreAxis(d3.axisLeft(), y, 6), "epoch",
              c.pair.name + (y.isLog ? " (log)" : ""));
    drawCurves(layer, list, style, c, x, y);
    hoverCurves(panel, stage, list, x, y);
    const legend = el("div", {class: "legend"}, ...style.legend), theme = page.theme();
    if (list.some(l => l.metrics.length > 1)) {
        const lines = page.key("line", theme.muted, "training (thin)");
        lines.querySelector("line").setAttribute("stroke-width", 1);
        legend.append(page.key("line", theme.muted, "validation (thick)"), lines);
    }
    if (list.length <= 12 && list.some(l => frame.n_of[l.row] + frame.n_failed[l.row] > 1)) legend.append(el("span", {}, "band: lowest to highest execution"));
    panel.body.append(legend);
    const hover = () => {
        top.clearRect(0, 0, width, height);
        const l = list.find(x_ => x_.row === s.hovered);
        if (!l) return;
        const k = l.metrics[l.metrics.length - 1];
        top.strokeStyle = theme.bg;
        top.lineWidth = 6;
        page.curveLine(top, l.curve, k, x, y);
        top.strokeStyle = style.colourOf(l.row);
        top.lineWidth = 3.2;
        page.curveLine(top, l.curve, k, x, y);
    };
    return {pick: redraw.pick, hover};
}

const hasCurves = frame => frame.sweeps.some(s => s.curves);
page.hasCurves = hasCurves;
page.add({id: "curves", nav: "Curves", title: "Learning curves", build: buildCurves, wanted: hasCurves,
          note: "Of the trials that are checked in the leaderboard."});
