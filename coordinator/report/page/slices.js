// SPDX-License-Identifier: MIT
//
// The score against every parameter, one small picture each, the most important first.

const slicesMost = 40;

function sliceStage(panel, box, p, frame, y, rows, radius) {
    const figure = el("figure", {}, el("figcaption", {title: p.name}, el("b", {}, page.cut(p.label, 30)), p.log ? " log" : ""));
    box.append(figure);
    const width = Math.floor(figure.clientWidth), height = 150, m = {left: 40, right: 6, top: 4, bottom: 20};
    const stage = page.stage(figure, width, height, m, `${frame.metric} against ${p.label}`);
    const x = page.paramScale(p, [m.left + 6, stage.right - 6]), svg = stage.svg(), layer = stage.layer(), top = stage.layer();
    y.range([height - m.bottom - 3, m.top + 3]);
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${height - m.bottom})`).call(page.paramAxis(d3.axisBottom().tickSize(3).tickSizeOuter(0), x, 3));
    if (p.texts && p.texts.length > 3 && d3.max(p.texts, t => t.length) > 5) svg.selectAll(".axis text").text(i => page.cut(p.texts[i], Math.max(3, Math.floor(width / p.texts.length / 7))));
    svg.append("g").attr("class", "axis grid").attr("transform", `translate(${m.left},0)`)
        .call(page.scoreAxis(d3.axisLeft(), y, 4).tickSizeInner(-(width - m.left - m.right)).tickSizeOuter(0).tickPadding(4));
    if (p.inactive) svg.append("text").attr("class", "title").attr("x", x.none).attr("y", height - 5).attr("text-anchor", "middle").style("font-size", "11px").text("none");
    const step = x.scale.step ? x.scale.step() * 0.5 : 0;
    const shift = row => p.texts && !Number.isNaN(p.values[row]) ? ((row * 2654435761 % 1000) / 1000 - 0.5) * Math.min(26, step) : 0;
    const at = row => x(p.values[row]) + shift(row), points = page.scatter(frame, panel.selection, rows, at, row => y(frame.mean[row]), radius);
    page.point(stage.svg(), stage, points, {id: "slice:" + p.name, selection: panel.selection, frame}, (x0, y0, x1, y1) => ({
        test: row => frame.n_of[row] > 0 && at(row) >= x0 && at(row) <= x1 && y(frame.mean[row]) >= y0 && y(frame.mean[row]) <= y1,
        text: `${p.label} by ${frame.metric}`}));
    return {layer, top, points, stage};
}

function buildSlices(panel) {
    const frame = panel.frame, s = panel.selection, box = el("div", {class: "small"});
    const rows = Array.from(frame.byPlace).filter(row => frame.n_of[row] > 0).reverse(), radius = rows.length > 3000 ? 0.8 : rows.length > 300 ? 1.8 : 2.8;
    const y = page.scoreScale(rows.map(row => frame.mean[row]), frame.maximize, [1, 0]), params = page.byImportance(frame).slice(0, slicesMost);
    panel.body.append(box);
    const slices = params.map(p => sliceStage(panel, box, p, frame, y, rows, radius));
    const job = {};
    const draw = () => page.batches(job, slices.length, 1, i => {
        const {layer, points, stage} = slices[i];
        layer.clearRect(0, 0, stage.width, stage.height);
        points.draw(layer);
    });
    draw();
    const under = el("div", {class: "legend"}, el("span", {}, `up: ${frame.metric}${y.isLog ? ", log" : ""}`), page.key("dot", page.rankColour(0), "best"), page.key("dot", page.rankColour(1), "worst"));
    if (y.beyond) under.append(el("span", {}, `${page.plural(y.beyond, "trial")} beyond the axis, drawn at its edge`));
    panel.body.append(under);
    return {filter: draw, hover: () => slices.forEach(({top, stage, points}) => page.ring(top, stage, s.hovered, points.place, frame))};
}

page.add({id: "slices", title: "One parameter at a time", build: buildSlices, wanted: frame => frame.params.length > 0 && frame.scored > 1});
