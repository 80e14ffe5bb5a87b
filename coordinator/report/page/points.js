// SPDX-License-Identifier: MIT
//
// Charts of points share this: dots, the ring around the trial under the pointer, hovering by the
// nearest point, a brush over the plane, and keys of a legend.

// Trials as points of a plane: {draw(context), tree}. Rows stand with the worst first, so that the
// best are on top, and equal colours follow one another and are drawn at once; thousands are squares,
// which cost a tenth of a disc. Those that are not selected are pale, stopped ones open.
page.scatter = function (frame, selection, rows, px, py, radius) {
    const n = rows.length, xs = new Float32Array(n), ys = new Float32Array(n), shades = new Uint8Array(n), theme = page.theme(), small = radius < 2;
    rows.forEach((row, i) => {
        xs[i] = px(row);
        ys[i] = py(row);
        shades[i] = page.shadeIndex(frame, row) + (frame.n_pruned[row] ? 64 : 0);
    });
    const add = small ? (context, i) => context.rect(xs[i] - radius, ys[i] - radius, 2 * radius, 2 * radius) : (context, i) => {
        context.moveTo(xs[i] + radius, ys[i]);
        context.arc(xs[i], ys[i], radius, 0, 2 * Math.PI);
    };
    const draw = context => {
        const mask = selection.mask;
        if (selection.count < frame.n) {
            context.beginPath();
            for (let i = 0; i < n; i++) if (!mask[rows[i]]) {
                if (small) context.rect(xs[i] - 0.5, ys[i] - 0.5, 1, 1);
                else add(context, i);
            }
            context.globalAlpha = 0.45;
            context.fillStyle = theme.faint;
            context.fill();
        }
        context.globalAlpha = 0.88;
        for (let i = 0; i < n;) {
            const shade = shades[i];
            context.beginPath();
            for (; i < n && shades[i] === shade; i++) if (mask[rows[i]]) add(context, i);
            if (shade >= 64) { // stopped
                context.strokeStyle = theme.shades[shade - 64];
                context.lineWidth = 1.3;
                context.stroke();
            } else {
                context.fillStyle = theme.shades[shade];
                context.fill();
            }
        }
        context.globalAlpha = 1;
    };
    const index = d3.range(n), tree = d3.quadtree().x(row => xs[at(row)]).y(row => ys[at(row)]);
    const where = new Int32Array(frame.n).fill(-1);
    index.forEach(i => { where[rows[i]] = i; });
    function at(row) { return where[row]; }
    let ready = false; // the tree is made when the pointer first comes
    return {draw, place: row => at(row) < 0 ? [NaN, NaN] : [xs[at(row)], ys[at(row)]],
            find: (x, y, reach) => { if (!ready) { tree.addAll(rows); ready = true; } return tree.find(x, y, reach); }};
};

// A trial's colour by its place; a table, as thousands ask.
page.shadeIndex = (frame, row) => Math.min(63, Math.floor(64 * frame.place[row] / Math.max(1, frame.scored)));
page.shade = (frame, row) => page.theme().shades[page.shadeIndex(frame, row)];

page.ring = function (context, stage, row, place, frame) {
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
page.point = function (svg, stage, points, panel, filterOf) {
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
        const row = points.find(event.clientX - box.left, event.clientY - box.top, 24);
        s.hover(row === undefined ? -1 : row);
        page.tip(row === undefined ? null : page.tipOf(panel.frame, row), event);
    });
    g.node().addEventListener("mouseleave", () => { s.hover(-1); page.tip(null); });
    g.node().addEventListener("dblclick", event => {
        const box = stage.box.getBoundingClientRect();
        const row = points.find(event.clientX - box.left, event.clientY - box.top, 24);
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

// Calls draw(i) for i of 0 … n-1 in batches, a batch a frame, until all are drawn or the job has
// begun anew. What a canvas is told is drawn only later, so a batch's cost is known from the time
// to the next frame: batches shrink when frames take longer than 30 ms, and grow when they do not.
page.batches = function (job, n, first, draw) {
    const mine = job.number = (job.number || 0) + 1;
    let i = 0, size = first, before = 0;
    const next = now => {
        if (job.number !== mine) return;
        if (before) size = now - before > 30 ? Math.max(first / 4, size / 2) : now - before < 22 ? size * 1.6 : size;
        before = now;
        const end = Math.min(n, i + Math.ceil(size));
        while (i < end) draw(i++);
        job.left = n - i;
        if (i < n) requestAnimationFrame(next);
    };
    next(0);
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
