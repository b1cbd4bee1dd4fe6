// The programme is the same for everybody: this marks what the holder of this ticket has chosen of it (data-sessions in _own.html).
(() => {
  function mark() {
    const chosen = new Set(document.querySelector("[data-sessions]")?.dataset.sessions.split(" "));
    for (const row of document.querySelectorAll("[data-session]")) row.classList.toggle("is-mine", chosen.has(row.dataset.session));
  }

  document.addEventListener("htmx:after:swap", mark);
  mark();
})();
