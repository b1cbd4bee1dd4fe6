// Widgets of an Airside site in any page:
//
//   <script src="https://airside.example/embed/airside.js" async></script>
//   <airside-board airport="JFK" side="departures"><a href="https://airside.example/…">Departures</a></airside-board>
//
// Each is a frame of the site that this script comes from. The link inside stands there until the frame shows something,
// and stays where it cannot. Nothing is stored, and nothing runs as text: pages with Trusted Types can use it.
// The last lines say which widgets there are.
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="/embed/airside.js"]');
  const site = new URL(script.src).origin;
  const LOOK = ["theme", "accent", "density"]; // sent to the frame; all else that changes is another frame
  const LOWEST = 40; // px
  const HIGHEST = 4000;
  const SAME = 4; // px that a height may differ without being another one: nothing swings to and fro
  const PATIENCE = 10000; // ms that a loaded frame has to say how high it is

  // In a sandbox the frame has no origin, as this page has none.
  const sandboxed = self.origin === "null";
  const origin = sandboxed ? "null" : site;

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(":host,iframe{display:block}iframe{width:100%;height:150px;border:0}[hidden]{display:none}");

  class Widget extends HTMLElement {
    frame = null;
    link = document.createElement("slot");

    connectedCallback() {
      if (!this.shadowRoot) {
        const root = this.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        root.append(this.link);
      }
      addEventListener("message", this);
      this.show();
    }

    disconnectedCallback() {
      removeEventListener("message", this);
      this.drop();
      this.link.hidden = false;
    }

    connectedMoveCallback() {} // moveBefore() keeps the frame as it is

    attributeChangedCallback(name, before, now) {
      if (!this.frame || before === now) return;
      if (LOOK.includes(name)) this.tell();
      else this.showSoon();
    }

    // Several attributes that change together make one new frame.
    showSoon() {
      this.due ??= Promise.resolve().then(() => {
        this.due = null;
        if (this.isConnected) this.show();
      });
    }

    show() {
      this.drop();
      const address = this.address();
      if (!address) return;
      const frame = document.createElement("iframe");
      frame.loading = "lazy";
      frame.allow = "";
      frame.referrerPolicy = "strict-origin"; // the site learns which site shows it, and not which page
      frame.name = "airside-widget"; // tells the frame that it need not scroll
      frame.title = this.title || this.textContent.trim() || "Airside";
      if (this.height) frame.style.height = `${this.height}px`; // of the frame before
      frame.addEventListener("load", () => {
        this.number = 0;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.reveal(false), PATIENCE);
      });
      frame.src = address;
      this.frame = frame;
      this.number = 0;
      this.shadowRoot.append(frame);
    }

    // A new frame instead of a new address of the old one, which would be a step in the page's history.
    drop() {
      clearTimeout(this.timer);
      this.frame?.remove();
      this.frame = null;
      this.ready = false;
    }

    address() {
      const value = (name) => this.getAttribute(name)?.trim();
      const { widget, things, filters } = this.constructor;
      const key = value("key");
      const thing = value("thing")?.split("/") ?? things.map(value).filter(Boolean);
      if (!key && !thing.length) return "";
      const query = new URLSearchParams();
      for (const name of [...LOOK, ...filters]) if (value(name)) query.set(name, value(name));
      const lang = this.closest("[lang]")?.lang; // its own, or that of the text around it
      if (lang) query.set("lang", lang);
      const path = (key ? ["k", key] : [widget, ...thing]).map(encodeURIComponent).join("/");
      return `${site}/embed/${path}/?${query}`;
    }

    // What the frame says: {airside: "height", height, number, title, hello}
    handleEvent({ source, origin: from, data }) {
      if (!this.frame || source !== this.frame.contentWindow || from !== origin || data?.airside !== "height") return;
      const { height, number, title, hello } = data;
      if (![height, number].every(Number.isInteger) || height < LOWEST || height > HIGHEST || number <= this.number) return;
      clearTimeout(this.timer);
      this.number = number;
      this.reveal(true);
      if (!this.title && typeof title === "string") this.frame.title = title.slice(0, 200);
      if (!this.height || Math.abs(height - this.height) > SAME) {
        this.height = height;
        this.frame.style.height = `${height}px`;
      }
      this.ready = true;
      if (hello) this.tell(); // the attributes may have changed since its address was made
    }

    reveal(works) {
      this.link.hidden = works;
      this.frame.hidden = !works;
    }

    tell() {
      if (!this.ready) return;
      const look = Object.fromEntries(LOOK.map((name) => [name, this.getAttribute(name)?.trim() ?? ""]));
      this.frame.contentWindow.postMessage({ airside: "look", ...look }, sandboxed ? "*" : origin);
    }
  }

  // things: the attributes that say what it shows. filters: those that choose a part of it.
  function define(widget, things = [], filters = []) {
    const tag = `airside-${widget}`;
    if (customElements.get(tag)) return; // another copy of this script
    const observedAttributes = ["key", "thing", "lang", ...LOOK, ...things, ...filters];
    customElements.define(tag, Object.assign(class extends Widget {}, { widget, things, filters, observedAttributes }));
  }

  define("board", ["airport", "side"], ["rows", "terminal", "airline"]);
  define("flight", ["flight", "date"]);
  define("tables", ["restaurant"], ["party", "date", "area"]);
  define("menu", ["shop"]);
  define("event", ["event"]);
  define("booking"); // by its key alone
  define("order"); // so too
})();
