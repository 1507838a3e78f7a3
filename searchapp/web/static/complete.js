// Completions under the search box, as an ARIA combobox with a listbox popup.

const WAIT_MS = 120;
const KINDS = { county: "县区", official: "官员", title: "标题", phrase: "提法" };

// The word being typed is the one after the last space; what stands before it stays.
function lastWord(text) {
  const start = text.search(/[^\s　]*$/u);
  return { before: text.slice(0, start), word: text.slice(start) };
}

function option(item, number) {
  const line = document.createElement("li");
  line.id = `offer-${number}`;
  line.setAttribute("role", "option");
  line.setAttribute("aria-selected", "false");
  line.dataset.text = item.text;
  const parts = [["kind", KINDS[item.kind] ?? ""], ["label", item.label], ["count", item.count ? `${item.count} 篇` : ""]];
  for (const [name, text] of parts) {
    const part = document.createElement("span");
    part.className = name;
    part.textContent = text;
    line.append(part);
  }
  return line;
}

export function completeBox(input) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = "offers";
  list.className = "offers-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "补全");
  list.hidden = true;
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "offers"], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }

  let timer = 0;
  let asked = null;
  let chosen = -1;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    const lines = [...list.children];
    chosen = (number + lines.length + 1) % (lines.length + 1);
    if (chosen === lines.length) chosen = -1;
    lines.forEach((line, at) => line.setAttribute("aria-selected", String(at === chosen)));
    if (chosen < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", lines[chosen].id);
      lines[chosen].scrollIntoView({ block: "nearest" });
    }
  }

  function take(line) {
    input.value = lastWord(input.value).before + line.dataset.text;
    close();
    form.requestSubmit();
  }

  async function ask() {
    const { word } = lastWord(input.value);
    asked?.abort();
    if (!word) return close();
    asked = new AbortController();
    try {
      const reply = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(word)}`, { signal: asked.signal });
      if (!reply.ok) return close();
      const { completions } = await reply.json();
      if (document.activeElement !== input || !completions.length) return close();
      list.replaceChildren(...completions.slice(0, 10).map(option));
      list.hidden = false;
      chosen = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", "true");
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function askSoon(event) {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT_MS);
  }

  input.addEventListener("input", askSoon);
  input.addEventListener("compositionend", askSoon);
  input.addEventListener("blur", () => setTimeout(close, 150));
  form.addEventListener("submit", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("li");
    if (line) take(line);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(list.children[chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
}
