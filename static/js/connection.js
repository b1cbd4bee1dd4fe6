// The connection check: ten pings over ws/echo/, and one plain request for a fragment, as pages poll it where no
// socket gets through. All words stand in the page (templates/pages/connection.html); this chooses among them.
(() => {
  const PINGS = 10;
  const PATIENCE = 6000; // ms for the socket to open, and for each ping
  const SLOW = 1000; // ms for the middle one, from which "at once" is no longer true

  const page = document.getElementById("connection");

  function result(check, good) {
    const cell = page.querySelector(`[data-check="${check}"]`);
    const state = cell.querySelector(".state");
    state.textContent = good ? cell.dataset.good : cell.dataset.bad;
    state.classList.add(good ? "good" : "bad");
  }

  function advise(name) {
    for (const advice of page.querySelectorAll("[data-advice]")) advice.hidden = advice.dataset.advice !== name;
  }

  function next(socket, event) {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(PATIENCE);
      signal.addEventListener("abort", reject);
      socket.addEventListener(event, resolve, { once: true });
      socket.addEventListener("close", reject, { once: true });
    });
  }

  async function roundTrips() {
    const url = new URL("/ws/echo/", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    try {
      await next(socket, "open");
      const trips = [];
      for (let ping = 0; ping < PINGS; ping++) {
        const sent = performance.now();
        const answer = next(socket, "message");
        socket.send(`ping ${ping}`);
        if ((await answer).data !== `ping ${ping}`) throw new Error("not what was sent");
        trips.push(performance.now() - sent);
      }
      return trips.sort((a, b) => a - b);
    } finally {
      socket.close();
    }
  }

  async function polls() {
    const response = await fetch(page.dataset.fragment, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return response.ok && response.headers.has("ETag"); // without it a page can't tell whether anything changed
  }

  function show(trips) {
    const figures = { min: trips[0], median: (trips[PINGS / 2 - 1] + trips[PINGS / 2]) / 2, max: trips[PINGS - 1] };
    for (const [name, ms] of Object.entries(figures)) {
      const figure = page.querySelector(`[data-figure="${name}"]`);
      figure.textContent = ms.toFixed(ms < 10 ? 1 : 0);
      figure.parentElement.hidden = false;
    }
    result("trips", figures.median < SLOW);
    return figures.median < SLOW ? "live" : "slow";
  }

  async function check() {
    advise("checking");
    const [trips, polling] = await Promise.all([roundTrips().catch(() => null), polls().catch(() => false)]);
    result("socket", Boolean(trips));
    result("polling", polling);
    advise(trips ? show(trips) : polling ? "polled" : "cut");
  }

  check();
})();
