// Small comforts on top of pages that work without any script.
"use strict";

// A click or Enter on an id copies the whole of it, although its middle is not shown.
function copyId(place) {
  const said = document.querySelector(".copied");
  const done = (text) => { said.textContent = text; setTimeout(() => { said.textContent = ""; }, 1600); };
  navigator.clipboard.writeText(place.title).then(() => done(`Copied ${place.title}`), () => done("Copying is not allowed here; the id is selected, press Ctrl+C"));
}

function prepare(root) {
  for (const place of root.querySelectorAll("[data-copy]:not([role])")) {
    place.setAttribute("role", "button");
    place.setAttribute("tabindex", "0");
    place.setAttribute("aria-label", `Copy ${place.title}`);
  }
}

document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-copy]");
  if (place) copyId(place);
});

// The points of a chart are one stop of the Tab key; the arrows go from one to the next.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

document.addEventListener("keydown", (event) => {
  const place = event.target.closest("[data-copy]");
  if (place && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    copyId(place);
  }
  const point = event.target.closest(".point");
  if (!point || !(event.key in STEPS)) return;
  event.preventDefault();
  const points = [...point.parentElement.querySelectorAll(".point")];
  const next = Math.min(points.length - 1, Math.max(0, points.indexOf(point) + STEPS[event.key]));
  point.setAttribute("tabindex", "-1");
  points[next].setAttribute("tabindex", "0");
  points[next].focus();
});

// "/" goes to the search, as long as nothing is being typed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea")) return;
  const find = document.getElementById("find");
  if (find) { event.preventDefault(); find.focus(); find.select(); }
});

// A refreshed piece takes over the focus and the scrolling of the one that it replaces.
const FOCUSABLE = "a[href], button, summary, [tabindex]";
let held = null;

document.addEventListener("htmx:beforeSwap", (event) => {
  const old = event.detail.target;
  const scrolled = [...old.querySelectorAll(".timeline-place, .scroll")].map((place) => place.scrollLeft);
  held = { id: old.id, place: [...old.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement), scrolled };
});

document.addEventListener("htmx:afterSwap", () => {
  const fresh = held && document.getElementById(held.id);
  if (!fresh) return;
  prepare(fresh);
  fresh.querySelectorAll(".timeline-place, .scroll").forEach((place, at) => { place.scrollLeft = held.scrolled[at] ?? 0; });
  if (held.place >= 0) fresh.querySelectorAll(FOCUSABLE)[held.place]?.focus({ preventScroll: true });
  held = null;
});

prepare(document);
