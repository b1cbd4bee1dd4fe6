// The gate: what the camera sees is sent as if it had been typed; each answer has a tone; the field is ready for the next one.
(() => {
  const TONES = { boarded: [880, 0.12], choose: [660, 0.12], undone: [660, 0.12] };
  const NO = [220, 0.45];

  const form = document.querySelector("[data-scan]");
  const field = form.elements.text;

  field.focus();
  window.airside.camera({
    button: form.querySelector("[data-camera]"),
    picture: document.querySelector("[data-camera-picture]"),
    fault: document.querySelector("[data-camera-fault]"),
    seen(text) {
      field.value = text;
      form.requestSubmit();
    },
  });

  document.addEventListener("htmx:after:swap", () => {
    const verdict = document.querySelector("#result [data-outcome]");
    if (!verdict || verdict.dataset.told) return;
    verdict.dataset.told = "yes";
    window.airside.tone(...(TONES[verdict.dataset.outcome] ?? NO));
    if (verdict.dataset.outcome !== "choose") clear();
  });

  function clear() {
    field.value = "";
    field.focus();
  }
})();
