// SPDX-License-Identifier: MIT
//
// Parallel coordinates: an axis for every parameter that varies and one for the score, a line for
// every trial. Lines are drawn on canvases, in batches that leave the browser time for the next
// brush; axes and brushes are SVG above them. A parameter that is not in force has a place of its
// own below its axis. Brushes work by keyboard, too: arrows move, shift and arrows resize, escape
// removes.

function parallelAxes(frame, m, height) {
    const axes = frame.params.map(p => {
        const at = page.paramScale(p, [height - m.bottom, m.top]), y = new Float32Array(frame.n);
        for (let row = 0; row < frame.n; row++) y[row] = at(p.values[row]);
        return {name: p.name, label: p.label, param: p, at, y};
    });
    const range = [height - m.bottom, m.top];
    const score = page.scoreScale(frame.mean, frame.maximize, frame.maximize ? range : range.slice().reverse()), y = new Float32Array(frame.n);
    for (let row = 0; row < frame.n; row++) y[row] = frame.n_of[row] > 0 ? score(frame.mean[row]) : NaN;
    axes.push({name: frame.metric, label: frame.metric, score, y});
    return axes;
}

// Rows in an order in which any part is a fair sample, the best of all last, on top.
function drawingOrder(frame) {
    const rows = Array.from(frame.byPlace).filter(row => frame.n_of[row] > 0), best = rows.splice(0, Math.min(25, rows.length >> 2));
    let state = 12345;
    for (let i = rows.length - 1; i > 0; i--) {
        state = (state * 1103515245 + 12345) % 2147483648;
        const k = state % (i + 1), row = rows[i];
        rows[i] = rows[k];
        rows[k] = row;
    }
    return rows.concat(best.reverse());
}

function strokeRow(context, axes, row) {
    context.beginPath();
    for (let k = 0; k < axes.length; k++) {
        const x = axes[k].x, y = axes[k].y[row];
        if (Number.isNaN(y)) continue;
        if (k === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
    }
    context.stroke();
}

const strokeRows = (job, context, axes, rows, colourOf) => page.batches(job, rows.length, 60, i => {
    context.strokeStyle = colourOf(rows[i]);
    strokeRow(context, axes, rows[i]);
});

// What a brush from y0 to y1 (top to bottom) on an axis selects.
function axisFilter(frame, axis, y0, y1) {
    const y = axis.y, test = row => y[row] >= y0 && y[row] <= y1;
    if (axis.score) {
        const ends = [axis.score.invert(y1), axis.score.invert(y0)].sort(d3.ascending);
        return {test, text: `${axis.label} ${page.short(ends[0])} … ${page.short(ends[1])}`};
    }
    const p = axis.param, at = axis.at, names = [];
    if (p.texts) p.texts.forEach((t, i) => { if (at(i) >= y0 && at(i) <= y1) names.push(t); });
    else {
        const bottom = Math.min(y1, at.scale.range()[0]), top = Math.max(y0, at.scale.range()[1]);
        if (top <= bottom) names.push(page.short(at.scale.invert(bottom)) + " … " + page.short(at.scale.invert(top)));
    }
    if (p.inactive && at.none >= y0 && at.none <= y1) names.push("inactive");
    return {test, text: `${p.label} ${names.length ? names.join(", ") : "none"}`};
}

function axisBrush(panel, g, axis, m, height) {
    const s = panel.selection, name = "axis:" + axis.name, low = m.top - 6, high = height - m.bottom + 8;
    const brush = d3.brushY().extent([[-13, low], [13, high]]);
    let quiet = false, at = null;
    const clear = () => { quiet = true; at = null; g.call(brush.move, null); quiet = false; };
    const set = range => {
        at = range;
        if (!range) s.filter(name, null);
        else {
            const f = axisFilter(panel.frame, axis, range[0], range[1]);
            s.filter(name, f.test, f.text, clear);
        }
    };
    brush.on("brush end", passed => {
        const event = page.event(passed);
        if (quiet || !event.sourceEvent) return;
        const range = event.selection;
        if (!range) set(null);
        else page.soon(() => set(range));
    });
    g.call(brush);
    g.attr("tabindex", 0).attr("role", "slider").attr("aria-label", `filter by ${axis.label}: arrows move, shift and arrows resize, escape removes`);
    g.node().addEventListener("keydown", event => {
        const step = (high - low) / 20, way = {ArrowUp: -1, ArrowDown: 1}[event.key];
        if (event.key === "Escape" || event.key === "Delete") {
            clear();
            set(null);
        } else if (way) {
            let [a, b] = at || [low, low + 5 * step];
            if (event.shiftKey) b = Math.min(high, Math.max(a + step, b + way * step));
            else if (at) {
                const by = Math.max(low - a, Math.min(high - b, way * step));
                a += by;
                b += by;
            }
            quiet = true;
            g.call(brush.move, [a, b]);
            quiet = false;
            set([a, b]);
        } else return;
        event.preventDefault();
    });
}

function drawAxis(svg, panel, axis, m, height) {
    const g = svg.append("g").attr("transform", `translate(${axis.x},0)`);
    const ticks = g.append("g").attr("class", "axis");
    g.append("line").attr("y1", m.top).attr("y2", height - m.bottom).attr("stroke", "var(--faint)");
    const left = d3.axisLeft().tickSize(4).tickPadding(3);
    ticks.call(axis.score ? page.scoreAxis(left, axis.score, 6) : page.paramAxis(left, axis.at, 6));
    ticks.selectAll("text").clone(true).lower().attr("stroke", "var(--bg)").attr("stroke-width", 3);
    if (axis.param && axis.param.inactive)
        g.append("text").attr("class", "title").attr("x", -7).attr("y", axis.at.none + 4).attr("text-anchor", "end").style("font-size", "11px").text("none");
    const title = g.append("text").attr("class", "title").attr("transform", `translate(0,${m.top - 14}) rotate(-18)`).attr("x", -6)
        .style("fill", "var(--ink)").style("font-weight", axis.score ? 600 : 400).text(page.cut(axis.label, axis.score ? 12 : 20));
    title.append("title").text(axis.name + (axis.score ? ", the best on top" : axis.param.log ? ", log" : ""));
    axisBrush(panel, g.append("g").attr("class", "brush"), axis, m, height);
}

// The selected trial whose line passes the pointer most closely, within 7 pixels; -1: none.
function rowAt(frame, mask, axes, x, y) {
    let k = 0;
    while (k < axes.length - 2 && x > axes[k + 1].x) k++;
    const a = axes[k], b = axes[Math.min(k + 1, axes.length - 1)], share = b.x > a.x ? (x - a.x) / (b.x - a.x) : 0;
    if (share < -0.1 || share > 1.1) return -1;
    let best = -1, distance = 7;
    for (let row = 0; row < frame.n; row++) {
        if (!mask[row]) continue;
        const d = Math.abs(a.y[row] + share * (b.y[row] - a.y[row]) - y);
        if (d < distance || (d === distance && best >= 0 && frame.place[row] < frame.place[best])) {
            distance = d;
            best = row;
        }
    }
    return best;
}

function buildParallel(panel) {
    const frame = panel.frame, s = panel.selection, theme = page.theme(), height = 380;
    const m = {left: 64, right: 12 + 6.8 * Math.min(12, frame.metric.length), top: 82, bottom: 26};
    const axes = parallelAxes(frame, m, height), order = drawingOrder(frame);
    const width = Math.max(panel.width(), m.left + m.right + 74 * (axes.length - 1));
    const scroll = el("div", {class: "scroll-x"});
    panel.body.append(scroll);
    axes.forEach((a, k) => { a.x = m.left + (width - m.left - m.right) * (axes.length > 1 ? k / (axes.length - 1) : 0.5); });
    const stage = page.stage(scroll, width, height, m, `Parallel coordinates of ${page.plural(frame.n, "trial")}: ${axes.map(a => a.label).join(", ")}`);
    stage.box.setAttribute("role", "group");
    const back = stage.layer(), front = stage.layer(), top = stage.layer(), svg = stage.svg();
    const behind = {}, before = panel.state.job = {};
    back.strokeStyle = theme.faint;
    back.globalAlpha = Math.min(0.5, 1.2 / Math.pow(order.length, 0.35));
    strokeRows(behind, back, axes, order, () => theme.faint);
    const draw = () => {
        const rows = s.count === frame.n ? order : order.filter(row => s.mask[row]);
        front.clearRect(0, 0, width, height);
        front.lineWidth = rows.length > 2000 ? 0.8 : 1.3;
        front.globalAlpha = Math.min(0.9, Math.max(0.06, 2.6 / Math.pow(rows.length, 0.38)));
        strokeRows(before, front, axes, rows, row => page.shade(frame, row));
    };
    const hover = () => {
        top.clearRect(0, 0, width, height);
        if (s.hovered < 0) return;
        top.strokeStyle = theme.bg;
        top.lineWidth = 6;
        strokeRow(top, axes, s.hovered);
        top.strokeStyle = theme.accent;
        top.lineWidth = 2.6;
        strokeRow(top, axes, s.hovered);
    };
    axes.forEach(axis => drawAxis(svg, panel, axis, m, height));
    stage.box.addEventListener("mousemove", event => {
        if (event.buttons) return;
        const box = stage.box.getBoundingClientRect(), y = event.clientY - box.top;
        const row = y < m.top - 8 ? -1 : rowAt(frame, s.mask, axes, event.clientX - box.left, y);
        s.hover(row);
        page.tip(row < 0 ? null : page.tipOf(frame, row), event);
    });
    stage.box.addEventListener("mouseleave", () => { s.hover(-1); page.tip(null); });
    panel.body.append(el("div", {class: "legend"}, page.key("line", page.shade(frame, frame.byPlace[0]), "best"),
        page.key("line", page.rankColour(1), "worst"), el("span", {}, "the score's axis has the best on top"),
        axes.some(a => a.param && a.param.inactive) ? el("span", {}, frame.sweeps.length > 1 ? "none: not in force, or not swept there" : "none: not in force in that trial") : ""));
    draw();
    return {filter: draw, hover};
}

page.add({id: "parallel", nav: "Parameters", title: "Parallel coordinates", build: buildParallel, wanted: frame => frame.params.length > 0 && frame.scored > 1,
          note: "A line for each trial. Drag along axes to keep trials; drag a selection to move it, click beside it to drop it."});
