// The service worker of pages that are kept, such as boarding passes. site/pages/kept.py puts its constants before this. It
// keeps each page that asked for it, with what the page is made of, and shows it where no server answers. While one answers,
// the page comes from there: a kept page never stands before a newer one.

const FILES = `${FILES_OF}-${RELEASE}`;
const PATIENCE = 4000; // ms for an answer

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim().then(renew));
});

// The page asks for it when it was opened, and each time that it has changed.
self.addEventListener("message", (event) => {
  if (event.data?.keep && inScope(event.data.keep)) event.waitUntil(keep(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith(STATIC)) event.respondWith(file(request));
});

function inScope(url) {
  return url.startsWith(self.registration.scope);
}

async function page(request) {
  const kept = () => caches.match(request.url, { cacheName: PAGES, ignoreVary: true });
  try {
    const answer = await fetch(request.url, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.headers.get(MARK)) return answer;
    if (answer.status === 404) await (await caches.open(PAGES)).delete(request.url, { ignoreVary: true }); // the link was revoked
    else if (answer.status >= 500 || answer.ok) return (await kept()) || answer; // a fault, or the page of a network
    return answer;
  } catch {
    return (await kept()) || Response.error();
  }
}

async function file(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) return answer;
  } catch {
    // from the cache
  }
  return (await caches.match(request.url, { ignoreVary: true })) || Response.error();
}

async function keep(url) {
  const answer = await fetch(url, { cache: "no-store", credentials: "same-origin", headers: { [KEEPING]: "yes" } }).catch(() => null);
  const pages = await caches.open(PAGES);
  if (answer?.status === 404) await pages.delete(url, { ignoreVary: true });
  if (!answer?.headers.get(MARK)) return;
  const html = await answer.clone().text();
  await pages.put(url, answer); // the latest stands last
  for (const old of (await pages.keys()).slice(0, -MOST)) await pages.delete(old, { ignoreVary: true });
  await keepFiles(namesIn(html, url));
}

// The style sheets, scripts and fonts that a text names.
function namesIn(text, base) {
  const names = [...text.matchAll(/(?:href|src)="([^"]+)"|url\(["']?([^"')]+)/g)].map(([, name, other]) => new URL(name ?? other, base));
  return new Set(names.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith(STATIC)).map(String));
}

async function keepFiles(names) {
  const files = await caches.open(FILES);
  for (const name of names) {
    if (await files.match(name)) continue;
    const answer = await fetch(name).catch(() => null);
    if (!answer?.ok) continue;
    await files.put(name, answer.clone());
    if (name.includes(".css")) await keepFiles(namesIn(await answer.text(), name));
  }
}

// A new release: its files belong to its pages. Where there is no network now, what was kept stays.
async function renew() {
  const pages = await caches.open(PAGES);
  for (const { url } of await pages.keys()) await keep(url);
  if (!(await (await caches.open(FILES)).keys()).length) return;
  const old = (await caches.keys()).filter((name) => name.startsWith(`${FILES_OF}-`) && name !== FILES);
  await Promise.all(old.map((name) => caches.delete(name)));
}
