// Printing, and: an open page whose message waits for its key looks now and then whether it has come.
"use strict";
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
(() => {
  const waiting = document.querySelector("[data-state-address]");
  if (!waiting) return;
  let pause = 5000;
  const look = async () => {
    try {
      const answer = await fetch(waiting.dataset.stateAddress, { credentials: "same-origin" });
      if (answer.ok && (await answer.text()) !== waiting.dataset.stateNow) {
        window.location.reload();
        return;
      }
    } catch {
      // the page stays as it is; reloading by hand does the same
    }
    pause = Math.min(pause * 1.5, 60000);
    window.setTimeout(look, pause);
  };
  window.setTimeout(look, pause);
})();
