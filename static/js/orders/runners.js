// A PIN that was wrong is marked, so that the next one is typed over it.
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (!form.matches("form.pin") || ctx.response?.status !== 422) return;
  form.elements.pin.focus();
  form.elements.pin.select();
});
