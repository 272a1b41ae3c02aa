// Everything works without scripts; with them the page answers while one types.
import { startShortcuts } from "./shortcuts.js";
import { startLive } from "./live.js";
import { startCombobox } from "./combobox.js";
import { showRecent } from "./recent.js";

const form = document.getElementById("search");
const input = document.getElementById("q");
const live = startLive(form, input);
const combobox = startCombobox(form, input, live);
startShortcuts(input, combobox);
showRecent(form.dataset);

if (document.getElementById("steps")) import("./steps.js").then(({ startSteps }) => startSteps());
if (document.body.classList.contains("status")) import("./status.js").then(({ startStatus }) => startStatus());
