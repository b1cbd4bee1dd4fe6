// Counts down, by the server's clock (live.js): <span data-until="2026-11-21T18:42:00Z" data-words="may free in %s">may free at 18:42</span>.
// With data-up it goes on after that moment, counting up, in the class "over"; data-after is the id of an element that is shown from then on.
(() => {
  function tick() {
    for (const element of document.querySelectorAll("[data-until]")) show(element);
  }

  function show(element) {
    const left = Math.ceil((Date.parse(element.dataset.until) - window.airside.clock.now()) / 1000);
    const over = left <= 0;
    const seconds = over && !("up" in element.dataset) ? 0 : Math.abs(left);
    const text = element.dataset.words.replace("%s", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("over", over);
    const after = over && document.getElementById(element.dataset.after);
    if (after?.hidden) after.hidden = false;
  }

  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);
})();
