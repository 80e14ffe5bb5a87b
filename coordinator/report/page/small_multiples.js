// SPDX-License-Identifier: MIT
//
// One small picture for each chosen trial: training and validation together, titled with the values
// that vary and the score. All have the same axes.

const smallMost = 24;

function drawSmall(panel, figure, item, width, x, y, metrics) {
    const theme = page.theme(), colours = page.colours(), height = 120;
    const m = {left: 36, right: 4, top: 4, bottom: 18};
    const stage = page.stage(figure, width, height, m, `Curves of ${panel.frame.label(item.row)}`);
    const svg = stage.svg(), layer = stage.layer();
    x.range([m.left + 1, width - m.right - 1]);
    y.range([height - m.bottom - 2, m.top + 2]);
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - m.bottom})`).call(d3.axisBottom(x).ticks(3).tickSize(3).tickFormat(page.short));
    svg.append("g").attr("class", "axis grid").attr("transform", `translate(${m.left},0)`)
        .call(page.scoreAxis(d3.axisLeft(), y, 3).tickSizeInner(-(width - m.left - m.right)).tickSizeOuter(0).tickPadding(4));
    metrics.forEach(({k, val}) => {
        layer.strokeStyle = layer.fillStyle = val ? colours[0] : colours[1];
        layer.globalAlpha = 0.18;
        page.curveBand(layer, item.curve, k, x, y);
        layer.globalAlpha = 1;
        layer.lineWidth = val ? 1.8 : 1.2;
        layer.setLineDash(val ? [] : page.dashes[1]);
        page.curveLine(layer, item.curve, k, x, y);
    });
    layer.setLineDash([]);
    layer.strokeStyle = theme.ink;
}

function buildSmall(panel) {
    const frame = panel.frame, s = panel.selection, all = page.chosenCurves(frame, s), rows = all.slice(0, smallMost), redraw = {pick: () => panel.redraw()};
    if (rows.length === 0) {
        panel.body.append(el("p", {class: "none"}, "No trial is chosen: check some in the leaderboard."));
        return redraw;
    }
    const pairs = page.metricPairs(frame.curveOf(rows[0]).metrics), base = frame.metric.replace(/^val_/, "");
    const name = panel.state.metric || (pairs.some(p => p.name === base) ? base : pairs[0].name), score = page.digits(frame);
    panel.tools.append(page.choice("metric", pairs.map(p => ({value: p.name, text: p.name})), name, v => { panel.state.metric = v; panel.redraw(); }));
    const list = rows.map(row => {
        const curve = frame.curveOf(row), pair = page.metricPairs(curve.metrics).find(p => p.name === name) || {train: -1, val: -1};
        return {row, curve, metrics: [pair.train, pair.val].filter(k => k >= 0), pair};
    });
    const x = d3.scaleLinear().domain([1, Math.max(2, d3.max(list, l => l.curve.epochs[l.curve.to - 1]))]);
    const y = page.curveScale(list, [0, 1]), varying = page.varying(frame, rows), box = el("div", {class: "small"});
    panel.body.append(box);
    const figures = list.map(item => {
        const text = varying.filter(p => !Number.isNaN(p.values[item.row])).map(p => `${p.label} ${page.valueText(p, p.values[item.row])}`).join(", ");
        const caption = el("figcaption", {title: text}, el("b", {}, frame.n_of[item.row] > 0 ? score(frame.mean[item.row]) : "no result"), ` ${frame.label(item.row)}`, el("span", {}, text));
        const figure = el("figure", {}, caption);
        figure.addEventListener("mouseenter", () => s.hover(item.row));
        figure.addEventListener("mouseleave", () => s.hover(-1));
        box.append(figure);
        return figure;
    });
    const width = Math.floor(figures[0].clientWidth);
    list.forEach((item, i) => drawSmall(panel, figures[i], item, width, x, y, [{k: item.pair.train, val: false}, {k: item.pair.val, val: true}].filter(q => q.k >= 0)));
    const colours = page.colours(), legend = el("div", {class: "legend"});
    if (list.some(l => l.pair.val >= 0)) legend.append(page.key("line", colours[0], "validation"));
    if (list.some(l => l.pair.train >= 0)) legend.append(page.key("line", colours[1], "training", page.dashes[1]));
    legend.append(el("span", {}, `${name} by epoch${y.isLog ? ", log" : ""}; band: lowest to highest execution`));
    if (all.length > rows.length) legend.append(el("span", {}, `the first ${smallMost} of ${all.length} chosen trials`));
    panel.body.append(legend);
    return redraw;
}

page.add({id: "small", title: "Trial by trial", build: buildSmall, wanted: page.hasCurves,
          note: "The same trials one by one, titled with the score and the values in which they differ."});
