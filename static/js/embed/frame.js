// A widget's frame in somebody's page. It says how high it is, takes theme, accent and density from the page around it,
// and has its socket only while somebody may be looking. Nothing is stored. embed/airside.js is the other end.
//
// It loads between live.js and hx-ws: the region waits for the event "seen" (hx-trigger in embeds/frame.html).
(() => {
  const EVERY = 100; // ms between two heights
  const FONTS = 500; // ms that the first height waits for the fonts, which change it
  const PASSED = 3000; // ms out of view, after which the socket is closed
  const HIDDEN = 30000; // the same in a hidden tab
  const OVER = [4401, 4403, 4404]; // close codes of what is not shown any more; nobody signs in here
  const INKS = ["#16130a", "#ffffff"]; // what is written on the accent

  const root = document.documentElement;
  const content = document.getElementById("content");
  const live = content.querySelector(".live");
  const { airside } = window;

  // The look

  function paint({ theme, accent, density }) {
    if (["light", "dark", "auto", ""].includes(theme)) root.dataset.theme = theme;
    if (["comfortable", "compact", ""].includes(density)) root.dataset.density = density;
    if (accent === "") for (const name of ["--sign", "--on-sign"]) root.style.removeProperty(name);
    if (!/^#[0-9a-f]{6}$/i.test(accent)) return;
    root.style.setProperty("--sign", accent);
    root.style.setProperty("--on-sign", INKS.sort((one, other) => contrast(other, accent) - contrast(one, accent))[0]);
  }

  // WCAG 2.2, 1.4.3. The better of the two inks has 4.5 to 1 on any colour.
  function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }

  function luminance(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  paint(root.dataset);

  // The height, of what is in the frame and never of the frame itself

  let height = 0;
  let number = Date.now(); // greater than those of the document that was here before
  let telling = null;

  function tell() {
    telling = null;
    const now = Math.ceil(content.getBoundingClientRect().height);
    if (Math.abs(now - height) <= 1) return;
    const hello = !height;
    height = now;
    parent.postMessage({ airside: "height", height, number: ++number, title: document.title, hello }, "*");
  }

  async function tellHeights() {
    if (window.name === "airside-widget") root.style.overflow = "hidden"; // the page around makes the frame as high as this
    await Promise.race([document.fonts.ready, new Promise((resolve) => setTimeout(resolve, FONTS))]);
    new ResizeObserver(() => (telling ??= setTimeout(tell, EVERY))).observe(content);
  }

  if (parent !== window) {
    tellHeights();
    addEventListener("message", ({ source, data }) => {
      if (source === parent && data?.airside === "look") paint(data);
    });
  }

  // The socket

  let inView = false;
  let leaving = null;
  let connection = null;

  airside.resting = true; // live.js polls nothing meanwhile

  function look() {
    clearTimeout(leaving);
    if (inView && !document.hidden) wake();
    else leaving = setTimeout(rest, document.hidden ? HIDDEN : PASSED);
  }

  function wake() {
    if (!airside.resting) return;
    airside.resting = false;
    live.dispatchEvent(new Event("seen"));
  }

  function rest() {
    airside.resting = true;
    connection?.socket?.close(1000);
  }

  function over() {
    airside.resting = true;
    observer.disconnect();
    content.replaceChildren(document.getElementById("over").content.cloneNode(true));
  }

  const observer = new IntersectionObserver((entries) => {
    inView = entries.at(-1).isIntersecting;
    look();
  });

  document.addEventListener("htmx:ws:before:connection", (event) => {
    connection = event.detail.connection;
    if (airside.resting) event.preventDefault();
  });
  document.addEventListener("htmx:ws:after:connection", () => {
    if (airside.resting) rest(); // it was on its way
  });
  document.addEventListener("htmx:ws:close", (event) => {
    if (OVER.includes(event.detail.code)) over();
  });
  document.addEventListener("airside:gone", over); // where no socket gets through

  if (self.origin === "null") {
    document.getElementById("as-it-was").hidden = false; // in a sandbox: no socket and no answer is for it
  } else if (live) {
    htmx.config.ws = { ...htmx.config.ws, pauseOnBackground: false }; // hidden tabs are left to look()
    document.addEventListener("visibilitychange", look);
    document.addEventListener("DOMContentLoaded", () => observer.observe(content)); // by then hx-ws waits for "seen"
  }
})();
