// The page that makes snippets: a button that copies one, and a preview as high as its widget.
(() => {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    source.select();
    await navigator.clipboard.writeText(source.value);
    button.textContent = button.dataset.done;
  });

  function show() {
    for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (origin !== location.origin || data?.airside !== "height" || !(data.height >= 40 && data.height <= 4000)) return;
    for (const frame of document.querySelectorAll(".preview iframe")) {
      if (frame.contentWindow === source && Math.abs(frame.clientHeight - data.height) > 4) frame.height = data.height;
    }
  });

  document.addEventListener("htmx:after:swap", show);
  show();
})();
