// Tells the server every ten seconds what is on the glass, and at once when the picture has stopped or a message was painted.
(() => {
  const EVERY = 10000;
  const STILL = 5; // seconds without a painted frame: the picture is dead, though the page lives
  const { kiosk, clock, engine } = window.airside;
  const html = document.documentElement;
  const face = document.getElementById("control")?.dataset.hours || ""; // what this page was loaded for
  const device = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  let sentAt = -Infinity;
  let sending = false;
  let wasStill = false;
  let isUrgent = false;

  function beat() {
    const { page, pages } = kiosk.where();
    return {
      device,
      loaded_at: Number(document.body.dataset.loaded),
      release: html.dataset.release,
      engine: engine.name,
      width: Math.round(innerWidth * devicePixelRatio),
      height: Math.round(innerHeight * devicePixelRatio),
      clock_offset: Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(Date.now() - clock.now()))),
      version: kiosk.glass.version,
      version_at: Math.floor(kiosk.glass.versionAt),
      painted_at: Math.ceil(kiosk.stillFor()),
      page,
      pages,
      message: kiosk.glass.message,
      cut: kiosk.state() !== "live",
      face,
    };
  }

  async function send() {
    sending = true;
    isUrgent = false;
    sentAt = performance.now();
    try {
      const response = await fetch(html.dataset.beat, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(beat()),
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(EVERY - 2000),
      });
      if (!response.headers.get("Airside-Kiosk")) return; // a proxy's answer
      if (response.status === 403) return kiosk.lookAgain();
      const answer = response.ok ? await response.json() : {};
      if (answer.at) clock.set(answer.at + (performance.now() - sentAt) / 2000);
      if (answer.reload) kiosk.reload("asked");
    } catch {
      // cut off: the board says so, and staff see that this screen is silent
    } finally {
      sending = false;
    }
  }

  // Each second, as timers are all that goes on when the picture does not.
  function second() {
    const isStill = kiosk.stillFor() > STILL;
    if (isStill !== wasStill) isUrgent = true;
    wasStill = isStill;
    if (!sending && (isUrgent || performance.now() - sentAt >= EVERY)) send();
  }

  kiosk.beatSoon = () => {
    isUrgent = true;
    setTimeout(second, 50);
  };
  setTimeout(second, 1000);
  setInterval(second, 1000);
})();
