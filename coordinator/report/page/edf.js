// SPDX-License-Identifier: MIT
//
// The empirical distribution of scores: which share of the trials is at least as good as a value. A
// search that lies to the better side finds good trials more often. Several sweeps are compared by
// their curves; a selection is compared with all.

// rows: the best value first.
function edfOf(frame, rows) {
    const all = d3.sum(rows, row => frame.weight[row]);
    let so_far = 0;
    return rows.map(row => [frame.mean[row], (so_far += frame.weight[row]) / all]);
}

function edfCurves(frame, s, theme, rows) {
    const curves = [], colours = page.colours();
    if (frame.sweeps.length > 1)
        frame.sweeps.forEach((sweep, i) => curves.push({text: sweep.title, colour: colours[i % colours.length], dash: page.dashes[i % page.dashes.length],
                                                        width: 2, rows: rows.filter(row => frame.sweepOf[row] === i && s.mask[row])}));
    else {
        curves.push({text: "all trials", colour: s.count < frame.n ? theme.muted : colours[0], dash: s.count < frame.n ? page.dashes[1] : [], width: 1.8, rows});
        if (s.count < frame.n) curves.push({text: "selected", colour: theme.accent, dash: [], width: 2.2, rows: rows.filter(row => s.mask[row])});
    }
    return curves;
}

function buildEdf(panel) {
    const frame = panel.frame, s = panel.selection, theme = page.theme(), width = panel.width(), height = 300;
    const m = {left: 48, right: 12, top: 22, bottom: 34};
    const stage = page.stage(panel.body, width, height, m, `Share of the trials that reach a ${frame.metric}`);
    const rows = Array.from(frame.byPlace).filter(row => frame.n_of[row] > 0 && Number.isFinite(frame.mean[row]) && !frame.n_pruned[row]);
    rows.sort((a, b) => (frame.maximize ? -1 : 1) * (frame.mean[a] - frame.mean[b]));
    const x = page.scoreScale(rows.map(row => frame.mean[row]), frame.maximize, [m.left + 4, stage.right - 6]);
    const y = d3.scaleLinear().domain([0, 1]).range([stage.bottom - 2, m.top + 4]);
    const svg = stage.svg(), layer = stage.layer(), legend = el("div", {class: "legend"});
    page.axes(svg, stage, page.scoreAxis(d3.axisBottom(), x, Math.min(7, width / 80)).tickSizeOuter(0), d3.axisLeft(y).ticks(5).tickFormat(d3.format(".0%")),
              frame.metric + (x.isLog ? " (log)" : ""), frame.maximize ? "share of trials at least as good" : "share of trials at most as large");
    panel.body.append(legend);
    const draw = () => {
        layer.clearRect(0, 0, width, height);
        legend.textContent = "";
        for (const c of edfCurves(frame, s, theme, rows)) {
            const steps = edfOf(frame, c.rows);
            layer.beginPath();
            let last = stage.bottom - 2;
            steps.forEach(([v, share], i) => {
                if (i === 0) layer.moveTo(x(v), last);
                else if (last - y(share) < 0.5 && i < steps.length - 1) return; // no step that could be seen
                else layer.lineTo(x(v), last);
                last = y(share);
                layer.lineTo(x(v), last);
            });
            if (steps.length) layer.lineTo(frame.maximize ? m.left + 4 : stage.right - 6, last);
            layer.strokeStyle = c.colour;
            layer.lineWidth = c.width;
            layer.setLineDash(c.dash);
            layer.stroke();
            layer.setLineDash([]);
            legend.append(page.key("line", c.colour, `${c.text} (${page.count(c.rows.length)})`, c.dash));
        }
    };
    draw();
    return {filter: draw};
}

page.add({id: "edf", title: "Distribution of scores", span: "half", build: buildEdf, wanted: frame => frame.scored > 1,
          note: "How often the search found something as good; trials trained to their end."});
