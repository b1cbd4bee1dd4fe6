// What pages that scan share: a camera that reads codes, and tones. The reader of codes is loaded when somebody turns the
// camera on.
//
//   airside.camera({ button, picture, fault, seen })   the button turns it on and off; seen(text) is called for each code
//   airside.tone(pitch, seconds)
(() => {
  const AGAIN = 3000; // ms: a code that is held before the camera is seen once
  const LOOKS = 150; // ms from one look at the picture to the next
  const { reader: source } = document.currentScript.dataset;
  let sound = null;

  function camera({ button, picture, fault, seen }) {
    const last = { text: "", at: 0 };
    let reader = null;

    if (navigator.mediaDevices?.getUserMedia) button.hidden = false;
    button.addEventListener("click", () => (reader ? stop() : start()));
    window.addEventListener("pagehide", stop);

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
        await reader.decodeFromConstraints(wanted, picture, (result) => result && look(result.getText()));
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

    function look(text) {
      const now = performance.now();
      const same = text === last.text && now - last.at < AGAIN;
      Object.assign(last, { text, at: now });
      if (!same) seen(text);
    }
  }

  function loaded() {
    if (window.ZXing) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: source, onload: resolve, onerror: () => reject(new Error("no reader")) });
      document.head.append(script);
    });
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

  window.airside = { ...window.airside, camera, tone };
})();
