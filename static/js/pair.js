// A new screen shows a code: it finds out about itself, says so with each poll, and goes where the answer sends it.
// For old engines too: the syntax and the calls are those of 2015.
(function () {
  var EVERY = 3000; // ms between two polls
  var UNKNOWN = 60000; // ms until a device asks for a new code whose code nobody knows, such as one without cookies
  var READ = 6000; // ms to read who has paired it
  var page = document.getElementById("pairing");
  var socket = null;
  var socketOpens = false;
  var ahead = new Date().getTime() - Number(page.getAttribute("data-now")) * 1000; // ms that this clock is ahead

  function tryTheSocket() {
    if (socket && socket.readyState < 2) return; // it has not answered yet
    try {
      socket = new WebSocket(location.origin.replace("http", "ws") + "/ws/echo/");
      socket.onopen = function () { socket.send("ping"); };
      socket.onmessage = function () { socketOpens = true; socket.close(); };
    } catch (fault) {
      socket = null;
    }
  }

  function report() {
    var ratio = window.devicePixelRatio || 1;
    return {
      engine: window.airside.engine.name,
      width: Math.round(screen.width * ratio),
      height: Math.round(screen.height * ratio),
      pixel_ratio: ratio,
      clock_offset: Math.round(ahead / 1000) * 1000,
      live: window.airside.engine.isNewEnough(),
      socket: socketOpens,
      worker: "serviceWorker" in navigator
    };
  }

  // The device has its key. It shows for six seconds which account paired it, so that the technician can check the name.
  function show(answer) {
    var texts = page.querySelectorAll("p[lang]");
    var name = page.querySelector("h1");
    for (var at = 0; at < texts.length; at++) texts[at].textContent = answer.texts[texts[at].lang] || "";
    name.textContent = answer.name;
    name.removeAttribute("aria-label");
    name.className = "code name";
    setTimeout(function () { location.replace(answer.go); }, READ);
  }

  function poll() {
    var request = new XMLHttpRequest();
    var sent = new Date().getTime();
    if (!socketOpens) tryTheSocket();
    request.open("POST", page.getAttribute("data-poll"), true);
    request.timeout = 10000;
    request.onload = function () {
      var answer = {};
      try {
        if (request.getResponseHeader("Airside-Kiosk")) answer = JSON.parse(request.responseText);
      } catch (fault) {
        answer = {};
      }
      if (answer.at) ahead = (sent + new Date().getTime()) / 2 - answer.at * 1000;
      if (answer.texts) show(answer);
      else if (answer.go) location.replace(answer.go);
      else if (request.status === 404) setTimeout(function () { location.reload(); }, UNKNOWN);
      else setTimeout(poll, EVERY);
    };
    request.onerror = request.ontimeout = function () { setTimeout(poll, EVERY); };
    request.send(JSON.stringify(report()));
  }

  tryTheSocket();
  setTimeout(poll, 1000);
})();
