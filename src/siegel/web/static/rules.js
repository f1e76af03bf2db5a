// Explains while addresses are typed, at most once a second. Without this the button does it.
"use strict";

for (const form of document.querySelectorAll("form[data-explain]")) {
  const place = form.parentElement.querySelector("[data-said]");
  let timer = 0;
  let asked = "";

  const ask = async () => {
    const wanted = new URLSearchParams(new FormData(form));
    if (!wanted.get("sender").includes("@") || !wanted.get("to").includes("@")) return;
    wanted.set("part", "1");
    const query = wanted.toString();
    if (query === asked) return;
    asked = query;
    const answer = await fetch(`${form.action}?${query}`, { headers: { accept: "text/html" } });
    if (answer.ok && !answer.redirected && query === asked) place.innerHTML = await answer.text();
  };
  const soon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => ask().catch(() => {}), 800);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    if (!form.reportValidity()) return;
    event.preventDefault();
    asked = "";
    ask().catch(() => form.submit());
  });
}
