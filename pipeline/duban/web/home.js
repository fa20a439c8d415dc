"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const token = one("meta[name=duban-token]").content;
  const words = JSON.parse(one("#words").textContent);
  const told = one("#told"), problems = one("#problems"), drop = one("#drop");

  async function send(path, options) {
    const answer = await fetch(path, { ...options, headers: { ...(options.headers || {}), "X-Duban-Token": token } });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.message);
    return found;
  }
  async function read(sending) {
    told.textContent = words.reading;
    problems.replaceChildren();
    try {
      const found = [await sending()].flat();
      const good = found.filter((document) => !document.code);
      for (const bad of found.filter((document) => document.code)) problem(bad.message);
      if (found.length === 1 && good.length === 1) location.assign(good[0].address);
      else if (good.length && good.length === found.length) location.reload();
      else if (good.length) { sessionStorage.setItem("problems", JSON.stringify(found.filter((d) => d.code).map((d) => d.message))); location.reload(); }
      else told.textContent = "";
    } catch (error) {
      told.textContent = "";
      problem(error.message || words.lost);
    }
  }
  function problem(text) {
    const item = document.createElement("li");
    item.textContent = text;
    problems.append(item);
  }
  function upload(files) {
    if (!files.length) return;
    const form = new FormData();
    for (const file of files) form.append("files", file);
    form.append("date", one("#date").value);
    form.append("place", one("#place").value);
    read(() => send("/api/documents", { method: "POST", body: form }));
  }
  one("#files").addEventListener("change", (event) => upload(event.target.files));
  for (const name of ["dragenter", "dragover"]) addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) addEventListener(name, (event) => { event.preventDefault(); drop.classList.remove("over"); });
  addEventListener("drop", (event) => upload(event.dataTransfer.files));
  one("#paste").addEventListener("submit", (event) => {
    event.preventDefault();
    const text = one("#text").value;
    if (!text.trim()) return;
    const body = JSON.stringify({ text, name: "", date: one("#date").value, place: one("#place").value });
    read(() => send("/api/text", { method: "POST", body, headers: { "Content-Type": "application/json" } }));
  });
  for (const button of document.querySelectorAll("button.remove")) {
    button.addEventListener("click", async () => {
      if (!confirm(words.confirm)) return;
      try { await send(`/api/documents/${encodeURIComponent(button.dataset.name)}`, { method: "DELETE" }); location.reload(); } catch (error) { problem(error.message); }
    });
  }
  for (const text of JSON.parse(sessionStorage.getItem("problems") || "[]")) problem(text);
  sessionStorage.removeItem("problems");
  document.documentElement.dataset.ready = "true";
})();
