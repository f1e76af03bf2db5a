// Choosing all, keys, and a search while typing; everything works without them, a little slower.
"use strict";

const finder = document.getElementById("finder");
const keys = document.getElementById("keys");
const form = () => document.getElementById("mails");
const boxes = () => [...(form()?.querySelectorAll("input[name=chosen]") ?? [])];
const rows = () => [...(form()?.querySelectorAll("li.mail") ?? [])];

const tell = () => {
  if (!form()) return;
  const chosen = boxes().filter((box) => box.checked).length;
  const said = form().querySelector(".chosen-number");
  const words = chosen === 1 ? said.dataset.one : said.dataset.many.replace("{n}", chosen);
  said.textContent = chosen ? words : "";
  form().querySelector(".acts-of").hidden = !chosen;
  const all = document.getElementById("all");
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && !all.checked;
};

const prepare = () => {
  if (!form()) return;
  form().querySelector(".all").hidden = false;
  const help = document.getElementById("show-keys");
  help.hidden = false;
  help.addEventListener("click", () => keys.showModal());
  document.getElementById("all").addEventListener("change", (event) => {
    for (const box of boxes()) box.checked = event.target.checked;
    tell();
  });
  form().addEventListener("change", tell);
  form().addEventListener("keydown", pressed);
  tell();
};

// The keys belong to the list: elsewhere a letter is a letter.
const pressed = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
  const all = rows();
  const here = all.indexOf(event.target.closest("li.mail"));
  const act = (name) => {
    const box = all[here]?.querySelector("input[name=chosen]");
    if (box && !boxes().some((each) => each.checked)) box.checked = true;
    const button = form().querySelector(`button[value=${name}]`);
    if (button && boxes().some((each) => each.checked)) form().requestSubmit(button);
  };
  const go = (step) => all[Math.max(0, Math.min(all.length - 1, here + step))]?.querySelector(".subj a").focus();
  const what = {
    j: () => go(1),
    k: () => go(-1),
    x: () => all[here]?.querySelector("input[name=chosen]").click(),
    e: () => act("archive"),
    "#": () => act("delete"),
    "?": () => keys.showModal(),
  }[event.key];
  if (!what) return;
  event.preventDefault();
  what();
};

// Finding while typing: the newest answer replaces the list.
let typed = 0;
let waits = 0;
finder?.addEventListener("input", () => {
  window.clearTimeout(waits);
  waits = window.setTimeout(async () => {
    const mine = ++typed;
    const address = new URL(finder.action);
    address.search = new URLSearchParams(new FormData(finder)).toString();
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok || mine !== typed) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("found").replaceWith(page.getElementById("found"));
    window.history.replaceState(null, "", address);
    prepare();
  }, 300);
});

prepare();
