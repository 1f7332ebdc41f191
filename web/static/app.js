// Improves pages that work without it: keys, suggestions, copy and print.
"use strict";

const box = document.querySelector('input[type="search"]');
const hits = [...document.querySelectorAll("[data-hit]")];

function typing(element) {
  return element.matches("input, select, textarea, [contenteditable]");
}

function moveThroughHits(step) {
  const at = hits.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : hits.length - 1) : at + step;
  if (hits[next]) hits[next].focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "/" && box && !typing(event.target)) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && hits.length && !typing(event.target)) {
    event.preventDefault();
    moveThroughHits(event.key === "ArrowDown" ? 1 : -1);
  }
});

// A combobox with a list of suggestions: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
function suggest(input, place) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = "suggestions-" + place;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  list.hidden = true;
  input.closest("form").append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
    ["aria-controls", list.id]]) input.setAttribute(name, value);
  let chosen = -1;
  let asked = 0;

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(index) {
    const options = [...list.children];
    chosen = (index + options.length + 1) % (options.length + 1);
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    if (options[chosen]) input.setAttribute("aria-activedescendant", options[chosen].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function take(option) {
    input.value = option.dataset.text;
    close();
    input.form.requestSubmit();
  }

  async function ask() {
    const text = input.value.trim();
    const mine = ++asked;
    if (!text) return close();
    const answer = await fetch(input.dataset.suggest + "?q=" + encodeURIComponent(text.slice(0, 200)));
    if (!answer.ok || mine !== asked || document.activeElement !== input) return;
    const { items } = await answer.json();
    list.replaceChildren(...items.map((item, at) => {
      const option = document.createElement("li");
      option.id = list.id + "-" + at;
      option.dataset.text = item.text;
      option.lang = "zh-CN";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = item.text;
      return option;
    }));
    chosen = -1;
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
  }

  let timer;
  input.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(() => ask().catch(close), 120);
  });
  input.addEventListener("compositionend", () => ask().catch(close));
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? list.children.length - 1 : chosen - 1);
    } else if (event.key === "Enter" && list.children[chosen]) {
      event.preventDefault();
      take(list.children[chosen]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) take(option);
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggest);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.textContent;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = said; }, 1500);
  });
}
