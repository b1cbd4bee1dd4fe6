// The questions and polls are the same for everybody: this marks what the holder of this ticket has voted for and chosen.
//
// Which that is stands in _mine.html: data-voted has the keys of questions, data-chosen those of choices.
(() => {
  const keysOf = (name) => new Set(document.querySelector(`[data-${name}]`)?.dataset[name].split(" ").filter(Boolean));
  const isFocused = (element) => element === document.activeElement;

  function update() {
    const voted = keysOf("voted");
    for (const vote of document.querySelectorAll("[data-vote]")) {
      const takeBack = vote.parentElement.querySelector("[data-unvote]");
      show(vote, takeBack, !voted.has(vote.dataset.vote));
    }
    const chosen = keysOf("chosen");
    for (const option of document.querySelectorAll("[data-option]")) {
      const isMine = chosen.has(option.dataset.option);
      option.classList.toggle("is-mine", isMine);
      if (option.matches("button")) option.setAttribute("aria-pressed", isMine);
    }
  }

  // One of the two is there. The focus goes from the one to the other.
  function show(vote, takeBack, mayVote) {
    const [shown, hidden] = mayVote ? [vote, takeBack] : [takeBack, vote];
    const hadFocus = isFocused(hidden);
    shown.hidden = false;
    hidden.hidden = true;
    if (hadFocus) shown.focus({ preventScroll: true });
  }

  // A push has no votes of one person: for a moment it hides the button that has the focus.
  let focused = null;

  function remember() {
    const { vote, unvote } = document.activeElement?.dataset ?? {};
    focused = vote ?? unvote ?? null;
  }

  function focusAgain() {
    if (focused === null || document.activeElement !== document.body) return;
    document.querySelector(`[data-vote="${focused}"]:not([hidden]), [data-unvote="${focused}"]:not([hidden])`)?.focus({ preventScroll: true });
  }

  // What became of a form or a vote is read by then, and makes room for what is on.
  const READ = 10000;
  const NOTICES = [".now-writing > .notice", "#now-voted > .notice", "#now-chosen > .notice"];

  function passes() {
    for (const notice of document.querySelectorAll(NOTICES.map((notice) => `${notice}:not([data-passes])`))) {
      notice.dataset.passes = "";
      setTimeout(() => notice.remove(), READ);
    }
  }

  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", () => {
    update();
    focusAgain();
    passes();
  });
  update();
})();
