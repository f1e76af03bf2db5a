// Dropping files anywhere on the field uploads them at once; choosing them shows how many they are.
"use strict";

const drop = document.getElementById("drop");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  const said = drop.querySelector(".drop-said");
  document.documentElement.classList.add("scripted");

  const tell = () => {
    const names = [...input.files].map((file) => file.name);
    const count = names.length === 1 ? said.dataset.one : said.dataset.many.replace("{n}", names.length);
    said.textContent = names.length ? `${count}: ${names.slice(0, 5).join(", ")}${names.length > 5 ? " …" : ""}` : "";
  };
  input.addEventListener("change", tell);

  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
  });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    tell();
    drop.requestSubmit();
  });
  drop.addEventListener("submit", () => {
    said.textContent = said.dataset.busy;
  });

  // a file that misses the field must not replace the page
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => event.preventDefault());
  }
}
