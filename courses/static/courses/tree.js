// Dragging sections and units by their handle, and keeping the focus while the buttons move them. The buttons do all of
// it without this file; htmx, where it is there, replaces the tree instead of the page.
let dragged = null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button !== 0) return;
  event.preventDefault();
  const row = handle.closest("[data-unit], [data-section]");
  dragged = { row, kind: row.dataset.unit ? "unit" : "section", home: placeOf(row), id: event.pointerId };
  handle.setPointerCapture(event.pointerId);
  row.classList.add("dragged");
});
document.addEventListener("pointermove", (event) => {
  if (!dragged || event.pointerId !== dragged.id) return;
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const edge = 60;
  if (event.clientY < edge) window.scrollBy(0, -12);
  if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
  if (!under) return;
  const list = dragged.kind === "unit" ? under.closest("[data-section]")?.querySelector("[data-units]") : null;
  const target = under.closest(`[data-${dragged.kind}]`);
  if (target && target !== dragged.row) {
    const box = target.getBoundingClientRect();
    target[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged.row);
  } else if (!target && list && !list.contains(dragged.row)) {
    list.append(dragged.row);
  }
});
document.addEventListener("pointerup", (event) => drop(event, true));
document.addEventListener("pointercancel", (event) => drop(event, false));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && dragged) drop({ pointerId: dragged.id }, false);
});

function drop(event, done) {
  if (!dragged || event.pointerId !== dragged.id) return;
  const { row, home, kind } = dragged;
  dragged = null;
  row.classList.remove("dragged");
  const now = placeOf(row);
  if (!done) return put(row, home);
  if (now.parent === home.parent && now.index === home.index) return;
  const values = { do: "move", position: now.index };
  if (kind === "unit") values.section = row.closest("[data-section]").dataset.section;
  const token = document.querySelector("#tree [name=csrfmiddlewaretoken]").value;
  values.csrfmiddlewaretoken = token;
  htmx
    .ajax("POST", row.dataset.move, { values, target: "#tree", select: "#tree", swap: "outerHTML" })
    .catch(() => put(row, home));
}

function placeOf(row) {
  const siblings = [...row.parentElement.children].filter((each) => each.dataset.unit || each.dataset.section);
  return { parent: row.parentElement, index: siblings.indexOf(row), next: row.nextElementSibling };
}

function put(row, place) {
  place.parent.insertBefore(row, place.next);
}

// A button that is gone at the edge gives the focus to its neighbor.
let pressed = null;
document.addEventListener("htmx:beforeSwap", () => (pressed = document.activeElement?.id || null));
document.addEventListener("htmx:afterSettle", () => {
  if (!pressed) return;
  const other = pressed.replace(/^(up|down)-/, (way) => (way === "up-" ? "down-" : "up-"));
  (document.getElementById(pressed) || document.getElementById(other))?.focus();
  pressed = null;
});
