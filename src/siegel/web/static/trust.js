// Compares while the fingerprint is typed. Without this the button "Compare" does it; the server
// compares again before anything is decided.
"use strict";

for (const form of document.querySelectorAll("form[data-decide]")) {
  const typed = form.querySelector("[name=read]");
  const own = form.querySelector("[data-own]");
  const read = form.querySelector("[data-read]");
  const result = form.querySelector("[data-result]");
  const advice = form.querySelector("[data-advice]");
  const trust = form.querySelector("[data-trust]");
  const why = form.querySelector("[data-why]");
  const compare = form.querySelector("#compare");
  const mine = [...own.children].map((one) => one.firstChild.textContent.trim().replace(/·/g, "")).join("");

  const group = (text, same) => {
    const span = document.createElement("span");
    span.textContent = text || "····";
    if (!same) {
      span.className = "no";
      const word = document.createElement("span");
      word.className = "vh";
      word.textContent = ` ${form.dataset.differs}`;
      span.append(word);
    }
    return span;
  };

  // Only when everything is typed: nobody is warned of what he has not written yet.
  const note = (numbers, told) => {
    const { groups, again, sha1 } = form.dataset;
    const box = document.createElement("p");
    box.className = "note is-bad";
    const sign = result.querySelector("svg").cloneNode(true);
    sign.querySelector("use").setAttribute("href", "#i-warning");
    const text = document.createElement("span");
    text.textContent = told.length === 40 ? sha1 : `${groups.replace("%n", numbers.join(", "))} ${again}`;
    box.append(sign, text);
    return box;
  };

  const show = () => {
    const plain = typed.value.toUpperCase().replace(/SHA-?256|^[^=]*=/g, "").replace(/[\s:.-]/g, "");
    const told = plain.replace(/[^0-9A-F]/g, "");
    const pairs = [];
    for (let at = 0; at < Math.max(mine.length, told.length); at += 4) {
      pairs.push([mine.slice(at, at + 4), told.slice(at, at + 4)]);
    }
    const differing = pairs.filter(([a, b]) => a !== b).length;
    const asked = plain.length > 0;
    const same = asked && differing === 0 && told === plain;
    own.replaceChildren(...pairs.map(([a, b]) => group(a, !asked || a === b)));
    read.replaceChildren(...pairs.map(([a, b]) => group(b, !asked || a === b)));
    compare.classList.toggle("is-waiting", !asked);
    result.classList.remove("is-open", "is-good", "is-bad");
    result.classList.add(!asked ? "is-open" : same ? "is-good" : "is-bad");
    result.querySelector("use").setAttribute("href", !asked ? "#i-equal" : same ? "#i-check" : "#i-warning");
    const words = form.dataset;
    const said = !asked ? words.none : same ? words.same : differing === 1 ? words.one : words.many.replace("%n", differing);
    const line = result.querySelector("b");
    if (line.textContent !== said) line.textContent = said;
    const numbers = pairs.flatMap(([a, b], index) => (a === b ? [] : [index + 1]));
    const isWhole = told.length >= mine.length || told.length === 40;
    advice.replaceChildren(...(asked && !same && isWhole ? [note(numbers, told)] : []));
    trust.disabled = !same;
    why.hidden = same;
  };
  typed.addEventListener("input", show);
}
