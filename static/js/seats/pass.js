// A boarding pass is kept on the phone, so that it opens without a network: ../kept-worker.js does it. The page asks it to keep
// itself, and to keep itself anew once something on it has changed. It says so when that is done.
(() => {
  const QUIET = 1500; // ms: several changes at once are kept once
  const { worker } = document.currentScript.dataset;
  const pass = document.querySelector("[data-pass]");
  let waiting = 0;

  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
  if (!("serviceWorker" in navigator) || !pass) return;

  navigator.serviceWorker.register(worker).then(keep, () => {}); // without https there is none
  new MutationObserver(soon).observe(pass, { childList: true, subtree: true, characterData: true });

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(keep, QUIET);
  }

  async function keep() {
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: location.href.split("#")[0] });
  }
})();
