// The status page: figures that keep up, and a reindexing whose progress can be watched.

const EVERY_MS = 5000;
const WATCHED_MS = 400;

export function startStatus() {
  const section = document.getElementById("reindex");
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  let timer = 0;
  let mine = false;

  async function look() {
    clearTimeout(timer);
    let running = mine;
    try {
      const response = await fetch("/status", { headers: { Accept: "application/json" } });
      if (response.ok) running = show(await response.json()) || mine;
    } catch {
      // the next look may succeed
    }
    timer = setTimeout(look, running ? WATCHED_MS : EVERY_MS);
  }

  function show(status) {
    for (const figure of document.querySelectorAll("[data-figure]")) {
      figure.textContent = numbers.format(status[figure.dataset.figure]);
    }
    const { running, done, total, what } = status.reindexing;
    if (section && (running || mine)) {
      const bar = document.getElementById("reindex-progress");
      bar.hidden = false;
      if (running && total) {
        bar.max = total;
        bar.value = Math.min(done, total);
      } else {
        bar.removeAttribute("value");
      }
      const counted = running && done ? ` ${numbers.format(done)}${total ? ` / ${numbers.format(total)}` : ""} ${what}` : "";
      say(`${section.dataset.running} …${counted}`);
    } else if (section) {
      document.getElementById("reindex-progress").hidden = true;
    }
    return running;
  }

  function say(text) {
    document.getElementById("reindex-state").textContent = text;
  }

  section?.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = section.querySelector("button");
    const token = document.getElementById("token").value;
    button.disabled = mine = true;
    say(`${section.dataset.running} …`);
    look();
    let outcome = section.dataset.failed;
    try {
      const response = await fetch("/reindex", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
      const report = await response.json();
      if (response.ok) {
        outcome = section.dataset.done.replace(/\{(\w+)\}/g, (_, name) =>
          numbers.format(Array.isArray(report[name]) ? report[name].length : report[name]),
        );
      } else if (response.status === 401) {
        outcome = section.dataset.refused;
      }
    } catch {
      // said already
    }
    button.disabled = mine = false;
    await look();
    say(outcome);
  });

  look();
}
