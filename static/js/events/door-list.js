// What a door's device knows without a network: the list of tickets that it has loaded, the hours of the list, and its own
// scans. The list has no codes and no names: hashes, whose key it has from the server (bookings/events/door/listing.py).
//
//   airside.door.list.judge(text, way)   what this device knows of a ticket, as {kind, …}
(() => {
  const about = JSON.parse(document.getElementById("door-words").textContent);
  const LIST = `airside-door-list-${about.list}`;
  const OWN = `airside-door-own-${about.list}`;
  const SYNC = "airside-door-sync";
  const DAY = 24 * 3600 * 1000;
  const CODE = /^[A-HJ-NP-Z2-9]{26}$/;

  let list = kept(LIST);
  let own = kept(OWN) ?? {}; // by hash: what this device has done with a ticket last
  let sync = { ...kept(SYNC), since: null }; // the server's time, when it was heard last
  let key = null;
  if (list && Date.now() - list.made_at > 2 * DAY) list = null;

  function kept(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function keep(name, value) {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch (error) {
      console.info("not kept:", error.name); // the device is full: it is there until the page is closed
    }
  }

  const codeOf = (text) => text.trim().replace(/\/+$/, "").split("/").pop().toUpperCase();

  // The server's clock, as this device knows it. Each answer says the time; half of its way is taken as its age.

  function heard(answer, began) {
    const server = Number(answer.headers.get("Airside-Time"));
    if (!server) return;
    const way = (performance.now() - began) / 2;
    sync = { server: Math.round(server + way), device: Date.now(), since: performance.now() };
    keep(SYNC, { server: sync.server, device: sync.device });
  }

  const now = () => (sync.server ? Date.now() + sync.server - sync.device : Date.now());

  // What is said with each scan that is queued: the clock as it is set, and one that nobody can set.

  function times() {
    const said = { device_at: Date.now() };
    if (!sync.server) return said;
    const since = sync.since === null ? {} : { since_sync: Math.round(performance.now() - sync.since) };
    return { ...said, sync_server: sync.server, sync_device: sync.device, ...since };
  }

  function clock(moment) {
    return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: about.zone }).format(moment);
  }

  // The list

  async function load(isQueued) {
    const began = performance.now();
    const options = { cache: "no-store", headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(15000) };
    const answer = await fetch(about.tickets, options);
    if (!answer.ok) throw Object.assign(new Error("no list"), { why: { 401: "signed_out", 404: "gone" }[answer.status] });
    const loaded = await answer.json();
    heard(answer, began);
    if (!window.crypto?.subtle) return; // it can't make the hashes
    list = loaded;
    key = null;
    keep(LIST, list);
    // What was sent before is in the list. Its hashes are of another session where somebody has signed in since.
    own = Object.fromEntries(Object.entries(own).filter(([, one]) => one.at >= list.made_at || isQueued(one.key)));
    keep(OWN, own);
  }

  async function hash(text) {
    if (!list?.salt || !window.crypto?.subtle) return codeOf(text);
    const bytes = (binary) => Uint8Array.from(binary, (character) => character.charCodeAt(0));
    key ??= await crypto.subtle.importKey("raw", bytes(atob(list.salt)), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const signed = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(codeOf(text)));
    return btoa(String.fromCharCode(...new Uint8Array(signed).slice(0, 16)));
  }

  // The same order as on the server (models/scanning.py: decide).

  async function judge(text, way) {
    if (!CODE.test(codeOf(text))) return { kind: "no_code" };
    if (way === "exit") return { kind: "exit" };
    const id = await hash(text);
    const [reason, was] = list?.tickets[id] ?? ["", ""];
    const mine = own[id];
    const rules = list ?? about;
    if (list && !list.tickets[id]) return { kind: "unlisted" };
    if (reason) return { kind: "refused", reason };
    if ((rules.opens_at && now() < rules.opens_at) || (rules.closes_at && now() >= rules.closes_at)) return { kind: "refused", reason: "invalid_time" };
    if (mine ? mine.way === "entry" : was === "in") return { kind: "already", mine };
    if (!rules.allows_reentry && (mine?.entered || was === "left")) return { kind: "refused", reason: "rules", mine };
    return { kind: list ? "valid" : "no_list" };
  }

  // That somebody went through the door with this ticket.

  async function note(text, way, scan) {
    const id = await hash(text);
    const entered = way === "entry" ? now() : own[id]?.entered;
    own[id] = { way, entered, at: now(), key: scan };
    keep(OWN, own);
  }

  async function forget(text, scan) {
    const id = await hash(text);
    if (own[id]?.key === scan) delete own[id];
    keep(OWN, own);
  }

  const made = () => list && { at: clock(list.made_at), count: Object.keys(list.tickets).length };
  window.airside.door = { about, kept, keep, list: { judge, note, forget, load, made, token: () => list?.token ?? about.token }, clock, heard, now, times, codeOf };
})();
