// The page on which a partner makes a key: key, request, certificate, file. Only the request, with
// the public key in it, is sent.
"use strict";

(() => {
  class Refused extends Error {}

  const maker = document.getElementById("maker");
  const elsewhere = document.getElementById("elsewhere");
  if (!maker) return;
  if (!window.crypto?.subtle) {
    elsewhere.open = true;
    return;
  }
  const SHORTEST = 12;
  const { address, certify } = maker.dataset;
  const [button, passphrase, again] = ["go", "passphrase", "again"].map((id) =>
    document.getElementById(id),
  );
  const problem = document.getElementById("maker_said");
  maker.hidden = false;

  const say = (text) => {
    problem.hidden = !text;
    problem.querySelector("span").textContent = text;
  };

  // What is done, and what goes on; null: nothing was done in the end.
  const step = (name) => {
    let behind = name !== null;
    for (const line of document.querySelectorAll("#maker_steps li")) {
      if (line.dataset.step === name) behind = false;
      line.classList.toggle("is-done", behind);
      if (line.dataset.step === name) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    }
  };

  const certificatesFor = async (request) => {
    const body = new URLSearchParams({
      csrfmiddlewaretoken: maker.querySelector("[name=csrfmiddlewaretoken]").value,
      text: ownKey.toPem(request, "CERTIFICATE REQUEST"),
    });
    const headers = { Accept: "application/json" };
    const answer = await fetch(certify, { method: "POST", body, headers, redirect: "error" });
    const said = await answer.json();
    if (said.problem) throw new Refused(said.problem);
    return said.certificates.map(ownKey.fromPem);
  };

  const offer = (file) => {
    const link = document.getElementById("maker_file");
    const name = `${address.replace(/[^A-Za-z0-9.@_-]/g, "_")}.p12`;
    link.href = URL.createObjectURL(new Blob([file], { type: "application/x-pkcs12" }));
    link.download = name;
    document.getElementById("maker_name").textContent = name;
    document.getElementById("maker_done").hidden = false;
    link.focus();
  };

  const work = async (kind, secret) => {
    step("key");
    const pair = await ownKey.make(kind);
    step("request");
    const certificates = await certificatesFor(await ownKey.request(pair, address));
    step("file");
    offer(await ownKey.pkcs12(pair, certificates, address, secret));
    step("all");
  };

  button.addEventListener("click", async () => {
    const words = problem.querySelector("span").dataset;
    if (passphrase.value.length < SHORTEST) return say(words.short);
    if (passphrase.value !== again.value) return say(words.differ);
    say("");
    button.disabled = true;
    try {
      await work(document.getElementById("kind").value, passphrase.value);
      passphrase.value = again.value = "";
    } catch (error) {
      step(null);
      say(error instanceof Refused ? error.message : words.failed);
      button.disabled = false;
    }
  });
})();
