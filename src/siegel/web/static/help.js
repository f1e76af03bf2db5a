// Whoever prints the help gets all of it; whoever follows a link into a folded chapter sees it open.
"use strict";

const chapters = () => document.querySelectorAll("details.chapter");

window.addEventListener("beforeprint", () => {
  for (const one of chapters()) {
    one.dataset.was = one.open ? "open" : "";
    one.open = true;
  }
});
window.addEventListener("afterprint", () => {
  for (const one of chapters()) one.open = one.dataset.was === "open";
});

function unfold() {
  const target = document.getElementById(window.location.hash.slice(1));
  const chapter = target?.closest("details.chapter");
  if (!chapter || chapter.open) return;
  chapter.open = true;
  target.scrollIntoView();
}
window.addEventListener("hashchange", unfold);
unfold();
