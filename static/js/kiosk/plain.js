// The board on engines that are too old for the live one: legible, by pages, and loaded again each minute. In the syntax of 2009.
(function () {
  var html = document.documentElement;
  var DWELL = 10000; // ms for a page
  var RELOAD = 60000;
  var OLD = 90000; // ms after which the board says how old it is
  var languages = html.getAttribute("data-languages").split(" ");
  var size = Number(html.getAttribute("data-rows"));
  var loaded = new Date().getTime();
  var device = "";
  var page = 0;
  var turns = 0;
  var painted = loaded;

  while (device.length < 32) device += Math.floor(Math.random() * 16).toString(16);

  function rows() {
    return document.querySelectorAll(".kiosk-board tbody tr");
  }

  function pages() {
    return Math.max(1, Math.ceil(rows().length / size));
  }

  function put(name, text) {
    var places = document.querySelectorAll("[data-put=" + name + "]");
    for (var at = 0; at < places.length; at++) places[at].textContent = text;
  }

  function show() {
    var all = rows();
    for (var at = 0; at < all.length; at++) {
      if (at >= page * size && at < (page + 1) * size) all[at].removeAttribute("hidden");
      else all[at].setAttribute("hidden", "");
    }
    put("first", Math.min(all.length, page * size + 1));
    put("last", Math.min(all.length, (page + 1) * size));
    put("rows", all.length);
    html.setAttribute("data-lang", languages[turns % languages.length]);
    html.setAttribute("data-state", new Date().getTime() - loaded > OLD ? "cut" : "plain");
  }

  function turn() {
    page = (page + 1) % pages();
    turns += page === 0 && pages() % languages.length === 0 ? 2 : 1; // each page in each language, one turn after the other
    show();
  }

  function ask(method, url, body, then) {
    var request = new XMLHttpRequest();
    request.open(method, url, true);
    request.timeout = 8000;
    request.onload = function () {
      if (request.getResponseHeader("Airside-Kiosk")) then(request);
    };
    request.send(body);
  }

  // Only where the server answers: nothing could bring the page back from an error page of the browser.
  function reload() {
    ask("GET", location.href, null, function (answer) {
      if (answer.status < 500) location.reload();
    });
  }

  function paint() {
    if (window.requestAnimationFrame) window.requestAnimationFrame(function () { painted = new Date().getTime(); });
    else painted = new Date().getTime();
  }

  function beat() {
    var live = document.querySelector("#board .live");
    var message = document.querySelector(".emergency");
    var ratio = window.devicePixelRatio || 1;
    var loadedAt = Number(document.body.getAttribute("data-loaded"));
    var body = {
      device: device,
      loaded_at: loadedAt,
      release: html.getAttribute("data-release"),
      engine: "plain: " + window.airside.engine.name,
      width: Math.round(window.innerWidth * ratio),
      height: Math.round(window.innerHeight * ratio),
      clock_offset: Math.round(loaded - loadedAt * 1000),
      version: live ? live.getAttribute("data-v") : "",
      version_at: loadedAt,
      painted_at: Math.floor(Math.max(0, new Date().getTime() - painted) / 1000),
      page: page + 1,
      pages: pages(),
      message: message ? Number(message.getAttribute("data-message")) : null,
      cut: false
    };
    ask("POST", html.getAttribute("data-beat"), JSON.stringify(body), function (answer) {
      if (answer.status === 403 || /"reload": ?true/.test(answer.responseText)) reload();
    });
  }

  html.className += " plain";
  show();
  paint();
  setTimeout(beat, 1000);
  setInterval(turn, DWELL * Math.max(1, size / 8));
  setInterval(paint, 1000);
  setInterval(beat, 10000);
  setInterval(reload, RELOAD);
})();
