// SPDX-License-Identifier: MIT
//
// When and where executions ran: a row for each worker, a bar for each attempt, and the share of
// the time in which the worker was busy. A brush selects the trials that ran in a span of time.

function timelineOf(sweep) {
    const a = sweep.attempts, get = name => page.column(a[name], a.n);
    return {a, row: get("row"), worker: get("worker"), start: get("start"), end: get("end"), word: get("word"), test: get("test")};
}

// Busy seconds of every worker: overlapping attempts (handed over ahead) count once.
function busyOf(t, workers, span) {
    const by = new Map(workers.map(w => [w, []]));
    for (let i = 0; i < t.a.n; i++) by.get(t.worker[i]).push([t.start[i], Number.isNaN(t.end[i]) ? span : t.end[i]]);
    return workers.map(w => {
        let busy = 0, until = -Infinity;
        by.get(w).sort((x, y) => x[0] - y[0]).forEach(([from, to]) => {
            busy += Math.max(0, to - Math.max(from, until));
            until = Math.max(until, to);
        });
        return busy;
    });
}

function buildTimeline(panel) {
    const frame = panel.frame, s = panel.selection, theme = page.theme(), which = panel.state.sweep || 0, sweep = frame.sweeps[which], base = frame.parts[which].base;
    const withTime = frame.sweeps.map((x, i) => ({value: String(i), text: x.title, has: x.attempts})).filter(i => i.has);
    if (withTime.length > 1) panel.tools.append(page.choice("sweep", withTime, String(which), v => { panel.state.sweep = Number(v); panel.redraw(); }));
    if (!sweep.attempts) return {};
    const t = timelineOf(sweep), workers = Array.from(new Set(t.worker)).sort(d3.ascending), ends = Array.from(t.end).filter(Number.isFinite);
    const span = Math.max(d3.max(ends) || 0, d3.max(t.start) || 0, 1e-3), line = Math.max(3, Math.min(24, 320 / workers.length)), width = panel.width();
    const m = {left: 74, right: 52, top: 6, bottom: 34}, height = m.top + m.bottom + line * workers.length;
    const stage = page.stage(panel.body, width, height, m, `Timeline of ${page.plural(t.a.all, "attempt")} on ${page.plural(workers.length, "worker")}`);
    const x = d3.scaleLinear().domain([0, span]).range([m.left, stage.right]), layer = stage.layer(), svg = stage.svg(), colours = page.colours();
    const place = new Map(workers.map((w, i) => [w, m.top + i * line])), busy = busyOf(t, workers, span);
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${stage.bottom})`).call(d3.axisBottom(x).ticks(Math.min(8, width / 100)).tickFormat(page.duration).tickSizeOuter(0));
    if (line >= 11) workers.forEach((w, i) => {
        const y = m.top + i * line + line / 2 + 4;
        svg.append("text").attr("class", "title").attr("x", m.left - 8).attr("y", y).attr("text-anchor", "end").text(w === 65535 ? "unknown" : `worker ${w}`);
        if (t.a.n === t.a.all) svg.append("text").attr("class", "title").attr("x", stage.right + 8).attr("y", y).text(d3.format(".0%")(Math.min(1, busy[i] / span)));
    });
    svg.append("text").attr("class", "title").attr("x", stage.right).attr("y", height - 4).attr("text-anchor", "end").text("since the first attempt");
    const kinds = t.a.words.map((word, k) => ({word, bad: t.a.bad[k], colour: t.a.bad[k] ? theme.bad : word === "completed" ? colours[0] : word === "running" ? colours[2] : colours[4]}));
    const bars = d3.range(t.a.n), y = i => place.get(t.worker[i]) + 1, end = i => Number.isNaN(t.end[i]) ? span : t.end[i];
    const draw = () => {
        layer.clearRect(0, 0, width, height);
        for (const i of bars) {
            const kind = kinds[t.word[i]], shown = t.row[i] === 4294967295 || s.mask[base + t.row[i]], w = Math.max(0.6, x(end(i)) - x(t.start[i]) - 0.4);
            layer.globalAlpha = shown ? 0.85 : 0.13;
            layer.fillStyle = kind.colour;
            layer.fillRect(x(t.start[i]), y(i), w, line - 2);
            if (kind.bad && line > 8 && w > 3) { // readable without colour: a cross
                layer.strokeStyle = theme.bg;
                layer.lineWidth = 1.2;
                layer.beginPath();
                layer.moveTo(x(t.start[i]), y(i));
                layer.lineTo(x(t.start[i]) + w, y(i) + line - 2);
                layer.stroke();
            }
        }
        layer.globalAlpha = 1;
    };
    const brush = d3.brushX().extent([[m.left, m.top], [stage.right, stage.bottom]]), g = svg.append("g").attr("class", "brush");
    let quiet = false;
    brush.on("brush end", passed => {
        const event = page.event(passed);
        if (quiet || !event.sourceEvent) return;
        if (!event.selection) { s.filter("timeline", null); return; }
        const [from, to] = event.selection.map(x.invert), on = new Set();
        bars.forEach(i => { if (t.start[i] <= to && end(i) >= from && t.row[i] !== 4294967295) on.add(base + t.row[i]); });
        page.soon(() => s.filter("timeline", row => on.has(row), `ran ${page.duration(from)} … ${page.duration(to)}`, () => { quiet = true; g.call(brush.move, null); quiet = false; }));
    });
    g.call(brush);
    g.node().addEventListener("mousemove", event => {
        const box = stage.box.getBoundingClientRect(), px = event.clientX - box.left, w = workers[Math.floor((event.clientY - box.top - m.top) / line)], at = x.invert(px);
        const i = bars.find(k => t.worker[k] === w && t.start[k] <= at && end(k) >= at);
        if (i === undefined || t.row[i] === 4294967295) { s.hover(-1); return page.tip(null); }
        s.hover(base + t.row[i]);
        const lines = page.tipOf(frame, base + t.row[i]).slice(0, 2);
        lines.push([kinds[t.word[i]].word, page.duration(end(i) - t.start[i])]);
        page.tip(lines, event);
    });
    g.node().addEventListener("mouseleave", () => { s.hover(-1); page.tip(null); });
    const legend = el("div", {class: "legend"});
    kinds.forEach(k => legend.append(page.key("dot", k.colour, k.word)));
    const total = t.a.n === t.a.all ? d3.sum(busy) : Math.min(t.a.busy_s, span * workers.length);
    legend.append(el("span", {}, `workers were busy for ${d3.format(".0%")(Math.min(1, total / (span * workers.length)))} of the time`));
    if (t.a.n < t.a.all) legend.append(el("span", {}, `one in ${Math.round(t.a.all / t.a.n)} of ${page.count(t.a.all)} attempts is drawn`));
    panel.body.append(legend);
    draw();
    return {filter: draw};
}

page.add({id: "timeline", nav: "Timeline", title: "Timeline", build: buildTimeline, wanted: frame => frame.sweeps.some(s => s.attempts)});
