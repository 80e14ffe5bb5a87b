// SPDX-License-Identifier: MIT
//
// Charts of points share this: dots, the ring around the trial under the pointer, hovering by the
// nearest point, a brush over the plane, and keys of a legend.

page.dot = function (context, x, y, radius, colour, alpha, open) {
    context.globalAlpha = alpha;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    if (open) {
        context.strokeStyle = colour;
        context.lineWidth = 1.2;
        context.stroke();
    } else {
        context.fillStyle = colour;
        context.fill();
    }
    context.globalAlpha = 1;
};

// A trial's colour by its place; a table, as thousands ask.
page.shade = function (frame, row) {
    const theme = page.theme();
    if (!theme.shades) theme.shades = d3.range(64).map(i => page.rankColour(i / 63));
    return theme.shades[Math.min(63, Math.floor(64 * frame.place[row] / Math.max(1, frame.scored)))];
};

page.ring = function (context, stage, row, n, place, frame) {
    context.clearRect(0, 0, stage.width, stage.height);
    if (row < 0 || !(frame.n_of[row] > 0)) return;
    const [x, y] = place(row);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return;
    const theme = page.theme();
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.strokeStyle = theme.ink;
    context.lineWidth = 2;
    context.stroke();
};

// Hover and brush over a plane of points. filterOf(x0, y0, x1, y1) → {test, text}.
page.point = function (svg, stage, tree, panel, filterOf) {
    const s = panel.selection, name = panel.id, m = stage.m;
    const brush = d3.brush().extent([[m.left, m.top], [stage.right, stage.bottom]]);
    const g = svg.append("g").attr("class", "brush");
    const clear = () => g.call(brush.move, null);
    let running = false;
    brush.on("brush end", passed => {
        const event = page.event(passed);
        if (running || !event.sourceEvent) return;
        if (!event.selection) { s.filter(name, null); return; }
        const [[x0, y0], [x1, y1]] = event.selection, f = filterOf(x0, y0, x1, y1);
        page.soon(() => s.filter(name, f.test, f.text, () => { running = true; clear(); running = false; }));
    });
    g.call(brush);
    stage.brush = brush;
    g.node().addEventListener("mousemove", event => {
        const box = stage.box.getBoundingClientRect();
        const row = tree.find(event.clientX - box.left, event.clientY - box.top, 24);
        s.hover(row === undefined ? -1 : row);
        page.tip(row === undefined ? null : page.tipOf(panel.frame, row), event);
    });
    g.node().addEventListener("mouseleave", () => { s.hover(-1); page.tip(null); });
    g.node().addEventListener("dblclick", event => {
        const box = stage.box.getBoundingClientRect();
        const row = tree.find(event.clientX - box.left, event.clientY - box.top, 24);
        if (row !== undefined) s.pick(row);
    });
};

// The latest of many calls, once a frame.
let waiting = null;
page.soon = function (f) {
    const first = waiting === null;
    waiting = f;
    if (first) requestAnimationFrame(() => { const g = waiting; waiting = null; g(); });
};

// An entry of a legend: a "line" (with a dash), a "dot" or an "open" circle.
page.key = function (kind, colour, text, dash) {
    const svg = d3.create("svg").attr("width", kind === "line" ? 26 : 10).attr("height", 10).attr("aria-hidden", "true");
    if (kind === "line")
        svg.append("line").attr("x2", 26).attr("y1", 5).attr("y2", 5).attr("stroke", colour).attr("stroke-width", 2).attr("stroke-dasharray", (dash || []).join(" ") || null);
    else
        svg.append("circle").attr("cx", 5).attr("cy", 5).attr("r", 4).attr("fill", kind === "open" ? "none" : colour).attr("stroke", colour).attr("stroke-width", 1.3);
    return el("span", {}, svg.node(), text);
};
