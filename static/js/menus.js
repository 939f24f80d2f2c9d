// Menus are <details class="dk-menu">, dialogs are <dialog>: this only closes and opens them as people expect.
const openMenus = () => document.querySelectorAll("details.dk-menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    openMenus().forEach((menu) => { menu.open = false; });
    document.getElementById(opener.dataset.opens).showModal();
  }
  // a click on the veil closes the dialog
  if (event.target instanceof HTMLDialogElement && event.target.open) event.target.close();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
  if (location.hash === "#menu") location.hash = "main";
});
document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
for (const element of document.querySelectorAll("[data-opens][hidden]")) element.hidden = false;

// ── Asking before what cannot be taken back: <form data-confirm="The words of the question"> ──
const dialog = document.getElementById("confirm");
let asked = null;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const words = event.submitter?.dataset.confirm || form.dataset.confirm;
  if (!words || !dialog || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  asked = { form, submitter: event.submitter };
  dialog.querySelector("[data-words]").textContent = words;
  dialog.showModal();
}, true);
dialog?.querySelector("[data-no]").addEventListener("click", () => dialog.close());
dialog?.querySelector("[data-yes]").addEventListener("click", () => {
  dialog.close();
  asked.form.dataset.confirmed = "yes";
  asked.form.requestSubmit(asked.submitter);
  delete asked.form.dataset.confirmed;
});
