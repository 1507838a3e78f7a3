// What makes the pages pleasanter than they already are without any script.

import { completeBox } from "./complete.js";
import { stepThroughMarks } from "./marks.js";
import { narrowFacets } from "./facets.js";

// Enter belongs to the input method while it composes: it chooses a word and must not submit.
// Some browsers end the composition before the key event, which then only carries code 229.
export function composing(event) {
  return event.isComposing || event.keyCode === 229;
}

function guardComposition(input) {
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && composing(event)) event.preventDefault();
  });
}

function slashFocuses(input) {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || composing(event)) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}

document.documentElement.classList.add("js");
for (const input of document.querySelectorAll("form input:not([type=hidden])")) guardComposition(input);
const box = document.querySelector("#q");
if (box) {
  slashFocuses(box);
  completeBox(box);
}
stepThroughMarks();
narrowFacets();
