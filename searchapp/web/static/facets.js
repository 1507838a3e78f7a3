// A box over each long facet that leaves only the values that hold what is typed.

const LONG = 10;

function narrow(facet, typed) {
  const wanted = typed.trim().toLowerCase();
  for (const line of facet.querySelectorAll(".values li")) {
    line.hidden = wanted !== "" && !line.textContent.toLowerCase().includes(wanted);
  }
  const rest = facet.querySelector("details.rest");
  if (rest && wanted) rest.open = true;
}

export function narrowFacets() {
  for (const facet of document.querySelectorAll(".facet[data-facet]")) {
    if (facet.querySelectorAll(".values li").length <= LONG) continue;
    const title = facet.querySelector("h3");
    const input = document.createElement("input");
    input.type = "search";
    input.className = "narrow";
    input.placeholder = `在${title.textContent}中找`;
    input.setAttribute("aria-label", input.placeholder);
    input.addEventListener("input", () => narrow(facet, input.value));
    title.after(input);
  }
}
