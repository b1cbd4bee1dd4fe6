// Loads the page again at a quiet moment: for a new release, when staff ask for it, when the screen should show something else.
// Not all screens in the same second, and only when the server answers: nothing could bring a page back from an error page.
(() => {
  const { kiosk } = window.airside;
  const html = document.documentElement;
  const control = () => document.getElementById("control");
  const hours = control()?.dataset.hours;
  const loaded = Number(document.body.dataset.loaded);
  const AGAIN = 10000; // ms between two tries

  let due = Infinity;
  let why = "";
  let trying = false;

  kiosk.reload = (reason) => {
    if (due < Infinity && (why !== "release" || reason === "release")) return; // what staff want comes before a release
    why = reason;
    const spread = reason === "hours" ? 1 : Number(html.dataset.spread); // seconds over which all screens of this server load
    due = Math.min(due, performance.now() + spread * 1000 * kiosk.own);
    if (why === "release") registration?.update().catch(() => {});
  };

  // The quiet moment: a page has had its time. Not while a message is shown, unless staff want it.
  kiosk.betweenPages = () => {
    if (performance.now() < due || trying || (why === "release" && html.classList.contains("has-message"))) return;
    leave(false);
  };

  // The key may have been withdrawn: the server shows what is to be seen then.
  kiosk.lookAgain = () => {
    if (!trying) leave(true);
  };

  async function leave(onlyIfGone) {
    trying = true;
    const answer = await ask();
    const isGone = answer && (answer.redirected || [403, 404, 410].includes(answer.status));
    const isOld = why === "release" && answer?.headers.get("Airside-Kiosk") === html.dataset.release; // from a process that ends soon
    if (isGone || (answer?.ok && !isOld && !onlyIfGone)) {
      await takeOver();
      location.reload();
      return;
    }
    if (due < Infinity) due = performance.now() + AGAIN;
    setTimeout(() => (trying = false), AGAIN);
  }

  // The answer, if it is the server's own, and not that of a proxy or of a network that wants a sign-in.
  async function ask() {
    try {
      const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(AGAIN) });
      return answer.headers.get("Airside-Kiosk") ? answer : null;
    } catch {
      return null;
    }
  }

  // The service worker: for a start without a server. Screens without one (plain http, wiped storage) lack just that.

  let registration = null;

  async function register() {
    if (!navigator.serviceWorker) return;
    try {
      registration = await navigator.serviceWorker.register(html.dataset.worker, { scope: "/kiosk/", updateViaCache: "none" });
    } catch {
      registration = null;
    }
  }

  // A new worker waits until here, so that a page and its worker are of the same release.
  async function takeOver() {
    const waiting = registration?.waiting;
    if (!waiting) return;
    const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    waiting.postMessage("take over");
    await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, 2000))]);
  }

  // What the starting page says when there is no server: name and time of the last board, by words that need no clock.
  async function remember() {
    if (html.dataset.state !== "live" || !window.caches) return;
    const { theme, name } = html.dataset;
    const last = { theme, name, languages: html.dataset.languages, at: document.querySelector("[data-clock]").textContent };
    try {
      const cache = await caches.open("airside-kiosk-last");
      await cache.put("/kiosk/last", new Response(JSON.stringify(last), { headers: { "Content-Type": "application/json" } }));
    } catch {
      // no storage: the starting page does not say it
    }
  }

  document.addEventListener("airside:release", (event) => {
    event.preventDefault();
    kiosk.reload("release");
  });

  function look() {
    const told = control();
    if (!told) return;
    if (Number(told.dataset.reloadBefore) > loaded) kiosk.reload("asked");
    if (told.dataset.hours !== hours) kiosk.reload("hours");
  }

  document.addEventListener("htmx:after:swap", look);
  document.addEventListener("htmx:ws:close", (event) => {
    if (event.detail.code !== 4403 && event.detail.code !== 4404) return;
    if (!event.target.closest?.("#messages")) return;
    kiosk.lookAgain();
    setInterval(kiosk.lookAgain, AGAIN);
  });
  look();
  register();
  setTimeout(remember, 5000);
  setInterval(remember, 60000);
})();
