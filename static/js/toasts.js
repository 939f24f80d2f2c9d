// Short words about what happened: messages of the server, and answers that htmx could not use.
// Other modules call it with: document.dispatchEvent(new CustomEvent("look:toast", { detail: "words" })).
const STAY = 8000;
const region = () => document.getElementById("toasts");

function toast(words) {
  const made = document.getElementById("toast-form").content.cloneNode(true).firstElementChild;
  made.querySelector("span").textContent = words;
  region().append(made);
}

/** Good news leaves by itself, unless somebody is reading it; refusals stay until closed. */
function fade(element) {
  if (!element.matches(".good, .dk-toast:not(.bad, .warn)")) return;
  setTimeout(() => (element.matches(":hover, :focus-within") ? fade(element) : element.remove()), STAY);
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".dk-toast")?.remove();
});
document.addEventListener("look:toast", (event) => toast(event.detail));

// Added again after loading, because a status region only speaks of what is added to it.
const arrived = [...region().children];
region().replaceChildren();
setTimeout(() => { region().append(...arrived); arrived.forEach(fade); }, 100);
new MutationObserver((changes) => {
  for (const change of changes) change.addedNodes.forEach((node) => node.nodeType === 1 && fade(node));
}).observe(region(), { childList: true });

const isPage = (xhr) => /^\s*<!doctype/i.test(xhr.responseText || "");

/** The sentence of a refusal page: its heading and first paragraph. */
function sentenceOf(xhr) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector("[data-refusal]");
  return page ? [...page.querySelectorAll("h1, p")].slice(0, 2).map((part) => part.textContent.trim()).join(" ") : "";
}

function wordsFor(xhr) {
  const said = { 403: "forbidden", 404: "gone", 429: "slow" }[xhr.status] || "failed";
  return (isPage(xhr) && sentenceOf(xhr)) || region().dataset[said];
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (isPage(xhr) && xhr.status < 400) {
    // a whole page where a part was asked for: most likely signed out meanwhile; drafts are kept
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL);
  } else if (xhr.status >= 400 && !isPage(xhr) && xhr.responseText && xhr.status < 500) {
    // a part with the errors beside the fields
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
// What a page asks for by itself, again and again (data-quiet), is nobody's act: its failure is no news.
const quiet = (event) => event.target.closest?.("[data-quiet]");
document.addEventListener("htmx:responseError", (event) => quiet(event) || toast(wordsFor(event.detail.xhr)));
document.addEventListener("htmx:sendError", (event) => quiet(event) || toast(region().dataset.lost));
document.addEventListener("htmx:timeout", () => toast(region().dataset.lost));

// What changed is also said: the status sentence of a part that was put in, or whatever is marked data-say.
document.addEventListener("htmx:load", (event) => {
  if (event.target === document.body) return; // the page itself, which is read anyway
  const words = event.target.querySelector?.("[data-say], .dk-sent")?.textContent.replace(/\s+/g, " ").trim();
  if (words) document.getElementById("said").textContent = words;
});
