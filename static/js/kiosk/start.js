// The gate of a screen's page, in the syntax of 2009. A browser that is new enough gets the live board: the scripts of data-live,
// one after the other. An older one (engine.js) gets a plain board (plain.js) that is loaded again each minute.
(function () {
  var script = document.currentScript || document.getElementById("kiosk-start");
  var WAIT = 20000; // ms for the live board to begin

  function load(urls) {
    for (var at = 0; at < urls.length; at++) {
      var part = document.createElement("script");
      part.src = urls[at];
      part.async = false; // in this order
      document.head.appendChild(part);
    }
  }

  function goPlain() {
    if (window.airside.kiosk) return;
    load([script.getAttribute("data-plain")]);
  }

  if (window.airside.engine.isNewEnough()) {
    load(script.getAttribute("data-live").split(/\s+/));
    setTimeout(goPlain, WAIT); // a script did not arrive, or this browser did not understand it
  } else {
    goPlain();
  }
})();
