// Stepping through the marks of an article: which one of how many.

export function stepThroughMarks() {
  const shown = document.querySelector("#step");
  const marks = [...document.querySelectorAll("article mark")];
  if (!shown || !marks.length) return;
  let current = -1;

  function go(step) {
    marks[current]?.classList.remove("here");
    current = (current < 0 ? (step > 0 ? 0 : marks.length - 1) : current + step + marks.length) % marks.length;
    const mark = marks[current];
    mark.classList.add("here");
    mark.scrollIntoView({ block: "center" });
    shown.textContent = `${current + 1} / ${marks.length} 处`;
  }

  for (const button of document.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => go(Number(button.dataset.step)));
  }
}
