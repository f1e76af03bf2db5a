/* "Choose all" on the page of published addresses; without script everything is ticked one by one. */
(() => {
  const all = document.getElementById("all");
  if (!all) return;
  const boxes = [...document.querySelectorAll('.publish-list input[name="address"]')];
  all.closest("label").hidden = false;
  all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; });
  for (const box of boxes) box.addEventListener("change", () => { all.checked = boxes.every((one) => one.checked); });
})();
