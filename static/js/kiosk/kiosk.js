// A screen that nobody touches: turns its pages and languages, says how old its board is, moves its picture, and reports the
// version that is on the glass. live.js keeps the board current; this adds what only a screen does, once a second.
(() => {
  const html = document.documentElement;
  const board = document.querySelector("#board");
  const twin = document.getElementById("twin");
  const find = (selector) => document.querySelector(selector);
  const now = () => performance.now();

  const DWELL = 10000; // ms for a page of up to 8 rows; each further row adds to it
  const LONG = 30 * 60000; // ms without live data after which the board says so even louder
  const SHIFT = 60000; // ms between two places of the picture
  const languages = html.dataset.languages.split(" ");
  const size = Number(html.dataset.rows);
  const dwell = Number(html.dataset.dwell) || DWELL * Math.max(1, size / 8); // tests turn pages themselves
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  // A number from 0 up to 1 that differs from screen to screen, so that they do not all turn and load in the same second.
  const own = hash(html.dataset.screen) / 2 ** 32;

  function hash(text) {
    let value = 2166136261;
    for (const letter of text) value = Math.imul(value ^ letter.codePointAt(0), 16777619) >>> 0;
    return value;
  }

  // Pages. A row that is not on the page is hidden. A push may show it again: the observer acts before the browser paints.

  const pages = new window.airside.Pages(size);
  let turnAt = now() + dwell * (1 + own);
  let turned = now();

  const rows = () => [...(board.querySelector("tbody")?.rows ?? [])];
  const idsOf = (all) => all.map((row) => row.id);

  function lay() {
    const all = rows();
    const ids = idsOf(all);
    const shown = new Set(pages.shown(ids, now()));
    for (const row of all) if (row.hidden === shown.has(row.id)) row.hidden = !shown.has(row.id);
    fit(all.filter((row) => shown.has(row.id)));
    observer.takeRecords();
    for (const [name, number] of Object.entries(pages.where(ids))) put(name, number);
    html.classList.toggle("one-page", ids.length <= size);
    speak(all.filter((row) => shown.has(row.id)));
  }

  const observer = new MutationObserver(lay);

  // A name that is longer than its column gets smaller letters: half of a name would be none.
  function fit(shown) {
    const words = shown.flatMap((row) => [...row.querySelectorAll("td > b, td > time")]);
    const changed = words.filter((word) => word.fitted !== `${html.dataset.lang} ${innerWidth} ${word.textContent}` || word.style.fontSize !== (word.fittedSize || ""));
    for (const word of changed) word.style.fontSize = "";
    const sizes = changed.map((word) => {
      const part = word.clientWidth / word.scrollWidth;
      return part < 1 ? `${Math.floor(parseFloat(getComputedStyle(word).fontSize) * Math.max(0.5, part))}px` : "";
    });
    changed.forEach((word, at) => {
      word.style.fontSize = word.fittedSize = sizes[at];
      if (!sizes[at]) word.removeAttribute("style");
      word.fitted = `${html.dataset.lang} ${innerWidth} ${word.textContent}`;
    });
  }

  function put(name, value) {
    for (const place of document.querySelectorAll(`[data-put=${name}]`)) {
      if (place.textContent !== String(value)) place.textContent = value;
    }
  }

  // Each page comes in another language. Where the pages of a turn are a multiple of the languages, every turn begins with
  // another one: else a page would always be in the same.
  let language = 0;

  function turn(at = now()) {
    window.airside.kiosk.betweenPages();
    const ids = idsOf(rows());
    const { turns } = pages;
    pages.next(ids, at);
    language += 1;
    if (pages.turns > turns && pages.where(ids).pages % languages.length === 0) language += 1;
    html.dataset.lang = languages[language % languages.length];
    lay();
    turned = now();
    turnAt = turned + dwell;
    if (!still.matches && ids.length > size) board.querySelector("tbody").animate([{ opacity: 0.2 }, { opacity: 1 }], 500);
    shift();
  }

  function progress() {
    const part = Math.min(1, (now() - turned) / (turnAt - turned));
    find("#progress").style.transform = `scaleX(${part.toFixed(2)})`;
  }

  // The same page as text, in the language that is shown.
  function speak(shown) {
    const name = `say${html.dataset.lang[0].toUpperCase()}${html.dataset.lang.slice(1)}`;
    const said = shown.map((row) => row.dataset[name] || row.textContent.replace(/\s+/g, " ").trim());
    if (twin.lang === html.dataset.lang && said.join("\n") === [...twin.children].map((item) => item.textContent).join("\n")) return;
    twin.lang = html.dataset.lang;
    while (twin.children.length > said.length) twin.lastChild.remove();
    while (twin.children.length < said.length) twin.append(document.createElement("li"));
    said.forEach((text, at) => (twin.children[at].textContent = text));
  }

  // The picture goes round a circle in eight minutes, so that nothing burns in. Its middle is the middle of the panel, and the
  // margin around it is wider than the circle. It moves with the turn of a page, and glides unless motion is unwanted.
  let shiftedAt = -Infinity;

  function shift() {
    if (now() - shiftedAt < SHIFT) return;
    shiftedAt = now();
    const minute = Math.floor(window.airside.clock.now() / SHIFT) % 8;
    place((minute / 8 + own) * 2 * Math.PI);
  }

  function place(angle) {
    const radius = Math.min(24, Math.round(Math.min(innerWidth, innerHeight) / 90));
    html.style.setProperty("--shift-x", `${Math.round(radius * Math.cos(angle))}px`);
    html.style.setProperty("--shift-y", `${Math.round(radius * Math.sin(angle))}px`);
  }

  // How old the board is

  function age() {
    const live = board.querySelector(".live");
    const state = live ? live.dataset.state || "behind" : "live";
    if (html.dataset.state !== state) html.dataset.state = state;
    if (live?.dataset.since) put("since", live.dataset.since);
    if (state !== "cut") cutAt = null;
    else cutAt ??= now();
    html.classList.toggle("long-cut", cutAt !== null && now() - cutAt > LONG);
  }

  let cutAt = null;

  // Messages. One that has expired goes also where the server can't say so.

  function message() {
    const found = find("#control .emergency");
    const expired = found && window.airside.clock.now() >= Number(found.dataset.expires) * 1000;
    if (found && found.hidden !== expired) found.hidden = expired;
    const shown = found && !expired ? found : null;
    html.classList.toggle("has-message", Boolean(shown));
    return shown;
  }

  // What is on the glass: a version counts once a frame was painted after it arrived.

  const glass = { painted: now(), version: "", versionAt: 0, message: null };
  let arrived = { version: board.querySelector(".live")?.dataset.v || "", at: Number(document.body.dataset.loaded) };

  function paint() {
    const { version, at } = arrived;
    const shown = Number(message()?.dataset.message) || null;
    requestAnimationFrame(() => {
      const before = glass.message;
      Object.assign(glass, { painted: now(), version, versionAt: at, message: shown });
      if (before !== shown) window.airside.kiosk.beatSoon();
    });
  }

  document.addEventListener("airside:shown", (event) => {
    if (board.contains(event.target)) arrived = { version: event.detail.version, at: window.airside.clock.now() / 1000 };
    paint();
  });

  function second() {
    age();
    paint();
    progress();
    if (now() >= turnAt) turn();
  }

  window.airside.kiosk = {
    own,
    glass,
    stillFor: () => (now() - glass.painted) / 1000,
    where: () => pages.where(idsOf(rows())),
    state: () => html.dataset.state,
    betweenPages() {}, // reloads.js
    beatSoon() {}, // beats.js
    turn,
    place,
  };
  document.fonts.ready.then(lay);
  observer.observe(board, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "style"] });
  lay();
  shift();
  age();
  setInterval(second, 1000);
  htmx.process(document.body); // the scripts came after the page
})();
