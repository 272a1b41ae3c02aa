// The last searches, kept in this browser and nowhere else.

const KEY = "timtin.recent";
const MOST = 8;

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, MOST) : [];
  } catch {
    return []; // storage is off, or holds something else
  }
}

export function remember(text) {
  const query = text.trim();
  if (query) keep([query, ...recent().filter((other) => other !== query)]);
}

export function forget(text) {
  keep(recent().filter((other) => other !== text));
}

export function forgetAll() {
  keep([]);
}

function keep(list) {
  try {
    localStorage.setItem(KEY, JSON.stringify(list.slice(0, MOST)));
  } catch {
    // nothing is remembered then
  }
}

// On the start page they are links, each with a button that removes it.
export function showRecent(words) {
  const section = document.getElementById("recent");
  if (!section) return;
  const list = section.querySelector("ul");
  list.replaceChildren(
    ...recent().map((text) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `/?${new URLSearchParams({ q: text })}`;
      link.textContent = text;
      link.lang = "vi";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "×";
      button.setAttribute("aria-label", `${words.remove}: ${text}`);
      button.addEventListener("click", () => {
        const next = item.nextElementSibling ?? item.previousElementSibling;
        forget(text);
        item.remove();
        section.hidden = !list.children.length;
        (next?.querySelector("button") ?? document.getElementById("q")).focus();
      });
      item.append(link, button);
      return item;
    }),
  );
  section.hidden = !list.children.length;
}
