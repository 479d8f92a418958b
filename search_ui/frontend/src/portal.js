// Small comforts on top of pages that work without any script.
import "./facets.js";
import "./suggestions.js";

for (const select of document.querySelectorAll("select[data-submits]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

for (const panel of document.querySelectorAll("details[data-open-wide]")) {
  // Filters stand open beside the results where there is room for them.
  const wide = window.matchMedia("(min-width: 992px)");
  panel.open = wide.matches;
}
