// The scans that could not be sent yet, on this device. Each is an item of its own, is sent on its own, and stays until the
// server has acknowledged its key: two open pages, or an item that is sent twice, do no harm.
//
//   airside.door.queue.add(item)  .change(key, values)  .send()
(() => {
  const { door } = window.airside;
  const PREFIX = `airside-door-scan-${door.about.event}-`;
  const PATIENCE = 6000; // ms for an answer
  const inMemory = new Map(); // where the device keeps nothing
  let sending = null;
  let underWay = "";

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      return null;
    }
  }

  function items() {
    const names = [];
    try {
      for (let number = 0; number < localStorage.length; number++) names.push(localStorage.key(number));
    } catch {
      // in memory only
    }
    const stored = names.filter((name) => name.startsWith(PREFIX)).map(read).filter(Boolean);
    return [...stored, ...inMemory.values()].sort((one, other) => one.device_at - other.device_at);
  }

  function put(item) {
    try {
      localStorage.setItem(PREFIX + item.key, JSON.stringify(item));
      inMemory.delete(item.key);
    } catch {
      inMemory.set(item.key, item);
    }
  }

  function remove(key) {
    inMemory.delete(key);
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // it was in memory
    }
  }

  const find = (key) => items().find((item) => item.key === key);

  // False where it was sent already, or is on its way.

  function change(key, values) {
    const item = find(key);
    if (!item || underWay === key) return false;
    put({ ...item, ...values });
    return true;
  }

  // Sends all, the oldest first. Gives how it ended: "sent"; "away" where the server can't be reached; "signed-out"; "gone".

  function send(headers) {
    sending ??= sendAll(headers).finally(() => {
      sending = null;
    });
    return sending;
  }

  async function sendAll(headers) {
    for (const item of items()) {
      if (item.problem) continue;
      underWay = item.key;
      const end = await sendOne(item, headers).finally(() => {
        underWay = "";
      });
      if (end !== "sent") return end;
    }
    return "sent";
  }

  async function sendOne({ url, ...item }, headers) {
    const fields = new URLSearchParams({ ...item, let_in: item.let_in ? "on" : "", sent_at: Date.now() });
    const began = performance.now();
    let answer, said;
    try {
      const options = { method: "POST", body: fields, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
      answer = await fetch(url, options);
      said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    } catch {
      return "away";
    }
    if (answer.status === 401 || answer.status === 403) return "signed-out";
    if (answer.status === 404) return "gone";
    if (!said) return "away"; // a proxy, or the sign-in page of a network
    door.heard(answer, began);
    if (said.state === "recorded" && said.key === item.key) remove(item.key);
    else put({ ...item, url, problem: said.text || "?" });
    document.dispatchEvent(new CustomEvent("airside:door-sent", { detail: { key: item.key, html: said.html } }));
    return "sent";
  }

  const problems = () => items().filter((item) => item.problem).length;
  const waiting = () => items().filter((item) => !item.problem).length;
  window.airside.door.queue = { add: put, change, find, send, waiting, problems, has: (key) => Boolean(find(key)) };
})();
