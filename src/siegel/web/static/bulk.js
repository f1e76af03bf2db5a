// Progress of mail to many follows by itself; without this the page is loaded again by hand.
"use strict";

const EVERY = 3000; // milliseconds

async function follow() {
  const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [here, there] = [document, page].map((each) => each.querySelector("[data-progress]"));
  if (!here || !there) return;
  if (!there.querySelector("form[action$='/stop/']")) {
    window.location.reload();
    return;
  }
  for (const part of ["[role=status]", "progress"]) {
    const [old, fresh] = [here.querySelector(part), there.querySelector(part)];
    if (old && fresh && old.outerHTML !== fresh.outerHTML) {
      if (part === "progress") old.value = fresh.value;
      else old.textContent = fresh.textContent;
    }
  }
  window.setTimeout(follow, EVERY);
}

window.setTimeout(follow, EVERY);
