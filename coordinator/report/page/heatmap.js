// SPDX-License-Identifier: MIT
//
// A pair of parameters: every trial is a point, coloured by its rank, and nothing is interpolated
// between them. Where both have few values, a cell is the mean of its trials and says how many.

// Scores of cells: Map of "i,k" → {sum, n, rows}.
function cellsOf(frame, p, q, mask) {
    const cells = new Map();
    for (let row = 0; row < frame.n; row++) {
        if (!(frame.n_of[row] > 0) || !mask[row]) continue;
        const place = x => Number.isNaN(x.values[row]) ? -1 : x.values[row], i = place(p), k = place(q);
        const key = i + "," + k, cell = cells.get(key) || {i, k, sum: 0, n: 0, places: 0};
        cell.sum += frame.mean[row];
        cell.places += frame.place[row];
        cell.n++;
        cells.set(key, cell);
    }
    return Array.from(cells.values());
}

// Places for few values, one more for "not in force" (-1); else numbers.
function pairScale(p, range) {
    if (!p.texts) return page.paramScale(p, range);
    const band = d3.scaleBand().domain((p.inactive ? [-1] : []).concat(d3.range(p.texts.length))).range(range).paddingInner(0.05);
    const at = v => band(Number.isNaN(v) ? -1 : v) + band.bandwidth() / 2;
    return Object.assign(at, {none: p.inactive ? at(NaN) : NaN, scale: band, param: p, band});
}
const pairText = (p, i) => i < 0 ? "none" : p.texts[i];

function drawCells(layer, frame, s, xs, ys, p, q, theme) {
    const score = page.digits(frame), w = xs.band.bandwidth(), h = ys.band.bandwidth();
    for (const cell of cellsOf(frame, p, q, s.mask)) {
        const shade = Math.min(1, cell.places / cell.n / Math.max(1, frame.scored - 1)), x = xs.band(cell.i), y = ys.band(cell.k);
        layer.fillStyle = page.rankColour(shade);
        layer.fillRect(x, y, w, h);
        if (w < 44 || h < 18) continue;
        layer.fillStyle = d3.hcl(page.rankColour(shade)).l > 58 ? "#111" : "#fff";
        layer.font = "12px system-ui, sans-serif";
        layer.textAlign = "center";
        layer.textBaseline = "middle";
        layer.fillText(score(cell.sum / cell.n), x + w / 2, y + h / 2 - (h > 40 ? 6 : 0));
        if (h > 40) layer.fillText(`n ${cell.n}`, x + w / 2, y + h / 2 + 10);
    }
    layer.strokeStyle = theme.line;
}

// Points of equal values do not hide one another: a fixed shift within the place of a word.
const jitter = (row, at) => at.band ? ((row * 2654435761 % 1000) / 1000 - 0.5) * at.band.bandwidth() * 0.7 : 0;

function buildPair(panel) {
    const frame = panel.frame, s = panel.selection, theme = page.theme(), state = panel.state;
    const ranked = page.byImportance(frame), named = (name, other) => ranked.find(p => p.name === name) || ranked.find(p => p !== other);
    const p = named(state.x, null), q = named(state.y, p), items = frame.params.map(x => ({value: x.name, text: page.cut(x.label, 22)}));
    panel.tools.append(page.choice("x", items, p.name, v => { state.x = v; panel.redraw(); }), page.choice("y", items, q.name, v => { state.y = v; panel.redraw(); }));
    const longest = q.texts ? d3.max(q.texts, t => Math.min(14, t.length)) : 6;
    const width = panel.width(), height = 340, m = {left: Math.max(52, 16 + 7 * longest), right: 12, top: 22, bottom: 36};
    const stage = page.stage(panel.body, width, height, m, `${q.label} against ${p.label}, trials coloured by rank`);
    const xs = pairScale(p, [m.left + 6, stage.right - 6]), ys = pairScale(q, [stage.bottom - 6, m.top + 6]);
    const svg = stage.svg(), layer = stage.layer(), top = stage.layer(), cells = xs.band && ys.band;
    const bottom = page.paramAxis(d3.axisBottom().tickSizeOuter(0), xs, Math.min(6, width / 90)), left = page.paramAxis(d3.axisLeft().tickSizeOuter(0), ys, 6);
    if (xs.band) bottom.tickValues(xs.band.domain()).tickFormat(i => page.cut(pairText(p, i), Math.max(3, Math.floor(xs.band.step() / 8))));
    if (ys.band) left.tickValues(ys.band.domain()).tickFormat(i => page.cut(pairText(q, i), 14));
    page.axes(svg, stage, bottom, left, p.label + (p.log ? " (log)" : ""), q.label + (q.log ? " (log)" : ""));
    if (p.inactive && !xs.band) svg.append("text").attr("class", "title").attr("x", xs.none).attr("y", stage.bottom + 16).attr("text-anchor", "middle").text("none");
    if (q.inactive && !ys.band) svg.append("text").attr("class", "title").attr("x", m.left - 8).attr("y", ys.none + 4).attr("text-anchor", "end").text("none");
    const rows = Array.from(frame.byPlace).filter(row => frame.n_of[row] > 0).reverse();
    const px = row => xs(p.values[row]) + (cells ? 0 : jitter(row, xs)), py = row => ys(q.values[row]) + (cells ? 0 : jitter(row, ys));
    const radius = rows.length > 3000 ? 1.9 : rows.length > 300 ? 3 : 4.5;
    const points = page.scatter(frame, s, rows, px, py, radius);
    const draw = () => {
        layer.clearRect(0, 0, width, height);
        if (cells) return drawCells(layer, frame, s, xs, ys, p, q, theme);
        points.draw(layer);
        const best = rows[rows.length - 1];
        if (best !== undefined && s.mask[best]) {
            layer.strokeStyle = theme.accent;
            layer.lineWidth = 2;
            layer.beginPath();
            layer.arc(px(best), py(best), radius + 4, 0, 7);
            layer.stroke();
        }
    };
    page.point(stage.svg(), stage, points, panel, (x0, y0, x1, y1) => ({
        test: row => frame.n_of[row] > 0 && px(row) >= x0 && px(row) <= x1 && py(row) >= y0 && py(row) <= y1,
        text: `${p.label} × ${q.label}`}));
    panel.body.append(el("div", {class: "legend"}, page.key("dot", page.rankColour(0), "best"), page.key("dot", page.rankColour(1), "worst"),
        cells ? el("span", {}, `cells: mean ${frame.metric} of n trials, coloured by their mean rank`) : page.key("open", theme.accent, "ring: the best trial")));
    draw();
    return {filter: draw, hover: () => page.ring(top, stage, s.hovered, points.place, frame)};
}

page.add({id: "pair", title: "A pair of parameters", span: "half", build: buildPair, wanted: frame => frame.params.length > 1 && frame.scored > 1,
          note: "Trials where they are, coloured by rank; nothing is interpolated."});
