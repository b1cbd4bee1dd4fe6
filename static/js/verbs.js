// Says what became of a form (or of a link into a panel) whose answer can't be shown: none came, or it is no panel.
//
// The panel stays as it is, with all that was typed, and gets a notice where the answer would have said "Done". The notices
// are in verbs/_unsent.html. Answers of 200, 409 and 422 are panels, and swapped in by htmx.
(() => {
  const notices = document.getElementById("unsent");
  const on = (name, listener) => document.addEventListener(name, listener);

  on("htmx:before:request", ({ detail: { ctx } }) => clear(ctx.target));

  on("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    const kind = kindOf(ctx.response);
    if (!kind) return;
    event.preventDefault();
    tell(ctx, kind);
    if (kind === "stale") ctx.response.raw.text().then(renew);
  });

  on("htmx:error", ({ detail: { ctx } }) => {
    if (ctx?.request && !ctx.response) tell(ctx, "network");
  });

  function kindOf({ raw, status, headers }) {
    if (status === 401 || (raw.redirected && raw.url.startsWith(new URL(signIn().href).href))) return "signed-out";
    if (status === 403) return "stale";
    if (status === 404 || status === 410) return "refused";
    if (status === 429 || (status === 503 && headers.get("Retry-After"))) return "busy";
    if (status >= 500 || status === 413) return "failed";
    return "";
  }

  function signIn() {
    return notices.content.querySelector("a");
  }

  // What was done before is no answer to what is asked now.
  function clear(target) {
    for (const old of target?.querySelectorAll?.(".unsent, .notice[role=status]") ?? []) old.remove();
  }

  function tell(ctx, kind) {
    const { target } = ctx;
    if (!target?.isConnected) return;
    clear(target);
    const notice = notices.content.querySelector(`[data-kind=${kind}]`).cloneNode(true);
    const seconds = notice.querySelector("[data-seconds]");
    const wait = Number(ctx.response?.headers.get("Retry-After"));
    if (seconds && wait > 0) seconds.textContent = wait;
    const link = notice.querySelector("a");
    if (link) link.href += `?next=${encodeURIComponent(location.pathname + location.search)}`;
    place(notice, target);
  }

  function place(notice, target) {
    const header = target.querySelector(":scope > .sheet > header");
    if (header) header.after(notice);
    else target.prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  // The token of a page that was rendered for who is signed in now. False where it has none.
  function renew(html) {
    const name = "hx-headers:inherited";
    const headers = new DOMParser().parseFromString(html, "text/html").body.getAttribute(name);
    if (!headers) return false;
    document.body.setAttribute(name, headers);
    const token = JSON.parse(headers)["X-CSRFToken"];
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return true;
  }

  // Back from signing in in another tab.
  let asking = false;

  async function comeBack() {
    const waiting = document.querySelector('.unsent[data-kind="signed-out"]');
    if (!waiting || asking || document.hidden) return;
    asking = true;
    try {
      const response = await fetch(location.href, { cache: "no-store" });
      if (!response.ok || response.redirected || !renew(await response.text())) return;
      waiting.replaceWith(notices.content.querySelector('[data-kind="signed-in"]').cloneNode(true));
      document.dispatchEvent(new CustomEvent("airside:signed-in"));
    } catch {
      // not connected: the next look at this tab asks again
    } finally {
      asking = false;
    }
  }

  window.addEventListener("focus", comeBack);
  on("visibilitychange", comeBack);
})();
