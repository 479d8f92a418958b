// Suggestions under a search box: the combobox pattern of ARIA. Without a script the box is a plain one.

const WAIT = 150; // milliseconds without a key before the server is asked

for (const input of document.querySelectorAll("input[data-suggest]")) attach(input);

function attach(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.suggestLabel);
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  const box = document.createElement("span");
  box.className = "suggest-box";
  input.replaceWith(box);
  box.append(input, list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }
  input.autocomplete = "off";

  let timer = 0;
  let asking = null;
  let active = -1;

  const options = () => [...list.children];

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function activate(number) {
    active = number;
    options().forEach((option, place) => option.setAttribute("aria-selected", String(place === active)));
    if (active < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", options()[active].id);
      options()[active].scrollIntoView({ block: "nearest" });
    }
  }

  function show(suggestions) {
    list.replaceChildren(...suggestions.map((each, place) => option(each, `${list.id}-${place}`)));
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    activate(-1);
    said.textContent = list.hidden ? "" : input.dataset.suggestCount.replace("%(num)s", suggestions.length);
  }

  async function ask() {
    asking?.abort();
    const text = input.value;
    if (!text.trim()) return close();
    asking = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close(); // the box works without suggestions
    }
  }

  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = options().length - 1;
    if (event.key === "Escape" && !list.hidden) close();
    else if (event.key === "ArrowDown" && list.hidden) ask();
    else if (event.key === "ArrowDown") activate(active === last ? -1 : active + 1);
    else if (event.key === "ArrowUp" && !list.hidden) activate(active < 0 ? last : active - 1);
    else if (event.key === "Enter" && active >= 0) location.assign(options()[active].dataset.url);
    else return;
    event.preventDefault();
  });
}

function option(each, id) {
  const item = document.createElement("li");
  item.id = id;
  item.dataset.url = each.url;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  const label = document.createElement("span");
  label.textContent = each.label;
  const kind = document.createElement("span");
  kind.className = "suggestion-kind";
  kind.textContent = each.count === null ? each.kind_label : `${each.kind_label} · ${each.count.toLocaleString("en")}`;
  item.append(label, " ", kind);
  item.addEventListener("mousedown", (event) => {
    event.preventDefault(); // or the box would lose the focus and close the list
    if (event.button === 0) location.assign(each.url);
  });
  return item;
}
