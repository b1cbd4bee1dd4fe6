// Watches over what htmx and its hx-ws do: that each live region on this page is current, and says so when it is not.
//
// A region is <div class="live" id hx-ws:connect data-fragment data-v data-release>. data-v is the version it shows.
// A frame is JSON: {"v", "from"?, "content"} or a heartbeat {"beat": release, "at": seconds}. "content" is swapped by
// hx-ws, which loads after this. Whatever goes wrong, the cure is one: connect again and say the version that is shown; the server sends the
// rest. Close codes: 4401 sign in, 4403 not allowed, 4404 no such thing; hx-ws comes back after all the others.
(() => {
  const SILENT = 15000; // ms without a heartbeat before a socket counts as dead
  const TOLD = 14000; // the same, before the page says so: with the second between two looks, within 15 s
  const BLOCKED = 6000; // ms without any socket before the region is polled instead
  const AWAY = 30000; // the same, once or twice, where a socket was open before: back from a restart, no server needs thousands of polls
  const POLL = 10000;
  const FLASH = 2400;
  const SAY = 4000;
  const SPREAD = 4000; // ms over which all come back whom a restarting server has sent away in the same moment
  const AGAIN = 2000; // ms between two times that a region asks for all of itself; the double after each that brought nothing
  const LONGEST = 60000; // the same, at most
  const RELOADS = 120000; // ms over which all pages reload that have come back to a new release
  const ANSWERS = 20000; // ms in which the server answers whether it serves this page
  const RELOADED = 60000; // ms after which a reload that somebody has stopped is begun again
  const RESTARTING = 1012;
  const FULL = 1013; // the server has no room for this address: polled from now on, and tried again after AWAY

  const now = () => performance.now(); // goes on evenly whatever is done to the clock of this machine; stands still while it sleeps
  const find = (selector) => document.querySelector(selector);
  const words = JSON.parse(document.getElementById("live-words")?.textContent || "{}");
  const regions = new Map(); // element → what is known of its connection
  let paused = false;

  // The server's clock: the page says it once, each heartbeat says it again. All scripts use it, and none the clock of the machine.

  // A page that a device has kept (kept-worker.js) says the time of its making: what it shows is of then.
  const keptAt = find("[data-kept]") ? Date.parse(find("[data-kept]").dateTime) : null;

  const DRIFT = 2000; // ms that two clocks may part by; more, and one of them was set, or the machine slept

  const clock = {
    ahead: aheadOnLoad(), // ms that the server's clock is ahead of performance.now()
    now: () => now() + clock.ahead,
    set(seconds) {
      const ahead = seconds * 1000 - now();
      const by = ahead - clock.ahead;
      clock.ahead += Math.abs(by) > DRIFT ? by : by / 4; // how long a heartbeat is under way differs from one to the next
    },
  };
  window.airside = { ...window.airside, clock };

  function aheadOnLoad() {
    const written = Date.parse(find("[data-clock]")?.dateTime);
    const [navigation] = performance.getEntriesByType("navigation");
    return written && !keptAt ? written - (navigation?.responseStart || now()) : Date.now() - now();
  }

  const zone = () => find("[data-clock]")?.dataset.clock;

  function clockTime(ms) {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone() }).format(ms);
  }

  // The day too, where it is another one: a kept page may be of yesterday.
  function dayAndTime(ms) {
    const face = find("[data-day]");
    if (!face || dayOf(face, ms) === dayOf(face, clock.now())) return clockTime(ms);
    return `${dayOf(face, ms)}, ${clockTime(ms)}`;
  }

  // Where the clock of the machine and performance.now() part, it was asleep or its clock was set. Nobody knows what has
  // happened since: ask again at once. A first heartbeat, with the time, comes with the new connection.

  let apart = Date.now() - now();

  function wokeUp() {
    const before = apart;
    apart = Date.now() - now();
    return Math.abs(apart - before) > DRIFT;
  }

  function askAgain(element) {
    const region = regionOf(element);
    region.heard = Math.min(region.heard, now() - TOLD + DRIFT); // said soon, unless an answer comes
    if (region.refused || document.hidden || window.airside.resting) return;
    region.open = false;
    region.lost = now();
    const { connection } = region;
    if (!connection?.socket || connection.abortController?.signal.aborted) return; // it is on its way already
    clearTimeout(connection.timer);
    connection.attempt = 0;
    reconnect(element);
  }

  function regionOf(element) {
    if (!element?.matches?.(".live")) return null;
    if (!regions.has(element)) {
      regions.set(element, { connection: null, open: false, heard: keptAt ? -Infinity : now(), heardAt: keptAt ?? clock.now(), lost: now(), away: 0, polled: 0, tried: -Infinity, polling: false, resynced: -Infinity, again: AGAIN, asking: null, refused: 0, dialing: null, dialed: 0 });
    }
    return regions.get(element);
  }

  // The time is kept as well: once the machine has slept, it can't be told any more from how long ago that was.
  function heardNow(region) {
    region.heard = now();
    region.heardAt = clock.now();
  }

  // Versions

  function shows(element, version) {
    element.dataset.v = version;
    element.dispatchEvent(new CustomEvent("airside:shown", { bubbles: true, detail: { version } }));
    const { connection } = regionOf(element);
    if (!connection) return;
    const url = new URL(connection.url);
    url.searchParams.set("v", version);
    connection.url = url.href; // hx-ws comes back to here
  }

  function reconnect(element) {
    const { connection } = regionOf(element);
    if (!connection?.socket) return;
    // A dead network delays the real close event for a minute; hx-ws acts on this one at once.
    connection.socket.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    connection.abortController?.abort();
  }

  // The first try alone (RFC 6455, 7.2.3): by the next one they are spread, and hx-ws waits as it is told in base.html.
  function spreadOut({ config }) {
    config.reconnectDelay = Math.random() * SPREAD;
    config.reconnectJitter = 0;
  }

  function tryLater(region, { config }) {
    region.away = 0;
    config.reconnectDelay = config.reconnectMaxDelay = AWAY * (1 + Math.random());
    config.reconnectJitter = 0;
  }

  // Not at once each time: the last frames of the old socket do not fit either, and what can't be swapped in may never be.
  function resync(element) {
    const region = regionOf(element);
    const early = region.resynced + region.again - now();
    clearTimeout(region.asking);
    if (early > 0) {
      region.asking = setTimeout(resync, early, element);
      return;
    }
    region.again = Math.min(2 * region.again, LONGEST);
    region.resynced = now();
    shows(element, "");
    reconnect(element);
  }

  // Frames

  function take(event) {
    const element = event.target;
    const region = regionOf(element);
    if (!region) return;
    let frame;
    try {
      frame = JSON.parse(event.detail.message.data);
    } catch {
      return;
    }
    if (frame.beat) clock.set(frame.at);
    heardNow(region);
    if (frame.beat) {
      if (frame.beat !== element.dataset.release) newRelease(frame.beat);
    } else if (frame.v) {
      if (paused || frame.v === element.dataset.v) return event.preventDefault();
      if (frame.from && frame.from !== element.dataset.v) {
        event.preventDefault();
        return resync(element);
      }
      region.frame = frame;
    }
    mark(element);
  }

  function beforeSwap(event) {
    const { ctx, tasks } = event.detail;
    const region = regions.get(ctx.sourceElement);
    if (!region?.frame) return;
    if (tasks.some((task) => !task.target)) {
      event.preventDefault();
      region.frame = null;
      return resync(ctx.sourceElement);
    }
    region.changed = region.frame.from ? tasks.flatMap(idsOf) : [];
  }

  function idsOf(task) {
    if (task.swapSpec.style.startsWith("inner")) return [];
    return [...task.fragment.children].map((child) => child.id).filter(Boolean);
  }

  function afterSwap(event) {
    const element = event.detail.ctx.sourceElement;
    const region = regions.get(element);
    if (!region?.frame) return;
    shows(element, region.frame.v);
    region.again = AGAIN;
    if (!region.frame.from) clearTimeout(region.asking);
    region.frame = null;
    const changed = region.changed.map((id) => document.getElementById(id)).filter(Boolean);
    changed.forEach(flash);
    say(changed);
  }

  // What changed is seen for a moment, and heard in batches

  function flash(row) {
    row.classList.add("changed");
    clearTimeout(row.flashing);
    row.flashing = setTimeout(() => {
      row.classList.remove("changed");
      if (!row.classList.length) row.removeAttribute("class");
    }, FLASH);
  }

  let unsaid = new Map();
  let saying = null;

  function say(rows) {
    for (const row of rows) unsaid.set(row.id, row.dataset.say || row.textContent.replace(/\s+/g, " ").trim());
    if (unsaid.size) saying ??= setTimeout(sayNow, SAY);
  }

  function sayNow() {
    const texts = [...unsaid.values()];
    const more = texts.length - 3;
    unsaid = new Map();
    saying = null;
    const said = document.getElementById("said");
    if (said) said.textContent = texts.slice(0, 3).join(". ") + (more > 0 ? `. ${words.more.replace("%s", more)}` : "");
  }

  // How fresh each region is

  function state(region) {
    if (region.refused) return ["cut", region.refused === 4401 ? words.sign_in : words.ended];
    if (paused) return ["behind", words.paused.replace("%s", clockTime(paused))];
    if (region.open && now() - region.heard < TOLD) return ["", words.live];
    if (region.polled && now() - region.polled < SILENT + POLL) return ["polled", words.polling];
    if (now() - region.heard < TOLD) return ["behind", words.behind];
    return ["cut", words.cut.replace("%s", dayAndTime(region.heardAt))];
  }

  function mark(element) {
    const [name, text] = state(regionOf(element));
    for (const label of element.querySelectorAll(".fresh")) {
      if (label.textContent !== text) label.textContent = text;
      label.classList.toggle("behind", name === "behind" || name === "polled");
      label.classList.toggle("cut", name === "cut");
    }
    element.dataset.state = name || "live";
    if (name === "cut") element.dataset.since = clockTime(regionOf(element).heardAt);
    else element.removeAttribute("data-since");
  }

  function watch() {
    const woke = wokeUp();
    for (const element of regions.keys()) if (!element.isConnected) regions.delete(element);
    for (const element of document.querySelectorAll(".live")) {
      const region = regionOf(element);
      if (woke) askAgain(element);
      const silent = now() - region.heard > SILENT;
      if (region.open && silent && !document.hidden) {
        region.open = false;
        region.lost = now();
        reconnect(element);
      }
      if (unanswered(region)) reconnect(element);
      if (window.airside.resting) region.lost = now(); // embed/frame.js has closed it: nobody is looking
      const blocked = !region.open && now() - region.lost > (region.away || BLOCKED) && !region.refused && !document.hidden;
      const every = region.polled ? POLL : region.away || POLL;
      if (blocked && !region.polling && now() - region.tried > every) poll(element, region);
      mark(element);
    }
    tick();
  }

  // A handshake that nobody answers: browsers wait for minutes, also when the network is long back.
  function unanswered(region) {
    const socket = region.connection?.socket;
    if (socket?.readyState !== WebSocket.CONNECTING) return false;
    if (socket !== region.dialing) Object.assign(region, { dialing: socket, dialed: now() });
    return now() - region.dialed > SILENT;
  }

  async function poll(element, region) {
    region.polling = true;
    region.tried = now();
    try {
      const headers = { "If-None-Match": `"${element.dataset.v}"` };
      const response = await fetch(element.dataset.fragment, { headers, cache: "no-store", signal: AbortSignal.timeout(POLL) });
      if ([404, 410].includes(response.status)) element.dispatchEvent(new Event("airside:gone", { bubbles: true }));
      const version = /^(?:W\/)?"([0-9a-f]+)"$/.exec(response.headers.get("ETag"))?.[1];
      if (response.redirected || !version) return; // a proxy's page, or that of a network that wants a sign-in
      if (response.ok && !paused) {
        await htmx.swap({ sourceElement: element, target: element, swap: "innerMorph", text: await response.text() });
        shows(element, version);
      }
      if (response.ok || response.status === 304) {
        heardNow(region);
        region.polled = region.heard;
      }
    } catch {
      // cut off: the label says so, and since when
    } finally {
      region.polling = false;
    }
  }

  // A new release: reload, unless somebody is in the middle of something. Not all browsers in the same second. A page that
  // knows better when (kiosk.js) prevents the event.

  let reloading = null;

  function newRelease(release) {
    if (!document.dispatchEvent(new CustomEvent("airside:release", { cancelable: true, detail: { release } }))) return;
    reloading ??= setTimeout(async () => {
      if (!busy() && (await answers())) {
        location.reload();
        await new Promise((resolve) => setTimeout(resolve, RELOADED)); // each further call would begin it anew
      }
      reloading = null;
    }, Math.random() * RELOADS);
  }

  // While no process serves this page, a reload would leave nothing on the screen that could bring it back.
  function answers() {
    const signal = AbortSignal.timeout(ANSWERS);
    return fetch(location.href, { method: "HEAD", signal }).then((response) => response.status < 500, () => false);
  }

  function busy() {
    const typed = (field) =>
      field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked
        : "defaultValue" in field && field.value !== field.defaultValue;
    return document.activeElement?.matches("input, select, textarea, [contenteditable]") || find("dialog[open]") || [...document.querySelectorAll("input:not([type=hidden]), textarea")].some(typed);
  }

  // Clocks: <time data-clock="America/New_York">, and <time data-day="America/New_York" data-format="D j F">, in Django's letters

  function tick() {
    const time = clockTime(clock.now());
    for (const face of document.querySelectorAll("[data-clock]")) if (face.textContent !== time) face.textContent = time;
    for (const day of document.querySelectorAll("[data-day]")) {
      const text = dayOf(day, clock.now());
      if (day.textContent !== text) day.textContent = text;
    }
  }

  function dayOf(day, ms) {
    const part = (options) => new Intl.DateTimeFormat(day.closest("[lang]").lang, { ...options, timeZone: day.dataset.day }).format(ms);
    const parts = { D: part({ weekday: "short" }).replace(".", ""), j: part({ day: "numeric" }).replace(".", ""), F: part({ month: "long" }) };
    return day.dataset.format.replace(/[DjF]/g, (letter) => parts[letter]);
  }

  // Pausing what moves (WCAG 2.2.2)

  function pause(button) {
    paused = paused ? false : clock.now();
    button.setAttribute("aria-pressed", String(Boolean(paused)));
    for (const element of regions.keys()) {
      if (!paused) reconnect(element);
      mark(element);
    }
  }

  // Wiring

  const on = (name, listener) => document.addEventListener(name, listener);

  on("htmx:ws:before:connection", (event) => {
    const region = regionOf(event.target);
    if (!region) return;
    region.connection = event.detail.connection;
    Object.assign(region.connection.config, htmx.config.ws);
    shows(event.target, event.target.dataset.v); // a new connection begins where an earlier one has ended
  });
  on("htmx:ws:after:connection", (event) => {
    const region = regionOf(event.target);
    if (!region) return;
    region.open = true;
    region.away = AWAY * (1 + Math.random());
    region.polled = 0;
    heardNow(region);
    mark(event.target);
  });
  on("htmx:ws:close", (event) => {
    const region = regionOf(event.target);
    if (!region) return;
    if (region.open && event.detail.code !== FULL) region.lost = now();
    region.open = false;
    if (event.detail.code === FULL) tryLater(region, event.detail.connection);
    if (event.detail.code === RESTARTING) spreadOut(event.detail.connection);
    if ([4401, 4403, 4404].includes(event.detail.code)) region.refused = event.detail.code;
    mark(event.target);
  });
  on("htmx:ws:error", (event) => {
    const region = regionOf(event.target);
    if (!region?.frame) return;
    region.frame = null; // it could not be swapped in
    resync(event.target);
  });
  on("htmx:ws:before:message:incoming", take);
  on("htmx:before:swap", beforeSwap);
  on("htmx:after:swap", afterSwap);
  on("airside:signed-in", () => {
    for (const region of regions.values()) region.refused = 0; // it is polled from now on
  });
  on("click", (event) => {
    const button = event.target.closest?.("[data-live-pause]");
    if (button) pause(button);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const element of regions.keys()) reconnect(element);
  });
  window.addEventListener("online", () => {
    for (const [element, region] of regions) if (!region.open) reconnect(element);
  });

  htmx.registerExtension("live", {
    // A shell is morphed around its rows, and what a person opened stays open.
    htmx_before_morph_node: (_, { newNode }) => !newNode.hasAttribute?.("data-keep"),
    htmx_before_morph_attr: (element, { attrName }) => !(attrName === "open" && element.matches("details, dialog")),
  });

  // htmx may look the page over before hx-ws is loaded: once more, now that all scripts are here.
  on("DOMContentLoaded", () => htmx.process(document.body));
  setInterval(watch, 1000);
})();
