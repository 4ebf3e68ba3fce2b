// Progressive enhancement only: every page does its work without this file.
import { initAll } from "../govuk/govuk-6.3.0.min.js";
import { passkeyButtons } from "./passkeys.js";

function copyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.querySelector(button.dataset.copy);
    const status = document.querySelector(button.dataset.copyStatus);
    if (!source || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = "value" in source ? source.value : source.textContent;
      let said = "Copied";
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        said = "Could not copy: select the text instead";
      }
      if (status) status.textContent = said;
    });
  }
}

// A secret on the page runs out: at zero, when the page is left or covered, and when the browser
// brings the page back from its memory, the value goes and the page that follows is opened.
function runOut(box) {
  const seconds = Number(box.dataset.hideAfter);
  const bar = box.querySelector("progress");
  const status = box.querySelector("[data-hide-status]");
  const ends = performance.now() + seconds * 1000;
  let over = false;
  let told = Infinity;

  function blank() {
    over = true;
    clearInterval(timer);
    for (const secret of box.querySelectorAll("[data-secret]")) secret.replaceChildren();
    if (bar) bar.value = 0;
  }
  function finish() {
    if (!over) blank();
    if (box.dataset.doneUrl) location.replace(box.dataset.doneUrl);
  }
  function tick() {
    const left = Math.max(0, (ends - performance.now()) / 1000);
    if (bar) bar.value = left;
    const step = left > 10 ? Math.ceil(left / 10) * 10 : left > 5 ? 10 : 5;
    if (status && step < told) {
      told = step;
      status.textContent = `Hides in ${Math.min(step, Math.ceil(left))} seconds`;
    }
    if (left === 0) finish();
  }
  const timer = setInterval(tick, 250);
  tick();
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => event.persisted && finish());
  document.addEventListener("visibilitychange", () => document.hidden && finish());
}

// A page that came of a form and cannot come again: Back leads to the page named instead of an error. The address in
// the browser's history changes, nothing else; the browser then asks for it as for any page.
function leadBack(address) {
  history.replaceState(null, "", address);
}

function selectAll(head) {
  const scope = head.closest("table");
  const boxes = [...scope.querySelectorAll("tbody input[type=checkbox]")];
  const count = document.querySelector(head.dataset.count);
  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    head.checked = ticked > 0 && ticked === boxes.length;
    head.indeterminate = ticked > 0 && ticked < boxes.length;
    if (count) count.textContent = ticked ? `${ticked} selected` : "";
  }
  head.closest("[hidden]")?.removeAttribute("hidden");
  head.addEventListener("change", () => {
    for (const box of boxes) box.checked = head.checked;
    show();
  });
  scope.addEventListener("change", (event) => event.target !== head && show());
  show();
}

// A folded filter panel opens by itself where there is room for it.
function unfold(panel) {
  if (matchMedia("(min-width: 48.0625rem)").matches) panel.open = true;
}

// An answer from elsewhere is posted on at once; without this file there is a button to press.
for (const form of document.querySelectorAll("form[data-sends-itself]")) form.requestSubmit();

initAll();
copyButtons();
passkeyButtons();
document.querySelectorAll("[data-back-to]").forEach((page) => leadBack(page.dataset.backTo));
document.querySelectorAll("[data-hide-after][data-done-url]").forEach((box) => leadBack(box.dataset.doneUrl));
document.querySelectorAll("[data-hide-after]").forEach(runOut);
document.querySelectorAll("input[data-select-all]").forEach(selectAll);
document.querySelectorAll("details[data-unfold]").forEach(unfold);
document.querySelectorAll("button[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
