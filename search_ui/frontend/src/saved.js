// Searches that the reader keeps, in this browser only: a list of { key, name, since }. `key` is what stands behind
// /search in the address, `since` the instant from which on what changes is new.

const STORE = "halocline.saved-searches";
const MOST = 100;

function stored() {
  try {
    const list = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(list) ? list.filter((one) => typeof one?.key === "string" && /^(\?|$)/.test(one.key)) : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    localStorage.setItem(STORE, JSON.stringify(list.slice(0, MOST)));
    return true;
  } catch {
    return false;
  }
}

function change(key, values) {
  return keep(stored().map((one) => (one.key === key ? { ...one, ...values } : one)));
}

function address(page, key, more = "") {
  return page + key + (more && (key ? "&" : "?") + more);
}

function say(text) {
  document.querySelector("[data-said]").textContent = text;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Not over plain http: the way that always was.
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function copies(button, path) {
  const label = button.querySelector("span");
  const usual = label.textContent;
  button.addEventListener("click", async () => {
    await copy(new URL(path, location.href).href);
    label.textContent = button.dataset.copiedLabel;
    say(button.dataset.copiedLabel);
    setTimeout(() => (label.textContent = usual), 3000);
  });
}

// On the page of a search

function offerToSave(button) {
  const { save: key, name, asOf, savedLabel } = button.dataset;
  const label = button.querySelector("span");
  const usual = label.textContent;
  const list = document.querySelector("[data-saved-list]");

  function show() {
    const isSaved = stored().some((one) => one.key === key);
    button.setAttribute("aria-pressed", isSaved);
    label.textContent = isSaved ? savedLabel : usual;
    list.hidden = !isSaved;
  }

  if (stored().some((one) => one.key === key)) change(key, { since: asOf }); // it is being looked at
  button.addEventListener("click", () => {
    const others = stored().filter((one) => one.key !== key);
    const wasSaved = others.length < stored().length;
    keep(wasSaved ? others : [{ key, name, since: asOf }, ...others]);
    show();
    say(label.textContent);
  });
  window.addEventListener("storage", show);
  show();
  button.hidden = false;
}

// On the page of saved searches

function listSaved(list) {
  const template = document.querySelector("[data-item]");

  function show() {
    const saved = stored();
    list.replaceChildren(...saved.map(item));
    list.hidden = !saved.length;
    const blocked = !saved.length && !keep([]);
    document.querySelector("[data-none]").hidden = saved.length > 0 || blocked;
    document.querySelector("[data-blocked]").hidden = !blocked;
  }

  function item({ key, name, since }) {
    const element = template.content.firstElementChild.cloneNode(true);
    const find = (selector) => element.querySelector(selector);
    const open = find("[data-open]");
    open.textContent = name;
    open.href = address(list.dataset.search, key);
    find("[data-key]").textContent = decoded(address(list.dataset.search, key));
    find("[data-feed-link]").href = address(list.dataset.feed, key, list.dataset.feedParameters);
    copies(find("[data-copy]"), open.href);
    find("[data-remove]").addEventListener("click", () => {
      keep(stored().filter((one) => one.key !== key));
      show();
    });
    rename(find("[data-rename]"), find("[data-rename-form]"), name, (chosen) => {
      change(key, { name: chosen });
      show();
    });
    count(element, key, since);
    return element;
  }

  async function count(element, key, since) {
    const link = element.querySelector("[data-count-link]");
    const text = element.querySelector("[data-count-text]");
    const asked = `updated_since=${encodeURIComponent(since)}`;
    const total = await counted(address(list.dataset.count, key, asked));
    if (total > 0) {
      link.textContent = template.dataset.new.replace("{n}", total.toLocaleString(document.documentElement.lang));
      link.href = address(list.dataset.search, key, `${asked}&sort=-updated`);
      link.title = template.dataset.since.replace("{when}", new Date(since).toLocaleString(document.documentElement.lang));
      link.hidden = false;
    } else {
      text.textContent = total === 0 ? template.dataset.nothingNew : template.dataset.unknown;
    }
  }

  window.addEventListener("storage", show);
  window.addEventListener("pageshow", (event) => event.persisted && show());
  show();
}

// One question at a time, however many searches are saved.
let turn = Promise.resolve();

function counted(url) {
  turn = turn.then(async () => {
    try {
      const answer = await fetch(url);
      return answer.ok ? (await answer.json()).total : null;
    } catch {
      return null;
    }
  });
  return turn;
}

function rename(button, form, name, chosen) {
  const input = form.querySelector("input");
  button.addEventListener("click", () => {
    form.hidden = !form.hidden;
    input.value = name;
    input.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim()) chosen(input.value.trim());
  });
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

for (const button of document.querySelectorAll("[data-save]")) offerToSave(button);
for (const button of document.querySelectorAll(".search-tools > [data-copy]")) {
  copies(button, button.dataset.copy);
  button.hidden = false;
}
for (const list of document.querySelectorAll("[data-saved]")) listSaved(list);
