// Keyboard: links and buttons say their own key with data-key="c" or data-key="g q"; lists mark rows with data-row.
const CHORD = 1200;
let first = "", timer;

const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], dialog[open]");
const visible = (element) => element.getClientRects().length > 0;

function press(stroke) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(stroke)}"]`)].filter(visible)[0]
    || document.querySelector(`a[data-key="${CSS.escape(stroke)}"]`);
  if (!found) return false;
  if (found.matches("input, textarea, select")) found.focus();
  else found.click();
  return true;
}

// ── Rows ──
const rows = () => [...document.querySelectorAll("[data-row]")].filter(visible);
const current = () => document.querySelector("[data-row].cur");

function step(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
  current()?.classList.remove("cur");
  next.classList.add("cur");
  next.scrollIntoView({ block: "nearest" });
  next.querySelector("a")?.focus({ preventScroll: true });
}

const single = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  j: () => step(1),
  k: () => step(-1),
  x: () => current()?.querySelector("[data-pick]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || off() || typing(event.target)) return;
  if (event.key.length !== 1) return;
  clearTimeout(timer);
  const chord = first && `${first} ${event.key}`;
  first = "";
  if (chord && press(chord)) return event.preventDefault();
  if (single[event.key]) { event.preventDefault(); single[event.key](); return; }
  if (press(event.key)) return event.preventDefault();
  if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    timer = setTimeout(() => { first = ""; }, CHORD);
  }
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (row && row !== current()) { current()?.classList.remove("cur"); row.classList.add("cur"); }
});

// One-key shortcuts can be switched off: people who speak to their computer need that.
const box = document.querySelector("[data-keys-on]");
if (box) {
  box.checked = !off();
  box.addEventListener("change", () => { try { localStorage.setItem("keys", box.checked ? "on" : "off"); } catch { /* not kept */ } });
}
