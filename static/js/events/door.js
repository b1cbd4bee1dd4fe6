// The page at a door. A scan goes to the server, and its verdict is shown. Where no server answers, the device says what it
// knows (door-list.js), and queues what happened (door-queue.js). While scans wait, they are sent first: what this device
// has done counts before it asks anew.
(() => {
  const { door } = window.airside;
  const { about, list, queue } = door;
  const { words } = about;
  const PATIENCE = 4000; // ms for an answer, before somebody who stands there waits no longer
  const REST = 10000; // ms after a failure in which the server is not asked again by a scan
  const LOOK = 5000; // ms from one try to the next, while the server is away
  const QUIET = about.quiet * 1000; // ms without a scan after which Exit goes back to Entry
  const RENEW = 5 * 60 * 1000; // ms: how old the list may become while the server answers
  const TONES = { in: [880, 0.12], out: [740, 0.12], choose: [660, 0.12], queued: [560, 0.25] };
  const SHAKES = { in: [60], out: [60], choose: [60], queued: [60, 60, 60] };
  const NO = [220, 0.45];
  const NO_SHAKE = [250, 100, 250];

  const find = (selector) => document.querySelector(selector);
  const form = find("[data-scan]");
  const field = form.elements.text;
  const result = find("#result");
  const stays = find("[data-leaving-stays] input");
  const ONLY_EXITS = `airside-door-exits-${about.list}-${form.elements.door.value}`;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  let last = Promise.resolve(); // scans are done one after the other
  let failed = -Infinity; // when the server did not answer last
  let why = "";
  let quiet = 0; // the timer of Exit
  let quietAt = Infinity; // and when it ends: no timer runs while a device sleeps

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text) take(text);
  });
  result.addEventListener("submit", (event) => {
    const choice = event.target.closest("[data-choice]");
    if (!choice) return;
    event.preventDefault();
    const way = choice.elements.way.value;
    waitForQuiet();
    last = last.then(() => ask(choice.action, fields("", newKey(), way))).then((is) => is || say({ kind: "no_code" }));
  });
  document.addEventListener("airside:door-sent", ({ detail: { key, html } }) => {
    if (!html || result.querySelector("[data-key]")?.dataset.key !== key) return;
    result.innerHTML = html; // without a tone: nobody was scanned now
    field.focus();
  });
  document.addEventListener("keydown", (event) => {
    // a hand scanner types, wherever the focus is
    const typing = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ";
    if (typing && !event.target.closest("input, textarea, select, [contenteditable]")) field.focus();
  });
  window.airside.camera({
    button: form.querySelector("[data-camera]"),
    picture: find("[data-camera-picture]"),
    fault: find("[data-camera-fault]"),
    seen: take,
  });
  window.addEventListener("online", () => tryAgain());
  window.addEventListener("offline", () => away());
  setInterval(() => (isAway() || queue.waiting()) && tryAgain(), LOOK);
  setInterval(() => isAway() || renew(), RENEW);
  find("[data-door-load]").addEventListener("click", renew);
  form.addEventListener("input", waitForQuiet);
  stays.addEventListener("change", waitForQuiet);
  window.addEventListener("pageshow", waitForQuiet); // a browser may have put the fields back as they were
  document.addEventListener("visibilitychange", () => Date.now() > quietAt && enterAgain());
  stays.checked = door.kept(ONLY_EXITS) === true;
  if (stays.checked) form.elements.way.value = "exit";
  find("[data-leaving-stays]").hidden = false;
  waitForQuiet();
  field.focus();
  show();
  keepPage();
  last = last.then(tryAgain).then(renew);

  // A scan

  function take(text) {
    field.value = "";
    field.focus();
    result.setAttribute("aria-busy", "true");
    const way = form.elements.way.value;
    waitForQuiet();
    last = last.then(() => scan(text, way)).catch((error) => console.error("scan:", error));
  }

  async function scan(text, way) {
    const key = newKey();
    if (navigator.onLine && performance.now() - failed > REST && (!queue.waiting() || (await tryAgain()))) {
      if (await ask(form.action, fields(text, key, way), () => list.note(text, way, key))) return;
    }
    await decide(text, way, key);
  }

  function fields(text, key, way) {
    const sent = new FormData(form);
    sent.set("key", key);
    sent.set("way", way);
    if (text) sent.set("text", text);
    else sent.delete("text");
    return new URLSearchParams(sent);
  }

  // Exit goes back to Entry by itself, so that nobody who comes in is counted out. Not at a door that is only for leaving.

  function waitForQuiet() {
    clearTimeout(quiet);
    const isExit = form.elements.way.value === "exit";
    if (!isExit) stays.checked = false;
    else write("#said", ""); // so that the way back is said each time
    if (stays.checked !== (door.kept(ONLY_EXITS) === true)) door.keep(ONLY_EXITS, stays.checked);
    const ends = isExit && !stays.checked;
    quietAt = ends ? Date.now() + QUIET : Infinity;
    if (ends) quiet = setTimeout(enterAgain, QUIET);
    find("[data-leaving-ends]").hidden = !ends;
  }

  function enterAgain() {
    form.elements.way.value = "entry";
    write("#said", words.entry_again);
    waitForQuiet();
  }

  // Asks the server. False where it did not answer.

  async function ask(url, body, passed) {
    const began = performance.now();
    let answer, html;
    try {
      answer = await fetch(url, { method: "POST", body, headers: headers(), redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
      html = await answer.text();
    } catch {
      return away();
    }
    if (answer.status === 401 || answer.status === 403) return away("signed_out");
    if (answer.status === 404) return away("gone");
    if (!answer.headers.get("Airside-Time")) return away(); // too much at once, a fault, a proxy, the page of a network
    door.heard(answer, began);
    back();
    result.innerHTML = html;
    const { outcome } = told();
    if (outcome === "in" || outcome === "out" || outcome === "already") await passed?.();
    return true;
  }

  function headers() {
    return { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" };
  }

  // What the device says by itself. It is queued as what happened, which a button turns round.

  async function decide(text, way, key) {
    const judged = await list.judge(text, way);
    if (judged.kind === "no_code") return say(judged);
    const let_in = ["valid", "no_list", "exit"].includes(judged.kind);
    const reason = let_in ? "" : (judged.reason ?? (judged.kind === "already" ? "already_redeemed" : "invalid"));
    const where = { url: about.queued, text: door.codeOf(text), way, door: form.elements.door.value };
    queue.add({ key, ...where, let_in, reason, token: list.token(), ...door.times() });
    if (let_in) await list.note(text, way, key);
    say(judged, { key, text, way, let_in });
    show();
  }

  function say(judged, made) {
    const { kind, reason, mine } = judged;
    const made_at = list.made()?.at ?? "";
    const by_list = made_at ? fill(words.by_list, { time: made_at }) : "";
    const said = {
      valid: ["queued", words.queued, fill(words.valid, { time: made_at })],
      no_list: ["queued", words.queued, words.no_list],
      exit: ["queued", words.queued, words.left],
      unlisted: ["unlisted", words.unlisted, fill(words.unlisted_text, { time: made_at })],
      already: ["already", about.titles.already_redeemed, mine ? fill(words.own, { time: door.clock(mine.at) }) : fill(words.inside, { time: made_at })],
      refused: ["stop", about.titles[reason], mine && reason === "rules" ? fill(words.own_before, { time: door.clock(mine.entered) }) : `${about.reasons[reason]} ${by_list}`],
      no_code: ["stop", words.no_reference, words.no_reference_text],
    };
    const [outcome, title, text] = said[kind];
    const shown = find("[data-door-verdict]").content.cloneNode(true);
    const verdict = shown.querySelector(".verdict");
    verdict.classList.add(`is-${outcome}`);
    verdict.dataset.outcome = outcome;
    if (made) verdict.dataset.key = made.key; // until it was sent
    verdict.querySelector("h2").textContent = title;
    verdict.querySelector(".why").textContent = text;
    otherwise(verdict, kind, made);
    result.replaceChildren(shown);
    told();
  }

  function otherwise(verdict, kind, made) {
    const button = verdict.querySelector("[data-otherwise]");
    const what = verdict.querySelector(".kept");
    const write = () => {
      what.textContent = made.let_in ? words.counts_in : words.counts_out;
      button.textContent = made.let_in ? words.not_in : words.in_anyway;
    };
    button.hidden = what.hidden = !made || kind === "exit";
    if (button.hidden) return;
    write();
    button.addEventListener("click", async () => {
      if (!queue.change(made.key, { let_in: !made.let_in })) return void (button.hidden = true); // it was sent
      made.let_in = !made.let_in;
      if (made.let_in) await list.note(made.text, made.way, made.key);
      else await list.forget(made.text, made.key);
      write();
      field.focus();
    });
  }

  // Tone and shaking, once for each verdict

  function told() {
    result.removeAttribute("aria-busy");
    const outcome = result.querySelector("[data-outcome]")?.dataset.outcome;
    window.airside.tone(...(TONES[outcome] ?? NO));
    navigator.vibrate?.(SHAKES[outcome] ?? NO_SHAKE);
    return { outcome };
  }

  // Whether the server answers

  function isAway() {
    return failed > -Infinity;
  }

  function away(reason = "") {
    failed = performance.now();
    why = reason;
    show();
    return false;
  }

  function back() {
    failed = -Infinity;
    why = "";
    show();
  }

  async function tryAgain() {
    const wasAway = isAway();
    const end = await queue.send(headers());
    if (end !== "sent") return away({ "signed-out": "signed_out", gone: "gone" }[end]);
    if (wasAway && !(await renew())) return false;
    back();
    return true;
  }

  async function renew() {
    let is = true;
    try {
      await list.load(queue.has);
      back();
    } catch (error) {
      is = away(error.why);
    }
    show();
    return is;
  }

  function show() {
    const made = list.made();
    const waiting = queue.waiting();
    const problems = queue.problems();
    find("[data-door-state]").hidden = false;
    find("[data-door-state]").classList.toggle("is-away", isAway());
    write("[data-door-words]", isAway() ? (words[why] ?? words.offline) : words.online);
    write("[data-door-waiting]", waiting ? fill(words.waiting, { count: waiting }) : "");
    find("[data-door-sign-in]").hidden = why !== "signed_out";
    find("[data-door-problems]").hidden = !problems;
    write("[data-door-problems]", problems ? fill(words.problems, { count: problems }) : "");
    find("[data-door-load]").hidden = !window.crypto?.subtle;
    if (window.crypto?.subtle) write("[data-door-list]", made ? fill(words.list_of, { time: made.at, count: made.count }) : words.list_none);
    else write("[data-door-list]", words.list_insecure);
  }

  function write(selector, text) {
    const element = find(selector);
    if (element.textContent !== text) element.textContent = text; // said again only when it has changed
  }

  // The page is kept on the device (kept-worker.js), so that it opens without a network.

  async function keepPage() {
    if (!("serviceWorker" in navigator)) return;
    try {
      await navigator.serviceWorker.register(about.worker);
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ keep: location.href.split("#")[0] });
    } catch (error) {
      console.info("not kept:", error.name);
    }
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // a page without HTTPS
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
})();
