// Light and dark without a reload. The server keeps the choice in a cookie; without script the same form posts.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const shown = () => root.dataset.bsTheme || (dark.matches ? "dark" : "light");

function show(theme) {
  if (theme) root.dataset.bsTheme = theme;
  else delete root.dataset.bsTheme;
  for (const button of document.querySelectorAll('[data-theme-form] [aria-pressed]')) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
  aim();
  document.dispatchEvent(new CustomEvent("look:theme"));
}

/** The round button always leads to the other one. */
function aim() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.value = shown() === "dark" ? "light" : "dark";
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  show(body.get("theme"));
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});
dark.addEventListener("change", () => {
  aim();
  document.dispatchEvent(new CustomEvent("look:theme"));
});
aim();
