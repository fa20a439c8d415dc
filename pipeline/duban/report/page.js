"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const one = (selector, root = document) => root.querySelector(selector);
  const words = JSON.parse(one("#words").textContent);
  const articles = all("article.doc");
  const index = one("#index");
  const card = one("#card");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function make(tag, text, attributes = {}) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  // What is told of each record, and the runs of the text by offset: read when first needed.
  const known = new Map();
  function facts(article) {
    if (!known.has(article)) {
      const runs = all(".text [data-s]", article);
      known.set(article, { cards: JSON.parse(one("script.cards", article).textContent), runs, starts: runs.map((run) => Number(run.dataset.s)) });
    }
    return known.get(article);
  }
  function runsOf(article, start, end) {
    const { runs, starts } = facts(article);
    let low = 0, high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts[middle] < start) low = middle + 1; else high = middle;
    }
    const found = [];
    for (; low < starts.length && starts[low] < end; low++) found.push(runs[low]);
    return found;
  }
  const hiddenLayer = (name) => document.body.classList.contains(`off-${name}`);
  const visible = (run) => ![...run.classList].some((name) => hiddenLayer(name)) || [...run.classList].some((name) => LAYERS.has(name) && !hiddenLayer(name));
  const LAYERS = new Set(all("[data-layer]").map((box) => box.dataset.layer));

  // The card. Of the words inside a span those of a task light up; other spans are short.
  let pinned = false, timer = 0, current = null, cameFrom = null;
  const state = { article: null, id: null };
  function clearMarks() {
    for (const run of all(".text .lit, .text .on")) run.classList.remove("lit", "on");
  }
  function describe(article, id) {
    const told = facts(article).cards[id];
    const section = make("section");
    const heading = make("h4");
    heading.append(make("span", told.title, { class: "tag" }), told.text);
    const list = make("dl");
    for (const [name, value] of told.rows) list.append(make("dt", name), make("dd", value));
    section.append(heading, list);
    const why = make("p", undefined, { class: "why" });
    if (told.rule) why.append(`${words.rule} `, make("code", told.rule));
    if (told.entry) why.append(` · ${words.entry} `, make("code", told.entry));
    for (const [slot, text, start, end] of told.evidence) why.append(make("br"), `${slot}: “${text}” ${start}–${end}`);
    section.append(why);
    const links = make("p", undefined, { class: "links" });
    for (const row of all(`[data-of~="${id}"]`, article)) {
      if (!row.id) continue;
      const panel = row.closest("[role=tabpanel]");
      links.append(make("a", `→ ${one(`#${CSS.escape(panel.getAttribute("aria-labelledby"))}`).firstChild.textContent}`, { href: `#${row.id}` }));
    }
    section.append(links);
    return section;
  }
  function showCard(article, ids, near) {
    const { cards } = facts(article);
    clearMarks();
    const shown = ids.filter((id) => cards[id]);
    if (!shown.length) return hideCard();
    state.article = article; state.id = shown[0];
    card.replaceChildren(...shown.slice(0, 4).map((id) => describe(article, id)));
    const [start, end] = cards[shown[0]].span;
    const own = runsOf(article, start, end);
    for (const run of own) run.classList.add("on");
    for (const [from, to] of cards[shown[0]].lit) {
      if (from < start || to > end || shown[0].startsWith("k")) for (const run of runsOf(article, from, to)) run.classList.add("lit");
    }
    document.dispatchEvent(new CustomEvent("duban:card", { detail: { article, ids: shown, card } }));
    card.hidden = false;
    let box = near.getBoundingClientRect();
    const last = own.length ? own[own.length - 1].getBoundingClientRect() : box;
    if (own.includes(near) && last.bottom - own[0].getBoundingClientRect().top < innerHeight / 2) {  // beside the whole span, not over it
      box = { top: own[0].getBoundingClientRect().top, bottom: last.bottom, left: box.left };
    }
    const room = card.getBoundingClientRect();
    const below = box.bottom + 10, above = box.top - room.height - 10;
    const edge = Math.min(innerWidth, one(".text", article).getBoundingClientRect().right);  // the tables stay in sight
    card.style.left = `${Math.max(8, Math.min(box.left, edge - room.width - 12))}px`;
    const bar = one(".bar").getBoundingClientRect().bottom;
    card.style.top = `${below + room.height < innerHeight || above < bar ? Math.max(bar, Math.min(below, innerHeight - room.height - 8)) : above}px`;
  }
  function hideCard() {
    clearTimeout(timer);
    pinned = false;
    card.hidden = true;
    clearMarks();
  }
  const idsOf = (run) => run.dataset.i.split(" ").reverse();
  for (const text of all(".text")) {
    const article = text.closest("article");
    text.addEventListener("mouseover", (event) => {
      const run = event.target.closest(".m[data-i]");
      clearTimeout(timer);
      if (pinned || !run || !visible(run)) return;
      timer = setTimeout(() => showCard(article, idsOf(run), run), 130);
    });
    text.addEventListener("mouseleave", () => { clearTimeout(timer); if (!pinned) timer = setTimeout(hideCard, 250); });
    text.addEventListener("mouseout", (event) => { if (!pinned && event.target.closest(".m")) { clearTimeout(timer); timer = setTimeout(hideCard, 300); } });
    text.addEventListener("click", (event) => {
      if (String(getSelection())) return;
      const run = event.target.closest(".m[data-i]");
      if (!run || !visible(run)) return hideCard();
      showCard(article, idsOf(run), run);
      pinned = true;
    });
    // From finding to finding with the arrow keys.
    text.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
        event.preventDefault();
        step(article, event.key === "ArrowRight" ? 1 : -1);
      } else if (event.key === "Enter" && !card.hidden) {
        event.preventDefault();
        pinned = true;
        cameFrom = text;
        (one("a, button", card) || card).focus();
      }
    });
  }
  card.addEventListener("mouseenter", () => clearTimeout(timer));
  card.addEventListener("mouseleave", () => { if (!pinned) timer = setTimeout(hideCard, 250); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !card.hidden) {
      hideCard();
      if (cameFrom && document.contains(cameFrom)) cameFrom.focus();
      cameFrom = null;
    }
  });
  document.addEventListener("pointerdown", (event) => { if (pinned && !event.target.closest("#card, .text")) hideCard(); });
  function step(article, by) {
    const places = all(".text .at[data-i]", article).filter((place) => {
      const [run] = runsFrom(place);
      return run && visible(run);
    });
    if (!places.length) return;
    let at = places.indexOf(current);
    if (at < 0) {
      const top = one(".text", article).getBoundingClientRect().top;
      at = places.findIndex((place) => place.getBoundingClientRect().top >= top) - (by > 0 ? 1 : 0);
    }
    current = places[(at + by + places.length) % places.length];
    const [run] = runsFrom(current);
    run.scrollIntoView({ block: "nearest" });
    if (run.getBoundingClientRect().bottom > innerHeight - 120 || run.getBoundingClientRect().top < 120) run.scrollIntoView({ block: "center" });
    showCard(article, [current.dataset.i], run);
    pinned = true;
  }
  function runsFrom(place) {
    let next = place.nextElementSibling;
    while (next && !next.dataset.s) next = next.nextElementSibling;
    return next ? [next] : [];
  }

  // Where a link leads: the document, its pane, tab and row, or the words in the text.
  function show(article) {
    for (const other of articles) other.hidden = articles.length > 1 && other !== article;
    if (index) index.hidden = Boolean(article);
    filter();
  }
  // Ids are percent-encoded; programs that lead here may have decoded the fragment or encoded more of it.
  function decoded(fragment) {
    try { return decodeURIComponent(fragment); } catch { return fragment; }
  }
  function named(fragment) {
    const wanted = decoded(fragment);
    return document.getElementById(fragment) || all("[id]").find((element) => decoded(element.id) === wanted);
  }
  function go(fragment, focus = true) {
    const target = named(fragment);
    const article = target && target.closest("article.doc");
    if (!article) { if (articles.length > 1) show(null); return; }
    show(article);
    hideCard();
    if (target === article) { scrollTo(0, 0); return; }
    const panel = target.closest("[role=tabpanel]");
    const text = target.closest(".text");
    if (panel) {
      view(article, "tables");
      select(one(`#${CSS.escape(panel.getAttribute("aria-labelledby"))}`));
      target.hidden = false;
      target.scrollIntoView({ block: "center" });
      target.classList.remove("flash");
      void target.offsetWidth;
      target.classList.add("flash");
      if (focus) (one("a", target) || panel).focus({ preventScroll: true });
    } else if (text) {
      view(article, "text");
      const [run] = runsFrom(target);
      if (!run) return;
      run.scrollIntoView({ block: "center" });
      if (focus) { cameFrom = document.activeElement !== document.body ? document.activeElement : null; text.focus({ preventScroll: true }); }
      current = target;
      showCard(article, [target.dataset.i], run);
      pinned = true;
    }
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (!link || link.classList.contains("skip")) return;
    event.preventDefault();
    const fragment = link.getAttribute("href").slice(1);
    if (fragment !== location.hash.slice(1)) history.pushState(null, "", `#${fragment}`);
    if (fragment === "index") { hideCard(); show(null); scrollTo(0, 0); return; }
    cameFrom = link;
    go(fragment);
    cameFrom = link;
  });
  addEventListener("popstate", () => go(location.hash.slice(1), false));

  function view(article, name) {
    one(".panes", article).dataset.view = name;
    for (const button of all("[data-view]", one(".views", article))) button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  for (const button of all(".views button")) button.addEventListener("click", () => { hideCard(); view(button.closest("article"), button.dataset.view); });

  function select(tab) {
    for (const other of all("[role=tab]", tab.parentElement)) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
    }
  }
  for (const tab of all("[role=tab]")) {
    tab.addEventListener("click", () => select(tab));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const tabs = all("[role=tab]", tab.parentElement);
      const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  }

  for (const button of all(".outline .fold")) button.addEventListener("click", () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")));

  // Layers are switched for all documents at once.
  for (const box of all("[data-layer]")) {
    box.addEventListener("change", () => {
      document.body.classList.toggle(`off-${box.dataset.layer}`, !box.checked);
      for (const other of all(`[data-layer="${box.dataset.layer}"]`)) other.checked = box.checked;
      hideCard();
    });
  }

  // Search and filters.
  const box = one("#q"), told = one("#hits");
  const highlights = typeof CSS !== "undefined" && CSS.highlights ? CSS.highlights : null;
  let hits = [], hit = -1;
  const shownArticle = () => articles.find((article) => !article.hidden);
  function filter() {
    const wanted = box.value.trim().toLowerCase();
    const article = shownArticle();
    if (index && !index.hidden) {
      all("tbody tr", index).forEach((row, i) => { row.hidden = Boolean(wanted) && !articles[i].textContent.toLowerCase().includes(wanted); });
    }
    if (article) {
      for (const panel of all("[role=tabpanel]", article)) filterPanel(panel, wanted);
      find(article, wanted);
    }
  }
  function filterPanel(panel, wanted) {
    const chosen = one("[data-filter]", panel);
    const rows = all("tr[data-of], li[data-of]", panel);
    let count = 0;
    for (const row of rows) {
      const own = chosen && chosen.value ? row.dataset[chosen.dataset.filter].split("\n").includes(chosen.value) : true;
      row.hidden = !own || (Boolean(wanted) && !row.textContent.toLowerCase().includes(wanted));
      count += row.hidden ? 0 : 1;
    }
    const output = one("output.shown", panel);
    if (output) output.textContent = fill(words.shown, { count, all: rows.length });
  }
  function find(article, wanted) {
    hits = []; hit = -1;
    for (const block of all(".text .found", article)) block.classList.remove("found");
    if (wanted) {
      for (const block of all(".text > *", article)) {
        const runs = all("[data-s]", block);
        const text = runs.map((run) => run.textContent).join("").toLowerCase();
        for (let at = text.indexOf(wanted); at >= 0 && hits.length < 5000; at = text.indexOf(wanted, at + wanted.length)) hits.push(range(runs, at, at + wanted.length) || block);
      }
    }
    if (highlights) {
      highlights.set("hits", new Highlight(...hits.filter((found) => found instanceof Range)));
      highlights.delete("hit");
    } else for (const found of hits) (found instanceof Range ? found.startContainer.parentElement.closest("p, h3") : found).classList.add("found");
    told.textContent = !wanted ? "" : hits.length ? fill(words.hits, { at: "", count: hits.length }) : words.no_hits;
    one("#earlier").hidden = one("#later").hidden = !hits.length;
  }
  function range(runs, start, end) {
    const made = document.createRange();
    let at = 0, begun = false;
    for (const run of runs) {
      const node = run.firstChild, length = node.data.length;
      if (!begun && start < at + length) { made.setStart(node, start - at); begun = true; }
      if (begun && end <= at + length) { made.setEnd(node, end - at); return made; }
      at += length;
    }
    return null;
  }
  function toHit(by) {
    if (!hits.length) return;
    hit = hit < 0 && by < 0 ? hits.length - 1 : (hit + by + hits.length) % hits.length;
    const found = hits[hit];
    view(shownArticle(), "text");
    (found instanceof Range ? found.startContainer.parentElement : found).scrollIntoView({ block: "center" });
    if (highlights && found instanceof Range) highlights.set("hit", new Highlight(found));
    told.textContent = fill(words.hits, { at: `${hit + 1}/`, count: hits.length });
  }
  let typing = 0;
  box.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(filter, 120); });
  one("form.search").addEventListener("submit", (event) => { event.preventDefault(); toHit(1); });
  box.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); clearTimeout(typing); if (!hits.length) filter(); toHit(event.shiftKey ? -1 : 1); } });
  one("#later").addEventListener("click", () => toHit(1));
  one("#earlier").addEventListener("click", () => toHit(-1));
  for (const chosen of all("[data-filter]")) chosen.addEventListener("change", filter);

  // A bar or dot of a chart leads to the rows it counts.
  for (const mark of all("svg g[data-name]")) {
    mark.addEventListener("click", () => {
      const article = mark.closest("article");
      if (!article) return;
      const kind = mark.closest("figure").dataset.chart;
      const tab = kind === "chart.indicators" ? "figures" : "ledger";
      const panel = one(`[role=tabpanel][id^=${tab}]`, article);
      const chosen = one("[data-filter]", panel);
      if (kind === "chart.units") chosen.value = mark.dataset.name;
      if (kind === "chart.indicators") { chosen.value = "target"; box.value = mark.dataset.name; }
      if (kind === "chart.days") return;
      select(one(`#${CSS.escape(panel.getAttribute("aria-labelledby"))}`));
      filter();
    });
  }

  // Light and dark, printing.
  const theme = one("#theme");
  function setTheme(name) {
    document.documentElement.dataset.theme = name;
    theme.setAttribute("aria-pressed", String(name === "dark"));
  }
  if (matchMedia("(prefers-color-scheme: dark)").matches) theme.setAttribute("aria-pressed", "true");
  try { if (localStorage.getItem("duban-theme")) setTheme(localStorage.getItem("duban-theme")); } catch { /* a page from a file may not store */ }
  theme.addEventListener("click", () => {
    const name = theme.getAttribute("aria-pressed") === "true" ? "light" : "dark";
    setTheme(name);
    try { localStorage.setItem("duban-theme", name); } catch { /* as above */ }
  });
  one("#print").addEventListener("click", () => print());

  // The heading that is being read.
  const links = new Map(all(".outline a").map((link) => [link.getAttribute("href").slice(1), link]));
  for (const text of all(".text")) {
    const places = all('.at[data-i^="s"]', text).filter((place) => links.has(place.id));
    text.addEventListener("scroll", () => {
      const top = text.getBoundingClientRect().top + 140;
      let here = null;
      for (const place of places) if (place.getBoundingClientRect().top < top) here = place;
      for (const link of all(".outline a.here", text.closest("article"))) link.classList.remove("here");
      if (here) links.get(here.id).classList.add("here");
    }, { passive: true });
  }

  window.duban = { facts, runsOf, go, hideCard, shownArticle };
  if (articles.length > 1) show(null); else filter();
  if (location.hash) go(location.hash.slice(1), false);
  document.documentElement.dataset.ready = "true";
})();
