// What a browser is, for a screen's pages: airside.engine. In the syntax of 2009, for old engines too.
(function () {
  var airside = (window.airside = window.airside || {});
  var found = /(Chrome|Firefox|Version)\/(\d+)/.exec(navigator.userAgent);

  airside.engine = {
    name: found ? found[1].replace("Chrome", "Chromium").replace("Version", "Safari") + " " + found[2] : "unknown",

    // What the live board needs. The least engine is Chromium 103, Firefox 110 or Safari 16 (all of 2022 and 2023).
    isNewEnough: function () {
      return Boolean(
        window.CSSLayerBlockRule && window.AbortSignal && AbortSignal.timeout && window.WebSocket && window.fetch &&
        window.structuredClone && window.performance && performance.getEntriesByType && Element.prototype.replaceChildren
      );
    }
  };
})();
