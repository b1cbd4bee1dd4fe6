// A screen started, and no server answers: says when its last board was live, and tries again by a timer of its own, as what a
// browser tells of its network can't be relied on. For old engines too: the syntax is that of 2017.
(function () {
  var EVERY = 5000; // ms between two tries
  var TURN = 6000; // ms for a language
  var html = document.documentElement;
  var languages = html.dataset.languages.split(" ");
  var at = 0;

  function put(name, text) {
    Array.prototype.forEach.call(document.querySelectorAll("[data-put=" + name + "]"), function (place) {
      place.textContent = text;
    });
  }

  function tell(last) {
    if (last.languages) languages = last.languages.split(" ");
    if (last.theme === "light") html.classList.replace("dark", "light");
    put("name", last.name);
    put("since", last.at);
    html.classList.add("has-last");
    show();
  }

  function show() {
    html.dataset.lang = languages[at % languages.length];
  }

  function again() {
    // Not by a navigation: what comes has to be known to be ours first.
    fetch(location.href, { cache: "no-store", credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) {
        if (answer.headers.get("Airside-Kiosk") && answer.status < 500) location.reload();
      })
      .catch(function () {});
  }

  if (window.caches) {
    caches.match("/kiosk/last", { cacheName: "airside-kiosk-last" })
      .then(function (found) { return found && found.json(); })
      .then(function (last) { if (last) tell(last); })
      .catch(function () {});
  }
  show();
  setInterval(again, EVERY);
  setInterval(function () { at += 1; show(); }, TURN);
})();
