// The gate: what the camera sees is sent as if it had been typed; each answer has a tone; the field is ready for the next one.
// The reader of codes is loaded when somebody turns the camera on.
(() => {
  const AGAIN = 4000; // ms: a pass that is held before the camera is sent once
  const LOOKS = 150; // ms from one look at the picture to the next
  const TONES = { boarded: [880, 0.12], choose: [660, 0.12], undone: [660, 0.12] };
  const NO = [220, 0.45];
  const { reader: source } = document.currentScript.dataset;

  const form = document.querySelector("[data-scan]");
  const field = form.elements.text;
  const button = form.querySelector("[data-camera]");
  const picture = document.querySelector("[data-camera-picture]");
  const fault = document.querySelector("[data-camera-fault]");
  const last = { text: "", at: 0 };
  let reader = null;
  let sound = null;

  field.focus();
  if (navigator.mediaDevices?.getUserMedia) button.hidden = false;
  button.addEventListener("click", () => (reader ? stop() : start()));
  window.addEventListener("pagehide", stop);

  document.addEventListener("htmx:after:swap", () => {
    const verdict = document.querySelector("#result [data-outcome]");
    if (!verdict || verdict.dataset.told) return;
    verdict.dataset.told = "yes";
    tone(...(TONES[verdict.dataset.outcome] ?? NO));
    if (verdict.dataset.outcome !== "choose") clear();
  });

  async function start() {
    fault.hidden = true;
    button.disabled = true;
    try {
      await loaded();
      const { BarcodeFormat, BrowserMultiFormatReader, DecodeHintType } = window.ZXing;
      const formats = [BarcodeFormat.AZTEC, BarcodeFormat.QR_CODE, BarcodeFormat.PDF_417, BarcodeFormat.DATA_MATRIX];
      reader = new BrowserMultiFormatReader(new Map([[DecodeHintType.POSSIBLE_FORMATS, formats]]), LOOKS);
      reader.timeBetweenDecodingAttempts = LOOKS;
      picture.hidden = false;
      const wanted = { video: { facingMode: "environment", width: { ideal: 1280 } } };
      await reader.decodeFromConstraints(wanted, picture, (result) => result && seen(result.getText()));
    } catch (error) {
      console.info("no camera:", error.name);
      stop();
      fault.hidden = false;
    }
    button.disabled = false;
    button.setAttribute("aria-pressed", String(Boolean(reader)));
  }

  function stop() {
    reader?.reset();
    reader = null;
    picture.hidden = true;
    button.setAttribute("aria-pressed", "false");
  }

  function loaded() {
    if (window.ZXing) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: source, onload: resolve, onerror: () => reject(new Error("no reader")) });
      document.head.append(script);
    });
  }

  function seen(text) {
    const now = Date.now();
    const same = text === last.text && now - last.at < AGAIN;
    Object.assign(last, { text, at: now });
    if (same) return;
    field.value = text;
    form.requestSubmit();
  }

  function clear() {
    field.value = "";
    field.focus();
  }

  function tone(pitch, seconds) {
    try {
      sound ??= new AudioContext();
      const source = new OscillatorNode(sound, { frequency: pitch });
      const volume = new GainNode(sound, { gain: 0.15 });
      source.connect(volume).connect(sound.destination);
      source.start();
      source.stop(sound.currentTime + seconds);
    } catch {
      // a browser without sound: the words say it
    }
  }
})();
