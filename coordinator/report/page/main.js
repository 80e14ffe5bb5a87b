// SPDX-License-Identifier: MIT
//
// The page's order: reads the document, shows its sweeps, and lets every chart draw itself.

const charts = [];
// Charts stand in the order of these calls, which is that of the list in CMake.
page.add = spec => charts.push(spec);

function bar(selection) {
    const links = el("div", {class: "links"});
    page.panels.filter(p => p.nav).forEach(p => links.append(el("a", {href: "#" + p.id}, p.nav)));
    const state = el("div", {class: "state", "aria-live": "polite"});
    const nav = document.getElementById("bar");
    nav.textContent = "";
    nav.append(el("div", {class: "inner"}, links, state));
    const show = () => {
        const n = selection.frame.n;
        state.textContent = "";
        selection.filters().forEach(f => state.append(el("button", {
            class: "chip", title: "remove this filter", "aria-label": `remove the filter ${f.text}`,
            onclick: () => { if (f.clear) f.clear(); selection.filter(f.name, null); }}, f.text + " ×")));
        state.append(el("span", {class: "n"}, selection.count === n ? page.plural(n, "trial") : `${page.count(selection.count)} of ${page.plural(n, "trial")}`));
        if (selection.filters().length)
            state.append(el("button", {class: "chip", onclick: () => selection.clear()}, "show all"));
    };
    selection.on("filter", show);
    show();
}

function show(doc, which) {
    const frame = page.frame(which.map(i => doc.sweeps[i])), selection = page.selection(frame);
    page.clearPanels();
    document.getElementById("page").textContent = "";
    selection.picked = new Set(page.firstPicks(frame));
    page.current = {doc, frame, selection};
    page.summary(frame, doc, sweeps => show(doc, sweeps));
    charts.filter(c => !c.wanted || c.wanted(frame)).forEach(c => page.panel(document.getElementById("page"), c, selection));
    bar(selection);
    page.footer(doc);
    page.startPanels();
}

// Curves of these are shown until people choose: all of a small sweep, the best of a large one.
page.firstPicks = function (frame) {
    const with_ = Array.from(frame.byPlace).filter(row => frame.curveOf(row));
    return with_.slice(0, with_.length <= 12 ? 12 : 5);
};

function titles(doc) {
    const stores = new Set(doc.sweeps.map(s => s.store)), perStore = d3.nest().key(s => s.store).rollup(v => v.length).object(doc.sweeps);
    const names = d3.nest().key(s => s.name).rollup(v => v.length).object(doc.sweeps);
    doc.sweeps.forEach((s, i) => {
        s.index = i;
        s.title = names[s.name] === 1 ? s.name : perStore[s.store] === 1 ? s.store : `${s.name} (${s.store})`;
    });
    // Stages of one file: "b-staged:1-layers", … are told apart by what stands behind the colon.
    const families = new Set(doc.sweeps.map(s => s.name.includes(":") ? s.name.slice(0, s.name.indexOf(":")) : ""));
    doc.family = doc.sweeps.length > 1 && stores.size === 1 && families.size === 1 ? Array.from(families)[0] : "";
    if (doc.family) doc.sweeps.forEach(s => { s.title = s.name.slice(doc.family.length + 1); });
}

page.footer = function (doc) {
    const foot = document.getElementById("foot");
    foot.textContent = "";
    foot.append(el("p", {}, `Made by mlpsweep ${doc.version}. Everything is in this file: nothing is fetched, nothing is sent. Charts are drawn with d3 ${d3.version}, whose licence stands in this page's source.`));
};

page.start = function () {
    const doc = JSON.parse(document.getElementById("data").textContent);
    titles(doc);
    const last = doc.sweeps[doc.shown];
    const alike = doc.sweeps.filter(s => s.metric === last.metric && s.maximize === last.maximize);
    show(doc, doc.together ? alike.map(s => s.index) : [last.index]);
    window.matchMedia("(prefers-color-scheme: dark)").addListener(() => {
        page.forgetTheme();
        page.redrawAll();
    });
    const printed = () => {
        page.forgetTheme();
        page.redrawAll();
        page.drawAll();
    };
    window.addEventListener("beforeprint", printed);
    window.addEventListener("afterprint", printed);
    document.documentElement.dataset.ready = "1";
    window.mlpsweep = page; // for those who look with the console, and for tests
};
