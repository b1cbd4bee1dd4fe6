// The slip goes to the printer as soon as it is counted.
(() => {
  if (document.querySelector("[data-print]")) window.print();
})();
