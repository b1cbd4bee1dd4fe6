// Keeps what is being read where it is on the screen while rows enter, leave or grow above it.
//
// Browsers do that by themselves ("scroll anchoring"), but not in tables with a sticky header and relative rows, and Safari
// never. So it is turned off in base.css and done here: what stands at some points of the screen is remembered before htmx
// swaps, and the page is scrolled by as much as most of it has moved. The observer acts before the browser paints.
(() => {
  const POINTS = 12;
  let marks = []; // [element, its top in the document]
  let owed = 0; // px, less than one: rows have parts of a pixel, and pages scroll by whole ones

  const topOf = (element) => element.getBoundingClientRect().top + window.scrollY;

  function look() {
    if (!window.scrollY) return []; // at the top one sees what comes
    const found = new Set();
    for (let point = 1; point < POINTS; point++) {
      const element = document.elementFromPoint(innerWidth * 0.3, (innerHeight * point) / POINTS);
      const part = element?.closest("tr, li, p, h1, h2, h3, form, .field") ?? element;
      if (part && !part.matches("html, body, main, .live") && !floats(part)) found.add(part);
    }
    return [...found].map((element) => [element, topOf(element)]);
  }

  // Whether it keeps its place on the screen by itself.
  function floats(element) {
    for (let part = element; part; part = part.parentElement) {
      if (/sticky|fixed/.test(getComputedStyle(part).position)) return true;
    }
    return element.closest("thead") !== null;
  }

  function keep() {
    const moves = marks.filter(([element]) => element.isConnected).map(([element, top]) => topOf(element) - top);
    if (!moves.length) return;
    const move = moves.sort((a, b) => a - b)[moves.length >> 1] + owed;
    const from = window.scrollY;
    if (Math.abs(move) >= 1) window.scrollBy({ top: move, behavior: "instant" });
    owed = move - (window.scrollY - from);
    if (Math.abs(owed) > 1) owed = 0; // the page ends there
    marks = marks.map(([element]) => [element, topOf(element)]);
  }

  const observer = new MutationObserver(keep);

  // What somebody has asked for takes the focus, and the page is scrolled to it.
  const takesFocus = ({ fragment }) => fragment?.querySelector?.("[autofocus]");

  document.addEventListener("htmx:before:swap", ({ detail: { tasks } }) => {
    marks = tasks?.some(takesFocus) ? [] : look();
    if (marks.length) observer.observe(document.getElementById("main"), { childList: true, subtree: true, characterData: true });
  });
  document.addEventListener("htmx:after:swap", () => {
    observer.disconnect();
    keep();
    marks = [];
  });
})();
