// SPDX-License-Identifier: MIT
//
// The sweep in time: every trial in the order in which trials were made, and the best so far. A
// brush across it selects trials by their number and score.

// Best so far over a row order; among trials that count: with a result, trained to the end.
function bestSoFar(frame, order, x, y) {
    const steps = [];
    let best = NaN;
    for (const row of order) {
        const v = frame.mean[row];
        if (!(frame.n_of[row] > 0) || frame.n_pruned[row] || !Number.isFinite(v)) continue;
        if (Number.isNaN(best) || (frame.maximize ? v > best : v < best)) {
            best = v;
            steps.push([x(row), y(best)]);
        }
    }
    return steps;
}

// A line for each sweep: its rows in order, and how it is drawn.
function bestLines(frame, rows, at, theme) {
    const colours = page.colours(), several = frame.sweeps.length > 1;
    return frame.sweeps.map((sweep, i) => ({order: rows.filter(row => frame.sweepOf[row] === i).sort((a, b) => at(a) - at(b)),
        colour: several ? colours[i % colours.length] : theme.accent, dash: several ? page.dashes[i % page.dashes.length] : [],
        text: "best so far" + (several ? " of " + sweep.title : "")})).filter(l => l.order.length);
}

function buildHistory(panel) {
    const frame = panel.frame, s = panel.selection, theme = page.theme();
    const width = panel.width(), m = {left: 56, right: 12, top: 22, bottom: 34};
    const stage = page.stage(panel.body, width, 300, m, `History of ${page.plural(frame.n, "trial")}: ${frame.metric} by trial, with the best so far`);
    const timed = panel.state.by === "time";
    const at = timed ? row => frame.ended[row] : row => frame.number[row];
    const rows = Array.from(frame.byPlace).reverse().filter(row => frame.n_of[row] > 0 && Number.isFinite(at(row)));
    const x = d3.scaleLinear().domain(d3.extent(rows, at)).range([m.left + 6, stage.right - 6]);
    const y = page.scoreScale(rows.map(row => frame.mean[row]), frame.maximize, [stage.bottom - 4, m.top + 4]);
    const svg = stage.svg(), base = stage.layer(), top = stage.layer();
    page.axes(svg, stage, d3.axisBottom(x).ticks(Math.min(8, width / 80)).tickFormat(timed ? page.duration : page.short).tickSizeOuter(0), page.scoreAxis(d3.axisLeft(), y, 6),
              timed ? "time since the start of the sweep" : "trial, in the order of the search", frame.metric + (y.isLog ? " (log)" : ""));
    const radius = rows.length > 3000 ? 1.6 : rows.length > 300 ? 2.4 : 3.6;
    const points = page.scatter(frame, s, rows, row => x(at(row)), row => y(frame.mean[row]), radius);
    const lines = bestLines(frame, rows, at, theme);
    const draw = () => {
        base.clearRect(0, 0, width, 300);
        points.draw(base);
        lines.forEach(line => {
            const steps = bestSoFar(frame, line.order, row => x(at(row)), y);
            base.beginPath();
            steps.forEach(([px, py], i) => { if (i) { base.lineTo(px, steps[i - 1][1]); base.lineTo(px, py); } else base.moveTo(px, py); });
            if (steps.length) base.lineTo(x(at(line.order[line.order.length - 1])), steps[steps.length - 1][1]);
            base.strokeStyle = line.colour;
            base.lineWidth = 2;
            base.setLineDash(line.dash);
            base.stroke();
            base.setLineDash([]);
        });
    };
    const hover = () => page.ring(top, stage, s.hovered, points.place, frame);
    page.point(stage.svg(), stage, points, panel, (x0, y0, x1, y1) => {
        const test = row => { const px = x(at(row)), py = y(frame.mean[row]); return px >= x0 && px <= x1 && py >= y0 && py <= y1; };
        return {test: row => frame.n_of[row] > 0 && test(row), text: `history: ${frame.metric} ${page.short(y.invert(y1))} … ${page.short(y.invert(y0))}`};
    });
    panel.tools.append(page.choice("by", [{value: "trial", text: "trial"}, {value: "time", text: "time"}], panel.state.by || "trial", v => { panel.state.by = v; panel.redraw(); }));
    const legend = el("div", {class: "legend"}, ...lines.map(l => page.key("line", l.colour, l.text, l.dash)), page.key("dot", page.rankColour(0), "best"), page.key("dot", page.rankColour(1), "worst"));
    if (d3.sum(frame.n_pruned)) legend.append(page.key("open", theme.ink, "stopped early"));
    if (y.beyond) legend.append(el("span", {}, `${page.plural(y.beyond, "trial")} beyond the axis, drawn at its edge`));
    panel.body.append(legend);
    draw();
    return {filter: draw, hover};
}

page.add({id: "history", nav: "History", title: "History", span: "half", build: buildHistory, wanted: frame => frame.scored > 0,
          note: "Drag to select trials; everything else on the page follows."});
