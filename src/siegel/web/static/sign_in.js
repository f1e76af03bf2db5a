// Passkeys: what to say when one was not used, and the Enter key.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const note = document.getElementById("passkey-trouble");
  if (!note) return;
  note.hidden = false;
  note.focus();
});

// A form of a passkey is sent by the script that asked for it; Enter in a field presses its button.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    const given = form.querySelector("input[name=credential]").value;
    if (given && given !== "null") return;
    event.preventDefault();
    form.querySelector("[data-passkey-button]")?.click();
  });
}

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
