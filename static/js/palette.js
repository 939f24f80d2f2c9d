// Ctrl-K: go anywhere by name. The pages of the sidebar at once, then what the search page finds
// (its links marked with data-result). Without script the search box does the same.
const dialog = document.getElementById("palette");
const WAIT = 180;

function start() {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const none = dialog.querySelector("[data-none]");
  const searchUrl = dialog.dataset.search;
  let timer, asked, at = 0;

  const pages = () => [...document.querySelectorAll(".dk-nav a")].map((link) => {
    const heading = link.closest("ul").previousElementSibling;
    const label = [...link.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
    return { url: link.getAttribute("href"), label, note: heading?.matches("h2") ? heading.textContent : "" };
  });

  function show(found) {
    at = 0;
    list.replaceChildren(...found.map((item, place) => {
      const row = document.createElement("li");
      const note = document.createElement("small");
      row.id = `palette-${place}`;
      row.setAttribute("role", "option");
      row.dataset.url = item.url;
      row.append(item.label);
      note.textContent = item.note;
      row.append(note);
      return row;
    }));
    none.hidden = found.length > 0 || !input.value.trim();
    mark();
  }

  function mark() {
    [...list.children].forEach((row, place) => row.setAttribute("aria-selected", String(place === at)));
    const row = list.children[at];
    if (row) { input.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); }
    else input.removeAttribute("aria-activedescendant");
  }

  const near = (words) => pages().filter((page) => `${page.label} ${page.note}`.toLowerCase().includes(words.toLowerCase()));

  async function search(words) {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${searchUrl}?q=${encodeURIComponent(words)}`, { signal: asked.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = [...page.querySelectorAll("a[data-result]")].slice(0, 12).map((link) => ({
        url: link.getAttribute("href"), label: link.textContent.trim(), note: link.dataset.result,
      }));
      show([...near(words), ...found]);
    } catch { /* a newer search has begun, or the server is away: the pages stay */ }
  }

  function open() {
    input.value = "";
    show(pages());
    dialog.showModal();
  }

  function go(url) {
    dialog.close();
    if (url) location.assign(url);
  }

  input.addEventListener("input", () => {
    const words = input.value.trim();
    clearTimeout(timer);
    show(words ? near(words) : pages());
    if (words.length > 1 && searchUrl) timer = setTimeout(() => search(words), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      at = (at + step + list.children.length) % Math.max(list.children.length, 1);
      mark();
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const words = input.value.trim();
      go(list.children[at]?.dataset.url || (words && searchUrl ? `${searchUrl}?q=${encodeURIComponent(words)}` : ""));
    }
  });
  list.addEventListener("click", (event) => {
    const row = event.target.closest("li");
    if (row) go(row.dataset.url);
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (!dialog.open) open();
    }
  });
}

if (dialog) start();
