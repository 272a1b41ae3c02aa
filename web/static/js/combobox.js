// Suggestions under the box, as the ARIA Authoring Practices describe a combobox with a listbox:
// the focus stays in the box, arrows move aria-activedescendant, Enter takes the active one, Tab
// keeps what was typed, Esc and Alt+Up close, Alt+Down only opens; Home, End, Left and Right go back
// to the text. In an empty box: the recent searches; Delete removes one.

import { forget, forgetAll, recent } from "./recent.js";

const TYPING_MS = 50;
const MOST = 8;
const ICONS = {
  query: "M15.5 15.5 21 21M4 10.500a6.500 6.500 0 1 0 13 0a6.500 6.500 0 1 0-13 0",
  title: "M6 3h9l4 4v14H6zM9 12h7M9 16h7",
  recent: "M12 7v5l3.500 2M3 12a9 9 0 1 0 3-6.700M3 4v4h4",
};

export function startCombobox(form, input, live) {
  const words = form.dataset;
  const popup = document.createElement("div");
  popup.className = "suggestions";
  popup.hidden = true;
  const list = document.createElement("ul");
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.suggestions);
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "forget quiet";
  clear.textContent = words.forget;
  popup.append(list, clear);
  form.append(popup);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", "suggestions");

  let offered = [];
  let active = -1;
  let asking = null;
  let typing = 0;
  let composing = false;

  input.addEventListener("input", later);
  input.addEventListener("compositionstart", () => (composing = true));
  input.addEventListener("compositionend", () => {
    composing = false;
    later();
  });
  input.addEventListener("click", () => {
    if (popup.hidden) later();
  });
  form.addEventListener("submit", close);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowUp" && event.altKey) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (popup.hidden) ask();
      else if (!event.altKey) move(event.key === "ArrowDown" ? 1 : -1);
    } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
      mark(-1); // the cursor moves in the box again, by the browser
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(offered[active]);
    } else if (event.key === "Delete" && active >= 0 && offered[active].kind === "recent") {
      event.preventDefault();
      drop(offered[active]);
    } else if (event.key === "Tab" && clear.hidden) {
      close();
    }
  });
  // The focus stays in the box when a suggestion is pressed.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    const chosen = offered[[...list.children].indexOf(option)];
    if (event.target.closest(".remove")) drop(chosen);
    else take(chosen);
  });
  clear.addEventListener("click", () => {
    forgetAll();
    input.focus({ preventScroll: true });
    close();
  });

  function later() {
    clearTimeout(typing);
    typing = setTimeout(ask, TYPING_MS);
  }

  async function ask() {
    if (composing) return;
    asking?.abort();
    const asked = (asking = new AbortController());
    const text = input.value;
    if (!text.trim()) {
      show(recent().map((query) => ({ text: query, typed: query.length, kind: "recent" })));
      return;
    }
    try {
      const query = new URLSearchParams({ q: text, limit: MOST });
      const response = await fetch(`/suggest?${query}`, { signal: asked.signal });
      const answer = response.ok ? await response.json() : { suggestions: [] };
      if (!asked.signal.aborted && input.value === text) show(answer.suggestions);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function show(suggestions) {
    offered = suggestions;
    if (!offered.length || document.activeElement !== input) {
      close();
      return;
    }
    list.replaceChildren(...offered.map(option));
    list.setAttribute("aria-label", offered[0].kind === "recent" ? words.recent : words.suggestions);
    clear.hidden = offered[0].kind !== "recent";
    popup.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(-1);
  }

  function option(suggestion, at) {
    const item = document.createElement("li");
    item.id = `suggestion-${at}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.lang = "vi";
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", ICONS[suggestion.kind]);
    icon.append(path);
    const text = document.createElement("span");
    // What would be added to what was typed stands out.
    const added = document.createElement("b");
    added.textContent = suggestion.text.slice(suggestion.typed);
    text.append(suggestion.text.slice(0, suggestion.typed));
    if (suggestion.typed) text.append(added);
    else text.append(suggestion.text);
    item.append(icon, text);
    if (suggestion.kind !== "query") {
      const note = document.createElement("span");
      if (suggestion.kind === "recent") {
        note.className = "remove";
        note.textContent = "×";
        note.title = words.remove;
        note.setAttribute("aria-hidden", "true");
      } else {
        note.className = "kind";
        note.textContent = words.title;
      }
      item.append(note);
    }
    return item;
  }

  function move(step) {
    const places = offered.length + 1; // one of them is the box itself
    mark(((active + 1 + step + places) % places) - 1);
  }

  function mark(at) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = at;
    const item = list.children[active];
    if (item) {
      item.setAttribute("aria-selected", "true");
      item.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", item.id);
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function take(suggestion) {
    close();
    if (suggestion.kind === "title") {
      const query = new URLSearchParams({ q: input.value });
      location.assign(`/documents/${encodeURIComponent(suggestion.id)}?${query}`);
    } else {
      live.commit(suggestion.text);
    }
  }

  function drop(suggestion) {
    forget(suggestion.text);
    show(offered.filter((other) => other !== suggestion));
  }

  function close() {
    clearTimeout(typing);
    asking?.abort();
    popup.hidden = true;
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  return { isOpen: () => !popup.hidden, close };
}
