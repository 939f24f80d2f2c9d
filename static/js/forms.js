// Small comforts of forms. Each works on what the server drew; without script the forms simply post.

/** What the page, or a part that htmx has put in, needs once: the refusal in sight, no button that script makes needless. */
function ready(root, put = root) {
  (put.matches?.("[data-focus]") ? put : put.querySelector("[data-focus]"))?.focus(); // not of what stood beside it before
  for (const button of root.querySelectorAll("[data-submit-button]")) button.hidden = true;
}
ready(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body && event.target.parentElement) ready(event.target.parentElement, event.target);
});

// One press sends once; the button wakes again when the page comes back from the history.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-theme-form]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// <select data-submit> and the like send their form when changed; the button marked data-submit-button then hides.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-submit]")) event.target.form.requestSubmit();
});

// Files can be dropped or pasted onto their field.
for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-drop]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files.length) fill(zone.querySelector("input[type=file]"), event.dataTransfer.files);
  });
}
document.addEventListener("paste", (event) => {
  const input = event.target.closest?.("form")?.querySelector("[data-drop] input[type=file]");
  if (input && event.clipboardData.files.length) fill(input, event.clipboardData.files);
});

function fill(input, files) {
  const all = new DataTransfer();
  for (const file of input.multiple ? [...input.files, ...files] : [files[0]]) all.items.add(file);
  input.files = all.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// The word for a chosen score: 4 → good.
document.addEventListener("change", (event) => {
  const score = event.target.closest("[data-score]");
  if (score) score.querySelector("output").textContent = JSON.parse(score.dataset.score)[event.target.value - 1];
});

// "Select all" in a table head, and how many are selected.
document.addEventListener("change", (event) => {
  const table = event.target.closest("table");
  if (!table || event.target.type !== "checkbox") return;
  const all = table.querySelector("[data-pick-all]");
  const picks = [...table.querySelectorAll("[data-pick]")];
  if (event.target === all) picks.forEach((pick) => { pick.checked = all.checked; });
  const chosen = picks.filter((pick) => pick.checked).length;
  if (all) {
    all.checked = chosen > 0 && chosen === picks.length;
    all.indeterminate = chosen > 0 && chosen < picks.length;
  }
  for (const counter of document.querySelectorAll("[data-picked]")) counter.textContent = chosen;
  for (const bar of document.querySelectorAll("[data-bulk]")) bar.hidden = !chosen;
});
