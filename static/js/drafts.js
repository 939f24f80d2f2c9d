// Keeps what is typed into <form data-draft="name"> on this device until it is sent: for who typed it, and nobody else.
// Only text, choices and ticks; never passwords, files or hidden fields. Thrown away after 30 days, at sign-out, and when
// somebody else signs in. With data-draft-secret it is also gone with the tab, and where nobody is signed in.
const MONTH = 30 * 24 * 3600 * 1000;
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button"]);
const SHELVES = ["localStorage", "sessionStorage"];
const reader = document.body.dataset.reader; // not there on pages that know nobody, such as that of a fault
// a draft belongs to what it changes: where the form says its version (data-draft-version), only that gets it back
const versionsOf = (form) => [...form.querySelectorAll("[data-draft-version]")].map((field) => field.value).join("");
const keyOf = (form) => `draft:${reader}:${new URL(form.getAttribute("action") || "", location.href).pathname}:${form.dataset.draft}${versionsOf(form)}`;

function store(shelf, work) {
  try { return work(window[shelf]); } catch { return null; } // private mode: nothing is kept
}

const shelfOf = (form) => SHELVES[form.hasAttribute("data-draft-secret") ? 1 : 0];

/** Throws away the drafts on these shelves, but those of one person. */
function dropAll(shelves, whose = "") {
  for (const shelf of shelves) {
    store(shelf, (kept) => {
      for (const key of Object.keys(kept)) {
        if (key.startsWith("draft:") && !(whose && key.startsWith(`draft:${whose}:`))) kept.removeItem(key);
      }
    });
  }
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
  store(shelfOf(form), (kept) => kept.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values })));
  say(form, true);
}

function drop(form) {
  store(shelfOf(form), (kept) => kept.removeItem(keyOf(form)));
  say(form, false);
}

function begin(form) {
  if (form.draftStart !== undefined) return;
  form.draftStart = JSON.stringify(read(form));
  const text = store(shelfOf(form), (kept) => kept.getItem(keyOf(form)));
  if (!text) return;
  const draft = JSON.parse(text);
  // a form the server sent back with errors already holds what was typed
  if (Date.now() - draft.at > MONTH || form.querySelector(".err")) return;
  write(form, draft.values);
  say(form, true);
}

/** A sent form is clean once the server has taken it: the next page neither refuses nor shows it with errors. */
function sent(form) {
  store("sessionStorage", (kept) => kept.setItem("draft-sent", keyOf(form)));
}

function settle() {
  const key = store("sessionStorage", (kept) => kept.getItem("draft-sent"));
  if (!key) return;
  store("sessionStorage", (kept) => kept.removeItem("draft-sent"));
  const again = [...document.querySelectorAll("form[data-draft]")].find((form) => keyOf(form) === key);
  if (again?.querySelector(".err, [role=alert]") || document.querySelector("[data-refusal]")) return;
  for (const shelf of SHELVES) store(shelf, (kept) => kept.removeItem(key));
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
document.addEventListener("htmx:beforeSwap", (event) => {
  keepNow();
  // the answer brings another version: what it answers is saved, so the draft of the version before it goes
  const form = event.detail.requestConfig?.elt.closest("form[data-draft]");
  if (form && event.detail.xhr.status === 200 && versionsOf(form)) drop(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-draft], form[data-sign-out]");
  if (!form) return;
  clearTimeout(timer);
  typedIn = null;
  if (event.defaultPrevented) return;
  if (form.matches("[data-sign-out]")) return dropAll(SHELVES);
  if (!form.matches("[hx-post]")) { keep(form); sent(form); }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  // a refusal (4xx) and an answer that keeps nothing (204) leave the draft: the words stand nowhere else
  if (form && event.detail.successful && event.detail.xhr.status === 200) drop(form);
});
document.addEventListener("htmx:load", (event) => {
  for (const form of event.target.querySelectorAll?.("form[data-draft]") || []) begin(form);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draft-drop]");
  if (button) { drop(button.form); button.form.reset(); }
});

if (reader === "nobody") dropAll(["sessionStorage"]);
else if (reader) dropAll(SHELVES, reader);
settle();
for (const form of document.querySelectorAll("form[data-draft]")) begin(form);
