"use strict";
// Corrections of names are kept as lexicon entries: choose one, look at what it does to this document, keep it.
(() => {
  const { make, labelled, button, send, toast, home, words } = window.duban.edit;
  const { entry: offered } = JSON.parse(document.querySelector("#edit-data").textContent);
  const opener = document.querySelector("#entries");
  const form = make("dialog", undefined, { class: "form", "aria-labelledby": "entry-title" });
  document.body.append(form);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const nameOf = (label) => offered.labels.find(([known]) => known === label)[1];

  function close() { form.close(); opener.focus(); }
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
  function choice(choices) {
    const select = make("select");
    for (const [value, name] of choices) select.append(make("option", name || "—", { value: value || "" }));
    return select;
  }
  async function open() {
    const drafts = await (await fetch(`${home}/entries`)).json();
    const inner = make("form");
    inner.append(make("h2", words.entries, { id: "entry-title" }));
    const alert = make("p", "", { role: "alert" });
    const buttons = make("div", undefined, { class: "buttons" });
    if (drafts.length) fields(inner, drafts, alert, buttons); else inner.append(make("p", words.entry_none));
    buttons.append(button(words.cancel, close));
    inner.append(alert, buttons);
    form.replaceChildren(inner);
    window.duban.hideCard();
    if (!form.open) form.show();
    form.querySelector("select, button").focus();
  }
  function fields(inner, drafts, alert, buttons) {
    const which = choice(drafts.map(({ entry, kept }, i) => [String(i), `${nameOf(entry.label)} ${entry.pattern}${kept ? `（${words.entry_kept}）` : ""}`]));
    const label = choice(offered.labels), pattern = make("input", undefined, { type: "text", required: "" });
    const slots = Object.fromEntries(Object.entries(offered.slots).map(([slot, field]) => [slot, field.type === "choice" ? choice(field.choices) : make("input", undefined, { type: "text" })]));
    const lines = Object.fromEntries(Object.entries(slots).map(([slot, input]) => [slot, labelled(offered.slots[slot].title, input)]));
    const result = make("div", undefined, { class: "effect", role: "status", tabindex: "0" });
    const keep = button(words.entry_keep, () => ask("", kept));
    const show = make("button", words.entry_effect, { type: "submit", class: "main" });
    function reset() { keep.disabled = true; result.replaceChildren(); alert.textContent = ""; }
    function allowed() { for (const [slot, line] of Object.entries(lines)) line.hidden = !offered.allowed[label.value].includes(slot); }
    function put() {
      const { entry } = drafts[Number(which.value)];
      label.value = entry.label; pattern.value = entry.pattern;
      for (const [slot, input] of Object.entries(slots)) input.value = entry[slot] || "";
      allowed(); reset();
    }
    function given() {
      const entry = { label: label.value, pattern: pattern.value };
      for (const [slot, input] of Object.entries(slots)) if (!lines[slot].hidden && input.value.trim()) entry[slot] = input.value.trim();
      return entry;
    }
    async function ask(path, done) {
      alert.textContent = "";
      show.disabled = keep.disabled = true;
      try { done(await send(`${home}/entries${path}`, given())); } catch (error) { reset(); alert.textContent = error.message || words.failed; }
      show.disabled = false;
    }
    function told({ changes, count, apart, replaced }) {
      const list = make("ul");
      for (const { sign, title, text, slots: changed } of changes) {
        const values = changed.map(([name, before, after]) => before && after ? `${name} ${before} → ${after}` : `${name} ${after || `− ${before}`}`).join("；");
        list.append(make("li", `${sign} ${title} “${text}”${values ? `（${values}）` : ""}`));
      }
      const before = replaced.length ? [make("p", `${words.entry_replaces}${replaced.map((entry) => `${nameOf(entry.label)} ${entry.canon || ""}`.trim()).join("、")}`)] : [];
      const distance = make("p", fill(words.entry_apart, { before: apart[0], after: apart[1] }));
      result.replaceChildren(...before, distance, make("p", count ? fill(words.entry_changes, { count }) : words.entry_same), list);
      keep.disabled = false;
      keep.focus();
    }
    function kept({ path }) { toast(`${words.saved} ${path}`); close(); }
    which.addEventListener("change", put);
    label.addEventListener("change", allowed);
    for (const input of [label, pattern, ...Object.values(slots)]) input.addEventListener("input", reset);
    inner.addEventListener("submit", (event) => { event.preventDefault(); result.textContent = words.reading; ask("/effect", told); });
    inner.append(labelled(words.entry_correction, which), labelled(offered.title, label), labelled(words.entry_pattern, pattern), ...Object.values(lines), make("p", words.entry_hint, { class: "hint" }), result);
    buttons.append(show, keep);
    put();
  }
  
  opener.addEventListener("click", open);
})();
