// On the page of a document: from match to match with the buttons, or with n and p.

export function startSteps() {
  const bar = document.getElementById("steps");
  const marks = [...document.querySelectorAll(".document mark")].filter((mark) => mark.checkVisibility());
  const [back, on] = ["previous-mark", "next-mark"].map((id) => document.getElementById(id));
  if (!marks.length || !on) return;
  for (const link of bar.querySelectorAll(".step")) link.remove();
  back.hidden = on.hidden = marks.length < 2;
  let at = Math.max(0, marks.findIndex((mark) => `#${mark.id}` === location.hash));

  function go(to, scroll = true) {
    marks[at].classList.remove("here");
    at = (to + marks.length) % marks.length;
    marks[at].classList.add("here");
    if (scroll) marks[at].scrollIntoView({ block: "center" });
    document.getElementById("place").textContent = bar.dataset.place
      .replace("{at}", at + 1)
      .replace("{all}", marks.length);
  }

  on.addEventListener("click", () => go(at + 1));
  back.addEventListener("click", () => go(at - 1));
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") go(at + 1);
    if (event.key === "p") go(at - 1);
  });
  go(at, location.hash !== "");
}
