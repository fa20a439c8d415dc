"use strict";
// Words are marked without a mouse: typed as they stand, which place of them and as what chosen from lists.
(() => {
  const { make, labelled, button, load, correct, words, marks } = window.duban.edit;
  const opener = document.querySelector("#add-words");
  const form = make("dialog", undefined, { class: "form", "aria-labelledby": "typed-title" });
  document.body.append(form);
  const BEFORE = 4, AFTER = 8, MOST = 200;
  let record, characters;

  function close() { form.close(); opener.focus(); }
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } });
  // Where the words stand, in code points; white space inside them, such as the end of a line, does not count.
  function places(typed) {
    const wanted = [...typed].filter((c) => c.trim());
    const found = [];
    for (let start = 0; wanted.length && start < characters.length && found.length < MOST; start += 1) {
      if (characters[start] !== wanted[0]) continue;
      let at = start, met = 0;
      while (at < characters.length && met < wanted.length && (characters[at] === wanted[met] || !characters[at].trim())) {
        if (characters[at] === wanted[met]) met += 1;
        at += 1;
      }
      if (met === wanted.length) found.push([start, at]);
    }
    return found;
  }
  const piece = (start, end) => characters.slice(Math.max(0, start), end).join("").replace(/\s+/g, " ");
  async function open() {
    record = await load();
    characters = [...record.text];
    const typed = make("input", undefined, { type: "text", required: "", autocomplete: "off" });
    const place = make("select"), kind = make("select");
    for (const [i, mark] of marks.entries()) kind.append(make("option", mark[2], { value: i }));
    const alert = make("p", "", { role: "alert" });
    let found = [];
    const shown = () => {
      const article = window.duban.shownArticle();
      for (const run of document.querySelectorAll(".text .typed")) run.classList.remove("typed");
      if (!found.length || !article) return;
      const runs = window.duban.runsOf(article, ...found[Number(place.value) || 0]);
      for (const run of runs) run.classList.add("typed");
      if (runs.length) runs[0].scrollIntoView({ block: "center" });
    };
    typed.addEventListener("input", () => {
      found = places(typed.value);
      place.replaceChildren(...found.map(([start, end], i) => make("option", `${piece(start - BEFORE, start)}【${piece(start, end)}】${piece(end, end + AFTER)}… ${start}–${end}`, { value: i })));
      alert.textContent = typed.value.trim() && !found.length ? words.not_found : "";
      shown();
    });
    place.addEventListener("change", shown);
    const inner = make("form");
    const buttons = make("div", undefined, { class: "buttons" });
    buttons.append(make("button", words.save, { type: "submit", class: "main" }), button(words.cancel, close));
    inner.append(make("h2", words.add_words, { id: "typed-title" }), labelled(words.typed, typed), labelled(words.place, place), labelled(words.add, kind), alert, buttons);
    inner.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!found.length) { alert.textContent = words.not_found; typed.focus(); return; }
      const [layer, values] = marks[Number(kind.value)];
      const [start, end] = found[Number(place.value)];
      correct({ op: "add", layer, start, end, values }, (text) => { alert.textContent = text; });
    });
    form.replaceChildren(inner);
    window.duban.hideCard();
    if (!form.open) form.show();
    typed.focus();
  }
  opener.addEventListener("click", open);
})();
