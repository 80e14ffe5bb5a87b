// SPDX-License-Identifier: MIT
//
// Which parameters decide whether a trial is among the best, as the program computed it: shares
// with their 95 % intervals, and the pairs that act together.

const importanceMost = 14;

// Parameters, the most important first; in the order of the file where that is not known.
page.byImportance = function (frame) {
    const known = frame.sweeps.length === 1 && frame.sweeps[0].importance, share = p => {
        const item = known && known.items.find(i => i.name === p.name);
        return item ? item.share : p.name === "sweep" ? -2 : -1;
    };
    return frame.params.map((p, i) => ({p, i})).sort((a, b) => share(b.p) - share(a.p) || a.i - b.i).map(x => x.p);
};

function buildImportance(panel) {
    const frame = panel.frame, what = frame.sweeps[0].importance, items = what.items.slice(0, importanceMost), theme = page.theme(), colours = page.colours();
    const name = p => { const q = frame.params.find(x => x.name === p); return q ? q.label : p; };
    const width = panel.width(), line = 26, longest = Math.min(24, d3.max(items, i => name(i.name).length));
    const m = {left: Math.min(width * 0.45, 14 + 7.4 * longest), right: 48, top: 6, bottom: 34}, height = m.top + m.bottom + line * items.length;
    const stage = page.stage(panel.body, width, height, m, "Importance: " + items.map(i => `${name(i.name)} ${d3.format(".0%")(i.share)}`).join(", "));
    const x = d3.scaleLinear().domain([0, Math.min(1, d3.max(items, i => i.hi) * 1.02)]).range([m.left, stage.right]), svg = stage.svg();
    svg.append("g").attr("class", "axis").attr("transform", `translate(0,${stage.bottom})`).call(d3.axisBottom(x).ticks(5).tickFormat(d3.format(".0%")).tickSizeOuter(0));
    items.forEach((item, i) => {
        const y = m.top + line * i, g = svg.append("g");
        g.append("rect").attr("x", m.left).attr("y", y + 6).attr("height", line - 12).attr("width", Math.max(1, x(item.share) - m.left)).attr("rx", 2)
            .attr("fill", item.lo > 0 ? colours[0] : theme.faint);
        g.append("line").attr("x1", x(item.lo)).attr("x2", x(item.hi)).attr("y1", y + line / 2).attr("y2", y + line / 2).attr("stroke", theme.ink).attr("stroke-width", 1.2);
        [item.lo, item.hi].forEach(v => g.append("line").attr("x1", x(v)).attr("x2", x(v)).attr("y1", y + line / 2 - 4).attr("y2", y + line / 2 + 4).attr("stroke", theme.ink).attr("stroke-width", 1.2));
        g.append("text").attr("x", m.left - 8).attr("y", y + line / 2 + 4).attr("text-anchor", "end").style("font-size", "12.5px").attr("fill", theme.ink).text(page.cut(name(item.name), 26));
        g.append("text").attr("class", "title").attr("x", x(item.hi) + 6).attr("y", y + line / 2 + 4).text(d3.format(".0%")(item.share));
        g.append("title").text(`${item.name}: ${page.short(item.share)}, 95 % interval ${page.short(item.lo)} … ${page.short(item.hi)}`);
    });
    const others = what.items.length - items.length;
    panel.body.append(el("p", {class: "note"}, what.text + (others > 0 ? ` ${others} less important ones are not drawn.` : "")));
    if (what.pairs) panel.body.append(el("p", {class: "note"}, what.pairs));
    return {};
}

page.add({id: "importance", nav: "Importance", title: "Importance of the parameters", span: "half", build: buildImportance,
          wanted: frame => frame.sweeps.length === 1 && frame.sweeps[0].importance && frame.sweeps[0].importance.items.length > 0});
