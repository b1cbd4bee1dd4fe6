// The kitchen's screen: the chime, keys, and what is tapped while cards move. All that it shows is the server's.
(() => {
  const AGAIN = 60000; // ms after which it chimes again while an order waits to be accepted
  const STILL = 400; // ms for which a tap counts for nothing where another button was
  const NOTES = [
    [784, 0],
    [988, 0.16],
    [1319, 0.32],
  ]; // hertz, seconds

  const kitchen = document.querySelector("[data-kitchen]");
  const blocked = document.querySelector("[data-sound-blocked]");
  let sound = null;
  let isLoud = !navigator.locks; // of several tabs of one kitchen one chimes: the one that holds the lock
  let chimedAt = -Infinity;
  let known = bell();

  // Sound. A browser plays none before somebody has touched the page, and it is so again after each reload.

  function bell() {
    const { unaccepted, newest, cancelled, open } = document.querySelector("[data-bell]")?.dataset ?? {};
    return { unaccepted: Number(unaccepted), newest: Date.parse(newest) || 0, cancelled: Number(cancelled), open: Number(open) };
  }

  async function unlock() {
    try {
      sound ??= new AudioContext();
      if (sound.state !== "running") await sound.resume();
    } catch {
      sound = null; // a browser without sound: the words stay
    }
    say();
    if (canSound()) beLoud();
  }

  const canSound = () => sound?.state === "running";

  function say() {
    if (blocked) blocked.hidden = canSound();
    kitchen.dataset.sound = canSound() ? (isLoud ? "loud" : "quiet") : "blocked";
  }

  let asked = false;

  function beLoud() {
    if (asked || isLoud) return;
    asked = true;
    navigator.locks.request(`airside-kitchen-${kitchen.dataset.kitchen}`, () => {
      isLoud = true;
      say();
      return new Promise(() => {}); // until this tab is closed; then another one gets it
    });
  }

  function chime() {
    if (!isLoud || !canSound()) return; // what nobody has heard is tried again
    chimedAt = performance.now();
    kitchen.dataset.chimes = Number(kitchen.dataset.chimes ?? 0) + 1;
    for (const [pitch, after] of NOTES) {
      const source = new OscillatorNode(sound, { frequency: pitch });
      const volume = new GainNode(sound, { gain: 0.25 });
      source.connect(volume).connect(sound.destination);
      source.start(sound.currentTime + after);
      source.stop(sound.currentTime + after + 0.15);
    }
  }

  function listen() {
    const now = bell();
    const isNew = now.newest > known.newest || now.cancelled > known.cancelled;
    if (isNew || (now.unaccepted && performance.now() - chimedAt >= AGAIN)) chime();
    known = now;
  }

  if (navigator.userActivation?.hasBeenActive) unlock();
  else say();
  if (known.unaccepted) chimedAt = performance.now() - AGAIN; // as soon as it may
  for (const name of ["click", "keydown"]) document.addEventListener(name, () => canSound() || unlock(), { capture: true });
  setInterval(listen, 1000);

  // A new release reloads pages, which makes them silent: not while there is something to make.
  document.addEventListener("airside:release", (event) => {
    if (bell().open) event.preventDefault();
  });

  // Keys: arrows go from card to card, Enter makes the next move, R recalls.

  const cards = (column) => [...column.querySelectorAll(".card")];

  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.(".card");
    if (event.key === "Escape") close();
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("input, select, textarea")) return;
    if (!card) return first(event);
    if (event.key === "Enter" && event.target === card) card.querySelector("[data-main]")?.click();
    else if (event.key.toLowerCase() === "r") card.querySelector("[data-recall]")?.click();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") beside(card, event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "ArrowRight" || event.key === "ArrowLeft") across(card, event.key === "ArrowRight" ? 1 : -1);
    else return;
    event.preventDefault();
  });

  // Before a card has the focus an arrow chooses the first one. In the panel arrows scroll.
  function first(event) {
    const card = kitchen.querySelector(".card");
    if (!card || !event.key.startsWith("Arrow") || event.target.closest?.("#panel")) return;
    card.focus();
    event.preventDefault();
  }

  function beside(card, step) {
    const all = cards(card.closest(".cards"));
    all[all.indexOf(card) + step]?.focus();
  }

  function across(card, step) {
    const columns = [...kitchen.querySelectorAll(".cards")];
    let place = columns.indexOf(card.closest(".cards")) + step;
    while (columns[place] && !cards(columns[place]).length) place += step;
    if (columns[place]) cards(columns[place])[0].focus();
  }

  // A card that leaves takes the focus with it: the one that comes into its place has it then.

  let at = null;

  document.addEventListener("focusin", ({ target }) => {
    const card = target.closest?.(".card");
    at = card && { list: card.closest(".cards"), place: cards(card.closest(".cards")).indexOf(card) };
  });

  // Nobody hits a button that has just come under the finger: because a card left or came, because one above has grown, or
  // because the counts of the day take one line more.

  const BUTTONS = ".card button, .card a, .kitchen-head button, .kitchen-panel button";
  let seen = []; // [until when, the buttons with their places], one for each swap of the last moments

  // The number of ready ones is at the end of the address of a part.
  function nameOf(button) {
    const address = button.getAttribute("hx-post") ?? button.getAttribute("href") ?? button.form?.getAttribute("action") ?? "";
    return `${button.closest(".card")?.id} ${address.replace(/\d+\/$/, "")}`;
  }

  function remember() {
    const now = performance.now();
    const places = [...kitchen.querySelectorAll(BUTTONS)].map((button) => [nameOf(button), button.getBoundingClientRect()]);
    seen = [...seen.filter(([until]) => now - until < STILL), [now, places]];
  }

  function wasAnother(button, { clientX: x, clientY: y }) {
    const name = nameOf(button);
    const isIn = ({ left, top, right, bottom }) => left <= x && x <= right && top <= y && y <= bottom;
    const lately = seen.filter(([until]) => performance.now() - until < STILL);
    return lately.some(([, places]) => places.some(([other, place]) => other !== name && isIn(place)));
  }

  function focusAgain() {
    if (!at || document.activeElement !== document.body || !at.list.isConnected) return;
    const all = cards(at.list);
    all[Math.min(at.place, all.length - 1)]?.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:before:swap", remember);
  document.addEventListener("htmx:after:swap", () => {
    focusAgain();
    listen();
  });
  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.(BUTTONS);
      if (!button || !event.detail || !wasAnother(button, event)) return; // detail is 0 for a key
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );

  // The panel beside the columns

  function close() {
    document.getElementById("panel")?.replaceChildren();
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-close]") || !kitchen.querySelector("#panel")) return;
    event.preventDefault();
    close();
  });
})();
