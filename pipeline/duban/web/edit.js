"use strict";
// Corrections in the report page: buttons in the card, a bar over selected words, a form.
(() => {
  const one = (selector, root = document) => root.querySelector(selector);
  const { forms, words, marks } = JSON.parse(one("#edit-data").textContent);
  const token = one("meta[name=duban-token]").content;
  const home = `/api/documents/${encodeURIComponent(one("meta[name=duban-document]").content)}`;
  const LAYERS = { b: "boilerplate", s: "sections", e: "entities", t: "targets", k: "tasks", p: "problems" };
  const PLACE = "duban-place";
  let record = null;

  function make(tag, text, attributes = {}) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }
  function toast(text) {
    const shown = make("p", text, { class: "toast", role: "status" });
    document.body.append(shown);
    setTimeout(() => shown.remove(), 4000);
  }
  async function send(path, body, method = "POST") {
    const answer = await fetch(path, { method, body: body && JSON.stringify(body), headers: { "Content-Type": "application/json", "X-Duban-Token": token } });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.message);
    return found;
  }
  const load = async () => { record = record || await (await fetch(home)).json(); return record; };
  // The page is made anew by the server and shown where it was.
  function again() {
    const text = one(".text");
    sessionStorage.setItem(PLACE, JSON.stringify([text.scrollTop, scrollY]));
    history.replaceState(null, "", location.pathname);
    location.reload();
  }
  const kept = JSON.parse(sessionStorage.getItem(PLACE) || "null");
  if (kept) {
    sessionStorage.removeItem(PLACE);
    one(".text").scrollTop = kept[0];
    scrollTo(0, kept[1]);
  }
  async function correct(change, failed) {
    try { await send(`${home}/corrections`, change); again(); } catch (error) { (failed || toast)(error.message || words.failed); }
  }

  // Offsets of a selection, in code points of the source.
  function offset(node, at, last) {
    let run = (node.nodeType === 3 ? node.parentElement : node).closest("[data-s]");
    if (!run) {
      const child = node.childNodes[last ? at - 1 : at] || node;
      const inside = child.nodeType === 1 ? [...(child.matches("[data-s]") ? [child] : child.querySelectorAll("[data-s]"))] : [];
      run = last ? inside[inside.length - 1] : inside[0];
      if (!run) return null;
      return Number(run.dataset.s) + (last ? [...run.textContent].length : 0);
    }
    return Number(run.dataset.s) + (node.nodeType === 3 ? [...node.data.slice(0, at)].length : 0);
  }
  function selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const text = one(".text");
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    const start = offset(range.startContainer, range.startOffset, false), end = offset(range.endContainer, range.endOffset, true);
    return start === null || end === null || end <= start ? null : { start, end, words: String(selection).trim(), box: range.getBoundingClientRect() };
  }

  // The bar over selected words: mark them, or put them into the form that is open.
  const bar = make("div", undefined, { class: "select-bar", role: "toolbar", "aria-label": words.add });
  bar.hidden = true;
  document.body.append(bar);
  function showBar() {
    const found = selected();
    bar.hidden = !found;
    if (!found) return;
    const buttons = form.open ? fillers(found) : marks.map(([layer, values, name]) => button(`${words.add} ${name}`, () => correct({ op: "add", layer, start: found.start, end: found.end, values })));
    bar.replaceChildren(...buttons);
    const room = bar.getBoundingClientRect();
    bar.style.left = `${Math.max(8, Math.min(found.box.left, innerWidth - room.width - 8))}px`;
    bar.style.top = `${found.box.top - room.height - 8 > 60 ? found.box.top - room.height - 8 : Math.min(found.box.bottom + 8, innerHeight - room.height - 8)}px`;
  }
  function labelled(text, input) {
    const label = make("label", text);
    label.append(input);
    return label;
  }
  function button(text, done, name = "") {
    const made = make("button", text, { type: "button", class: name });
    made.addEventListener("click", done);
    return made;
  }
  document.addEventListener("selectionchange", () => { clearTimeout(showBar.timer); showBar.timer = setTimeout(showBar, 180); });
  bar.addEventListener("pointerdown", (event) => event.preventDefault());

  // The form.
  const form = make("dialog", undefined, { class: "form", "aria-labelledby": "form-title" });
  document.body.append(form);
  let inputs = {}, range = null, editing = null;
  function close() { form.close(); editing = null; if (form.returnTo) form.returnTo.focus(); }
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
  async function open(id) {
    await load();
    const layer = LAYERS[id[0]];
    const item = record[layer].find((found) => found.id === id);
    const span = item.heading || item;
    const characters = [...record.text];
    editing = { id, layer };
    inputs = {};
    form.returnTo = one(".text");
    const title = make("h2", words.change, { id: "form-title" });
    const shown = make("p", characters.slice(span.start, span.end).join(""), { class: "words" });
    const start = make("input", undefined, { type: "number", min: 0, "aria-label": `${words.range} 1` }), end = make("input", undefined, { type: "number", min: 0, "aria-label": `${words.range} 2` });
    start.value = span.start; end.value = span.end;
    range = { start, end, was: [span.start, span.end], show: () => { shown.textContent = characters.slice(Number(start.value), Number(end.value)).join(""); } };
    start.addEventListener("input", range.show); end.addEventListener("input", range.show);
    const line = make("div", undefined, { class: "range" });
    line.append(make("span", words.range), start, end);
    const fields = forms[layer].map((field) => fieldOf(field, item));
    const alert = make("p", "", { role: "alert" });
    const buttons = make("div", undefined, { class: "buttons" });
    buttons.append(button(words.save, () => submit(alert), "main"), button(words.cancel, close), button(words.delete, () => correct({ op: "delete", id }, (text) => { alert.textContent = text; })));
    form.replaceChildren(title, shown, line, ...fields, make("p", words.use, { class: "hint" }), alert, buttons);
    window.duban.hideCard();
    if (!form.open) form.show();
    (one("select, input:not([type=number])", form) || start).focus();
  }
  const wordsOf = (span) => [...record.text].slice(span.start, span.end).join("");
  function fieldOf(field, item) {
    const label = make("label", field.title);
    let input, was;
    const value = field.slot === "canon" && "indicator" in item ? (item.indicator ? item.indicator.canon : "") : item[field.slot];
    if (field.type === "choice") {
      input = make("select");
      for (const [choice, name] of field.choices) { const option = make("option", name || "—"); option.value = JSON.stringify(choice); input.append(option); }
      input.value = JSON.stringify(value);
    } else if (field.type === "boolean") {
      input = make("input", undefined, { type: "checkbox" });
      input.checked = value;
    } else if (field.type === "words") {
      input = make("input", undefined, { type: "text" });
      const spans = field.many ? value : value ? [value] : [];
      input.spans = new Map(spans.map((span) => [wordsOf(span), [span.start, span.end]]));
      input.value = spans.map(wordsOf).join("、");
    } else {
      input = make("input", undefined, { type: "text", inputmode: field.type === "string" ? "text" : "decimal" });
      input.value = value === null || value === undefined ? "" : String(value);
    }
    was = field.type === "boolean" ? input.checked : input.value;
    inputs[field.slot] = { field, input, changed: () => (field.type === "boolean" ? input.checked : input.value) !== was || Boolean(input.filled) };
    label.append(input);
    return label;
  }
  function valueOf({ field, input }) {
    if (field.type === "choice") return JSON.parse(input.value);
    if (field.type === "boolean") return input.checked;
    const text = input.value.trim();
    if (field.type === "words") {
      const given = (field.many ? text.split("、") : [text]).map((part) => part.trim()).filter(Boolean).map((part) => input.spans.get(part) || part);
      return field.many ? given : given[0] || null;
    }
    if (field.type === "string") return text;
    return text === "" ? field.empty : Number(text);
  }
  function submit(alert) {
    const values = {};
    for (const [slot, known] of Object.entries(inputs)) if (known.changed()) values[slot] = valueOf(known);
    const change = { op: "change", id: editing.id, values };
    const now = [Number(range.start.value), Number(range.end.value)];
    if (now[0] !== range.was[0] || now[1] !== range.was[1]) [change.start, change.end] = now;
    if (!Object.keys(values).length && change.start === undefined) return close();
    correct(change, (text) => { alert.textContent = text; });
  }
  function fillers(found) {
    const buttons = Object.values(inputs).filter((known) => known.field.type === "words").map(({ field, input }) => button(`→ ${field.title}`, () => {
      const kept = field.many && input.value.trim() ? `${input.value.trim()}、` : "";
      const text = wordsOf(found);
      input.spans.set(text, [found.start, found.end]);
      input.value = kept + text;
      input.filled = true;
      getSelection().removeAllRanges();
    }));
    buttons.push(button(`→ ${words.range}`, () => { range.start.value = found.start; range.end.value = found.end; range.show(); getSelection().removeAllRanges(); }));
    return buttons;
  }

  document.addEventListener("duban:card", ({ detail }) => {
    [...detail.card.querySelectorAll("section")].forEach((section, i) => {
      const id = detail.ids[i];
      const line = make("p", undefined, { class: "edit" });
      line.append(button(words.change, () => open(id)), button(words.delete, () => correct({ op: "delete", id })));
      section.append(line);
    });
  });
  one("#undo").addEventListener("click", async () => { try { await send(`${home}/undo`); again(); } catch (error) { toast(error.message); } });
  window.duban.edit = { make, labelled, button, send, again, toast, load, correct, home, words, forms, marks };
  const save = one("#save-gold");
  if (save) save.addEventListener("click", async () => { try { toast(`${words.saved} ${(await send(`${home}/gold`)).path}`); } catch (error) { toast(error.message); } });
})();
