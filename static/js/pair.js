// A new screen shows a code: it finds out about itself, says so with each poll, and goes where the answer sends it.
// For old engines too: the syntax is that of 2017.
(function () {
  var EVERY = 3000; // ms between two polls
  var page = document.getElementById("pairing");
  var began = Date.now();
  var socketOpens = false;
  var ahead = began - Number(page.dataset.now) * 1000; // ms that this clock is ahead, to a second or two

  function tryTheSocket() {
    try {
      var socket = new WebSocket(location.origin.replace("http", "ws") + "/ws/echo/");
      socket.onopen = function () { socket.send("ping"); };
      socket.onmessage = function () { socketOpens = true; socket.close(); };
    } catch (fault) {
      socketOpens = false;
    }
  }

  function engine() {
    var found = /(Chrome|Firefox|Version)\/(\d+)/.exec(navigator.userAgent);
    if (!found) return "unknown";
    return (found[1] === "Version" ? "Safari" : found[1] === "Chrome" ? "Chromium" : found[1]) + " " + found[2];
  }

  // What the live board needs, newest first: layers of styles are of 2022, Chromium 99.
  function canBeLive() {
    return "CSSLayerBlockRule" in window && "WebSocket" in window && "replaceChildren" in Element.prototype;
  }

  function report() {
    var ratio = window.devicePixelRatio || 1;
    return {
      engine: engine(),
      width: Math.round(screen.width * ratio),
      height: Math.round(screen.height * ratio),
      clock_offset: Math.round(ahead),
      live: canBeLive(),
      socket: socketOpens,
      worker: "serviceWorker" in navigator,
    };
  }

  function poll() {
    var again = function () { setTimeout(poll, EVERY); };
    fetch(page.dataset.poll, { method: "POST", body: JSON.stringify(report()), credentials: "same-origin", cache: "no-store" })
      .then(function (response) {
        if (response.status === 404) return { go: location.pathname };
        return response.ok ? response.json() : {};
      })
      .then(function (answer) {
        if (answer.go) location.replace(answer.go);
        else again();
      })
      .catch(again);
  }

  tryTheSocket();
  setTimeout(poll, 1000);
})();
