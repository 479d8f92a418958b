// Facets are counted when they are opened, and their values are looked for while one types.
// Without a script a link opens them, and Enter sends what was typed with the search.

const PATIENCE = 200; // milliseconds without a keystroke

/** The values of a facet as the server lists them; null where it cannot. */
async function load(address, signal) {
  try {
    const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
    if (!answer.ok) return null;
    const holder = document.createElement("div");
    holder.innerHTML = await answer.text();
    return holder;
  } catch {
    return null;
  }
}

function opens(facet, body) {
  facet.addEventListener("toggle", async () => {
    if (!facet.open || body.querySelector(".facet-values") || body.dataset.loading) return;
    body.dataset.loading = "true";
    body.classList.add("is-loading");
    const loaded = await load(body.dataset.values);
    body.classList.remove("is-loading");
    delete body.dataset.loading;
    if (!loaded) return; // the link stays
    body.replaceChildren(...loaded.childNodes);
    finds(body);
  });
}

function finds(body) {
  const input = body.querySelector(".facet-find");
  if (!input) return;
  let waiting = 0;
  let asking = null;
  const find = async () => {
    asking?.abort();
    asking = new AbortController();
    const { signal } = asking;
    const address = new URL(body.dataset.values, location.href);
    address.searchParams.delete(input.name);
    if (input.value.trim()) address.searchParams.set(input.name, input.value);
    const loaded = await load(address, signal);
    const values = loaded?.querySelector(".facet-values");
    if (values && !signal.aborted) body.querySelector(".facet-values").replaceWith(values);
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, PATIENCE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // the values are enough: the search has not changed
    clearTimeout(waiting);
    find();
  });
}

for (const facet of document.querySelectorAll("details.facet")) {
  const body = facet.querySelector("[data-values]");
  if (!body) continue;
  opens(facet, body);
  finds(body);
}
