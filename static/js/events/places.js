// Changing a quota begins with the places that it has now: of the quota that is chosen, as each option says.
(() => {
  const write = (select) => {
    const { size } = select.form.elements;
    const has = select.selectedOptions[0]?.dataset.size;
    if (has !== undefined) size.value = size.defaultValue = has; // a default is not taken for what somebody has typed
  };

  const start = () => {
    for (const select of document.querySelectorAll("select:has([data-size])")) if (!select.form.elements.size.value) write(select);
  };

  document.addEventListener("change", ({ target }) => target.matches("select:has([data-size])") && write(target));
  document.addEventListener("htmx:after:swap", start);
  start();
})();
