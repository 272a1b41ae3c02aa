// "/" and Ctrl+K put the cursor in the box; Esc closes the suggestions, and then clears the box.

export function startShortcuts(input, combobox) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const ctrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    if (!slash && !ctrlK) return;
    event.preventDefault();
    input.focus({ preventScroll: true });
    input.select();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (combobox.isOpen()) combobox.close();
    else if (input.value) {
      input.value = "";
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
