// SPDX-License-Identifier: MIT
//
// What charts share: elements, numbers as text, colours and dashes, canvases under SVG axes, the
// panel that a chart lives in, and the tip at the pointer. Texts of the document become text nodes,
// never markup.

// An element: el("p", {class: "note"}, "text", child, …).
page.el = function (tag, attributes, ...children) {
    const e = document.createElement(tag);
    for (const name in attributes || {}) {
        if (name.startsWith("on")) e.addEventListener(name.slice(2), attributes[name]);
        else if (attributes[name] !== null && attributes[name] !== undefined) e.setAttribute(name, attributes[name]);
    }
    e.append(...children.filter(c => c !== null && c !== undefined && c !== ""));
    return e;
};
const el = page.el;

// --- numbers -----------------------------------------------------------------

const minus = text => text.replace(/^-/, "−").replace(/e-/, "e−").replace(/e\+/, "e");

// Four digits, as short as they are.
page.short = function (x) {
    if (x === null || Number.isNaN(x)) return "–";
    if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
    if (Number.isInteger(x) && Math.abs(x) < 1e7) return minus(String(x));
    const text = String(Number(x.toPrecision(4)));
    return minus(/e/.test(text) || text.length > 8 ? Number(x.toPrecision(4)).toExponential().replace(/\.?0+e/, "e") : text);
};
page.count = x => d3.format(",")(x);
// Digits of a column such that its typical spread is seen with two of them.
page.digits = function (frame) {
    const spreads = Array.from(frame.sd).filter(x => x > 0).sort(d3.ascending);
    const values = Array.from(frame.mean).filter(Number.isFinite);
    const largest = d3.max(values, Math.abs) || 1;
    const unit = spreads.length ? Math.max(spreads[spreads.length >> 1], largest * 1e-6) : 0;
    const most = largest >= 1e6 || largest < 1e-3 ? null
               : unit > 0 ? 1 - Math.floor(Math.log10(unit)) : 3 - Math.floor(Math.log10(largest));
    return x => Number.isNaN(x) ? "–" : most === null || Math.abs(x) >= 1e7 ? page.short(x) : minus(x.toFixed(Math.min(8, Math.max(0, most))));
};
page.duration = function (s) {
    if (Number.isNaN(s) || s === null) return "–";
    if (s === 0) return "0 s";
    if (s < 1e-3) return page.short(s * 1e6) + " µs";
    if (s < 1) return page.short(Number((s * 1e3).toPrecision(3))) + " ms";
    if (s < 100) return page.short(Number(s.toPrecision(3))) + " s";
    if (s < 5940) return Math.round(s / 60) + " min";
    return s < 1e5 ? page.short(Number((s / 3600).toPrecision(3))) + " h" : page.short(Number((s / 86400).toPrecision(3))) + " d";
};
page.plural = (n, one, many) => page.count(n) + " " + (n === 1 ? one : many || one + "s");

// --- colours -----------------------------------------------------------------

let theme = null; // of the colour scheme in force
page.theme = function () {
    if (theme) return theme;
    const style = getComputedStyle(document.documentElement), t = {};
    for (const name of ["bg", "ink", "muted", "faint", "line", "accent", "bad"]) t[name] = style.getPropertyValue("--" + name).trim();
    t.dark = style.getPropertyValue("--dark").trim() === "1";
    theme = t;
    t.shades = d3.range(64).map(i => page.rankColour(i / 63));
    return t;
};
page.forgetTheme = () => { theme = null; };
// q from 0, the best, to 1: viridis, with the end that stands out against the page for the best.
page.rankColour = q => d3.interpolateViridis(page.theme().dark ? 0.98 - 0.8 * q : 0.02 + 0.9 * q);
// Okabe and Ito's colours, which people with any colour vision tell apart.
const okabe = {
    false: ["#0072b2", "#d55e00", "#009e73", "#b0578d", "#3b9bd3", "#b87d00", "#444444", "#7a5c00"],
    true: ["#56b4e9", "#e8853a", "#2fc59a", "#d998bd", "#8ecdf0", "#e9b44c", "#d8d8d8", "#f0e442"],
};
page.colours = () => okabe[page.theme().dark];
page.dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2], [1, 4], [12, 4], [6, 2, 2, 2, 2, 2]];

// --- drawing -----------------------------------------------------------------

// d3 5 has the event in d3.event, later versions pass it.
page.event = passed => d3.event || passed;

page.canvas = function (parent, width, height) {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const canvas = el("canvas", {"aria-hidden": "true"});
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = width + "px";
    canvas.style.height = height + "px";
    parent.append(canvas);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.lineJoin = "round";
    return context;
};

// A drawing area with margins m: canvases below, an SVG with axes and brushes above.
page.stage = function (parent, width, height, m, label) {
    const box = el("div", {class: "stage", role: "img", "aria-label": label || ""});
    box.style.width = width + "px";
    box.style.height = height + "px";
    parent.append(box);
    const stage = {box, width, height, m, right: width - m.right, bottom: height - m.bottom};
    stage.layer = () => page.canvas(box, width, height);
    stage.svg = () => d3.select(box).append("svg").attr("width", width).attr("height", height);
    return stage;
};

// The domain of scores: without the far tail of bad ones, which would press all others together.
page.scoreDomain = function (values, maximize) {
    const v = Array.from(values).filter(Number.isFinite).sort(d3.ascending);
    if (v.length === 0) return {domain: [0, 1], log: false, beyond: 0};
    let lo = v[0], hi = v[v.length - 1];
    const log = lo > 0 && hi / lo > 300 && !maximize;
    let beyond = 0;
    if (!log && v.length >= 8) {
        const q1 = d3.quantile(v, 0.1), q3 = d3.quantile(v, 0.9), reach = 1.5 * (q3 - q1);
        if (!maximize && reach > 0 && hi > q3 + 2 * reach) hi = q3 + reach;
        if (maximize && reach > 0 && lo < q1 - 2 * reach) lo = q1 - reach;
        beyond = v.filter(x => x < lo || x > hi).length;
    }
    if (lo === hi) { lo -= Math.abs(lo) * 0.1 || 1; hi += Math.abs(hi) * 0.1 || 1; }
    const pad = log ? 0 : (hi - lo) * 0.04;
    return {domain: [lo - pad, hi + pad], log, beyond};
};
page.scoreScale = function (values, maximize, range) {
    const d = page.scoreDomain(values, maximize);
    const scale = (d.log ? d3.scaleLog() : d3.scaleLinear()).domain(d.domain).range(range).clamp(true);
    scale.beyond = d.beyond;
    scale.isLog = d.log;
    return scale;
};

// A scale for a parameter: places for few values or words, else numbers; "inactive" outside the
// range, at scale.none.
page.paramScale = function (p, range) {
    const few = p.texts !== null;
    const gap = p.inactive ? 22 * Math.sign(range[0] - range[1]) : 0, from = range[0] - gap;
    let scale;
    if (few) {
        scale = d3.scalePoint().domain(d3.range(p.texts.length)).range([from, range[1]]).padding(0.4);
    } else {
        let lo = p.lo, hi = p.hi;
        if (lo === hi) { lo -= Math.abs(lo) * 0.1 || 1; hi += Math.abs(hi) * 0.1 || 1; }
        scale = (p.log ? d3.scaleLog() : d3.scaleLinear()).domain([lo, hi]).range([from, range[1]]);
    }
    const at = v => Number.isNaN(v) ? at.none : scale(v);
    at.none = range[0];
    at.scale = scale;
    at.param = p;
    return at;
};
page.paramAxis = function (axis, at, count) {
    const p = at.param;
    axis.scale(at.scale);
    if (p.texts) {
        const every = Math.ceil(p.texts.length / Math.max(1, count * 2));
        axis.tickValues(d3.range(0, p.texts.length, every)).tickFormat(i => page.cut(p.texts[i], 14));
    } else if (p.log) {
        axis.tickValues(page.logTicks(at.scale.domain(), count)).tickFormat(page.short);
    } else {
        axis.ticks(count).tickFormat(page.short);
    }
    return axis;
};
page.logTicks = function (domain, count) {
    const decades = Math.log10(domain[1] / domain[0]);
    const steps = decades < 1.2 ? [1, 2, 3, 5] : decades < 2.5 && count >= 5 ? [1, 3] : [1], out = [];
    const every = Math.max(1, Math.ceil(decades / Math.max(2, count)));
    for (let e = Math.floor(Math.log10(domain[0])); e <= Math.log10(domain[1]); e++)
        for (const s of steps) {
            const t = Number((s * Math.pow(10, e)).toPrecision(3));
            if (t >= domain[0] * 0.999 && t <= domain[1] * 1.001 && (e % every === 0 || steps.length > 1)) out.push(t);
        }
    return out;
};
page.scoreAxis = function (axis, scale, count) {
    axis.scale(scale);
    if (scale.isLog) axis.tickValues(page.logTicks(scale.domain(), count)).tickFormat(page.short);
    else axis.ticks(count).tickFormat(page.short);
    return axis;
};
page.cut = (text, n) => text.length > n ? text.slice(0, n - 1) + "…" : text;

// Axes with the chart's titles; quiet lines across at the ticks of y.
page.axes = function (svg, stage, x, y, xTitle, yTitle) {
    const m = stage.m;
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${stage.bottom})`).call(x);
    svg.append("g").attr("class", "axis grid").attr("transform", `translate(${m.left},0)`)
        .call(y.tickSizeInner(-(stage.right - m.left)).tickPadding(6));
    svg.append("text").attr("class", "title").attr("x", stage.right).attr("y", stage.height - 4).attr("text-anchor", "end").text(xTitle);
    svg.append("text").attr("class", "title").attr("x", 2).attr("y", 11).text(yTitle);
};

// --- panels ------------------------------------------------------------------

const panels = [];
let inView = null, sizes = null;
page.panels = panels;

// Draws the charts in sight that a filter has changed, as many a frame as it has time for, so that a
// brush never waits for all of them.
let soon = false;
function drawSoon() {
    if (soon) return;
    soon = true;
    requestAnimationFrame(() => {
        soon = false;
        const end = performance.now() + 12, left = panels.filter(p => p.visible && p.drawn && p.dirty.size);
        let i = 0;
        while (i < left.length && (i === 0 || performance.now() < end)) left[i++].draw();
        if (i < left.length) drawSoon();
    });
}

// A chart in its section: build(panel) draws it and returns what to do at "filter", "hover" and
// "pick". Charts out of sight are drawn when they come into view, or when nothing else is to do.
page.panel = function (parent, spec, selection) {
    const head = el("div", {class: "head"}, el("h2", {}, spec.title));
    const tools = el("div", {class: "tools"}), body = el("div", {class: "body"});
    head.append(tools);
    const section = el("section", {id: spec.id, class: spec.span || "full", "aria-label": spec.title}, head,
                       spec.note ? el("p", {class: "note"}, spec.note) : "", body);
    parent.append(section);
    const panel = {id: spec.id, title: spec.title, nav: spec.nav, section, body, tools, selection, frame: selection.frame, drawn: false,
                   visible: false, on: {}, dirty: new Set(), built: false, state: {}};
    panel.width = () => Math.floor(body.clientWidth);
    panel.draw = function () {
        if (!panel.drawn) {
            if (body.clientWidth < 40) return; // not laid out yet: the observer of sizes comes back
            panel.drawn = true;
            panel.dirty.clear();
            body.textContent = "";
            tools.textContent = "";
            panel.on = spec.build(panel) || {};
            panel.lastWidth = body.clientWidth;
        }
        panel.dirty.forEach(what => { if (panel.on[what]) panel.on[what](); });
        panel.dirty.clear();
    };
    panel.redraw = function () {
        panel.drawn = false;
        if (panel.visible) panel.draw();
    };
    for (const what of ["filter", "hover", "pick"])
        selection.on(what, () => {
            panel.dirty.add(what);
            if (what === "filter") drawSoon();
            else if (panel.visible && panel.drawn) panel.draw();
        });
    panels.push(panel);
    section.panel = panel;
    return panel;
};

page.startPanels = function () {
    inView = new IntersectionObserver(entries => entries.forEach(e => {
        e.target.panel.visible = e.isIntersecting;
        if (e.isIntersecting) e.target.panel.draw();
    }), {rootMargin: "0px"});
    sizes = new ResizeObserver(entries => requestAnimationFrame(() => entries.forEach(e => {
        const p = e.target.panel;
        if (p.drawn ? p.body.clientWidth !== p.lastWidth : p.visible) p.redraw();
    })));
    panels.forEach(p => { inView.observe(p.section); sizes.observe(p.section); });
    const idle = window.requestIdleCallback || (f => setTimeout(f, 30));
    const next = () => {
        const panel = panels.find(p => !p.drawn && !p.tried);
        if (panel) { panel.tried = true; panel.draw(); idle(next); }
    };
    idle(next);
};
page.clearPanels = function () {
    if (inView) { inView.disconnect(); sizes.disconnect(); }
    inView = sizes = null;
    panels.length = 0;
};
page.drawAll = () => panels.forEach(p => p.draw());
page.redrawAll = () => panels.forEach(p => p.redraw());

// --- controls ------------------------------------------------------------------

page.choice = function (label, items, value, change) {
    const select = el("select", {"aria-label": label, onchange: () => change(select.value)});
    items.forEach(i => select.append(el("option", {value: i.value}, i.text)));
    select.value = value;
    return el("label", {class: "choice"}, el("span", {}, label), select);
};

// --- the tip -------------------------------------------------------------------

page.tip = function (lines, event) {
    const tip = document.getElementById("tip");
    if (!lines) {
        tip.hidden = true;
        return;
    }
    tip.textContent = "";
    lines.forEach((line, i) => tip.append(Array.isArray(line) ? el("div", {class: "pair"}, el("span", {}, line[0]), el("b", {}, line[1]))
                                                              : el("div", {class: i === 0 ? "first" : ""}, line)));
    tip.hidden = false;
    const r = tip.getBoundingClientRect(), w = document.documentElement.clientWidth, h = window.innerHeight;
    tip.style.left = Math.max(4, Math.min(event.clientX + 14, w - r.width - 6)) + "px";
    tip.style.top = Math.max(4, event.clientY + 16 + r.height > h ? event.clientY - r.height - 12 : event.clientY + 16) + "px";
};

// What a tip says of a trial.
page.tipOf = function (frame, row) {
    const score = page.digits(frame), lines = [frame.label(row) + (frame.n_of[row] > 0 ? ` · rank ${frame.rank[row]}` : " · no result")];
    if (frame.n_of[row] > 0)
        lines.push([frame.metric, score(frame.mean[row]) + (frame.sd[row] >= 0 ? " ± " + score(frame.sd[row]) : "")]);
    frame.goals.slice(1).forEach(g => lines.push([g.name, page.short(g.values[row])]));
    if (frame.n_failed[row]) lines.push(["failed", `${frame.n_failed[row]} of ${frame.n_failed[row] + frame.n_of[row]}`]);
    if (frame.n_pruned[row]) lines.push(["stopped", "by the scheduler"]);
    let shown = 0;
    for (const p of frame.params) {
        if (Number.isNaN(p.values[row])) continue;
        if (++shown > 14) { lines.push("…"); break; }
        lines.push([page.cut(p.label, 28), page.cut(page.valueText(p, p.values[row]), 28)]);
    }
    return lines;
};
