// Drags a party to a table on the floor plan: [data-drag] is dropped on [data-drop], which posts to the server, and the
// server says whether it can be. Whoever uses keys or the panel's forms does the same without this.
(() => {
  const FAR = 6; // px that a press moves before it is a drag
  const EDGE = 48; // px from the top or the end of the window within which a drag scrolls the page
  let drag = null; // { source, x, y, ghost, over }

  addEventListener("pointerdown", (event) => {
    const source = event.button === 0 && event.target.closest("[data-drag]");
    if (source) drag = { source, id: source.id, x: event.clientX, y: event.clientY, ghost: null, over: null };
  });

  addEventListener("pointermove", (event) => {
    if (!drag) return;
    if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
    if (!drag.ghost) pickUp();
    drag.ghost.style.translate = `${event.clientX + 12}px ${event.clientY + 12}px`;
    if (event.clientY > innerHeight - EDGE) scrollBy(0, EDGE / 4);
    if (event.clientY < EDGE) scrollBy(0, -EDGE / 4);
    mark(document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]"));
  });

  addEventListener("pointerup", () => {
    if (!drag) return;
    const { source, over, ghost } = drag;
    putDown();
    if (!ghost) return;
    addEventListener("click", (event) => event.preventDefault() || event.stopPropagation(), { capture: true, once: true });
    setTimeout(() => dispatchEvent(new MouseEvent("click")), 0); // takes that listener away where no click follows
    if (over && over !== source) {
      const values = { tables: over.dataset.drop, seen: source.dataset.seen };
      htmx.ajax("POST", source.dataset.drag, { target: "#panel", swap: "innerHTML", values });
    }
  });

  addEventListener("pointercancel", putDown);
  addEventListener("keydown", (event) => event.key === "Escape" && putDown());
  addEventListener("dragstart", (event) => event.target.closest?.("[data-drag]") && event.preventDefault());

  function pickUp() {
    drag.ghost = document.body.appendChild(document.createElement("div"));
    drag.ghost.className = "drag-ghost";
    drag.ghost.textContent = drag.source.getAttribute("aria-label") || drag.source.querySelector("b")?.textContent;
    drag.source.classList.add("dragged");
  }

  function mark(table) {
    if (table === drag.over) return;
    drag.over?.classList.remove("over-it");
    table?.classList.add("over-it");
    drag.over = table || null;
  }

  function putDown() {
    if (!drag) return;
    drag.ghost?.remove();
    drag.source.classList.remove("dragged");
    drag.over?.classList.remove("over-it");
    drag = null;
  }
})();
