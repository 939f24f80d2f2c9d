// Keeps what is typed into <form data-draft="name"> on this device until it is sent.
// Only text, choices and ticks; never passwords, files or hidden fields. Thrown away after 30 days.
const MONTH = 30 * 24 * 3600 * 1000;
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);
const keyOf = (form) => `draft:${new URL(form.getAttribute("action") || "", location.href).pathname}:${form.dataset.draft}`;

function store(work) {
  try { return work(localStorage); } catch { return null; } // private mode: nothing is kept
}

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !SKIPPED.has(field.type));

function read(form) {
  const found = {};
  for (const field of fieldsOf(form)) {
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.checked) (found[field.name] ||= []).push(field.value);
    } else if (field.multiple) {
      found[field.name] = [...field.selectedOptions].map((option) => option.value);
    } else if (field.value) found[field.name] = [field.value];
  }
  return found;
}

function write(form, values) {
  for (const field of fieldsOf(form)) {
    const kept = values[field.name] || [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = kept.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = kept.includes(option.value);
    else if (kept.length) field.value = kept[0];
  }
}

const say = (form, kept) => {
  const note = form.querySelector("[data-draft-note]");
  if (note) note.hidden = !kept;
};

function keep(form) {
  const values = read(form);
  if (JSON.stringify(values) === form.draftStart) return;
  store((kept) => kept.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values })));
  say(form, true);
}

function drop(form) {
  store((kept) => kept.removeItem(keyOf(form)));
  say(form, false);
}

function begin(form) {
  if (form.draftStart !== undefined) return;
  form.draftStart = JSON.stringify(read(form));
  const text = store((kept) => kept.getItem(keyOf(form)));
  if (!text) return;
  const draft = JSON.parse(text);
  // a form the server sent back with errors already holds what was typed
  if (Date.now() - draft.at > MONTH || form.querySelector(".err")) return;
  write(form, draft.values);
  say(form, true);
}

/** A sent form is clean once the server has taken it: the next page neither refuses nor shows it with errors. */
function sent(form) {
  store((kept) => kept.setItem("draft-sent", keyOf(form)));
}

function settle() {
  const key = store((kept) => kept.getItem("draft-sent"));
  if (!key) return;
  store((kept) => kept.removeItem("draft-sent"));
  const again = [...document.querySelectorAll("form[data-draft]")].find((form) => keyOf(form) === key);
  if (again?.querySelector(".err, [role=alert]") || document.querySelector("[data-refusal]")) return;
  store((kept) => kept.removeItem(key));
}

let timer, typedIn;
/** What was typed a moment ago is kept before the page replaces the field it stands in. */
function keepNow() {
  clearTimeout(timer);
  if (typedIn) keep(typedIn);
  typedIn = null;
}
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  if (typedIn !== form) keepNow();
  clearTimeout(timer);
  typedIn = form;
  timer = setTimeout(keepNow, 400);
});
document.addEventListener("htmx:beforeSwap", keepNow);
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(timer);
  typedIn = null;
  if (event.defaultPrevented) return;
  if (!form.matches("[hx-post]")) { keep(form); sent(form); }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && event.detail.successful) drop(form);
});
document.addEventListener("htmx:load", (event) => {
  for (const form of event.target.querySelectorAll?.("form[data-draft]") || []) begin(form);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draft-drop]");
  if (button) { drop(button.form); button.form.reset(); }
});

settle();
for (const form of document.querySelectorAll("form[data-draft]")) begin(form);
