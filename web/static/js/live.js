// Results as one types: the server's own page is fetched and its <main> put in place of the old one.
// Late answers are dropped, nothing is asked while an input method composes. The address follows:
// replaced while typing, pushed when a search is committed; going back restores what was there.

import { remember, showRecent } from "./recent.js";

const TYPING_MS = 120;
const LOADING_MS = 300;
const ANNOUNCE_MS = 700;
const KEPT_PAGES = 20;

export function startLive(form, input) {
  // Elsewhere (a document, the status) a search leaves the page, as without scripts.
  const here = location.pathname === "/";
  const pages = new Map();
  let shown = location.href;
  let before = null; // the address before this stretch of typing
  let asking = null;
  let typing = 0;

  if (here) {
    // The browser would restore it before the results are back.
    history.scrollRestoration = "manual";
    if (history.state?.scroll) scrollTo({ top: history.state.scroll, behavior: "instant" });
    input.addEventListener("input", (event) => {
      if (!event.isComposing) typed();
    });
    input.addEventListener("compositionstart", () => clearTimeout(typing));
    input.addEventListener("compositionend", () => typed());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      commit();
    });
    addEventListener("popstate", (event) => {
      clearTimeout(typing);
      before = null;
      show(location.href, { scroll: event.state?.scroll ?? 0, fill: true });
    });
    addEventListener("scroll", debounced(keepScroll, 150), { passive: true });
  } else {
    form.addEventListener("submit", () => remember(input.value));
  }

  function typed() {
    clearTimeout(typing);
    if (!input.value.trim()) {
      asking?.abort();
      return;
    }
    typing = setTimeout(() => {
      const url = address();
      if (url === location.href) return;
      before ??= { url: location.href, state: { ...history.state, scroll: Math.round(scrollY) } };
      history.replaceState(null, "", url);
      show(url);
    }, TYPING_MS);
  }

  // Enter, or a suggestion that was chosen.
  function commit(text = input.value) {
    input.value = text;
    if (!here) {
      form.requestSubmit();
      return;
    }
    clearTimeout(typing);
    if (!text.trim()) return;
    remember(text);
    const url = address();
    if (before) history.replaceState(before.state, "", before.url);
    else keepScroll();
    before = null;
    if (url !== location.href) history.pushState(null, "", url);
    show(url, { announceNow: true });
  }

  // The form's address without fields that are empty.
  function address() {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    return new URL(`/?${new URLSearchParams(filled)}`, location.href).href;
  }

  async function show(url, { scroll = 0, fill = false, announceNow = false } = {}) {
    asking?.abort();
    const asked = (asking = new AbortController());
    if (url === shown && !fill) return;
    const slow = setTimeout(() => busy(true), LOADING_MS);
    try {
      const page = pages.get(url) ?? (await fetched(url, asked.signal));
      if (asked.signal.aborted) return;
      place(page, fill);
      shown = url;
      scrollTo({ top: scroll, behavior: "instant" });
      announce(announceNow ? 0 : ANNOUNCE_MS);
    } catch (error) {
      if (error.name !== "AbortError") failed(url);
    } finally {
      clearTimeout(slow);
      if (asking === asked) busy(false);
    }
  }

  async function fetched(url, signal) {
    const response = await fetch(url, { signal, headers: { Accept: "text/html" } });
    const page = await response.text();
    if (response.ok) {
      pages.set(url, page);
      if (pages.size > KEPT_PAGES) pages.delete(pages.keys().next().value);
    }
    return page;
  }

  function place(page, fill) {
    const next = new DOMParser().parseFromString(page, "text/html");
    const main = document.getElementById("main");
    const opened = main.querySelector(".filters")?.open;
    main.replaceChildren(...next.getElementById("main").childNodes);
    if (opened && main.querySelector(".filters")) main.querySelector(".filters").open = true;
    document.getElementById("kept").replaceChildren(...next.getElementById("kept").childNodes);
    document.title = next.title;
    document.body.className = next.body.className;
    document.querySelector("link[rel=alternate]")?.remove();
    const feed = next.querySelector("link[rel=alternate]");
    if (feed) document.head.append(feed);
    document.querySelector(".language").replaceWith(next.querySelector(".language"));
    if (fill) input.value = next.getElementById("q").value;
    showRecent(form.dataset);
  }

  function failed(url) {
    const failure = document.getElementById("failure").content.cloneNode(true);
    failure.querySelector(".retry").addEventListener("click", () => show(url, { fill: true }));
    document.getElementById("main").replaceChildren(failure);
    shown = "";
  }

  let announcing = 0;
  // What came out is said once, when typing has come to rest; without the time that it took. The
  // words before go first: only a change is read aloud, and two queries may find as many.
  function announce(delay) {
    clearTimeout(announcing);
    const announcer = document.getElementById("announcer");
    announcer.textContent = "";
    announcing = setTimeout(() => {
      const count = document.getElementById("count");
      announcer.textContent = count?.dataset.said ?? count?.textContent.trim() ?? "";
    }, delay);
  }

  function busy(yes) {
    document.body.classList.toggle("loading", yes);
    document.getElementById("main").toggleAttribute("aria-busy", yes);
    if (yes) document.getElementById("main").setAttribute("aria-busy", "true");
  }

  function keepScroll() {
    if (before === null) history.replaceState({ ...history.state, scroll: Math.round(scrollY) }, "");
  }

  return { commit };
}

function debounced(run, milliseconds) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
}
