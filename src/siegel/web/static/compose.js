// Writing: reasons beside recipients as they are named, names to choose from, drafts that keep themselves.
"use strict";

const letter = document.getElementById("letter");
if (letter) {
  document.documentElement.classList.add("scripted");
  const PARTS = ["rcpts-to", "rcpts-cc", "rcpts-bcc", "how", "sums"];
  const AT_MOST = 1000; // milliseconds between two looks
  const KEEP = 5000; // milliseconds of quiet before the draft is kept
  let waiting = 0;
  let keeping = 0;
  let lastLook = 0;
  let changed = false;
  let leaving = false;
  let looks = 0;

  const sent = (name, value) => {
    const data = new FormData(letter);
    data.delete("files");
    if (name) data.append(name, value);
    return data;
  };
  const post = (address, data) => fetch(address, { method: "POST", body: data, credentials: "same-origin", redirect: "error", keepalive: document.hidden });

  // -- how it stands
  const look = async (name, value, focus) => {
    lastLook = Date.now();
    const number = ++looks;
    const data = sent(name, value);
    for (const input of letter.querySelectorAll("[data-more]")) if (data.get(input.name)) input.value = "";
    let answer;
    try {
      answer = await post(letter.dataset.standing, data);
    } catch {
      return;
    }
    if (!answer.ok || number !== looks) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of PARTS) {
      const fresh = page.getElementById(id);
      const old = document.getElementById(id);
      if (!fresh || !old || fresh.outerHTML === old.outerHTML) continue;
      if (id === "sums") old.innerHTML = fresh.innerHTML; // the status stays, its words change
      else old.replaceWith(document.adoptNode(fresh));
    }
    if (focus) focus();
  };
  const soon = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => look(), Math.max(200, AT_MOST - (Date.now() - lastLook)));
  };

  // -- drafts keep themselves
  const keep = async () => {
    window.clearTimeout(keeping);
    if (!changed || leaving) return;
    changed = false;
    let answer;
    try {
      answer = await post(letter.getAttribute("action") || window.location.href, sent("do", "autosave"));
    } catch {
      changed = true;
      later();
      return;
    }
    if (answer.status === 409) {
      letter.querySelector("[name=do][value=save]")?.click(); // the page says what happened
      return;
    }
    if (!answer.ok) return;
    const found = await answer.json();
    letter.setAttribute("action", found.action);
    hidden("draft", found.id);
    hidden("version", found.version);
    document.getElementById("saved").textContent = found.said;
    window.history.replaceState(null, "", found.action + window.location.hash);
  };
  const hidden = (name, value) => {
    let input = letter.querySelector(`input[type=hidden][name=${name}]`);
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name });
      letter.append(input);
    }
    input.value = value;
  };
  const later = () => {
    window.clearTimeout(keeping);
    keeping = window.setTimeout(keep, KEEP);
  };
  letter.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    changed = true;
    later();
    if (event.target.name === "subject" || event.target.name === "way" || event.target.name === "from") soon();
  });
  letter.addEventListener("change", (event) => {
    if (event.target.name === "from" || event.target.name === "way") soon();
  });
  letter.addEventListener("submit", () => {
    leaving = true;
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());

  // -- removing stays on the page; focus goes to the next one, else to the line
  letter.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=remove]");
    if (!button) return;
    event.preventDefault();
    const [kind, place] = button.value.split(":");
    changed = true;
    later();
    look("remove", button.value, () => {
      const next = document.querySelectorAll(`#rcpts-${kind} .rm`)[Number(place)];
      (next || document.getElementById(`${kind}_more`)).focus();
    });
  });

  // -- names to choose from (ARIA combobox)
  for (const input of letter.querySelectorAll("[data-more]")) {
    const list = Object.assign(document.createElement("ul"), { className: "suggestions", id: `${input.id}_list`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent ?? "");
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    let chosen = -1;
    let timer = 0;
    let asked = 0;

    const close = () => {
      list.hidden = true;
      list.replaceChildren();
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (number) => {
      const options = list.children;
      chosen = options.length ? (number + options.length) % options.length : -1;
      [...options].forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
      if (chosen >= 0) input.setAttribute("aria-activedescendant", options[chosen].id);
    };
    const take = (option) => {
      input.value = option ? option.dataset.value : input.value;
      close();
      if (!input.value.trim()) return;
      changed = true;
      later();
      look(undefined, undefined, () => input.focus());
    };
    const show = (found) => {
      list.replaceChildren(
        ...found.map((one, at) => {
          const option = document.createElement("li");
          option.id = `${list.id}_${at}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.value = one.name ? `"${one.name.replaceAll('"', "").replaceAll("\\", "")}" <${one.address}>` : one.address;
          option.textContent = one.name ? `${one.name}, ${one.address}` : one.address;
          option.addEventListener("mousedown", (event) => {
            event.preventDefault();
            take(option);
          });
          return option;
        })
      );
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!!found.length));
      chosen = -1;
    };
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      const text = input.value.trim();
      if (text.length < 2) return close();
      timer = window.setTimeout(async () => {
        const number = ++asked;
        try {
          const answer = await fetch(`${letter.dataset.suggest}?q=${encodeURIComponent(text)}`, { credentials: "same-origin" });
          if (answer.ok && number === asked && document.activeElement === input) show((await answer.json()).found);
        } catch {
          close();
        }
      }, 250);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) return;
        event.preventDefault();
        choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
      } else if (event.key === "Enter" || event.key === "," || event.key === ";") {
        event.preventDefault();
        take(list.children[chosen]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    input.addEventListener("blur", () => take(undefined));
  }

  // -- files: chosen or dropped, they are attached at once
  const files = document.getElementById("attached");
  const attach = () => {
    const busy = document.getElementById("progress");
    busy.textContent = busy.dataset.busy;
    busy.hidden = false;
    letter.requestSubmit(letter.querySelector("[name=do][value=attach]"));
  };
  files.addEventListener("change", () => files.files.length && attach());
  for (const kind of ["dragover", "drop"]) {
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      letter.classList.toggle("is-dragging", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) {
        files.files = event.dataTransfer.files;
        attach();
      }
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) letter.classList.remove("is-dragging");
  });
}
